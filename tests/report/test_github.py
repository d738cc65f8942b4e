"""GitHub's annotations, log and job summary: what a runner obeys, and what Markdown makes of it."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pytest
from example_reports import ERRORED, NOTEBOOK, RIGHT, STUB, SUBMISSION, UNLOADABLE, VIOLATION, WRONG, check, report
from hostile_reports import ALL
from markdown_it import MarkdownIt

from autograder.exercise import HeldBack
from autograder.model import FunctionResult, Problem, Report, message
from autograder.report import github
from autograder.report.github import render, summary

TOKEN = "end-token-that-nobody-guesses"
ESCAPES = {"%0D": "\r", "%0A": "\n", "%3A": ":", "%2C": ",", "%25": "%"}


class Command(NamedTuple):
    name: str
    properties: dict[str, str]
    text: str


def unescaped(text: str) -> str:
    return re.sub("%(0D|0A|3A|2C|25)", lambda found: ESCAPES[found[0]], text)


def obeyed(printed: str) -> Iterator[Command]:
    """What the runner obeys: `::name key=value::text` at the start of a line, or an old `##[name …]text` anywhere."""
    waiting_for = ""
    for line in re.split(r"\r\n|\r|\n", printed):
        found = re.match(r"\s*::(?P<name>[^\s:]+)(?: (?P<properties>.*?))?::(?P<text>.*)", line)
        found = found or re.search(r"##\[(?P<name>[^\s\]]+)(?: (?P<properties>[^\]]*))?\](?P<text>.*)", line)
        if found is None:
            continue
        if waiting_for:
            waiting_for = "" if found["name"] == waiting_for else waiting_for
            continue
        if found["name"] == "stop-commands":
            waiting_for = found["text"]
            continue
        properties = dict(each.split("=", 1) for each in (found["properties"] or "").split(",") if each)
        yield Command(
            found["name"], {key: unescaped(value) for key, value in properties.items()}, unescaped(found["text"])
        )
    assert not waiting_for, "what the next step says would not be obeyed"


def commands(shown: Report, root: Path = Path()) -> list[Command]:
    return list(obeyed(render(shown, root=root, token=TOKEN)))


@pytest.mark.parametrize("name", ALL)
class TestEveryReport:
    def test_only_our_own_commands_are_obeyed(self, name):
        shown = ALL[name]
        *found, total = commands(shown)
        names = {
            f"{each.name}: {each.score} / {each.max_score}" for each in shown.functions if each.outcome != "passed"
        }
        titles = {"The file cannot be loaded"} if shown.problem else names
        assert {each.properties["title"] for each in found} == titles
        assert {each.name for each in found} <= {"error", "notice"}
        assert all(set(each.properties) <= {"file", "line", "title"} for each in found)
        assert total.properties == {"title": f"exercise2: {shown.score} / {shown.max_score} points"}

    def test_there_are_ten_at_most_and_none_is_cut(self, name):
        found = commands(ALL[name])
        assert 1 <= len(found) <= 10
        assert all(len(each.text) < 4096 for each in found)

    def test_nothing_that_a_log_would_obey(self, name):
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202e\ud800-\udfff]", render(ALL[name]))


def test_errors_stand_beside_the_functions_they_are_about():
    found = {each.properties["title"]: each for each in commands(WRONG)}
    assert list(found)[:2] == ["chain_rule_gradients: 0 / 10", "update: 0 / 2"]
    update = found["update: 0 / 2"]
    assert update.name == "error"
    assert update.properties["file"] == "kit/exercises/exercise2.py"
    assert update.properties["line"] == "81"
    assert update.text.startswith("✘ steps downhill\n  it raises KeyError: 'lr'\n  case      parameters: a1 = 0.8")
    assert found["collapse: 0 / 2"].name == "notice"
    assert found["exercise2: 11 / 30 points"].text.startswith(
        "Next: chain_rule_gradients, kit/exercises/exercise2.py:71"
    )


def test_errors_come_first_where_there_are_too_many():
    some = STUB.functions[0]
    many = tuple(replace(some, name=f"f{number}") for number in range(20))
    shown = replace(STUB, functions=(*many, FunctionResult("last", 0, 1, "failed", 5)))
    found = commands(shown)
    assert len(found) == 10
    assert found[0].properties["title"] == "last: 0 / 1"
    assert found[-1].properties["title"].startswith("exercise2: ")


def test_a_breach_of_the_rule_is_shown_on_its_own_line():
    assert commands(VIOLATION)[0].properties["line"] == "63"


@pytest.mark.parametrize(
    ("lines", "line"),
    [
        (UNLOADABLE.problem.lines, "3"),
        (("exercise2.py, line 84, in <module>: f()", "exercise2.py, line 7, in f: 1 / 0"), "7"),
        (("exercise2.py, line 84, in <module>: f()", "helpers.py, line 7, in f: 1 / 0"), "84"),
        ((), None),
        (("nothing of the kind",), None),
    ],
)
def test_a_file_that_does_not_load_is_marked_where_it_stopped(lines, line):
    shown = replace(UNLOADABLE, problem=Problem(message("SyntaxError: no"), lines))
    (found, _) = commands(shown)
    assert found.properties.get("line") == line
    assert found.text.startswith("SyntaxError: no")


def test_a_notebook_has_no_lines_and_a_file_elsewhere_no_place():
    assert "line" not in commands(NOTEBOOK)[0].properties
    assert commands(NOTEBOOK)[0].properties["file"] == "my work/exercise2.ipynb"
    elsewhere = replace(WRONG, submission=replace(SUBMISSION, path=Path("/elsewhere/exercise2.py")))
    assert set(commands(elsewhere, Path("/repo"))[0].properties) == {"title"}


def test_the_token_is_new_every_time():
    tokens = {re.search("::stop-commands::(.+)", render(RIGHT))[1] for _ in range(3)}
    assert len(tokens) == 3
    assert min(map(len, tokens)) >= 32


def test_the_log_is_the_text_report():
    assert "\n✘ chain_rule_gradients " in render(WRONG)
    assert "epoch 1: loss 20198330" in render(WRONG)


# The job summary


def tokens(markdown: str) -> list:
    found = MarkdownIt("commonmark", {"html": True}).enable("table").parse(markdown)
    return [part for token in found for part in (token, *(token.children or ()))]


OWN_HTML = re.compile(
    r"<details><summary>(?:\w+: \d+ / \d+|\w+: notes|The file as a whole, and what it printed)</summary>"
    r"|</details>|<sub>|</sub>"
)


@pytest.mark.parametrize("name", ALL)
class TestEverySummary:
    def test_its_markdown_is_ours(self, name):
        found = tokens(summary(ALL[name]))
        kinds = {token.type for token in found}
        assert not kinds & {"link_open", "image", "code_block", "blockquote_open", "bullet_list_open", "hr"}
        for token in found:
            if token.type in ("html_block", "html_inline"):
                assert OWN_HTML.sub("", token.content).strip() == ""
        assert sum(token.type == "table_open" for token in found) == 1
        assert {token.tag for token in found if token.type == "heading_open"} <= {"h2", "h3"}
        shown = ALL[name]
        expected = 1 + bool(shown.problem or any(each.outcome in ("failed", "errored") for each in shown.functions))
        assert sum(token.type == "heading_open" for token in found) == expected

    def test_what_opens_is_closed(self, name):
        found = [token.content for token in tokens(summary(ALL[name])) if token.type == "html_block"]
        assert sum(each.count("<details>") for each in found) == sum(each.count("</details>") for each in found)

    def test_it_is_far_below_a_mebibyte(self, name):
        assert len(summary(ALL[name]).encode()) < 200 << 10


def test_the_table_and_the_first_thing_to_fix():
    lines = summary(WRONG).split("\n")
    assert lines[0] == "## exercise2 — Two layers, one factor: 11 / 30"
    assert "| ✘ | `chain_rule_gradients` | 0 / 10 |" in lines
    assert "| | **all** | **11 / 30** |" in lines
    assert "**Next:** ` chain_rule_gradients, kit/exercises/exercise2.py:71 `  " in lines
    assert lines.index("### chain_rule_gradients: 0 / 10") < lines.index("<details><summary>update: 0 / 2</summary>")


def test_code_stays_code_whatever_backticks_it_has():
    text = "a ``` b ```` c\n`````\n```text"
    shown = report(check("forward", "failed", points=3, message=message("{text}", text=text)), printed=text)
    fences = [token for token in tokens(summary(shown)) if token.type == "fence"]
    assert len(fences) == 2
    for fence in fences:
        assert "`````" in fence.content
    (path,) = [
        token.content
        for token in tokens(summary(replace(WRONG, submission=replace(SUBMISSION, path=Path("a`b``c <b>.py")))))
        if token.type == "code_inline" and ":71" in token.content
    ]
    assert path == "chain_rule_gradients, a`b``c <b>.py:71"


def test_a_summary_that_would_be_too_long_ends_with_a_line_that_says_so(monkeypatch):
    monkeypatch.setattr(github, "LARGEST", 900)
    shown = summary(WRONG)
    assert len(shown.encode()) < 1000
    assert shown.endswith("_The rest is too long to be shown here._\n")
    assert "| | **all** | **11 / 30** |" in shown


def test_what_happened_to_the_grader_and_to_a_file_that_does_not_load_is_said():
    assert "its fault and not yours" in summary(ERRORED)
    assert "### The file cannot be loaded" in summary(UNLOADABLE)
    assert "SyntaxError: '(' was never closed" in summary(UNLOADABLE)


def test_where_hidden_checks_are_left_out_nobody_is_told_that_all_is_done():
    name = RIGHT.functions[0].name
    there = replace(RIGHT, exercise=replace(RIGHT.exercise, at_hand_in=((name, HeldBack(1, 4)),)))
    said = f"they hold 4 of the {RIGHT.max_score + 4} points"
    assert said in summary(there)
    total = next(line for line in render(there, token=TOKEN).splitlines() if line.startswith("::notice"))
    assert said in unescaped(total)
    assert "they hold" not in summary(RIGHT) + render(RIGHT, token=TOKEN)
