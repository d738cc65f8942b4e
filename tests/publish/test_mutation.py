"""Mutants are graded, and each must be refused, unless it is listed with a reason as being as right."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from example_reports import ERRORED, RIGHT, WRONG

from autograder.errors import GraderError, UserError
from autograder.exercise import Exercise
from autograder.model import GradingSpec, Report, Submission
from autograder.publish.mutation import Engine, MutationResult, mutate

SOLUTION = "def half(x):\n    ### BEGIN SOLUTION\n    return x / 2\n    ### END SOLUTION\n"
KEYS = {
    "x * 2": "half: return x / 2 → return x * 2",
    "x / 1": "half: return x / 2 → return x / 1",
}


@pytest.fixture
def exercise(tmp_path: Path) -> Exercise:
    for folder in ("checks", "mistakes", "solutions"):
        (tmp_path / folder).mkdir()
    solution = tmp_path / "solutions" / "small.py"
    solution.write_text(SOLUTION, encoding="utf-8")
    checks = tmp_path / "checks" / "small.py"
    return Exercise("small", "Small", (("half", 1),), tmp_path, tmp_path / "small.py", checks, solution)


def engine(verdict: Callable[[str], Report]) -> Engine:
    """Judges by the text."""

    def grade(spec: GradingSpec, submissions: Iterable[Submission]) -> Iterator[Report]:
        assert spec.limits.submission_seconds < 60
        for each in reversed(list(submissions)):
            yield replace(verdict(each.cells[0].code), submission=each)

    return grade


def result(exercise: Exercise, alive: tuple[str, ...] = (), listed: str = "") -> MutationResult:
    (exercise.checks.parents[1] / "mistakes" / "equivalent.toml").write_text(listed, encoding="utf-8")
    return mutate(exercise, engine(lambda text: RIGHT if any(each in text for each in alive) else WRONG))


def test_all_are_refused(exercise: Exercise) -> None:
    found = result(exercise)
    assert found.faults == []
    assert (
        str(found)
        == f"{found.made} mutants of the reference: {found.made} refused, 0 as right as it, each with a reason"
    )


def test_a_survivor_is_a_fault_unless_it_is_listed_with_a_reason(exercise: Exercise) -> None:
    [fault] = result(exercise, ("x * 2",)).faults
    assert fault.startswith(f"no check notices the mutant '{KEYS['x * 2']}'; ")
    listed = f'[small]\n"{KEYS["x * 2"]}" = "why"\n'
    found = result(exercise, ("x * 2",), listed)
    assert (found.faults, found.equivalent, found.made - found.killed) == ([], 1, 1)
    [fault] = result(exercise, ("x * 2",), listed.replace("why", " ")).faults
    assert "gives no reason" in fault


def test_what_is_listed_in_vain_is_a_fault(exercise: Exercise) -> None:
    [fault] = result(exercise, (), f'[small]\n"{KEYS["x / 1"]}" = "why"\n').faults
    assert "a check refuses it" in fault
    [fault] = result(exercise, (), '[small]\n"half: return y → return z" = "why"\n').faults
    assert "no mutant of the reference any more" in fault
    assert result(exercise, (), '[other]\n"half: return y → return z" = "why"\n').faults == []


def test_without_a_verdict_there_is_none(exercise: Exercise) -> None:
    with pytest.raises(GraderError, match="the grader failed on mutant"):
        mutate(exercise, engine(lambda _text: ERRORED))
    with pytest.raises(GraderError, match=r"equivalent\.toml cannot be read"):
        result(exercise, (), "[small\n")
    with pytest.raises(UserError, match=r"no solutions/small\.py"):
        mutate(replace(exercise, solution=None), engine(lambda _text: WRONG))
