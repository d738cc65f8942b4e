"""Puts another body into a function that is there, so that whoever holds the function gets the new one."""

from collections.abc import Callable
from types import FunctionType
from typing import Any


def replace_body(function: FunctionType, by: Callable[..., Any]) -> None:
    """Have `by` answer all calls of a function, by whatever reference they reach it."""

    def body(*arguments: Any, **keywords: Any) -> Any:
        placeholder: Any = "by"
        return placeholder(*arguments, **keywords)

    constants = tuple(by if constant == "by" else constant for constant in body.__code__.co_consts)
    free = function.__code__.co_freevars  # a closure keeps its cells, which the new body leaves alone
    function.__defaults__ = function.__kwdefaults__ = None
    function.__code__ = body.__code__.replace(co_consts=constants, co_name=function.__name__, co_freevars=free)
