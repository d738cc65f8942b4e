# %% [markdown]
# # Exercise 2: Two layers, one factor
#
# Two lines, one after the other: what layer one puts out is what layer two takes in. The new
# question is how layer one, which never meets $y$, learns of the error. The answer is the chain
# rule, and carrying it out backwards through the layers is *backpropagation*.
#
# Again **by hand**: no `backward()`, no optimizer, no ready-made loss. `grade exercise2` compares
# your gradients with those of autograd, PyTorch's own differentiation.
#
# What holds for every function here:
#
# - `x`, `y`, `g` and `y_pred` are tensors of shape `(n,)`, one value for each of the $n$ samples.
# - `parameters`, `gradients` and `learning_rates` are dicts. Layer one has the keys `"a1"` and
#   `"b1"`, layer two `"a2"` and `"b2"`.
# - A scalar is a tensor of shape `()`.
# - Return new tensors; leave the ones you are given unchanged.
# - You may call the functions you have written further up. Each function is graded on its own, so a
#   mistake in one costs nothing in another.

# %%
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

# %% [markdown]
# ## Forward
#
# $$\text{layer one: } g_i = g(x_i) = a_1 x_i + b_1 \qquad
#   \text{layer two: } \hat{y}_i = a_2 g_i + b_2$$
#
# Keep $g$ beside $\hat{y}$: the way back needs it.
#
# ![From left to right x, g, ŷ and L. Above each its value, forwards; below each how much L moves per unit of
# it, backwards.](pictures/exercise2_circuit.png)


# %%
def forward(parameters: dict[str, Tensor], x: Tensor) -> tuple[Tensor, Tensor]:
    """Return (g, y_pred), the outputs of layer one and of layer two, both of shape (n,)."""
    ### BEGIN SOLUTION
    g = parameters["a1"] * x + parameters["b1"]
    return g, parameters["a2"] * g + parameters["b2"]
    ### END SOLUTION


# %% [markdown]
# ## Measure the error
#
# The loss is that of exercise 1, with the residual $r_i = \hat{y}_i - y_i$:
#
# $$L = \frac{1}{2} \sum_{i=1}^{n} r_i^2$$


# %%
def loss(y_pred: Tensor, y: Tensor) -> Tensor:
    """Return ½ Σ (y_pred − y)², the sum over all samples, shape ()."""
    ### BEGIN SOLUTION
    return torch.sum((y_pred - y) ** 2) / 2
    ### END SOLUTION


# %% [markdown]
# ## Layer two
#
# Start at the end. To layer two, $g_i$ is simply its input, as $x_i$ was in exercise 1. So its
# gradients look the same, with $g_i$ in the place of $x_i$:
#
# $$\frac{\partial L}{\partial a_2} = \sum_{i=1}^{n} r_i g_i \qquad
#   \frac{\partial L}{\partial b_2} = \sum_{i=1}^{n} r_i$$


# %%
def manual_gradients(g: Tensor, y_pred: Tensor, y: Tensor) -> dict[str, Tensor]:
    """Return {"a2": ∂L/∂a2, "b2": ∂L/∂b2} of the loss L = ½ Σ r², summed over all samples, each of shape ()."""
    ### BEGIN SOLUTION
    residual = y_pred - y
    return {"a2": torch.sum(residual * g), "b2": torch.sum(residual)}
    ### END SOLUTION


# %% [markdown]
# ## Layer one: the chain rule
#
# If $z$ depends on $u$, and $u$ depends on $t$, then
#
# $$\frac{dz}{dt} = \frac{dz}{du} \cdot \frac{du}{dt}$$
#
# Nudge $t$: $u$ moves by $\frac{du}{dt}$ times the nudge, and $z$ by $\frac{dz}{du}$ times that. Here, a
# nudge of $a_1$ moves $g_i$, that moves $\hat{y}_i$, and that moves $L$:
#
# $$\frac{\partial L}{\partial a_1}
#   = \sum_{i=1}^{n} r_i \, \frac{\partial \hat{y}_i}{\partial g_i} \, \frac{\partial g_i}{\partial a_1}
#   = \sum_{i=1}^{n} r_i a_2 x_i$$
#
# $$\frac{\partial L}{\partial b_1}
#   = \sum_{i=1}^{n} r_i \, \frac{\partial \hat{y}_i}{\partial g_i} \, \frac{\partial g_i}{\partial b_1}
#   = \sum_{i=1}^{n} r_i a_2$$
#
# The part that both share, $r_i a_2 = \partial L / \partial g_i$, is what layer two hands back. It is all that
# layer one gets to know of what comes after it: the *upstream gradient*.
#
# Mind what varies: $a_1$ and $b_1$ do, while $x_i$ is data and hence a constant. So $g(x_1)$ and
# $g(x_2)$ are two different functions of the same $a_1$ and $b_1$, and each sample adds its share.


# %%
def chain_rule_gradients(parameters: dict[str, Tensor], x: Tensor, y_pred: Tensor, y: Tensor) -> dict[str, Tensor]:
    """Return {"a1": ∂L/∂a1, "b1": ∂L/∂b1} of the loss L = ½ Σ r², summed over all samples, each of shape ()."""
    ### BEGIN SOLUTION
    upstream = (y_pred - y) * parameters["a2"]  # ∂L/∂g, one for each sample
    return {"a1": torch.sum(upstream * x), "b1": torch.sum(upstream)}
    ### END SOLUTION


# %% [markdown]
# ## Take a step
#
# As in exercise 1, now for all four parameters $\theta$, each with its own learning rate $\eta_\theta$:
#
# $$\theta \leftarrow \theta - \eta_\theta \frac{\partial L}{\partial \theta}$$


# %%
def update(
    parameters: dict[str, Tensor], gradients: dict[str, Tensor], learning_rates: dict[str, float]
) -> dict[str, Tensor]:
    """Return all four parameters after one step downhill, each with its own learning rate, shape ()."""
    ### BEGIN SOLUTION
    return {name: value - learning_rates[name] * gradients[name] for name, value in parameters.items()}
    ### END SOLUTION


# %% [markdown]
# ## All of it together
#
# One training step: forward, loss, all four gradients, one update. The gradient belongs to one point,
# the *old* parameters, with which the prediction was made. So no parameter may move before all four
# gradients are there.


# %%
def train_step(
    parameters: dict[str, Tensor], x: Tensor, y: Tensor, learning_rates: dict[str, float]
) -> tuple[dict[str, Tensor], Tensor]:
    """Return (parameters, loss) after one step on all samples; the loss is from before the step, shape ()."""
    ### BEGIN SOLUTION
    g, y_pred = forward(parameters, x)
    gradients = manual_gradients(g, y_pred, y) | chain_rule_gradients(parameters, x, y_pred, y)
    return update(parameters, gradients, learning_rates), loss(y_pred, y)
    ### END SOLUTION


# %% [markdown]
# ## What have two layers gained?
#
# Put layer one into layer two, multiply out, and look at what stands before $x$ and what stands alone:
#
# $$\hat{y} = a_2 (a_1 x + b_1) + b_2 = a x + b$$
#
# It is a line again. As long as nothing non-linear stands between them, any number of linear layers
# amounts to a single one; they only describe the same line with more parameters.


# %%
def collapse(parameters: dict[str, Tensor]) -> tuple[Tensor, Tensor]:
    """Return (a, b) of the single line a·x + b that the two layers amount to, each of shape ()."""
    ### BEGIN SOLUTION
    a = parameters["a1"] * parameters["a2"]
    b = parameters["a2"] * parameters["b1"] + parameters["b2"]
    return a, b
    ### END SOLUTION


# %% [markdown]
# ## Train it
#
# There is nothing to write or to grade from here on. Run this to see your functions at work on the
# points of $y = 2x + 10$. First comes one step from $a_1 = a_2 = 20$, $b_1 = b_2 = 30$ with the
# learning rates of exercise 1, beside what autograd finds. See how far it jumps: with two layers the
# slopes multiply, and the rates are too large. So the training starts elsewhere, with smaller ones.


# %%
def load(name: str) -> tuple[Tensor, Tensor]:
    """Return both columns of a file in datasets/, each of shape (n,)."""
    folder = Path(__file__).resolve().parent if "__file__" in globals() else Path.cwd()
    place = folder if (folder / "datasets").is_dir() else folder.parent
    x, y = torch.from_numpy(np.loadtxt(place / "datasets" / name, delimiter=",", skiprows=1)).T
    return x, y


def scalars(**values: float) -> dict[str, Tensor]:
    """Return the values by name, each of shape ()."""
    return {name: torch.tensor(value, dtype=torch.float64) for name, value in values.items()}


def show_first_step(x: Tensor, y: Tensor) -> None:
    """Print the loss and the gradients on the first five points, beside autograd's, and where one step leads."""
    parameters = scalars(a1=20.0, b1=30.0, a2=20.0, b2=30.0)
    autograd = scalars(a1=1623400.0, b1=261000.0, a2=2014900.0, b2=13050.0)
    g, y_pred = forward(parameters, x)
    first_loss = loss(y_pred, y)
    print("first step     by hand    autograd")
    print(f"loss      {float(first_loss):12.2f} {20198330:11.2f}")
    by_hand = manual_gradients(g, y_pred, y)
    for name in ("a2", "b2"):
        print(f"dL/d{name}    {float(by_hand[name]):12.2f} {float(autograd[name]):11.2f}")
    by_hand = chain_rule_gradients(parameters, x, y_pred, y)
    for name in ("a1", "b1"):
        print(f"dL/d{name}    {float(by_hand[name]):12.2f} {float(autograd[name]):11.2f}")
    after = update(parameters, autograd, {"a1": 1e-4, "b1": 1e-3, "a2": 1e-4, "b2": 1e-3})
    print("leads to " + ", ".join(f"{name} = {float(after[name]):.2f}" for name in autograd))


def show_fit(x: Tensor, y: Tensor, y_pred: Tensor, title: str) -> None:
    """Draw the data and the line; without a display, save the picture in the current folder."""
    import matplotlib.pyplot as plt

    plt.plot(x, y, "go", label="data", alpha=0.3)
    plt.plot(x, y_pred, label="predicted")
    plt.xlabel("x")
    plt.ylabel("y")
    plt.title(title)
    plt.legend()
    if plt.get_backend().lower() == "agg":  # matplotlib's choice where there is no display
        plt.savefig("exercise2.png")
        print(f"picture: {Path('exercise2.png').resolve()}")
    else:
        plt.show()


def main() -> None:
    """Take one step, train, show the fit; where a function is not written yet, say which."""
    x, y = load("line.csv")
    parameters = scalars(a1=1.0, b1=0.0, a2=1.0, b2=0.0)
    learning_rates = {"a1": 1e-6, "b1": 1e-3, "a2": 1e-6, "b2": 1e-3}
    try:
        show_first_step(x[:5], y[:5])
        for step in range(1, 201):
            parameters, step_loss = train_step(parameters, x, y, learning_rates)
            if step == 1 or step % 20 == 0:
                print(f"step {step:3}  loss {float(step_loss):14.5f}")
        a, b = (float(value) for value in collapse(parameters))
        print(f"both layers amount to y = {a:.6f}x + {b:.6f}")
        show_fit(x, y, forward(parameters, x)[1], f"Two layers: y = {a:.2f}x + {b:.2f}")
    except NotImplementedError as todo:
        print(f"{todo}. That is your next step; `grade exercise2` tells you how it went.")


if __name__ == "__main__":
    main()
