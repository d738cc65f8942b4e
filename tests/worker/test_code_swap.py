"""A function whose body is another's, for whoever holds it."""

from typing import Any

import pytest

from autograder.worker.code_swap import replace_body


def plain(x: int) -> Any:
    return x


def with_defaults(x: int = 5, *, y: int = 6) -> Any:
    return x + y


def closed_over(z: int) -> Any:
    def function(x: int) -> Any:
        return x + z

    return function


@pytest.mark.parametrize(
    "function", [plain, with_defaults, closed_over(1), lambda: None], ids=lambda each: each.__name__
)
def test_every_reference_gets_the_new_body(function):
    held, name = {"function": function}, function.__name__
    replace_body(function, lambda *arguments, **keywords: (arguments, keywords))
    assert held["function"](1, 2, a=3) == ((1, 2), {"a": 3})
    assert function() == ((), {})
    assert function.__name__ == function.__code__.co_name == name
