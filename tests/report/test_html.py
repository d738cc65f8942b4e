"""The HTML page: what it says, that it needs nothing from outside, and that nothing of a student's becomes markup."""

import base64
import dataclasses
import html as markup
import itertools
import re
import shutil
import subprocess
from decimal import Decimal
from pathlib import Path

import pytest
from example_reports import EXAMPLES, HOSTILE, RIGHT, STUB, UNLOADABLE, UPCOMING, WRONG, check, report
from pages import EVIL, Page, luminance
from places import KIT

from autograder.cli import grade
from autograder.model import Cell, CountedScore, Evidence, Problem, Report, Revealed, RevealedPart, WrongPart, message
from autograder.report import html, text, words
from autograder.report.plots import Panel
from autograder.report.plots.formulas import Formula

CHROMIUM = shutil.which("chromium")
PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><style>*{fill:red}</style><path d="M0 0"/></svg>'
FORMULAS = {
    "loss": (Formula("a < b", '<svg viewBox="0 0 1 1"><path d=""/></svg>', "a below b"), Formula(r"\odd < x", "", ""))
}


def page_of(shown: Report) -> Page:
    return Page(html.render(shown, formulas=FORMULAS, pictures=[Panel(PICTURE, "a line <up>")], upcoming=UPCOMING))


def said(shown: str) -> str:
    """Text as one line, without the marks around code."""
    return " ".join(shown.replace("`", "").split())


def tokens(shown: str) -> set[str]:
    return set(re.findall(r"[^\s:=,()`✔✘·!│—]+", shown))


@pytest.mark.parametrize("name", EXAMPLES)
class TestEveryPage:
    def test_it_is_whole_and_in_order(self, name):
        page = page_of(EXAMPLES[name])
        levels = [int(tag[1]) for tag in page.names if re.fullmatch("h[1-6]", tag)]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
        assert page.values("lang") == ["en"]
        assert html.render(EXAMPLES[name]).lstrip().startswith("<!doctype html>\n<html")
        assert len(set(page.values("id"))) == len(page.values("id"))

    def test_it_needs_nothing_from_outside(self, name):
        page = page_of(EXAMPLES[name])
        assert not {"script", "iframe", "object", "embed", "form", "base"} & set(page.names)
        assert all(value.startswith("data:") for value in page.values("src") + page.values("href"))
        assert not [key for key, _ in page.attributes if key.startswith("on") or "://" in dict(page.attributes)[key]]
        style = re.search("<style>(.*?)</style>", html.render(EXAMPLES[name]), re.DOTALL)[1]
        assert "url(" not in style
        assert "@import" not in style
        assert any(policy.startswith("default-src 'none';") for policy in page.values("content"))

    def test_it_has_nothing_a_reader_cannot_see(self, name):
        page = html.render(EXAMPLES[name])
        assert page.encode()  # no lone surrogate
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]", page)


@pytest.mark.parametrize("name", sorted(EXAMPLES.keys() - {"hostile"}))  # whose long lines are cut at other places
def test_it_says_what_the_terminal_says(name):
    terminal = text.render(EXAMPLES[name], width=2000, color=False, upcoming=UPCOMING, in_full=True)
    unsaid = tokens(terminal) - tokens(page_of(EXAMPLES[name]).text)
    assert unsaid <= {"case"}


def test_what_the_page_says_of_a_wrong_function_in_full():
    shown = said(page_of(WRONG).text)
    start, end = shown.index("✘chain_rule_gradients"), shown.index("✘update")
    assert shown[start:end].strip() == (
        "✘chain_rule_gradients 0 / 10"
        " ✔returns both gradients"
        " ✘carries the error back through layer two"
        " b1 is right; a1 is wrong"
        " parameters a1 = 0.8, b1 = -0.3, a2 = 1.6, b2 = 0.25"
        " x [0.5, -1.2, 2] y_pred [0.41, -1.766, 2.33] y [1, 0.5, -0.25]"
        " a1 yours 3.914 expected 6.262 (torch autograd)"
        " ask yourself: if a1 grows by a little ε, g grows by x·ε. By how much does ŷ grow?"
    )
    assert "at exercise2.py, line 84, in update: rate = learning_rates['lr']" in shown


def test_what_a_function_waits_for_is_set_as_code():
    waiting = report(check("update", "blocked", points=2, message=message("first `loss`, which it calls")))
    assert '<span class="remark">— first <code>loss</code>, which it calls</span>' in html.render(waiting)


def test_functions_come_in_the_order_of_the_exercise():
    shown = page_of(WRONG).text
    places = [
        shown.index(f"{mark}{name}") for mark, name in zip("✔✔✔✘✘··", dict(WRONG.exercise.functions), strict=True)
    ]
    assert places == sorted(places)


def test_a_fresh_stub_is_greeted_and_calm():
    shown = page_of(STUB).text
    assert words.WELCOME in shown
    assert "✘" not in shown
    assert "not written yet" not in shown


def test_a_students_text_is_never_markup():
    evidence = Evidence(((EVIL, EVIL),), (WrongPart(EVIL, EVIL, EVIL),), EVIL, (EVIL,), (EVIL,), EVIL)
    failed = check("forward", "failed", points=3, message=message("{text}", text=EVIL), evidence=evidence)
    submission = dataclasses.replace(HOSTILE.submission, student=EVIL, path=Path(EVIL))
    shown = report(failed, submission=submission, printed=f"{EVIL}\n", notes=HOSTILE.notes)
    page = Page(html.render(shown))
    assert not {"script", "img"} & set(page.names)
    assert "49" not in page.text
    # Path, student, message, part that is right, name, value, name, yours, expected, oracle, Python's words, line,
    # printed; three next steps.
    assert page.text.count("alert(1)") == 16


def test_a_mark_that_reverses_letters_is_shown_by_name():
    shown = dataclasses.replace(RIGHT, printed="user\u202e txt.exe\u2066\n")
    assert "user⟨U+202E⟩ txt.exe⟨U+2066⟩" in page_of(shown).text


def test_code_in_a_sentence_is_set_as_code_and_a_lone_backtick_is_kept():
    hinted = check("loss", "failed", "puts `<a>` before `b`", points=2, message=message("an odd ` one"))
    page = html.render(report(hinted))
    assert "puts <code>&lt;a&gt;</code> before <code>b</code>" in page
    assert "an odd ` one" in page


def test_what_is_long_is_folded_and_whole():
    long = "it raises ValueError: " + "A" * 900
    page = Page(html.render(report(check("loss", "failed", points=2, message=message(long)))))
    assert page.names.count("details") == 1
    assert long in page.text


def test_the_picture_stays_an_image():
    page = page_of(RIGHT)
    (source,) = page.values("src")
    assert page.values("alt") == ["a line <up>"]
    assert base64.b64decode(source.removeprefix("data:image/svg+xml;base64,")).decode() == PICTURE
    assert "img" not in Page(html.render(RIGHT)).names


def test_formulas_are_put_in_with_their_source():
    page = html.render(RIGHT, formulas=FORMULAS)
    assert '<span role="img" aria-label="a below b"><svg viewBox="0 0 1 1">' in page
    assert r"<code>\odd &lt; x</code>" in page


def test_what_is_wrong_or_not_written_does_not_show_its_formula_at_once():
    for example in (WRONG, STUB):
        named = {function.name: function.outcome for function in example.functions}
        page = html.render(example, formulas=dict.fromkeys(named, FORMULAS["loss"]))
        folded = re.findall(r"<summary class=\"quiet\">the formulas</summary>", page)
        assert len(folded) == sum(outcome != "passed" for outcome in named.values())


CODE = """import torch


def loss(a,
         b
):
    # half

    return a - b


# %% [markdown]
# next
print(1)
"""


@pytest.mark.parametrize(
    ("code", "line", "shown"),
    [
        (CODE, 4, "  4  def loss(a,\n  5           b\n  6  ):\n  7      # half\n  8  \n  9      return a - b"),
        (CODE, None, "def loss(a,\n         b\n):\n    # half\n\n    return a - b"),
        (CODE.replace("loss", "lossy"), None, ""),
        ("def loss(): return 1\n\ndef loss(): return 2\n# later\n", 3, "  3  def loss(): return 2"),
        ("def loss():\n" + "    a = 1\n" * 90, None, "\n".join(["def loss():", *["    a = 1"] * 39, "…"])),
    ],
)
def test_ones_own_code_is_shown(code: str, line: int | None, shown: str) -> None:
    wrong = report(check("loss", "failed", points=2))
    submission = dataclasses.replace(wrong.submission, cells=(Cell("", code), Cell("", "a = 1")))
    function = next(each for each in wrong.functions if each.name == "loss")
    found = words.own_code(dataclasses.replace(wrong, submission=submission), dataclasses.replace(function, line=line))
    assert [each.rstrip() for each in found] == [each.rstrip() for each in shown.split("\n") if shown]


def test_code_stands_beside_what_failed():
    wrong = report(check("loss", "failed", points=2))
    submission = dataclasses.replace(wrong.submission, cells=(Cell("", "def loss():\n    return '<b>'\n"),))
    page = html.render(dataclasses.replace(wrong, submission=submission))
    assert "return &#39;&lt;b&gt;&#39;</pre>" in page
    assert '<div class="beside">' in page
    assert '<div class="beside">' not in html.render(RIGHT)


def test_a_formula_of_an_edited_stub_is_harmless():
    edited = {"loss": (Formula("a", "<svg></svg>", "a\u202e<b>\x1b[31m"), Formula("c\u202e<d>\x07", "", ""))}
    page = Page(html.render(RIGHT, formulas=edited))
    assert "a⟨U+202E⟩<b>" in page.values("aria-label")
    assert "c⟨U+202E⟩<d>" in page.text
    assert "\x07" not in page.text


def test_every_theme_has_enough_contrast_and_paper_has_all_colours_of_its_own():
    roots = re.findall(r":root \{(.*?)\}", html.render(RIGHT), re.DOTALL)
    themes = [dict(re.findall(r"--(\w+): (#\w+)", root)) for root in roots]
    assert len(themes) == 3  # light, dark, paper
    for theme in themes:
        assert theme.keys() == themes[0].keys()
        for paper in ("page", "card", "code"):
            for ink in ("ink", "quiet", "right", "wrong", "ask"):
                dark, light = sorted((luminance(theme[paper]), luminance(theme[ink])))
                assert (light + 0.05) / (dark + 0.05) >= 4.5, (paper, ink)


@pytest.mark.system
def test_grade_writes_the_page_with_picture_and_formulas(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("platformdirs.user_state_dir", lambda name: str(tmp_path / name))
    monkeypatch.chdir(KIT)
    written = tmp_path / "report.html"
    assert grade.run(["exercise2", "solutions/exercise2.py", "--format", "html", "--output", str(written)]) == 0
    page = Page(written.read_text(encoding="utf-8"))
    assert page.names.count("svg") > 5
    pictures = [base64.b64decode(source.partition(",")[2]).decode() for source in page.values("src")]
    assert len(pictures) == 4  # which stack where there is no room beside each other
    assert all(picture.startswith("<svg") for picture in pictures)
    assert "The way down, b₁ = 0 and b₂ = 10 held fixed" in page.values("alt")[2]


WIDE = "W" * 290
WIDE_REPORT = report(
    check(
        "loss",
        "failed",
        points=2,
        message=message(WIDE),
        evidence=Evidence(((WIDE, WIDE),), (WrongPart(WIDE, WIDE, WIDE),), WIDE, (WIDE,), (WIDE,), WIDE),
        notes=(message(WIDE),),
    ),
    submission=dataclasses.replace(HOSTILE.submission, student=WIDE, path=Path(WIDE), cells=(Cell(WIDE, WIDE),) * 2),
    notes=(Problem(message(WIDE), (WIDE,)),),
    printed=WIDE,
)
SHOWN = {"wrong": WRONG, "hostile": HOSTILE, "unloadable": UNLOADABLE, "wide": WIDE_REPORT}
MEASURE = """
onload = () => {
  for (const frame of document.querySelectorAll("iframe"))
    for (const folded of frame.contentDocument.querySelectorAll("details")) folded.open = true;
  const wide = [...document.querySelectorAll("iframe")].map(
    (frame) => frame.contentDocument.documentElement).map((page) => page.scrollWidth - page.clientWidth);
  document.body.replaceChildren("too wide by " + wide.join(" and "));
};
"""


@pytest.mark.system
@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
@pytest.mark.parametrize("name", SHOWN)
def test_a_browser_shows_it_without_complaint_and_no_wider_than_the_window(name: str, tmp_path: Path) -> None:
    long = {
        "loss": (*FORMULAS["loss"], Formula(WIDE, "", ""), Formula("", '<svg style="width:99em;height:1em"></svg>', ""))
    }
    page = markup.escape(
        html.render(SHOWN[name], formulas=long, pictures=[Panel(PICTURE, "a line <up>")], with_source=True)
    )
    frames = "".join(f'<iframe width="{width}" height="900" srcdoc="{page}"></iframe>' for width in (400, 1200))
    harness = tmp_path / "harness.html"
    harness.write_text(f'<meta charset="utf-8"><body>{frames}<script>{MEASURE}</script>', encoding="utf-8")
    quiet = "--headless --no-sandbox --disable-gpu --disable-background-networking --disable-component-update"
    more = "--disable-sync --no-first-run --enable-logging=stderr --v=0 --dump-dom"
    options = [*quiet.split(), *more.split(), f"--user-data-dir={tmp_path / 'profile'}"]
    done = subprocess.run([str(CHROMIUM), *options, harness.as_uri()], capture_output=True, text=True, check=True)
    assert "too wide by 0 and 0" in done.stdout
    assert "CONSOLE" not in done.stderr


def test_what_lateness_took_stands_below_the_score_that_counts():
    page = html.render(RIGHT)
    late = html.with_lateness(page, CountedScore(30, Decimal("27.5"), 5400), 30)
    assert "<title>exercise2: 27.5 / 30</title>" in late
    assert said(Page(late).text).count("27.5 / 30") == 1 + 1
    assert "30 points earned; handed in 1.5 hours late, which takes 2.5: 27.5 count" in Page(late).text
    assert 'aria-label="27.5 of 30 points"' in late
    assert "width:91.7%" in late
    assert html.with_lateness(page, CountedScore(30, Decimal(30), 0.0), 30) == page
    free = html.with_lateness(page, CountedScore(30, Decimal(30), 3600), 30)
    assert "handed in 1 hour late, which takes nothing" in free


def test_a_hidden_check_in_full_is_escaped_bounded_and_for_instructors_alone():
    evil = "<script>alert(1)</script>\x1b[31m" + "x" * 5000
    said = Revealed(
        message("{text}", text=evil), ((evil, evil),), (RevealedPart(*[evil] * 4),), evil, "oracle", (evil,), evil
    )
    checks = tuple(dataclasses.replace(each, revealed=said) for each in WRONG.checks if each.outcome == "failed")
    shown = html.render(dataclasses.replace(WRONG, checks=checks), reveal=True)
    assert "&lt;script&gt;alert" in shown
    assert not [found for found in ("<script", "\x1b", "x" * 1001) if found in shown]
    assert "alert(1)" not in html.render(dataclasses.replace(WRONG, checks=checks))
