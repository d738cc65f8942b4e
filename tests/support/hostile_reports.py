"""Reports in which a student has written what a reader of some format could take for its own."""

from dataclasses import replace
from pathlib import Path

from example_reports import EXAMPLES, SUBMISSION, check, report

from autograder.model import Evidence, Problem, Report, Violation, WrongPart, message

TEXTS = {
    "workflow": "::error file=x.py,line=1::gotcha\n::set-output name=score::30\n  ::stop-commands::x\n##[add-mask]a"
    "\r\n::x::\n ##[set-output name=score]30",
    "rows": "x\n✔ forward      3 / 3\n| ✔ | `forward` | 3 / 3 |\nexercise2 — Two layers, one factor     30 / 30",
    "end": "::end-token::\n::notice::30 / 30\n%0A::error::gotcha%25",
    "xml": "]]></failure></testcase><testcase name='x' classname='y'/>\ufffe\uffff\x00\x0b"
    "&amp;<!DOCTYPE a [<!ENTITY b 'c'>]>",
    "attachment": "[[ATTACHMENT|/etc/passwd]] [[attachment|x]]",
    "html": "</pre></code></details><script>alert(1)</script><img src=x onerror=alert(1)><!--",
    "markdown": "```\n````\n~~~\n</details>\n# 30 / 30\n| a | b |\n|---|---|\n"
    "![x](http://x.invalid/y.png) [a](b) `x` ``",
    "json": '"}], "score": 30, "tests": [{"\\u0022\udfff\u2028',
    "terminal": "\x1b[31m\x1b]8;;http://x.invalid\x07\x1b[2J\r\b\x9b1m\u202e30 / 30",
    "braces": "{x} {0} %s %(x)s {{ y }} {% z %} $HOME `id` $(id)",
    "long": "y" * 50_000 + "\n" + "z\n" * 5000,
    "mime": "--\n\n\n\t\n \n",
}


def hostile(text: str) -> Report:
    """A report in which all that a student has a hand in is this text."""
    return report(
        check(
            "forward",
            "failed",
            points=3,
            message=message("it raises {text}", text=text),
            notes=(message("{text}", text=text),),
            evidence=Evidence(
                ((text, text),) * 3, (WrongPart(text, text, text),) * 2, text, (text,) * 3, (text,), text
            ),
        ),
        check("loss", "passed", points=2, notes=(message("{text}", text=text),)),
        check("update", "failed", points=2, message=message("{text}", text=text), evidence=Evidence()),
        check("train_step", "blocked", points=5, message=message("{text}", text=text)),
        check("collapse", "failed", points=2, visibility="hidden", message=message("{text}", text=text)),
        violations=(
            Violation("by-hand", "update", 7, message("{text}", text=text)),
            Violation("by-hand", "helper", 1, message("{text}", text=text)),
        ),
        notes=(Problem(message("{text}", text=text), (text,) * 3),) * 3,
        submission=replace(SUBMISSION, path=Path(text.replace("\x00", "")), student=text),
        printed=text * 20,
    )


def unloadable(text: str) -> Report:
    """A report on a file that could not be loaded, for a reason that the student wrote."""
    problem = Problem(message("{text}", text=text), (text, text, "  ^"))
    return replace(EXAMPLES["all_failed"], problem=problem, printed=text, submission=hostile(text).submission)


HOSTILE = {name: hostile(text) for name, text in TEXTS.items()} | {
    f"unloadable_{name}": unloadable(text) for name, text in TEXTS.items()
}
"""By name; `EXAMPLES` and these together are `ALL`."""
ALL = EXAMPLES | {f"hostile_{name}": value for name, value in HOSTILE.items()}
