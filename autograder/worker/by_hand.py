"""The by-hand rule: in the template of a by-hand exercise autograd does not exist, whatever it is called.

A guard in Python falls to the next alias of what it guards. So the switch is thrown in torch's dispatcher: every kernel
that would record a graph falls through to the one that computes, every backward and loss kernel raises, and the handle
that could undo it is given away. It holds for the process and all its forks. What remains is friendly: the names that
students know raise at once, with a calm sentence, instead of giving silent zeros.

This uses private parts of torch; `works` proves on the installed one that they did what they should.
"""

from __future__ import annotations

import ctypes
import importlib
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import torch
from torch import nn
from torch.nn import grad as nn_grad

MESSAGE = "autograd is switched off in this exercise: write the formula yourself"
RECORDING_KEYS = ("Autograd", "AutogradCPU", "AutogradMeta", "AutogradOther", "AutogradNestedTensor")
COMPUTING_KEYS = (
    "CPU",
    "CompositeImplicitAutograd",
    "CompositeExplicitAutograd",
    "CompositeExplicitAutogradNonFunctional",
    "SparseCPU",
    "MkldnnCPU",
    "NestedTensorCPU",
)
LOSSES = (
    "mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss", "soft_margin_loss", "nll_loss", "cross_entropy_loss",
    "binary_cross_entropy", "poisson_nll_loss", "kl_div", "hinge_embedding_loss", "margin_ranking_loss",
)  # fmt: skip

LIBRARY = str(Path(torch.__file__).parent)
# Where something forbidden was reached from: code file name, line and function; see `breaches`.
_reached: list[tuple[str, int, str]] = []


MAX_PLACES = 1000


class SwitchedOff(RuntimeError):
    """Something of autograd, an optimizer or a ready-made loss was reached."""


def breaches() -> list[tuple[str, int, str]]:
    """Return, and forget, the places that reached for what is off: code file name, line, function; innermost first."""
    reached = _reached.copy()
    _reached.clear()
    return reached


def switch_off() -> None:
    """Take autograd, the optimizers and the ready-made losses away from this process and its forks."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch warns of every kernel that is overridden
        _empty_dispatcher()
    _replace_names()


def works() -> bool:
    """Whether nothing records a graph any more, and a forward pass still computes."""
    x = torch.tensor([2.0, 3.0], requires_grad=True)
    y = (x * x).sum()
    return not y.requires_grad and y.grad_fn is None and float(y) == 13.0


def _raise(*_arguments: Any, **_keywords: Any) -> Any:
    _reach(sys._getframe(1))
    raise SwitchedOff(MESSAGE)


def _raiser() -> Callable[..., Any]:
    """Return a function of its own, for torch keeps tables by function."""

    def switched_off(*_arguments: Any, **_keywords: Any) -> Any:
        _reach(sys._getframe(1))
        raise SwitchedOff(MESSAGE)

    return switched_off


def _reach(frame: FrameType | None) -> None:
    while frame is not None and len(_reached) < MAX_PLACES:
        _reached.append((frame.f_code.co_filename, frame.f_lineno, frame.f_code.co_name))
        frame = frame.f_back


def _empty_dispatcher() -> None:
    library = {key: torch._C._dispatch_library("IMPL", "aten", key) for key in (*RECORDING_KEYS, *COMPUTING_KEYS)}
    for key in RECORDING_KEYS:
        for name in torch._C._dispatch_get_registrations_for_dispatch_key(key):
            if name.startswith("aten::"):
                library[key].impl(name.removeprefix("aten::"), key, torch.library.fallthrough_kernel)
    for name in torch._C._dispatch_get_all_op_names():
        if name.startswith("aten::") and _is_forbidden(name.removeprefix("aten::")):
            for key in COMPUTING_KEYS:
                if torch._C._dispatch_has_kernel_for_dispatch_key(name, key):
                    library[key].impl(name.removeprefix("aten::"), key, _raise)
    for handle in library.values():
        # Kept alive for ever and reachable by nobody: destroying it would put the kernels back.
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(handle))


def _is_forbidden(name: str) -> bool:
    base = name.partition(".")[0]
    if base.startswith(("_fused_sgd", "_fused_adam", "_fused_adagrad")):
        return True
    return "backward" in base or base == "_make_dual" or base.removesuffix("_nd").removesuffix("2d") in LOSSES


def _replace_names() -> None:
    for owner, names in (
        (torch.Tensor, ("backward",)),
        (torch.autograd, ("backward", "grad")),
        (torch.autograd.functional, ("jacobian", "hessian", "vjp", "jvp", "hvp", "vhp")),
        (torch.func, ("grad", "grad_and_value", "vjp", "jvp", "jacrev", "jacfwd", "hessian", "linearize")),
        (torch.autograd.forward_ad, ("make_dual", "enter_dual_level")),
        (nn_grad, tuple(name for name in vars(nn_grad) if name.startswith("conv"))),
        (nn.functional, tuple(name for name in vars(nn.functional) if name.endswith("_loss") or name == "kl_div")),
    ):
        for name in names:
            if hasattr(owner, name):
                setattr(owner, name, _raiser())
    for name, module in list(sys.modules.items()):
        if name.startswith("torch.optim."):
            for step in [step for step in vars(module) if step == name.rpartition(".")[2] or "_tensor_" in step]:
                setattr(module, step, _raiser())
    _replace_decompositions()
    torch.optim.Optimizer.__init__ = _raise  # type: ignore[method-assign]
    nn.modules.loss._Loss.__init__ = _raise  # type: ignore[method-assign]
    torch.autograd.Function.apply = classmethod(_raise)  # type: ignore[assignment]
    torch.Tensor.grad = property(_grad, lambda tensor, value: _GRAD.__set__(tensor, value))  # type: ignore[assignment]
    _without_compiler()


def _replace_decompositions() -> None:
    """The same kernels once more, written in Python."""
    for name in ("torch._refs.nn.functional", "torch._decomp.decompositions"):
        module = importlib.import_module(name)
        for kernel in [kernel for kernel in vars(module) if _is_forbidden(kernel)]:
            setattr(module, kernel, _raiser())
    tables = importlib.import_module("torch._decomp").global_decomposition_table
    for table in tables.values():
        for operator in [operator for operator in table if _is_forbidden(str(operator).removeprefix("aten."))]:
            table[operator] = _raiser()


_GRAD: Any = vars(torch._C.TensorBase)["grad"]


def _grad(tensor: torch.Tensor) -> Any:
    """`Tensor.grad`, which torch itself may read (deepcopy does) and a student's code may not."""
    caller = sys._getframe(1)
    if not caller.f_code.co_filename.startswith(LIBRARY):
        _reach(caller)
        raise SwitchedOff(MESSAGE)
    return _GRAD.__get__(tensor)


def has_grad(tensor: torch.Tensor) -> bool:
    """Whether a gradient hangs on a tensor."""
    return _GRAD.__get__(tensor) is not None


def _without_compiler() -> None:
    """TorchScript differentiates by itself; scripting a function gives the function."""

    def as_it_is(function: Any = None, *_arguments: Any, **_keywords: Any) -> Any:
        return function if function is not None else as_it_is

    decorate: Callable[..., Any] = as_it_is
    torch.jit.script = decorate
    for name in ("_jit_differentiate", "_create_function_from_graph", "_create_function_from_trace", "CompilationUnit"):
        if hasattr(torch._C, name):
            delattr(torch._C, name)
