# %% [markdown]
# # Exercise 3: The PyTorch way
#
# You know what happens inside. Now let PyTorch do it: autograd finds the gradients, modules hold the
# parameters, a loader cuts the batches, an optimizer takes the steps. What is left to you is to put
# them together rightly, and to know what each of them does without saying so.
#
# What holds for every function here:
#
# - `x` and `y` are tensors of shape `(n,)`, one value for each of the $n$ samples.
# - Everything PyTorch offers is allowed: `backward()`, `torch.optim`, ready-made losses.
# - You may call the functions you have written further up. Each function is graded on its own, so a
#   mistake in one costs nothing in another.

# %%
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.optim import Optimizer
from torch.utils.data import DataLoader, TensorDataset

# %% [markdown]
# ## Gradients by autograd
#
# While you compute with tensors that have `requires_grad`, PyTorch records each operation. From the loss
# it then walks back through the record and applies the chain rule at every step: exercise 2, for any
# formula. The model and the loss are those of exercise 2, with the same ½ and the same sum:
#
# $$g_i = a_1 x_i + b_1 \qquad \hat{y}_i = a_2 g_i + b_2 \qquad
#   L = \frac{1}{2} \sum_{i=1}^{n} (\hat{y}_i - y_i)^2$$
#
# The tensors in `parameters` belong to your caller, who has not asked for a record of them. So work on
# copies, and leave the originals without `requires_grad` and without `.grad`.


# %%
def autograd_gradients(parameters: dict[str, Tensor], x: Tensor, y: Tensor) -> dict[str, Tensor]:
    """Return ∂L/∂θ for θ = "a1", "b1", "a2", "b2", by autograd, of the loss L = ½ Σ r², summed, each of shape ()."""
    raise NotImplementedError("autograd_gradients is not written yet")


# %% [markdown]
# ## The model
#
# `nn.Linear(1, 1)` is one layer of exercise 2: its `weight` is the $a$, its `bias` the $b$, and both start
# at small random values. `nn.Sequential` passes the output of one layer on as the input of the next.
#
# Two such layers are still one line, $a_2 (a_1 x + b_1) + b_2 = a x + b$: you wrote `collapse` for it. The second
# layer adds parameters and nothing that the model could not do before. That takes something non-linear
# between the layers, which this exercise leaves out.


# %%
def build_model() -> nn.Sequential:
    """Return the untrained model: exactly two layers nn.Linear(1, 1), one after the other."""
    raise NotImplementedError("build_model is not written yet")


# %% [markdown]
# ## The batches
#
# `nn.Linear(1, 1)` wants one row a sample and one column a factor: shape `(batch, 1)`, not `(batch,)`. And it
# wants float32, as its own parameters are: whole numbers (int64) it refuses, so convert.
#
# Give $y$ the same shape as $x$. A shape that is wrong there raises no error: `(n, 1)` minus `(n,)` is
# **`(n, n)`**, every prediction against every truth. That is $n^2$ residuals for $n$ samples, and the loss of them
# is smallest for a model that answers the mean of $y$ whatever $x$ is. It trains, and learns a flat line.
#
# As in exercise 1, the batches come in order, and the last one may be shorter.


# %%
def make_loader(x: Tensor, y: Tensor, batch_size: int) -> DataLoader[tuple[Tensor, ...]]:
    """Return a loader of float32 batches (x, y), each of shape (batch, 1), in order; the last may be shorter."""
    raise NotImplementedError("make_loader is not written yet")


# %% [markdown]
# ## Once through the data
#
# The heart of every PyTorch program. For each batch:
#
# 1. set the gradients to zero, for `backward()` *adds* to what is already in `.grad`;
# 2. predict, and measure the loss with `criterion`;
# 3. `backward()` puts the gradient of each parameter into its `.grad`;
# 4. the optimizer's `step()` moves the parameters, by what it finds there.
#
# The loss is a tensor that drags its whole record along. To report it, take the plain number:
# `loss.item()`. The loss of the epoch is the mean of the batch losses here, each taken before its step.


# %%
def train_epoch(
    model: nn.Module, loader: DataLoader[tuple[Tensor, ...]], criterion: nn.Module, optimizer: Optimizer
) -> float:
    """Train the model, one step a batch; return the mean of the batch losses, each from before its step."""
    raise NotImplementedError("train_epoch is not written yet")


# %% [markdown]
# ## All of it together
#
# One thing changes without a word when you take the ready-made loss: `nn.MSELoss` has neither the ½ nor the
# sum. It is the mean of the squares,
#
# $$\mathrm{MSE} = \frac{1}{n} \sum_{i=1}^{n} r_i^2 = \frac{2}{n} L \qquad
#   \frac{\partial \mathrm{MSE}}{\partial \theta} = \frac{2}{n} \frac{\partial L}{\partial \theta}$$
#
# and so is every gradient, for each parameter $\theta$. With batches of five, the gradients are 0.4 times those
# of exercises 1 and 2. Plain descent with the rate 0.0001 there takes the same steps with 0.00025 here. The
# optimizer `Adam` divides each gradient by its own recent size, so such a factor hardly matters to it; its
# learning rate is about the distance that a parameter moves in one step.


# %%
def fit(x: Tensor, y: Tensor, epochs: int, batch_size: int, learning_rate: float) -> tuple[nn.Sequential, list[float]]:
    """Return (model, losses): the model of build_model after training with nn.MSELoss and Adam; one loss an epoch."""
    raise NotImplementedError("fit is not written yet")


# %% [markdown]
# ## Train it
#
# There is nothing to write or to grade from here on. Run this to see autograd find the gradients that you
# worked out by hand in exercise 2, and the model learn points that scatter around $y = 2x + 10$.
#
# It will not come out at an intercept of 10, for two reasons. The noise has moved the best line: the smallest
# loss on *these* 50 points is at the least-squares line $y = 2.010x + 12.501$, and on another 50 it would be
# elsewhere, the intercept easily by 5. And the loss barely rises along the valley in which intercept and slope
# make up for each other, so the intercept arrives last. Nor can the loss fall to 0: what remains is the noise.


# %%
def load(name: str) -> tuple[Tensor, Tensor]:
    """Return both columns of a file in datasets/, each of shape (n,)."""
    folder = Path(__file__).resolve().parent if "__file__" in globals() else Path.cwd()
    place = folder if (folder / "datasets").is_dir() else folder.parent
    x, y = torch.from_numpy(np.loadtxt(place / "datasets" / name, delimiter=",", skiprows=1)).T
    return x, y


def show_gradients() -> None:
    """Print the gradients on the first five points of exercise 2, beside those worked out by hand."""
    x = torch.tensor([1.0, 3.0, 5.0, 7.0, 9.0])
    start = {"a1": 20.0, "b1": 30.0, "a2": 20.0, "b2": 30.0}
    by_hand = {"a1": 1623400.0, "b1": 261000.0, "a2": 2014900.0, "b2": 13050.0}
    parameters = {name: torch.tensor(value) for name, value in start.items()}
    gradients = autograd_gradients(parameters, x, 2 * x + 10)
    print("gradient    autograd     by hand")
    for name, value in by_hand.items():
        print(f"dL/d{name}    {float(gradients[name]):12.2f} {value:11.2f}")


def show_plain_descent(x: Tensor, y: Tensor) -> None:
    """Train a fresh model by plain descent for three epochs and print the losses."""
    model = build_model()
    loader = make_loader(x, y, batch_size=5)
    optimizer = torch.optim.SGD(model.parameters(), lr=1e-5)
    losses = [train_epoch(model, loader, nn.MSELoss(), optimizer) for _ in range(3)]
    print("three epochs of plain descent: loss " + ", ".join(f"{value:.1f}" for value in losses))


def least_squares(x: Tensor, y: Tensor) -> tuple[float, float]:
    """Return slope and intercept of the line with the smallest loss, worked out directly."""
    slope, intercept = np.polyfit(x.numpy(), y.numpy(), 1)
    return float(slope), float(intercept)


def show_fit(x: Tensor, y: Tensor, y_pred: Tensor, best: Tensor) -> None:
    """Draw the data, the model and the least-squares line; without a display, save the picture here."""
    import matplotlib.pyplot as plt

    plt.plot(x, y, "go", label="data", alpha=0.3)
    plt.plot(x, y_pred, linewidth=3, label="predicted")
    plt.plot(x, best, "k--", label="least squares")
    plt.xlabel("x")
    plt.ylabel("y")
    plt.title("The PyTorch way: two layers, trained with Adam")
    plt.legend()
    if plt.get_backend().lower() == "agg":  # matplotlib's choice where there is no display
        plt.savefig("exercise3.png")
        print(f"picture: {Path('exercise3.png').resolve()}")
    else:
        plt.show()


def main() -> None:
    """Show the gradients, train, show the fit; where a function is not written yet, say which."""
    torch.manual_seed(0)
    x, y = load("line_noisy.csv")
    try:
        show_gradients()
        show_plain_descent(x, y)
        model, losses = fit(x, y, epochs=400, batch_size=5, learning_rate=1e-2)
        for epoch, epoch_loss in enumerate(losses, start=1):
            if epoch == 1 or epoch % 40 == 0:
                print(f"epoch {epoch:3}  loss {epoch_loss:12.3f}")
        with torch.no_grad():
            at_0, at_1 = (float(model(torch.tensor([[value]]))) for value in (0.0, 1.0))
            y_pred = model(x.float().unsqueeze(1)).squeeze(1)
        slope, intercept = least_squares(x, y)
        print(f"the model amounts to y = {at_1 - at_0:.3f}x + {at_0:.3f}")
        best = slope * x + intercept
        print(f"least squares:       y = {slope:.3f}x + {intercept:.3f}, loss {float(((best - y) ** 2).mean()):.3f}")
        show_fit(x, y, y_pred, best)
    except NotImplementedError as todo:
        print(f"{todo}. That is your next step; `grade exercise3` tells you how it went.")


if __name__ == "__main__":
    main()
