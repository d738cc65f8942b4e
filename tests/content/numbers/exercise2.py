"""What exercise 2 says in numbers."""

from typing import Any

import torch
from torch import Tensor

from solutions import solution

TWO = solution("exercise2")


def vector(*values: float) -> Tensor:
    return torch.tensor(values, dtype=torch.float64)


# The example that goes through all sections
START = TWO.scalars(a1=2.0, b1=1.0, a2=4.0, b2=-1.0)
X, Y = vector(1, 3), vector(10, 25)
G, Y_PRED = TWO.forward(START, X)
R = Y_PRED - Y
LOSS = TWO.loss(Y_PRED, Y)
SECOND, FIRST = TWO.manual_gradients(G, Y_PRED, Y), TWO.chain_rule_gradients(START, X, Y_PRED, Y)
RATES = {"a1": 0.1, "b1": 0.5, "a2": 0.2, "b2": 1}
STEPPED, STEP_LOSS = TWO.train_step(START, X, Y, RATES)


def nudged(name: str, value: float) -> tuple[Tensor, Tensor]:
    return TWO.forward({**START, name: vector(value)}, X)


BY_B2 = nudged("b2", -0.999)[1]
LOSS_BY_B2 = TWO.loss(BY_B2, Y)
# The second sample alone
G_BY_B1, Y_BY_B1 = (out[1] for out in nudged("b1", 1.001))
ALONE, ALONE_BY_B1 = R[1] ** 2 / 2, (Y_BY_B1 - Y[1]) ** 2 / 2
ENDS = TWO.forward(START, vector(0, 1))[1]


def trained(faster: float, steps: int, **told: Tensor) -> Tensor:
    """The loss of the last of some steps of the training; `told` is what layer one is told instead of the truth."""
    x, y = TWO.load("line.csv")
    parameters, found = TWO.scalars(a1=1.0, b1=0.0, a2=1.0, b2=0.0), vector(0)
    rates = {"a1": faster * 1e-6, "b1": faster * 1e-3, "a2": faster * 1e-6, "b2": faster * 1e-3}
    for _ in range(steps):
        g, y_pred = TWO.forward(parameters, x)
        gradients = TWO.chain_rule_gradients({**parameters, **told}, x, y_pred, y)
        found = TWO.loss(y_pred, y)
        parameters = TWO.update(parameters, gradients | TWO.manual_gradients(g, y_pred, y), rates)
    return found


FAR = next(step for step in range(1, 100) if not torch.isfinite(trained(10, step)))

SAID: dict[str, Any] = {
    "a₁ = 2, b₁ = 1, a₂ = 4, b₂ = −1, x = [1, 3] and y = [10, 25]": [START, X, Y],
    # Forward
    "takes times 2, plus 1; layer two takes times 4, minus 1. What becomes of x = 3": [2, 1, 4, 1, X[1]],
    "must return g = [3, 7] and ŷ = [11, 27]": [G, Y_PRED],
    # Measure the error
    "for ŷ = [11, 27] and y = [10, 25]": [Y_PRED, Y],
    "are [1, 2], and `loss` must return 2.5": [R, LOSS],
    # Layer two
    "Nudge b₂ from −1 to −0.999": [START["b2"], -0.999],
    "both predictions move by 0.001": BY_B2[0] - Y_PRED[0],
    "the residuals become [1.001, 2.001], and L goes to 2.503001": [BY_B2 - Y, LOSS_BY_B2],
    "That is 3.001 for each unit; 3 is the sum": [(LOSS_BY_B2 - LOSS) / 0.001, R.sum()],
    "must return 17 for a₂ and 3 for b₂": SECOND,
    # Layer one: the chain rule
    "the second sample, x = 3, and nudge b₁ from 1 to 1.001": [X[1], START["b1"], 1.001],
    "L, which is 2 for this sample": ALONE,
    "g moves to 7.001, ŷ to 27.004, L to 2.008008": [G_BY_B1, Y_BY_B1, ALONE_BY_B1],
    "that is 1 for g, 4 for ŷ and 8 (nearly) for L": [
        (G_BY_B1 - G[1]) / 0.001,
        (Y_BY_B1 - Y_PRED[1]) / 0.001,
        (ALONE_BY_B1 - ALONE) / 0.001,
    ],
    "At L begin with 1": 1,
    "forwards: 3, 7, 27, 2.": [X[1], G[1], Y_PRED[1], ALONE],
    "backwards from L: 1, then 2, then 8": [1, R[1], R[1] * START["a2"]],
    "For b₁ its factor is 1": 1,
    "must return 28 for a₁ and 12 for b₁": FIRST,
    # Take a step
    "positive here: 28, 12, 17, 3": [FIRST, SECOND],
    "0.1 for a₁, 0.5 for b₁, 0.2 for a₂ and 1 for b₂, they become −0.8, −5, 0.6 and −4": [RATES, STEPPED],
    # All of it together
    "must return −0.8, −5, 0.6, −4 and the loss 2.5": [STEPPED, STEP_LOSS],
    # What have two layers gained?
    "Put x = 0 and x = 1": [0, 1],
    "It gives 3 and 11, so its intercept is 3 and its slope 8": [ENDS, ENDS[0], ENDS[1] - ENDS[0]],
    "must return 8 and 3": TWO.collapse(START),
    # Train it
    "from $a_1 = a_2 = 20$, $b_1 = b_2 = 30$": [20, 30],
    "$y = 2x + 10$": [2, 10],
    "`faster = 10`: all learning rates times 10": [10, 10],
    "as if the factor a₂ were 1": 1,
    # What came of it
    "With `faster = 10`, step 7 is beyond all numbers": [10, FAR],
    "after 200 steps it is 0.0047 and not 0.0005": [200, trained(1, 200, a2=vector(1)), trained(1, 200)],
}
