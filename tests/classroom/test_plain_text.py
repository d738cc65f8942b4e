"""A page as text: what it says, without code that was handed in, styles and markup."""

from example_reports import WRONG

from autograder.classroom.plain_text import plain_text
from autograder.report import html


def test_a_page_says_the_same_as_text() -> None:
    text = plain_text(html.render(WRONG, with_source=True))
    assert text.startswith("exercise2 — Two layers, one factor")
    assert "\n✘ chain_rule_gradients" in text
    assert "\nyours 3.914\nexpected 6.262" in text
    assert "ask yourself: if a1 grows by a little ε" in text
    assert "what you handed in" not in text
    assert "{" not in text
    assert "\n\n" not in text


def test_markup_of_any_form_is_read() -> None:
    assert (
        plain_text("<p>a &lt;b&gt;</p><p>c<br>d</div><pre>  x\n   y</pre><style>p{}</style>e")
        == "a <b>\nc\nd\n  x\n   y\ne"
    )
    assert plain_text("") == ""
