"""Names of files: what students are called safely, and what is only litter."""

from urllib.parse import unquote

import pytest

from autograder.classroom.names import fault, file_stem, is_litter, printable, tidy

ORDINARY = ["alice", "doejane_12345", "Jane Doe_12345", "李小龙", "Doe, Jane", "jöhn", "a.b@c.edu", "O'Brien", "a-b"]


@pytest.mark.parametrize("name", [*ORDINARY, "x" * 180])
def test_ordinary_names_are_kept(name):
    assert file_stem(name) == name


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("..", "%2E%2E"),
        (".", "%2E"),
        (".hidden", "%2Ehidden"),
        ("-rf", "%2Drf"),
        (" x ", "%20x%20"),
        ("x.", "x%2E"),
        ("a/b", "a%2Fb"),
        ("a\\b", "a%5Cb"),
        ("50%", "50%25"),
        ("%2F", "%252F"),
        ("a\nb", "a%0Ab"),
        ("a\0b", "a%00b"),
        ("CON", "%43ON"),
        ("aux.x", "%61ux.x"),
        ("com1", "%63om1"),
        ("console", "console"),
        ('"<>|?*:', "%22%3C%3E%7C%3F%2A%3A"),
        ("a\u202eb", "a%E2%80%AEb"),
        ("a\udcffb", "a%ED%B3%BFb"),
    ],
)
def test_unsafe_names_are_encoded_as_in_a_url(name, stem):
    assert file_stem(name) == stem
    assert unquote(stem, errors="surrogatepass") == name


NASTY = ["", "a/b", "a%2Fb", "%", "%" * 60, "%" * 61, "%-", "~", "nul", "NUL.", "\n" * 500]
NASTY += ["x" * 181, "x" * 182, "字" * 60, "字" * 61, "字" * 80]


def test_no_two_names_share_a_file_and_all_can_be_written(tmp_path):
    stems = [file_stem(name) for name in NASTY]
    assert len({stem.lower() for stem in stems}) == len(NASTY)
    for stem in stems:
        assert len(f".{stem}.json.1234567.new".encode()) <= 255
        (tmp_path / f"{stem}.json").write_text("")
    assert len(list(tmp_path.iterdir())) == len(NASTY)


@pytest.mark.parametrize(
    ("name", "is_ours"),
    [(".git", False), ("._alice.py", False), (".alice.py", True), ("README.md", False), ("readmeyer.py", True),
     ("alice.py~", False), ("Thumbs.db", False), ("exercise2", True)],
)  # fmt: skip
def test_litter(name, is_ours):
    assert is_litter(name) != is_ours


@pytest.mark.parametrize(
    ("name", "shown", "says"),
    [
        ("Jane O'Brien", "Jane O'Brien", ""),
        ("می\u200cخواهم", "می\\u200cخواهم", ""),
        (".x", ".x", "is hidden"),
        ("a\nb", "a\\nb", "control character"),
        ("a\u202eb", "a\\u202eb", "control character"),
        ("m\udcfc", "m\\udcfc", "not UTF-8"),
    ],
)
def test_a_name_that_no_report_can_carry_has_a_reason_and_all_can_be_shown(name, shown, says):
    assert printable(name) == shown
    assert says in fault(name)
    assert bool(fault(name)) == bool(says)


def test_accents_are_written_in_one_way():
    assert tidy(" jo\u0308hn ") == "j\u00f6hn"
