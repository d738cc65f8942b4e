"""One layer, one factor."""

from typing import Any

from torch import Tensor

from autograder.checking import (
    CaseGenerator,
    CaseRecorder,
    ExpectedValue,
    check,
    gradients,
    moved,
    oracle,
    paper,
    summed,
    terms,
)

Parameters = dict[str, Tensor]
Rates = dict[str, Any]


@oracle()
def predict(_functions: Any, parameters: Parameters, x: Tensor) -> ExpectedValue:
    """ŷᵢ = a·xᵢ + b."""
    return terms(parameters["a"] * x, parameters["b"])


@oracle()
def loss(_functions: Any, y_pred: Tensor, y: Tensor) -> ExpectedValue:
    """½ Σᵢ (ŷᵢ − yᵢ)²."""
    squares = (y_pred - y) ** 2 / 2
    return summed(squares.flatten() if squares.numel() == len(y) else squares)  # a helper may be asked with a column


@oracle(source="torch autograd")
def manual_gradients(functions: Any, parameters: Parameters, x: Tensor, y: Tensor) -> dict[str, ExpectedValue]:
    """The loss differentiated by autograd, its residual held at the prediction."""
    residual = functions.predict(parameters, x) - y
    return gradients(lambda p: p["a"] * x + p["b"], parameters, residual)


@oracle()
def update(
    _functions: Any, parameters: Parameters, gradients: Parameters, learning_rates: Rates
) -> dict[str, ExpectedValue]:
    """θ − lr_θ · ∂L/∂θ."""
    # A train_epoch may ask for one parameter after the other.
    asked = [name for name in ("a", "b") if name in parameters]
    return {name: terms(parameters[name], -learning_rates[name] * gradients[name]) for name in asked}


@oracle("parameters", "epoch_loss", source="the steps done one by one")
def train_epoch(
    functions: Any, parameters: Parameters, x: Tensor, y: Tensor, learning_rates: Rates, batch_size: int
) -> tuple[dict[str, ExpectedValue], ExpectedValue]:
    """Walk through the batches in order: loss, gradients, update."""
    path, losses = [parameters], []
    for start in range(0, len(x), batch_size):
        xs, ys = x[start : start + batch_size], y[start : start + batch_size]
        losses.append(functions.loss(functions.predict(path[-1], xs), ys))
        path.append(functions.update(path[-1], functions.manual_gradients(path[-1], xs, ys), learning_rates))
    return {name: moved(*(step[name] for step in path)) for name in ("a", "b")}, terms(*losses)


PREDICT = "What does the line give at x = 0, and how much more for each unit of x?"


@check("predict", points=1, hint=PREDICT)
def check_predict_line(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """gives the line's value at every x"""
    judge(paper({"a": 2, "b": 3}), paper([2, 5, -1]))
    for n in draw.sizes(4, 5, 4, 1):
        judge(draw.parameters("a", "b"), draw.vector(n))


@check("predict", points=1, visibility="hidden", needs=("predict_line",), hint=PREDICT)
def check_predict_any_size(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """works for one sample, for many samples, and in float32"""
    for n in draw.sizes(1, 2, 7, draw.count(8, 12), draw.count(13, 60)):
        judge(draw.parameters("a", "b"), draw.vector(n))
    draw.single()
    judge(draw.parameters("a", "b"), draw.vector(5))


LOSS = "If every residual doubles, by what factor does the loss grow? And if you feed every sample twice?"


@check("loss", points=2, hint=LOSS)
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


GRADIENTS = "If a grows by a little ε, by how much does ŷᵢ grow? And if b grows by ε?"


def gradient_case(draw: CaseGenerator, n: int, *, times: int = 1) -> tuple[Parameters, Tensor, Tensor]:
    """Parameters, samples, and targets not far from the prediction, or `times` as far."""
    parameters, x = draw.parameters("a", "b"), draw.vector(n)
    return parameters, x, draw.near(parameters["a"] * x + parameters["b"], times=times)


@check("manual_gradients", points=4, hint=GRADIENTS)
def check_manual_gradients_equal_autograd(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """gives the derivative of the loss by a and by b"""
    judge(paper({"a": 2, "b": 1}), paper([2, 3, -1]), paper([8, 2, 3]))
    for n in draw.sizes(4, 5, 4, 1):
        judge(*gradient_case(draw, n))


@check("manual_gradients", points=3, visibility="hidden", needs=("manual_gradients_equal_autograd",), hint=GRADIENTS)
def check_manual_gradients_any_size(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """works for one sample, for many samples, and in float32"""
    for n in draw.sizes(1, 2, 7, draw.count(8, 12), draw.count(13, 60)):
        judge(*gradient_case(draw, n))
    judge(*gradient_case(draw, 5, times=40))
    draw.single()
    judge(*gradient_case(draw, 5))


UPDATE = "The gradient points uphill. Which way is down, and which learning rate belongs to which parameter?"


@check("update", points=2, hint=UPDATE)
def check_update_steps_downhill(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """moves each parameter against its gradient, with its own learning rate"""
    judge(paper({"a": 5, "b": 3}), paper({"a": 4, "b": -8}), {"a": 0.5, "b": 0.25})
    for _ in draw.sizes(2, 2):
        judge(draw.parameters("a", "b"), draw.parameters("a", "b"), draw.rates("a", "b"))


@check("update", points=1, visibility="hidden", needs=("update_steps_downhill",), hint=UPDATE)
def check_update_any_rates(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """works for large rates, for rates that are tensors, and in float32"""
    judge(draw.parameters("a", "b"), draw.parameters("a", "b"), {"a": 0.75, "b": 2.5})
    judge(draw.parameters("a", "b"), draw.parameters("a", "b"), draw.parameters("a", "b"))
    large = {name: 1000 * value for name, value in draw.parameters("a", "b").items()}
    judge(draw.parameters("a", "b"), large, draw.rates("a", "b"))
    draw.single()
    judge(draw.parameters("a", "b"), draw.parameters("a", "b"), draw.rates("a", "b"))


EPOCH = "Write down the batches of seven samples by three. Where do the parameters stand when each one's loss is taken?"


def epoch_case(draw: CaseGenerator, n: int, batch_size: int) -> tuple[Any, ...]:
    """Arguments of train_epoch."""
    return *gradient_case(draw, n), draw.rates("a", "b"), batch_size


@check("train_epoch", points=2, hint=EPOCH)
def check_train_epoch_steps_after_each_batch(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """goes through the batches in order, with one update after each, and adds up their losses"""
    judge(paper({"a": 3, "b": 2}), paper([2, 3]), paper([6, 4]), {"a": 0.25, "b": 0.5}, 1)
    steps = draw.many_steps()
    for n, batch_size in steps.batches((6, 3), (4, 4)):
        judge(*epoch_case(steps, n, batch_size))


@check("train_epoch", points=1, needs=("train_epoch_steps_after_each_batch",), hint=EPOCH)
def check_train_epoch_short_last_batch(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """uses the last batch too when it is shorter"""
    steps = draw.many_steps()
    for n, batch_size in steps.batches((7, 3), (5, 3)):
        judge(*epoch_case(steps, n, batch_size))


@check("train_epoch", points=2, visibility="hidden", needs=("train_epoch_steps_after_each_batch",), hint=EPOCH)
def check_train_epoch_any_size(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """works for batches of one, for a batch larger than the data, for one sample, and in float32"""
    steps = draw.many_steps()
    for n, batch_size in steps.batches((8, 3), (5, 1), (3, 10), (1, 2), (12, 5), (19, 2)):
        judge(*epoch_case(steps, n, batch_size))
    steps.single()
    judge(*epoch_case(steps, 4, 3))
