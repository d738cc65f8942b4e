"""What of torch's own code does a by-hand exercise for the student, known by its content, wherever it is met again.

Functions that do it raise, also in modules that are imported later, and their code does not run under another name
either: not as text of torch's files that is compiled anew, not as a code object. A function is met again where nearly
all the names that it uses and nearly all runs of its instructions are there: variables may be called otherwise, and
lines left out. What a student's file writes out itself is its own.
"""

from __future__ import annotations

import ast
import builtins
import dis
import functools
import gc
import marshal
import os
import re
import sys
import sysconfig
import warnings
from collections.abc import Callable, Iterable, Iterator
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType, FunctionType, SimpleNamespace
from typing import Any

import torch

NAMED = str(Path(torch.__file__).parent) + os.sep  # as code objects name it
LIBRARY = os.path.realpath(NAMED) + os.sep
# Where torch tests itself are losses and derivatives that have no name; its other modules import these files of it.
TESTS = os.path.realpath(NAMED + "testing/_internal") + os.sep
IMPORTED = (
    "__init__",
    "common_dtype",
    "common_utils",
    "common_xpu",
    "composite_compliance",
    "fake_pg",
    "logging_tensor",
)
_resolved, _stat, _loads = os.path.realpath, os.stat, marshal.loads
IS_FOLDER = 0o4
SUBMITTED = "autograder.submitted"  # the audit event, raised once, that tells the texts of the student's file
RUNNING = ("exec", "function.__new__", "object.__setattr__")  # the audit events at which code is about to run

DERIVATIVES = ("backward", "vjp", "jvp")
REFERENCES = ("loss_reference", "loss_reference_fn", "grad_sample")
# What is called after a derivative or a loss and computes none: forward passes and imports of torch use it.
HARMLESS = re.compile(r"_*(register|check|is|has|get|set|mark|reset|save|setup|enter|exit|maybe|warn)_.*|.*_hooks?")

CELL_MAGIC = re.compile(r"\A\s*%%.*")
SHORTEST, FEWEST = 8, 3  # instructions and names of a function that can be told from others
KEYS = 4  # names by which a function is looked up: those that the fewest others use
ALIKE = 0.75  # the share of names, and of runs of instructions, that makes two functions one
RUN = 3
# What says nothing, or anything: which variable is loaded or stored, and whether it is kept on the way.
_SILENT = re.compile(
    "<.*|CACHE|RESUME|NOP|EXTENDED_ARG|MAKE_CELL|COPY_FREE_VARS|PUSH_NULL|PRECALL|KW_NAMES|COPY|SWAP|POP_TOP"
    "|(LOAD|STORE|DELETE)_(FAST|NAME|GLOBAL|DEREF|CLASSDEREF|CONST)"
)
_DROPPED = bytes(number for number, name in enumerate(dis.opname) if _SILENT.fullmatch(name))
# Which of the two is used depends on whether the file itself imports what is asked.
_SAME = bytes(dis.opmap["LOAD_ATTR"] if name == "LOAD_METHOD" else number for number, name in enumerate(dis.opname))
with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # a text cannot be called: another object takes its place
    _CALLING: CodeType = eval("lambda: 'by'()").__code__  # noqa: S307

APPLYING = ("__call__", "_call", "forward")  # the methods by which an object does what its class is called after
# What an exercise is about beyond autograd: see `forbid`. And what has it inside without its name.
_about: tuple[str, ...] = ()
INSIDE = {"softmax": ("attention", "transformer_encoder")}

# By name: the functions that use it, each with all its names and its instructions.
Index = dict[str, list[tuple[frozenset[str], bytes]]]


def forbid(names: Iterable[str]) -> None:
    """Let what has one of these in its name be forbidden too, from now on, in torch and in other libraries."""
    global _about
    _about = tuple(names)
    _about += tuple(inner for name in _about for inner in INSIDE.get(name, ()))


def is_forbidden(name: str) -> bool:
    """Whether an operator's, kernel's or function's name is that of a derivative, a loss or an optimizer's step.

    Or of what the exercise is about beyond these.
    """
    base = name.partition(".")[0]
    if _is_about(base):
        return True
    if base.startswith(("_fused_sgd", "_fused_adam", "_fused_adagrad", "_make_dual")) or base == "kl_div":
        return True
    return any(part in base for part in ("backward", "_jvp", "_loss", "cross_entropy"))


def _is_about(name: str) -> bool:
    return any(part in name for part in _about)


def without(code: CodeType, by: Callable[..., Any], *, others: bool = False) -> CodeType:
    """Return code of torch's in which the functions that do the exercise, at any depth, call `by` instead.

    Of other libraries' (`others`) those do it alone that the exercise is about: nothing else in them is torch's.
    """
    if (_is_about if others else _does_the_exercise)(code.co_name):
        return raising(code, by)
    if not any(type(constant) is CodeType for constant in code.co_consts):
        return code  # as nearly all: there are ten thousands to be asked
    constants = tuple(without(one, by, others=others) if isinstance(one, CodeType) else one for one in code.co_consts)
    changed = any(new is not old for new, old in zip(constants, code.co_consts, strict=True))
    return code.replace(co_consts=constants) if changed else code


def raising(code: CodeType, by: Callable[..., Any]) -> CodeType:
    """Return code that calls `by`, for a function of the same parameters and closure."""
    constants = tuple(by if constant == "by" else constant for constant in _CALLING.co_consts)
    return code.replace(
        co_code=_CALLING.co_code, co_consts=constants, co_names=(), co_cellvars=(), co_stacksize=_CALLING.co_stacksize,
        co_linetable=_CALLING.co_linetable, co_exceptiontable=b"",
        co_flags=code.co_flags & ~0x2A0,  # no generator or coroutine: it raises as soon as it is called
    )  # fmt: skip


def parts_that_do_it(code: CodeType) -> list[CodeType]:
    """Return the functions that do the exercise in some code of torch's, at any depth."""
    return [part for part in _all_parts(code) if _does_the_exercise(part.co_name)]


def applies_it(code: CodeType) -> bool:
    """Whether that is what objects do of a class that is called after what the exercise is about (SoftmaxTransform)."""
    kind, _, name = code.co_qualname.rpartition(".")
    return name in APPLYING and _is_about(kind.lower())


def functions() -> Iterator[FunctionType]:
    """Yield all functions of torch that there are, in whatever class, table or closure."""
    for value in gc.get_objects():
        if type(value) is FunctionType and value.__code__.co_filename.startswith(NAMED):
            yield value


def _does_the_exercise(name: str) -> bool:
    if is_forbidden(name):
        return name in _about or not HARMLESS.fullmatch(name)
    return name in DERIVATIVES or name.endswith(REFERENCES)


# Known again


def guard(forbidden: Iterable[CodeType], by: Callable[..., Any]) -> None:
    """From now on refuse to run code that has one of these functions in it, or one that does so in a file of torch.

    And call `by`, which raises. All of it is done by copies of functions that only the interpreter holds, and the
    loader's part by others: what a student's code can reach (`any`, `os.path.realpath`, what is in the globals of a
    function that it meets) can be patched.
    """
    copy, for_loader = _copied(globals()), _copied(globals())
    for each in (copy, for_loader):
        paths = _copied(vars(os.path) | {"os": SimpleNamespace(**vars(os))})
        each.update(_resolved=paths["realpath"])
    loaded = frozenset(_realpath(vars(module).get("__file__")) for module in [*sys.modules.values()])
    copy["_guard"]([*forbidden], loaded, _installed_places(), by)
    SourceFileLoader.get_code = functools.partialmethod(  # type: ignore[assignment]
        for_loader["_get_code"], loaded, _installed_places(), by
    )


def _copied(names: dict[str, Any]) -> dict[str, Any]:
    """Return a module's globals with builtins of their own and functions that use these."""
    copy = {**names, "__builtins__": dict(vars(builtins))}
    for name, value in names.items():
        if isinstance(value, FunctionType) and value.__module__ == names["__name__"]:
            copy[name] = FunctionType(value.__code__, copy, name, value.__defaults__)
            copy[name].__kwdefaults__ = value.__kwdefaults__
    return copy


def _guard(forbidden: list[CodeType], loaded: frozenset[str], places: tuple[str, ...], by: Callable[..., Any]) -> None:
    index: Index = {}
    for code in dict.fromkeys(forbidden):
        _learn(index, code)
    files = set(loaded)  # of which is known what they hold
    own = (_guard.__code__.co_filename, by.__code__.co_filename)
    submitted: list[Any] = []  # the texts of the student's file, until they are looked at

    def is_met(code: Any) -> bool:
        if not _is_met(index, code) or _is_as_it_lies(code, loaded, places, by):
            return False
        if submitted and submitted[0]:  # only now, for it takes as long as to compile the file
            _forget(index, submitted[0])
            submitted[0] = ()
        return _is_met(index, code)

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event == SUBMITTED and not submitted:
            submitted.append(tuple(arguments[0]))
        elif event == "open":
            path = _realpath(arguments[0])
            if _is_of_the_tests(path) or (submitted and _is_folder_of_torch(path)):
                by()
            _learn_file(path, index, files)
        elif event in RUNNING and (_is_function_of(own, arguments[0]) or is_met(_code_to_run(event, arguments))):
            by()

    sys.addaudithook(hook)


def _is_function_of(files: tuple[str, ...], value: Any) -> bool:
    """Whether a function that is about to be changed is one of these files'."""
    return isinstance(value, FunctionType) and value.__code__.co_filename in files


def _code_to_run(event: str, arguments: tuple[Any, ...]) -> Any:
    if event == "object.__setattr__":
        return arguments[2] if arguments[1] == "__code__" else None
    return arguments[0]


def _names(code: CodeType) -> frozenset[str]:
    return frozenset(code.co_names)


def _instructions(code: CodeType) -> bytes:
    """Return the kinds of a function's instructions, without what says nothing."""
    return code.co_code[::2].translate(_SAME, _DROPPED)


def _learn(index: Index, code: CodeType) -> None:
    names, instructions = _names(code), _instructions(code)
    if len(names) >= FEWEST and len(instructions) >= SHORTEST:
        for name in sorted(names.difference(dir(builtins)), key=lambda name: (len(index.get(name, ())), name))[:KEYS]:
            index.setdefault(name, []).append((names, instructions))


def _is_met(index: Index, code: Any) -> bool:
    """Whether some code is, or has in it, a function that is known; this is asked of all that is run."""
    if not isinstance(code, CodeType):
        return False
    if not index.keys().isdisjoint(code.co_names) and any(_alike(one, code) for one in _candidates(index, code)):
        return True
    return any(_is_met(index, constant) for constant in code.co_consts if type(constant) is CodeType)


def _candidates(index: Index, code: CodeType) -> Iterator[tuple[frozenset[str], bytes]]:
    names = set(code.co_names)
    for key in index.keys() & names:
        yield from (one for one in index[key] if len(names & one[0]) >= ALIKE * len(one[0]))


def _alike(known: tuple[frozenset[str], bytes], code: CodeType) -> bool:
    """Whether nearly all runs of a known function's instructions are in some code."""
    wanted, found = (_runs(instructions) for instructions in (known[1], _instructions(code)))
    return len(wanted & found) >= ALIKE * len(wanted)


def _runs(instructions: bytes) -> set[bytes]:
    return {instructions[start : start + RUN] for start in range(len(instructions) - RUN + 1)}


def _forget(index: Index, texts: Iterable[str]) -> None:
    """Let a student's file have what it writes out itself: a function that was typed or pasted in is its own."""
    words = set(re.findall(r"\w+", " ".join(texts)))
    known = {one for key in index.keys() & words for one in index[key] if len(words & one[0]) >= ALIKE * len(one[0])}
    compiled = (_compiled(CELL_MAGIC.sub("", text)) for text in texts)  # as %%writefile, of what is imported later
    codes = [part for code in compiled if code is not None for part in _all_parts(code)]
    written = {one for one in known if any(_alike(one, code) for code in codes)}
    for key in index:
        index[key] = [one for one in index[key] if one not in written]


def _compiled(text: str | bytes) -> CodeType | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            code: CodeType = compile(text, "", "exec", dont_inherit=True, flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        except (SyntaxError, ValueError, RecursionError, MemoryError):  # as a cell with magics
            return None
    return code


def _all_parts(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _all_parts(constant)


# Files


def _realpath(path: Any) -> str:
    """Return where a path leads, "" for what is none."""
    if isinstance(path, bytes):
        path = path.decode(errors="surrogateescape")
    try:
        # str.__str__ takes the plain text of a class of the student's, whose methods say anything.
        return str(_resolved(str.__str__(path)))
    except (TypeError, ValueError, OSError):
        return ""


def _is_of_the_tests(path: str) -> bool:
    name = _source(path).rpartition(os.sep)[2].removesuffix(".py")
    return path.startswith(TESTS) and path.endswith((".py", ".pyc")) and name not in IMPORTED


def _is_folder_of_torch(path: str) -> bool:
    """Whether a folder is torch's or above it: files are opened from there without telling where they lie."""
    if path.startswith(LIBRARY):
        return not path.endswith((".py", ".pyc")) and _stat(path).st_mode >> 12 == IS_FOLDER
    return bool(path) and LIBRARY.startswith(path.rstrip(os.sep) + os.sep)


def _learn_file(path: str, index: Index, files: set[str]) -> None:
    """Learn what does the exercise in a file of torch's that is about to be read."""
    if path.startswith(LIBRARY) and path.endswith((".py", ".pyc")) and _source(path) not in files:
        files.add(_source(path))
        code = _code_of(path)
        for part in [] if code is None else parts_that_do_it(code):
            _learn(index, part)


def _source(path: str) -> str:
    """Return a module's file for it or its compiled form."""
    folder, cached, name = path.rpartition(f"{os.sep}__pycache__{os.sep}")
    return f"{folder}{os.sep}{name.partition('.')[0]}.py" if cached else path


def _code_of(path: str) -> CodeType | None:
    """Return the code of a module's file, or of its compiled form."""
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - which the student's code cannot patch
            data = file.read()
        code = _loads(data[16:]) if path.endswith(".pyc") else _compiled(data)
    except (OSError, ValueError, EOFError, TypeError):
        return None
    return code if isinstance(code, CodeType) else None


def _is_as_it_lies(code: CodeType, loaded: frozenset[str], places: tuple[str, ...], by: Callable[..., Any]) -> bool:
    """Whether some code is that of an installed module, of torch's one that is new, without what does the exercise.

    Another library may hold something like a loss of torch's; who imports it does not run it.
    """
    path = _realpath(code.co_filename)
    if not path.startswith(places) or (path.startswith(LIBRARY) and path in loaded):
        return False
    found = _code_of(path)
    return found is not None and code == (without(found, by) if path.startswith(LIBRARY) else found)


def _installed_places() -> tuple[str, ...]:
    paths = {sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")}
    return tuple(_realpath(path) + os.sep for path in (*paths, str(Path(LIBRARY).parent)))


def _get_code(
    loader: SourceFileLoader, loaded: frozenset[str], places: tuple[str, ...], by: Callable[..., Any], name: str
) -> CodeType | None:
    """In place of the loader's own: the code of a module, of installed ones without what does the exercise."""
    code = super(SourceFileLoader, loader).get_code(name)
    path = _realpath(loader.path)
    is_of_torch = path.startswith(LIBRARY)
    if not isinstance(code, CodeType) or path in loaded or not (is_of_torch or (_about and path.startswith(places))):
        return code
    return without(code, by, others=not is_of_torch)
