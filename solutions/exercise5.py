# %% [markdown]
# # Exercise 5: Bent lines: the multilayer perceptron
#
# Layers that are lines make a line, however many there are. Here a bend goes between them, and the network
# can follow a curve. Such a network is called a multilayer perceptron.
#
# **By hand**, as before: no `backward()` of PyTorch's, no optimizer, no ready-made loss.
# `grade exercise5` compares your gradients with those of autograd, PyTorch's own differentiation.
#
# What holds for every function here:
#
# - Shapes and lists are those of exercise 4: $n$ samples, layers $1, \dots, m$, first layer first.
# - A layer now has two steps. $Z_l$ is what exercise 4 called its output; $A_l$ is that after the bend.
# - The last layer has no bend: $A_m = Z_m$. Otherwise it could not answer every number.
# - Return new tensors; leave the ones you are given unchanged.
# - You may call the functions you have written further up. Each function is graded on its own, so a
#   mistake in one costs nothing in another.
# - Below each function stands what it comes to, "in one line". Try first.
#
# | name | what it is | shape |
# |---|---|---|
# | `X`, $A_0$ | the input, one row a sample | $(n, d_0)$ |
# | `Y` | the truth | $(n, d_m)$ |
# | `weights`, `biases` | lists of $W_l$ and of $b_l$ | $(d_l, d_{l-1})$ and $(d_l,)$ |
# | `pre_activations` | list of $Z_1, \dots, Z_m$, before the bend | $(n, d_l)$ |
# | `activations` | list of $A_0, A_1, \dots, A_m$, after the bend | $(n, d_l)$ |
# | `upstream` | how fast $L$ moves with the output of a step, known already | as that output |
#
# Tools that are new, shown with `z`, which is [−1, 3]:
#
# | you write | you get |
# |---|---|
# | `z > 1` | [False, True]: asked of each number |
# | `5 * (z > 1)` | [0, 5]: False counts as 0, True as 1 |
# | `torch.where(z > 1, z, 7.0)` | [7, 3]: z where it is true, else 7 |
# | `z.abs()` | [1, 3]: without the signs |
# | `torch.exp(z)` | [0.3679, 20.0855]: the number $e$, about 2.718, to the power of each |
# | `g = torch.Generator()` | a source of chance; `g.manual_seed(1)` says where it begins |
# | `torch.randn(2, 3, generator=g)` | 2 rows of 3 numbers by chance, standard normal |

# %%
import math
from itertools import pairwise
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

# %% [markdown]
# ## A bend: relu
#
# **Guess first.** Exercise 2 ended with a disappointment: two lines, one after the other, are one line. You may
# do one thing to the numbers between the two. Would adding 5 to each help? Would replacing each number below 0 by 0?
#
# Adding 5 leaves a line. The second idea does not: it treats some numbers in another way than others.
# Below 0 the result stays flat, above 0 it rises. It is called *relu*, the rectified linear unit.
# A sum of such bends, each at a place of its own, can follow any curve.
#
# ![left: relu is flat below zero and rises above it; right: three lines with a bend each, and their sum, a
# zigzag](pictures/exercise5_bends.png)
#
# On paper: `z` = [3, −2] must give [3, 0].


# %%
def relu(z: Tensor) -> Tensor:
    """Return z with 0 in the place of each negative number, shape as z."""
    ### BEGIN SOLUTION
    return torch.clamp(z, min=0)
    ### END SOLUTION


# %% [markdown]
# **In one line**
#
# $$\mathrm{relu}(z) = \max(0, z)$$
#
# `relu(z) = max(0, z)`

# %% [markdown]
# ## Back through relu
#
# **Guess first.** One number $z$ is 3 and grows a little. By how much does relu of it grow? And if $z$ is −2?
#
# Write $a$ for relu of $z$. Above 0, $a$ is $z$ itself, and moves as far as $z$ does:
#
# $$\frac{\partial a}{\partial z} = 1 \qquad \text{where } z > 0$$
#
# The derivative below 0 is yours to find: nudge $z = -2$ by a little, and see how far $a$ moves. At 0 exactly there
# is a corner and no derivative; no check asks about it.
#
# The chain rule does the rest. `upstream` says how fast $L$ moves with $a$; times the derivative, that is how fast
# $L$ moves with $z$. So what comes from above passes some places, and is stopped at others. Mind *whose* sign
# decides: that of $z$, where the curve bends. The sign of `upstream` is another matter.
#
# On paper: `upstream` = [5, 7] and `z` = [3, −2] must give [5, 0].


# %%
def relu_gradient(upstream: Tensor, z: Tensor) -> Tensor:
    """Return ∂L/∂z, given upstream = ∂L/∂relu(z), shape as z."""
    ### BEGIN SOLUTION
    return upstream * (z > 0)
    ### END SOLUTION


# %% [markdown]
# **In one line**, with $u$ for `upstream`, 1 for true and 0 for false:
#
# $$u \cdot [z > 0]$$
#
# `upstream where z > 0, else 0`

# %% [markdown]
# ## A smooth bend: tanh
#
# **Guess first.** Another curve bends softly: the hyperbolic tangent, $(e^z - e^{-z}) / (e^z + e^{-z})$.
# What is it at $z = 0$? And what becomes of it when $z$ is 1000, on paper and in a computer?
#
# At 0 it is 0. For a large $z$, $e^{-z}$ is next to nothing, and what is left is nearly $e^z / e^z$, so 1.
# A computer sees it differently: $e^{1000}$ is larger than any number it can hold. It takes infinity instead,
# and infinity by infinity is no number at all (`nan`).
#
# The value itself is harmless: it lies between −1 and 1 for every $z$. So find a way that never makes a huge number.
# PyTorch has one ready, and you may use it; or write the formula in such a way that the exponent is never
# above 0.
#
# On paper: `z` = [0, 1000, −1000] must give [0, 1, −1].


# %%
def tanh(z: Tensor) -> Tensor:
    """Return the hyperbolic tangent of z, right for every finite z, shape as z."""
    ### BEGIN SOLUTION
    return torch.tanh(z)
    ### END SOLUTION


# %% [markdown]
# **In one line**, for the size of $z$; its sign comes back at the end:
#
# $$\tanh |z| = (1 - e^{-2|z|}) / (1 + e^{-2|z|})$$
#
# `tanh|z| = (1 − e^(−2|z|)) / (1 + e^(−2|z|))`, or `torch.tanh(z)`

# %% [markdown]
# ## Back through tanh
#
# **Guess first.** The curve is steepest at 0 and flat far out. At $z = 0$ its derivative is 1. What is it at
# $z = 1000$, to a good many digits? How much of `upstream` then gets through?
#
# Write $s = e^z - e^{-z}$ and $c = e^z + e^{-z}$, so that tanh is $t = s / c$. Each of the two is the derivative
# of the other: differentiate and see. The rule for a quotient then gives
#
# $$\frac{\partial t}{\partial z} = \frac{c^2 - s^2}{c^2}$$
#
# The last small step is yours: divide it out, and only $t$ is left in the formula. No exponential is
# needed any more, so nothing can overflow. Then comes the chain rule, as with relu: that derivative, taken *at z*,
# times `upstream`.
#
# On paper: where $t$ is 0.5, the derivative is 0.75. `upstream` = [4, 4] and `z` = [0, 1000] must give [4, 0].


# %%
def tanh_gradient(upstream: Tensor, z: Tensor) -> Tensor:
    """Return ∂L/∂z, given upstream = ∂L/∂tanh(z), right for every finite z, shape as z."""
    ### BEGIN SOLUTION
    return upstream * (1 - tanh(z) ** 2)
    ### END SOLUTION


# %% [markdown]
# **In one line**, with $u$ for `upstream`:
#
# $$u \cdot (1 - \tanh^2 z)$$
#
# `upstream·(1 − tanh(z)²)`

# %% [markdown]
# ## Forward
#
# **Guess first.** One sample, $x = 2$. Layer 1 has two outputs, with the weights 1 and −1 and no bias. Layer 2 adds
# them up. What comes out with relu in between? And what without?
#
# Every layer begins as in exercise 4, with $A_{l-1}$ the output of the layer before:
#
# $$Z_l = A_{l-1} W_l^\top + b_l$$
#
# Then $A_l$ is relu of $Z_l$, in every layer but the last. There $A_m = Z_m$.
# The next layer is given $A_l$, not $Z_l$.
#
# Keep both lists. The way back needs $A_{l-1}$ for the weights, and $Z_l$ to see where relu let something pass.
# `activations` begins with the input and has one member more than `pre_activations`.
#
# On paper: the guess must give $Z_1$ = [2, −2], $A_1$ = [2, 0] and $Z_2 = A_2$ = [2]. Without relu it would be 0.


# %%
def forward(weights: list[Tensor], biases: list[Tensor], X: Tensor) -> tuple[list[Tensor], list[Tensor]]:
    """Return (activations, pre_activations): [X, A_1, …, A_m] and [Z_1, …, Z_m], each of the shape (n, d_l)."""
    ### BEGIN SOLUTION
    activations, pre_activations = [X], []
    for number, (W, b) in enumerate(zip(weights, biases, strict=True), start=1):
        Z = activations[-1] @ W.T + b
        pre_activations.append(Z)
        activations.append(relu(Z) if number < len(weights) else Z)
    return activations, pre_activations
    ### END SOLUTION


# %% [markdown]
# **In one line**, for every layer but the last:
#
# $$A_l = \mathrm{relu}(A_{l-1} W_l^\top + b_l)$$
#
# `A_l = relu(A_{l−1}·W_lᵀ + b_l)`, and without relu in the last

# %% [markdown]
# ## All layers back
#
# **Guess first.** An output of a layer is called a *unit*, and a hidden one in all layers but the last. A hidden
# unit had $z = -2$ for every sample, so relu made 0 of it. If its weight grows a little, does the loss change? What is
# the gradient of that weight?
#
# The loss is that of exercise 4, half the sum of the squared residuals. So the start is known:
#
# $$\frac{\partial L}{\partial Z_m} = A_m - Y$$
#
# Now write $\delta_l$ for $\partial L / \partial Z_l$. From $Z_l$ back to the weights there is no bend: all is
# as in exercise 4. For the bias of one unit, number $k$ of its layer, and sample $i$:
#
# $$\frac{\partial L}{\partial b_k} = \sum_{i=1}^{n} \delta_{ik}$$
#
# That of $W_l$ is yours; exercise 4 has the same. Mind what went into the layer: the output after the bend.
#
# To come to layer $l - 1$, take two steps back in place of one. First through the weights, as in exercise 4: that
# leads to $A_{l-1}$. Then through the bend, from $A_{l-1}$ to $Z_{l-1}$. You have written a function for that.
# The last layer has no bend, so nothing is stopped there.
#
# On paper: one sample with two hidden units, all weights of layer 2 are 1. With $A_m - Y = 3$ and $Z_1$ = [2, −2],
# $\delta_1$ must be [3, 0].


# %%
def backward(
    weights: list[Tensor], activations: list[Tensor], pre_activations: list[Tensor], Y: Tensor
) -> tuple[list[Tensor], list[Tensor]]:
    """Return (grad_weights, grad_biases) of L = ½ ΣΣ (A_m − Y)², first layer first; shaped as weights and biases."""
    ### BEGIN SOLUTION
    gradients = []
    delta = activations[-1] - Y
    for number in reversed(range(len(weights))):
        gradients.append((delta.T @ activations[number], delta.sum(dim=0)))
        if number > 0:
            delta = relu_gradient(delta @ weights[number], pre_activations[number - 1])
    gradients.reverse()
    return [grad_W for grad_W, _ in gradients], [grad_b for _, grad_b in gradients]
    ### END SOLUTION


# %% [markdown]
# **In one line**, with a dot in a circle for a product entry by entry:
#
# $$\delta_{l-1} = (\delta_l W_l) \odot [Z_{l-1} > 0] \qquad \frac{\partial L}{\partial W_l} = \delta_l^\top A_{l-1}$$
#
# `δ_{l−1} = δ_l·W_l where Z_{l−1} > 0, else 0`, and `∂L/∂W_l = δ_lᵀ·A_{l−1}`

# %% [markdown]
# ## Where to start
#
# **Guess first.** A layer has two units, and both start with the same weights. What is each one's gradient?
# After 100 steps, how do the two differ?
#
# They do not differ, ever: the same input, the same error, the same step. So the weights must start
# *different*, and chance is the easiest way. Draw each from a normal distribution with mean 0, in every layer anew.
# Biases may start at 0: the weights are different already.
#
# How widely should the weights spread? A unit adds up $d_{in}$ products, so its output has a variance about $d_{in}$
# times that of a weight. If that is much more than 1, numbers grow from layer to layer; if less, they die away.
# And relu throws half of it away, which doubles what is needed. So the variance of a weight has to be
#
# $$\sigma^2 = 2 / d_{in}$$
#
# with $d_{in}$ the number of inputs of *that* layer. The standard deviation $\sigma$, by which you multiply a standard
# normal number, is the square root of it.
#
# `seed` makes chance repeatable: the same seed gives the same weights, another seed others. Make one generator,
# `torch.Generator().manual_seed(seed)`, and let all layers draw from it.
#
# On paper: a layer with 8 inputs must start with the standard deviation 0.5. With `sizes` = [8, 3, 1], the weights
# must have the shapes (3, 8) and (1, 3).


# %%
def initialize(sizes: list[int], seed: int) -> tuple[list[Tensor], list[Tensor]]:
    """Return (weights, biases) to start from: for sizes = [d_0, …, d_m] random (d_l, d_{l-1}), and zeros (d_l,)."""
    ### BEGIN SOLUTION
    generator = torch.Generator().manual_seed(seed)
    weights, biases = [], []
    for d_in, d_out in pairwise(sizes):
        weights.append(math.sqrt(2 / d_in) * torch.randn(d_out, d_in, generator=generator, dtype=torch.float64))
        biases.append(torch.zeros(d_out, dtype=torch.float64))
    return weights, biases
    ### END SOLUTION


# %% [markdown]
# **In one line**, with $\mathcal{N}$ for a standard normal number:
#
# $$W = \mathcal{N} \cdot \sqrt{2 / d_{in}}$$
#
# `W = √(2 / d_in)·(a standard normal number for each weight)`

# %% [markdown]
# ## Once through the data
#
# **Guess first.** Seven samples in batches of three: how many steps does an epoch take, and how many samples see
# the weights that nothing has changed yet?
#
# As in exercise 4: consecutive mini-batches in order, the last one possibly shorter, one step downhill after
# each, with one learning rate for all. The loss of the epoch is the sum of the batch losses, each taken *before*
# its step. This exercise has no `loss` and no `update`; a line each will do.
#
# On paper: one layer with $W = 2$ and $b = 3$, and samples 1 and 3 with the truth 4 and 10, in one batch. The residuals
# are 1 and −1, so `epoch_loss` must be 1. With the learning rate 0.5, $W$ must become 3 and $b$ stay 3.


# %%
def train_epoch(
    weights: list[Tensor], biases: list[Tensor], X: Tensor, Y: Tensor, learning_rate: float, batch_size: int
) -> tuple[list[Tensor], list[Tensor], Tensor]:
    """Return (weights, biases, epoch_loss), one step a batch; epoch_loss is the sum of the batch losses, shape ()."""
    ### BEGIN SOLUTION
    epoch_loss = X.new_zeros(())
    for X_batch, Y_batch in zip(torch.split(X, batch_size), torch.split(Y, batch_size), strict=True):
        activations, pre_activations = forward(weights, biases, X_batch)
        epoch_loss = epoch_loss + torch.sum((activations[-1] - Y_batch) ** 2) / 2
        grad_weights, grad_biases = backward(weights, activations, pre_activations, Y_batch)
        weights = [W - learning_rate * gradient for W, gradient in zip(weights, grad_weights, strict=True)]
        biases = [b - learning_rate * gradient for b, gradient in zip(biases, grad_biases, strict=True)]
    return weights, biases, epoch_loss
    ### END SOLUTION


# %% [markdown]
# **In one line**, for each batch:
#
# $$W_l \leftarrow W_l - \eta \frac{\partial L}{\partial W_l} \qquad
#   b_l \leftarrow b_l - \eta \frac{\partial L}{\partial b_l}$$
#
# `W_l ← W_l − η·∂L/∂W_l`, and `b_l ← b_l − η·∂L/∂b_l`

# %% [markdown]
# ## Train it
#
# There is nothing to write or to grade from here on. Run this to see your functions at work. First come
# the two bends and their derivatives. Then one weight of each layer of a small network is nudged a little, up and down.
# What that does to the loss must agree with your gradients.
#
# Then a network with three hidden layers learns a wave from 121 points, $y = \sin 2x$ with noise. A straight line
# explains 17 % of the variance there. The same kind of network also learns from 50 cars how far they go until they
# stand still. There a straight line explains 65 %, and a bend adds little: not every curve is worth it.
#
# **Guess, then run.** Change this at the top of `main`. Say what the network can still follow, then look:
#
# - `hidden = []`: no layer between input and output.
# - `hidden = [2]`: one layer with two bends.
# - `rate = 0.03`: ten times as fast?


# %%
def here() -> Path:
    """Return the folder of this file; of a notebook, the current one."""
    return Path(__file__).resolve().parent if "__file__" in globals() else Path.cwd()


def load(name: str) -> tuple[Tensor, Tensor]:
    """Return both columns of a file in datasets/, each of the shape (n, 1)."""
    place = here() if (here() / "datasets").is_dir() else here().parent
    table = torch.from_numpy(np.loadtxt(place / "datasets" / name, delimiter=",", skiprows=1))
    return table[:, :1], table[:, 1:]


def standardise(columns: Tensor) -> Tensor:
    """Return each column with the mean 0 and the standard deviation 1."""
    return (columns - columns.mean(dim=0)) / columns.std(dim=0, correction=0)


def mixed(X: Tensor, Y: Tensor) -> tuple[Tensor, Tensor]:
    """Return the samples in another order, always the same, so that each batch has some from everywhere."""
    order = torch.randperm(len(X), generator=torch.Generator().manual_seed(0))
    return X[order], Y[order]


def half_squares(weights: list[Tensor], biases: list[Tensor], X: Tensor, Y: Tensor) -> float:
    """Return the loss of a network."""
    return float(((forward(weights, biases, X)[0][-1] - Y) ** 2).sum()) / 2


def show_bends() -> None:
    """Print both bends and their derivatives at some places."""
    z = torch.tensor([-2, -0.5, 0.5, 2], dtype=torch.float64)
    ones = torch.ones_like(z)
    print("       z    relu   deriv    tanh   deriv")
    for row in zip(z, relu(z), relu_gradient(ones, z), tanh(z), tanh_gradient(ones, z), strict=True):
        print("".join(f"{float(value):8.3f}" for value in row))


def show_nudges() -> None:
    """Print a gradient of the first and of the last layer, beside what a nudge of that weight does to the loss."""
    weights = [torch.tensor([[1.0], [-1.0]], dtype=torch.float64), torch.tensor([[1.0, 2.0]], dtype=torch.float64)]
    biases = [torch.tensor([0.5, -0.5], dtype=torch.float64), torch.zeros(1, dtype=torch.float64)]
    X, Y = torch.tensor([[[2.0], [-3.0]], [[1.0], [4.0]]], dtype=torch.float64)
    grad_weights, _ = backward(weights, *forward(weights, biases, X), Y)
    print("         backward  by a nudge")
    for layer, gradient in enumerate(grad_weights):
        losses = []
        for nudge in (1e-6, -1e-6):
            nudged = [W.clone() for W in weights]
            nudged[layer][0, 0] += nudge
            losses.append(half_squares(nudged, biases, X, Y))
        print(f"dL/dW{layer + 1} {float(gradient[0, 0]):10.4f} {(losses[0] - losses[1]) / 2e-6:11.4f}")


def explained(Y_pred: Tensor, Y: Tensor) -> float:
    """Return the share of the variance of Y that the predictions explain: 1 if all are right, 0 for the mean."""
    return 1 - float(torch.sum((Y_pred - Y) ** 2) / torch.sum((Y - Y.mean()) ** 2))


def line_through(X: Tensor, Y: Tensor) -> Tensor:
    """Return what the best straight line predicts, by least squares."""
    columns = torch.cat([X, torch.ones_like(X)], dim=1)
    best: Tensor = columns @ torch.linalg.lstsq(columns, Y).solution
    return best


def show_fits(fits: list[tuple[str, Tensor, Tensor, Tensor]]) -> None:
    """Draw data, network and line of each fit; without a display, save the picture beside this file."""
    import matplotlib.pyplot as plt

    _, panels = plt.subplots(1, len(fits), figsize=(11, 4.5))
    for axes, (title, X, Y, Y_pred) in zip(panels, fits, strict=True):
        order = X[:, 0].argsort()
        axes.plot(X, Y, "go", label="data", alpha=0.3)
        axes.plot(X[order], line_through(X, Y)[order], "k--", label="straight line")
        axes.plot(X[order], Y_pred[order], "b", label="network")
        axes.set_title(title)
        axes.legend()
    if plt.get_backend().lower() != "agg":  # matplotlib's choice where there is no display
        plt.show()
        return
    try:
        plt.savefig(here() / "exercise5.png")
        print(f"picture: {here() / 'exercise5.png'}")
    except OSError as error:
        print(f"The picture cannot be saved in {here()} ({error.strerror}).")


def main() -> None:
    """Nudge, train twice, show the fits; where a function is not written yet, say which."""
    # Guess, then run: what can the network follow with hidden = [], and with [2]? What does the loss do with 0.03?
    hidden, rate = [16, 16, 16], 0.003
    torch.set_num_threads(1)  # with matrices as small as these, threads only wait for each other
    try:
        show_bends()
        show_nudges()
        X, Y = mixed(*load("wave.csv"))
        weights, biases = initialize([1, *hidden, 1], seed=1)
        for epoch in range(1, 501):
            weights, biases, epoch_loss = train_epoch(weights, biases, X, Y, rate, 11)
            if epoch == 1 or epoch % 50 == 0:
                print(f"epoch {epoch:3}  loss {float(epoch_loss):10.3f}")
            if not torch.isfinite(epoch_loss):
                print(f"epoch {epoch:3}: the loss has run away, beyond all numbers. What did each step do to it?")
                return
        fits = [("a wave", X, Y, forward(weights, biases, X)[0][-1])]
        X, Y = map(standardise, mixed(*load("stopping_distance.csv")))
        weights, biases = initialize([1, 16, 16, 1], seed=0)
        for _ in range(200):
            weights, biases, _ = train_epoch(weights, biases, X, Y, 0.003, 10)
        fits.append(("stopping distance and speed, standardised", X, Y, forward(weights, biases, X)[0][-1]))
        for title, X, Y, Y_pred in fits:
            share, plain = explained(Y_pred, Y), explained(line_through(X, Y), Y)
            print(f"{title}: {share:.4f} of the variance explained; by a straight line {plain:.4f}")
        show_fits(fits)
    except NotImplementedError as todo:
        print(f"{todo}. That is your next step; `grade exercise5` tells you how it went.")
    except FileNotFoundError as missing:
        print(f"{missing} Its place is the folder datasets/ of the kit; get it from where you have the kit.")


if __name__ == "__main__":
    main()

# %% [markdown]
# **What came of it**
#
# - With `hidden = []` there is no bend, and the network is the straight line: 17 % of the variance.
# - With `hidden = [2]` it is less than half: two bends make one peak or one valley, and the wave has more.
# - With `rate = 0.03` the loss is `nan` after one epoch: the steps overshoot. Of three hidden layers, each stands in
#   the gradients of the others, as in exercise 4.
