"""What stands in a student's text, read before any of it is run: parsing may take long, and much memory."""

from __future__ import annotations

from autograder.submissions.definitions import definitions
from autograder.submissions.fingerprint import hashes_of
from autograder.worker import wire

LONGEST = 300  # characters of a name or of parameters, which a message shows


def text_read(cells: list[list[str]], *, with_fingerprint: bool) -> dict[str, wire.Value]:
    """Return what cells define, each name with line, parameters and whether it is unwritten; and their fingerprint."""
    codes = [code for _, code in cells]
    found = {name: each for code in codes for name, each in definitions(code).items()}
    return {
        "defined": [
            [name[:LONGEST], each.line, each.parameters[:LONGEST], each.unwritten] for name, each in found.items()
        ],
        "fingerprint": sorted(hashes_of(codes)) if with_fingerprint else [],
    }
