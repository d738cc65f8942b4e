"""Bent lines: the multilayer perceptron."""

import itertools
from typing import Any

import torch
from torch import Tensor, nn

from autograder.checking import CaseGenerator, CaseRecorder, ExpectedValue, check, moved, oracle, paper, terms
from autograder.checks.in_worker import exercise5 as in_worker

Layers = list[Tensor]
GRADIENTS = {f"{kind}.#": f"{kind} of layer {{n}}" for kind in ("grad_weights", "grad_biases", "weights", "biases")}
OUTPUTS = {"activations.0": "X", "activations.#": "A of layer {i}", "pre_activations.#": "Z of layer {n}"}
HUGE = 1000.0  # whose exponential no float holds


@oracle()
def relu(_functions: Any, z: Tensor) -> ExpectedValue:
    """PyTorch's own."""
    return ExpectedValue(nn.functional.relu(z), z.abs())


@oracle(source="torch autograd")
def relu_gradient(_functions: Any, upstream: Tensor, z: Tensor) -> ExpectedValue:
    """Autograd through PyTorch's own."""
    return ExpectedValue(slope_through(nn.functional.relu, upstream, z), upstream.abs())


@oracle()
def tanh(_functions: Any, z: Tensor) -> ExpectedValue:
    """PyTorch's own; its terms, e^z and e^-z by their sum, come to 1."""
    return ExpectedValue(torch.tanh(z), torch.ones_like(z))


@oracle(source="torch autograd")
def tanh_gradient(_functions: Any, upstream: Tensor, z: Tensor) -> ExpectedValue:
    """Autograd through PyTorch's own."""
    return ExpectedValue(slope_through(torch.tanh, upstream, z), upstream.abs() * (1 + torch.tanh(z) ** 2))


def slope_through(bend: Any, upstream: Tensor, z: Tensor) -> Tensor:
    """What comes from above, taken back through a bend by autograd."""
    at = z.detach().clone().requires_grad_()
    (slope,) = torch.autograd.grad(bend(at), at, upstream.detach())
    return slope


@oracle("activations", "pre_activations", parts=OUTPUTS)
def forward(
    _functions: Any, weights: Layers, biases: Layers, X: Tensor
) -> tuple[list[ExpectedValue], list[ExpectedValue]]:
    """A stack of nn.Linear and nn.ReLU, read out after each step."""
    activations, pre_activations = [ExpectedValue(X, X.abs())], list[ExpectedValue]()
    for number, (weight, bias) in enumerate(zip(weights, biases, strict=True), 1):
        before = activations[-1].value
        scale = before.abs() @ weight.abs().T + bias.abs()
        pre_activations.append(ExpectedValue(nn.functional.linear(before, weight, bias), scale))
        after = pre_activations[-1].value
        activations.append(ExpectedValue(nn.functional.relu(after) if number < len(weights) else after, scale))
    return activations, pre_activations


@oracle("grad_weights", "grad_biases", source="torch autograd", parts=GRADIENTS)
def backward(
    functions: Any, weights: Layers, activations: Layers, pre_activations: Layers, Y: Tensor
) -> tuple[list[ExpectedValue], list[ExpectedValue]]:
    """The loss differentiated by autograd through the whole stack, whose biases are what the lists imply."""
    leaves = [weight.detach().clone().requires_grad_() for weight in weights]
    steps = zip(weights, activations, pre_activations, strict=False)
    biases = [(after - before @ weight.T).detach().requires_grad_() for weight, before, after in steps]
    outputs = activations[0].detach()
    for number, (weight, bias) in enumerate(zip(leaves, biases, strict=True), 1):
        outputs = outputs @ weight.T + bias
        outputs = nn.functional.relu(outputs) if number < len(leaves) else outputs
    found = torch.autograd.grad(((outputs - Y) ** 2).sum() / 2, (*leaves, *biases))
    scales_W, scales_b = layer_scales(functions, weights, activations, pre_activations, Y)
    grad_weights = [ExpectedValue(value, scale) for value, scale in zip(found[: len(weights)], scales_W, strict=True)]
    per_sample = found[len(weights) :]
    return grad_weights, [ExpectedValue(value.sum(0), scale) for value, scale in zip(per_sample, scales_b, strict=True)]


def layer_scales(
    functions: Any, weights: Layers, activations: Layers, pre_activations: Layers, Y: Tensor
) -> tuple[Layers, Layers]:
    """The sizes of the terms that the gradients of each layer are sums of."""
    size = activations[-1].abs() + Y.abs()
    scales_W, scales_b = Layers(), Layers()
    for index in reversed(range(len(weights))):
        inputs = activations[index].abs()
        # Where each sample is stopped at one of the two, all terms are 0; added up in another order, rounding is not.
        scales_W.insert(0, size.T @ inputs + torch.outer(size.mean(0), inputs.sum(0)))
        scales_b.insert(0, size.sum(0))
        if index:
            size = functions.relu_gradient(size @ weights[index].abs(), pre_activations[index - 1])
    return scales_W, scales_b


initialize, read_start = in_worker.initialize, in_worker.read_start


@oracle("weights", "biases", "epoch_loss", source="the steps done one by one", parts=GRADIENTS)
def train_epoch(
    functions: Any, weights: Layers, biases: Layers, X: Tensor, Y: Tensor, learning_rate: Any, batch_size: int
) -> tuple[list[ExpectedValue], list[ExpectedValue], ExpectedValue]:
    """Walk through the batches in order: forward, loss, backward, a step."""
    path, losses = [[*weights, *biases]], []
    for start in range(0, len(X), batch_size):
        Xs, Ys = X[start : start + batch_size], Y[start : start + batch_size]
        stack = path[-1][: len(weights)], path[-1][len(weights) :]
        outputs = functions.forward(*stack, Xs)
        losses.append(((outputs[0][-1] - Ys) ** 2).sum() / 2)
        slopes = itertools.chain(*functions.backward(stack[0], *outputs, Ys))
        path.append([value - learning_rate * slope for value, slope in zip(path[-1], slopes, strict=True)])
    moves = [moved(*(step[at] for step in path)) for at in range(len(path[0]))]
    return moves[: len(weights)], moves[len(weights) :], terms(*losses)


def bent(draw: CaseGenerator, *shape: int) -> Tensor:
    """Numbers of both signs for a bend, one of them next to 0, none at it."""
    numbers = draw.vector(torch.Size(shape).numel())
    if draw.is_exact:
        return numbers.reshape(shape)
    numbers[0] = numbers[0].abs()
    numbers[-1] = -numbers[-1].abs() / 1000
    return numbers.reshape(shape)


RELU = "Which numbers does relu leave as they are, and which one stands in the place of all others?"


@check("relu", points=1, hint=RELU)
def check_relu_bends_at_zero(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """leaves positive numbers as they are, and puts 0 in the place of negative ones"""
    judge(paper([3, -2, -5, 4]))
    judge(bent(draw, 6))
    judge(bent(draw, 3, 4))
    judge(bent(draw, 3, 4))
    judge(paper([-0.001, 0.001, HUGE, -HUGE]))


@check("relu", points=0, visibility="hidden", needs=("relu_bends_at_zero",), hint=RELU)
def check_relu_any_shape(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """works for any shape, next to 0, far from it, and in float32"""
    for shape in ((1,), (1, 1), (5, 2), (2, 3, 4), ()):
        judge(draw.scalar() if shape == () else bent(draw, *shape))
    judge(bent(draw, draw.count(4, 20)))
    draw.single()
    judge(bent(draw, 4, 3))


MASK = "If z is −3 and grows a little, does relu of it grow? And does it matter for that what comes from above?"


@check("relu_gradient", points=2, hint=MASK)
def check_relu_gradient_equals_autograd(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """lets what comes from above pass where the curve rises, and stops it where it is flat"""
    judge(paper([5, 7, -4, -6]), paper([3, -2, 8, -9]))
    for shape in ((6,), (3, 4), (3, 4), (3, 3)):
        judge(draw.vector(torch.Size(shape).numel()).reshape(shape), bent(draw, *shape))


@check("relu_gradient", points=1, visibility="hidden", needs=("relu_gradient_equals_autograd",), hint=MASK)
def check_relu_gradient_any_shape(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """works for any shape, next to 0, far from it, and in float32"""
    for shape in ((7,), (5, 2), (2, 2), (2, 3, 4)):
        judge(draw.vector(torch.Size(shape).numel()).reshape(shape), bent(draw, *shape))
    for z in (-draw.scalar().abs(), draw.scalar().abs()):
        judge(draw.vector(1), z.reshape(1))
        judge(draw.matrix(1, 1), -z.reshape(1, 1))
    judge(draw.vector(4), paper([-HUGE, HUGE, 1e-9, -1e-9]))
    draw.single()
    judge(draw.matrix(4, 3), bent(draw, 4, 3))


def steep(draw: CaseGenerator, *shape: int) -> Tensor:
    """Numbers for tanh; exact ones lie where float32 has its values exactly: at 0 and far out."""
    count = torch.Size(shape).numel()
    if draw.is_exact:
        return torch.tensor([(0.0, 32.0, -32.0)[at % 3] for at in range(count)], dtype=torch.float64).reshape(shape)
    return draw.vector(count).reshape(shape)


TANH = "Between which two numbers does tanh lie, for any z? Which power of e in your formula is far larger than that?"


@check("tanh", points=1, hint=TANH)
def check_tanh_is_right_everywhere(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """gives the hyperbolic tangent, near 0 and far from it"""
    judge(steep(draw, 5))
    judge(steep(draw, 3, 4))
    judge(steep(draw, 3, 4))
    judge(paper([2, -HUGE, 0, HUGE, -3]))


@check("tanh", points=1, visibility="hidden", needs=("tanh_is_right_everywhere",), hint=TANH)
def check_tanh_any_shape(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """works for any shape, for every size of z, and in float32"""
    for shape in ((1,), (1, 1), (6, 2), (2, 3, 4)):
        judge(steep(draw, *shape))
    judge(steep(draw, draw.count(4, 20)))
    judge(paper([HUGE, -HUGE, -30, 400, 25, -0.001, -400, 710, 1e-5, -3, 0.5, 1e300, -1e300]))
    draw.single()
    judge(steep(draw, 4, 3).float())
    judge(paper([HUGE, -HUGE, 90, -50, 3, -0.5]).float())


SLOPE = "Where is tanh steepest, and where is it flat? What does your formula say of both places?"


@check("tanh_gradient", points=2, hint=SLOPE)
def check_tanh_gradient_equals_autograd(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """takes what comes from above back through tanh, by its derivative at z"""
    for shape in ((5,), (3, 4), (3, 4), (3, 3)):
        judge(draw.vector(torch.Size(shape).numel()).reshape(shape), steep(draw, *shape))
    judge(paper([4, 5, -6, 7]), paper([0, -HUGE, HUGE, 2]))


@check("tanh_gradient", points=2, visibility="hidden", needs=("tanh_gradient_equals_autograd",), hint=SLOPE)
def check_tanh_gradient_any_shape(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """works for any shape, for every size of z, and in float32"""
    for shape in ((1,), (1, 1), (6, 2), (2, 2), (2, 3, 4)):
        judge(draw.vector(torch.Size(shape).numel()).reshape(shape), steep(draw, *shape))
    judge(draw.vector(8), paper([HUGE, -HUGE, -400, 0.001, 710, -30, 1e300, 0.5]))
    draw.single()
    judge(draw.matrix(4, 3), steep(draw, 4, 3).float())
    judge(draw.vector(6), paper([HUGE, -HUGE, 90, -50, 2, -0.5]).float())


def stack(draw: CaseGenerator, widths: tuple[int, ...]) -> tuple[Layers, Layers]:
    """Weights and biases of layers of the given widths, inputs first."""
    weights = [draw.matrix(outer, inner) for inner, outer in itertools.pairwise(widths)]
    return weights, [draw.vector(outer) for outer in widths[1:]]


def outputs_of(weights: Layers, biases: Layers, X: Tensor) -> tuple[Layers, Layers]:
    """What forward is to return, of the type of the arguments."""
    activations, pre_activations = [X], Layers()
    for weight, bias in zip(weights, biases, strict=True):
        pre_activations.append(activations[-1] @ weight.T + bias)
        activations.append(pre_activations[-1].clamp(min=0))
    return [*activations[:-1], pre_activations[-1]], pre_activations


NEAR = 0.02  # so near does no unit come to its corner, where rounding would decide


def is_telling(pre_activations: Layers) -> bool:
    """Whether each hidden layer stops something, if it may, a sample gets through all, and no unit is at its corner."""
    hidden = pre_activations[:-1]
    if not hidden:
        return True
    alive = torch.stack([(each > 0).any(1) for each in hidden]).all(0)
    stopped = all(bool((each < 0).any()) for each in hidden if each.numel() > 3)
    return bool(alive.any()) and stopped and all(bool((each.abs() > NEAR).all()) for each in hidden)


def network(draw: CaseGenerator, widths: tuple[int, ...], n: int) -> tuple[Layers, Layers, Tensor]:
    """Weights, biases and samples of a network in which something is stopped, and something is not."""
    for _ in range(1000):
        weights, biases = stack(draw, widths)
        X = draw.matrix(n, widths[0])
        if is_telling(outputs_of(weights, biases, X)[1]):
            break
    return weights, biases, X


def samples_of(widths: tuple[int, ...]) -> int:
    """How many samples a visible case has: where all layers are square, as many, so that any two factors fit."""
    return widths[0] if len(set(widths)) == 1 else 5


FORWARD = "What goes into a layer: the numbers before the bend, or those after it? Which layer has no bend?"


@check("forward", points=3, hint=FORWARD)
def check_forward_before_and_after_each_bend(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """returns what stands before and after the bend of every layer, in order"""
    W_2 = paper([[3, 4]])
    judge([paper([[2, 1], [-3, 5]]), W_2], [paper([4, -2]), paper([6])], paper([[3, -1], [-2, 5]]))
    for widths in draw.widths((3, 2), (2, 4, 3), (2, 3, 4, 2), (2, 2, 2)):
        judge(*network(draw, widths, samples_of(widths)))
    judge(*network(draw, (2, 3, 1), 1))


@check("forward", points=2, visibility="hidden", needs=("forward_before_and_after_each_bend",), hint=FORWARD)
def check_forward_any_network(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """works for one layer and for many, square and not, for one sample, and in float32"""
    for widths in draw.widths((3, 3), (1, 1), (3, 4, 2), (2, 3, 4, 3, 1), (3, 3, 3), (2, 2, 2, 2, 2, 2)):
        judge(*network(draw, widths, draw.count(4, 20)))
        judge(*network(draw, widths, 1))
    draw.single()
    judge(*network(draw, (3, 2, 2), 4))


BACKWARD = "Which two steps lead from one layer's Z back to that of the layer before? Where is what was stopped?"


def backward_case(draw: CaseGenerator, widths: tuple[int, ...], n: int) -> tuple[Layers, Layers, Layers, Tensor]:
    """Weights, the lists of a real forward pass, and targets not far from the last output."""
    weights, biases, X = network(draw, widths, n)
    activations, pre_activations = outputs_of(weights, biases, X)
    return weights, activations, pre_activations, draw.near(activations[-1])


@check("backward", points=5, hint=BACKWARD)
def check_backward_equals_autograd(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """gives the gradients of all layers, the first layer's first"""
    weights = [paper([[2], [-3]]), paper([[4, 5]])]
    activations, pre_activations = outputs_of(weights, [paper([3, 2]), paper([6])], paper([[4], [-5]]))
    judge(weights, activations, pre_activations, activations[-1] - paper([[2], [3]]))
    for widths in draw.widths((3, 2), (2, 4, 3), (2, 3, 4, 2), (2, 2, 2)):
        judge(*backward_case(draw, widths, samples_of(widths)))
    judge(*backward_case(draw, (2, 3, 1), 1))


@check("backward", points=5, visibility="hidden", needs=("backward_equals_autograd",), hint=BACKWARD)
def check_backward_any_network(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """works for one layer and for many, square and not, for one sample, and in float32"""
    for widths in draw.widths((3, 3), (1, 1), (3, 4, 2), (2, 3, 4, 3, 1), (3, 3, 3), (2, 2, 2, 2, 2)):
        judge(*backward_case(draw, widths, draw.count(4, 20)))
        judge(*backward_case(draw, widths, 1))
    draw.single()
    judge(*backward_case(draw, (3, 2, 2), 4))


START = "Which numbers of a layer may be equal at the start, and which decides how widely its weights spread?"


@check("initialize", points=2, hint=START)
def check_initialize_draws_weights(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """draws weights of the due spread, other ones for each layer and seed, and sets the biases to 0"""
    judge([2, 3, 1], 0)
    judge([40, 70, 40, 70], draw.count(1, 10_000))
    judge([70, 40, 70], draw.count(1, 10_000))


@check("initialize", points=1, visibility="hidden", needs=("initialize_draws_weights",), hint=START)
def check_initialize_any_sizes(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """works for one layer, for layers with one unit, for square ones, and for every seed"""
    judge([3, 1], draw.count(1, 10_000))
    judge([1, 4, 1], 2**31 - 1)
    judge([60, 60, 60, 20], draw.count(10_001, 2**31 - 2))
    judge([20, draw.count(90, 110), 40], draw.count(10_001, 2**31 - 2))
    judge([3000, 10], 0)


EPOCH = "Write down the batches of seven samples by three. Where do the parameters stand when each one's loss is taken?"


def epoch_case(draw: CaseGenerator, widths: tuple[int, ...], n: int, batch_size: int) -> tuple[Any, ...]:
    """Arguments of train_epoch; the rate is small enough for a few steps to stay calm."""
    weights, biases, X = network(draw, draw.shallow(widths), n)
    Y = draw.near(outputs_of(weights, biases, X)[0][-1])
    return weights, biases, X, Y, draw.gentle_rate(), batch_size


@check("train_epoch", points=1, hint=EPOCH)
def check_train_epoch_steps_after_each_batch(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """goes through the batches in order, the last one shorter, with one update after each, and adds up their losses"""
    judge([paper([[2]])], [paper([3])], paper([[1], [3], [2]]), paper([[3], [10], [6]]), 0.5, 2)
    steps = draw.many_steps()
    for n, batch_size in steps.batches((6, 3), (7, 3), (4, 2), (3, 3)):
        judge(*epoch_case(steps, (3, 2, 1) if batch_size == 3 else (2, 2, 2), n, batch_size))


@check("train_epoch", points=1, visibility="hidden", needs=("train_epoch_steps_after_each_batch",), hint=EPOCH)
def check_train_epoch_any_network(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """works for any network, for batches of one, for a batch larger than the data, for one sample, and in float32"""
    steps = draw.many_steps()
    for n, batch_size in steps.batches((8, 3), (4, 1), (3, 10), (1, 2), (7, 5), (13, 2)):
        judge(*epoch_case(steps, (2, 3), n, batch_size))
        judge(*epoch_case(steps, (2, 2, 2), n, batch_size))
        judge(*epoch_case(steps, (2, 3, 2, 1), n, batch_size))
    steps.single()
    judge(*epoch_case(steps, (3, 2, 1), 5, 3))
