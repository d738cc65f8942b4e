# %% [markdown]
# # Exercise 6: Better steps: momentum, RMSProp, Adam
#
# Until now every step was $\theta \leftarrow \theta - \eta \frac{\partial L}{\partial \theta}$.
# It forgets all that earlier steps have seen. In this exercise you write three steps with a memory.
# The last one is *Adam*, which exercise 3 used without a word about what it does.
#
# Again **by hand**: no `torch.optim`, no ready-made clipping. `grade exercise6` compares your steps with
# those that PyTorch takes.
#
# What holds for every function here:
#
# - `parameters` and `gradients` are dicts of tensors of any shapes, with the same keys. The keys may
#   stand in another order, so take each value by its key.
# - The memory is a dict with these keys, too. You get the old one and return the new one.
# - One call is one step. What is asked for holds for each number of each tensor by itself.
# - Return new dicts with new tensors; leave the ones you are given unchanged.
# - Below each function stands what it comes to, "in one line". Try first.
#
# Two letters keep their meaning. $\theta$ ("theta") is any parameter and $g$ is its gradient.
#
# Tools that are new, shown with `d`, which is {"a": 4, "b": 9}, each number a tensor:
#
# | you write | you get |
# |---|---|
# | `{name: 2 * value for name, value in d.items()}` | {"a": 8, "b": 18}: a new dict, made entry by entry |
# | `torch.sqrt(d["b"])` | 3, the square root |
# | `d["a"] ** 2` | 16, a power |
# | `torch.stack([d["a"], d["b"]])` | [4, 9], one tensor of several |
# | `torch.clamp(d["b"], max=5)` | 5: no more than that |

# %%
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

# %% [markdown]
# ## Momentum: a ball, not a hiker
#
# **Guess first.** In a narrow valley the gradients of four steps are 10, −9, 10, −9. Add them up. How far
# have all four moved you, compared with the first one alone? And if all four were 2?
#
# Plain descent is a hiker who looks at the ground anew after each step. Across the valley he goes to and
# fro; along it, where the derivative is small, he hardly gets on. A ball keeps its *velocity* $v$. What goes to
# and fro cancels out, and what always points the same way adds up.
#
# So the memory is $v$, and at first it is 0. A step has two lines:
#
# 1. The new velocity is the share $\mu$ (mu) of the old one, plus the whole gradient.
# 2. The parameter goes $\eta$ times the *new* velocity downhill.
#
# **On paper.** Let $\theta = 5$, $g = 4$, $v = 2$, $\eta = 0.1$ and $\mu = 0.5$. The new velocity is
# 0.5 · 2 + 4 = 5. So `momentum_step` must return the parameter 5 − 0.1 · 5 = 4.5 and the velocity 5.


# %%
def momentum_step(
    parameters: dict[str, Tensor],
    gradients: dict[str, Tensor],
    velocities: dict[str, Tensor],
    learning_rate: float,
    momentum: float,
) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
    """Return (parameters, velocities) after one step with momentum, two dicts of the same keys and shapes."""
    ### BEGIN SOLUTION
    velocities = {name: momentum * velocities[name] + gradient for name, gradient in gradients.items()}
    return {name: value - learning_rate * velocities[name] for name, value in parameters.items()}, velocities
    ### END SOLUTION


# %% [markdown]
# **In one line.** With $\mu = 0$ there is no memory, and plain descent is left.
#
# $$v \leftarrow \mu v + g \qquad \theta \leftarrow \theta - \eta v$$
#
# `v ← μ·v + g; θ ← θ − η·v`

# %% [markdown]
# ## RMSProp: every parameter its own rate
#
# **Guess first.** One parameter has gradients near 1000, another near 0.001. Both should move by about
# 0.1. Which learning rate does each need? Can one rate serve both?
#
# In exercise 2 the slopes needed smaller rates than the intercepts, and you were told which. RMSProp finds
# them. It divides each gradient by its usual size, so that about ±1 is left of it.
#
# What is the usual size? Signs do not matter to it, so we square. Then we average: the memory $s$ is an
# average of $g^2$ that slowly forgets. Of the old $s$ it keeps the share $\rho$ (rho), and the new $g^2$ gets
# the rest, $1 - \rho$. Both shares together are 1, as in every average.
#
# But $s$ is the size of a *squared* gradient. What do you have to do to it before you divide by it?
#
# One trap is left: where all gradients were 0, so is $s$. That is why a small number, $\varepsilon$ (epsilon), is
# added to what you divide by. It comes in as the very last thing before the division.
#
# **On paper.** Let $\theta = 5$, $g = 4$, $s = 8$, $\eta = 0.9$, $\rho = 0.875$ and $\varepsilon = 0.5$. The new $s$
# is 0.875 · 8 + 0.125 · 16 = 9, so the usual size is 3. `rmsprop_step` must return the parameter
# 5 − 0.9 · 4 / (3 + 0.5) = 3.97, rounded, and the square 9.


# %%
def rmsprop_step(
    parameters: dict[str, Tensor],
    gradients: dict[str, Tensor],
    squares: dict[str, Tensor],
    learning_rate: float,
    decay: float,
    epsilon: float,
) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
    """Return (parameters, squares) after one step of RMSProp, two dicts of the same keys and shapes."""
    ### BEGIN SOLUTION
    squares = {name: decay * squares[name] + (1 - decay) * gradient**2 for name, gradient in gradients.items()}
    moved = {
        name: value - learning_rate * gradients[name] / (torch.sqrt(squares[name]) + epsilon)
        for name, value in parameters.items()
    }
    return moved, squares
    ### END SOLUTION


# %% [markdown]
# **In one line.** Here $\rho$ is `decay`.
#
# $$s \leftarrow \rho s + (1 - \rho) g^2 \qquad \theta \leftarrow \theta - \eta \frac{g}{\sqrt{s} + \varepsilon}$$
#
# `s ← ρ·s + (1 − ρ)·g²; θ ← θ − η·g / (√s + ε)`

# %% [markdown]
# ## Adam: both, and a fair start
#
# **Guess first.** An average begins at 0 and keeps 0.9 of itself at each step. All gradients are 10. What is
# it after the first step, and after the second? By what would you have to divide to get 10?
#
# Adam has both memories. One is an average $m$ of the gradients, with the share $\beta_1$. The other is an average
# $v$ of their squares, with the share $\beta_2$. In the code they are `firsts` and `seconds`. Both forget as $s$ did
# in RMSProp. In Adam $m$ is a true average: the new gradient gets only $1 - \beta_1$.
#
# As both begin at 0, both are too small at first. After $t$ steps only a part of the weights has been given
# out. The 0 from the beginning still has the share $\beta_1^t$, for it was kept $t$ times. What share have the
# gradients? Divide $m$ by that, and the start is fair: call it $\hat{m}$. Do the same for $v$, with its own $\beta_2$:
# $\hat{v}$.
#
# ![An average of gradients that are all 10. As it is, it begins near 0 and rises slowly towards 10. Divided, it is
# 10 from the first step on.](pictures/exercise6_fair_start.png)
#
# Then step as in RMSProp, with $\hat{m}$ in the gradient's place and $\hat{v}$ in that of $s$. The memory that you
# return is $m$ and $v$ as they are. The correction is for this one step.
#
# **On paper.** Let $\theta = 5$, $g = 4$, $m = v = 0$, `step` = 1, $\eta = 0.9$, $\beta_1 = 0.5$, $\beta_2 = 0.75$ and
# $\varepsilon = 0.5$. Then $m$ = 0.5 · 4 = 2 and $v$ = 0.25 · 16 = 4. Of the weights, 1 − 0.5 = 0.5 and
# 1 − 0.75 = 0.25 have been given out. So $\hat{m}$ = 2 / 0.5 = 4 and $\hat{v}$ = 4 / 0.25 = 16. `adam_step` must
# return the parameter 5 − 0.9 · 4 / (4 + 0.5) = 4.2, with 2 and 4 behind it.


# %%
def adam_step(
    parameters: dict[str, Tensor],
    gradients: dict[str, Tensor],
    firsts: dict[str, Tensor],
    seconds: dict[str, Tensor],
    step: int,
    learning_rate: float,
    beta1: float,
    beta2: float,
    epsilon: float,
) -> tuple[dict[str, Tensor], dict[str, Tensor], dict[str, Tensor]]:
    """Return (parameters, firsts, seconds) after Adam's step number `step`, which counts from 1."""
    ### BEGIN SOLUTION
    firsts = {name: beta1 * firsts[name] + (1 - beta1) * gradient for name, gradient in gradients.items()}
    seconds = {name: beta2 * seconds[name] + (1 - beta2) * gradient**2 for name, gradient in gradients.items()}
    moved = {}
    for name, value in parameters.items():
        first = firsts[name] / (1 - beta1**step)
        second = seconds[name] / (1 - beta2**step)
        moved[name] = value - learning_rate * first / (torch.sqrt(second) + epsilon)
    return moved, firsts, seconds
    ### END SOLUTION


# %% [markdown]
# **In one line.** At the first step $\hat{m} = g$ and $\hat{v} = g^2$: each parameter moves by about $\eta$.
#
# $$m \leftarrow \beta_1 m + (1 - \beta_1) g \qquad v \leftarrow \beta_2 v + (1 - \beta_2) g^2$$
#
# $$\hat{m} = \frac{m}{1 - \beta_1^t} \qquad \hat{v} = \frac{v}{1 - \beta_2^t} \qquad
#   \theta \leftarrow \theta - \eta \frac{\hat{m}}{\sqrt{\hat{v}} + \varepsilon}$$
#
# `θ ← θ − η·m̂ / (√v̂ + ε), with m̂ = m / (1 − β₁ᵗ) and v̂ = v / (1 − β₂ᵗ)`

# %% [markdown]
# ## A limit for steep places
#
# **Guess first.** Two gradients are 6 and 8. Together they are an arrow. How long is it? Make it half as long
# without turning it. What are the two gradients now?
#
# On a cliff a gradient may be a thousand times as large as elsewhere. One such step throws away all that was
# learned. So one sets a limit for the length of the arrow, its *norm*. The norm is the root of the sum of all
# squares: of every number in every tensor of the dict, for they are one arrow.
#
# Where the norm is larger than `max_norm`, all numbers get the same factor, so that the direction stays. Which
# factor makes the norm exactly `max_norm`? Where the norm is not larger, nothing changes.
#
# **On paper.** The gradients 6 and 8 and `max_norm` = 5 must give 3 and 4. With `max_norm` = 20
# they must stay 6 and 8.


# %%
def clip_by_norm(gradients: dict[str, Tensor], max_norm: float) -> dict[str, Tensor]:
    """Return the gradients, all with one factor where their norm together is larger than max_norm."""
    ### BEGIN SOLUTION
    norm = torch.sqrt(torch.stack([torch.sum(gradient**2) for gradient in gradients.values()]).sum())
    factor = torch.clamp(max_norm / norm, max=1.0)
    return {name: gradient * factor for name, gradient in gradients.items()}
    ### END SOLUTION


# %% [markdown]
# **In one line.** With $N$ for the norm and $c$ for `max_norm`:
#
# $$g \leftarrow g \cdot \min \left( 1, \frac{c}{N} \right) \qquad N = \sqrt{\sum g^2}$$
#
# `g ← g · min(1, c/N), N = √Σ g²`

# %% [markdown]
# ## The race
#
# There is nothing to write or to grade from here on. Run this to see four runners in the valley of exercise 2:
# $\hat{y} = a_2 (a_1 x + b_1) + b_2$ on the points of $y = 2x + 10$. They run twice.
#
# 1. The intercepts hold still, so that the valley has two directions and can be drawn. Its floor is the curve on
#    which $a_1 a_2 = 2$. Who goes straight at it, who swings past it, and who sets out in another direction
#    than the steepest?
# 2. All four parameters run, from intercepts of 0, each runner with one learning rate for all. The derivatives of
#    the loss by $a_1$ and $a_2$ are far larger than those by $b_1$ and $b_2$. Who gets stuck?
#
# For the gradients the script asks autograd, as exercise 3 did.
#
# **Guess, then run.** Change one number at the top of `main`. Say who gets on better, and who worse, then look:
#
# - `faster = 10`: all learning rates times 10. Which runner is thrown out of the valley?
# - `epsilon = 1e6`: what is left of RMSProp and of Adam, when that is added to what they divide by?


# %%
RUNNERS = ("plain", "momentum", "RMSProp", "Adam")
STYLES = ("k.-", "b.-", "r.-", "g.-")
VALLEY = {"a1": -0.5, "b1": 0.0, "a2": 1.5, "b2": 10.0}
ALL_FOUR = {"a1": -0.5, "b1": 0.0, "a2": 1.5, "b2": 0.0}
STEPS = 400


def here() -> Path:
    """Return the folder of this file; of a notebook, the current one."""
    return Path(__file__).resolve().parent if "__file__" in globals() else Path.cwd()


def load(name: str) -> tuple[Tensor, Tensor]:
    """Return both columns of a file in datasets/, each of shape (n,)."""
    place = here() if (here() / "datasets").is_dir() else here().parent
    x, y = torch.from_numpy(np.loadtxt(place / "datasets" / name, delimiter=",", skiprows=1)).T
    return x, y


def height(parameters: dict[str, Tensor], x: Tensor, y: Tensor) -> Tensor:
    """Return the loss of exercise 2; where parameters are arrays, one loss for each of their members."""
    a1, b1, a2, b2 = (parameters[name].unsqueeze(-1) for name in ("a1", "b1", "a2", "b2"))
    return torch.sum((a2 * (a1 * x + b1) + b2 - y) ** 2, dim=-1) / 2


def gradients_of(parameters: dict[str, Tensor], moving: str, x: Tensor, y: Tensor) -> dict[str, Tensor]:
    """Return the gradients by autograd, but 0 for what does not move."""
    leaves = {each: number.clone().requires_grad_() for each, number in parameters.items()}
    found = torch.autograd.grad(height(leaves, x, y), list(leaves.values()))
    return {each: gradient * (each[0] in moving) for each, gradient in zip(leaves, found, strict=True)}


def race(
    runner: str, start: dict[str, float], moving: str, x: Tensor, y: Tensor, faster: float, epsilon: float
) -> list[dict[str, Tensor]]:
    """Return where a runner stands before the first step and after each."""
    place = {name: torch.tensor(value, dtype=torch.float64) for name, value in start.items()}
    first, second = ({name: torch.zeros_like(value) for name, value in place.items()} for _ in range(2))
    path = [place]
    for step in range(1, STEPS + 1):
        gradients = clip_by_norm(gradients_of(place, moving, x, y), 1e6)
        if runner == "plain":
            place, _ = momentum_step(place, gradients, first, faster * 1e-6, 0.0)
        elif runner == "momentum":
            place, first = momentum_step(place, gradients, first, faster * 2e-7, 0.9)
        elif runner == "RMSProp":
            place, first = rmsprop_step(place, gradients, first, faster * 0.02, 0.9, epsilon)
        else:
            place, first, second = adam_step(place, gradients, first, second, step, faster * 0.2, 0.9, 0.99, epsilon)
        path.append(place)
    return path


def show_first_steps() -> None:
    """Print the parameter after two steps of each kind, beside what PyTorch's own optimizers make of it."""
    start, given = torch.tensor([5.0, -3.0]).double(), (torch.tensor([4.0, 0.5]), torch.tensor([-2.0, 1.0]))
    rivals = {
        "momentum": torch.optim.SGD([start.clone()], lr=0.1, momentum=0.9),
        "RMSProp": torch.optim.RMSprop([start.clone()], lr=0.1, alpha=0.9, eps=0.5),
        "Adam": torch.optim.Adam([start.clone()], lr=0.1, betas=(0.9, 0.99), eps=0.5),
    }
    print("two steps      by hand   PyTorch")
    for runner, rival in rivals.items():
        place, first, second = {"w": start}, {"w": start * 0}, {"w": start * 0}
        parameter = rival.param_groups[0]["params"][0]
        for step, gradient in enumerate(given, 1):
            gradients = {"w": gradient.double()}
            parameter.grad = gradients["w"].clone()
            rival.step()
            if runner == "momentum":
                place, first = momentum_step(place, gradients, first, 0.1, 0.9)
            elif runner == "RMSProp":
                place, first = rmsprop_step(place, gradients, first, 0.1, 0.9, 0.5)
            else:
                place, first, second = adam_step(place, gradients, first, second, step, 0.1, 0.9, 0.99, 0.5)
        print(f"{runner:10} {float(place['w'][0]):11.6f} {float(parameter[0]):9.6f}")


def show_races(valley: list[list[dict[str, Tensor]]], losses: list[list[float]], x: Tensor, y: Tensor) -> None:
    """Draw the paths on the contours, and the losses; without a display, save the picture beside this file."""
    import matplotlib.pyplot as plt

    axis = torch.linspace(-1, 4, 161).double()
    a1, a2 = torch.meshgrid(axis, axis, indexing="xy")
    z = height({"a1": a1, "b1": a1 * 0, "a2": a2, "b2": a1 * 0 + 10}, x, y)
    _, (left, right) = plt.subplots(1, 2, figsize=(13, 6))
    left.contour(a1, a2, torch.log10(z + 1000), levels=14, cmap="Greys", alpha=0.6)
    for runner, style, path, course in zip(RUNNERS, STYLES, valley, losses, strict=True):
        where = [[float(place[name]) for place in path] for name in ("a1", "a2")]
        left.plot(*where, style, label=runner, markersize=4, linewidth=1)
        right.plot(course, style[0], label=runner)
    left.plot(axis[axis > 0.4], 2 / axis[axis > 0.4], "y--", label="floor: a1 a2 = 2")
    left.plot(VALLEY["a1"], VALLEY["a2"], "ko", markersize=9, label="start")
    left.set(xlim=(-1, 4), ylim=(-1, 4), xlabel="slope a1 of layer one", ylabel="slope a2 of layer two")
    left.set_title("Two slopes, on the contours of the loss")
    right.set(yscale="log", xlabel="step", ylabel="loss", title="All four parameters, one learning rate")
    left.legend()
    right.legend()
    if plt.get_backend().lower() != "agg":  # matplotlib's choice where there is no display
        plt.show()
        return
    try:
        plt.savefig(here() / "exercise6.png")
        print(f"picture: {here() / 'exercise6.png'}")
    except OSError as error:
        print(f"The picture cannot be saved in {here()} ({error.strerror}).")


def main() -> None:
    """Race twice, and show both; where a function is not written yet, say which."""
    # Guess, then run: who gets on better with faster = 10? And what is left of two runners with epsilon = 1e6?
    faster, epsilon = 1, 1e-8
    torch.set_num_threads(1)  # with numbers as few as these, threads only wait for each other
    try:
        x, y = load("line.csv")
        show_first_steps()
        valley = [race(runner, VALLEY, "a", x, y, faster, epsilon) for runner in RUNNERS]
        paths = [race(runner, ALL_FOUR, "ab", x, y, faster, epsilon) for runner in RUNNERS]
        losses = [[float(height(place, x, y)) for place in path] for path in paths]
        print("all four       " + " ".join(f"{runner:>12}" for runner in RUNNERS))
        for step in (1, *range(40, STEPS + 1, 40)):
            print(f"step {step:3}  loss " + " ".join(f"{course[step]:12.3f}" for course in losses))
        show_races(valley, losses, x, y)
    except NotImplementedError as todo:
        print(f"{todo}. That is your next step; `grade exercise6` tells you how it went.")
    except FileNotFoundError as missing:
        print(f"{missing} Its place is the folder datasets/ of the kit; get it from where you have the kit.")


if __name__ == "__main__":
    main()

# %% [markdown]
# **What came of it**
#
# - With `faster = 10`, plain descent is thrown out of the valley again and again. Momentum gets on better, RMSProp
#   gets stuck higher up.
# - Adam is at the bottom first, and later it leaves it again. There all gradients are nearly 0, and $\hat{v}$ forgets
#   the large ones. So Adam divides by nearly nothing, and a single step leads far away.
# - With `epsilon = 1e6` all gradients are divided by about the same. That is descent with one rate for all again:
#   Adam gets stuck where plain descent does, and RMSProp is on its way there.
