# %% [markdown]
# # Exercise 4: Many layers, many factors
#
# Real data has more than one factor, and a network may have more than two layers. Neither needs a new
# idea: write exercise 2 with matrices, and three formulas do for any number of layers of any width.
#
# **By hand**, as in exercises 1 and 2: no `backward()` of PyTorch's, no optimizer, no ready-made loss.
# `grade exercise4` compares your gradients with those of autograd, PyTorch's own differentiation.
#
# What holds for every function here:
#
# - $n$ samples, and layers $1, \dots, m$. Layer $l$ turns $d_{l-1}$ numbers a sample into $d_l$.
# - `weights` and `biases` are lists of tensors, first layer first.
# - Nothing non-linear stands between the layers.
# - Return new tensors; leave the ones you are given unchanged.
# - You may call the functions you have written further up. Each function is graded on its own, so a
#   mistake in one costs nothing in another.
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

# %%
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

# %% [markdown]
# ## Forward
#
# $$A_0 = X \qquad A_l = A_{l-1} W_l^\top + b_l$$
#
# In words: output $k$ of a layer is the sum of all its inputs, each times a weight of its own, plus bias $k$.
# The weights of output $k$ are row $k$ of $W_l$, as in `nn.Linear`; hence the transpose. The bias is added to
# every row.
#
# Keep the output of every layer: the way back needs them.


# %%
def forward(weights: list[Tensor], biases: list[Tensor], X: Tensor) -> list[Tensor]:
    """Return [X, A_1, …, A_m], the input and every layer's output; A_l has the shape (n, d_l)."""
    raise NotImplementedError("forward is not written yet")


# %% [markdown]
# ## Measure the error
#
# The loss of exercise 1, with the sum over all samples and all outputs:
#
# $$L = \frac{1}{2} \sum_{i=1}^{n} \sum_{k=1}^{d_m} (A_m - Y)_{ik}^2$$


# %%
def loss(Y_pred: Tensor, Y: Tensor) -> Tensor:
    """Return ½ ΣΣ (Y_pred − Y)², the sum over all samples and outputs, shape ()."""
    raise NotImplementedError("loss is not written yet")


# %% [markdown]
# ## The error at the end
#
# Start at the end, as in exercise 2. How does $L$ change with one of the predictions? Only one of the squares
# contains it, so
#
# $$\delta_m = \frac{\partial L}{\partial A_m} = A_m - Y$$
#
# That is the residual again, one for each sample and output.


# %%
def output_delta(Y_pred: Tensor, Y: Tensor) -> Tensor:
    """Return ∂L/∂Y_pred of the loss L = ½ ΣΣ (Y_pred − Y)², summed, shape (n, d_m) as Y_pred."""
    raise NotImplementedError("output_delta is not written yet")


# %% [markdown]
# ## The gradients of a layer
#
# Now one layer by itself. Call its input $A$ (`A_prev`) and its output $Z$, and suppose that
# $\delta = \partial L / \partial Z$ is known. In single numbers, the layer says
#
# $$Z_{ik} = \sum_{j=1}^{d_{in}} A_{ij} W_{kj} + b_k$$
#
# The weight $W_{kj}$ carries input $j$ to output $k$, and does so in every sample. By the chain rule each sample
# adds its share, what comes from above times what the weight was multiplied with:
#
# $$\frac{\partial L}{\partial W_{kj}} = \sum_{i=1}^{n} \delta_{ik} A_{ij} \qquad
#   \frac{\partial L}{\partial b_k} = \sum_{i=1}^{n} \delta_{ik}$$
#
# Compare $\sum_i r_i g_i$ and $\sum_i r_i$ of exercise 2. A sum over $i$ of products is a matrix product, so for
# all weights at once
#
# $$\frac{\partial L}{\partial W} = \delta^\top A$$
#
# The shapes confirm it: $(d_{out}, n)$ times $(n, d_{in})$ is $(d_{out}, d_{in})$, the shape of $W$. But where
# $d_{out} = d_{in}$, the transposed product has the right shape too, and is wrong.


# %%
def layer_gradients(delta: Tensor, A_prev: Tensor) -> tuple[Tensor, Tensor]:
    """Return (grad_W, grad_b) from ∂L/∂output (n, d_out) and the input (n, d_in): (d_out, d_in) and (d_out,)."""
    raise NotImplementedError("layer_gradients is not written yet")


# %% [markdown]
# ## One layer back
#
# For the layer before, we need $\partial L / \partial A$. The input $A_{ij}$ goes into *every* output of sample $i$,
# so its influence on $L$ takes all these ways, and the ways add up:
#
# $$\frac{\partial L}{\partial A_{ij}} = \sum_{k=1}^{d_{out}} \delta_{ik} W_{kj} \qquad
#   \frac{\partial L}{\partial A} = \delta W$$
#
# In exercise 2 there was one way, and this was $r_i a_2$. Going forward, the layer multiplies by $W^\top$; going
# back, by $W$.


# %%
def propagate_delta(delta: Tensor, W: Tensor) -> Tensor:
    """Return ∂L/∂input of a layer, shape (n, d_in), from ∂L/∂output (n, d_out) and its weights (d_out, d_in)."""
    raise NotImplementedError("propagate_delta is not written yet")


# %% [markdown]
# ## All layers
#
# This is backpropagation as a whole. Begin with $\delta_m$, and go from the last layer to the first:
#
# $$\frac{\partial L}{\partial W_l} = \delta_l^\top A_{l-1} \qquad
#   \delta_{l-1} = \frac{\partial L}{\partial A_{l-1}} = \delta_l W_l$$
#
# and the bias gradients alongside. Each layer needs only its own input, its own weights, and what the layer
# after it hands back. The gradients come out last layer first; return them first layer first.


# %%
def backward(weights: list[Tensor], activations: list[Tensor], Y: Tensor) -> tuple[list[Tensor], list[Tensor]]:
    """Return (grad_weights, grad_biases) of L = ½ ΣΣ (A_m − Y)², first layer first; shaped as weights and biases."""
    raise NotImplementedError("backward is not written yet")


# %% [markdown]
# ## Take a step
#
# As ever, downhill, here with one learning rate $\eta$ for all layers:
#
# $$W_l \leftarrow W_l - \eta \frac{\partial L}{\partial W_l} \qquad
#   b_l \leftarrow b_l - \eta \frac{\partial L}{\partial b_l}$$


# %%
def update(
    weights: list[Tensor],
    biases: list[Tensor],
    grad_weights: list[Tensor],
    grad_biases: list[Tensor],
    learning_rate: float,
) -> tuple[list[Tensor], list[Tensor]]:
    """Return (weights, biases) after one step downhill, as new lists of the same shapes."""
    raise NotImplementedError("update is not written yet")


# %% [markdown]
# ## Once through the data
#
# As in exercise 1: consecutive mini-batches in order, the last one possibly shorter, one step after each. The
# loss of the epoch is the sum of the batch losses, each taken *before* its step.


# %%
def train_epoch(
    weights: list[Tensor], biases: list[Tensor], X: Tensor, Y: Tensor, learning_rate: float, batch_size: int
) -> tuple[list[Tensor], list[Tensor], Tensor]:
    """Return (weights, biases, epoch_loss), one step a batch; epoch_loss is the sum of the batch losses, shape ()."""
    raise NotImplementedError("train_epoch is not written yet")


# %% [markdown]
# ## Train it
#
# There is nothing to write or to grade from here on. Run this to see your functions at work. The first step
# is exercise 2's, with matrices of one row and one column: the same numbers must come out.
#
# Then three layers learn from 442 patients and ten factors how far their diabetes will have advanced in a year.
# Each factor is standardised first: minus its mean, divided by its standard deviation. Otherwise cholesterol,
# in the hundreds, would need another learning rate than the rest; remember exercise 1.
#
# The model comes close to what a plain least-squares fit on the ten factors explains, 52 % of the variance, and
# cannot get beyond: three linear layers are one linear layer, as two lines were one line in exercise 2.


# %%
def load(name: str) -> tuple[Tensor, Tensor]:
    """Return all columns of a file in datasets/ but the last, shape (n, d), and the last, shape (n, 1)."""
    folder = Path(__file__).resolve().parent if "__file__" in globals() else Path.cwd()
    place = folder if (folder / "datasets").is_dir() else folder.parent
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


def show_first_step() -> None:
    """Print the loss and the gradients of exercise 2's first step, done with matrices, beside the numbers there."""
    X = torch.tensor([[1.0], [3.0], [5.0], [7.0], [9.0]], dtype=torch.float64)
    Y = 2 * X + 10
    weights = [X.new_full((1, 1), 20) for _ in range(2)]
    biases = [X.new_full((1,), 30) for _ in range(2)]
    activations = forward(weights, biases, X)
    print("first step    matrices  exercise 2")
    print(f"loss      {float(loss(activations[-1], Y)):12.2f} {20198330:11.2f}")
    delta = output_delta(activations[-1], Y)
    grad_W2, grad_b2 = layer_gradients(delta, activations[1])
    print(f"dL/da2    {float(grad_W2):12.2f} {2014900:11.2f}")
    print(f"dL/db2    {float(grad_b2):12.2f} {13050:11.2f}")
    print(f"dL/dg_1   {float(propagate_delta(delta, weights[1])[0]):12.2f} {20360:11.2f}")
    grad_weights, grad_biases = backward(weights, activations, Y)
    print(f"dL/da1    {float(grad_weights[0]):12.2f} {1623400:11.2f}")
    print(f"dL/db1    {float(grad_biases[0]):12.2f} {261000:11.2f}")
    after = update(weights, biases, grad_weights, grad_biases, 1e-6)
    (a1, a2), (b1, b2) = ([float(value) for value in values] for values in after)
    print(f"leads to a1 = {a1:.4f}, b1 = {b1:.4f}, a2 = {a2:.4f}, b2 = {b2:.4f}")


def explained(Y_pred: Tensor, Y: Tensor) -> float:
    """Return the share of the variance of Y that the predictions explain: 1 if all are right, 0 for the mean."""
    return 1 - float(torch.sum((Y_pred - Y) ** 2) / torch.sum((Y - Y.mean()) ** 2))


def show_predictions(Y_pred: Tensor, Y: Tensor, title: str) -> None:
    """Draw predicted against true; without a display, save the picture in the current folder."""
    import matplotlib.pyplot as plt

    plt.plot(Y, Y_pred, "go", label="patients", alpha=0.3)
    ends = [float(Y.min()), float(Y.max())]
    plt.plot(ends, ends, "k--", label="predicted = true")
    plt.xlabel("true progression after one year")
    plt.ylabel("predicted progression")
    plt.title(title)
    plt.legend()
    if plt.get_backend().lower() == "agg":  # matplotlib's choice where there is no display
        plt.savefig("exercise4.png")
        print(f"picture: {Path('exercise4.png').resolve()}")
    else:
        plt.show()


def main() -> None:
    """Take one step, train, show the predictions; where a function is not written yet, say which."""
    torch.set_num_threads(1)  # with matrices as small as these, threads only wait for each other
    factors, progression = load("diabetes.csv")
    X, Y = standardise(factors), standardise(progression)
    weights, biases = start([10, 5, 3, 1], seed=0)
    try:
        show_first_step()
        for epoch in range(1, 501):
            weights, biases, epoch_loss = train_epoch(weights, biases, X, Y, 1e-3, 32)
            if epoch == 1 or epoch % 50 == 0:
                print(f"epoch {epoch:3}  loss {float(epoch_loss):10.3f}")
        Y_pred = forward(weights, biases, X)[-1]
        share = explained(Y_pred, Y)
        plain = explained(X @ torch.linalg.lstsq(X, Y).solution, Y)
        print(f"variance explained: {share:.4f}; by plain least squares: {plain:.4f}")
        in_units = Y_pred * progression.std(correction=0) + progression.mean()
        show_predictions(in_units, progression, f"Three layers, ten factors: {share:.0%} of the variance explained")
    except NotImplementedError as todo:
        print(f"{todo}. That is your next step; `grade exercise4` tells you how it went.")


if __name__ == "__main__":
    main()
