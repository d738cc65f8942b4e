"""`course grade all`: a class of forty through a term, every figure of which agrees; the verdicts are canned."""

import csv
import io
import json
import re
import shutil
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from classes import canned, write_class
from course_commands import course, refusal
from places import KIT

from autograder.authoring import catalog
from autograder.classroom import local_engine
from autograder.classroom.exports.sheet import number
from autograder.classroom.names import file_stem
from autograder.classroom.store import Store
from autograder.cli import classroom

STUDENTS = [f"s{number:02}" for number in range(38)] + ["Doe, Jane", "Ann Lee_12345"]
RIGHT = {exercise.name: len(exercise.functions) for exercise in catalog.exercises(KIT)}
DEADLINE = ("--deadline", "exercise2=2026-12-01 12:00 UTC", "--late-penalty", "10%/day,max=50%")
LATE = {"s03": 1, "s04": 2, "s05": 9, "Doe, Jane": 1}  # days
WEIGHT = {name: 2 if name == "exercise2" else 1 for name in RIGHT}
WEIGHTS = ("--weights", ",".join(f"{name}={weight}" for name, weight in WEIGHT.items()))
WEIGHTED = "the total is weighted: " + ", ".join(f"{name} {weight}" for name, weight in WEIGHT.items())


def right(student: str, exercise: str) -> int:
    """How many functions a student has right; "s30" has handed in nothing, and "Doe, Jane" only exercise 2."""
    return (sum(map(ord, student)) + int(exercise[-1])) % (RIGHT[exercise] + 1)


@pytest.fixture(scope="module")
def term(tmp_path_factory) -> Path:
    """The class's submissions in two layouts, its roster and its times."""
    folder = tmp_path_factory.mktemp("term")
    files = {}
    for place, student in enumerate(STUDENTS):
        for exercise in RIGHT:
            if student == "s30" or (student == "Doe, Jane" and exercise != "exercise2"):
                continue
            is_flat = place % 2 and exercise != "exercise3"
            name = f"{student}_{exercise}.py" if is_flat else f"{student}/{exercise}.py"
            files[name] = f"{right(student, exercise)}"
    write_class(folder / "submissions", files | {"s07/exercise1.ipynb": "{}", "gone_exercise1.py": "5"})
    (folder / "submissions/s09_exercise2.py").unlink()
    (folder / "submissions/s09_exercise2.py").symlink_to("/etc/passwd")
    names = [name.replace("Ann Lee_12345", "alee") for name in STUDENTS]
    lines = [f'"{name}",{"Ann Lee" if name == "alee" else ""},{"A" if name < "s20" else "B"},' for name in names]
    lines = ["student,name,section,state", *lines, "gone,,A,withdrawn"]
    (folder / "roster.csv").write_text("\n".join(lines) + "\n")
    times = [
        f'"{name}",2026-12-{1 + LATE.get(name, 0):02} 12:00 UTC' for name in STUDENTS if name not in ("s30", "s09")
    ]
    (folder / "times.csv").write_text("\n".join(["student,time", *times]) + "\n")
    return folder


@pytest.fixture(autouse=True)
def graders(monkeypatch):
    monkeypatch.setattr(local_engine, "grade_all", lambda order, given, jobs: (canned(order, one) for one in given))
    monkeypatch.chdir(KIT)


def grade(term: Path, *more: object, code: int = 1):
    return course("grade", "all", term / "submissions", "--output", term / "out", *more, code=code)


@pytest.fixture(scope="module")
def graded(term):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(local_engine, "grade_all", lambda order, given, jobs: (canned(order, one) for one in given))
        patch.chdir(KIT)
        roster, times = ("--roster", term / "roster.csv"), ("--times", f"exercise2={term / 'times.csv'}")
        return term, grade(term, *roster, *times, *DEADLINE, *WEIGHTS)


def rows(text: str) -> dict[str, dict[str, str]]:
    return {row["student"]: row for row in csv.DictReader(io.StringIO(text, newline=""))}


def gradebook(out: Path) -> dict[str, dict[str, str]]:
    return rows((out / "gradebook.csv").read_bytes().decode())


def require_agreement(out: Path) -> None:
    """Every figure of the table is that of the exercises' tables, of reports, of pages and of exports."""
    book, points = gradebook(out), {}
    page = (out / "report.html").read_text(encoding="utf-8")
    shown = {
        re.sub(r"<[^>]+>", "", line[0]).split()[0]: re.findall(r'<td[^>]*data-v="([^"]+)"', line[0])
        for line in re.finditer(r'<tr><th scope="row"><a href="feedback/.*?</tr>', page, re.DOTALL)
    }
    assert len(shown) >= len(book) - 2  # names of several words
    for exercise in RIGHT:
        own = rows((out / exercise / "grades.csv").read_bytes().decode())
        with Store(out) as store:
            assert set(own) == {one.student for one in store.of(exercise).standings()}
        for student, row in own.items():
            functions = [float(value) for name, value in list(row.items())[6:]]
            assert sum(functions) == float(row["earned"]) == float(row["score"]) + float(row["penalty"])
            report = json.loads((out / exercise / "reports" / f"{file_stem(student)}.json").read_text(encoding="utf-8"))
            assert report["score"] == float(row["earned"])
            counts = report.get("lateness", {"counts": report["score"]})["counts"]
            name = "alee" if student.startswith("Ann") else student
            assert counts == float(row["score"]) == float(book[name][exercise])
            assert book[name][f"{exercise} state"] == ("late" if float(row["hours_late"] or 0) else "graded")
            student_page = (out / exercise / "feedback" / f"{file_stem(student)}.html").read_text(encoding="utf-8")
            assert f"{row['score']} / {row['max_score']}</title>" in student_page
            points[exercise] = int(row["max_score"])
    for student, row in book.items():
        scores = {exercise: float(row[exercise] or 0) for exercise in RIGHT}
        shares = sum(weight * scores[one] / points[one] for one, weight in WEIGHT.items())
        percent = 100 * shares / sum(WEIGHT.values())
        assert (float(row["total"]), float(row["percent"])) == (round(sum(scores.values()), 2), round(percent, 2))
        own_page = (out / "feedback" / f"{file_stem(student)}.html").read_text(encoding="utf-8")
        assert f"{row['total']} / {sum(points.values())}</td><td>{row['percent']} %" in own_page
        if student in shown:
            expected = [-1 if row[one] == "" else float(row[one]) for one in RIGHT]
            assert [float(value) for value in shown[student]] == [*expected, float(row["total"]), float(row["percent"])]


class TestATerm:
    def test_every_figure_agrees(self, graded):
        term, result = graded
        out = term / "out"
        assert sorted(path.name for path in out.iterdir()) == [
            *RIGHT, "feedback", "gradebook.csv", "grades.db", "report.html"
        ]  # fmt: skip
        require_agreement(out)
        book = gradebook(out)
        assert sorted(book) == sorted(name.replace("Ann Lee_12345", "alee") for name in STUDENTS)
        states = {name: {exercise: row[f"{exercise} state"] for exercise in RIGHT} for name, row in book.items()}
        nothing, all_graded = (dict.fromkeys(RIGHT, state) for state in ("nothing handed in", "graded"))
        assert states["s30"] == nothing
        assert states["s09"] == all_graded | {"exercise2": "refused"}
        assert states["s07"] == all_graded | {"exercise1": "refused"}
        assert states["Doe, Jane"] == nothing | {"exercise2": "late"}
        assert {name for name, row in states.items() if "late" in row.values()} == set(LATE)
        said = result.stderr.splitlines()
        assert "exercise2: the deadline is 2026-12-01 12:00:00 UTC+0000" in said
        assert "not graded: s09_exercise2.py is a symbolic link; put the file itself there" in said
        assert "nothing handed in: 1 of 40 on the roster (s30)" in said
        assert "withdrawn, and left out of tables, pages and exports: gone" in said
        lines = result.stdout.splitlines()
        assert lines[1].startswith("  exercise2  38 graded (4 late), 1 refused, 1 nothing handed in; ")
        assert lines[len(RIGHT)].endswith(WEIGHTED)
        assert not (out / "feedback/gone.html").exists()
        assert "gone" not in (out / "report.html").read_text(encoding="utf-8")

    def test_a_later_run_goes_on_by_the_same_rule(self, graded):
        term, _ = graded
        before = {path: (term / "out" / path).read_bytes() for path in ("gradebook.csv", "exercise2/grades.csv")}
        result = grade(term)
        assert f"0 graded, {38 * len(RIGHT)} unchanged" in result.stdout  # two are refused, and one has left
        rule = (
            "by the rule of the last run: deadline 2026-12-01 12:00:00 UTC+0000, late penalty 10%/day,max=50%, times of"
        )
        assert f"exercise2: {rule} 38 students" in result.stderr
        assert {path: (term / "out" / path).read_bytes() for path in before} == before
        said = grade(term, "--deadline", "exercise2=2026-12-05 12:00", code=2).stderr
        assert "exercise2 in " in said
        assert "was graded by another rule: the deadline was 2026-12-01 12:00:00 UTC+0000 and is 2026-12-05" in said

    def test_what_is_handed_on(self, graded, tmp_path):
        out = graded[0] / "out"
        book = gradebook(out)
        assert course("export", out, "--format", "csv").stdout_bytes == (out / "gradebook.csv").read_bytes()
        own = course("export", out, "--format", "csv", "--exercise", "2").stdout_bytes
        assert own == (out / "exercise2/grades.csv").read_bytes()
        total = course("export", out, "--format", "moodle")
        assert total.stderr.startswith(f"{WEIGHTED}, in percent;")
        given = dict(list(csv.reader(io.StringIO(total.stdout)))[1:])
        assert given == {name: row["percent"] for name, row in book.items()}
        into = tmp_path / "canvas.csv"
        people = "".join(f'"{name}",{place},{name.replace(", ", "")},A,\n' for place, name in enumerate(STUDENTS, 1))
        into.write_text(f"Student,ID,SIS Login ID,Section,exercise2 (9)\n    Points Possible,,,,30\n{people}")
        filled = course("export", out, "--format", "canvas", "--into", into, "--exercise", "exercise2")
        cells = {row[0]: row[-1] for row in list(csv.reader(io.StringIO(filled.stdout)))[2:]}
        assert {name: cells[name] for name in ("s03", "s30", "s09")} == {
            "s03": book["s03"]["exercise2"], "s30": "0", "s09": ""
        }  # fmt: skip
        into.write_text("Student,ID,SIS Login ID,Section,exercise2 (9)\n    Points Possible,,,,30\nNobody,1,no,A,\n")
        course("export", out, "--format", "canvas", "--into", into, "--exercise", "exercise2", code=1)

    @pytest.mark.parametrize("exercise", ["", "exercise2"])
    def test_what_nbgrader_gets(self, graded, monkeypatch, exercise):
        """Which is each exercise by its name; that it arrives there is tried where one exercise is."""
        given = {}

        def write_scores(_url, exercise, rows):
            given[exercise.name] = {row.student: number(row.score) for row in rows}

        monkeypatch.setattr(classroom, "_gradebook", lambda: SimpleNamespace(write_scores=write_scores))
        out = graded[0] / "out"
        course("export", out, "--format", "nbgrader", *(["--exercise", exercise] if exercise else []))
        assert sorted(given) == ([exercise] if exercise else list(RIGHT))
        for name, scores in given.items():
            own = rows((out / name / "grades.csv").read_bytes().decode())
            assert scores == {student: row["score"] for student, row in own.items()}

    def test_the_page_again_and_single_students(self, graded):
        term, _ = graded
        before = (term / "out/gradebook.csv").read_bytes()
        result = course("report", term / "out")
        assert result.stdout.splitlines()[-1] == f"{term / 'out' / 'report.html'} is written"
        assert f"{len(RIGHT)} graded, 0 unchanged" in grade(term, "--only", "s00", code=0).stdout
        assert (term / "out/gradebook.csv").read_bytes() == before
        assert "there is no submission of kim" in grade(term, "--only", "kim", code=2).stderr
        compared = course("grade", "all", term / "submissions", "--compare", term / "out", code=1)
        assert compared.stdout.splitlines() == [
            f"{exercise}: {37 if exercise == 'exercise1' else 38} students keep their score; nothing was written"
            for exercise in RIGHT
        ]


def test_a_check_that_was_wrong_and_an_appeal(graded, tmp_path, monkeypatch):
    """Of the whole class; who is graded anew, and whose file was another one, has other points, and nobody else."""
    term = tmp_path / "term"
    shutil.copytree(graded[0], term, symlinks=True)
    out, best = term / "out", catalog.find_exercise(KIT, "exercise1").points
    before = gradebook(out)

    def kinder(order, given, jobs):
        for one in given:
            report = canned(order, one)
            whole = tuple(replace(each, score=each.max_score) for each in report.functions)
            yield replace(report, functions=whole) if order.exercise.name == "exercise1" else report

    monkeypatch.setattr(local_engine, "grade_all", kinder)
    low = [name for name, row in before.items() if row["exercise1 state"] == "graded" and row["exercise1"] != f"{best}"]
    compared = grade(term, "--compare", out).stdout.splitlines()
    assert f"exercise1: s01: {before['s01']['exercise1']} before, {best} now" in compared
    assert sum(line.startswith("exercise1: ") and " before, " in line for line in compared) == len(low)
    assert gradebook(out) == before
    assert f"changed: s01 had {before['s01']['exercise1']} points and now has {best}" in grade(term, "--fresh").stderr
    require_agreement(out)
    regraded = gradebook(out)
    graded_now = {row["exercise1"] for row in regraded.values() if row["exercise1 state"] == "graded"}
    assert graded_now == {f"{best}"}
    assert others(regraded, "exercise1") == others(before, "exercise1")

    (named,) = (term / "submissions").rglob("s05*exercise2.py")
    named.write_text(f"{RIGHT['exercise2']}", encoding="utf-8")
    assert f"{len(RIGHT)} graded, 0 unchanged" in grade(term, "--only", "s05", code=0).stdout
    require_agreement(out)
    appealed = gradebook(out)
    assert appealed["s05"]["exercise2"] == "15"  # of 30 points, half are the late penalty's
    assert {name: row for name, row in appealed.items() if name != "s05"} == {
        name: row for name, row in regraded.items() if name != "s05"
    }
    assert others(appealed, "exercise2")["s05"] == others(regraded, "exercise2")["s05"]


def others(book: dict[str, dict[str, str]], exercise: str) -> dict[str, dict[str, str]]:
    """Return what a table says of other exercises."""
    return {
        name: {column: cell for column, cell in row.items() if column.partition(" ")[0] in {*RIGHT} - {exercise}}
        for name, row in book.items()
    }


def test_an_exercise_alone_is_not_graded_into_a_course(tmp_path):
    few, out = write_class(tmp_path / "few", {"ann/exercise1.py": "4"}), tmp_path / "out"
    course("grade", "all", few, "--output", out)
    assert "holds the grades of a whole course; grade it with" in refusal("grade", "exercise1", few, "--output", out)


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (["--weights", "exercise99=1"], "--weights: there is no exercise 'exercise99'"),
        (["--weights", "none.csv"], "none.csv cannot be read (No such file"),
        (["--roster", "none.csv"], "none.csv cannot be read (No such file"),
        (["--deadline", "2026-12-01 12:00", "--deadline", "2026-12-02 12:00"], "--deadline is given twice for all"),
        (["--late-penalty", "20%"], "a late penalty needs a --deadline"),
        (["--compare", "sqlite:///x.db"], "a gradebook is compared with one exercise at a time"),
    ],
)
def test_unusable_options_are_a_line_and_nothing_is_written(tmp_path, more, says):
    few = write_class(tmp_path / "few", {"ann/exercise1.py": "4"})
    assert says in refusal("grade", "all", few, "--output", tmp_path / "out", *more)
    assert not (tmp_path / "out").exists()


def test_a_class_of_one_exercise_alone_is_no_course(tmp_path):
    few = write_class(tmp_path / "few", {"ann/exercise1.py": "4"})
    course("grade", "exercise1", few, "--output", tmp_path / "out")
    said = course("grade", "all", few, "--output", tmp_path / "out", code=2).stderr
    assert "holds the grades of exercise1 alone; name another folder for a whole course" in said


def test_an_exercise_of_a_course_is_graded_with_it_alone(tmp_path):
    few, out = write_class(tmp_path / "few", {"ann/exercise1.py": "4"}), tmp_path / "out"
    course("grade", "all", few, "--output", out)
    before = (out / "exercise1/grades.csv").read_bytes()
    (few / "ann/exercise1.py").write_text("1", encoding="utf-8")
    said = refusal("grade", "exercise1", few, "--output", out / "exercise1")
    assert "out/exercise1 is a part of the course in" in said
    assert (out / "exercise1/grades.csv").read_bytes() == before
    assert not (out / "exercise1/grades.db").exists()


def test_what_is_said_before_anybody_has_handed_in_holds_then(tmp_path):
    few, out = write_class(tmp_path / "few", {"ann/exercise1.py": "4"}), tmp_path / "out"
    early = ("--deadline", "exercise3=2026-12-01 12:00 UTC", "--late-penalty", "exercise3=20%")
    command = ("grade", "all", few, "--output", out)
    kept = "deadline 2026-12-01 12:00:00 UTC+0000, late penalty 20%"
    assert f"exercise3: nobody has handed it in yet; kept for then: {kept}\n" in course(*command, *early).stderr
    assert list(gradebook(out)["ann"])[1:3] == ["exercise1", "total"]
    write_class(few, {"ann/exercise3.py": "4"})
    assert f"exercise3: by this rule: {kept}\n" in course(*command).stderr


def test_a_new_exercise_is_graded_as_those_before(tmp_path, monkeypatch):
    few, out = write_class(tmp_path / "few", {"ann/exercise1.py": "4"}), tmp_path / "out"
    due = ("--deadline", "exercise1=2026-12-01 12:00 UTC", "--late-penalty", "20%", "--credit", "check")
    monkeypatch.setenv("COURSE_SECRET", "word")
    course("grade", "all", few, "--output", out, *due)
    more = write_class(tmp_path / "more", {"ann/exercise2.py": "4"})
    command = ("grade", "all", more, "--output", out, "--deadline", "exercise2=2026-12-08 12:00 UTC")
    monkeypatch.delenv("COURSE_SECRET")
    assert "the rest of the course was graded by another rule: COURSE_SECRET was set and is not" in refusal(*command)
    monkeypatch.setenv("COURSE_SECRET", "word")
    assert "late penalty 20%, COURSE_SECRET, credit by check" in course(*command).stderr
    compared = course("grade", "all", write_class(more, {"ann/exercise3.py": "1"}), "--compare", out).stdout
    assert "exercise3: ann: not graded before, " in compared


def test_what_was_refused_of_a_single_student_is_told(tmp_path):
    few, out = write_class(tmp_path / "few", {"ann/exercise1.py": "4", "bob/exercise1.py": "4"}), tmp_path / "out"
    for student in ("ann", "bob"):
        (few / student / "exercise2.py").symlink_to("exercise1.py")
    said = course("grade", "all", few, "--output", out, "--only", "ann", code=1).stderr
    assert "not graded: ann/exercise2.py is a symbolic link" in said
    assert "bob" not in said


def test_where_nothing_can_be_gathered(tmp_path):
    few = write_class(tmp_path / "few", {"ann/essay.txt": "-"})
    assert (
        "not graded: ann has no file of an exercise in it"
        in course("grade", "all", few, "--output", tmp_path / "out", code=1).stderr
    )
