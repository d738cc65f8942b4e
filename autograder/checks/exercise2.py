"""Two layers, one factor."""

from typing import Any

from torch import Tensor

from autograder.checking import (
    CaseGenerator,
    CaseRecorder,
    ExpectedValue,
    check,
    gradients,
    oracle,
    paper,
    summed,
    terms,
)

Parameters = dict[str, Tensor]
Rates = dict[str, Any]
NAMES = ("a1", "b1", "a2", "b2")


@oracle("g", "y_pred")
def forward(_functions: Any, parameters: Parameters, x: Tensor) -> tuple[ExpectedValue, ExpectedValue]:
    """Layer one g = a₁x + b₁, layer two ŷ = a₂g + b₂."""
    a1, b1, a2, b2 = (parameters[name] for name in NAMES)
    return terms(a1 * x, b1), terms(a2 * a1 * x, a2 * b1, b2)


@oracle()
def loss(_functions: Any, y_pred: Tensor, y: Tensor) -> ExpectedValue:
    """½ Σᵢ (ŷᵢ − yᵢ)²."""
    squares = (y_pred - y) ** 2 / 2
    return summed(squares.flatten() if squares.numel() == len(y) else squares)  # a helper may be asked with a column


@oracle(source="torch autograd")
def manual_gradients(_functions: Any, g: Tensor, y_pred: Tensor, y: Tensor) -> dict[str, ExpectedValue]:
    """The loss differentiated by autograd through layer two; its gradient depends on no parameter's value."""
    anywhere = {"a2": g.new_tensor(2.0), "b2": g.new_tensor(3.0)}
    return gradients(lambda p: p["a2"] * g + p["b2"], anywhere, y_pred - y)


@oracle(source="torch autograd")
def chain_rule_gradients(
    _functions: Any, parameters: Parameters, x: Tensor, y_pred: Tensor, y: Tensor
) -> dict[str, ExpectedValue]:
    """The loss differentiated by autograd through both layers."""
    first = {name: parameters[name] for name in ("a1", "b1")}
    a2, b2 = parameters["a2"], parameters["b2"]
    return gradients(lambda p: a2 * (p["a1"] * x + p["b1"]) + b2, first, y_pred - y)


@oracle()
def update(
    _functions: Any, parameters: Parameters, gradients: Parameters, learning_rates: Rates
) -> dict[str, ExpectedValue]:
    """θ − lr_θ · ∂L/∂θ."""
    # A train_step may ask for one parameter after the other.
    asked = [name for name in NAMES if name in parameters]
    return {name: terms(parameters[name], -learning_rates[name] * gradients[name]) for name in asked}


@oracle("parameters", "loss", source="the steps done one by one")
def train_step(
    functions: Any, parameters: Parameters, x: Tensor, y: Tensor, learning_rates: Rates
) -> tuple[dict[str, ExpectedValue], ExpectedValue]:
    """Forward, loss, all gradients at the old parameters, one update."""
    g, y_pred = functions.forward(parameters, x)
    layers = functions.chain_rule_gradients(parameters, x, y_pred, y) | functions.manual_gradients(g, y_pred, y)
    after = functions.update(parameters, layers, learning_rates)
    stepped = {name: terms(parameters[name], after[name] - parameters[name]) for name in NAMES}
    return stepped, terms(functions.loss(y_pred, y))


@oracle("a", "b")
def collapse(_functions: Any, parameters: Parameters) -> tuple[ExpectedValue, ExpectedValue]:
    """Slope a₁a₂ and intercept a₂b₁ + b₂ of the one line."""
    return terms(parameters["a1"] * parameters["a2"]), terms(parameters["a2"] * parameters["b1"], parameters["b2"])


FORWARD = "What goes into layer one, and what goes into layer two?"


@check("forward", points=2, hint=FORWARD)
def check_forward_both_layers(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """returns the output of layer one and the output of layer two"""
    judge(paper({"a1": 2, "b1": 1, "a2": 3, "b2": 4}), paper([2, 4, -3]))
    for n in draw.sizes(4, 5, 4, 1):
        judge(draw.parameters(*NAMES), draw.vector(n))


@check("forward", points=1, visibility="hidden", needs=("forward_both_layers",), hint=FORWARD)
def check_forward_any_size(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """works for one sample, for many samples, and in float32"""
    for n in draw.sizes(1, 2, 7, draw.count(8, 12), draw.count(13, 60)):
        judge(draw.parameters(*NAMES), draw.vector(n))
    draw.single()
    judge(draw.parameters(*NAMES), draw.vector(5))


LOSS = "If every residual doubles, by what factor does the loss grow? And if you feed every sample twice?"


@check("loss", points=1, hint=LOSS)
def check_loss_half_sum_of_squares(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """adds up half the squared residuals of all samples"""
    judge(paper([4, 2, 9]), paper([1, 7, 5]))
    for n in draw.sizes(4, 5, 4, 1):
        judge(draw.vector(n), draw.vector(n))


@check("loss", points=1, visibility="hidden", needs=("loss_half_sum_of_squares",), hint=LOSS)
def check_loss_any_size(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """works for one sample, for many samples, and in float32"""
    for n in draw.sizes(1, 2, 7, draw.count(8, 12), draw.count(13, 60)):
        judge(draw.vector(n), draw.vector(n))
    draw.single()
    judge(draw.vector(5), draw.vector(5))


SECOND = "Layer two is a line too. What plays the part of x in it?"


def second_layer_case(draw: CaseGenerator, n: int, *, times: int = 1) -> tuple[Tensor, Tensor, Tensor]:
    """What layer one gave, what layer two made of it, and targets not far from that, or `times` as far."""
    g = draw.vector(n)
    y_pred = draw.scalar() * g + draw.scalar()
    return g, y_pred, draw.near(y_pred, times=times)


@check("manual_gradients", points=3, hint=SECOND)
def check_manual_gradients_equal_autograd(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """gives the derivative of the loss by a2 and by b2"""
    judge(paper([5, 7, -1]), paper([9, 8, 2]), paper([6, 3, 4]))
    for n in draw.sizes(4, 5, 4, 1):
        judge(*second_layer_case(draw, n))


@check("manual_gradients", points=3, visibility="hidden", needs=("manual_gradients_equal_autograd",), hint=SECOND)
def check_manual_gradients_any_size(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """works for one sample, for many samples, and in float32"""
    for n in draw.sizes(1, 2, 7, draw.count(8, 12), draw.count(13, 60)):
        judge(*second_layer_case(draw, n))
    judge(*second_layer_case(draw, 5, times=40))
    draw.single()
    judge(*second_layer_case(draw, 5))


CHAIN = "If a1 grows by a little ε, g grows by x·ε. By how much does ŷ grow then?"


def first_layer_case(draw: CaseGenerator, n: int, *, times: int = 1) -> tuple[Parameters, Tensor, Tensor, Tensor]:
    """Parameters, samples, the prediction they give, and targets not far from it, or `times` as far."""
    parameters, x = draw.parameters(*NAMES), draw.vector(n)
    y_pred = parameters["a2"] * (parameters["a1"] * x + parameters["b1"]) + parameters["b2"]
    return parameters, x, y_pred, draw.near(y_pred, times=times)


@check("chain_rule_gradients", points=5, hint=CHAIN)
def check_chain_rule_gradients_equal_autograd(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """gives the derivative of the loss by a1 and by b1"""
    judge(paper({"a1": 2, "b1": 1, "a2": 3, "b2": -4}), paper([2, -1, -2]), paper([11, -7, -13]), paper([8, -2, -9]))
    for n in draw.sizes(4, 5, 4, 1):
        judge(*first_layer_case(draw, n))


@check(
    "chain_rule_gradients",
    points=5,
    visibility="hidden",
    needs=("chain_rule_gradients_equal_autograd",),
    hint=CHAIN,
)
def check_chain_rule_gradients_any_size(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """works for one sample, for many samples, and in float32"""
    for n in draw.sizes(1, 2, 7, draw.count(8, 12), draw.count(13, 60)):
        judge(*first_layer_case(draw, n))
    judge(*first_layer_case(draw, 5, times=40))
    draw.single()
    judge(*first_layer_case(draw, 5))


UPDATE = "The gradient points uphill. Which way is down, and which learning rate belongs to which parameter?"


@check("update", points=1, hint=UPDATE)
def check_update_steps_downhill(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """moves each parameter against its gradient, with its own learning rate"""
    first, gradient = paper({"a1": 5, "b1": 3, "a2": 7, "b2": 2}), paper({"a1": 4, "b1": -8, "a2": 6, "b2": 9})
    judge(first, gradient, {"a1": 0.5, "b1": 0.25, "a2": 0.75, "b2": 1.5})
    for _ in draw.sizes(4, 4):
        judge(draw.parameters(*NAMES), draw.parameters(*NAMES), draw.rates(*NAMES))


@check("update", points=1, visibility="hidden", needs=("update_steps_downhill",), hint=UPDATE)
def check_update_any_rates(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """works for large rates, for rates that are tensors, and in float32"""
    judge(draw.parameters(*NAMES), draw.parameters(*NAMES), {"a1": 0.75, "b1": 2.5, "a2": 0.25, "b2": 3.5})
    judge(draw.parameters(*NAMES), draw.parameters(*NAMES), draw.parameters(*NAMES))
    large = {name: 1000 * value for name, value in draw.parameters(*NAMES).items()}
    judge(draw.parameters(*NAMES), large, draw.rates(*NAMES))
    draw.single()
    judge(draw.parameters(*NAMES), draw.parameters(*NAMES), draw.rates(*NAMES))


STEP = "Four parameters move. At which values of the parameters are their four gradients, and the loss, taken?"


def step_case(draw: CaseGenerator, n: int) -> tuple[Any, ...]:
    """Arguments of train_step."""
    parameters, x, _, y = first_layer_case(draw, n)
    return parameters, x, y, draw.rates(*NAMES)


@check("train_step", points=3, hint=STEP)
def check_train_step_moves_all_at_once(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """takes the loss and all four gradients first, then moves the parameters once"""
    first = paper({"a1": 2, "b1": 1, "a2": 3, "b2": -4})
    judge(first, paper([2, -1]), paper([9, -2]), {"a1": 0.25, "b1": 0.5, "a2": 0.125, "b2": 0.75})
    for n in draw.sizes(4, 5, 4, 1):
        judge(*step_case(draw, n))


@check("train_step", points=2, visibility="hidden", needs=("train_step_moves_all_at_once",), hint=STEP)
def check_train_step_any_size(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """works for one sample, for many samples, for rates that are tensors, and in float32"""
    for n in draw.sizes(1, 2, 7, draw.count(8, 12), draw.count(13, 60)):
        judge(*step_case(draw, n))
    parameters, x, y, rates = step_case(draw, 5)
    judge(parameters, x, y, {name: x.new_tensor(rate) for name, rate in rates.items()})
    draw.single()
    judge(*step_case(draw, 5))


COLLAPSE = "Put layer one's formula into layer two's. What stands in front of x, and what stands alone?"


@check("collapse", points=1, hint=COLLAPSE)
def check_collapse_one_line(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """gives slope and intercept of the one line that both layers amount to"""
    judge(paper({"a1": 2, "b1": 1, "a2": 3, "b2": 5}))
    for _ in draw.sizes(4, 4):
        judge(draw.parameters(*NAMES))


@check("collapse", points=1, visibility="hidden", needs=("collapse_one_line",), hint=COLLAPSE)
def check_collapse_any_parameters(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """works for any parameters, and in float32"""
    for _ in draw.sizes(4, 4, 4):
        judge(draw.parameters(*NAMES))
    draw.single()
    judge(draw.parameters(*NAMES))
