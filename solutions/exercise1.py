# %% [markdown]
# # Exercise 1: One layer, one factor
#
# A model with two parameters learns a line from data: it predicts, measures its error, finds out
# which way is downhill, takes a step, and starts again. You write each of these pieces **by hand**:
# no `backward()`, no optimizer, no ready-made loss. `grade exercise1` compares your gradients with
# those of autograd, PyTorch's own differentiation.
#
# What holds for every function here:
#
# - `x` and `y` are tensors of shape `(n,)`, one value for each of the $n$ samples.
# - `parameters`, `gradients` and `learning_rates` are dicts with the keys `"a"` and `"b"`.
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
# ## Predict
#
# The model is a line with slope $a$ and intercept $b$. For sample $i$ it predicts
#
# $$\hat{y}_i = a x_i + b$$


# %%
def predict(parameters: dict[str, Tensor], x: Tensor) -> Tensor:
    """Return the predictions a·x + b, shape (n,)."""
    ### BEGIN SOLUTION
    return parameters["a"] * x + parameters["b"]
    ### END SOLUTION


# %% [markdown]
# ## Measure the error
#
# The residual $r_i = \hat{y}_i - y_i$ says by how much a prediction is too high. The loss makes one
# number of all residuals:
#
# $$L = \frac{1}{2} \sum_{i=1}^{n} r_i^2$$
#
# The square makes errors in both directions count, and large ones most. Why the ½? The derivative
# of $r^2$ is $2r$; the ½ cancels that 2, and the minimum stays where it is. Mind that this is a sum
# and not a mean: the same data twice gives twice the loss.


# %%
def loss(y_pred: Tensor, y: Tensor) -> Tensor:
    """Return ½ Σ (y_pred − y)², the sum over all samples, shape ()."""
    ### BEGIN SOLUTION
    return torch.sum((y_pred - y) ** 2) / 2
    ### END SOLUTION


# %% [markdown]
# ## Which way is downhill?
#
# If $a$ grows a little and $b$ stays, how does $L$ change? And if $b$ grows and $a$ stays? Two partial
# derivatives of $L = \frac{1}{2} \sum_i (a x_i + b - y_i)^2$ answer that. The data $x_i$, $y_i$ are
# constants here; $a$ and $b$ are what varies.
#
# $$\frac{\partial L}{\partial a} = \sum_{i=1}^{n} r_i x_i \qquad
#   \frac{\partial L}{\partial b} = \sum_{i=1}^{n} r_i$$
#
# Every $r_i$ contains $a$ and $b$, so each of the two needs the current values of *both*. Together
# they are the gradient of $L$ at the point $(a, b)$.


# %%
def manual_gradients(parameters: dict[str, Tensor], x: Tensor, y: Tensor) -> dict[str, Tensor]:
    """Return {"a": ∂L/∂a, "b": ∂L/∂b} of the loss L = ½ Σ r², summed over all samples, each of shape ()."""
    ### BEGIN SOLUTION
    residual = predict(parameters, x) - y
    return {"a": torch.sum(residual * x), "b": torch.sum(residual)}
    ### END SOLUTION


# %% [markdown]
# ## Take a step
#
# The gradient points uphill, so go the other way. The learning rate $\eta$ sets how far:
#
# $$a \leftarrow a - \eta_a \frac{\partial L}{\partial a} \qquad
#   b \leftarrow b - \eta_b \frac{\partial L}{\partial b}$$
#
# Each parameter has its own learning rate (a plain number or a scalar tensor), since the derivatives
# can differ much in size: one of them carries the factor $x_i$.


# %%
def update(
    parameters: dict[str, Tensor], gradients: dict[str, Tensor], learning_rates: dict[str, float]
) -> dict[str, Tensor]:
    """Return the new {"a": …, "b": …} after one step downhill, each with its own learning rate, shape ()."""
    ### BEGIN SOLUTION
    return {name: value - learning_rates[name] * gradients[name] for name, value in parameters.items()}
    ### END SOLUTION


# %% [markdown]
# ## Once through the data
#
# An epoch is one pass over all the data in mini-batches: the first `batch_size` samples, then the
# next `batch_size`, and so on in order. The last batch may be shorter.
#
# Each batch is a small data set of its own: in the formulas above, the sums now run over its samples
# only. Measure its loss, then take one step with its gradients. The next batch starts from the new
# parameters. The loss of the epoch is the sum of the batch losses, each taken *before* the step.


# %%
def train_epoch(
    parameters: dict[str, Tensor], x: Tensor, y: Tensor, learning_rates: dict[str, float], batch_size: int
) -> tuple[dict[str, Tensor], Tensor]:
    """Return (parameters, epoch_loss) after one step a batch; epoch_loss is the sum of the batch losses, shape ()."""
    ### BEGIN SOLUTION
    epoch_loss = x.new_zeros(())
    for x_batch, y_batch in zip(torch.split(x, batch_size), torch.split(y, batch_size), strict=True):
        epoch_loss = epoch_loss + loss(predict(parameters, x_batch), y_batch)
        gradients = manual_gradients(parameters, x_batch, y_batch)
        parameters = update(parameters, gradients, learning_rates)
    return parameters, epoch_loss
    ### END SOLUTION


# %% [markdown]
# ## Train it
#
# There is nothing to write or to grade from here on. Run this to see your functions at work on the
# points of $y = 2x + 10$: first one step, beside what autograd finds, then 100 epochs. The slope
# soon arrives at 2; the intercept is still on its way to 10 when the 100 epochs are over.


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


def show_first_step(parameters: dict[str, Tensor], x: Tensor, y: Tensor, learning_rates: dict[str, float]) -> None:
    """Print the loss and the gradients on the first five points, beside autograd's, and where one step leads."""
    autograd = scalars(a=3470.0, b=550.0)
    first_loss = loss(predict(parameters, x), y)
    print("first step     by hand    autograd")
    print(f"loss      {float(first_loss):12.2f} {36730:11.2f}")
    by_hand = manual_gradients(parameters, x, y)
    for name in autograd:
        print(f"dL/d{name}     {float(by_hand[name]):12.2f} {float(autograd[name]):11.2f}")
    after = update(parameters, autograd, learning_rates)
    print(f"leads to a = {float(after['a']):.3f}, b = {float(after['b']):.3f}")


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
        plt.savefig("exercise1.png")
        print(f"picture: {Path('exercise1.png').resolve()}")
    else:
        plt.show()


def main() -> None:
    """Take one step, train, show the fit; where a function is not written yet, say which."""
    x, y = load("line.csv")
    parameters = scalars(a=20.0, b=30.0)
    learning_rates = {"a": 1e-4, "b": 1e-3}
    try:
        show_first_step(parameters, x[:5], y[:5], learning_rates)
        for epoch in range(1, 101):
            parameters, epoch_loss = train_epoch(parameters, x, y, learning_rates, 5)
            if epoch == 1 or epoch % 10 == 0:
                a, b = float(parameters["a"]), float(parameters["b"])
                print(f"epoch {epoch:3}  loss {float(epoch_loss):14.5f}  y = {a:.6f}x + {b:.6f}")
        show_fit(x, y, predict(parameters, x), f"One layer: y = {a:.2f}x + {b:.2f}")
    except NotImplementedError as todo:
        print(f"{todo}. That is your next step; `grade exercise1` tells you how it went.")


if __name__ == "__main__":
    main()

# %% [markdown]
# ## Why these learning rates work
#
# A lesson hides in the numbers above. Change the batch size in `main` from 5 to 10, run it again, and the
# loss explodes. What is so special about five?
#
# Suppose that $b$ is 10 already. Then every batch wants $a = 2$, and how steeply its loss rises on either
# side of that is its curvature $\lambda$, the second derivative:
#
# $$\lambda = \frac{\partial^2 L}{\partial a^2} = \sum_{i=1}^{n} x_i^2$$
#
# One step multiplies the distance $a - 2$ by the factor $1 - \eta_a \lambda$. Between −1 and 1, the step ends
# nearer than it began; below −1, that is for $\eta_a > 2 / \lambda$, it overshoots so far that it ends farther
# away. (With both parameters and a single learning rate, the limit is $2 / \lambda_{\max}$, where
# $\lambda_{\max}$ is the largest eigenvalue of the matrix of second derivatives. On all 50 points at once it
# is 0.000012, an eighth of the rate used here.)
#
# The batches come in order, so $x$ and with it $\lambda$ grow from one to the next. With $\eta_a = 0.0001$ the
# factors are
#
# - for batches of five: 0.98, 0.88, 0.68, 0.38, **−0.02**, −0.52, −1.12, −1.82, −2.62, −3.52;
#   their product: 0.036. The last four do harm, but the fifth happens to hit almost exactly.
# - for batches of ten, which have about twice the curvature: 0.87, 0.07, −1.53, −3.93, −7.13; their
#   product: −2.5. Every epoch ends farther away than it began.
#
# So it was luck, and not a sound choice. What helps is a smaller rate, or data scaled so that $x$ stays
# near 1. The picture shows the factors and what comes of them:
#
# ![Left: the factor of each batch. Right: the loss by epoch.](pictures/exercise1_stability.png)
