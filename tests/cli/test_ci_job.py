"""A CI job's grading: its exit codes, files and lines about errors; the verdict is canned."""

import contextlib
import os
import sys

import pytest
from example_reports import ERRORED, RIGHT, WRONG
from places import KIT

from autograder.cli import ci_job
from autograder.errors import GraderError, UserError

REPORTS = ("--reports", "reports")


@pytest.fixture
def job(monkeypatch, tmp_path):
    """Run a job in the kit, on an empty checkout, with this verdict; return its exit code."""

    def run(service: str, verdict: object, *more: str) -> int:
        def canned(_job: ci_job.Job) -> object:
            if isinstance(verdict, Exception):
                raise verdict
            return verdict

        def leave(code: int) -> None:
            raise SystemExit(code)

        arguments = ["exercise2", str(tmp_path), "--for", service, "--reports", str(tmp_path / "reports"), *more]
        monkeypatch.chdir(KIT)
        monkeypatch.setattr(sys, "argv", ["job", *arguments])
        monkeypatch.setattr(ci_job, "_run", canned)
        monkeypatch.setattr(os, "_exit", leave)
        with pytest.raises(SystemExit) as ended:
            ci_job.main()
        return ended.value.code

    return run


@pytest.mark.parametrize(
    ("verdict", "mark", "code"), [(WRONG, 0, 0), (WRONG, 36, 0), (WRONG, 37, 1), (RIGHT, 100, 0), (ERRORED, 0, 3)]
)
def test_the_exit_code_follows_from_the_pass_mark(job, verdict, mark, code):
    assert WRONG.score == 11
    assert job("gitlab", verdict, "--pass-mark", str(mark)) == code


@pytest.mark.parametrize(
    ("verdict", "more", "code", "said"),
    [
        (UserError("no 100% sandbox"), (), 2, "no 100% sandbox"),
        (RIGHT, ("--pass-mark", "half"), 2, "'half' is not a valid integer range. (see job --help)"),
        (GraderError("no worker"), (), 3, "the grader failed, which is not the student's mistake: no worker"),
        (KeyError("x"), (), 3, "the grader failed, which is not the student's mistake: KeyError: 'x'"),
        (ERRORED, (), 3, "the grader itself failed in a check, which is not the student's mistake"),
    ],
)
def test_an_error_is_one_line_and_an_annotation_in_a_workflow(job, capsys, verdict, more, code, said):
    assert job("gitlab", verdict, *more) == code
    assert capsys.readouterr().err.endswith(f"{said}\n")
    assert job("github", verdict, *more) == code
    err = capsys.readouterr().err
    assert err.startswith("::error title=The grader::")
    assert err.endswith(f"{said.replace('%', '%25')}\n")
    assert err.count("\n") == 1


@pytest.mark.parametrize("service", ci_job.FILES)
def test_each_service_gets_its_files(tmp_path, monkeypatch, service):
    monkeypatch.setattr(ci_job, "_reports", lambda *_: [WRONG, RIGHT])
    monkeypatch.setattr("autograder.host.fork_server.ForkServer.start", lambda **_: contextlib.nullcontext())
    monkeypatch.setattr("autograder.report.plots.for_page", lambda *_: "")
    job = ci_job.Job(RIGHT.exercise, tmp_path, service, tmp_path, "sandbox", None, "function")
    assert ci_job._run(job) is RIGHT
    written = {path.name for path in tmp_path.iterdir()}
    assert written == {name.format("exercise2") for name in ci_job.FILES[service]}


def test_a_folder_without_a_submission_is_a_report_that_says_so(tmp_path):
    job = ci_job.Job(RIGHT.exercise, tmp_path, "github", tmp_path, "sandbox", None, "function")
    (submission,) = ci_job._submissions(job)
    assert submission.problem is not None
    assert "exercise2.py" in str(submission.problem.text)
