"""The corpus as tests read it: what students hand in, right, wrong and hostile, and which functions it loses."""

import json
from pathlib import Path

from places import CORPUS, KIT

from autograder.authoring.catalog import find_exercise
from autograder.model import Submission
from autograder.publish import corpus
from autograder.publish.corpus import complete, header_of
from autograder.submissions.submission import decode

__all__ = ["complete", "deep_and_wide", "header_of", "losses_of", "plain", "submission_of", "text_of"]

DEEP, WIDE = 300, 2000  # how deep a notebook's metadata are nested, and how many empty cells it has


def submission_of(path: Path) -> Submission:
    """Return what was handed in as the grader reads it."""
    return decode(text_of(path), path, "")


def text_of(path: Path) -> bytes:
    """Return what was handed in: the bytes of a file of the corpus, completed where it holds what differs."""
    data = corpus.text_of(path)
    return deep_and_wide(data) if path.name == "odd_notebook_deep_and_wide.ipynb" else data


def losses_of(path: Path) -> set[str]:
    """Return the functions that a file must lose, by its first line; routes by hand are functions of exercise 1."""
    exercise = "exercise1" if path.parent.name == "by_hand" else path.parent.name
    return corpus.losses_of(path, [name for name, _ in find_exercise(KIT, exercise).functions])


def plain(exercise: str) -> str:
    """Return the script by which the others of its exercise are completed."""
    return (CORPUS / "right" / exercise / "plain.py").read_text(encoding="utf-8")


def deep_and_wide(data: bytes) -> bytes:
    """Return a notebook with its metadata nested some hundred deep and thousands of empty cells."""
    notebook = json.loads(data)
    nested: list[object] = []
    for _ in range(DEEP):
        nested = [nested]
    cells = [*notebook["cells"], *[{**notebook["cells"][0], "source": "\n"}] * WIDE]
    return json.dumps({**notebook, "cells": cells, "metadata": {"x": nested}}, indent=1).encode() + b"\n"
