"""What exercise 1 says in numbers."""

from typing import Any

import numpy as np

X = np.arange(1.0, 100.0, 2.0)
LIMIT = 2 / np.linalg.eigvalsh(np.array([[X @ X, X.sum()], [X.sum(), 50]]))[-1]


def factors(size: int) -> list[float]:
    """By what one step on each batch multiplies a − 2, where b = 10."""
    return [float(1 - 1e-4 * x @ x) for x in np.split(X, 50 // size)]


SAID: dict[str, Any] = {
    "derivative of $r^2$ is $2r$; the ½ cancels that 2": [2, 2],
    "points of $y = 2x + 10$": [2, 10],
    "then 100 epochs": 100,
    "The slope soon arrives at 2": 2,
    "on its way to 10 when the 100 epochs are over": [10, 100],
    "from 5 to 10": [5, 10],
    "Suppose that $b$ is 10 already. Then every batch wants $a = 2$": [10, 2],
    "the distance $a - 2$ by the factor $1 - \\eta_a \\lambda$. Between −1 and 1": [2, 1, -1, 1],
    "below −1, that is for $\\eta_a > 2 / \\lambda$": [-1, 2],
    "the limit is $2 / \\lambda_{\\max}$": 2,
    "On all 50 points at once it is 0.000012": [50, LIMIT],
    "$x$ stays near 1": 1,
    "With $\\eta_a = 0.0001$": 1e-4,
    "0.98, 0.88, 0.68, 0.38, −0.02, −0.52, −1.12, −1.82, −2.62, −3.52; their product: 0.036": [
        factors(5),
        np.prod(factors(5)),
    ],
    "0.87, 0.07, −1.53, −3.93, −7.13; their product: −2.5": [factors(10), np.prod(factors(10))],
}
