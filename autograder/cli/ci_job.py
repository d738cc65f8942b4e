"""A CI job's grading: `python -P -m autograder.cli.ci_job`, run in a kit, on what a student has handed in elsewhere.

The kit is the grader's, never the student's checkout, whose checks and solutions its owner could have changed. The file
is graded once, and every form of the report is made of that one verdict.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from autograder.authoring import catalog
from autograder.cli import formats, running
from autograder.errors import GraderError, UserError
from autograder.files import reason, sha256, write_beside

if TYPE_CHECKING:
    from autograder.exercise import Exercise
    from autograder.host.fork_server import ForkServer
    from autograder.model import Credit, Isolation, Report, Submission

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
    credit: Credit = "function"


@click.command()
@click.argument("exercise")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False, exists=True))
@click.option("--for", "service", type=click.Choice(sorted(FILES)), required=True, help="Who reads the reports.")
@click.option("--reports", type=click.Path(path_type=Path, file_okay=False), required=True, help="Folder for them.")
@click.option("--pass-mark", type=click.IntRange(0, 100), default=0, help="Percent of the points; fewer fail the job.")
@click.option("--isolation", type=click.Choice(["sandbox", "process"]), default="sandbox", show_default=True)
@click.option("--credit", type=click.Choice(["function", "check"]), default="function", help="What earns points.")
@click.option("--memory", type=click.IntRange(64), metavar="MB", help="Most that a student's code may use.")
def command(exercise: str, folder: Path, pass_mark: int, **given: Any) -> int:
    """Grade the file of EXERCISE in FOLDER, a student's checkout or upload."""
    found = catalog.find_exercise(catalog.find_kit(Path.cwd()), exercise)
    job = Job(found, folder.resolve(), **given)
    job.reports.mkdir(parents=True, exist_ok=True)
    report = _run(job)
    if running.is_errored(report):
        _tell("job", "the grader itself failed in a check, which is not the student's mistake")
        return running.GRADER_FAILED
    return 0 if 100 * report.score >= pass_mark * report.max_score else 1


def _run(job: Job) -> Report:
    from autograder.host.fork_server import ForkServer

    with ForkServer.start(off=job.exercise.off, isolation=job.isolation) as fork_server:
        # Who has worked in the script and in the notebook loses nothing by that.
        report = max(_reports(job, fork_server), key=lambda report: report.score)
        for name, form in FILES[job.service].items():
            _write(job.reports / name.format(job.exercise.name), _rendered(report, form, fork_server))
        click.echo(_rendered(report, "github" if job.service in WORKFLOWS else "text", fork_server), nl=False)
    if job.service == "github" and (trouble := formats.add_summary(report)):
        click.echo(trouble, err=True)
    return report


def _reports(job: Job, fork_server: ForkServer) -> list[Report]:
    from autograder.grading.grader import Grader
    from autograder.grading.seeds import course_secret
    from autograder.model import GradingSpec, Limits

    limits = Limits() if job.memory is None else Limits(memory=job.memory << 20)  # of megabytes
    grader = Grader(GradingSpec(job.exercise, secret=course_secret(), limits=limits, credit=job.credit), fork_server)
    return [grader.grade(submission) for submission in _submissions(job)]


def _submissions(job: Job) -> Iterable[Submission]:
    """Return what may have been meant to be graded; one with a problem where that is nothing."""
    from autograder.model import Problem, Submission, message
    from autograder.submissions.upload import submissions

    try:
        return submissions(job.folder, job.exercise)
    except UserError as error:
        problem = Problem(message("{text}", text=error))
        return [Submission("", Path(f"{job.exercise.name}.py"), sha256(b""), (), problem=problem)]


def _rendered(report: Report, form: str, fork_server: ForkServer) -> str:
    """Return the report in a form; paths in it are those of the student's repository."""
    if form == "summary":
        from autograder.report import github

        return github.summary(report)
    # The report names the file by its path in the student's folder, which is read as one in the current folder.
    return formats.rendered(report, form, formats.View(fork_server, root=Path.cwd()))


def _write(path: Path, text: str) -> None:
    try:
        write_beside(path, text)
    except OSError as error:
        raise GraderError(f"{path} cannot be written ({reason(error)})") from None


def main() -> None:
    """Run with the arguments of the command line, put every error into one line, and exit."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8")  # type: ignore[union-attr] # a job's log is UTF-8
    running.leave(running.run("job", command.main, "the grader failed, which is not the student's mistake: ", _tell))


def _tell(_name: str, text: str) -> None:
    """Print a line about an error, for a log in which the service may look for commands."""
    line = " ".join(text.split())
    is_workflow = any(word in WORKFLOWS for word in sys.argv)
    click.echo(f"::error title=The grader::{line.replace('%', '%25')}" if is_workflow else line, err=True)


if __name__ == "__main__":
    main()
