# %% [markdown]
# # Exercise 4: Many layers, many factors
#
# Real data has more than one factor, and a network may have more than two layers. That needs no new
# idea: exercise 2, written with matrices, does for any number of layers of any width.
#
# **By hand**, as in exercises 1 and 2: no `backward()` of PyTorch's, no optimizer, no ready-made loss.
#
# What holds for every function here:
#
# - $n$ samples, and layers $1, \dots, m$. Layer $l$ turns $d_{l-1}$ numbers a sample into $d_l$.
# - `weights` and `biases` are lists of tensors, first layer first.
# - Python counts a list from 0. So layer $l$ has `weights[l-1]`; its input is `activations[l-1]`, its output
#   `activations[l]`.
# - Return new tensors; leave the ones you are given unchanged.
# - You may call the functions you have written further up. Each function is graded on its own, so a
#   mistake in one costs nothing in another.
# - Below each function stands what it comes to, "in one line". Try first.
#
# | name | what it is | shape |
# |---|---|---|
# | `X`, $A_0$ | the input, one row a sample | $(n, d_0)$ |
# | `Y` | the truth | $(n, d_m)$ |
# | `W`, $W_l$ | weights of layer $l$ | $(d_l, d_{l-1})$ |
# | `b`, $b_l$ | biases of layer $l$ | $(d_l,)$ |
# | $A_l$ | output of layer $l$; the last, $A_m$, is `Y_pred` | $(n, d_l)$ |
# | `delta`, $\delta_l$ | $\partial L / \partial A_l$ | as $A_l$ |
# | `grad_W`, `grad_b` | $\partial L / \partial W_l$, $\partial L / \partial b_l$ | as $W_l$, as $b_l$ |
#
# What a matrix can do, shown with `A`, which is [[1, 2], [3, 4]]:
#
# | you write | you get |
# |---|---|
# | `A.T` | [[1, 3], [2, 4]], *transposed*: rows become columns |
# | `A @ A` | [[7, 10], [15, 22]], the *matrix product*; see below |
# | `A * A` | [[1, 4], [9, 16]]: number by number, which is something else |
# | `A.sum(dim=0)` | [4, 6]: down each column, which is *axis* 0 |
# | `A.sum()` | 10: all of them |
# | `A + A[0]` | [[2, 4], [4, 6]]: one row is added to every row |
# | `A[0:1]` | [[1, 2]]: the rows from 0, without 1 |

# %%
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

# %% [markdown]
# ## Forward
#
# ![A net: inputs 1 and 2, outputs 3 and 2, the prediction 5, the loss 2. The weight w = 3 leads from input 1 to
# output 2.](pictures/exercise4_net.png)
#
# **Guess first.** In this net, $W_1$ = [[1, 2], [3, −1]], $b_1$ = [−2, 1], $W_2$ = [[2, −1]], $b_2$ = [1]. For the
# sample [1, 2], output 2 of layer 1 is 3·1 − 1·2 + 1 = 2. What comes out for the sample [3, 2]?
#
# In loops: output $k$ is bias $k$, plus every input times a weight of its own.
#
# ```
# for each sample i, for each output k:
#     Z[i, k] = b[k]
#     for each input j:
#         Z[i, k] += A[i, j] * W[k, j]
# ```
#
# A matrix product does that at once: row $i$ of the left one times column $k$ of the right one. The weights of
# output $k$ are *row* $k$ of `W`, as in `nn.Linear`. Which of the two has to be transposed, `.T`?
#
# On paper: for $X$ = [[1, 2], [3, 2]], `forward` must return $X$, [[3, 2], [5, 8]] and [[5], [3]]. The way back
# needs them all.


# %%
def forward(weights: list[Tensor], biases: list[Tensor], X: Tensor) -> list[Tensor]:
    """Return [X, A_1, …, A_m], the input and every layer's output; A_l has the shape (n, d_l)."""
    ### BEGIN SOLUTION
    activations = [X]
    for W, b in zip(weights, biases, strict=True):
        activations.append(activations[-1] @ W.T + b)
    return activations
    ### END SOLUTION


# %% [markdown]
# **In one line.** `A_l = A_{l−1}·W_lᵀ + b_l`, beginning with `A_0 = X`:
#
# $$A_0 = X \qquad A_l = A_{l-1} W_l^\top + b_l$$

# %% [markdown]
# ## Measure the error
#
# **Guess first.** The loss of exercise 1, over all samples *and* all outputs: what is it for the predictions
# [[5], [3]] and the truth [[3], [4]]? With three outputs a sample, how many squares would be added up?
#
# The residuals are 2 and −1, and `loss` must return 2.5. With three outputs it would be six squares.


# %%
def loss(Y_pred: Tensor, Y: Tensor) -> Tensor:
    """Return the loss of exercise 1, over all samples and all outputs, shape ()."""
    ### BEGIN SOLUTION
    return torch.sum((Y_pred - Y) ** 2) / 2
    ### END SOLUTION


# %% [markdown]
# **In one line.** `L = ½ ΣΣ (A_m − Y)²`:
#
# $$L = \frac{1}{2} \sum_{i=1}^{n} \sum_{k=1}^{d_m} (A_m - Y)_{ik}^2$$

# %% [markdown]
# ## The error at the end
#
# **Guess first.** Nudge the first prediction from 5 to 5.001. Half its squared residual goes from 2 to 2.002:
# the derivative is 2. What is the derivative by the second prediction, 3, whose truth is 4?
#
# No other square contains that prediction. These derivatives are called $\delta$ ("delta"), one for each sample and
# output. On paper: `output_delta` must return [[2], [−1]].


# %%
def output_delta(Y_pred: Tensor, Y: Tensor) -> Tensor:
    """Return ∂L/∂Y_pred of the loss L = ½ ΣΣ (Y_pred − Y)², summed, shape (n, d_m) as Y_pred."""
    ### BEGIN SOLUTION
    return Y_pred - Y
    ### END SOLUTION


# %% [markdown]
# **In one line.** The residuals again: `∂L/∂A_m = A_m − Y`, or
#
# $$\delta_m = \frac{\partial L}{\partial A_m} = A_m - Y$$

# %% [markdown]
# ## The gradients of a layer
#
# Now one layer by itself: input $A$ (`A_prev`), output $Z$, and $\delta = \partial L / \partial Z$ is known.
#
# **Guess first.** Nudge $w$ in the drawing from 3 to 3.001. Sample 1 has the input 1, so its output 2 goes from 2
# to 2.001. How far does output 2 of sample 2 move, whose input is 3?
#
# Say $\delta$ = [[4, −2], [−2, 1]], a row a sample. Then sample 1 adds −2·1 = −2 to the gradient of $w$, and
# sample 2 adds 1·3 = 3. Together that is 1. For any weight, from input $j$ to output $k$, in loops:
#
# ```
# for each output k, for each input j:
#     for each sample i:
#         grad_W[k, j] += what came from above × what the weight was multiplied with
# ```
#
# Worked out for that $\delta$ and $A$ = [[1, 2], [3, 2]]:
#
# | weight | sample 1 | sample 2 | gradient |
# |---|---|---|---|
# | 1 to 1 | 4·1 | −2·3 | −2 |
# | 2 to 1 | 4·2 | −2·2 | 4 |
# | 1 to 2 | −2·1 | 1·3 | 1 |
# | 2 to 2 | −2·2 | 1·2 | ? |
#
# A bias is multiplied with 1: output 1 has 4 − 2 = 2. And output 2?
#
# A sum of products over samples is a matrix product: of $(d_{out}, n)$ and $(n, d_{in})$ comes $W$'s shape. But where
# $d_{out} = d_{in}$, as here, the transposed product fits too, and is wrong.
#
# On paper: `layer_gradients` must return [[−2, 4], [1, −2]] and [2, −1].


# %%
def layer_gradients(delta: Tensor, A_prev: Tensor) -> tuple[Tensor, Tensor]:
    """Return (grad_W, grad_b) from ∂L/∂output (n, d_out) and the input (n, d_in): (d_out, d_in) and (d_out,)."""
    ### BEGIN SOLUTION
    return delta.T @ A_prev, delta.sum(dim=0)
    ### END SOLUTION


# %% [markdown]
# **In one line.** `∂L/∂W = δᵀ·A`, `∂L/∂bₖ = Σ δᵢₖ`:
#
# $$\frac{\partial L}{\partial W_{kj}} = \sum_{i=1}^{n} \delta_{ik} A_{ij} \qquad
#   \frac{\partial L}{\partial W} = \delta^\top A \qquad
#   \frac{\partial L}{\partial b_k} = \sum_{i=1}^{n} \delta_{ik}$$

# %% [markdown]
# ## One layer back
#
# **Guess first.** How did [4, −2] come about? δ at the end was 2, and the weights were [2, −1]. So 2·2 = 4,
# in exercise 2 $r_i a_2$. And the −2?
#
# An input goes into *every* output of its sample, each time by another weight, and these ways add up. In layer 1,
# input 1 of sample 1 has 4·1 and −2·3, together −2. And input 2?
#
# Going forward, the layer multiplied by `W` transposed. And going back?
#
# On paper: with that $\delta$ and $W_1$, `propagate_delta` must return [[−2, 10], [1, −5]].


# %%
def propagate_delta(delta: Tensor, W: Tensor) -> Tensor:
    """Return ∂L/∂input of a layer, shape (n, d_in), from ∂L/∂output (n, d_out) and its weights (d_out, d_in)."""
    ### BEGIN SOLUTION
    return delta @ W
    ### END SOLUTION


# %% [markdown]
# **In one line.** `∂L/∂A = δ·W`:
#
# $$\frac{\partial L}{\partial A_{ij}} = \sum_{k=1}^{d_{out}} \delta_{ik} W_{kj} \qquad
#   \frac{\partial L}{\partial A} = \delta W$$

# %% [markdown]
# ## All layers
#
# **Guess first.** Which gradient is known first, that of $W_1$ or that of $W_2$? What must layer 2 hand back before
# layer 1 can begin? And what does a layer need of the forward pass?
#
# This is backpropagation as a whole. On paper: $W_2$ has the gradient [[1, −4]] and $b_2$ has [1]; those of layer 1
# you have worked out. Return the first layer's first.


# %%
def backward(weights: list[Tensor], activations: list[Tensor], Y: Tensor) -> tuple[list[Tensor], list[Tensor]]:
    """Return (grad_weights, grad_biases) of L = ½ ΣΣ (A_m − Y)², first layer first; shaped as weights and biases."""
    ### BEGIN SOLUTION
    gradients = []
    delta = output_delta(activations[-1], Y)
    for W, A_prev in zip(reversed(weights), reversed(activations[:-1]), strict=True):
        gradients.append(layer_gradients(delta, A_prev))
        delta = propagate_delta(delta, W)
    gradients.reverse()
    return [grad_W for grad_W, _ in gradients], [grad_b for _, grad_b in gradients]
    ### END SOLUTION


# %% [markdown]
# **In one line.** `∂L/∂W_l = δ_lᵀ·A_{l−1}`, then `δ_{l−1} = δ_l·W_l`, for $l = m, \dots, 1$:
#
# $$\frac{\partial L}{\partial W_l} = \delta_l^\top A_{l-1} \qquad
#   \delta_{l-1} = \frac{\partial L}{\partial A_{l-1}} = \delta_l W_l$$

# %% [markdown]
# ## Take a step
#
# As ever, downhill, here with one learning rate $\eta$ for all layers.
#
# **Guess first.** $w = 3$ has the gradient 1: where does a step with the rate 0.1 lead? And from 2, with the
# gradient 4?
#
# On paper: they must become 2.9 and 1.6.


# %%
def update(
    weights: list[Tensor],
    biases: list[Tensor],
    grad_weights: list[Tensor],
    grad_biases: list[Tensor],
    learning_rate: float,
) -> tuple[list[Tensor], list[Tensor]]:
    """Return (weights, biases) after one step downhill, as new lists of the same shapes."""
    ### BEGIN SOLUTION
    new_weights = [W - learning_rate * gradient for W, gradient in zip(weights, grad_weights, strict=True)]
    new_biases = [b - learning_rate * gradient for b, gradient in zip(biases, grad_biases, strict=True)]
    return new_weights, new_biases
    ### END SOLUTION


# %% [markdown]
# **In one line.** `W_l ← W_l − η·∂L/∂W_l`, `b_l ← b_l − η·∂L/∂b_l`:
#
# $$W_l \leftarrow W_l - \eta \frac{\partial L}{\partial W_l} \qquad
#   b_l \leftarrow b_l - \eta \frac{\partial L}{\partial b_l}$$

# %% [markdown]
# ## Once through the data
#
# As in exercise 1: mini-batches in order, the last one possibly shorter, one step after each. The loss of the
# epoch is the sum of the batch losses, each taken *before* its step.
#
# **Guess first.** One layer, W = [[1]], b = [0]; the points (1, 0) and (2, 2); batches of one; rate 0.5. Batch 1 has
# δ = 1 and the loss 0.5, so W becomes [[0.5]] and b [−0.5]. What are δ and the loss of batch 2?
#
# On paper: they are −1.5 and 1.125. So `train_epoch` must return [[2]], [0.25] and the loss 1.625.


# %%
def train_epoch(
    weights: list[Tensor], biases: list[Tensor], X: Tensor, Y: Tensor, learning_rate: float, batch_size: int
) -> tuple[list[Tensor], list[Tensor], Tensor]:
    """Return (weights, biases, epoch_loss), one step a batch; epoch_loss is the sum of the batch losses, shape ()."""
    ### BEGIN SOLUTION
    epoch_loss = X.new_zeros(())
    for X_batch, Y_batch in zip(torch.split(X, batch_size), torch.split(Y, batch_size), strict=True):
        activations = forward(weights, biases, X_batch)
        epoch_loss = epoch_loss + loss(activations[-1], Y_batch)
        grad_weights, grad_biases = backward(weights, activations, Y_batch)
        weights, biases = update(weights, biases, grad_weights, grad_biases, learning_rate)
    return weights, biases, epoch_loss
    ### END SOLUTION


# %% [markdown]
# **In one line.** For each batch: forward, loss, backward, update.

# %% [markdown]
# ## Train it
#
# There is nothing to write or to grade from here on. Run this to see your functions at work: first on the small
# net, beside autograd and beside a nudge of each number. You may change its start values.
#
# Then three layers learn from 442 patients and ten factors how far their diabetes will have advanced in a year.
# Each factor is standardised: minus its mean, divided by its standard deviation. Otherwise cholesterol, in the
# hundreds, would need another learning rate than the rest.
#
# The *variance* is how much the truth scatters around its mean. A plain least-squares fit, the best that one layer
# can do, explains 52 % of it. The model comes close and cannot get
# beyond: three linear layers are one linear layer.
#
# **Guess, then run.** Change this at the top of `main`. Say what the loss will do, then look:
#
# - `rate = 0.01` and `batch_size = 442`: all patients at once: how fast does it run away?
# - `widths = [10, 1]`: one layer only. What becomes of the 52 %?


# %%
def here() -> Path:
    """Return the folder of this file; of a notebook, the current one."""
    return Path(__file__).resolve().parent if "__file__" in globals() else Path.cwd()


def load(name: str) -> tuple[Tensor, Tensor]:
    """Return all columns of a file in datasets/ but the last, shape (n, d), and the last, shape (n, 1)."""
    place = here() if (here() / "datasets").is_dir() else here().parent
    table = torch.from_numpy(np.loadtxt(place / "datasets" / name, delimiter=",", skiprows=1))
    return table[:, :-1], table[:, -1:]


def standardise(columns: Tensor) -> Tensor:
    """Return each column with the mean 0 and the standard deviation 1."""
    return (columns - columns.mean(dim=0)) / columns.std(dim=0, correction=0)


def start(widths: list[int], seed: int) -> tuple[list[Tensor], list[Tensor]]:
    """Return random weights, of a size that keeps the outputs as large as the inputs, and biases of zero."""
    generator = torch.Generator().manual_seed(seed)
    shapes = list(zip(widths[1:], widths[:-1], strict=True))
    weights = [torch.randn(shape, generator=generator, dtype=torch.float64) / shape[1] ** 0.5 for shape in shapes]
    return weights, [torch.zeros(d_out, dtype=torch.float64) for d_out, _ in shapes]


def by_autograd(net: dict[str, Tensor], Y: Tensor) -> dict[str, Tensor]:
    """Return the loss of the small net and its gradients as PyTorch finds them: nothing of yours is in it."""
    watched = {name: value.clone().requires_grad_() for name, value in net.items()}
    watched["A1"] = nn.functional.linear(watched["X"], watched["W1"], watched["b1"])
    Y_pred = nn.functional.linear(watched["A1"], watched["W2"], watched["b2"])
    its_loss = nn.functional.mse_loss(Y_pred, Y, reduction="sum") / 2
    gradients = torch.autograd.grad(its_loss, list(watched.values()))
    return {"loss": its_loss.detach(), **dict(zip(watched, gradients, strict=True))}


def by_nudge(measure: Callable[[Tensor], Tensor], values: Tensor) -> Tensor:
    """Return how much `measure` moves for each unit of each number, found by trying one after the other."""
    moved = torch.zeros_like(values)
    for place in np.ndindex(values.shape):
        step = torch.zeros_like(values)
        step[place] = 0.001
        moved[place] = (measure(values + step) - measure(values - step)) / 0.002
    return moved


def show_small_net() -> None:
    """Print the loss and the gradients of the drawn net, each found in every way there is, and where one step leads."""
    rows = {"X": [[1, 2], [3, 2]], "W1": [[1, 2], [3, -1]], "b1": [-2, 1], "W2": [[2, -1]], "b2": [1]}  # try others
    net = {name: torch.tensor(row, dtype=torch.float64) for name, row in rows.items()}
    X, W1, b1, W2, b2 = net.values()
    Y = torch.tensor([[3], [4]], dtype=torch.float64)
    _, A1, Y_pred = forward([W1, W2], [b1, b2], X)
    autograd = by_autograd(net, Y)

    def show(name: str, by_hand: Tensor, measure: Callable[[Tensor], Tensor], values: Tensor) -> None:
        nudged = by_nudge(measure, values)
        for place in np.ndindex(values.shape):
            label = f"dL/d{name}[{','.join(str(at + 1) for at in place)}]"
            columns = (float(each[place]) for each in (by_hand, nudged, autograd[name]))
            print(f"{label:11}" + "".join(f"{shown(value, 3):>10}" for value in columns))

    print(f"{'small net':11}{'by hand':>10}{'nudged':>10}{'autograd':>10}")
    print(f"{'loss':11}{shown(float(loss(Y_pred, Y)), 3):>10}{'':10}{shown(float(autograd['loss']), 3):>10}")
    delta = output_delta(Y_pred, Y)
    grad_W2, grad_b2 = layer_gradients(delta, A1)
    show("W2", grad_W2, lambda W: loss(forward([W1, W], [b1, b2], X)[-1], Y), W2)
    show("b2", grad_b2, lambda b: loss(forward([W1, W2], [b1, b], X)[-1], Y), b2)
    show("A1", propagate_delta(delta, W2), lambda A: loss(forward([W2], [b2], A)[-1], Y), A1)
    (grad_W1, _), (grad_b1, _) = gradients = backward([W1, W2], [X, A1, Y_pred], Y)
    show("W1", grad_W1, lambda W: loss(forward([W, W2], [b1, b2], X)[-1], Y), W1)
    show("b1", grad_b1, lambda b: loss(forward([W1, W2], [b, b2], X)[-1], Y), b1)
    after = forward(*update([W1, W2], [b1, b2], *gradients, 0.01), X)[-1]
    print(f"one step with the rate 0.01 leads to the loss {shown(float(loss(after, Y)), 3)}")


def shown(value: float, decimals: int) -> str:
    """Return a number as text, one with many digits as 3.2e+49."""
    return f"{value:.{decimals}f}" if abs(value) < 1e9 else f"{value:.1e}"


def explained(Y_pred: Tensor, Y: Tensor) -> float:
    """Return the share of the variance of Y that the predictions explain: 1 if all are right, 0 for the mean."""
    return 1 - float(torch.sum((Y_pred - Y) ** 2) / torch.sum((Y - Y.mean()) ** 2))


def show_predictions(Y_pred: Tensor, Y: Tensor, title: str) -> None:
    """Draw predicted against true; without a display, save the picture beside this file."""
    import matplotlib.pyplot as plt

    plt.plot(Y, Y_pred, "go", label="patients", alpha=0.3)
    ends = [float(Y.min()), float(Y.max())]
    plt.plot(ends, ends, "k--", label="predicted = true")
    plt.xlabel("true progression after one year")
    plt.ylabel("predicted progression")
    plt.title(title)
    plt.legend()
    if plt.get_backend().lower() != "agg":  # matplotlib's choice where there is no display
        plt.show()
        return
    try:
        plt.savefig(here() / "exercise4.png")
        print(f"picture: {here() / 'exercise4.png'}")
    except OSError as error:
        print(f"The picture cannot be saved in {here()} ({error.strerror}).")


def main() -> None:
    """Take one step, train, show the predictions; where a function is not written yet, say which."""
    # Guess, then run: what will the loss do with rate = 0.01, batch_size = 442? And the share with widths = [10, 1]?
    rate, batch_size, widths = 0.001, 32, [10, 5, 3, 1]
    torch.set_num_threads(1)  # with matrices as small as these, threads only wait for each other
    try:
        show_small_net()
        factors, progression = load("diabetes.csv")
        X, Y = standardise(factors), standardise(progression)
        weights, biases = start(widths, seed=0)
        for epoch in range(1, 501):
            weights, biases, epoch_loss = train_epoch(weights, biases, X, Y, rate, batch_size)
            if epoch <= 5 or epoch % 50 == 0:
                print(f"epoch {epoch:3}  loss {shown(float(epoch_loss), 3):>10}")
            if not torch.isfinite(epoch_loss):
                print(f"epoch {epoch:3}: the loss has run away, beyond all numbers. What did each step do to it?")
                return
        Y_pred = forward(weights, biases, X)[-1]
        share = explained(Y_pred, Y)
        plain = explained(X @ torch.linalg.lstsq(X, Y).solution, Y)
        print(f"variance explained: {share:.4f}; by plain least squares: {plain:.4f}")
        in_units = Y_pred * progression.std(correction=0) + progression.mean()
        show_predictions(in_units, progression, f"Widths {widths}: {share:.0%} of the variance explained")
    except NotImplementedError as todo:
        print(f"{todo}. That is your next step; `grade exercise4` tells you how it went.")
    except FileNotFoundError as missing:
        print(f"{missing} Its place is the folder datasets/ of the kit; get it from where you have the kit.")


if __name__ == "__main__":
    main()

# %% [markdown]
# **What came of it**
#
# - The losses of five epochs are about 270, 619, 4,982,869, 1.8e+28 and 3.4e+136. In each layer's gradient stand the
#   weights of the others: the larger they are, the longer the next step. The sixth loss is `nan`, "not a number":
#   what comes of infinity minus infinity.
# - With `widths = [10, 1]` the 52 % stay: three linear layers can do no more than one.
