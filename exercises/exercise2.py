# %% [markdown]
# # Exercise 2: Two layers, one factor
#
# Two lines, one after the other: what layer one puts out is what layer two takes in. Layer one never meets y. How
# does it learn of the error? Through layer two, by the chain rule: doing that layer by layer, from the end to the
# beginning, is *backpropagation*.
#
# Again **by hand**, and again with paper: guess, then read on.
#
# - `x`, `y`, `g` and `y_pred` have shape `(n,)`, one value for each of the n samples.
# - `parameters`, `gradients` and `learning_rates` are dicts. Layer one has the keys `"a1"` and `"b1"`, layer two
#   `"a2"` and `"b2"`.
# - Return new tensors; leave those you are given unchanged. You may call your functions from further up; each is
#   graded on its own.
# - Below each function stands what it comes to, "in one line". Try first.
# - What a tensor can do stands at the top of exercise 1.
#
# One example goes through all of it: a₁ = 2, b₁ = 1, a₂ = 4, b₂ = −1, x = [1, 3] and y = [10, 25].

# %%
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

# %% [markdown]
# ## Forward
#
# **Guess first.** Layer one takes times 2, plus 1; layer two takes times 4, minus 1. What becomes of x = 3?
#
# Each layer is a line as in exercise 1. What layer one puts out for sample i is called gᵢ. It is what layer two
# takes in, and what layer two puts out is the prediction ŷᵢ. Keep g: the way back needs it.
#
# On paper: `forward` must return g = [3, 7] and ŷ = [11, 27].


# %%
def forward(parameters: dict[str, Tensor], x: Tensor) -> tuple[Tensor, Tensor]:
    """Return (g, y_pred), the outputs of layer one and of layer two, both of shape (n,)."""
    raise NotImplementedError("forward is not written yet")


# %% [markdown]
# **In one line**
#
# $$g_i = a_1 x_i + b_1 \qquad \hat{y}_i = a_2 g_i + b_2$$
#
# `gᵢ = a₁·xᵢ + b₁`, `ŷᵢ = a₂·gᵢ + b₂`

# %% [markdown]
# ## Measure the error
#
# **Guess first.** What is the loss of exercise 1 for ŷ = [11, 27] and y = [10, 25]?
#
# The residuals $r_i = \hat{y}_i - y_i$ are [1, 2], and `loss` must return 2.5.


# %%
def loss(y_pred: Tensor, y: Tensor) -> Tensor:
    """Return the loss of the predictions, one number for all samples, shape ()."""
    raise NotImplementedError("loss is not written yet")


# %% [markdown]
# **In one line**
#
# $$L = \frac{1}{2} \sum_{i=1}^{n} r_i^2$$
#
# `L = ½ Σ rᵢ²`

# %% [markdown]
# ## Layer two
#
# **Guess first.** Cover x with your hand. Nudge b₂ from −1 to −0.999. Can you still say by how much L moves?
#
# You can: both predictions move by 0.001, the residuals become [1.001, 2.001], and L goes to 2.503001. That is 3.001
# for each unit; 3 is the sum of the residuals, just as for b in exercise 1:
#
# $$\frac{\partial L}{\partial b_2} = \sum_{i=1}^{n} r_i$$
#
# **Your turn.** Nudge a₂ by ε. By how much does ŷᵢ move? What plays the part here that xᵢ had in exercise 1?
#
# On paper: `manual_gradients` must return 17 for a₂ and 3 for b₂.


# %%
def manual_gradients(g: Tensor, y_pred: Tensor, y: Tensor) -> dict[str, Tensor]:
    """Return {"a2": ∂L/∂a2, "b2": ∂L/∂b2} of the loss L on all samples, each of shape ()."""
    raise NotImplementedError("manual_gradients is not written yet")


# %% [markdown]
# **In one line**
#
# $$\frac{\partial L}{\partial a_2} = \sum_{i=1}^{n} r_i g_i \qquad
#   \frac{\partial L}{\partial b_2} = \sum_{i=1}^{n} r_i$$
#
# `∂L/∂a₂ = Σ rᵢ·gᵢ`, `∂L/∂b₂ = Σ rᵢ`

# %% [markdown]
# ## Layer one: the chain rule
#
# **Guess first.** Take the second sample, x = 3, and nudge b₁ from 1 to 1.001. By how much does g move? By how much
# does ŷ? By how much L, which is 2 for this sample?
#
# g moves to 7.001, ŷ to 27.004, L to 2.008008. For each unit of b₁, that is 1 for g, 4 for ŷ and 8 (nearly) for L:
# each link passes on what it gets, times a factor of its own. The *chain rule* says so of any chain: where z hangs
# on u and u hangs on t,
#
# $$\frac{dz}{dt} = \frac{dz}{du} \cdot \frac{du}{dt}$$
#
# Walk it backwards, as in the picture. At L begin with 1. On the way to ŷ take it times r, and on to g times how far
# ŷ moves for each unit of g. What has arrived there, $\partial L / \partial g_i$, is the *upstream gradient* of layer
# one: all that it gets to know of what comes after it.
#
# ![From left to right x, g, ŷ and L. Above them the values of the second sample, forwards: 3, 7, 27, 2. Below them
# the gradients, backwards from L: 1, then 2, then 8.](pictures/exercise2_circuit.png)
#
# The last link is layer one's own. For b₁ its factor is 1, and the sum over the samples is
#
# $$\frac{\partial L}{\partial b_1}
#   = \sum_{i=1}^{n} r_i \, \frac{\partial \hat{y}_i}{\partial g_i} \, \frac{\partial g_i}{\partial b_1}
#   = \sum_{i=1}^{n} r_i \, \frac{\partial \hat{y}_i}{\partial g_i}$$
#
# **Your turn.** Which parameter is the factor in the middle? And for a₁, how far does gᵢ move for each unit?
#
# On paper: `chain_rule_gradients` must return 28 for a₁ and 12 for b₁.


# %%
def chain_rule_gradients(parameters: dict[str, Tensor], x: Tensor, y_pred: Tensor, y: Tensor) -> dict[str, Tensor]:
    """Return {"a1": ∂L/∂a1, "b1": ∂L/∂b1} of the loss L on all samples, each of shape ()."""
    raise NotImplementedError("chain_rule_gradients is not written yet")


# %% [markdown]
# **In one line**
#
# $$\frac{\partial L}{\partial a_1} = \sum_{i=1}^{n} r_i a_2 x_i \qquad
#   \frac{\partial L}{\partial b_1} = \sum_{i=1}^{n} r_i a_2$$
#
# `∂L/∂a₁ = Σ rᵢ·a₂·xᵢ`, `∂L/∂b₁ = Σ rᵢ·a₂`

# %% [markdown]
# ## Take a step
#
# **Guess first.** All four derivatives are positive here: 28, 12, 17, 3. Which of the parameters should shrink?
#
# All of them, each by its own learning rate times its own derivative, as in exercise 1.
#
# On paper: with the rates 0.1 for a₁, 0.5 for b₁, 0.2 for a₂ and 1 for b₂, they become −0.8, −5, 0.6 and −4.


# %%
def update(
    parameters: dict[str, Tensor], gradients: dict[str, Tensor], learning_rates: dict[str, float]
) -> dict[str, Tensor]:
    """Return all four parameters after one step downhill, each with its own learning rate, shape ()."""
    raise NotImplementedError("update is not written yet")


# %% [markdown]
# **In one line**, for each parameter θ ("theta")
#
# $$\theta \leftarrow \theta - \eta_\theta \frac{\partial L}{\partial \theta}$$
#
# `θ ← θ − η_θ·∂L/∂θ`

# %% [markdown]
# ## All of it together
#
# **Guess first.** Move layer two before you work out the gradients of layer one. Are they still those of the
# prediction that was made?
#
# They are not: the new a₂ would get into them. So first `forward`, the loss and all four gradients, at the *old*
# parameters; then one update of all.
#
# On paper: from the example and the rates above, `train_step` must return −0.8, −5, 0.6, −4 and the loss 2.5.


# %%
def train_step(
    parameters: dict[str, Tensor], x: Tensor, y: Tensor, learning_rates: dict[str, float]
) -> tuple[dict[str, Tensor], Tensor]:
    """Return (parameters, loss) after one step on all samples; the loss is from before the step, shape ()."""
    raise NotImplementedError("train_step is not written yet")


# %% [markdown]
# **In one line:** forward, loss, four gradients, and only then one update.

# %% [markdown]
# ## What have two layers gained?
#
# **Guess first.** Put x = 0 and x = 1 through both layers. Which single line goes through both answers?
#
# It gives 3 and 11, so its intercept is 3 and its slope 8. It is one line for every x: put layer one into layer two and
# multiply out, $\hat{y} = a_2 (a_1 x + b_1) + b_2$. What stands before x, and what stands alone?
#
# On paper: `collapse` must return 8 and 3.


# %%
def collapse(parameters: dict[str, Tensor]) -> tuple[Tensor, Tensor]:
    """Return (a, b) of the single line a·x + b that the two layers amount to, each of shape ()."""
    raise NotImplementedError("collapse is not written yet")


# %% [markdown]
# **In one line**
#
# $$\hat{y} = a_2 (a_1 x + b_1) + b_2 = a_1 a_2 x + a_2 b_1 + b_2$$
#
# `a = a₁·a₂`, `b = a₂·b₁ + b₂`
#
# So any number of lines, one after the other, is only one line again. More comes of it when something bent stands
# between them.

# %% [markdown]
# ## Train it
#
# Nothing is graded from here on. Run this file. First comes one step from $a_1 = a_2 = 20$, $b_1 = b_2 = 30$ with
# the rates of exercise 1: each derivative by you, by a nudge, and by autograd. Do they agree? See how far the step
# jumps: with two layers the slopes multiply, and those rates are too large. So the training, on the points of
# $y = 2x + 10$, starts elsewhere with smaller ones.
#
# **Guess, then run.** Change one thing at the top of `main`. Say what the loss will do, then look:
#
# - `faster = 10`: all learning rates times 10.
# - `forget_a2 = True`: layer one learns as if the factor a₂ were 1. Will the loss still fall? Would you have noticed?


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
    out = x.unsqueeze(1)
    for layer in ("1", "2"):
        out = torch.nn.functional.linear(out, watched["a" + layer].reshape(1, 1), watched["b" + layer].reshape(1))
    its_loss = torch.nn.functional.mse_loss(out.squeeze(1), y, reduction="sum") / 2
    gradients = torch.autograd.grad(its_loss, tuple(watched.values()))
    return its_loss.detach(), dict(zip(watched, gradients, strict=True))


def by_nudge(parameters: dict[str, Tensor], name: str, x: Tensor, y: Tensor) -> Tensor:
    """Return how much your loss moves for each unit of one parameter, found by trying."""
    losses = []
    for nudged in (parameters[name] - 0.001, parameters[name] + 0.001):
        _, y_pred = forward({**parameters, name: nudged}, x)
        losses.append(loss(y_pred, y))
    return (losses[1] - losses[0]) / 0.002


def show_first_step(x: Tensor, y: Tensor) -> None:
    """Print the loss and the gradients, each found in every way there is, and where one step leads."""
    parameters = scalars(a1=20.0, b1=30.0, a2=20.0, b2=30.0)
    its_loss, autograd = by_autograd(parameters, x, y)
    g, y_pred = forward(parameters, x)
    by_hand_loss = loss(y_pred, y)
    print(f"first step {'by hand':>14} {'nudged':>14} {'autograd':>14}")
    print(f"loss       {shown(by_hand_loss, 2):>14} {'':>14} {shown(its_loss, 2):>14}")
    show_gradients(manual_gradients(g, y_pred, y), parameters, x, y)
    show_gradients(chain_rule_gradients(parameters, x, y_pred, y), parameters, x, y)
    after = update(parameters, autograd, {"a1": 1e-4, "b1": 1e-3, "a2": 1e-4, "b2": 1e-3})
    print("leads to " + ", ".join(f"{name} = {shown(value, 2)}" for name, value in after.items()))


def show_gradients(by_hand: dict[str, Tensor], parameters: dict[str, Tensor], x: Tensor, y: Tensor) -> None:
    """Print gradients beside those by a nudge and by autograd."""
    _, autograd = by_autograd(parameters, x, y)
    for name, value in by_hand.items():
        nudged = by_nudge(parameters, name, x, y)
        print(f"dL/d{name}     {shown(value, 2):>14} {shown(nudged, 2):>14} {shown(autograd[name], 2):>14}")


def train_step_without_a2(
    parameters: dict[str, Tensor], x: Tensor, y: Tensor, learning_rates: dict[str, float]
) -> tuple[dict[str, Tensor], Tensor]:
    """Take a step as `train_step` does, but layer one is told that the factor a2 is 1."""
    g, y_pred = forward(parameters, x)
    gradients = chain_rule_gradients({**parameters, "a2": torch.ones_like(parameters["a2"])}, x, y_pred, y)
    gradients.update(manual_gradients(g, y_pred, y))
    return update(parameters, gradients, learning_rates), loss(y_pred, y)


def show_fit(x: Tensor, y: Tensor, y_pred: Tensor, title: str) -> None:
    """Draw the data and the line; without a display, save the picture beside this file."""
    import matplotlib.pyplot as plt

    plt.plot(x, y, "go", label="data", alpha=0.3)
    plt.plot(x, y_pred, label="predicted")
    plt.xlabel("x")
    plt.ylabel("y")
    plt.title(title)
    plt.legend()
    if plt.get_backend().lower() != "agg":  # matplotlib's choice where there is no display
        plt.show()
        return
    try:
        plt.savefig(here() / "exercise2.png")
        print(f"picture: {here() / 'exercise2.png'}")
    except OSError as error:
        print(f"The picture cannot be saved in {here()} ({error.strerror}).")


def main() -> None:
    """Take one step, train, show the fit; where something is missing, say what."""
    # Guess, then run: what will the loss do with faster = 10? And with forget_a2 = True?
    faster, forget_a2 = 1, False
    parameters = scalars(a1=1.0, b1=0.0, a2=1.0, b2=0.0)
    learning_rates = {"a1": faster * 1e-6, "b1": faster * 1e-3, "a2": faster * 1e-6, "b2": faster * 1e-3}
    try:
        x, y = load("line.csv")
        show_first_step(x[:5], y[:5])
        for step in range(1, 201):
            one_step = train_step_without_a2 if forget_a2 else train_step
            parameters, step_loss = one_step(parameters, x, y, learning_rates)
            if step == 1 or step % 20 == 0:
                print(f"step {step:3}  loss {shown(step_loss, 5):>14}")
            if not torch.isfinite(step_loss):
                print(f"step {step:3}: the loss has run away, beyond all numbers. What did each step do to it?")
                return
        a, b = collapse(parameters)
        print(f"both layers amount to {equation(a, b, 6)}")
        if forget_a2:
            print("It learns, and is wrong: slower than it should. A falling loss proves no gradient; a nudge does.")
        show_fit(x, y, forward(parameters, x)[1], f"Two layers: {equation(a, b, 2)}")
    except NotImplementedError as todo:
        print(f"{todo}. That is your next step; `grade exercise2` tells you how it went.")
    except FileNotFoundError as missing:
        print(f"{missing} Its place is the folder datasets/ of the kit; get it from where you have the kit.")


if __name__ == "__main__":
    main()

# %% [markdown]
# **What came of it**
#
# - With `faster = 10`, step 7 is beyond all numbers: each step overshoots farther than the one before.
# - Without a₂ the loss falls, too, but after 200 steps it is 0.0047 and not 0.0005. It learns, and is wrong.
#   The loss does not give that away; a nudge beside each gradient does.
