"""What Tab offers; click asks for it by an environment variable."""

from click.shell_completion import BashComplete

from autograder.cli.grade import command


def offered(arguments, begun):
    complete = BashComplete(command, {}, "grade", "_GRADE_COMPLETE")
    return [item.value for item in complete.get_completions(arguments, begun)]


def test_names_of_exercises_and_of_their_functions(kit):
    assert offered([], "ex") == ["exercise1", "exercise2"]
    assert offered(["2", "--hint"], "") == ["forward", "loss"]
    assert offered(["exercise2", "--function"], "l") == ["loss"]
    assert offered(["exercise1", "--reset"], "") == ["exercise1", "forward", "loss"]
    assert offered(["--reset"], "") == ["exercise1", "exercise2"]


def test_where_nothing_is_known_nothing_is_offered(kit):
    assert offered(["exercise9", "--hint"], "") == []
    assert offered([], "./my") == ["./my"]  # the shell's own completion of files
