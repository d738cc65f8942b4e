"""The page about a class: its numbers are right, it needs nothing from outside, and no text becomes markup."""

import base64
import hashlib
import html as markup
import json
import random
import re
import shutil
import statistics
import subprocess
import time
import weakref
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest
from example_reports import EXERCISE, RIGHT, STUB, UNLOADABLE, check, report
from pages import EVIL, VOID, luminance

from autograder.classroom import page as class_page
from autograder.classroom.counts import LISTED, LONGEST_NAME, LONGEST_TEXT, NAMED
from autograder.classroom.exports.sheet import number
from autograder.classroom.names import file_stem
from autograder.classroom.page import MOST_BARS, MOST_COLUMNS, NEEDIEST, Setting, duration, percent
from autograder.model import ClassRow, Diagnosis, Report, Violation, message
from autograder.report import json as json_report

WHEN = datetime(2026, 11, 24, 12, 30, tzinfo=UTC)
FUNCTIONS = dict(EXERCISE.functions)
CHROMIUM = shutil.which("chromium")
PRINT = tuple(range(1000, 1060))
NO_DIAGNOSIS = Diagnosis("sign-flipped", message("{times} times what is due", times="-1.5"))


class Page(HTMLParser):
    """Reads a page strictly: every element is closed in order; keeps sections' text and tables, and all attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.names: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.sections: dict[str, str] = {}
        self.tables: dict[str, list[list[str]]] = {}
        self.script = ""
        self._section = ""
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_startendtag(tag, attrs)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(dict(attrs)) == len(attrs)
        self.names.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag == "section":
            self._section = dict(attrs).get("id") or "unnamed"
        if tag in ("dt", "dd", "p", "h2", "li"):
            self.sections[self._section] = self.sections.get(self._section, "") + " "
        if tag == "tr":
            self.tables.setdefault(self._section, []).append([])
        if tag in ("td", "th"):
            self.tables[self._section][-1].append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
        if tag == "section":
            self._section = ""

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "script":
            self.script += data
        elif not {"style", "title"} & set(self.open):
            self.sections[self._section] = self.sections.get(self._section, "") + data
            if {"td", "th"} & set(self.open):
                self.tables[self._section][-1][-1] += data

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.sections.values()).split())

    def rows(self, section: str) -> list[list[str]]:
        """The rows of a section's table, without its header."""
        return [[" ".join(cell.split()) for cell in row] for row in self.tables[section][1:]]

    def values(self, attribute: str) -> list[str]:
        return [value for name, value in self.attributes if name == attribute]


def graded(student: str, shown: Report = RIGHT, **more: object) -> ClassRow:
    written = json.loads(json_report.render(shown))
    row = ClassRow(student, f"{student}.py", student, shown.score, shown.score, 30, 0.0, 0.25, written)
    return replace(row, **more)


def page_of(*rows: ClassRow, **setting: object) -> Page:
    return Page(class_page.render(EXERCISE, iter(rows), when=WHEN, setting=Setting(**setting)))


def mixed(count: int, seed: int = 0) -> list[ClassRow]:
    """A class of all kinds: right and wrong, unwritten, late, unloadable, and some on which the grader failed."""
    drawn = random.Random(seed)
    rows = []
    for at in range(count):
        kind = drawn.random()
        results = []
        for name, points in EXERCISE.functions:
            what = drawn.choices(["passed", "failed", "not_attempted", "blocked"], [6, 3, 1, 0.2])[0]
            told = {"message": message("`a1` is {off} off", off=drawn.choice(["1.5", "-2", "3e-07"]))}
            told |= {"diagnosis": NO_DIAGNOSIS} if drawn.random() < 0.4 else {}
            results.append(check(name, what, points=points, **(told if what == "failed" else {})))
        shown = report(*results)
        if kind < 0.1:
            said = message("the file cannot be loaded: {why}", why="'(' was never closed")
            checks = (replace(one, outcome="failed", message=said) for one in UNLOADABLE.checks)
            shown = replace(UNLOADABLE, checks=tuple(checks))
        elif kind < 0.2:
            shown = replace(shown, violations=(Violation("by-hand", "loss", 7, message("not by hand")),) * 2)
        late = drawn.expovariate(1e-5) if drawn.random() < 0.2 else 0.0
        taken = min(shown.score, 2.5) if late else 0
        more = {"seconds_late": late, "score": shown.score - taken}
        more |= {"seconds": drawn.random(), "is_errored": drawn.random() < 0.05}
        rows.append(graded(f"student {at:03}", shown, **more))
    return rows


# Numbers


@pytest.fixture(scope="module")
def rows() -> list[ClassRow]:
    return mixed(250)


@pytest.fixture(scope="module")
def page(rows: list[ClassRow]) -> Page:
    return page_of(*rows, refused=(("a.py", "is a symbolic link; put the file itself there"),))


@pytest.fixture(scope="module")
def judged(rows: list[ClassRow]) -> list[ClassRow]:
    return [row for row in rows if not row.is_errored]


def is_loaded(row: ClassRow) -> bool:
    return not row.report["checks"][0]["message"].startswith("the file cannot be loaded")


def test_what_sums_up_the_class(page: Page, rows: list[ClassRow], judged: list[ClassRow]) -> None:
    scores = [row.score for row in judged]
    mean, median = statistics.fmean(scores), statistics.median(scores)
    full = sum(row.raw_score == 30 for row in judged)
    broken = sum(not is_loaded(row) for row in judged)
    late = sum(row.seconds_late > 0 for row in judged)
    assert 0 < len(judged) < len(rows)
    assert f"graded {len(judged)} of {len(rows) + 1} mean" in page.text
    assert f"mean score {number(mean)} {100 * mean / 30:.0f} % of 30" in page.text
    assert f"median score {number(median)} {100 * median / 30:.0f} % of 30" in page.text
    assert f"full marks {full} {percent(full, len(judged))}" in page.text
    assert f"file does not load {broken} {percent(broken, len(judged))}" in page.text
    assert f"late {late} {percent(late, len(judged))}" in page.text
    assert "graded 2026-11-24 12:30 UTC" in page.text
    assert f"The grader failed on {len(rows) - len(judged)} submissions" in page.text


def test_points_by_function(page: Page, judged: list[ClassRow]) -> None:
    kinds = ("right", "wrong", "not written", "file does not load")
    assert [cell.strip() for cell in page.tables["functions"][0]] == [
        "function", "points", "mean", "full marks", "what became of it", *kinds,
    ]  # fmt: skip
    for at, (row, (name, points)) in enumerate(zip(page.rows("functions"), EXERCISE.functions, strict=True)):
        found = [one.report["functions"][at] for one in judged]
        loaded = [one.report["functions"][at] for one in judged if is_loaded(one)]
        right = sum(one["score"] == points for one in found)
        unwritten = sum(one["outcome"] in ("not_attempted", "blocked") for one in loaded)
        wrong = sum(one["outcome"] == "failed" for one in loaded)
        mean = sum(one["score"] for one in found) / len(found)
        assert right + unwritten + wrong + len(judged) - len(loaded) == len(judged)
        assert row == [
            name, str(points), f"{mean:.2f}", percent(right, len(judged)), "",
            *map(str, (right, wrong, unwritten, len(judged) - len(loaded))),
        ]  # fmt: skip


def test_checks_and_their_commonest_messages(page: Page, judged: list[ClassRow]) -> None:
    outcomes, messages = Counter(), Counter()
    for row in filter(is_loaded, judged):
        for one in row.report["checks"]:
            outcomes[one["function"], one["outcome"]] += 1
            messages[one["function"]] += bool(one["message"])
    shown = [row for row in page.rows("checks") if len(row) > 1]
    assert len(shown) == len(FUNCTIONS)
    for row, name in zip(shown, FUNCTIONS, strict=True):
        failed, passed = outcomes[name, "failed"], outcomes[name, "passed"]
        assert row[0].startswith("gives the right values")
        assert row[1:3] == [str(passed + failed), percent(failed, passed + failed)]
        assert row[3].startswith(f"{failed} students student ")
        assert row[4] == f"{messages[name]} × a1 is -2 off"  # numbers aside they are one; the first by the alphabet


def test_mistakes_are_counted_by_student_of_those_who_tried_the_function(page: Page, judged: list[ClassRow]) -> None:
    counts, tried = Counter(), Counter()
    for row in filter(is_loaded, judged):
        counts.update(one["function"] for one in row.report["checks"] if one["diagnosis"])
        tried.update(one["function"] for one in row.report["checks"] if one["outcome"] in ("passed", "failed"))
    shown, rows = {}, page.rows("diagnoses")
    for (title,), row in zip(rows[::2], rows[1::2], strict=True):
        name, number = title.split(" tried by ")
        assert number == str(tried[name])
        shown[name] = row
    assert list(shown) == [name for name in FUNCTIONS if counts[name]]
    for name, row in shown.items():
        assert row[0] == percent(counts[name], tried[name])
        assert row[1] == "-1.5 times what is due sign-flipped"
        assert row[2].startswith(f"{counts[name]} students student ")


def test_breaches_are_counted_once_a_student(page: Page, judged: list[ClassRow]) -> None:
    count = sum(bool(row.report["violations"]) for row in judged)
    ((function, rule, found, who),) = page.rows("breaches")
    assert (function, rule, found) == ("loss", "by-hand", f"{count} × not by hand")
    assert who.startswith(f"{count} students student ")
    assert "(line 7)" in who
    assert who.count("(line 7)") == count <= NAMED


def test_late_and_slow(page: Page, rows: list[ClassRow], judged: list[ClassRow]) -> None:
    late = sorted((row for row in judged if row.seconds_late), key=lambda row: -row.seconds_late)
    taken = sum(row.raw_score - row.score for row in late)
    assert f"{len(late)} submissions came late, which took {number(taken)} points" in page.text
    assert len(late) > LISTED
    assert [row[0] for row in page.rows("late")] == [row.student for row in late[:LISTED]]
    assert page.rows("late")[0][1:] == [
        duration(late[0].seconds_late), str(late[0].raw_score),
        number(late[0].raw_score - late[0].score), number(late[0].score),
    ]  # fmt: skip
    slowest = sorted(rows, key=lambda row: -row.seconds)[: class_page.SLOWEST]
    assert page.rows("slow") == [[row.student, f"{row.seconds:.1f}"] for row in slowest]


def test_each_student_has_a_row(page: Page, rows: list[ClassRow]) -> None:
    marks = {"passed": "✔", "failed": "✘", "not_attempted": "·", "blocked": "·"}
    shown = page.rows("students")
    assert [row[0] for row in shown] == [row.student for row in rows]
    for cells, row in zip(shown, rows, strict=True):
        if row.is_errored:
            assert cells[1:9] == ["–", *"!!!!!!!"]
            assert cells[9].startswith("grader failed")
            continue
        assert cells[1] == number(row.score)
        functions = row.report["functions"]
        assert cells[2:9] == [marks[one["outcome"]] if is_loaded(row) else "–" for one in functions]
        assert ("late by" in cells[9]) == (row.seconds_late > 0)
        assert ("by-hand rule" in cells[9]) == bool(row.report["violations"])
        assert ("does not load" in cells[9]) == (not is_loaded(row))


def histogram(page: str) -> tuple[dict[str, int], list[float], list[int], str]:
    """The bars' counts by their names, and their heights; the marks of the scale, and the picture's SVG."""
    svg = page[page.index('<svg class="picture"') : page.index("</svg></figure>")]
    bars = re.findall(r"<title>(.*?): ([\d,]+)</title>", svg)
    heights = re.findall(r'class="column" d="M\S+ 198v-([\d.]+)h', svg)
    marks = re.findall(r'text-anchor="end">([\d,]+)<', svg)
    counts = {name: int(count.replace(",", "")) for name, count in bars}
    assert len(counts) == len(bars) == len(heights)
    return counts, [float(height) for height in heights], [int(mark.replace(",", "")) for mark in marks], svg


def test_the_histogram_counts_what_counts(judged: list[ClassRow], rows: list[ClassRow]) -> None:
    text = class_page.render(EXERCISE, rows, when=WHEN)
    counts, heights, marks, svg = histogram(text)
    assert counts == {str(at): sum(at <= row.score < at + 1 for row in judged) for at in range(31)}
    assert heights == [pytest.approx(190 * count / marks[-1], abs=0.06) for count in counts.values()]
    assert marks[0] == 0 < max(counts.values()) <= marks[-1]
    mean = statistics.fmean(row.score for row in judged)
    (place,) = re.findall(r'class="mean" d="M([\d.]+) 8V198"', svg)
    assert float(place) == pytest.approx(56 + 936 * (mean + 0.5) / 31, abs=0.06)
    assert f"mean {number(round(mean, 1))}</text>" in svg
    (said,) = [label for label in Page(text).values("aria-label") if label.startswith("Students by")]
    numbers = [int(count) for count in re.findall(r": (\d+)", said)]
    assert sum(numbers) == len(judged)
    assert numbers[-1] == sum(row.score == 30 for row in judged)


@pytest.mark.parametrize(("points", "last"), [(40, "40"), (41, "40–"), (100, "99–"), (1, "1"), (0, "0")])
def test_bars_of_exercises_of_any_size(points: int, last: str) -> None:
    rows = [graded(f"s{at}", score=score, raw_score=score) for at, score in enumerate((0, points))]
    counts, *_ = histogram(class_page.render(replace(EXERCISE, functions=(("f", points),)), rows, when=WHEN))
    assert list(counts)[-1] == last
    assert len(counts) <= MOST_BARS + 1
    assert sum(counts.values()) == 2


@pytest.mark.parametrize(
    ("count", "marks"),
    [(1, [0, 1]), (5, [0, 1, 2, 3, 4, 5]), (6, [0, 2, 4, 6]), (13, [0, 5, 10, 15]), (900, [*range(0, 1001, 200)])],
)
def test_the_scale_of_the_histogram_is_of_round_numbers(count: int, marks: list[int]) -> None:
    assert histogram(class_page.render(EXERCISE, [graded(str(at)) for at in range(count)], when=WHEN))[2] == marks


def strips(page: str) -> list[list[float]]:
    return [
        [float(part) for part in re.findall(r'fill-opacity="([\d.]+)"', svg)]
        for svg in re.findall(r"<svg viewBox.*?</svg>", page)
    ]


def test_the_heat_map_goes_from_the_best_to_the_weakest() -> None:
    rows = [
        graded("weak", report(*(check(name, "failed", points=points) for name, points in EXERCISE.functions))),
        graded("best"),
        graded("middle", report(check("chain_rule_gradients", "failed", points=10))),
        graded("none", is_errored=True),
    ]
    page = class_page.render(EXERCISE, rows, when=WHEN)
    assert strips(page)[0] == [1, 0.67, 0]
    assert strips(page)[4] == [1, 0, 0]
    titles = re.findall(r"<title>(.*?)</title>", page.partition('id="heat"')[2])
    assert titles[:3] == ["best: 100 %", "middle: 67 %", "weak: 0 %"]
    assert "chain_rule_gradients: 33 % of the points; 50 % in the better half of the class, 0 % in the other" in page


@pytest.mark.parametrize("count", [MOST_COLUMNS, MOST_COLUMNS + 1, 3 * MOST_COLUMNS + 50])
def test_neighbours_share_a_column_in_a_large_class(count: int) -> None:
    wrong = graded("", report(check("loss", "failed", points=2)))
    rows = [replace(wrong if at % 2 else graded(""), student=f"s{at}") for at in range(count)]
    page = class_page.render(EXERCISE, rows, when=WHEN)
    total, *_, collapse = strips(page)
    loss = strips(page)[2]
    assert len(total) == len(loss) == MOST_COLUMNS
    assert loss == sorted(loss, reverse=True)
    assert sum(loss) / MOST_COLUMNS == pytest.approx(0.5, abs=0.01)
    assert set(collapse) == {1.0}


def test_checks_that_tell_nobody_apart() -> None:
    rows = [
        graded(str(at), report(check("loss", "failed", points=2), check("update", "not_attempted", points=2)))
        for at in range(3)
    ]
    page = page_of(
        *rows, graded("x", report(check("forward", "failed", points=3), check("loss", "not_attempted", points=2)))
    )
    said = " ".join(page.sections["checks"].split())
    assert "Failed by everybody whom it could judge: loss_gives_the_right_values (3)." in page.sections["help"]
    nobody = said.partition("Failed by nobody: ")[2].partition(". They")[0].split(", ")
    assert nobody == [f"{name}_gives_the_right_values" for name in FUNCTIONS if name not in ("forward", "loss")]


def test_who_fails_a_check_is_named() -> None:
    wrong = report(check("loss", "failed", points=2, message=message("the values are wrong")))
    page = page_of(graded("ada", wrong), graded("alan", wrong), graded("right"))
    (row,) = [row for row in page.rows("checks") if row[2:3] == ["67 %"]]
    assert row[3] == "2 students ada, alan"
    assert page.values("href").count("feedback/alan.html") == 4  # here, among those to help, the slowest and all


def test_whom_to_help_first() -> None:
    names = [name for name, _ in EXERCISE.functions]

    def weak(right: int, tried: int) -> Report:
        kinds = ["passed"] * right + ["failed"] * (tried - right) + ["not_attempted"] * (7 - tried)
        known = {"diagnosis": NO_DIAGNOSIS, "message": message("wrong")}
        return report(
            *(
                check(name, kind, points=dict(EXERCISE.functions)[name], **(known if kind == "failed" else {}))
                for name, kind in zip(names, kinds, strict=True)
            )
        )

    rows = [graded(f"full {at}") for at in range(3)] + [graded("late", score=2.0, raw_score=30, seconds_late=9.0)]
    rows += [graded("b", weak(1, 2)), graded("c", weak(1, 3)), graded("a", weak(0, 1)), graded("blank", STUB)]
    page = page_of(*rows)
    shown = page.rows("help")
    assert [row[:2] for row in shown] == [["a", "0"], ["c", "3"], ["b", "3"]]
    assert shown[1][2:] == ["loss manual_gradients", "loss sign-flipped, manual_gradients sign-flipped"]
    assert "These 3 earned the fewest points, lateness aside; of equals, who tried more comes first." in page.text
    assert "1 student handed in a file with nothing written blank" in page.text
    assert "Nobody has right" not in page.text
    nobody = page_of(*(graded(f"s{at:02}", weak(0, 1)) for at in range(NEEDIEST + 2)))
    assert "Nobody has right: forward." in nobody.text
    assert len(nobody.rows("help")) == NEEDIEST
    assert "help" not in page_of(graded("full")).values("id")


def test_by_which_rule_and_who_is_missing() -> None:
    page = page_of(
        graded("ada", handed_in="2026-11-20T10:00:00+00:00"), rule="deadline x, credit by check", missing=["kim", "lou"]
    )
    assert "Graded by this rule: deadline x, credit by check." in page.text
    assert "A function earns its points once all of its checks pass." in page.text
    assert "2 students on the roster have handed in nothing kim, lou" in page.text
    assert re.search(r"2026-11-20 \d\d:00", page.rows("students")[0][-2])
    assert "Each check that passes earns its own points." in page_of(graded("a"), is_by_check=True).text
    assert "handed in" not in page_of(graded("a")).tables["students"][0]


def test_a_hidden_check_and_its_message() -> None:
    wrong = report(check("loss", "failed", points=2, visibility="hidden", message=message("the values are wrong")))
    (row,) = [
        row for row in page_of(graded("a", wrong)).rows("checks") if row[0].startswith("gives") and "100 %" in row[2:3]
    ]
    assert "hidden" in row[0]
    assert row[4] == "1 × the values are wrong"


def test_sections_of_what_there_is_none_of_are_left_out() -> None:
    page = page_of(graded("ada"), graded("alan"))
    ids = page.values("id")
    assert {"scores", "functions", "heat", "checks", "slow", "students"} <= set(ids)
    assert not {"errors", "refused", "diagnoses", "unloadable", "breaches", "late", "alike"} & set(ids)
    assert {link.removeprefix("#") for link in page.values("href") if link.startswith("#")} <= set(ids)


def test_files_that_were_refused() -> None:
    names = tuple((f"{at}.py", "is an archive; unpack it first") for at in range(LISTED + 3))
    page = page_of(graded("ada"), refused=names)
    assert f"{LISTED + 3} files were not graded 0.py is an archive; unpack it first" in page.text
    assert "… and 3 more." in page.text


# Alike


def test_files_that_are_alike() -> None:
    rows = [
        graded("a", sha256="1", fingerprint=PRINT),
        graded("b", sha256="1", fingerprint=PRINT),
        graded("c", sha256="2", fingerprint=PRINT),
        graded("d", sha256="3", fingerprint=tuple(range(60))),
        graded("e", sha256="4", fingerprint=(*range(54), *range(100, 106))),
        graded("f", STUB, sha256="5"),
        graded("g", STUB, sha256="5"),  # the untouched stub is nobody's copy
    ]
    page = page_of(*rows)
    assert page.rows("alike") == [
        ["the same file, byte for byte", "2", "a, b"],
        ["the same code", "3", "a, b, c"],
        ["90 % alike", "2", "d, e"],
    ]
    assert "not a verdict" in page.sections["alike"]
    assert [row[0] for row in page.rows("students") if row[-1] == "alike"] == ["a", "b", "c", "d", "e"]


def test_files_that_are_alike_stand_beside_each_other() -> None:
    code = ["def loss(a, b):", "    c = a - b", "    return c @ c / 2"]
    other = [line.replace("c", "res") for line in code]
    rows = [graded(name, sha256=name, fingerprint=PRINT) for name in ("ann", "bob")] + [graded("zoe")]
    page = page_of(*rows, source=lambda student: {"ann": code, "bob": other}.get(student, []))
    assert "ann beside bob" in page.sections["alike"]
    assert page.values("data-n") == ["1", "2", "3"] * 2
    assert "beside" not in page_of(*rows).sections["alike"].replace("beside it", "")


def test_a_file_that_half_the_class_hands_in_is_named_though_its_code_is_common() -> None:
    rows = [graded(f"s{at:02}", sha256="1" if at < 15 else str(at), fingerprint=PRINT) for at in range(30)]
    ((how, count, _),) = page_of(*rows).rows("alike")
    assert (how, count) == ("the same file, byte for byte", "15")


# The edges


def test_nobody() -> None:
    page = page_of()
    assert "There are no submissions yet." in page.text
    assert "script" not in page.names
    assert "a.py is an archive" in page_of(refused=(("a.py", "is an archive; unpack it first"),)).text


def test_one_student() -> None:
    page = page_of(graded("ada"))
    assert "1 submission, 30 points to be had" in page.text
    assert "graded 1 of 1 mean score 30 100 % of 30" in page.text
    assert [row[:2] for row in page.rows("students")] == [["ada", "30"]]


def test_all_errored() -> None:
    gone = {"report": {}, "is_errored": True}
    broken = report(check("loss", "errored", points=2, message=message("the oracles disagree")))
    rows = [graded(f"s{at:02}", **gone) for at in range(LISTED)] + [graded("x", broken), graded("y", broken)]
    page = page_of(*rows)
    assert f"The grader failed on {LISTED + 2} submissions" in page.text
    assert "… and 2 more." in page.sections["errors"]
    assert not {"scores", "functions", "checks", "heat"} & set(page.values("id"))
    assert len(page.rows("students")) == LISTED + 2
    (row,) = page_of(graded("x", broken)).rows("errors")
    assert row == ["x", "loss_gives_the_right_values", "the oracles disagree"]


def test_a_grader_error_that_changes_no_score_is_told_at_its_check() -> None:
    errored = check("loss", "errored", "holds for one sample", points=1, message=message("the oracles disagree"))
    page = page_of(graded("x", report(check("loss", "failed", points=1), errored)))
    assert "errors" not in page.values("id")
    (row,) = [row for row in page.rows("checks") if "holds for one sample" in row[0]]
    assert "the grader failed 1 ×" in row[0]
    assert row[1:4] == ["0", "–", ""]


def test_graders_that_differ_are_named() -> None:
    other = json.loads(json.dumps(graded("b").report))
    other["grader"]["version"] = "0.0.9"
    page = page_of(graded("a"), graded("b", report=other), graded("c"))
    assert "2 submissions graded by version 0.1.0, checks 111111111111" in page.text
    assert "1 submission graded by version 0.0.9" in page.text
    assert "Not all were graded alike" in page.text
    assert "Not all" not in page_of(graded("a"), graded("c")).text


# A student's text


HOSTILE_NAMES = ["张伟", "Ada Lovelace", 'O\'Brien "x"', "50% #1?", "a&b<i>", "..", "a/b", "x\u202etxt", "é" * 120]
HOSTILE_NAMES += ["\udcff", "ada\n"]


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_links_lead_to_the_students_page(name: str) -> None:
    links = [link for link in page_of(graded(name)).values("href") if link.startswith("feedback")]
    assert len(links) == 2  # among the slowest, and in the table
    for link in links:
        assert re.fullmatch(r"feedback/[\w.~%-]+\.html", link, re.ASCII)
        assert unquote(link) == f"feedback/{file_stem(name)}.html"


def evil_class() -> Iterator[ClassRow]:
    said = message("{it}", it=EVIL)
    wrong = check("loss", "failed", EVIL, points=2, message=said, diagnosis=Diagnosis("wrong-axis", said))
    yield graded(EVIL, report(wrong, violations=(Violation(EVIL, EVIL, 1, said),)), seconds_late=5.0)
    yield graded("e2" + EVIL, report(check("loss", "errored", points=2, message=said)))
    yield graded("e3" + EVIL, fingerprint=PRINT, sha256="1")
    yield graded("e4" + EVIL, fingerprint=PRINT, sha256="1")
    why = message("the file cannot be loaded: {it}", it=EVIL)
    failed = tuple(replace(one, message=why, outcome="failed", score=0) for one in UNLOADABLE.checks)
    yield graded("e5" + EVIL, replace(UNLOADABLE, checks=failed))
    yield graded(
        "bidi \u202e\u2066\u200f", report(check("loss", "failed", points=2, message=message("\u202e\x1b[31m\x00 x")))
    )


def test_a_students_text_is_never_markup() -> None:
    text = class_page.render(
        EXERCISE,
        evil_class(),
        when=WHEN,
        setting=Setting([(EVIL, EVIL)], [EVIL], EVIL, source=lambda student: [EVIL, student]),
    )
    page = Page(text)
    sections = ["errors", "refused", "diagnoses", "checks", "unloadable", "breaches", "late", "alike"]
    assert set(sections) <= set(page.values("id"))
    assert page.names.count("script") == 1
    assert "alert" not in page.script
    assert "img" not in page.names
    assert not [name for name in dict(page.attributes) if name.startswith("on")]
    assert "{{ 7 * 7 }}" in page.text
    for section in (*sections, "slow", "students"):
        assert "alert(1)" in page.sections[section], section
    assert text.encode()  # no lone surrogate
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u200f\u2066-\u2069]", text)
    assert "bidi ⟨U+202E⟩⟨U+2066⟩" in page.text


def test_only_the_pages_own_script_may_run() -> None:
    page = page_of(graded("ada"))
    digest = base64.b64encode(hashlib.sha256(page.script.encode()).digest()).decode()
    (policy,) = [policy for policy in page.values("content") if "default-src" in policy]
    assert f"script-src 'sha256-{digest}';" in policy
    assert policy.startswith("default-src 'none';")
    assert "innerHTML" not in page.script


def test_the_page_needs_nothing_from_outside(page: Page) -> None:
    assert not {"iframe", "object", "embed", "form", "base", "img"} & set(page.names)
    assert page.values("src") == []
    assert all(link.startswith(("data:", "#", "feedback/")) for link in page.values("href"))
    assert not [value for _, value in page.attributes if "://" in value]


def test_tables_have_headers_and_pictures_words(page: Page) -> None:
    assert page.names.count("table") == page.names.count("thead") > 6
    scopes = page.values("scope")
    assert set(scopes) == {"col", "row", "rowgroup"}
    assert scopes.count("row") > len(page.rows("students"))
    assert all(page.values("aria-label"))
    assert page.values("role").count("img") == 2 + len(FUNCTIONS)


def test_long_texts_are_bounded_and_few() -> None:
    long = [
        graded(
            f"s{at}{'n' * 200}", report(check("loss", "failed", points=2, message=message("x" * 5000 + chr(97 + at))))
        )
        for at in range(8)
    ]
    text = class_page.render(EXERCISE, long, when=WHEN)
    assert "x" * (LONGEST_TEXT + 1) not in text
    assert ">s0" + "n" * LONGEST_NAME not in text


# Size


def test_rows_are_gone_through_once_and_their_reports_let_go() -> None:
    class Watched(dict):
        pass

    alive: list[weakref.ref[Watched]] = []
    most = 0

    def rows() -> Iterator[ClassRow]:
        nonlocal most
        for row in mixed(50):
            watched = Watched(row.report)
            alive.append(weakref.ref(watched))
            yield replace(row, report=watched)
            del watched
            most = max(most, sum(reference() is not None for reference in alive))

    given = rows()
    class_page.render(EXERCISE, given, when=WHEN)
    assert next(given, None) is None
    assert len(alive) == 50
    assert most <= 2


def test_a_class_of_three_hundred_names_everybody_in_less_than_a_megabyte() -> None:
    rows = [graded(f"student number {at:03}", report(check("loss", "failed", points=2))) for at in range(300)]
    text = class_page.render(EXERCISE, rows, when=WHEN)
    assert len(text.encode()) < 4e5
    assert Page(text).values("href").count("feedback/student%20number%20299.html") == 2
    of_mixed = class_page.render(EXERCISE, mixed(300), when=WHEN)
    assert len(of_mixed.encode()) < 6e5


@pytest.fixture(scope="module")
def large() -> str:
    kinds, drawn = mixed(100), random.Random(3)
    names = ("张伟", "Søren Kierkegaard", "محمد الأحمد", "Ada Lovelace", "Иванов Пётр")
    rows = (
        replace(
            kinds[at % 100],
            student=f"{names[at % 5]} {at}",
            sha256=str(at),
            fingerprint=tuple(drawn.getrandbits(32) for _ in range(60)),
        )
        for at in range(10_000)
    )
    started = time.process_time()
    text = class_page.render(EXERCISE, rows, when=WHEN)
    assert time.process_time() - started < 60  # four seconds, on a machine that has nothing else to do
    return text


@pytest.mark.system
def test_ten_thousand_students(large: str) -> None:
    assert len(large.encode()) < 6e6
    page = Page(large)
    assert len(page.rows("students")) == 10_000
    assert "10,000 submissions" in page.text


def test_the_same_rows_make_the_same_bytes(rows: list[ClassRow]) -> None:
    text = class_page.render(EXERCISE, rows, when=WHEN)
    assert class_page.render(EXERCISE, rows, when=WHEN) == text


# Words and looks


@pytest.mark.parametrize(
    ("part", "whole", "shown"),
    [
        (0, 5, "0 %"),
        (5, 5, "100 %"),
        (1, 1000, "< 1 %"),
        (999, 1000, "> 99 %"),
        (1, 3, "33 %"),
        (0, 0, "–"),
        (38, 100, "38 %"),
    ],
)
def test_percent(part: float, whole: float, shown: str) -> None:
    assert percent(part, whole) == shown


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(0.2, "1 s"), (59, "59 s"), (60, "1 min"), (3661, "1 h 1 min"), (90000, "1 d 1 h"), (86400 * 3 + 5, "3 d 5 s")],
)
def test_duration(seconds: float, shown: str) -> None:
    assert duration(seconds) == shown


def test_every_theme_has_enough_contrast_and_paper_has_all_colours_of_its_own() -> None:
    roots = re.findall(r":root \{(.*?)\}", class_page.render(EXERCISE, [graded("ada")], when=WHEN), re.DOTALL)
    themes = [dict(re.findall(r"--([\w-]+): (#\w+)", root)) for root in roots]
    assert len(themes) == 3  # light, dark, paper
    for theme in themes:
        assert theme.keys() == themes[0].keys()
        for paper in ("page", "card", "code", "alarm"):
            for ink in ("ink", "quiet", "right", "wrong", "ask"):
                dark, light = sorted((luminance(theme[paper]), luminance(theme[ink])))
                assert (light + 0.05) / (dark + 0.05) >= 4.5, (paper, ink)


USE = """
onload = () => {
  const frames = [...document.querySelectorAll("iframe")];
  for (const frame of frames)
    for (const folded of frame.contentDocument.querySelectorAll("details")) folded.open = true;
  const pages = frames.map((frame) => frame.contentDocument);
  const wide = pages.map((page) => page.documentElement.scrollWidth - page.documentElement.clientWidth);
  const page = pages[0];
  const seen = () => [...page.querySelectorAll("#everybody tbody tr")].filter((row) => row.offsetParent).map(
    (row) => row.cells[0].textContent + "=" + row.cells[1].textContent).join(";");
  const press = (place) => page.querySelectorAll("#everybody thead button")[place].click();
  const find = (text) => {
    const field = page.getElementById("find");
    field.value = text;
    field.dispatchEvent(new Event("input"));
  };
  const said = ["too wide by " + wide.join(" and ")];
  said.push("at first " + seen());
  press(1); said.push("down " + seen());
  press(1); said.push("up " + seen());
  press(0); said.push("names " + seen());
  page.getElementById("lowest").click(); said.push("lowest " + seen());
  said.push("ways " + [...page.querySelectorAll("#everybody thead th")].map((cell) => cell.ariaSort).join(","));
  find("LATE s"); said.push("late " + seen());
  find("nobody at all"); said.push("none " + seen() + page.getElementById("count").textContent);
  document.body.replaceChildren(said.join(" | "));
};
"""


def browse(tmp_path: Path, page: str, script: str) -> str:
    """What the script leaves of a page that holds this one twice, in a narrow window and in a wide one."""
    escaped = markup.escape(page)
    frames = "".join(f'<iframe width="{width}" height="900" srcdoc="{escaped}"></iframe>' for width in (400, 1200))
    harness = tmp_path / "harness.html"
    harness.write_text(f'<meta charset="utf-8"><body>{frames}<script>{script}</script>', encoding="utf-8")
    quiet = "--headless --no-sandbox --disable-gpu --disable-background-networking --disable-component-update"
    more = "--disable-sync --no-first-run --enable-logging=stderr --v=0 --dump-dom"
    options = [*quiet.split(), *more.split(), f"--user-data-dir={tmp_path / 'profile'}"]
    done = subprocess.run([str(CHROMIUM), *options, harness.as_uri()], capture_output=True, text=True, check=True)
    assert "CONSOLE" not in done.stderr
    return markup.unescape(done.stdout)


@pytest.mark.system
@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
def test_a_browser_sorts_and_finds_and_is_never_too_narrow(tmp_path: Path) -> None:
    loss = report(check("loss", "failed", points=2))
    rows = [
        graded("s10", loss),
        graded("s9", score=27.5, seconds_late=90.0),
        graded("Å" + "w" * 70),
        graded("gone", is_errored=True),
        *evil_class(),
    ]
    shown = browse(tmp_path, class_page.render(EXERCISE, rows[:4], when=WHEN), USE)
    long = "Å" + "w" * 70
    assert "too wide by 0 and 0" in shown
    assert f"at first gone=–;s10=28;s9=27.5;{long}=30 |" in shown
    assert f"down {long}=30;s10=28;s9=27.5;gone=– |" in shown
    assert f"up gone=–;s9=27.5;s10=28;{long}=30 |" in shown
    assert f"names {long}=30;gone=–;s9=27.5;s10=28 |" in shown
    assert f"lowest gone=–;s9=27.5;s10=28;{long}=30 |" in shown
    assert "ways ,ascending," in shown
    assert "late s9=27.5 |" in shown
    assert "none 0 of 4" in shown
    assert "too wide by 0 and 0" in browse(tmp_path, class_page.render(EXERCISE, rows, when=WHEN), USE)


COUNT = """
onload = () => {
  const page = document.querySelector("iframe").contentDocument;
  const rows = () => [...page.querySelectorAll("#everybody tbody tr")].filter((row) => !row.hidden).length;
  const said = ["at first " + rows()];
  page.defaultView.dispatchEvent(new Event("beforeprint")); said.push("on paper " + rows());
  page.defaultView.dispatchEvent(new Event("afterprint")); said.push("then " + rows());
  page.getElementById("all").click();
  said.push("all " + rows());
  document.body.replaceChildren(said.join(" | "));
};
"""


@pytest.mark.system
@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
def test_a_browser_shows_some_of_ten_thousand_first(large: str, tmp_path: Path) -> None:
    shown = browse(tmp_path, large, COUNT)
    assert "at first 200 | on paper 10000 | then 200 | all 10000" in shown
