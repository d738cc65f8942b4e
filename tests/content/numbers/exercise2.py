"""What exercise 2 says in numbers."""

from typing import Any

SAID: dict[str, Any] = {
    "points of $y = 2x + 10$": [2, 10],
    "from $a_1 = a_2 = 20$, $b_1 = b_2 = 30$": [20, 30],
}
