"""Many layers, many factors."""

import itertools
from typing import Any

import torch
from torch import Tensor, nn

from autograder.checking import CaseGenerator, CaseRecorder, ExpectedValue, check, moved, oracle, paper, summed, terms

Layers = list[Tensor]
LAYERS = {f"{kind}.#": f"{kind} of layer {{n}}" for kind in ("grad_weights", "grad_biases", "weights", "biases")}


@oracle(parts={"": "tensor", "0": "X", "#": "the output of layer {i}"})
def forward(_functions: Any, weights: Layers, biases: Layers, X: Tensor) -> list[ExpectedValue]:
    """A stack of nn.Linear, read out after each layer."""
    outputs = [ExpectedValue(X, X.abs())]
    for weight, bias in zip(weights, biases, strict=True):
        before = outputs[-1].value
        outputs.append(
            ExpectedValue(nn.functional.linear(before, weight, bias), before.abs() @ weight.abs().T + bias.abs())
        )
    return outputs


@oracle()
def loss(_functions: Any, Y_pred: Tensor, Y: Tensor) -> ExpectedValue:
    """½ ΣΣ (Y_pred − Y)²."""
    return summed(((Y_pred - Y) ** 2 / 2).flatten())


@oracle(source="torch autograd")
def output_delta(_functions: Any, Y_pred: Tensor, Y: Tensor) -> ExpectedValue:
    """The loss differentiated by autograd with respect to the prediction."""
    at = Y_pred.clone().requires_grad_()
    (delta,) = torch.autograd.grad(((at - Y) ** 2).sum() / 2, at)
    return ExpectedValue(delta, Y_pred.abs() + Y.abs())


@oracle("grad_W", "grad_b", source="torch autograd")
def layer_gradients(_functions: Any, delta: Tensor, A_prev: Tensor) -> tuple[ExpectedValue, ExpectedValue]:
    """Autograd through one layer; each sample has its own copy of the layer, so that its contribution is seen."""
    # A helper may be asked about one sample.
    delta, A_prev = torch.atleast_2d(delta, A_prev)
    weights = delta.new_ones(len(delta), delta.shape[1], A_prev.shape[1], requires_grad=True)
    biases = delta.new_ones(delta.shape, requires_grad=True)
    outputs = torch.einsum("noi,ni->no", weights, A_prev) + biases
    grad_W, grad_b = torch.autograd.grad((delta * outputs).sum(), (weights, biases))
    return summed(grad_W), summed(grad_b)


@oracle(source="torch autograd")
def propagate_delta(_functions: Any, delta: Tensor, W: Tensor) -> ExpectedValue:
    """Autograd through one layer with respect to its input."""
    inputs = delta.new_ones(*delta.shape[:-1], W.shape[1], requires_grad=True)
    (before,) = torch.autograd.grad((delta * nn.functional.linear(inputs, W)).sum(), inputs)
    return ExpectedValue(before, delta.abs() @ W.abs())


@oracle("grad_weights", "grad_biases", source="torch autograd", parts=LAYERS)
def backward(
    functions: Any, weights: Layers, activations: Layers, Y: Tensor
) -> tuple[list[ExpectedValue], list[ExpectedValue]]:
    """The loss differentiated by autograd through the whole stack, whose biases are what the activations imply."""
    leaves = [weight.clone().requires_grad_() for weight in weights]
    biases = [
        (after - before @ weight.T).detach().requires_grad_()
        for weight, (before, after) in zip(weights, itertools.pairwise(activations), strict=True)
    ]
    outputs = activations[0]
    for weight, bias in zip(leaves, biases, strict=True):
        outputs = outputs @ weight.T + bias
    found = torch.autograd.grad(((outputs - Y) ** 2).sum() / 2, (*leaves, *biases))
    scales_W, scales_b = layer_scales(functions, weights, activations, Y)
    grad_weights = [ExpectedValue(value, scale) for value, scale in zip(found[: len(weights)], scales_W, strict=True)]
    per_sample = found[len(weights) :]
    grad_biases = [ExpectedValue(value.sum(0), scale) for value, scale in zip(per_sample, scales_b, strict=True)]
    return grad_weights, grad_biases


def layer_scales(functions: Any, weights: Layers, activations: Layers, Y: Tensor) -> tuple[Layers, Layers]:
    """The sizes of the terms that the gradients of each layer are sums of, from each layer's delta."""
    delta = functions.output_delta(activations[-1], Y)
    scales_W: Layers = []
    scales_b: Layers = []
    for index in reversed(range(len(weights))):
        scales_W.insert(0, delta.abs().T @ activations[index].abs())
        scales_b.insert(0, delta.abs().sum(0))
        delta = functions.propagate_delta(delta, weights[index])
    return scales_W, scales_b


@oracle("weights", "biases", parts=LAYERS)
def update(
    _functions: Any, weights: Layers, biases: Layers, grad_weights: Layers, grad_biases: Layers, learning_rate: Any
) -> tuple[list[ExpectedValue], list[ExpectedValue]]:
    """θ − lr · ∂L/∂θ."""

    def stepped(parameters: Layers, gradients: Layers) -> list[ExpectedValue]:
        pairs = zip(parameters, gradients, strict=True)
        return [terms(parameter, -learning_rate * gradient) for parameter, gradient in pairs]

    return stepped(weights, grad_weights), stepped(biases, grad_biases)


@oracle("weights", "biases", "epoch_loss", source="the steps done one by one", parts=LAYERS)
def train_epoch(
    functions: Any, weights: Layers, biases: Layers, X: Tensor, Y: Tensor, learning_rate: Any, batch_size: int
) -> tuple[list[ExpectedValue], list[ExpectedValue], ExpectedValue]:
    """Walk through the batches in order: forward, loss, backward, update."""
    path, losses = [(weights, biases)], []
    for start in range(0, len(X), batch_size):
        Xs, Ys = X[start : start + batch_size], Y[start : start + batch_size]
        activations = functions.forward(*path[-1], Xs)
        losses.append(functions.loss(activations[-1], Ys))
        path.append(functions.update(*path[-1], *functions.backward(path[-1][0], activations, Ys), learning_rate))
    moves = [[moved(*(step[kind][at] for step in path)) for at in range(len(weights))] for kind in (0, 1)]
    return moves[0], moves[1], terms(*losses)


def stack(draw: CaseGenerator, widths: tuple[int, ...]) -> tuple[Layers, Layers]:
    """Weights and biases of layers of the given widths, inputs first."""
    weights = [draw.matrix(outer, inner) for inner, outer in itertools.pairwise(widths)]
    return weights, [draw.vector(outer) for outer in widths[1:]]


def activations_of(weights: Layers, biases: Layers, X: Tensor) -> Layers:
    """What forward is to return, of the type of the arguments."""
    outputs = [X]
    for weight, bias in zip(weights, biases, strict=True):
        outputs.append(outputs[-1] @ weight.T + bias)
    return outputs


def samples_of(widths: tuple[int, ...]) -> int:
    """How many samples a visible case has: where all layers are square, as many, so that any two factors fit."""
    return widths[0] if len(set(widths)) == 1 else 5


FORWARD = "Layer l has d_out rows of weights. Which axis of A_{l-1} must meet which axis of W?"


@check("forward", points=2, hint=FORWARD)
def check_forward_every_layer(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """returns the input and the output of every layer, in order"""
    judge([paper([[2, 3]])], [paper([4])], paper([[1, 2], [5, -3]]))
    for widths in draw.widths((3, 2), (2, 4, 3), (2, 2, 2)):
        judge(*stack(draw, widths), draw.matrix(samples_of(widths), widths[0]))


@check("forward", points=1, visibility="hidden", needs=("forward_every_layer",), hint=FORWARD)
def check_forward_any_stack(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """works for one layer, for many layers, for square layers, for one sample, and in float32"""
    for widths in draw.widths((3, 3), (1, 1), (2, 3, 4, 2, 1), (3, 3, 3), (2, 1, 2, 3, 1, 2, 2, 3, 1)):
        judge(*stack(draw, widths), draw.matrix(draw.count(4, 20), widths[0]))
        judge(*stack(draw, widths), draw.matrix(1, widths[0]))
    draw.single()
    judge(*stack(draw, (3, 2)), draw.matrix(4, 3))


LOSS = "How many residuals do n samples with d outputs have? And what becomes of the sum if every one doubles?"


@check("loss", points=1, hint=LOSS)
def check_loss_half_sum_of_squares(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """adds up half the squared residuals of all samples and outputs"""
    judge(paper([[3, 5], [2, 7]]), paper([[1, 2], [4, 3]]))
    for n, outputs in ((4, 3), (3, 2), (3, 3), (1, 3)):
        judge(draw.matrix(n, outputs), draw.matrix(n, outputs))


@check("loss", points=1, visibility="hidden", needs=("loss_half_sum_of_squares",), hint=LOSS)
def check_loss_any_size(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """works for one sample, for one output, for as many outputs as samples, and in float32"""
    for n, outputs in ((1, 3), (5, 1), (3, 3), (1, 1)):
        judge(draw.matrix(n, outputs), draw.matrix(n, outputs))
    draw.single()
    judge(draw.matrix(4, 2), draw.matrix(4, 2))


DELTA = "If one single prediction grows by a little ε, by how much does the loss grow?"


@check("output_delta", points=2, hint=DELTA)
def check_output_delta_equals_autograd(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """gives the derivative of the loss by every single prediction"""
    judge(paper([[3, 5], [2, 7]]), paper([[1, 2], [4, 3]]))
    for n, outputs in ((4, 3), (3, 2), (3, 3), (1, 3)):
        judge(draw.matrix(n, outputs), draw.matrix(n, outputs))


@check("output_delta", points=1, visibility="hidden", needs=("output_delta_equals_autograd",), hint=DELTA)
def check_output_delta_any_size(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """works for one sample, for one output, for as many outputs as samples, and in float32"""
    for n, outputs in ((1, 3), (5, 1), (3, 3), (1, 1)):
        judge(draw.matrix(n, outputs), draw.matrix(n, outputs))
    draw.single()
    judge(draw.matrix(4, 2), draw.matrix(4, 2))


LAYER = "Which samples does one weight see, and which does one bias see? What shape must each gradient have?"


@check("layer_gradients", points=4, hint=LAYER)
def check_layer_gradients_equal_autograd(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """gives the derivatives by a layer's weights and biases"""
    judge(paper([[2], [-3]]), paper([[3, 4], [5, 2]]))
    for n, outputs, inputs in ((5, 3, 2), (4, 2, 3), (3, 3, 3), (1, 3, 2)):
        judge(draw.matrix(n, outputs), draw.matrix(n, inputs))


@check("layer_gradients", points=3, visibility="hidden", needs=("layer_gradients_equal_autograd",), hint=LAYER)
def check_layer_gradients_any_size(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """works for square layers, for one sample, for one output, and in float32"""
    for n, outputs, inputs in ((4, 3, 3), (3, 3, 3), (1, 3, 2), (5, 1, 4), (2, 4, 1), (1, 1, 1)):
        judge(draw.matrix(n, outputs), draw.matrix(n, inputs))
    draw.single()
    judge(draw.matrix(4, 3), draw.matrix(4, 2))


PROPAGATE = "If one input of the layer grows by ε, which outputs grow, and by how much each?"


@check("propagate_delta", points=2, hint=PROPAGATE)
def check_propagate_delta_equals_autograd(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """gives the derivative of the loss by every input of a layer"""
    judge(paper([[2, 3], [4, -2]]), paper([[5], [6]]))
    for n, outputs, inputs in ((5, 3, 2), (4, 2, 3), (3, 3, 3), (1, 3, 2)):
        judge(draw.matrix(n, outputs), draw.matrix(outputs, inputs))


@check("propagate_delta", points=2, visibility="hidden", needs=("propagate_delta_equals_autograd",), hint=PROPAGATE)
def check_propagate_delta_any_size(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """works for square layers, for one sample, for one output, and in float32"""
    for n, outputs, inputs in ((4, 3, 3), (3, 3, 3), (1, 3, 2), (5, 1, 4), (2, 4, 1), (1, 1, 1)):
        judge(draw.matrix(n, outputs), draw.matrix(outputs, inputs))
    draw.single()
    judge(draw.matrix(4, 3), draw.matrix(3, 2))


BACKWARD = (
    "Where does the walk start, what does a layer need of its neighbours, and whose gradients come first in the list?"
)


def backward_case(draw: CaseGenerator, widths: tuple[int, ...], n: int) -> tuple[Layers, Layers, Tensor]:
    """Weights, the activations of a real forward pass, and targets not far from the last of them."""
    weights, biases = stack(draw, widths)
    activations = activations_of(weights, biases, draw.matrix(n, widths[0]))
    return weights, activations, draw.near(activations[-1])


@check("backward", points=3, hint=BACKWARD)
def check_backward_equals_autograd(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """gives all layers' gradients, the first layer's first"""
    judge(
        [paper([[2]]), paper([[3]])], [paper([[1], [3]]), paper([[4], [8]]), paper([[14], [26]])], paper([[12], [31]])
    )
    for widths in draw.widths((3, 2), (2, 4, 3), (2, 2, 2)):
        judge(*backward_case(draw, widths, samples_of(widths)))


@check("backward", points=3, visibility="hidden", needs=("backward_equals_autograd",), hint=BACKWARD)
def check_backward_any_stack(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """works for one layer, for many layers, for square layers, for one sample, and in float32"""
    for widths in draw.widths((3, 3), (1, 1), (3, 2, 4, 2), (2, 3, 4, 3, 1), (3, 3, 3), (2, 2, 2, 2, 2, 2)):
        judge(*backward_case(draw, widths, draw.count(4, 20)))
        judge(*backward_case(draw, widths, 1))
    draw.single()
    judge(*backward_case(draw, (3, 2, 2), 4))


UPDATE = "The gradient points uphill. Which way is down, for every layer's weights and for its biases?"


def update_case(draw: CaseGenerator, widths: tuple[int, ...]) -> tuple[Layers, Layers, Layers, Layers]:
    """Parameters and gradients of a stack."""
    return *stack(draw, widths), *stack(draw, widths)


@check("update", points=1, hint=UPDATE)
def check_update_steps_downhill(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """moves every layer's weights and biases against their gradients"""
    judge([paper([[2, 3]])], [paper([4])], [paper([[6, -4]])], [paper([2])], 0.5)
    for widths in draw.widths((3, 2), (2, 4, 3)):
        judge(*update_case(draw, widths), draw.rate())


@check("update", points=1, visibility="hidden", needs=("update_steps_downhill",), hint=UPDATE)
def check_update_any_stack(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """works for any number of layers, for a rate that is a tensor, and in float32"""
    for widths in draw.widths((1, 1), (3, 3, 3), (2, 3, 4, 3, 1)):
        judge(*update_case(draw, widths), draw.scalar())
    draw.single()
    judge(*update_case(draw, (3, 2, 2)), draw.rate())


EPOCH = "Write down the batches of seven samples by three. Where do the parameters stand when each one's loss is taken?"


def epoch_case(draw: CaseGenerator, widths: tuple[int, ...], n: int, batch_size: int) -> tuple[Any, ...]:
    """Arguments of train_epoch; the rate is small enough for a few steps to stay calm."""
    weights, biases = stack(draw, draw.shallow(widths))
    X = draw.matrix(n, widths[0])
    Y = draw.near(activations_of(weights, biases, X)[-1])
    return weights, biases, X, Y, draw.gentle_rate(), batch_size


@check("train_epoch", points=1, hint=EPOCH)
def check_train_epoch_steps_after_each_batch(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """goes through the batches in order, the last one shorter, with one update after each, and adds up their losses"""
    judge([paper([[2]])], [paper([3])], paper([[1], [3], [2]]), paper([[3], [10], [6]]), 0.5, 2)
    steps = draw.many_steps()
    for n, batch_size in steps.batches((6, 3), (7, 3), (4, 2), (3, 3)):
        judge(*epoch_case(steps, (3, 2, 1) if batch_size == 3 else (2, 2, 2), n, batch_size))


@check("train_epoch", points=2, visibility="hidden", needs=("train_epoch_steps_after_each_batch",), hint=EPOCH)
def check_train_epoch_any_stack(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """works for any stack, for batches of one, for a batch larger than the data, for one sample, and in float32"""
    steps = draw.many_steps()
    for n, batch_size in steps.batches((8, 3), (4, 1), (3, 10), (1, 2), (7, 5), (13, 2)):
        judge(*epoch_case(steps, (2, 3), n, batch_size))
        judge(*epoch_case(steps, (2, 2, 2), n, batch_size))
        judge(*epoch_case(steps, (2, 1, 2, 1), n, batch_size))
    steps.single()
    judge(*epoch_case(steps, (3, 2, 1), 5, 3))
