"""The drawings of the exercises: each can be drawn again, is shown somewhere, and is told in words."""

import re
import runpy
from pathlib import Path

import pytest
from places import KIT

from solutions import FUNCTIONS, source

MAKE = runpy.run_path(str(KIT / "docs" / "pictures" / "make_drawings.py"))
DRAWINGS = dict(MAKE["drawings"]())
# Of all exercises, by the path from exercises/: the words that stand for a picture.
SHOWN = {
    place: " ".join(words.replace("\n# ", " ").split())
    for name in FUNCTIONS
    for words, place in re.findall(r"!\[([^]]*)\]\(([^)]+)\)", source(name))
}


def test_what_is_shown_is_what_is_drawn() -> None:
    assert sorted(SHOWN) == sorted(f"pictures/{name}.png" for name in DRAWINGS)
    assert sorted(path.stem for path in (KIT / "exercises" / "pictures").iterdir()) == sorted(DRAWINGS)


@pytest.mark.parametrize("place", SHOWN)
def test_a_picture_is_told_in_a_sentence_and_is_small(place: str) -> None:
    assert len(SHOWN[place].split()) >= 6
    assert (KIT / "exercises" / place).stat().st_size < 120_000


@pytest.mark.parametrize("name", DRAWINGS)
def test_it_can_be_drawn_again(name: str, tmp_path: Path) -> None:
    MAKE["draw"](name, tmp_path)
    assert (tmp_path / f"{name}.png").read_bytes().startswith(b"\x89PNG")
