"""A command's standard streams: reports go to one, lines about errors to the other; either may be closed or full."""

import os
import sys
from contextlib import suppress

import click

from autograder.errors import UserError


def open_closed() -> None:
    """Give a closed stream's number to the null device, or a pipe of ours would get it and be taken for the stream."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # gets the lowest number that is free


def show(text: str) -> bool:
    """Print to standard output; False where its reader has gone (`grade … | head -1`), who has seen enough."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        drop_output()
        return False
    except OSError as error:
        raise unprintable(error) from None
    return True


def unprintable(error: OSError) -> UserError:
    """Return what to tell the user where standard output takes no more."""
    drop_output()
    return UserError(
        f"standard output cannot be written ({error.strerror}); make room, or write the report to a file with --output"
    )


def drop_output() -> None:
    """Let what is still to be printed go nowhere, or Python's own flush at exit would fail too."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def tell(name: str, text: str) -> None:
    """Print one line of the command of that name on standard error, whatever the text holds."""
    line = "".join(char if char.isprintable() else "?" for char in " ".join(text.split()))
    with suppress(OSError):
        click.echo(f"{name}: {line}", err=True)
