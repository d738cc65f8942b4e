"""The kit audits itself: what `course check` finds, and how much it has tried out."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from autograder.authoring import catalog, stubs
from autograder.errors import AuthorError, GraderError, UserError
from autograder.publish import mutation, release
from autograder.publish.audit_line import AuditLine, step
from autograder.publish.corpus import corpus_faults, wrong_files
from autograder.publish.rehearsal import Rehearsal
from autograder.publish.sharpness import blunt_checks, mistake_faults
from autograder.publish.soundness import soundness, written_for
from autograder.publish.workbench import Later, Workbench, workbenches
from autograder.report.words import several

CHUNK = 30  # submissions of the corpus that are graded at a stretch


def audit(
    kit: Path, names: list[str], *, is_quick: bool = False, engine: mutation.Engine | None = None, jobs: int = 1
) -> Iterator[AuditLine]:
    """Yield what is found in the exercises of these names; nothing in the kit makes it stop.

    With `is_quick` the corpus is not graded; with an `engine`, by which a class is graded, mutants of the references
    are. `jobs`: processes at work.
    """
    started, counts = time.monotonic(), Counter[str]()
    said = set[str]()
    for line in _lines(kit, names, is_quick=is_quick, engine=engine, jobs=jobs):
        counts.update(line.counts)
        if line.text not in said or not line.is_fault:  # what several steps stumble over is one fault
            yield line
        said.add(line.text)
    tried = ", ".join(several(number, what.replace("_", " ")) for what, number in counts.items())
    took = several(round(time.monotonic() - started), "second")
    yield AuditLine("kit", f"tried out: {tried or 'nothing'}; {took}")


def _lines(
    kit: Path, names: list[str], *, is_quick: bool, engine: mutation.Engine | None, jobs: int
) -> Iterator[AuditLine]:
    with workbenches(jobs) as submit:
        leaks = submit(_leaks, kit)  # first, for it takes longest
        found = {name: submit(_of_exercise, kit, name) for name in names}
        corpora = {} if is_quick else {name: _corpus(kit, name, submit) for name in names}
        yield from step("kit", "the generated files are up to date", _stale_files(kit, names))
        is_usable = True
        for name in names:
            lines = found[name]()
            yield from lines
            is_usable = is_usable and not any(line.is_unusable for line in lines)
            if not any(line.is_fault for line in lines):  # or what follows would say the same in other words
                yield from _graded(name, corpora)
                if engine is not None:
                    result = mutation.mutate(catalog.read_exercise(kit, name), engine)
                    yield from step(name, str(result), result.faults, mutant=result.made)
        if is_usable:
            yield from step("kit", "the release leaks nothing", leaks())


def _leaks(_bench: Workbench, kit: Path) -> list[str]:
    return release.faults(kit)


def _stale_files(kit: Path, names: list[str]) -> list[str]:
    try:
        statuses = stubs.compare(kit)
    except (UserError, GraderError):
        return []  # which is said of the exercise
    left = set(catalog.exercise_names()) - set(names)
    return [str(status) for status in statuses if not status.is_current and status.path.stem not in left]


def _of_exercise(bench: Workbench, kit: Path, name: str) -> list[AuditLine]:
    """Return what is found in an exercise without other submissions than its own reference and stub."""
    try:
        exercise = written_for(kit, name)
        lines = list(soundness(exercise, bench.grader(exercise)))
        return lines if any(line.is_fault for line in lines) else [*lines, *_sharpness(Rehearsal(exercise))]
    except (UserError, GraderError) as error:  # the kit's faults are what is looked for
        is_unusable = isinstance(error, AuthorError | UserError)
        return [AuditLine(name, text, is_fault=True, is_unusable=is_unusable) for text in str(error).split("\n")]


def _sharpness(rehearsal: Rehearsal) -> Iterator[AuditLine]:
    name, checks = rehearsal.exercise.name, len(rehearsal.checks)
    blunt = blunt_checks(rehearsal)
    well = "its checks refuse what is slightly off, and what is right for one sample or for the visible cases only"
    faults = list(dict.fromkeys(fault for found in blunt.values() for fault in found))
    yield from step(name, well, faults, check=checks)
    known = sum(map(len, rehearsal.bank.mistakes.values()))
    faults = mistake_faults(rehearsal, [function for function, found in blunt.items() if found])
    yield from step(name, f"{several(known, 'known mistake')}, each refused, and named", faults, known_mistake=known)


def _corpus(kit: Path, name: str, submit: Callable[..., Later]) -> list[tuple[int, Later]]:
    """Have the wrong submissions of an exercise graded; return how many, and what comes of them, in parts."""
    files = wrong_files(kit, name)
    chunks = [files[start : start + CHUNK] for start in range(0, len(files), CHUNK)]
    return [(len(chunk), submit(_chunk_faults, kit, name, chunk)) for chunk in chunks]


def _chunk_faults(bench: Workbench, kit: Path, name: str, files: tuple[Path, ...]) -> list[str]:
    exercise = catalog.read_exercise(kit, name)
    return corpus_faults(exercise, files, bench.grader(exercise))


def _graded(name: str, corpora: Mapping[str, list[tuple[int, Later]]]) -> Iterator[AuditLine]:
    """Yield what came of an exercise's corpus."""
    if name not in corpora:
        return
    count = sum(number for number, _ in corpora[name])
    well = f"{several(count, 'wrong submission')}, each loses what it must, and hears why"
    if not count:
        yield AuditLine(name, f"no corpus here: there is nothing in tests/corpus/wrong/{name}")
        return
    yield from step(name, well, [fault for _, later in corpora[name] for fault in later()], wrong_submission=count)
