"""What may be a student's submission, and which of a student's files is: nothing is chosen silently."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from autograder.classroom.names import listed, printable
from autograder.exercise import Exercise
from autograder.model import Submission
from autograder.submissions.submission import read_any
from autograder.submissions.upload import is_begun, is_called, is_like

NO_SCRIPT = "is no script or notebook; have the work handed in as .py or .ipynb"


@dataclass(frozen=True, slots=True)
class Found:
    """A submission: whose, in which folder of submissions, and its POSIX path in there."""

    student: str
    folder: Path
    file: str

    @property
    def path(self) -> Path:
        """The file. Made when it is asked for: a Path for each of 100,000 takes more memory than grading them."""
        return self.folder / self.file


@dataclass(frozen=True)
class Refused:
    """What is not graded, and why; `name` is fit to print, whatever the file is called.

    `is_nothing`: there is none of the exercise in a student's folder or zip, `is_missing`: and nothing that may be
    meant. `student` is whose it is, '' where that is not certain.
    """

    name: str
    reason: str
    is_missing: bool = False
    student: str = ""
    is_nothing: bool = False

    def __str__(self) -> str:
        return f"{self.name} {self.reason}"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file that may be a student's submission, and its path in the folder of submissions or of unpacked zips.

    `own` is what its author called it, in downloads that keep that, and `reason` why it cannot be graded.
    """

    student: str
    folder: Path
    file: str
    own: str = ""
    reason: str = ""


def likeliest(group: list[Candidate], exercise: Exercise) -> list[Candidate]:
    """Return those of a student's files that may be meant.

    What is worked in goes before what is as it was handed out; of several in a download the one that is called so.
    """
    group = sorted((one for one in group if one.reason != NO_SCRIPT), key=_order) or group[:1]
    if len(group) == 1 or any(one.reason for one in group) or len({one.student for one in group}) > 1:
        return group
    is_download = all(one.own for one in group)
    if is_download:
        group = [one for one in group if is_like(one.own, exercise.name)] or group
    read: dict[str, tuple[Candidate, Submission]] = {}
    for one in group:
        submission = read_any(one.folder / one.file, Path(one.file), "")
        read.setdefault(submission.sha256, (one, submission))
    begun = [one for one, submission in read.values() if is_begun(submission, exercise)] or group[:1]
    called = [one for one in begun if is_called(one.own, exercise.name)]
    return called if is_download and len(called) == 1 else begun


def _order(one: Candidate) -> tuple[bool, int, str]:
    return not one.file.lower().endswith(".py"), len(one.file), one.file


def decide(group: list[Candidate]) -> Found | list[Refused]:
    """Return the one submission among a student's files, or why there is none."""
    defective = [
        Refused(printable(candidate.file), candidate.reason, student=candidate.student)
        for candidate in group
        if candidate.reason
    ]
    if len(group) == 1:
        return defective or Found(group[0].student, group[0].folder, group[0].file)
    files = listed(sorted(printable(candidate.file) for candidate in group))
    students = sorted({candidate.student for candidate in group})
    if len(students) == 1:
        several = f"has {len(group)} files ({files}); leave the one that is to be graded"
    else:
        several = f"are names that some systems take for one ({files}); rename one, or leave one of the files"
    return [*defective, Refused(" and ".join(students), several, student=students[0] if len(students) == 1 else "")]


def refused_of(students: Iterable[str], refused: Iterable[Refused]) -> tuple[Refused, ...]:
    """Return what was refused of these students' work."""
    names = frozenset(students)
    return tuple(one for one in refused if one.student in names and not one.is_missing)
