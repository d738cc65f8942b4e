"""What exercise 4 says in numbers."""

from typing import Any

import numpy as np
from places import DATASETS

PATIENTS = np.loadtxt(DATASETS / "diabetes.csv", delimiter=",", skiprows=1)
FACTORS, TARGET = np.column_stack([PATIENTS[:, :10], np.ones(len(PATIENTS))]), PATIENTS[:, 10]
LEFT = TARGET - FACTORS @ np.linalg.lstsq(FACTORS, TARGET)[0]

SAID: dict[str, Any] = {
    "layers $1, \\dots, m$": 1,
    "three layers learn from 442 patients": len(PATIENTS),
    "52 % of the variance": 100 * (1 - LEFT.var() / TARGET.var()),
}
