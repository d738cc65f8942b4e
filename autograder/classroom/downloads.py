"""Whose a file or folder is, by the name that a learning platform's download gives it.

    doejane_LATE_12345_67890_exercise2.py                                  Canvas: doejane_12345, by which
                                                                           `exports.canvas` finds the row
    anon_Ab3dE_67890_exercise2.py                                          Canvas, anonymous: anon_Ab3dE
    Jane Doe_12345_assignsubmission_file_/x.py, or without a folder        Moodle: Jane Doe_12345, with the number of
                                                                           "Participant 12345" in the worksheet
    Exercise 2_jdoe_attempt_2026-11-20-13-05-11_x.py                       Blackboard: jdoe
    12345-67890 - Jane Doe - Nov 20, 2026 105 PM - x.py, or a folder       Brightspace: Jane Doe_12345
    Doe_Jane_jdoe_12345/20261120130511_x.py                                ILIAS: Doe_Jane_jdoe_12345
    jdoe@uni.edu_1_exercise2_1_2_99_x.py, or a folder                      PrairieLearn: jdoe@uni.edu
    submission_123456/x.py, and submission_metadata.yml                    Gradescope: the one submitter's number
    Jane Doe - Exercise 2.ipynb                                            Google Classroom: Jane Doe
    jdoe+exercise2+2026-11-20 13:05:11 UTC/x.ipynb                         nbgrader's exchange: jdoe

All keep what the student called the file: a single script is taken whatever it is called.
"""

import os
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from autograder.classroom.names import tidy
from autograder.submissions.submission import SUFFIXES

ID = r"[1-9]\d{3,}"  # Canvas counts all users and files of a university, from one up
CANVAS = re.compile(
    rf"(?P<name>[^\W\d][^\s.,'()]*?)(?:_LATE|_late)?_(?P<number>{ID})_(?:(?P<file>{ID})_(?P<own>.+)|(?:text|link))"
)
BLACKBOARD = re.compile(r"(?P<head>.+)_attempt_\d{4}(?:-\d\d){5}(?:_(?P<own>.+))?")
# Those that are told from what one name says.
SURE = (
    re.compile(r"(?P<student>.+_\d+)_assignsubmission_(?:file|onlinetext)(?:_(?P<own>.*))?"),
    re.compile(r"(?:LATE_)?(?P<student>anon_\w{5})_\d+_(?P<own>.+)"),
    re.compile(
        r"(?P<number>\d+)-\d+ - (?P<student>.+?) ?- "
        r"(?:[^-]*\b(?:19|20)\d\d\b[^-]*?|\d{4}-\d\d-\d\d[^-]*?)(?: - (?P<own>.+))?"
    ),
    re.compile(r"(?P<student>[^\s@]+@[\w-]+(?:\.[a-zA-Z\d-]+)+)_\d+_(?:.+?(?:_\d+)+(?:_(?P<own>.+))?|.+)"),
    re.compile(r"(?P<student>[^+]+)\+[^+]+\+\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[^+]*(?:\+(?P<own>.*))?"),
    re.compile(r"(?P<student>.+?) - (?P<own>(?:(?:copy of|kopie von|copie de) )?exercise ?\d+\b.*)", re.IGNORECASE),
)
ILIAS = re.compile(r"[^\W\d_][^_]*_[^_]+_[^_]+_\d{2,}")
TEXT = re.compile(r".+_\d+_assignsubmission_onlinetext_?")
ASIDE = re.compile(r".+_\d+_assign(?:feedback|submission_comments)_?.*")
GRADESCOPE, GRADESCOPE_LIST = re.compile(r"submission_\d+"), "submission_metadata.yml"
FILES_EACH = 3  # that a student has in a download at most, on average
LONGEST_LIST = 32 << 20  # bytes


@dataclass(frozen=True)
class Naming:
    """How names in a folder of submissions are read.

    `blackboard`: what comes before the student in all names from Blackboard, None where there are none; `submitters`:
    whose each of Gradescope's folders is, where that is one person's.
    """

    is_canvas: bool = False
    blackboard: str | None = None
    submitters: Mapping[str, str] = field(default_factory=dict)

    def author(self, stem: str) -> tuple[str, str | None]:
        """Return whose a file or folder is by its name without suffix, and what its author called it; else None."""
        if stem in self.submitters:
            return tidy(self.submitters[stem]), ""
        if GRADESCOPE.fullmatch(stem) or ILIAS.fullmatch(stem):
            return stem, None
        for pattern in SURE:
            if match := pattern.fullmatch(stem):
                number = f"_{match['number']}" if "number" in pattern.groupindex else ""
                return tidy(match["student"] + number), match["own"] or ""
        if self.blackboard is not None and (match := BLACKBOARD.fullmatch(stem)):
            return tidy(match["head"][len(self.blackboard) :]), match["own"] or ""
        if self.is_canvas and (match := CANVAS.fullmatch(stem)):
            return tidy(f"{match['name']}_{match['number']}"), match["own"] or ""
        return tidy(stem), None

    def is_download(self, folder: str) -> bool:
        """Whether a platform made a student's folder."""
        return self.author(folder)[1] is not None or bool(GRADESCOPE.fullmatch(folder) or ILIAS.fullmatch(folder))

    def is_of_several(self, names: Iterable[str]) -> bool:
        """Whether these names in a folder are a platform's for several students, or Moodle's for one."""
        stems = [
            stem if suffix.lower() in (*SUFFIXES, ".zip") else stem + suffix
            for stem, suffix in map(os.path.splitext, names)
        ]
        authors = {self.author(stem)[0] for stem in stems if self.is_download(stem)}
        return len(authors) > 1 or any(SURE[0].fullmatch(stem) for stem in stems)


def naming(folder: Path, names: Iterable[str]) -> Naming:
    """Return how the names in a folder are to be read: some look like a platform's only beside each other."""
    stems = [stem for stem, suffix in map(os.path.splitext, names) if suffix.lower() in (*SUFFIXES, ".zip", ".txt", "")]
    heads = [match["head"] for match in map(BLACKBOARD.fullmatch, stems) if match]
    scripts = [stem for stem, suffix in map(os.path.splitext, names) if suffix.lower() in (*SUFFIXES, ".zip")]
    submitters = _submitters(folder / GRADESCOPE_LIST) if GRADESCOPE_LIST in names else {}
    return Naming(_is_canvas(scripts), _assignment(heads) if heads else None, submitters)


def _is_canvas(stems: list[str]) -> bool:
    """Whether most names are Canvas's: each number one user's, each file's number its own, a few files of a user.

    `CS101_2026_30123_lee` and `lee_20261120_1305_x` are not: of course, year and number, or date and time, the first
    number is that of several names, or all are one user's, or the second is that of several files.
    """
    found = [match for match in map(CANVAS.fullmatch, stems) if match and match["file"]]
    users = {(match["name"], match["number"]) for match in found}
    each = Counter(match["file"] for match in found)
    if 2 * len(found) <= len(stems) or len(found) > FILES_EACH * len(users) or max(each.values()) > 1:
        return False
    is_year = len(users) == 1 < len(found) and re.fullmatch(r"(?:19|20)\d\d", found[0]["number"])
    return len({number for _, number in users}) == len(users) and not is_year


def _assignment(heads: list[str]) -> str:
    """Return what stands before the student in Blackboard's names: both may have underscores in them."""
    # Letter by letter: these are names and no paths.
    common = os.path.commonprefix(heads) if len(set(heads)) > 1 else heads[0]  # noqa: RUF071
    return common[: common.rfind("_") + 1]


def _submitters(path: Path) -> dict[str, str]:
    """Return the submitter of each of Gradescope's submissions; one of a group stays a submission's."""
    if path.is_symlink() or not path.is_file():
        return {}
    with path.open("rb") as file:
        parts = re.split(r"^(submission_\d+):", file.read(LONGEST_LIST).decode(errors="replace"), flags=re.MULTILINE)
    found = {}
    for submission, text in zip(parts[1::2], parts[2::2], strict=True):
        said = dict(re.findall(r"^\s+(?:- )?:(sid|email|name): ['\"]?([^'\"\n]+)", text, re.MULTILINE))
        if len(re.findall(r"^\s+- :", text, re.MULTILINE)) == 1 and said:
            found[submission] = said.get("sid") or said.get("email") or said["name"]
    return found
