"""Where a student's text defines a function, and whether it is still as it was handed out: told by lines.

Only a worker may parse a stranger's text, which can take minutes and gigabytes; these patterns take a time that grows
with the text's length and no faster.
"""

import functools
import re

DEFINITION = re.compile(r"^(?:(?:async )?def |class )(\w+)|^(\w+)[ \t]*[:=](?!=)", re.MULTILINE)
FUNCTION = re.compile(r"(?:async )?def .*\n?(?:(?:[ \t#)].*)?\n)*+(?:[ \t#)].*)?")
# A body with nothing in it but perhaps a docstring, and what says so.
UNWRITTEN = re.compile(
    r'(?:[rR]?(?:"""(?:[^"]|"(?!""))*"""|\'\'\'(?:[^\']|\'(?!\'\'))*\'\'\'|"[^"\n]*"|\'[^\'\n]*\'))?\s*'
    r"(?:pass|\.\.\.)?\s*(?:raise NotImplementedError(?:\((?:[^()]|\([^()]*\))*\))?)?"
)


@functools.lru_cache(maxsize=1)  # a submission is asked about once for each function
def _starts(code: str) -> dict[str, int]:
    """Return where the last definition of each name at the left margin begins: functions, classes, assignments."""
    return {found[1] or found[2]: found.start() for found in DEFINITION.finditer(code)}


def _definition(code: str, name: str) -> re.Match[str] | None:
    """Return the last `def` of a name at the left margin, unless something else has taken the name since."""
    start = _starts(code).get(name)
    return None if start is None else FUNCTION.match(code, start)


def line_of(code: str, name: str) -> int | None:
    """Return the line of a name's last definition at the left margin."""
    start = _starts(code).get(name)
    return None if start is None else code.count("\n", 0, start) + 1


def text_of(code: str, name: str) -> str:
    """Return the text of a function's last definition at the left margin, '' where there is none."""
    found = _definition(code, name)
    return "" if found is None else found[0]


def span_of(code: str, name: str) -> tuple[int, int] | None:
    """Return from where to where the last `def` of a name stands, with its decorators and without what comes after.

    None where there is none at the left margin.
    """
    found = _definition(code, name)
    if found is None:
        return None
    start = found.start()
    lines = found[0].splitlines(keepends=True)
    while len(lines) > 1 and (not lines[-1].strip() or lines[-1].startswith("#")):
        lines.pop()  # the next cell's text
    above = code[:start].splitlines(keepends=True)
    while above and above[-1].startswith("@"):
        start -= len(above.pop())
    return start, found.start() + sum(map(len, lines))


def is_unwritten(code: str, function: str) -> bool:
    """Whether a function's last definition at the left margin does nothing but raise NotImplementedError, if that."""
    found = _definition(code, function)
    if found is None:
        return False
    if code.startswith("@", code.rfind("\n", 0, max(0, found.start() - 1)) + 1):
        return False  # decorated
    lines = [line for line in found[0].splitlines() if line.strip() and not line.lstrip().startswith("#")]
    ends = (index for index, line in enumerate(lines) if line.partition("  #")[0].rstrip().endswith(":"))
    header = next(ends, 0)  # where all stands in a line, that is what is done
    body = "\n".join(lines[header + 1 :]) or lines[0].rpartition(":")[2]
    return UNWRITTEN.fullmatch(body.strip()) is not None


def to_write(code: str) -> list[str]:
    """Return the functions at the left margin that say they are not written yet, in their order."""
    return [name for name in _starts(code) if "NotImplementedError" in text_of(code, name) and is_unwritten(code, name)]
