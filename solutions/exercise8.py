# %% [markdown]
# # Exercise 8: Your own autograd
#
# In exercises 1, 2 and 4 you found every derivative with paper and pencil. In exercise 3, autograd found them by
# itself. How? You now build the machine that does it. At the end it finds exercise 2's gradient again, and nobody
# has told it the formulas.
#
# **By hand**: PyTorch may add, multiply and take exponentials. It may not differentiate. `grade exercise8` compares
# your derivatives with those of autograd.
#
# Take paper. Each section begins with a guess: write yours down before you read on.
#
# ## A formula as a graph
#
# Take $L = (x + y) \cdot z$. It has two operations: a sum, and a product. Give each result a name, and write
# down where it comes from:
#
# ```python
# graph = {"s": ["add", "x", "y"], "L": ["mul", "s", "z"]}
# ```
#
# That is a *graph*: a dict from the name of a *node* to a list. The list holds an operation, and the names of
# the node's *inputs*. `x`, `y` and `z` are no keys of the dict. They are *leaves*, whose values come from outside.
#
# ![Arrows lead from the leaves x and y to the node s, a sum, and from s and the leaf z to the node L, a
# product.](pictures/exercise8_graph.png)
#
# What holds for every function here:
#
# - There are five operations: `"add"` and `"mul"` have two inputs, `"exp"`, `"tanh"` and `"relu"` have one.
# - Both inputs may be the same node: `["mul", "x", "x"]` is $x^2$.
# - Several nodes may use the same node. A node may also be of no use to the output.
# - Every value is a single number, a tensor of shape `()`.
# - Return new tensors; leave those you are given unchanged.
# - You may call your functions from further up; each is graded on its own.
# - Below each function stands what it comes to, "in one line". Try first.
#
# What dicts and lists can do, shown with this `graph`:
#
# | you write | you get |
# |---|---|
# | `graph["s"]` | ["add", "x", "y"] |
# | `graph["s"][1:]` | ["x", "y"]: all but the first |
# | `operation, *names = graph["s"]` | `operation` is "add", `names` is ["x", "y"] |
# | `"x" in graph` | False: `x` is a leaf |
# | `graph.get("x", [])` | []: there is no such key, so you get what stands behind the comma |
# | `waiting.append("x")` | the list `waiting` now ends with "x" |
# | `waiting.pop()` | its last name, which is then no longer in it |
# | `reversed(names)` | the names from last to first, for a loop |

# %%
from pathlib import Path

import torch
from torch import Tensor

Graph = dict[str, list[str]]

# %% [markdown]
# ## One operation
#
# **Guess first.** What is `relu` of −2, and what is `exp` of 0?
#
# `relu` keeps a positive number and makes 0 of a negative one. `exp` is $e^v$, with $e$ = 2.718…, and `tanh` squeezes
# any number between −1 and 1. PyTorch has all of them: `torch.exp`, `torch.tanh`, `torch.relu`.
#
# On paper: the operation "mul" with the values [2, 5] must give 10, of shape `()`.


# %%
def evaluate(operation: str, values: list[Tensor]) -> Tensor:
    """Return the operation applied to the list of its inputs' values, shape ()."""
    ### BEGIN SOLUTION
    if operation == "add":
        return values[0] + values[1]
    if operation == "mul":
        return values[0] * values[1]
    return {"exp": torch.exp, "tanh": torch.tanh, "relu": torch.relu}[operation](values[0])
    ### END SOLUTION


# %% [markdown]
# **In one line**
#
# $$u + v \qquad u \cdot v \qquad e^v \qquad \tanh v \qquad \max(0, v)$$
#
# `add: u + v`, `mul: u · v`, `exp: eᵛ`, `tanh: tanh v`, `relu: max(0, v)`


# %% [markdown]
# ## The derivatives of one operation
#
# **Guess first.** A product has the inputs 2 and 5. The 2 grows by 0.1. By how much does the product grow?
#
# It was 10, and is 2.1·5 = 10.5. So it grows by 0.5, five times as much as the input. Its derivative by one
# input is the *other* input:
#
# $$\frac{\partial (u \cdot v)}{\partial u} = v$$
#
# **Your turn.** What is its derivative by $v$? And what are the two derivatives of $u + v$?
#
# The other three have one input, $v$, and so one derivative. That of $e^v$ is $e^v$ itself. That of $\tanh v$
# is $1 - \tanh^2 v$. For `relu`, look at both sides of 0. How fast does it grow at 3, and how fast at −3?
#
# On paper: "mul" with the values [2, 5] must give the list [5, 2].


# %%
def local_gradients(operation: str, values: list[Tensor]) -> list[Tensor]:
    """Return the derivatives of the operation by each of its inputs in order, a list of numbers of shape ()."""
    ### BEGIN SOLUTION
    first = values[0]
    if operation == "add":
        return [torch.ones_like(first), torch.ones_like(first)]
    if operation == "mul":
        return [values[1].clone(), first.clone()]
    if operation == "exp":
        return [torch.exp(first)]
    if operation == "tanh":
        return [1 - torch.tanh(first) ** 2]
    return [(first > 0).to(first.dtype)]
    ### END SOLUTION


# %% [markdown]
# **In one line**
#
# $$\frac{\partial (u + v)}{\partial u} = \frac{\partial (u + v)}{\partial v} = 1 \qquad
#   \frac{\partial (u v)}{\partial u} = v \qquad \frac{\partial (u v)}{\partial v} = u$$
#
# `add: [1, 1]`, `mul: [v, u]`, `exp: [eᵛ]`, `tanh: [1 − tanh² v]`, `relu: [1 if v > 0 else 0]`

# %% [markdown]
# ## In which order?
#
# **Guess first.** In the graph above, may `L` be evaluated before `s`?
#
# It may not: `L` needs `s`. So the nodes need a *topological order*: every name stands after all its inputs. One
# that does is `["x", "y", "s", "z", "L"]`. It is not the only one: can you find another?
#
# The names in the dict may stand in any order, so you have to find a right one. Begin at the output. Go down to
# its inputs, and to theirs. A name may be written down once all its inputs are.
#
# Two things can go wrong.
#
# - Many ways may lead to one node. Who goes all of them never comes to an end: 60 forks make more than
#   $10^{18}$ ways. So remember where you have been.
# - A chain may be 10,000 nodes long. A function that calls itself goes one call deeper at each node. Python stops
#   it at 1,000. Keep a list of the names that still wait instead, or raise the limit with `sys.setrecursionlimit`.
#
# On paper: this graph with the output "s" may give ["x", "y", "s"]. `L` and `z` are not in it: `s` does not need them.


# %%
def topological_order(graph: Graph, output: str) -> list[str]:
    """Return the names of the output and all it depends on, leaves too, each once and after all its inputs."""
    ### BEGIN SOLUTION
    order: dict[str, None] = {}  # a dict keeps the order, and knows quickly what it holds
    waiting = [output]
    while waiting:
        name = waiting[-1]
        missing = [each for each in graph.get(name, [])[1:] if each not in order]
        if missing:
            waiting += missing
        else:
            order[waiting.pop()] = None
    return list(order)
    ### END SOLUTION


# %% [markdown]
# **In one line**
#
# A name is written down once all its inputs are. Until then it waits, and its missing inputs go first.
#
# `place(u) < place(v)` wherever `v` is made of `u`, and each name stands there once


# %% [markdown]
# ## Forward
#
# **Guess first.** With x = 2, y = 1 and z = −1: what are $s$ and $L$?
#
# s = 2 + 1 = 3 and L = 3·(−1) = −3. With the order, this is all there is to it. A leaf has the value that was
# given. A node has the value of its operation, and all its inputs are there already.
#
# Keep every value, not only the last: the way back needs them, as it needed the activations in exercise 4.
#
# On paper: with these leaves, the output "L" must give 3 for `s` and −3 for `L`, and the leaves as they are.


# %%
def forward(graph: Graph, inputs: dict[str, Tensor], output: str) -> dict[str, Tensor]:
    """Return the value of the output and of all it depends on, leaves too, by name; each of shape ()."""
    ### BEGIN SOLUTION
    values: dict[str, Tensor] = {}
    for name in topological_order(graph, output):
        if name in graph:
            operation, *names = graph[name]
            values[name] = evaluate(operation, [values[each] for each in names])
        else:
            values[name] = inputs[name].clone()
    return values
    ### END SOLUTION


# %% [markdown]
# **In one line**
#
# $$v = f_v(\text{values of the inputs of } v)$$
#
# `v = fᵥ(values of its inputs)`, node by node in the order; a leaf keeps the number it was given


# %% [markdown]
# ## Backward
#
# **Guess first.** Take the same three numbers, and nudge x by a little ε. By how much does $L$ move?
#
# $s$ moves by ε, for the derivative of a sum is 1. $L$ moves by −1 times that, for z = −1. So
# ∂L/∂x = 1·(−1) = −1: what one multiplies along the way is the chain rule.
#
# For the whole graph, begin at the end: ∂L/∂L is 1. Then go through the order backwards. A node whose own
# derivative ∂L/∂u is known passes a *share* down to each of its inputs. The share is a product of
#
# - ∂L/∂u, the *upstream gradient* of this operation,
# - and the derivative of the operation by this input.
#
# ![The same graph with its values. Arrows go back: L passes a share to s and one to z, s passes one to x and one,
# shown as a question mark, to y.](pictures/exercise8_shares.png)
#
# **Your turn.** What if two nodes use the same input, or one uses it twice? Look at $q = p + p$. If $p$ moves by ε, by
# how much does $q$ move? What should then become of the two shares that $p$ is given?
#
# Why backwards? A node may pass something on only when it has got *all* its shares. In the order, all nodes that
# use it stand after it.
#
# On paper: with these values, the output "L" must give 1 for `L`, 3 for `z`, and −1 for `s`.


# %%
def backward(graph: Graph, values: dict[str, Tensor], output: str) -> dict[str, Tensor]:
    """Return ∂output/∂node of the output and all it depends on, leaves too, by name; each of shape ()."""
    ### BEGIN SOLUTION
    gradients = {output: torch.ones_like(values[output])}
    for name in reversed(topological_order(graph, output)):
        if name in graph:
            operation, *names = graph[name]
            slopes = local_gradients(operation, [values[each] for each in names])
            for each, slope in zip(names, slopes, strict=True):
                gradients[each] = gradients.get(each, 0) + gradients[name] * slope
    return gradients
    ### END SOLUTION


# %% [markdown]
# **In one line**
#
# $$\frac{\partial L}{\partial v} = \sum_{u \text{ uses } v} \frac{\partial L}{\partial u} \cdot
#   \frac{\partial u}{\partial v}$$
#
# `∂L/∂v = Σ ∂L/∂u · ∂u/∂v`, the sum over all nodes `u` that use `v`, twice where one uses it twice

# %% [markdown]
# ## It differentiates exercise 2
#
# Nothing is graded from here on. Exercise 2 has two layers and the loss ½ Σ r². Below, all of it becomes nodes, one
# sample after the other: layer one, layer two, the residual, its square. Nobody writes a derivative.
#
# By hand we found, for the first five points, ∂L/∂a₁ = 1623400, ∂L/∂b₁ = 261000, ∂L/∂a₂ = 2014900 and
# ∂L/∂b₂ = 13050. Run this file: does your machine agree? It also draws the graph for one sample.
#
# **Guess, then run.** Change one number at the top of `main`. Say which derivatives in the drawing become 0, then
# look:
#
# - `a2 = 0.0`: layer two forgets what it is given.
# - `y = 8.0`: both layers meet the truth exactly.


# %%
def here() -> Path:
    """Return the folder of this file; of a notebook, the current one."""
    return Path(__file__).resolve().parent if "__file__" in globals() else Path.cwd()


def two_layers(samples: int) -> Graph:
    """Return the graph of exercise 2's loss: the leaves are a1, b1, a2, b2, half, and x0, minus_y0 to the last."""
    graph: Graph = {}
    below = ""
    for i in range(samples):
        graph[f"a1·x{i}"] = ["mul", "a1", f"x{i}"]
        graph[f"g{i}"] = ["add", f"a1·x{i}", "b1"]
        graph[f"a2·g{i}"] = ["mul", "a2", f"g{i}"]
        graph[f"y_pred{i}"] = ["add", f"a2·g{i}", "b2"]
        graph[f"r{i}"] = ["add", f"y_pred{i}", f"minus_y{i}"]
        graph[f"r{i}²"] = ["mul", f"r{i}", f"r{i}"]
        total = f"sum{i}" if below else f"r{i}²"
        if below:
            graph[total] = ["add", below, f"r{i}²"]
        below = total
    graph["loss"] = ["mul", "half", below]
    return graph


def show_exercise2() -> None:
    """Print the gradients of exercise 2's loss for its first five points, beside those found by hand."""
    leaves = {"a1": 20.0, "b1": 30.0, "a2": 20.0, "b2": 30.0, "half": 0.5}
    for i, x in enumerate((1.0, 3.0, 5.0, 7.0, 9.0)):
        leaves |= {f"x{i}": x, f"minus_y{i}": -(2 * x + 10)}
    graph = two_layers(5)
    values = forward(graph, {name: torch.tensor(v, dtype=torch.float64) for name, v in leaves.items()}, "loss")
    gradients = backward(graph, values, "loss")
    print(f"{len(graph)} nodes      your autograd     by hand")
    print(f"loss      {float(values['loss']):14.2f} {20198330:11.2f}")
    for name, known in (("a1", 1623400), ("b1", 261000), ("a2", 2014900), ("b2", 13050)):
        print(f"dL/d{name}    {float(gradients[name]):14.2f} {known:11.2f}")


def levels(graph: Graph, order: list[str]) -> dict[str, int]:
    """Return how many operations lie below each name; a leaf stands just below the lowest node that uses it."""
    level: dict[str, int] = {}
    for name in order:
        level[name] = 1 + max((level[each] for each in graph.get(name, [])[1:]), default=-1)
    for leaf in (name for name in order if name not in graph):
        level[leaf] = min((level[name] for name in order if leaf in graph.get(name, [])[1:]), default=1) - 1
    return level


def show_graph(graph: Graph, values: dict[str, Tensor], gradients: dict[str, Tensor], order: list[str]) -> None:
    """Draw the graph from left to right, each name with its value and its derivative."""
    import matplotlib.pyplot as plt

    level = levels(graph, order)
    columns = {step: [name for name in order if level[name] == step] for step in set(level.values())}
    places = {name: (step, (at + 0.5) / len(names)) for step, names in columns.items() for at, name in enumerate(names)}
    plt.figure(figsize=(11, 5))
    for name, (operation, *names) in ((name, graph[name]) for name in order if name in graph):
        for each in names:
            plt.annotate("", places[name], places[each], arrowprops={"arrowstyle": "->", "shrinkA": 32, "shrinkB": 32})
        plt.text(places[name][0], places[name][1] + 0.09, operation, ha="center", color="gray")
    for name, (step, height) in places.items():
        text = f"{name}\n{float(values[name]):g}\nd: {float(gradients[name]):g}"
        box = {"boxstyle": "round", "facecolor": "white" if name in graph else "lightyellow"}
        plt.text(step, height, text, ha="center", va="center", fontsize=9, bbox=box)
    plt.xlim(-0.5, max(level.values()) + 0.5)
    plt.ylim(-0.05, 1.05)
    plt.axis("off")
    plt.title("Exercise 2's loss for one sample: below each value, the derivative of the loss by it")
    if plt.get_backend().lower() != "agg":  # matplotlib's choice where there is no display
        plt.show()
        return
    try:
        plt.savefig(here() / "exercise8.png")
        print(f"picture: {here() / 'exercise8.png'}")
    except OSError as error:
        print(f"The picture cannot be saved in {here()} ({error.strerror}).")


def main() -> None:
    """Differentiate exercise 2's loss, and draw it for one sample; where a function is not written yet, say which."""
    # Guess, then run: which derivatives become 0 with a2 = 0.0? And with y = 8.0?
    a2, y = 3.0, 6.0
    torch.set_num_threads(1)
    graph = two_layers(1)
    leaves = {"a1": 2.0, "b1": 1.0, "a2": a2, "b2": -1.0, "half": 0.5, "x0": 1.0, "minus_y0": -y}
    try:
        pair = [torch.tensor(number, dtype=torch.float64) for number in (2.0, 5.0)]
        product, slopes = float(evaluate("mul", pair)), [float(slope) for slope in local_gradients("mul", pair)]
        print(f"2 · 5 = {product:g}, derivatives {slopes}")
        order = topological_order(graph, "loss")
        values = forward(graph, {name: torch.tensor(v, dtype=torch.float64) for name, v in leaves.items()}, "loss")
        gradients = backward(graph, values, "loss")
        show_exercise2()
        show_graph(graph, values, gradients, order)
    except NotImplementedError as todo:
        print(f"{todo}. That is your next step; `grade exercise8` tells you how it went.")


if __name__ == "__main__":
    main()

# %% [markdown]
# **What came of it**
#
# - With `a2 = 0.0`, nothing passes the product: `g0` and all below it get 0. But `a2` itself has −21. One step
#   downhill, and it is no longer 0: from then on layer one learns, too.
# - With `y = 8.0`, the residual is 0, and so is every share that it is a factor of. What is left lies above it: 1 for
#   the loss, 0.5 for the square.
#
# What `backward` did in exercise 3 is the same: PyTorch keeps the graph while it computes, and goes back through it.
