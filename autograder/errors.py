"""What the kit raises at the people who run it; never about a student's code, which gets a report instead."""


class UserError(Exception):
    """Unusable input or usage: the command line prints it as one line and exits with 2."""


class GraderError(Exception):
    """The grader's own fault: the command line prints it and exits with 3."""


class AuthorError(GraderError):
    """What an exercise's author has written and nobody can use: a line that says what to write; exits with 2."""
