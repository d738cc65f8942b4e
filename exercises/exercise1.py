# %% [markdown]
# # Exercise 1: One layer, one factor
#
# A model with two numbers learns a line from data: it predicts, measures its error, finds the way downhill, takes
# a step, and starts again. You write each piece **by hand**: what PyTorch has ready for learning is switched off.
# `grade exercise1` tells you at once what is right.
#
# Take paper. Each section begins with a guess: write yours down before you read on.
#
# - A *tensor* is PyTorch's box of numbers. Its *shape* says how many: `(n,)` is n in a row, `()` one alone.
# - A *dict* keeps values under names: `{"a": 2, "b": 1}["a"]` is 2. `parameters`, `gradients` and
#   `learning_rates` are dicts with the keys `"a"` and `"b"`.
# - A *sample* is one point of the data. `x` and `y` hold n of them, shape `(n,)`.
# - Return new tensors; leave those you are given unchanged. You may call your functions from further up; each is
#   graded on its own.
# - Below each function stands what it comes to, "in one line". Try first.
#
# What a tensor can do, shown with `x`, which holds 1, 3 and 5:
#
# | you write | you get |
# |---|---|
# | `2 * x + 1` | [3, 7, 11]: with each number |
# | `x * x`, `x ** 2` | [1, 9, 25]: number by number |
# | `x.sum()` | 9, all added up, shape `()` |
# | `len(x)` | 3 |
# | `x[0:2]` | [1, 3]: places 0 and 1. Python counts from 0, and the end is left out |
# | `x[2:4]` | [5]: behind the end nothing comes |
#
# All such words are explained in `docs/glossary.md`, too.

# %%
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

# %% [markdown]
# ## Predict
#
# **Guess first.** A line has the height 1 at x = 0 and rises by 2 with each step to the right. How high is it at
# x = 1, 2 and 3?
#
# The rise is the *slope* a, the height at x = 0 the *intercept* b: the two *parameters*, which the model is to
# learn. Its *prediction* ŷᵢ ("y hat") for sample number i is the height of the line at xᵢ.
#
# On paper: a = 2, b = 1 and x = [1, 2, 3] must give [3, 5, 7].


# %%
def predict(parameters: dict[str, Tensor], x: Tensor) -> Tensor:
    """Return the height of the line at each x, shape (n,)."""
    raise NotImplementedError("predict is not written yet")


# %% [markdown]
# **In one line**
#
# $$\hat{y}_i = a x_i + b$$
#
# `ŷᵢ = a·xᵢ + b`

# %% [markdown]
# ## Measure the error
#
# **Guess first.** At these points the truth is y = [1, 5, 10]. Give one number for how wrong the line is.
#
# ![Three points and a line that rises by 2. At x = 1 the line is 2 above the point, at x = 2 it meets the point,
# at x = 3 it is 3 below.](pictures/exercise1_residuals.png)
#
# The *residual* $r_i = \hat{y}_i - y_i$ says by how much a prediction is too high: here [2, 0, −3]. Added up as
# they are, +2 and −2 would cancel. So square each: both directions count, and large errors most. The *loss* L is
# half the sum of the squares of all samples. (The half will cancel a 2 in the next section.) It is a sum and no
# mean: the same data twice gives twice the loss.
#
# On paper: these residuals must give 6.5, of shape `()`.


# %%
def loss(y_pred: Tensor, y: Tensor) -> Tensor:
    """Return the loss of the predictions, one number for all samples, shape ()."""
    raise NotImplementedError("loss is not written yet")


# %% [markdown]
# **In one line** (read Σ as "the sum, over all samples, of")
#
# $$L = \frac{1}{2} \sum_{i=1}^{n} r_i^2$$
#
# `L = ½ Σ rᵢ²`

# %% [markdown]
# ## Which way is downhill?
#
# **Guess first.** Nudge a from 2 to 2.001 and leave b at 1. Does the loss, 6.5, rise or fall? By how much?
#
# The predictions become [3.001, 5.002, 7.003], and L becomes 6.493007. It moved by −0.006993: −6.993 for each unit
# of a. Smaller nudges come closer and closer to −7. This limit is the *partial derivative* of L by a, written
# $\partial L / \partial a$: how fast L moves when a moves and all else stays.
#
# It can be had without trying. Nudge **b** by a little ε and follow the chain of what moves:
#
# 1. ŷᵢ moves by 1·ε, for b stands in it alone. The residual moves with it, since yᵢ is data and stays.
# 2. Half its square moves by rᵢ·ε: in $(r + \varepsilon)^2 = r^2 + 2 r \varepsilon + \varepsilon^2$
#    the half takes the 2, and ε² is too small to count.
#
# That one multiplies along the chain is the *chain rule*. So each sample adds 1·rᵢ for each unit of b:
#
# $$\frac{\partial L}{\partial b} = \sum_{i=1}^{n} r_i$$
#
# **Your turn.** Nudge a by ε. Only the first link changes: by how much does ŷᵢ move, and is it the same for each i?
#
# Both derivatives together are the *gradient*. On paper: they must come to −7 for a and −1 for b.


# %%
def manual_gradients(parameters: dict[str, Tensor], x: Tensor, y: Tensor) -> dict[str, Tensor]:
    """Return {"a": ∂L/∂a, "b": ∂L/∂b} of the loss L on all samples, each of shape ()."""
    raise NotImplementedError("manual_gradients is not written yet")


# %% [markdown]
# **In one line**
#
# $$\frac{\partial L}{\partial a} = \sum_{i=1}^{n} r_i x_i \qquad
#   \frac{\partial L}{\partial b} = \sum_{i=1}^{n} r_i$$
#
# `∂L/∂a = Σ rᵢ·xᵢ`, `∂L/∂b = Σ rᵢ`

# %% [markdown]
# ## See for yourself: the nudge
#
# No points here: you are the judge.
#
# **Guess first.** Upwards, the nudge of a said −6.993. What will it say downwards, from 2 to 1.999?
#
# There L is 6.507007, and the nudge says −7.007. Between 1.999 and 2.001, L moves by −0.014, which is −7 for each
# unit: what is off on either side cancels. Write this *central difference*, a `step` to either side, for the
# parameter called `name`. (The dict `{**parameters, name: value}` is `parameters` with one value replaced.)


# %%
def nudge(parameters: dict[str, Tensor], name: str, x: Tensor, y: Tensor, step: float = 1e-3) -> Tensor:
    """Return how much the loss moves for each unit of one parameter, found by trying, shape ()."""
    raise NotImplementedError("nudge is not written yet")


# %% [markdown]
# ## Take a step
#
# **Guess first.** At a = 2 the derivative by a is −7. Should a grow or shrink? And if it were +7?
#
# The gradient points uphill, so go the other way. How far? The *learning rate* η ("eta") says it. Read the arrow
# as "becomes":
#
# $$b \leftarrow b - \eta_b \frac{\partial L}{\partial b}$$
#
# It goes the same way with a. Each has its own rate, since the derivatives can differ much in size.
#
# On paper: the gradients −7 and −1 and the rates 0.1 and 0.5 must turn a = 2 into 2.7, and b = 1 into 1.5.


# %%
def update(
    parameters: dict[str, Tensor], gradients: dict[str, Tensor], learning_rates: dict[str, float]
) -> dict[str, Tensor]:
    """Return the new {"a": …, "b": …} after one step downhill, each with its own learning rate, shape ()."""
    raise NotImplementedError("update is not written yet")


# %% [markdown]
# **In one line**
#
# $$a \leftarrow a - \eta_a \frac{\partial L}{\partial a} \qquad
#   b \leftarrow b - \eta_b \frac{\partial L}{\partial b}$$
#
# `a ← a − η_a·∂L/∂a`, `b ← b − η_b·∂L/∂b`

# %% [markdown]
# ## Once through the data
#
# **Guess first.** Five samples, two at a time: how many steps is that? From which a and b does the second start?
#
# Samples taken together are a *batch*; `batch_size` says how many. One pass over all of them is an *epoch*: the
# first `batch_size` samples, then the next, and so on in order. The last batch may be shorter.
#
# Each batch is a small data set of its own. Measure its loss, then take one step with its gradients. The next
# batch starts where that step has led. The loss of the epoch is the sum of the batch losses, each taken *before*
# its step.
#
# On paper: x = [1, 3], y = [1, 4], a = 2, b = 1, both rates 0.5, batches of one. The first has the loss 2 and leads to
# a = 1, b = 0. The second has 0.5 and leads to a = 2.5, b = 0.5. So the epoch's loss is 2.5.


# %%
def train_epoch(
    parameters: dict[str, Tensor], x: Tensor, y: Tensor, learning_rates: dict[str, float], batch_size: int
) -> tuple[dict[str, Tensor], Tensor]:
    """Return (parameters, epoch_loss) after one step a batch; epoch_loss is the sum of the batch losses, shape ()."""
    raise NotImplementedError("train_epoch is not written yet")


# %% [markdown]
# **In one line:** for each batch in order, add its loss, then step from where the last step has led.

# %% [markdown]
# ## Train it
#
# Nothing is graded from here on. Run this file. First comes one step, each derivative in three ways: by you, by your
# nudge, and by *autograd*, which is how PyTorch differentiates by itself. Do they agree? Then come 100 epochs on
# the points of $y = 2x + 10$. The slope soon arrives at 2; the intercept is still on its way to 10.
#
# **Guess, then run.** Change one number at the top of `main`. Say what the loss will do, then look:
#
# - `faster = 10`: both learning rates times 10. Ten times as fast?
# - `batch_size = 10`: half as many steps, each with twice the data. The same?
#
# A loss that runs away looks like 3.2e+49, which is a 3 and 49 more digits.
#
# Last, your functions learn from 50 real cars: x is the speed in miles per hour, y the feet that a car takes to stop.
# So a says how many feet more each mile per hour takes: 3.9. And b is the distance of a car that stands still:
# −17.5 feet? Below 4 miles per hour there were no data, and there the line knows nothing.


# %%
def here() -> Path:
    """Return the folder of this file; of a notebook, the current one."""
    return Path(__file__).resolve().parent if "__file__" in globals() else Path.cwd()


def load(name: str) -> tuple[Tensor, Tensor]:
    """Return both columns of a file in datasets/, each of shape (n,)."""
    place = here() if (here() / "datasets").is_dir() else here().parent
    x, y = torch.from_numpy(np.loadtxt(place / "datasets" / name, delimiter=",", skiprows=1)).T
    return x, y


def scalars(**values: float) -> dict[str, Tensor]:
    """Return the values by name, each of shape ()."""
    return {name: torch.tensor(value, dtype=torch.float64) for name, value in values.items()}


def shown(value: Tensor | float, decimals: int) -> str:
    """Return a number as text, one with many digits as 3.2e+49."""
    number = float(value)
    return f"{number:.{decimals}f}" if abs(number) < 1e9 else f"{number:.1e}"


def equation(a: Tensor, b: Tensor, decimals: int) -> str:
    """Return a line as text, such as y = 2.00x - 1.50."""
    return f"y = {shown(a, decimals)}x {'-' if b < 0 else '+'} {shown(abs(b), decimals)}"


def by_autograd(parameters: dict[str, Tensor], x: Tensor, y: Tensor) -> tuple[Tensor, dict[str, Tensor]]:
    """Return the loss and its gradients as PyTorch finds them: nothing of yours is in it."""
    watched = {name: value.clone().requires_grad_() for name, value in parameters.items()}
    line = torch.nn.functional.linear(x.unsqueeze(1), watched["a"].reshape(1, 1), watched["b"].reshape(1))
    its_loss = torch.nn.functional.mse_loss(line.squeeze(1), y, reduction="sum") / 2
    gradients = torch.autograd.grad(its_loss, tuple(watched.values()))
    return its_loss.detach(), dict(zip(watched, gradients, strict=True))


def by_nudge(parameters: dict[str, Tensor], name: str, x: Tensor, y: Tensor) -> str:
    """Return what your nudge says, or a dash while it is not written."""
    try:
        return shown(nudge(parameters, name, x, y), 2)
    except NotImplementedError:
        return "-"


def show_first_step(parameters: dict[str, Tensor], x: Tensor, y: Tensor, learning_rates: dict[str, float]) -> None:
    """Print the loss and the gradients, each found in every way there is, and where one step leads."""
    its_loss, autograd = by_autograd(parameters, x, y)
    by_hand_loss = loss(predict(parameters, x), y)
    print(f"first step {'by hand':>14} {'nudged':>14} {'autograd':>14}")
    print(f"loss       {shown(by_hand_loss, 2):>14} {'':>14} {shown(its_loss, 2):>14}")
    by_hand = manual_gradients(parameters, x, y)
    for name in parameters:
        nudged = by_nudge(parameters, name, x, y)
        print(f"dL/d{name}      {shown(by_hand[name], 2):>14} {nudged:>14} {shown(autograd[name], 2):>14}")
    if nudged == "-":
        print("`nudge` is not written yet: the column in the middle waits for it.")
    after = update(parameters, autograd, learning_rates)
    print(f"leads to a = {shown(after['a'], 3)}, b = {shown(after['b'], 3)}")


def show_fits(fits: dict[str, tuple[Tensor, Tensor, Tensor]]) -> None:
    """Draw data and line side by side; without a display, save the picture beside this file."""
    import matplotlib.pyplot as plt

    figure, panels = plt.subplots(1, len(fits), figsize=(6 * len(fits), 4.5), squeeze=False)
    for panel, (title, (x, y, y_pred)) in zip(panels[0], fits.items(), strict=True):
        panel.plot(x, y, "go", label="data", alpha=0.3)
        panel.plot(x, y_pred, label="predicted")
        panel.set(xlabel="x", ylabel="y", title=title)
        panel.legend()
    if plt.get_backend().lower() != "agg":  # matplotlib's choice where there is no display
        plt.show()
        return
    try:
        figure.savefig(here() / "exercise1.png")
        print(f"picture: {here() / 'exercise1.png'}")
    except OSError as error:
        print(f"The picture cannot be saved in {here()} ({error.strerror}).")


def learn_to_brake() -> dict[str, tuple[Tensor, Tensor, Tensor]]:
    """Fit the cars, from a = 0 and b = 0; return what is to be drawn, by its title."""
    x, y = load("stopping_distance.csv")
    parameters = scalars(a=0.0, b=0.0)
    for _ in range(200):
        parameters, _ = train_epoch(parameters, x, y, {"a": 5e-5, "b": 1e-2}, len(x))
    found = equation(parameters["a"], parameters["b"], 2)
    print(f"50 cars: {found}, with x the speed in miles per hour and y the distance in feet")
    return {f"Cars: {found}": (x, y, predict(parameters, x))}


def main() -> None:
    """Take one step, train, show the fits; where something is missing, say what."""
    # Guess, then run: what will the loss do with faster = 10? And with batch_size = 10?
    faster, batch_size = 1, 5
    parameters = scalars(a=20.0, b=30.0)
    learning_rates = {"a": faster * 1e-4, "b": faster * 1e-3}
    try:
        x, y = load("line.csv")
        show_first_step(parameters, x[:5], y[:5], learning_rates)
        for epoch in range(1, 101):
            parameters, epoch_loss = train_epoch(parameters, x, y, learning_rates, batch_size)
            if epoch == 1 or epoch % 10 == 0:
                print(
                    f"epoch {epoch:3}  loss {shown(epoch_loss, 5):>14}  {equation(parameters['a'], parameters['b'], 6)}"
                )
            if not torch.isfinite(epoch_loss):
                print(f"epoch {epoch:3}: the loss has run away, beyond all numbers. What did each step do to it?")
                return
        title = f"One layer: {equation(parameters['a'], parameters['b'], 2)}"
        show_fits({title: (x, y, predict(parameters, x)), **learn_to_brake()})
    except NotImplementedError as todo:
        print(f"{todo}. That is your next step; `grade exercise1` tells you how it went.")
    except FileNotFoundError as missing:
        print(f"{missing} Its place is the folder datasets/ of the kit; get it from where you have the kit.")


if __name__ == "__main__":
    main()

# %% [markdown]
# ## Why these learning rates work
#
# With ten times the rates, or with batches of ten, the loss explodes. What is so special about five?
#
# Suppose that $b$ is 10 already. Then every batch wants $a = 2$. How steeply its loss rises on either side is its
# curvature $\lambda$, the derivative of the derivative:
#
# $$\lambda = \frac{\partial^2 L}{\partial a^2} = \sum_{i=1}^{n} x_i^2$$
#
# One step multiplies the distance $a - 2$ by $1 - \eta_a \lambda$. Between −1 and 1 it ends nearer; below −1 it
# overshoots so far that it ends farther away. The batches come in order, so $\lambda$ grows from one to the next.
# With $\eta_a = 0.0001$ the factors are
#
# - for batches of five: 0.98, 0.88, 0.68, 0.38, **−0.02**, −0.52, −1.12, −1.82, −2.62, −3.52; their product: 0.036.
#   The last four do harm, but the fifth happens to hit almost exactly.
# - for batches of ten: 0.87, 0.07, −1.53, −3.93, −7.13; their product: −2.5.
#
# So five was luck. What helps is a smaller rate, or data scaled so that $x$ stays near 1.
#
# ![Left: by what each batch multiplies the distance; some of five and most of ten lie below −1. Right: the loss
# by epoch, falling for batches of five, exploding for ten.](pictures/exercise1_stability.png)
