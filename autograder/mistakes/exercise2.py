"""Known mistakes of exercise 2: two layers, one factor."""

from typing import Any

from torch import Tensor

from autograder.checking import mistake
from autograder.mistakes.common import averaged, doubled, mean_squared, sign_flipped

Parameters = dict[str, Tensor]


def samples(_parameters: Parameters, x: Tensor, *_others: Any) -> int:
    """The number of samples in a call of chain_rule_gradients."""
    return len(x)


CHAIN = (
    sign_flipped("chain_rule_gradients"),
    doubled("chain_rule_gradients"),
    averaged("chain_rule_gradients", samples),
    mean_squared("chain_rule_gradients", samples),
)


@mistake(
    "chain_rule_gradients",
    "upstream-factor-missing",
    "{parts}: the factor that layer two adds is missing",
    "If a1 grows by a little ε, g grows by x·ε. By how much does ŷ grow?",
)
def without_a2(_functions: Any, _parameters: Parameters, x: Tensor, y_pred: Tensor, y: Tensor) -> Any:
    """Layer one's slopes as if ŷ were g."""
    residual = y_pred - y
    return {"a1": (residual * x).sum(), "b1": residual.sum()}


@mistake(
    "train_step",
    "updated-before-use",
    "layer two had moved already when layer one's gradients were taken",
    "Which a2 made the prediction whose residual you use?",
)
def layer_two_first(functions: Any, parameters: Parameters, x: Tensor, y: Tensor, rates: Any) -> Any:
    """Layer two moves, and layer one's gradients are taken there."""
    g, y_pred = functions.forward(parameters, x)
    second = functions.manual_gradients(g, y_pred, y)
    half = {**parameters, **{name: parameters[name] - rates[name] * second[name] for name in ("a2", "b2")}}
    first = functions.chain_rule_gradients(half, x, y_pred, y)
    return functions.update(parameters, first | second, rates), functions.loss(y_pred, y)
