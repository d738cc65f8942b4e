"""The by-hand rule: in the fork server of a by-hand exercise autograd does not exist, whatever it is called.

A guard in Python falls to the next alias of what it guards. So the switch is thrown where all aliases meet: in torch's
dispatcher every kernel that would record a graph falls through to the one that computes, every backward and loss kernel
raises, and the handle that could undo it is given away; the engine, the functions of TorchScript and the Python code of
optimizers and losses raise wherever they are called from. It holds for the process and all its forks. What students
know by name raises at once, with a calm sentence, instead of giving silent zeros.

This uses private parts of torch; `works` proves on the installed one that they did what they should.
"""

from __future__ import annotations

import contextlib
import ctypes
import functools
import gc
import importlib
import sys
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from types import CodeType, FrameType, FunctionType, ModuleType
from typing import Any

import torch
from torch import nn

from autograder.worker import library_code
from autograder.worker.code_swap import replace_body
from autograder.worker.library_code import is_forbidden

MESSAGE = "this is switched off in this exercise: write the formula yourself"
# The last notes what is a view of what, and does so wrongly inside a kernel that expects it to be done already.
RECORDING_KEYS = ("Autograd", "AutogradCPU", "AutogradMeta", "AutogradOther", "AutogradNestedTensor", "ADInplaceOrView")
# Where a kernel computes, or stands before one that does: those of vmap may compute by themselves.
COMPUTING_KEYS = (
    "CompositeImplicitAutograd", "CompositeImplicitAutogradNestedTensor", "CompositeExplicitAutograd",
    "CompositeExplicitAutogradNonFunctional", "SparseCPU", "SparseCsrCPU", "MkldnnCPU", "QuantizedCPU",
    "NestedTensorCPU", "FuncTorchBatched", "FuncTorchBatchedDecomposition",
)  # fmt: skip
# What differentiates, by the module that defines it.
DERIVATIVES = {
    "torch.autograd": ("backward", "grad"),
    "torch.autograd.functional": ("jacobian", "hessian", "vjp", "jvp", "hvp", "vhp", "_autograd_grad"),
    "torch.autograd.forward_ad": ("make_dual", "enter_dual_level"),
    "torch._functorch.apis": ("grad", "grad_and_value"),
    "torch._functorch.eager_transforms": (
        "grad_impl", "grad_and_value_impl", "vjp", "_vjp_with_argnums", "jvp", "_jvp_with_argnums", "jacrev", "jacfwd",
        "hessian", "linearize", "_autograd_grad",
    ),
}  # fmt: skip
# TorchScript differentiates by itself: what turns a graph into something that runs.
SCRIPTING = (
    "_jit_differentiate", "_jit_interpret_graph", "_create_function_from_graph", "_create_function_from_trace",
    "_create_function_from_trace_with_dict", "_jit_script_compile", "_jit_script_compile_overload",
)  # fmt: skip
SCRIPTED = ("ScriptFunction", "ScriptMethod", "ScriptClassFunction")

LIBRARY = str(Path(torch.__file__).parent)
MAX_PLACES = 1000
NOT_STEPPING = ("torch.optim.lr_scheduler",)
# Where something forbidden was reached from: code file name, line and function; see `breaches`.
_reached: list[tuple[str, int, str]] = []
_holds = False
_is_loading = False


class SwitchedOff(RuntimeError):
    """Something of autograd, an optimizer or a ready-made loss was reached."""


def breaches() -> list[tuple[str, int, str]]:
    """Return, and forget, the places that reached for what is off: code file name, line, function; innermost first."""
    reached = _reached.copy()
    _reached.clear()
    return reached


@contextlib.contextmanager
def loading() -> Iterator[None]:
    """While a file is loaded, losses and optimizers may be made: one that no graded function uses costs nothing."""
    global _is_loading
    _is_loading = True
    try:
        yield
    finally:
        _is_loading = False
        breaches()


def switch_off(about: tuple[str, ...] = ()) -> None:
    """Take autograd, the optimizers and the ready-made losses away from this process and its forks; see `holds`.

    And what has one of the names in `about` in its own: what the exercise is about beyond that.
    """
    global _holds
    library_code.forbid(about)
    # A torch whose private parts are others must not keep anybody from being graded.
    with contextlib.suppress(Exception):
        _throw_switch()
        _holds = works() and all(_is_off(attempt) for attempt in _uses(about))
        breaches()


def holds() -> bool:
    """Whether the switch was thrown, and was found to work."""
    return _holds


def works() -> bool:
    """Whether nothing records a graph any more, what is off raises, and a forward pass still computes."""
    x = torch.tensor([2.0, 3.0], requires_grad=True)
    y = (x * x).sum()
    recorded = y.requires_grad or y.grad_fn is not None or float(y) != 13.0
    engine = torch.autograd.Variable._execution_engine
    script: Callable[..., Any] = torch._C.ScriptFunction.__call__
    tried: tuple[Callable[[], Any], ...] = (
        lambda: y.backward(),
        lambda: torch.func.grad(torch.sum)(x),
        lambda: torch.ops.aten.threshold_backward(x, x, 0),
        lambda: torch.ops.aten.mse_loss(x, x),
        lambda: engine.run_backward(),
        lambda: script(None),
        lambda: torch.optim.SGD([x]),
        lambda: nn.functional.gaussian_nll_loss(x, x, x),
    )
    is_off = all(_is_off(attempt) for attempt in tried)
    breaches()
    return is_off and not recorded


def _uses(about: tuple[str, ...]) -> Iterator[Callable[[], Any]]:
    """Yield a use of all that torch has of exactly these names."""
    x = torch.tensor([2.0, 3.0])
    for module in (torch, torch.special, nn.functional, nn.utils):
        named = (vars(module).get(name) for name in about)
        yield from (functools.partial(use, x, 0) for use in named if callable(use))


def has_grad(tensor: torch.Tensor) -> bool:
    """Whether a gradient hangs on a tensor."""
    return _GRAD.__get__(tensor) is not None


def _is_off(attempt: Callable[[], Any]) -> bool:
    try:
        attempt()
    except Exception as error:  # noqa: BLE001 - whatever else it says, it was not stopped by us
        return isinstance(error, SwitchedOff)
    return False


def _throw_switch() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch warns of every kernel that is overridden
        _replace_kernels()
    _stop_methods()
    _stop_scripts()
    _stop_functions()
    _empty_tables()
    torch.Tensor.grad = property(_grad, lambda tensor, value: _GRAD.__set__(tensor, value))  # type: ignore[assignment]
    torch.autograd.Function.apply = classmethod(_applied)  # type: ignore[assignment]


def _raise(*_arguments: Any, **_keywords: Any) -> Any:
    _reach(sys._getframe(1))
    raise SwitchedOff(MESSAGE)


def _reach(frame: FrameType | None) -> None:
    while frame is not None and len(_reached) < MAX_PLACES:
        _reached.append((frame.f_code.co_filename, frame.f_lineno, frame.f_code.co_name))
        frame = frame.f_back


def _replace_kernels() -> None:
    keys = (*RECORDING_KEYS, *COMPUTING_KEYS, "CPU")
    library = {key: torch._C._dispatch_library("IMPL", "aten", key) for key in keys}
    registered = torch._C._dispatch_get_registrations_for_dispatch_key
    for key in RECORDING_KEYS:
        for name in _operators(registered(key)):
            library[key].impl(name, key, torch.library.fallthrough_kernel)
    library["Autograd"].impl("detach_", "Autograd", lambda tensor: tensor.requires_grad_(False))
    for key in COMPUTING_KEYS:
        for name in filter(is_forbidden, _operators(registered(key))):
            library[key].impl(name, key, _raise)
    for name in ("from_file", *filter(is_forbidden, _operators(torch._C._dispatch_get_all_op_names()))):
        library["CPU"].impl(name, "CPU", _raise)
    for handle in library.values():
        # Kept alive for ever and reachable by nobody: destroying it would put the kernels back.
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(handle))


def _operators(names: list[str]) -> list[str]:
    """Return the operators of ATen, of which all others are made, without their namespace."""
    return [name.removeprefix("aten::") for name in names if name.startswith("aten::")]


def _stop_methods() -> None:
    """Stop the engine; and what reads a file unseen, be it the text of a loss."""
    engine = type(torch.autograd.Variable._execution_engine)
    for kind, name in ((engine, "run_backward"), (torch._C.StorageBase, "from_file")):
        (names,) = gc.get_referents(vars(kind))  # Python alone refuses to change a class written in C
        names[name] = _raise
        ctypes.pythonapi.PyType_Modified(ctypes.py_object(kind))


def _stop_scripts() -> None:
    """Nothing scripted runs; to script or trace a function or a module gives the thing itself."""
    for name in SCRIPTED:
        getattr(torch._C, name).__call__ = _raise
    for name in SCRIPTING:
        setattr(torch._C, name, _raise)
    for name in ("script", "script_method", "trace", "trace_module", "freeze", "optimize_for_inference"):
        setattr(torch.jit, name, as_it_is)
    torch.jit.ScriptModule = type("ScriptModule", (nn.Module,), {})  # type: ignore[misc, assignment]


def as_it_is(function: Any = None, *_arguments: Any, **_keywords: Any) -> Any:
    """In place of a compiler, called or as a decorator: the function itself, as slow as it was."""
    return as_it_is if function is None else function


def _stop_functions() -> None:
    """Let what torch writes in Python raise, for whoever holds it, and for good."""
    for function in [*_methods_of(("__init__",))]:
        replace_body(function, _unless_loading(function))
    listed = {function.__code__ for function in (*_derivatives(), *_methods_of(("forward", "step")), *_stepping())}
    forbidden: list[CodeType] = []
    for function in library_code.functions():
        code = function.__code__
        parts = [code] if code in listed else library_code.parts_that_do_it(code)
        forbidden += parts
        if code in parts or library_code.applies_it(code):
            replace_body(function, _raise)
        elif parts:
            function.__code__ = library_code.without(code, _raise)
    library_code.guard(forbidden, _raise)


def _derivatives() -> Iterator[FunctionType]:
    for name, names in DERIVATIVES.items():
        module = vars(importlib.import_module(name))
        yield from (part for name in names for part in _unwrapped(module[name]))
    yield from _functions(importlib.import_module("torch.nn.grad"))


def _methods_of(names: tuple[str, ...]) -> Iterator[FunctionType]:
    """Yield the methods of these names of all losses and optimizers."""
    losses = map(importlib.import_module, ("torch.nn.modules.loss", "torch.nn.modules.adaptive"))
    for module in (*losses, *_optimizers()):
        yield from _methods(module, names)


def _stepping() -> Iterator[FunctionType]:
    """Yield the functions that take an optimizer's step."""
    for module in _optimizers():
        if module.__name__ != "torch.optim.optimizer":  # whose functions only register hooks and look at tensors
            yield from _functions(module)


def _optimizers() -> Iterator[ModuleType]:
    for name, module in list(sys.modules.items()):
        if name.startswith("torch.optim.") and name not in NOT_STEPPING:
            yield module


def _unless_loading(maker: FunctionType) -> Callable[..., Any]:
    """Return what makes an object as `maker` does while a file is loaded, and raises in a call."""
    original = FunctionType(maker.__code__, maker.__globals__, maker.__name__, maker.__defaults__, maker.__closure__)
    original.__kwdefaults__ = maker.__kwdefaults__

    def made(*arguments: Any, **keywords: Any) -> Any:
        if not _is_loading:
            _reach(sys._getframe(1))
            raise SwitchedOff(MESSAGE)
        return original(*arguments, **keywords)

    return made


def _functions(module: ModuleType) -> Iterator[FunctionType]:
    """Yield the functions that a module defines."""
    for value in list(vars(module).values()):
        yield from (part for part in _unwrapped(value) if part.__module__ == module.__name__)


def _methods(module: ModuleType, names: tuple[str, ...]) -> Iterator[FunctionType]:
    """Yield the methods of these names of the classes that a module defines."""
    for value in list(vars(module).values()):
        if isinstance(value, type) and value.__module__ == module.__name__:
            yield from (part for name in names for part in _unwrapped(vars(value).get(name)))


def _unwrapped(value: Any) -> Iterator[FunctionType]:
    """Yield a function and what its decorators wrap."""
    while isinstance(value, FunctionType):
        yield value
        value = getattr(value, "__wrapped__", None)


def _empty_tables() -> None:
    """The tables by which kernels are replaced by others written in Python."""
    for table in importlib.import_module("torch._decomp").global_decomposition_table.values():
        for operator in [operator for operator in table if is_forbidden(str(operator).removeprefix("aten."))]:
            table[operator] = _raise


# What torch itself may use, and a student's code may not.
_GRAD: Any = vars(torch._C.TensorBase)["grad"]
_apply: Any = torch.autograd.Function.apply.__func__  # type: ignore[attr-defined]


def _grad(tensor: torch.Tensor) -> Any:
    """`Tensor.grad`, which torch itself may read (deepcopy does) and a student's code may not."""
    _only_torch(sys._getframe(1))
    return _GRAD.__get__(tensor)


def _applied(kind: type, *arguments: Any, **keywords: Any) -> Any:
    """`Function.apply`, which torch itself needs for some forward passes."""
    _only_torch(sys._getframe(1))
    return _apply(kind, *arguments, **keywords)


def _only_torch(caller: FrameType) -> None:
    if not caller.f_code.co_filename.startswith(LIBRARY):
        _reach(caller)
        raise SwitchedOff(MESSAGE)
