import json

import pytest
from corpus import complete, losses_of, submission_of, text_of
from places import CORPUS

IMPORT, F, G = "import torch", "def f(x):\n    return x", "def g(x):\n    return f(x)"
OWN_IMPORTS, OWN_F, OWN_G = "import os\n\nN = 1", "def f(x):\n    return -x", "# mine\nclass g:\n    pass"
HELPER, TABLE, END = "def helper(x):\n    return 0", "TABLE = {'f': f}\nf = TABLE", "# the end"


@pytest.mark.parametrize(
    ("script", "without", "completed"),
    [
        ([IMPORT, F, G], [], [IMPORT, F, G]),
        ([OWN_F], [], [IMPORT, OWN_F, G]),
        ([OWN_G], [], [IMPORT, F, OWN_G]),
        ([OWN_G, OWN_F], [], [IMPORT, OWN_F, OWN_G]),
        ([OWN_IMPORTS, OWN_F], [], [OWN_IMPORTS, OWN_F, G]),
        ([OWN_IMPORTS, HELPER, OWN_G], [], [OWN_IMPORTS, HELPER, F, OWN_G]),
        ([HELPER, OWN_G], [], [IMPORT, F, HELPER, OWN_G]),
        ([OWN_F, TABLE, OWN_G], [], [IMPORT, OWN_F, TABLE, OWN_G]),
        ([OWN_F, TABLE, END], [], [IMPORT, OWN_F, G, TABLE, END]),
        ([HELPER], ["f"], [IMPORT, G, HELPER]),
        ([OWN_IMPORTS], ["f", "g"], [OWN_IMPORTS]),
    ],
)
def test_a_script_is_completed_by_what_it_does_not_say(
    script: list[str], without: list[str], completed: list[str]
) -> None:
    base = "\n\n\n".join([IMPORT, F, G]) + "\n"
    assert complete("\n\n\n".join(script) + "\n", base, without) == "\n\n\n".join(completed) + "\n"


def test_directives_are_not_handed_in() -> None:
    missing = text_of(CORPUS / "wrong" / "exercise2" / "forward_missing.py").decode()
    assert missing.startswith("# loses: forward\nimport torch\n\n\ndef vorwärts(")
    assert "def forward(" not in missing
    whole = text_of(CORPUS / "wrong" / "exercise1" / "unloadable_merge_conflict.py")
    assert b"# whole" not in whole
    assert whole.endswith(b">>>>>>> mine\n")


def test_what_stands_elsewhere_is_handed_in_as_it_is() -> None:
    for path in (*(CORPUS / "right").glob("*/*"), *(CORPUS / "by_hand").glob("*")):
        assert text_of(path) == path.read_bytes()


def test_a_notebook_is_made_deep_and_wide() -> None:
    path = CORPUS / "attacks" / "exercise1" / "odd_notebook_deep_and_wide.ipynb"
    notebook = json.loads(text_of(path))
    assert len(notebook["cells"]) == 2001
    assert json.dumps(notebook["metadata"]).count("[") == 301
    assert submission_of(path).is_notebook


@pytest.mark.parametrize(
    ("name", "losses"),
    [
        ("attacks/exercise1/odd_not_a_number.py", {"loss", "predict", "manual_gradients"}),
        ("attacks/exercise1/odd_notebook_deep_and_wide.ipynb", {"loss"}),
        ("attacks/exercise1/odd_right_values_from_a_hostile_file.py", set()),
        ("attacks/exercise1/deny_loop_at_import.py", {"predict", "loss", "manual_gradients", "update", "train_epoch"}),
    ],
)
def test_the_first_line_says_what_is_lost(name: str, losses: set[str]) -> None:
    assert losses_of(CORPUS / name) == losses
