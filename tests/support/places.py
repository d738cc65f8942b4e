"""Where the kit and the tables of submissions lie."""

from pathlib import Path

KIT = Path(__file__).resolve().parents[2]
DATASETS = KIT / "datasets"
CORPUS = KIT / "tests" / "corpus"
