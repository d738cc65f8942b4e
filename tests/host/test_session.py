"""One submission in its workers: which one a check's calls go to, and what it may see of earlier ones."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from places import KIT
from students import notebook, script

from autograder.authoring.catalog import find_exercise
from autograder.host.answers import Case, NotCallable, ProbeFailed, Question, Raised, Refusal, Returned, WorkerLost
from autograder.host.fork_server import ForkServer
from autograder.host.session import Session, Way
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


def refuse(question: Question) -> Any:
    raise Refusal("no")


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

    def test_a_notebook_is_whole_unless_a_cell_stopped(self, opened):
        assert opened(COUNTING).is_whole
        assert opened(notebook("x = 1", "y = 2")).is_whole
        assert not opened(notebook("x = 1", "1 / 0", "y = 2")).is_whole

    def test_a_file_that_stops_is_a_problem_with_its_place(self, opened):
        problem = opened("x = 1\nraise ValueError('no {braces}')\n").problem
        assert str(problem.text) == "ValueError: no {braces}"
        assert problem.lines == ("exercise1.py, line 2, in <module>: raise ValueError('no {braces}')",)

    def test_a_file_that_ends_its_process_is_a_problem(self, opened):
        assert "exit code 7" in str(opened("import os\nos._exit(7)").problem.text)

    def test_a_file_that_never_ends_is_a_problem(self, opened):
        assert "within 0.2 seconds" in str(opened("while True: pass", load_seconds=0.2).problem.text)

    def test_a_file_that_could_not_be_decoded_starts_no_worker(self):
        class NoTemplate:
            """Fails whoever asks it for anything."""

        problem = Problem(message("not UTF-8"))
        unreadable = Submission("", Path("exercise1.py"), "", (), problem=problem)
        session = Session(NoTemplate(), find_exercise(KIT, "exercise1"), unreadable, Limits())  # type: ignore[arg-type]
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


class TestWays:
    def test_a_call_before_a_check_begins_is_a_mistake_of_ours(self, opened):
        with pytest.raises(RuntimeError):
            opened(COUNTING).call("loss", [])

    def test_the_shared_worker_remembers_and_a_fresh_one_does_not(self, opened):
        session = opened(COUNTING)
        answers = []
        for way in (Way.SHARED, Way.SHARED, Way.ALONE, Way.COMPOSED, Way.SHARED):
            session.begin(way, "update", refuse)
            answers.append(session.call("loss", []).value)
            session.end()
        assert answers == [1, 2, 1, 1, 3]

    def test_a_worker_that_has_seen_hidden_cases_serves_no_visible_check(self, opened):
        session = opened(COUNTING)
        answers = []
        for hidden in (False, True, True, False, False):
            session.begin(Way.SHARED, "update", refuse, hidden=hidden)
            answers.append(session.call("loss", []).value)
            session.end()
        assert answers == [1, 2, 3, 1, 2]

    def test_a_worker_that_was_right_in_a_way_is_kept_for_that_way_and_function(self, opened):
        session = opened(COUNTING)
        answers = []
        for way, function, keep in (
            (Way.ALONE, "update", True),
            (Way.ALONE, "update", True),
            (Way.ALONE, "manual_gradients", True),
            (Way.COMPOSED, "update", True),
            (Way.ALONE, "update", False),
            (Way.ALONE, "update", False),
            (Way.SHARED, "update", False),
        ):
            session.begin(way, function, refuse)
            answers.append((session.call("loss", []).value, session.pristine))
            session.end(keep=keep)
        assert answers == [(1, True), (2, False), (1, True), (1, True), (3, False), (1, True), (1, True)]

    def test_nor_does_a_kept_one_that_has_seen_hidden_cases(self, opened):
        session = opened(COUNTING)
        answers = []
        for hidden in (False, True, True, False, False):
            session.begin(Way.HELPED, "predict", refuse, hidden=hidden)
            answers.append(session.call("loss", []).value)
            session.end(keep=True)
        assert answers == [1, 2, 3, 1, 2]

    def test_calls_that_nobody_waits_for_delay_no_other_check(self, opened):
        session = opened(COUNTING + "\ndef update(x):\n    while x > 1: pass\n    return x\n")
        session.begin(Way.SHARED, "update", refuse)
        assert next(session.calls("update", (Case((1,)), Case((2,))))) == Returned(1)
        session.end()
        began = time.monotonic()
        session.begin(Way.SHARED, "loss", refuse)
        assert time.monotonic() - began < 5
        assert session.call("loss", []).value == 1, "in a worker of its own, for the other one is in a loop"
        assert session.patient

    def test_pristine_tells_whether_anything_ran_before(self, opened):
        session = opened(COUNTING)
        session.begin(Way.SHARED, "update", refuse)
        assert session.pristine
        session.end()
        session.begin(Way.SHARED, "update", refuse)
        assert not session.pristine
        session.end()
        session.begin(Way.ALONE, "update", refuse)
        assert session.pristine

    def test_what_is_printed_belongs_to_its_check(self, opened):
        session = opened(COUNTING)
        printed = []
        for way in (Way.SHARED, Way.SHARED, Way.ALONE):
            session.begin(way, "update", refuse)
            session.call("loss", [])
            printed.append(session.end())
        assert printed == ["call 1\n", "call 2\n", "call 1\n"]

    def test_the_functions_above_are_those_of_the_table(self, opened):
        session = opened(COUNTING)
        assert session.above("predict") == []
        assert session.above("update") == ["predict", "loss", "manual_gradients"]

    def test_help_answers_the_functions_above_and_only_in_its_way(self, opened):
        session = opened(COUNTING)
        session.begin(Way.HELPED, "update", lambda question: 41.5)
        assert session.call("update", []) == Returned(41.5)
        assert session.questions == 1
        session.end()
        session.begin(Way.SHARED, "update", lambda question: 41.5)
        assert session.call("update", []) == Returned(1)
        assert session.questions == 0

    def test_nothing_is_answered_upwards_or_for_the_function_itself(self, opened):
        code = "def predict(): return loss()\ndef loss(): return update()\ndef update(): return 3"
        session = opened(code)
        session.begin(Way.HELPED, "loss", lambda question: 41.5)
        assert session.call("loss", []) == Returned(3)
        assert session.questions == 0

    def test_missing_functions_above_are_there_with_help(self, opened):
        session = opened("def update(): return loss(1, y=2)")
        seen = []
        session.begin(Way.HELPED, "update", lambda question: seen.append(question) or 5.0)
        assert session.call("update", []) == Returned(5.0)
        assert [(question.function, question.arguments, question.keywords) for question in seen] == [
            ("loss", [1], {"y": 2})
        ]


class TestLosses:
    CODE = "import os\ndef loss(): os._exit(1)\ndef predict(): return 1\ndef update():\n    while True: pass"

    def test_a_loss_answers_the_rest_of_its_check_and_no_other(self, opened):
        session = opened(self.CODE)
        session.begin(Way.SHARED, "loss", refuse)
        assert [type(session.call(name, [])) for name in ("predict", "loss", "predict")] == [
            Returned,
            WorkerLost,
            WorkerLost,
        ]
        session.end()
        session.begin(Way.SHARED, "predict", refuse)
        assert session.call("predict", []) == Returned(1)

    def test_patience_is_used_up_by_lateness_alone(self, opened):
        session = opened(self.CODE, call_seconds=0.3, impatient_seconds=0.1)

        def reason(function: str) -> str:
            session.begin(Way.SHARED, function, refuse)
            lost = session.call(function, [])
            session.end()
            return str(lost.reason)

        assert "exit code 1" in reason("loss")
        assert "within 0.3 seconds" in reason("update")
        assert "within 0.1 seconds" in reason("update")

    def test_a_submission_has_so_much_time_in_all(self, opened):
        code = "import time\ndef loss():\n    time.sleep(0.3)\n    return 1\ndef predict(): return 1"
        session = opened(code, submission_seconds=1.0)
        answers = []
        for _ in range(6):
            session.begin(Way.SHARED, "loss", refuse)
            answers.append(session.call("loss", []))
            session.end()
        assert answers[0] == Returned(1)
        assert isinstance(answers[-1], WorkerLost)
        session.begin(Way.SHARED, "predict", refuse)
        assert "all functions together get 1 seconds" in str(session.call("predict", []).reason)

    def test_late_probes_use_up_patience_too(self, opened):
        session = opened("", call_seconds=0.0)
        session.begin(Way.SHARED, "predict", refuse)
        with pytest.raises(ProbeFailed):
            session.probe("loader", [1.5])
        assert not session.patient

    def test_a_file_that_loads_only_once_costs_its_fresh_workers(self, opened):
        session = opened("def loss(): return 1")
        session._submission = script("1 / 0")  # as a file that looks at the clock may do
        session.begin(Way.ALONE, "loss", refuse)
        lost = session.call("loss", [])
        assert isinstance(lost, WorkerLost)
        assert "not a second time" in str(lost.reason)
        session.end()
        session.begin(Way.SHARED, "loss", refuse)
        assert session.call("loss", []) == Returned(1)

    def test_exceptions_and_missing_functions_are_answers_and_no_losses(self, opened):
        session = opened("def loss(): raise ValueError\ndef predict(): return 1")
        session.begin(Way.SHARED, "loss", refuse)
        assert isinstance(session.call("loss", []), Raised)
        assert isinstance(session.call("update", []), NotCallable)
        assert session.call("predict", []) == Returned(1)


class TestProbes:
    def test_objects_are_made_and_read_in_the_worker(self, opened):
        session = opened("")
        session.begin(Way.SHARED, "predict", refuse)
        kept = session.probe("loader", [1.5, 2.5])
        assert kept.type_name == "DataLoader"
        assert session.probe("batches", kept) == [1.5, 2.5]

    @pytest.mark.parametrize("probe", ["nothing", "model", "parameters"])
    def test_what_cannot_be_made_or_read_fails_in_words(self, opened, probe):
        session = opened("")
        session.begin(Way.SHARED, "predict", refuse)
        with pytest.raises(ProbeFailed):
            session.probe(probe, 5)
