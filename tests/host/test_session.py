"""One submission in its workers: which one a check's calls go to, and what it may see of earlier ones."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from places import KIT
from students import graded, notebook, scores, script, solved
from workers import gone

from autograder.authoring.catalog import find_exercise
from autograder.host.answers import Case, NotCallable, ProbeFailed, Question, Raised, Refusal, Returned, WorkerLost
from autograder.host.fork_server import ForkServer
from autograder.host.session import Session
from autograder.model import Limits, Problem, Submission, message

COUNTING = """
count = 0
print("loading")

def predict():
    return count

def loss():
    global count
    count += 1
    print("call", count)
    return count

def update():
    return loss()
"""


@pytest.fixture
def opened(fork_server: ForkServer) -> Iterator[Any]:
    """Opens sessions, and closes them at the end."""
    sessions: list[Session] = []

    def open_session(submission: Submission | str, **limits: Any) -> Session:
        given = script(submission) if isinstance(submission, str) else submission
        session = Session(fork_server, find_exercise(KIT, "exercise1"), given, Limits(**limits))
        sessions.append(session)
        return session

    yield open_session
    for session in sessions:
        session.__exit__()


class TestOpening:
    def test_a_file_that_loads_has_no_problem(self, opened):
        session = opened(COUNTING)
        assert (session.problem, session.notes, session.printed_at_load) == (None, (), "loading\n")
        assert {"predict", "loss", "update"} <= set(session.names)

    def test_a_file_that_stops_is_a_problem_with_its_place(self, opened):
        problem = opened("x = 1\nraise ValueError('no {braces}')\n").problem
        assert str(problem.text) == "ValueError: no {braces}"
        assert problem.lines == ("exercise1.py, line 2, in <module>: raise ValueError('no {braces}')",)

    def test_a_file_that_ends_its_process_is_a_problem(self, opened):
        assert "exit code 7" in str(opened("import os\nos._exit(7)").problem.text)

    def test_a_file_that_never_ends_is_a_problem(self, opened):
        assert "within 0.2 seconds" in str(opened("while True: pass", load_seconds=0.2).problem.text)

    def test_a_file_that_could_not_be_decoded_starts_no_worker(self):
        class NoForkServer:
            """Fails whoever asks it for anything."""

        problem = Problem(message("not UTF-8"))
        unreadable = Submission("", Path("exercise1.py"), "", (), problem=problem)
        session = Session(NoForkServer(), find_exercise(KIT, "exercise1"), unreadable, Limits())  # type: ignore[arg-type]
        assert session.problem is problem
        session.__exit__()

    def test_a_notebooks_cells_that_stop_are_notes(self, opened):
        session = opened(notebook("def loss(): return 1", "1 / 0", "x = (", "def update(): return 2"))
        assert session.problem is None
        assert [str(note.text).partition(":")[0] for note in session.notes] == [
            "cell 2 stopped",
            "cell 3 stopped",
        ]
        assert {"loss", "update"} <= set(session.names)

    def test_of_many_cells_that_stop_the_first_are_told(self, opened):
        notes = opened(notebook(*["1 / 0"] * 14)).notes
        assert len(notes) == 11
        assert str(notes[-1].text) == "and so did later cells: 4"

    def test_what_is_printed_before_the_end_is_kept(self, opened):
        assert opened("print('so far')\n1 / 0").printed_at_load == "so far\n"


def checked(session: Session, function: str, *arguments: Any, hidden: bool = False) -> Any:
    """What a function answers in a check of its own."""
    session.begin(hidden=hidden)
    try:
        return session.call(function, list(arguments))
    finally:
        session.end()


class TestWorkers:
    def test_a_call_before_a_check_begins_is_a_mistake_of_ours(self, opened):
        unreadable = opened(Submission("", Path("exercise1.py"), "", (), problem=Problem(message("not UTF-8"))))
        with pytest.raises(RuntimeError):
            unreadable.call("loss", [])

    def test_a_worker_remembers_and_a_new_one_does_not(self, opened):
        session = opened(COUNTING)
        answers = [checked(session, "loss").value for _ in range(2)]
        session.open_worker()
        assert [*answers, checked(session, "loss").value] == [1, 2, 1]

    def test_a_worker_that_has_seen_hidden_cases_serves_no_visible_check(self, opened):
        session = opened(COUNTING)
        answers = [checked(session, "loss", hidden=hidden).value for hidden in (False, True, True, False, False)]
        assert answers == [1, 2, 3, 1, 2]

    def test_it_has_ended_before_the_next_one_begins(self, opened, fork_server, monkeypatch):
        """Two that live at once could tell each other what they were asked."""
        session = opened(COUNTING + "import os\ndef pid(): return os.getpid()")
        first = checked(session, "pid", hidden=True).value
        ended, start = [], fork_server.worker
        monkeypatch.setattr(fork_server, "worker", lambda *a, **o: ended.append(gone(first)) or start(*a, **o))
        assert checked(session, "pid").value != first
        assert ended == [True]
        assert not Path(f"/proc/{first}").exists()

    def test_nor_does_one_in_which_helpers_are_answered(self, opened):
        session = opened(COUNTING + "\ndef update():\n    return predict()\n")
        session.answer_by_reference(["predict"], lambda _: 41.5)
        answers = [checked(session, "loss", hidden=hidden).value for hidden in (False, True, False)]
        assert answers == [1, 2, 1]
        assert checked(session, "update").value == 41.5, "the new one answers as the old one did"
        with pytest.raises(RuntimeError, match="predict is answered by the reference"):
            checked(session, "predict")

    def test_calls_that_nobody_waits_for_delay_no_other_check(self, opened):
        session = opened(COUNTING + "\ndef update(x):\n    while x > 1: pass\n    return x\n")
        session.begin()
        assert next(session.calls("update", (Case((1,)), Case((2,))))) == Returned(1)
        session.end()
        began = time.monotonic()
        session.begin()
        assert time.monotonic() - began < 5
        assert session.call("loss", []).value == 1, "in a new worker, for the old one is in a loop"
        assert session.is_patient

    def test_pristine_tells_whether_anything_ran_before(self, opened):
        session = opened(COUNTING)
        found = []
        for is_new in (False, False, True, False):
            if is_new:
                session.open_worker()
            session.begin()
            found.append(session.is_pristine)
            session.end()
        assert found == [True, False, True, False]

    def test_what_is_printed_belongs_to_its_check(self, opened):
        session = opened(COUNTING)
        printed = []
        for is_new in (False, False, True):
            if is_new:
                session.open_worker()
            session.begin()
            session.call("loss", [])
            printed.append(session.end())
        assert printed == ["call 1\n", "call 2\n", "call 1\n"]


class TestHelpers:
    CODE = COUNTING.replace("return loss()", "return loss(1, y=2)").replace("def loss():", "def loss(*_, **__):")

    def test_the_functions_above_are_those_of_the_table(self, opened):
        session = opened(COUNTING)
        assert session.above("predict") == []
        assert session.above("update") == ["predict", "loss", "manual_gradients"]

    def test_the_students_calls_are_answered_until_a_worker_is_opened_anew(self, opened):
        session, asked = opened(self.CODE), []
        assert (checked(session, "update").value, session.questions) == (1, 0)
        session.answer_by_reference(["loss"], lambda question: asked.append(question) or 41.5)
        assert [(checked(session, "update").value, session.questions) for _ in range(2)] == [(41.5, 1)] * 2
        assert [(one.function, one.arguments, one.keywords) for one in asked] == [("loss", [1], {"y": 2})] * 2
        session.open_worker(keep_helpers=True)
        assert checked(session, "update").value == 41.5
        session.open_worker()
        assert (checked(session, "update").value, session.questions) == (1, 0)

    def test_further_helpers_can_be_answered_in_the_same_worker(self, opened):
        session = opened(COUNTING + "\ndef update(): return loss(), predict()\n")
        answers = [checked(session, "update").value]
        for helpers in (["loss"], ["predict", "loss"]):
            session.answer_by_reference(helpers, lambda _: 5.0)
            answers.append(checked(session, "update").value)
        assert answers == [(1, 1), (5.0, 1), (5.0, 5.0)]

    def test_nothing_else_is_answered(self, opened):
        session = opened("def predict(): return loss()\ndef loss(): return update()\ndef update(): return 3")
        session.answer_by_reference(session.above("loss"), lambda _: 41.5)
        assert checked(session, "loss") == Returned(3)
        assert session.questions == 0

    def test_missing_helpers_are_there(self, opened):
        session = opened("def update(): return loss(1, y=2)")
        session.answer_by_reference(["loss"], lambda _: 5.0)
        assert checked(session, "update") == Returned(5.0)

    def test_a_refusal_is_raised_in_the_students_code(self, opened):
        def refuse(question: Question) -> Any:
            raise Refusal(f"not {question.function}")

        session = opened("def update(): return loss()")
        session.answer_by_reference(["loss"], refuse)
        answer = checked(session, "update")
        assert isinstance(answer, Raised)
        assert "not loss" in answer.text


class TestLosses:
    CODE = "import os\ndef loss(): os._exit(1)\ndef predict(): return 1\ndef update():\n    while True: pass"

    def test_a_loss_answers_the_rest_of_its_check_and_no_other(self, opened):
        session = opened(self.CODE)
        session.begin()
        answers = [session.call(name, []) for name in ("predict", "loss", "predict")]
        session.end()
        assert [type(answer) for answer in answers] == [Returned, WorkerLost, WorkerLost]
        assert checked(session, "predict") == Returned(1)

    def test_patience_is_used_up_by_lateness_alone(self, opened):
        session = opened(self.CODE, call_seconds=0.3, impatient_seconds=0.1)
        reasons = [str(checked(session, name).reason) for name in ("loss", "update", "update")]
        for said, reason in zip(("exit code 1", "within 0.3 seconds", "within 0.1 seconds"), reasons, strict=True):
            assert said in reason

    def test_a_submission_has_so_much_time_in_all(self, opened):
        code = "import time\ndef loss():\n    time.sleep(0.3)\n    return 1\ndef predict(): return 1"
        session = opened(code, submission_seconds=1.0)
        answers = [checked(session, "loss") for _ in range(6)]
        assert answers[0] == Returned(1)
        assert isinstance(answers[-1], WorkerLost)
        assert "all functions together get 1 seconds" in str(checked(session, "predict").reason)

    def test_late_probes_use_up_patience_too(self, opened):
        session = opened("", call_seconds=-10.0)
        session.begin()
        with pytest.raises(ProbeFailed):
            session.probe("loader", [1.5])
        assert not session.is_patient

    def test_a_file_that_loads_only_once_costs_its_fresh_workers(self, opened):
        session = opened("def loss(): return 1")
        whole = session._submission
        session._submission = script("1 / 0")  # as a file that looks at the clock may do
        session.open_worker()
        lost = checked(session, "loss")
        assert isinstance(lost, WorkerLost)
        assert "not a second time" in str(lost.reason)
        session._submission = whole
        assert checked(session, "loss") == lost, "it answers all calls in that worker"
        session.open_worker()
        assert checked(session, "loss") == Returned(1)

    def test_exceptions_and_missing_functions_are_answers_and_no_losses(self, opened):
        session = opened("def loss(): raise ValueError\ndef predict(): return 1")
        session.begin()
        assert isinstance(session.call("loss", []), Raised)
        assert isinstance(session.call("update", []), NotCallable)
        assert session.call("predict", []) == Returned(1)


class TestProbes:
    def test_objects_are_made_and_read_in_the_worker(self, opened):
        session = opened("")
        session.begin()
        kept = session.probe("loader", [1.5, 2.5])
        assert kept.type_name == "DataLoader"
        assert session.probe("batches", kept) == [1.5, 2.5]

    @pytest.mark.parametrize("probe", ["nothing", "model", "parameters"])
    def test_what_cannot_be_made_or_read_fails_in_words(self, opened, probe):
        session = opened("")
        session.begin()
        with pytest.raises(ProbeFailed):
            session.probe(probe, 5)


def test_a_text_that_takes_long_keeps_nobody_waiting(fork_server):
    began = time.monotonic()
    lines = "".join(f"x{number} = {{}}\n" for number in range(1000))
    report = graded(fork_server, "exercise1", solved("exercise1", lines, 'y = f"' + "{x1}" * 20_000 + '"'))
    assert (scores(report), report.problem) == ({}, None)
    assert time.monotonic() - began < 60


def test_nothing_of_a_long_file_is_cut(fork_server):
    """A file mostly of comments lost every function behind its first hundred thousand characters."""
    text = "# why, at length and once more\n" * 60_000
    assert len(text) > 1_800_000
    report = graded(fork_server, "exercise1", script(text + solved("exercise1").cells[0].code))
    assert report.score == report.max_score
    many = "".join(f"def g{number}(): pass\n" for number in range(3000))
    assert scores(graded(fork_server, "exercise1", script(many + solved("exercise1").cells[0].code))) == {}
