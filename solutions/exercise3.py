# %% [markdown]
# # Exercise 3: The PyTorch way
#
# You know what happens inside. Now let PyTorch do it: autograd finds the gradients, modules hold the
# parameters, a loader cuts the batches, an optimizer takes the steps. You put them together.
#
# What holds for every function here:
#
# - `x` and `y` are tensors of shape `(n,)`, one value for each of the $n$ samples.
# - Everything PyTorch offers is allowed: `backward()`, `torch.optim`, ready-made losses.
# - You may call the functions you have written further up. Each function is graded on its own, so a
#   mistake in one costs nothing in another.
# - Below each function stands what it comes to, "in one line". Try first.
#
# What you will need, to come back to:
#
# | you write | you get |
# |---|---|
# | `x.float()` | the same numbers as float32, the type that layers compute with |
# | `x.unsqueeze(1)` | a column: `(n,)` becomes `(n, 1)` |
# | `for inputs, truths in loader:` | one batch after the other, each as a pair |
# | `model(x)` | the predictions of the model |
# | `model.parameters()` | all its weights and biases: an optimizer asks which to move |
# | `SGD(…, lr=0.1)` | an optimizer with the learning rate 0.1; `Adam` is made the same way |
#
# Small cells show each new part before you need it. Guess what a cell prints, then run it, or the whole
# file. They stand under `if __name__ == "__main__":`, which is skipped when `grade` loads your file.

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
# **Guess first.** Nudge $w$ from 3 to 3.001: how many times as much does $w^2$ move? That is its derivative. If
# you ask for it twice, what will stand in `w.grad`?
#
# `requires_grad=True` makes PyTorch record each operation with `w`. `backward()` walks back through
# the record by the chain rule, and puts the derivative into `w.grad`.

# %%
if __name__ == "__main__":
    w = torch.tensor(3.0, requires_grad=True)
    (w**2).backward()
    print("the derivative at 3:", w.grad)

# %%
if __name__ == "__main__":
    (w**2).backward()
    print("asked for once more:", w.grad)

# %% [markdown]
# The derivative is 6. Asked for once more it is 12, for `backward()` *adds* to what is in `.grad`.
#
# **Guess first.** `detach()` gives the value without its record, `clone()` a copy. Whose `.grad` is filled in
# the next cell?

# %%
if __name__ == "__main__":
    mine = w.detach().clone().requires_grad_()
    (mine**2).backward()
    print("the copy:", mine.grad, "the original:", w.grad)

# %% [markdown]
# The copy has 6, and the original keeps its 12. You need this: the tensors in `parameters` belong to your
# caller. Leave them without `requires_grad` and without `.grad`.
#
# The model and the loss are those of exercise 2:
#
# $$g_i = a_1 x_i + b_1 \qquad \hat{y}_i = a_2 g_i + b_2 \qquad
#   L = \frac{1}{2} \sum_{i=1}^{n} (\hat{y}_i - y_i)^2$$
#
# On paper: take a₁ = 2, b₁ = 1, a₂ = 3, b₂ = −1, x = [1, 2] and y = [7, 12]. Then g = [3, 5], ŷ = [8, 14] and
# r = [1, 2]. The function must return 15 for a₁, 9 for b₁, 13 for a₂ and 3 for b₂.


# %%
def autograd_gradients(parameters: dict[str, Tensor], x: Tensor, y: Tensor) -> dict[str, Tensor]:
    """Return ∂L/∂θ for θ = "a1", "b1", "a2", "b2", by autograd, of the loss L = ½ Σ r², summed, each of shape ()."""
    ### BEGIN SOLUTION
    leaves = {name: value.detach().clone().requires_grad_() for name, value in parameters.items()}
    g = leaves["a1"] * x + leaves["b1"]
    y_pred = leaves["a2"] * g + leaves["b2"]
    loss = torch.sum((y_pred - y) ** 2) / 2
    gradients = torch.autograd.grad(loss, list(leaves.values()))
    return dict(zip(leaves, gradients, strict=True))
    ### END SOLUTION


# %% [markdown]
# **In one line.** Watch copies, compute $L$, walk back. Nobody told PyTorch the formula
# `∂L/∂a₁ = Σ rᵢ·a₂·xᵢ`.

# %% [markdown]
# ## The model
#
# `nn.Linear(1, 1)` is one layer of exercise 2: its `weight` is the $a$, its `bias` the $b$, and both start
# at small random values. `nn.Sequential` passes the output of one layer on as the input of the next.
#
# **Guess first.** How many numbers can two such layers learn, and how many does a line need?


# %%
def build_model() -> nn.Sequential:
    """Return the untrained model: exactly two layers nn.Linear(1, 1), one after the other."""
    ### BEGIN SOLUTION
    return nn.Sequential(nn.Linear(1, 1), nn.Linear(1, 1))
    ### END SOLUTION


# %% [markdown]
# **In one line.** 4 numbers for a line, which needs 2: `a₂·(a₁·x + b₁) + b₂ = a·x + b`, your `collapse`. To bend
# it takes something non-linear between the layers, which this exercise leaves out.

# %% [markdown]
# ## The batches
#
# `nn.Linear(1, 1)` wants one row a sample and one column a factor: shape `(batch, 1)`, not `(batch,)`.
# `unsqueeze(1)` turns `(n,)` into `(n, 1)`. And it wants float32: any other type of number it refuses, whole numbers
# (int64) and finer ones (float64) alike. `float()` converts.
#
# **Guess first.** Three predictions, all right, as a column; the truth `y` is left as it is. How many residuals come
# out, and is the mean of their squares 0?

# %%
if __name__ == "__main__":
    y = torch.tensor([1.0, 2.0, 3.0])
    y_pred = y.unsqueeze(1)
    print("shapes:", y_pred.shape, "minus", y.shape, "is", (y_pred - y).shape)
    print("the mean of the squares:", (y_pred - y).square().mean())

# %% [markdown]
# ![A column of three predictions against a row of three truths: nine residuals. Three on the diagonal are meant, and
# are 0.](pictures/exercise3_shapes.png)
#
# Every prediction meets every truth: 9 residuals, and a mean of 1.3333. No error is raised, and a model trained
# like that learns a flat line. So give $y$ the same shape as $x$.
#
# A `TensorDataset` pairs the samples; a `DataLoader` walks through it in order and joins them into batches.
#
# **Guess first.** How many batches does the next cell count? What has the loader not been told?

# %%
if __name__ == "__main__":
    pairs = TensorDataset(torch.tensor([1.0, 3.0, 5.0]), torch.tensor([12.0, 16.0, 20.0]))
    print("sample 0:", pairs[0])
    print("batches:", len(DataLoader(pairs)))

# %% [markdown]
# There are 3, of one sample each. Yours come in order too, and the last one may be shorter: for three samples
# in batches of two, $x$ has the shapes (2, 1) and (1, 1).


# %%
def make_loader(x: Tensor, y: Tensor, batch_size: int) -> DataLoader[tuple[Tensor, ...]]:
    """Return a loader of float32 batches (x, y), each of shape (batch, 1), in order; the last may be shorter."""
    ### BEGIN SOLUTION
    samples = TensorDataset(x.float().unsqueeze(1), y.float().unsqueeze(1))
    return DataLoader(samples, batch_size=batch_size)
    ### END SOLUTION


# %% [markdown]
# **In one line.** `x: (n,) → float32 → (n, 1)`, the same for `y`; then pairs; then batches.

# %% [markdown]
# ## Once through the data
#
# `criterion` measures: `nn.MSELoss` is the mean of the squared residuals. `optimizer` steps: `SGD` is the plain
# descent of exercise 1.
#
# **Guess first.** Residuals of 1 and 2: what is their MSE? And where does a step with the rate 0.1 lead the
# copy from above, which is 3 with the derivative 6?

# %%
if __name__ == "__main__":
    measure = nn.MSELoss()
    print("the mean of 1 and 4:", measure(torch.tensor([3.0, 6.0]), torch.tensor([2.0, 4.0])))

# %%
if __name__ == "__main__":
    descent = torch.optim.SGD([mine], lr=0.1)
    descent.step()
    print("after one step:", mine.detach(), "still in .grad:", mine.grad)

# %% [markdown]
# The mean is 2.5, the step leads to 2.4, and the 6 stays in `.grad`, where the next `backward()` adds to it.
# The optimizer's `zero_grad()` clears it: where in a batch may that stand?
#
# The loss drags its record along; `loss.item()` is the plain number. Return the mean of the batch losses, each
# taken before its step.
#
# On paper: one layer, weight 1 and bias 0; the points (1, 0) and (2, 2); batches of one; SGD with the rate 0.25.
# Batch 1: ŷ = 1, loss 1, both derivatives 2, so the weight becomes 0.5 and the bias −0.5. Batch 2: ŷ = 0.5, loss
# 2.25. So `train_epoch` must return 1.625.


# %%
def train_epoch(
    model: nn.Module, loader: DataLoader[tuple[Tensor, ...]], criterion: nn.Module, optimizer: Optimizer
) -> float:
    """Train the model, one step a batch; return the mean of the batch losses, each from before its step."""
    ### BEGIN SOLUTION
    losses: list[float] = []
    for x, y in loader:
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return sum(losses) / len(losses)
    ### END SOLUTION


# %% [markdown]
# **In one line.** Zero, forward, loss, backward, step; then the mean.

# %% [markdown]
# ## All of it together
#
# **Guess first.** Residuals of 1, 2, 0 and 1: what is the $L$ of exercise 2, and what is MSE? And with five
# samples, batches of two, three epochs: how many steps, how many numbers in `losses`?
#
# The optimizer `Adam` divides each gradient by its own recent size, which it remembers from step to step. Its
# learning rate is about the distance that a parameter moves in one step.
#
# **How is this graded, when it starts at random?** The check notes the weights that your model starts with. It trains
# another model from the same ones, and both must come to the same losses. You need no seed.


# %%
def fit(x: Tensor, y: Tensor, epochs: int, batch_size: int, learning_rate: float) -> tuple[nn.Sequential, list[float]]:
    """Return (model, losses): the model of build_model after training with nn.MSELoss and Adam; one loss an epoch."""
    ### BEGIN SOLUTION
    model = build_model()
    loader = make_loader(x, y, batch_size)
    criterion = nn.MSELoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=learning_rate)
    losses = [train_epoch(model, loader, criterion, optimizer) for _ in range(epochs)]
    return model, losses
    ### END SOLUTION


# %% [markdown]
# **In one line.** 9 steps, and 3 numbers in `losses`. $L$ is 3 and MSE is 1.5, for MSE has neither the ½ nor the sum:
#
# $$\mathrm{MSE} = \frac{1}{n} \sum_{i=1}^{n} r_i^2 = \frac{2}{n} L \qquad
#   \frac{\partial \mathrm{MSE}}{\partial \theta} = \frac{2}{n} \frac{\partial L}{\partial \theta}$$
#
# for each parameter $\theta$: `MSE = 2/n · L`. With batches of five, gradients are 0.4 times those of
# exercise 2, and the rate 0.00025 takes the same steps as 0.0001 there. To Adam that hardly matters.

# %% [markdown]
# ## Train it
#
# There is nothing to write or to grade from here on. Run this to see autograd's gradients beside a nudge, and
# the model learn points that scatter around $y = 2x + 10$.
#
# It will not come out at an intercept of 10. The noise has moved the best line: on *these* 50 points it is
# $y = 2.010x + 12.501$. And the intercept arrives last, for a slope can make up for it. Nor can the loss
# fall to 0: what remains is the noise.
#
# **Guess, then run.** Change one thing at the top of `main`. Say what the loss will do, then look:
#
# - `rate = 0.1`, ten times as much. Adam does not run away. Does it arrive?
# - `batch_size = 50`: one step an epoch.
# - And without `zero_grad()` in your `train_epoch`?


# %%
def here() -> Path:
    """Return the folder of this file; of a notebook, the current one."""
    return Path(__file__).resolve().parent if "__file__" in globals() else Path.cwd()


def load(name: str) -> tuple[Tensor, Tensor]:
    """Return both columns of a file in datasets/, each of shape (n,)."""
    place = here() if (here() / "datasets").is_dir() else here().parent
    x, y = torch.from_numpy(np.loadtxt(place / "datasets" / name, delimiter=",", skiprows=1)).T
    return x, y


def shown(value: float, decimals: int) -> str:
    """Return a number as text, one with many digits as 3.2e+49."""
    return f"{value:.{decimals}f}" if abs(value) < 1e9 else f"{value:.1e}"


def loss_at(parameters: dict[str, float], x: Tensor, y: Tensor) -> float:
    """Return the loss of two layers."""
    y_pred = np.polyval([parameters["a2"], parameters["b2"]], np.polyval([parameters["a1"], parameters["b1"]], x))
    return float(((y_pred - y.numpy()) ** 2).sum() / 2)


def equation(a: float, b: float) -> str:
    """Return a line as text, such as y = 2.000x - 1.500."""
    return f"y = {a:.3f}x {'-' if b < 0 else '+'} {abs(b):.3f}"


def show_gradients() -> None:
    """Print the gradients on the first five points of exercise 2, beside what a nudge up and one down make of L."""
    x = torch.tensor([1.0, 3.0, 5.0, 7.0, 9.0], dtype=torch.float64)
    y = 2 * x + 10
    start = {"a1": 20.0, "b1": 30.0, "a2": 20.0, "b2": 30.0}  # try others
    gradients = autograd_gradients({name: torch.tensor(value).double() for name, value in start.items()}, x, y)
    print("gradient    autograd       nudge")
    h = 1e-3
    for name, value in start.items():
        up, down = (loss_at({**start, name: value + step}, x, y) for step in (h, -h))
        print(f"dL/d{name}    {float(gradients[name]):12.2f} {(up - down) / (2 * h):11.2f}")


def show_plain_descent(x: Tensor, y: Tensor) -> None:
    """Train a fresh model by plain descent for three epochs and print the losses."""
    model = build_model()
    loader = make_loader(x, y, batch_size=5)
    optimizer = torch.optim.SGD(model.parameters(), lr=1e-5)
    losses = [train_epoch(model, loader, nn.MSELoss(), optimizer) for _ in range(3)]
    print("three epochs of plain descent: loss " + ", ".join(shown(value, 3) for value in losses))


def least_squares(x: Tensor, y: Tensor) -> tuple[float, float]:
    """Return slope and intercept of the line with the smallest loss, worked out directly."""
    slope, intercept = np.polyfit(x.numpy(), y.numpy(), 1)
    return float(slope), float(intercept)


def show_fit(x: Tensor, y: Tensor, y_pred: Tensor, best: Tensor) -> None:
    """Draw the data, the model and the least-squares line; without a display, save the picture beside this file."""
    import matplotlib.pyplot as plt

    plt.plot(x, y, "go", label="data", alpha=0.3)
    plt.plot(x, y_pred, linewidth=3, label="predicted")
    plt.plot(x, best, "k--", label="least squares")
    plt.xlabel("x")
    plt.ylabel("y")
    plt.title("The PyTorch way: two layers, trained with Adam")
    plt.legend()
    if plt.get_backend().lower() != "agg":  # matplotlib's choice where there is no display
        plt.show()
        return
    try:
        plt.savefig(here() / "exercise3.png")
        print(f"picture: {here() / 'exercise3.png'}")
    except OSError as error:
        print(f"The picture cannot be saved in {here()} ({error.strerror}).")


def main() -> None:
    """Show the gradients, train, show the fit; where a function is not written yet, say which."""
    # Guess, then run: what will the loss do with rate = 0.1? And with batch_size = 50?
    rate, batch_size = 0.01, 5
    torch.manual_seed(0)
    try:
        x, y = load("line_noisy.csv")
        show_gradients()
        show_plain_descent(x, y)
        model, losses = fit(x, y, epochs=400, batch_size=batch_size, learning_rate=rate)
        for epoch, epoch_loss in enumerate(losses, start=1):
            if epoch == 1 or epoch % 40 == 0:
                print(f"epoch {epoch:3}  loss {shown(epoch_loss, 3):>12}")
        with torch.no_grad():
            at_0, at_1 = (float(model(torch.tensor([[value]]))) for value in (0.0, 1.0))
            y_pred = model(x.float().unsqueeze(1)).squeeze(1)
        slope, intercept = least_squares(x, y)
        print(f"the model amounts to {equation(at_1 - at_0, at_0)}")
        best = slope * x + intercept
        print(f"least squares:       {equation(slope, intercept)}, loss {float(((best - y) ** 2).mean()):.3f}")
        show_fit(x, y, y_pred, best)
    except NotImplementedError as todo:
        print(f"{todo}. That is your next step; `grade exercise3` tells you how it went.")
    except FileNotFoundError as missing:
        print(f"{missing} Its place is the folder datasets/ of the kit; get it from where you have the kit.")


if __name__ == "__main__":
    main()

# %% [markdown]
# **What came of it**
#
# - With `rate = 0.1`, the first epoch ends better than with 0.01, the last one worse. Each step is about 0.1 long, and
#   jumps over the best line again and again: it does not arrive.
# - With `batch_size = 50` there are 400 steps, not 4,000. So the loss takes more epochs to come down, and the intercept
#   is not even half way.
# - Without `zero_grad()`, the gradients of all earlier batches are in each step. So it goes on where it should turn
#   back: the loss swings up and down, and ends higher than it began.
