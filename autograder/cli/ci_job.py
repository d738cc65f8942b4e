"""A CI job's grading: `python -P -m autograder.cli.ci_job`, run in a kit, on what a student has handed in elsewhere.

The kit is the grader's, never the student's checkout, whose checks and solutions its owner could have changed. The file
is graded once, and every form of the report is made of that one verdict.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from autograder.errors import GraderError, UserError

if TYPE_CHECKING:
    from autograder.exercise import Exercise
    from autograder.host.fork_server import ForkServer
    from autograder.model import Isolation, Report, Submission

ENOUGH, TOO_FEW, UNUSABLE, GRADER_FAILED = 0, 1, 2, 3
MEGABYTE = 1 << 20
# What is written for whom; `{}` is the exercise. What each service reads by itself has the name that it looks for.
FILES = {
    "github": {"{}.json": "json", "{}.html": "html"},
    "gitlab": {"{}.json": "json", "{}.html": "html", "{}.xml": "junit"},
    "classroom50": {"{}.json": "json", "result.json": "classroom50", "release-body.md": "summary"},
    "gradescope": {"{}.json": "json", "results.json": "gradescope"},
}
WORKFLOWS = ("github", "classroom50")  # whose logs are read for commands: student's text must be fenced


class Job(NamedTuple):
    """What is graded, for which service, and how."""

    exercise: Exercise
    folder: Path
    service: str
    reports: Path
    isolation: Isolation
    memory: int | None


@click.command()
@click.argument("exercise")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False, exists=True))
@click.option("--for", "service", type=click.Choice(sorted(FILES)), required=True, help="Who reads the reports.")
@click.option("--reports", type=click.Path(path_type=Path, file_okay=False), required=True, help="Folder for them.")
@click.option("--pass-mark", type=click.IntRange(0, 100), default=0, help="Percent of the points; fewer fail the job.")
@click.option("--isolation", type=click.Choice(["sandbox", "process"]), default="sandbox", show_default=True)
@click.option("--memory", type=click.IntRange(64), metavar="MB", help="Most that a student's code may use.")
def command(
    exercise: str,
    folder: Path,
    service: str,
    reports: Path,
    pass_mark: int,
    isolation: Isolation,
    memory: int | None,
) -> int:
    """Grade the file of EXERCISE in FOLDER, a student's checkout or upload."""
    from autograder.authoring import catalog

    found = catalog.find_exercise(catalog.find_kit(Path.cwd()), exercise)
    reports.mkdir(parents=True, exist_ok=True)
    report = _run(Job(found, folder.resolve(), service, reports, isolation, memory))
    if any(result.outcome == "errored" for result in report.checks):
        return _failed(service, "the grader itself failed in a check, which is not the student's mistake")
    return ENOUGH if 100 * report.score >= pass_mark * report.max_score else TOO_FEW


def _run(job: Job) -> Report:
    """Grade, write the files, print."""
    from autograder.host.fork_server import ForkServer

    with ForkServer.start(by_hand=job.exercise.by_hand, isolation=job.isolation) as fork_server:
        report = _best(_reports(job, fork_server))
        for name, form in FILES[job.service].items():
            _write(job.reports / name.format(job.exercise.name), _rendered(report, form, fork_server))
        click.echo(_rendered(report, "github" if job.service in WORKFLOWS else "text", fork_server), nl=False)
    if job.service == "github":
        from autograder.cli.formats import add_summary

        if trouble := add_summary(report):
            click.echo(trouble, err=True)
    return report


def _reports(job: Job, fork_server: ForkServer) -> list[Report]:
    from dataclasses import replace

    from autograder.grading.grader import Grader
    from autograder.grading.seeds import course_secret
    from autograder.model import GradingSpec, Limits

    limits = Limits() if job.memory is None else replace(Limits(), memory=job.memory * MEGABYTE)
    grader = Grader(GradingSpec(job.exercise, secret=course_secret(), limits=limits), fork_server)
    return [grader.grade(submission) for submission in _submissions(job)]


def _submissions(job: Job) -> Iterable[Submission]:
    """Return what may have been meant to be graded; one with a problem where that is nothing."""
    import hashlib

    from autograder.model import Problem, Submission, message
    from autograder.submissions.upload import submissions

    try:
        return submissions(job.folder, job.exercise)
    except UserError as error:
        problem = Problem(message("{text}", text=error))
        name = Path(f"{job.exercise.name}.py")
        return [Submission("", name, hashlib.sha256(b"").hexdigest(), (), problem=problem)]


def _best(reports: list[Report]) -> Report:
    """Return the best report: a student who has worked in the script and in the notebook loses nothing by that."""
    return max(reports, key=lambda report: report.score)


def _rendered(report: Report, form: str, fork_server: ForkServer) -> str:
    """Return the report in a form; paths in it are those of the student's repository."""
    from autograder.cli import formats
    from autograder.report import github

    if form == "summary":
        return github.summary(report)
    # The report names the file by its path in the student's folder, which is read as one in the current folder.
    return formats.rendered(report, form, fork_server, root=Path.cwd())


def _write(path: Path, text: str) -> None:
    from autograder.files import write_beside

    try:
        write_beside(path, text)
    except OSError as error:
        raise GraderError(f"{path} cannot be written ({error.strerror})") from None


def main() -> None:
    """Run with the arguments of the command line, put every error into one line, and exit."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace", encoding="utf-8")  # type: ignore[union-attr] # a job's log is UTF-8
    service = next((word for word in sys.argv if word in FILES), "")
    try:
        code = command.main(prog_name="job", standalone_mode=False)
    except UserError as error:
        code = _failed(service, str(error), UNUSABLE)
    except click.ClickException as error:
        code = _failed(service, error.format_message(), UNUSABLE)
    except Exception as error:  # noqa: BLE001 - whatever is left is ours, and never a student's zero
        what = str(error) if isinstance(error, GraderError) else f"{type(error).__name__}: {error}"
        code = _failed(service, f"the grader failed, which is not the student's mistake: {what}")
    sys.stdout.flush()
    os._exit(code if isinstance(code, int) else 0)  # tearing torch down takes a quarter of a second


def _failed(service: str, text: str, code: int = GRADER_FAILED) -> int:
    line = " ".join(text.split())
    click.echo(f"::error title=The grader::{line.replace('%', '%25')}" if service in WORKFLOWS else line, err=True)
    return code


if __name__ == "__main__":
    main()
