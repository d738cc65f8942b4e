"""The drawings of exercise 5."""

import numpy as np
from matplotlib.figure import Figure

BLUE, GREY = "#1f5fa8", "#888888"
# Of three hidden units: weight and bias before the bend, weight after it.
UNITS = ((1.0, 2.0, 1.0), (1.0, 0.0, -2.0), (1.0, -1.0, 2.5))


def bends(figure: Figure) -> None:
    """Draw relu, and a zigzag that is the sum of three of its like."""
    left, right = figure.subplots(1, 2)
    z = np.linspace(-3, 3, 601)
    left.plot(z, z.clip(min=0), color=BLUE, linewidth=3)
    left.set(title="relu", xlabel="z", ylabel="relu of z", ylim=(-0.5, 3))
    parts = [after * (weight * z + bias).clip(min=0) for weight, bias, after in UNITS]
    for part in parts:
        right.plot(z, part, "--", color=GREY, linewidth=1.5)
    right.plot(z, sum(parts), color=BLUE, linewidth=3)
    right.annotate("their sum", (-1.9, 2.9), color=BLUE)
    right.annotate("three bends", (-2.9, -4.4), color=GREY)
    right.set(title="bends add up", xlabel="x", ylim=(-6, 5.5))
    figure.tight_layout()
