"""An exercise as it was handed out, in either kind of kit."""

from dataclasses import replace

import pytest
from small_kit import STUB, small_kit

from autograder.authoring import catalog
from autograder.authoring.originals import FOLDER, original
from autograder.errors import UserError


def test_it_is_made_where_the_source_is_and_read_where_a_copy_is(tmp_path, monkeypatch):
    kit = small_kit(tmp_path, monkeypatch, "halves")
    exercise = catalog.find_exercise(kit, "halves")
    assert original(exercise) == STUB
    assert '"nbformat": 4' in original(exercise, ".ipynb")
    released = replace(exercise, solution=None)
    with pytest.raises(UserError, match="does not hold halves as it was handed out"):
        original(released)
    (exercise.package / FOLDER).mkdir()
    (exercise.package / FOLDER / "halves.py").write_text("as handed out\n")
    assert original(released) == "as handed out\n"
