"""What a student kit holds in place of checks: JSON that says nothing of hidden checks, and no code."""

import ast
import contextlib
import json
import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import pytest
import torch
from places import KIT
from small_kit import small_kit

from autograder.authoring import catalog
from autograder.exercise import Exercise
from autograder.grading.collection import collect
from autograder.grading.mistakes import read_bank
from autograder.publish.release.freezing import FORESEEN, _drawn, _remembering, frozen
from autograder.report.plots.due_values import DueValues

EXERCISES = catalog.exercises(KIT)
each_exercise = pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.name)


def told(exercise: Exercise) -> tuple[dict, dict]:
    """What is said of an exercise, and its cases."""
    texts = {path.name: json.loads(text) for path, text in frozen(exercise).items() if path.parts[0] == "checks"}
    return texts[f"{exercise.name}.json"], texts[f"{exercise.name}.cases.json"]


@each_exercise
def test_it_says_what_the_visible_checks_say_and_how_much_is_held_back(exercise: Exercise) -> None:
    said, cases = told(exercise)
    checks = [each.check for each in collect(exercise).checks]
    visible = [check.name for check in checks if check.visibility == "visible"]
    hidden = [check for check in checks if check.visibility == "hidden"]
    assert [each["name"] for each in said["checks"]] == visible == [*cases]
    assert sum(each["points"] for each in said["held_back"].values()) == sum(check.points for check in hidden)
    assert sum(each["checks"] for each in said["held_back"].values()) == len(hidden)
    assert all(len(what) < 40 for each in said["held_back"].values() for what in each["looks_at"])
    assert [each["name"] for each in said["functions"]] == [name for name, _ in exercise.functions]
    for seeds in (kind for each in cases.values() for kind in each.values()):
        assert len(seeds) == FORESEEN
        assert all(seeds.values())


AT_HAND_IN = {
    "unstable-exponential",
    "recursion-too-deep",
    "paired-by-place",
}  # of what hidden checks alone draw: large logits, long chains, dicts in another order


@each_exercise
def test_every_mistake_that_shows_is_known_with_its_words(exercise: Exercise) -> None:
    """All but those that hang on what was observed of a student's own objects, which are code in both kits."""
    said, _ = told(exercise)
    observed = {mistake.id for of in read_bank(exercise, "in_worker").mistakes.values() for mistake in of}
    for function, mistakes in read_bank(exercise).mistakes.items():
        known = {each["mistake"]["id"] for each in said["mistakes"] if each["mistake"]["function"] == function}
        assert {mistake.id for mistake in mistakes} - observed - AT_HAND_IN <= known


CODE = re.compile(r"\b(def|lambda|return|import|class)\s+\w+\s*[(:=]|\w\s*@\s*\w|\*\*|\.sum\(")


@each_exercise
def test_nothing_in_it_is_code(exercise: Exercise) -> None:
    """It is names, numbers and sentences."""
    for text in (each for value in frozen(exercise).values() for each in texts_of(json.loads(value))):
        assert "\n" not in text
        assert not CODE.search(text), text
        with contextlib.suppress(SyntaxError):
            nodes = ast.walk(ast.parse(text))
            assert not [node for node in nodes if isinstance(node, ast.Call | ast.Lambda | ast.Assign)], text


def texts_of(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for each in (*value, *value.values()) if isinstance(value, dict) else value:
            yield from texts_of(each)


def test_what_is_worked_out_once_is_the_same_for_all_who_ask() -> None:
    asked = []

    def doubled(*arguments: object, **observed: object) -> dict[str, object]:
        asked.append((arguments, observed))
        return {"a": arguments[0] * 2, "names": ["a"]}

    remembered = _remembering(doubled)
    first = remembered(torch.ones(2), [0.0])
    first["a"].zero_()
    first["names"].clear()
    again = remembered(torch.ones(2), [0.0])
    assert (again["a"].tolist(), again["names"]) == ([2, 2], ["a"])
    assert len(asked) == 1
    for other in ([-0.0], [0], (0.0,)):
        remembered(torch.ones(2), other)
    remembered(torch.ones(2, dtype=torch.float64), [0.0])
    remembered(torch.ones(2), [0.0], seen=1)
    assert len(asked) == 6
    for _ in range(2):
        remembered(torch.ones(2), object())  # which may have changed since
    assert len(asked) == 8


def test_a_change_of_the_sources_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kit = small_kit(tmp_path, monkeypatch, "exercise1")
    [exercise] = catalog.exercises(kit)
    before = frozen(exercise)
    assert before is frozen(exercise)
    assert [*before] == [PurePosixPath(f"checks/exercise1{suffix}.json") for suffix in ("", ".cases")]
    exercise.checks.write_text(exercise.checks.read_text().replace("x = 6", "x = 8"), encoding="utf-8")
    assert "x = 8" in frozen(exercise)[PurePosixPath("checks/exercise1.json")]


@pytest.mark.parametrize("exercise", [each for each in EXERCISES if each.by_hand], ids=lambda exercise: exercise.name)
def test_its_drawing_asks_for_nothing_else(exercise: Exercise, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is drawn from the values alone, and gives the very same numbers again."""
    path = PurePosixPath(f"report/plots/{exercise.name}.json")
    known = json.loads(frozen(exercise)[path])
    oracles = collect(exercise).oracles
    monkeypatch.setattr(oracles, "expect", None)
    monkeypatch.setattr("autograder.publish.release.freezing.DueValues", lambda oracles: DueValues(oracles, known))
    assert json.loads(_drawn(exercise, oracles)) == {}  # nothing was worked out


def test_an_exercise_without_a_drawing_has_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    [exercise] = catalog.exercises(small_kit(tmp_path, monkeypatch, "exercise1"))
    assert not any(path.parts[0] == "report" for path in frozen(exercise))
