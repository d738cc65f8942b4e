# %% [markdown]
# # Exercise 7: Which digit? Softmax and cross-entropy
#
# So far the answers were numbers on a scale: a progression, a distance. Now the answer is a *class*: which of
# ten digits is in a picture? A network gives ten numbers for each picture. In this exercise you write what
# comes behind them: shares that add up to 1, a loss for them, and its gradient.
#
# Again **by hand**: no `backward()`, no ready-made softmax, no ready-made loss. `grade exercise7` compares your
# gradient with that of autograd.
#
# What holds for every function here:
#
# - `Z` has the shape `(n, k)`: a row for each of the $n$ samples, a column for each of the $k$ classes. Its
#   numbers are called *logits*. They may be as large as 10,000, or −10,000.
# - `targets` has the shape `(n,)`, of whole numbers (int64): for each sample the column of the right class.
# - A scalar is a tensor of shape `()`.
# - Return new tensors; leave the ones you are given unchanged.
# - You may call the functions you have written further up. Each function is graded on its own, so a
#   mistake in one costs nothing in another.
# - Below each function stands what it comes to, "in one line". Try first.
#
# Tools that are new, shown with `Z`, which is [[0, 2], [3, 1]]:
#
# | you write | you get |
# |---|---|
# | `Z.sum(dim=1)` | [2, 4]: along each row, which is axis 1 |
# | `Z.sum(dim=1, keepdim=True)` | [[2], [4]]: the same as a column, which can be taken from `Z` |
# | `Z.max(dim=1, keepdim=True).values` | [[2], [3]]: the largest number of each row, as a column |
# | `Z.argmax(dim=1)` | [1, 0]: where it stands in its row |
# | `Z[torch.arange(2), torch.tensor([0, 1])]` | [0, 1]: in row 0 what is in column 0, in row 1 in column 1 |
# | `torch.exp(Z)`, `torch.log(Z)` | $e$ to the power of each number; its logarithm, which undoes that |
# | `(Z > 1).double()` | [[0, 1], [1, 0]]: true as 1, false as 0 |

# %%
import contextlib
import runpy
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import numpy as np
import torch
from torch import Tensor

# %% [markdown]
# ## Shares that add up to 1
#
# **Guess first.** Three classes have the weights 1, 2 and 5. Which share of the whole has each? Now all weights
# are doubled: what becomes of the shares?
#
# Weights must be positive, but logits are any numbers. The exponential function makes them so: $e^z$ is positive
# for every $z$, and a larger $z$ gives a larger $e^z$. So the softmax of a row is made in two steps: $e^z$ for each
# logit, and then each one's share of the sum of its *row*.
#
# ![Three pairs of bars: the logits of a row, 0 and 1.0986; their weights, 1 and 3; and the shares of the row, 0.25
# and 0.75.](pictures/exercise7_two_steps.png)
#
# There is a trap. $e^{1000}$ is larger than any number the machine knows: it says `inf`, and `inf / inf` is no
# number at all. $e^{-1000}$ is 0 to it, and 0 / 0 is none either. Remember your guess: a common factor of all
# weights in a row changes no share. Which number may you add to all logits of a row? And with what choice is no
# exponent above 0, and one of them 0?
#
# **On paper.** Take the row with the logits 0 and $\ln 3 \approx 1.0986$. The weights are 1 and 3, so `softmax` must
# return 0.25 and 0.75. For the logits 1000 and 1001.0986 it must return the same.


# %%
def softmax(Z: Tensor) -> Tensor:
    """Return the share of each class in its row, positive and adding up to 1 in each row, shape (n, k)."""
    ### BEGIN SOLUTION
    weights = torch.exp(Z - Z.max(dim=1, keepdim=True).values)
    return weights / weights.sum(dim=1, keepdim=True)
    ### END SOLUTION


# %% [markdown]
# **In one line.** For any number $c$, with the row's largest logit as a good choice:
#
# $$p_{ij} = \frac{e^{z_{ij} - c}}{\sum_{l=1}^{k} e^{z_{il} - c}}$$
#
# `pᵢⱼ = exp(zᵢⱼ − c) / Σₗ exp(zᵢₗ − c)`

# %% [markdown]
# ## Their logarithms
#
# **Guess first.** The logits of a row are 0 and −1000. What is the softmax of the second one to the machine,
# and what is the logarithm of that? What should it be, about?
#
# The loss will need the logarithm of a share. A share may be far too small to be told from 0, although its
# logarithm is quite an ordinary number. So never take the logarithm of a softmax. Work it out on paper instead:
# the logarithm of a fraction is a difference, and the logarithm of $e^z$ is $z$. What is left of the numerator? And
# the sum below needs the same care as before: where does the largest logit of the row go now?
#
# **On paper.** For the logits 0 and −1000 `log_softmax` must return 0 and −1000, to the last digit.


# %%
def log_softmax(Z: Tensor) -> Tensor:
    """Return the logarithm of each share of softmax, finite for every logit, shape (n, k)."""
    ### BEGIN SOLUTION
    shifted = Z - Z.max(dim=1, keepdim=True).values
    return shifted - torch.log(torch.exp(shifted).sum(dim=1, keepdim=True))
    ### END SOLUTION


# %% [markdown]
# **In one line.** With $c$ for the row's largest logit:
#
# $$\ln p_{ij} = z_{ij} - c - \ln \sum_{l=1}^{k} e^{z_{il} - c}$$
#
# `ln pᵢⱼ = zᵢⱼ − c − ln Σₗ exp(zᵢₗ − c)`

# %% [markdown]
# ## A loss for classes
#
# **Guess first.** A network gives the right digit the share 1. Which loss is fair? Another one gives it the share
# 0.5, a third one 0.001. Which loss should grow without limit: that of being unsure, or that of being sure
# and wrong?
#
# The *cross-entropy* of a sample is minus the logarithm of the share that the *right* class got. For the share 1
# it is 0, and it grows without limit as the share goes to 0. What the other classes got does not matter to it by
# itself. The loss of all samples is the **mean** here, not a sum with a ½.
#
# So from each row you need one number: the one in the column that `targets` says.
#
# **On paper.** Two rows have the logits 0 and $\ln 3$, and the targets are 1 and 0. The right classes have the
# shares 0.75 and 0.25, with the losses 0.2877 and 1.3863. `cross_entropy` must return their mean, 0.8370.


# %%
def cross_entropy(Z: Tensor, targets: Tensor) -> Tensor:
    """Return the mean over all samples of the cross-entropy of the right class, shape ()."""
    ### BEGIN SOLUTION
    return -log_softmax(Z)[torch.arange(len(Z)), targets].mean()
    ### END SOLUTION


# %% [markdown]
# **In one line.** With $t_i$ for the target of sample $i$:
#
# $$L = -\frac{1}{n} \sum_{i=1}^{n} \ln p_{i t_i}$$
#
# `L = −(1/n) · Σ ln p at the target`

# %% [markdown]
# ## Its gradient
#
# **Guess first.** A row has the shares 0.25 and 0.75, and the second class is right. Should its logit go up or
# down? And the first one's? Both shares are off by the same amount: by how much?
#
# For one sample the loss is $L = \ln \sum_l e^{z_l} - z_t$, where $t$ is the right class: minus the
# logarithm of its share, with the difference turned round. Turn one logit $z_j$ at a time. First the sum, which
# every logit is in. The derivative of a logarithm is 1 over what is inside, times the derivative of that:
#
# $$\frac{\partial}{\partial z_j} \ln \sum_l e^{z_l} = \frac{e^{z_j}}{\sum_l e^{z_l}}$$
#
# You know this fraction. Now it is your turn: what does $-z_t$ add to the derivative where $j$ is the right class, and
# what where it is not? And as the loss is the mean of $n$ samples: which factor comes in?
#
# A row that has 1 in the right class's column, and 0 elsewhere, is called *one-hot*.
#
# **On paper.** Take the two rows above. `cross_entropy_gradient` must return $0.125$ and $-0.125$ in the first row,
# $-0.375$ and $0.375$ in the second.


# %%
def cross_entropy_gradient(Z: Tensor, targets: Tensor) -> Tensor:
    """Return the gradient of cross_entropy: its derivative by each logit, shape (n, k)."""
    ### BEGIN SOLUTION
    gradient = softmax(Z)
    gradient[torch.arange(len(Z)), targets] -= 1
    return gradient / len(Z)
    ### END SOLUTION


# %% [markdown]
# **In one line.** Every row adds up to 0: what the right class gains, the others lose.
#
# $$\frac{\partial L}{\partial z_{ij}} = \frac{p_{ij} - h_{ij}}{n}$$
#
# `∂L/∂zᵢⱼ = (pᵢⱼ − hᵢⱼ) / n`, where h is one-hot

# %% [markdown]
# ## How many are right?
#
# **Guess first.** The right class got the share 0.4, two others 0.3 each. Is this sample right? And what if the
# shares are 0.4 for it, and 0.6 for another one?
#
# The loss is what one can descend on. What one wants to know is simpler: of how many samples does the right class
# have the largest logit of its row? The *accuracy* is their number, divided by $n$.
#
# **On paper.** For the two rows above, whose targets are 1 and 0, the second column is larger both times.
# `accuracy` must return 0.5.


# %%
def accuracy(Z: Tensor, targets: Tensor) -> Tensor:
    """Return the share of the samples whose largest logit is that of their target, shape ()."""
    ### BEGIN SOLUTION
    return (Z.argmax(dim=1) == targets).to(Z.dtype).mean()
    ### END SOLUTION


# %% [markdown]
# **In one line.** A logit need not be turned into a share first: the larger one stays the larger one.
#
# `accuracy = (number of rows whose largest z is at the target) / n`

# %% [markdown]
# ## Real digits
#
# There is nothing to write or to grade from here on. `digits.csv` holds 1,797 digits that people have written by
# hand, as pictures of 8 × 8 pixels. Run this to train the network of exercise 5, with Adam of exercise 6, on 1,400
# of them. The other 397 it never sees until the end.
#
# Your own functions do all of it, where they are right: the script looks for `exercise5.py` and `exercise6.py` beside
# this file. Where one is missing or not right yet, PyTorch does its part.
#
# The `backward` of exercise 5 begins with the residual $A_m - Y$, the gradient of *its* loss. Here the gradient is
# another one, yours. So the script gives it a $Y$ with which that difference is your gradient. All the rest of the way
# back is the same for every loss.
#
# Look at the table at the end, the *confusion matrix*: a row for each digit, and how often it was taken for which.
# Then look at the digits that fooled the network. Would you have known them?
#
# **Guess, then run.** Change one of these numbers below. Say what it does to the unseen digits, then look:
#
# - `RATE = 1.0`: a hundred times as fast?
# - `EPOCHS = 60`: three times as often through the data.


# %%
WIDTHS = [64, 64, 10]
TRAINED_ON, BATCH, EPOCHS, RATE = 1400, 50, 20, 0.01
PATIENCE = 5  # seconds that another exercise's file may take to load, and its functions to be tried
Layers = tuple[list[Tensor], list[Tensor]]
Functions = dict[str, Callable[..., Any]]


def here() -> Path:
    """Return the folder of this file; of a notebook, the current one."""
    return Path(__file__).resolve().parent if "__file__" in globals() else Path.cwd()


def load(name: str) -> tuple[Tensor, Tensor]:
    """Return the pixels in datasets/, shape (n, 64), from 0 to 1, and the digits, shape (n,), in a random order."""
    place = here() if (here() / "datasets").is_dir() else here().parent
    table = torch.from_numpy(np.loadtxt(place / "datasets" / name, delimiter=",", skiprows=1))
    table = table[torch.randperm(len(table), generator=torch.Generator().manual_seed(0))]
    return table[:, :-1] / 16, table[:, -1].long()


@contextlib.contextmanager
def patience(number: int) -> Iterator[None]:
    """Stop another exercise where it takes too long, by TimeoutError: no loop without an end is waited for."""
    before, end = sys.gettrace(), time.monotonic() + PATIENCE

    def watch(frame: FrameType, *_: Any) -> Any:  # is called again and again while that file runs
        if not frame.f_code.co_filename.endswith(f"exercise{number}.py"):
            return None
        frame.f_trace_opcodes = True
        if time.monotonic() > end:
            raise TimeoutError
        return watch

    sys.settrace(watch)
    try:
        yield
    finally:
        sys.settrace(before)


def other(number: int) -> Functions:
    """Return what another exercise of this folder defines, nothing where it is not there or cannot be run."""
    with contextlib.suppress(Exception, SystemExit), patience(number):
        return runpy.run_path(str(here() / f"exercise{number}.py"), run_name=f"exercise{number}")
    return {}


def start() -> Layers:
    """Return random weights, the same each time, and biases of zero."""
    generator = torch.Generator().manual_seed(0)
    shapes = list(zip(WIDTHS[1:], WIDTHS[:-1], strict=True))
    weights = [torch.randn(shape, generator=generator, dtype=torch.float64) * (2 / shape[1]) ** 0.5 for shape in shapes]
    return weights, [torch.zeros(shape[0], dtype=torch.float64) for shape in shapes]


def outputs(weights: list[Tensor], biases: list[Tensor], X: Tensor) -> Tensor:
    """Return the logits of the network, by PyTorch."""
    for W, b in zip(weights[:-1], biases[:-1], strict=True):
        X = torch.nn.functional.relu(torch.nn.functional.linear(X, W, b))
    return torch.nn.functional.linear(X, weights[-1], biases[-1])


def with_pytorch(weights: list[Tensor], biases: list[Tensor], X: Tensor, along: Callable[[Tensor], Tensor]) -> Layers:
    """Return the gradients of all layers by autograd; `along` gives the gradient by the logits."""
    leaves = [value.clone().requires_grad_() for value in (*weights, *biases)]
    logits = outputs(leaves[: len(weights)], leaves[len(weights) :], X)
    found = list(torch.autograd.grad((logits * along(logits.detach())).sum(), leaves))
    return found[: len(weights)], found[len(weights) :]


def with_exercise5(five: Functions) -> Callable[..., Layers]:
    """Return the same by the functions of exercise 5."""

    def gradients(weights: list[Tensor], biases: list[Tensor], X: Tensor, along: Callable[[Tensor], Tensor]) -> Layers:
        activations, pre_activations = five["forward"](weights, biases, X)
        logits = activations[-1]
        found: Layers = five["backward"](weights, activations, pre_activations, logits - along(logits))
        return found

    return gradients


def layers_by(five: Functions) -> Callable[..., Layers]:
    """Return who finds the gradients of the layers: exercise 5 where it agrees with autograd, else PyTorch."""
    weights, biases = start()
    X = torch.rand(5, WIDTHS[0], generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    given = weights, biases, X, torch.sin
    with contextlib.suppress(Exception), patience(5):  # what is not right there is for `grade exercise5` to say
        pairs = zip(with_exercise5(five)(*given), with_pytorch(*given), strict=True)
        if all(torch.allclose(one, two) for pair in pairs for one, two in zip(*pair, strict=True)):
            print("layers: your exercise 5")
            return with_exercise5(five)
    print("layers: PyTorch, for exercise 5 is not right yet")
    return with_pytorch


class PyTorchsAdam:
    """Steps as exercise 6's adam_step does, by PyTorch."""

    def __init__(self) -> None:
        self.leaves: dict[str, Tensor] = {}

    def __call__(self, parameters: dict[str, Tensor], gradients: dict[str, Tensor], *memory: Any) -> Any:
        if not self.leaves:
            self.leaves = {key: value.clone() for key, value in parameters.items()}
            self.stepper = torch.optim.Adam(list(self.leaves.values()), lr=RATE)
        for key, leaf in self.leaves.items():
            leaf.grad = gradients[key]
        self.stepper.step()
        return {key: leaf.clone() for key, leaf in self.leaves.items()}, *memory[:2]


def steps_by(six: Functions) -> Callable[..., Any]:
    """Return who takes the steps: exercise 6 where its Adam goes where PyTorch's goes, else that one."""
    place = {"w": torch.tensor([5.0, -3.0], dtype=torch.float64)}
    first = second = {"w": torch.zeros(2, dtype=torch.float64)}
    rival, its_place = PyTorchsAdam(), place
    with contextlib.suppress(Exception), patience(6):  # what is not right there is for `grade exercise6` to say
        for step in range(1, 7):
            gradients = {"w": torch.tensor([step - 3.5, 0.1 * step], dtype=torch.float64)}
            its_place, *_ = rival(its_place, gradients, first, second)
            place, first, second = six["adam_step"](place, gradients, first, second, step, RATE, 0.9, 0.999, 1e-8)
        if torch.allclose(place["w"], its_place["w"], rtol=1e-9):
            print("steps:  your exercise 6")
            return six["adam_step"]
    print("steps:  PyTorch, for exercise 6 is not right yet")
    return PyTorchsAdam()


def train(X: Tensor, targets: Tensor) -> Layers:
    """Return the layers after all epochs; print the loss and how many of the digits are right."""
    weights, biases = start()
    find, adam = layers_by(other(5)), steps_by(other(6))
    parameters = {f"{kind}{at}": each for kind, many in (("W", weights), ("b", biases)) for at, each in enumerate(many)}
    firsts = seconds = {key: torch.zeros_like(each) for key, each in parameters.items()}
    step = 0
    for epoch in range(1, EPOCHS + 1):
        for begin in range(0, len(X), BATCH):
            step += 1
            wanted = targets[begin : begin + BATCH]
            found = find(weights, biases, X[begin : begin + BATCH], lambda Z, t=wanted: cross_entropy_gradient(Z, t))
            gradients = dict(zip(parameters, [*found[0], *found[1]], strict=True))
            parameters, firsts, seconds = adam(parameters, gradients, firsts, seconds, step, RATE, 0.9, 0.999, 1e-8)
            both = list(parameters.values())
            weights, biases = both[: len(weights)], both[len(weights) :]
        if epoch == 1 or epoch % 2 == 0:
            Z = outputs(weights, biases, X)
            loss, right = float(cross_entropy(Z, targets)), float(accuracy(Z, targets))
            print(f"epoch {epoch:3}  loss {loss:8.5f}  right {right:.2%}")
    return weights, biases


def show_confusion(taken: Tensor, digits: Tensor) -> None:
    """Print how often each digit was taken for which."""
    print("taken for    0   1   2   3   4   5   6   7   8   9")
    for digit in range(10):
        counts = torch.bincount(taken[digits == digit], minlength=10)
        print(f"digit {digit}   " + "".join(f"{int(count) or '.':>4}" for count in counts))


def show_fooled(X: Tensor, shares: Tensor, digits: Tensor, title: str) -> None:
    """Draw the digits that were taken for others; without a display, save the picture beside this file."""
    import matplotlib.pyplot as plt

    fooled = [int(row) for row in torch.nonzero(shares.argmax(dim=1) != digits).flatten()][:20]
    rows = max(1, -(-len(fooled) // 5))
    figure, places = plt.subplots(rows, 5, figsize=(9, 1 + 1.9 * rows), layout="constrained")
    for place in places.flat:
        place.axis("off")
    for place, row in zip(places.flat, fooled, strict=False):
        place.imshow(X[row].reshape(8, 8), cmap="gray_r")
        taken = int(shares[row].argmax())
        place.set_title(f"{int(digits[row])}, taken for {taken} ({float(shares[row, taken]):.0%})", fontsize=9)
    figure.suptitle(title)
    if plt.get_backend().lower() != "agg":  # matplotlib's choice where there is no display
        plt.show()
        return
    try:
        plt.savefig(here() / "exercise7.png")
        print(f"picture: {here() / 'exercise7.png'}")
    except OSError as error:
        print(f"The picture cannot be saved in {here()} ({error.strerror}).")


def try_out() -> None:
    """Print the loss and its gradient for a small example, beside what autograd finds."""
    Z = torch.tensor([[0.0, 1.0, 3.0], [2.0, -1.0, 0.0]], dtype=torch.float64)
    wanted, shares = torch.tensor([2, 1]), softmax(Z)
    print("first look     by hand    autograd")
    leaf = Z.clone().requires_grad_()
    loss = torch.nn.functional.cross_entropy(leaf, wanted)
    (autograd,) = torch.autograd.grad(loss, leaf)
    log_softmax(Z)
    print(f"loss      {float(cross_entropy(Z, wanted)):12.6f} {loss.item():11.6f}")
    gradient = cross_entropy_gradient(Z, wanted)
    for row in range(2):
        print(f"dL/dz{row}0   {float(gradient[row, 0]):12.6f} {float(autograd[row, 0]):11.6f}")
    print(f"shares of the first row: {', '.join(f'{float(share):.3f}' for share in shares[0])}")


def main() -> None:
    """Try the functions out, train, and show who was fooled; where a function is not written yet, say which."""
    torch.set_num_threads(1)  # with matrices as small as these, threads only wait for each other
    try:
        X, digits = load("digits.csv")
        try_out()
        accuracy(X[:2], digits[:2])
        weights, biases = train(X[:TRAINED_ON], digits[:TRAINED_ON])
        Z, unseen = outputs(weights, biases, X[TRAINED_ON:]), digits[TRAINED_ON:]
        right = float(accuracy(Z, unseen))
        print(f"of {len(unseen)} digits it had never seen, {right:.1%} are right")
        show_confusion(Z.argmax(dim=1), unseen)
        show_fooled(X[TRAINED_ON:], softmax(Z), unseen, f"Digits that fooled the network: {right:.1%} were right")
    except NotImplementedError as todo:
        print(f"{todo}. That is your next step; `grade exercise7` tells you how it went.")
    except FileNotFoundError as missing:
        print(f"{missing} Its place is the folder datasets/ of the kit; get it from where you have the kit.")


if __name__ == "__main__":
    main()

# %% [markdown]
# **What came of it**
#
# - With `RATE = 1.0` the steps are far too long. About 10 % are right, as many as by guessing. The loss stays near
#   2.30, which is $\ln 10$: that of ten equal shares.
# - With `EPOCHS = 60` the loss is a small part of what it was. And yet of the unseen digits hardly one more is
#   right. The network learns by heart what it sees; that helps little with what it has not seen.
