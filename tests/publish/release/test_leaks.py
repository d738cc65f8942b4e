"""Each kind of leak is found when it is planted."""

import json
from pathlib import PurePosixPath

import pytest
from places import KIT

from autograder.errors import UserError
from autograder.publish import audit
from autograder.publish.release import contents, release
from autograder.publish.release.leaks import find_leaks


@pytest.fixture(scope="module")
def files() -> contents.Files:
    return contents.compose(KIT)


@pytest.fixture(scope="module")
def few(files: contents.Files) -> contents.Files:
    """The files that say what is no secret: what is planted beside them is looked for in no other."""
    return {path: data for path, data in files.items() if path.match("exercises/*.py") or path.match("in_worker/*")}


def test_the_kit_has_none(files):
    assert find_leaks(files, KIT) == []


@pytest.mark.parametrize(
    ("path", "text", "said"),
    [
        ("README.md", "so write\n  return torch.sum((y_pred - y) ** 2) / 2\n", "a line of solutions/"),
        ("autograder/report/plots/panels.py", 'a = parameters["a1"] * parameters["a2"]', "of solutions/exercise2.py"),
        ("autograder/grading/cases.py", "# as for check_predict_any_size\n", "the name of a hidden check"),
        ("autograder/report/words.py", "return summed(((Y_pred - Y) ** 2 / 2).flatten())", "of autograder/checks/exer"),
        ("autograder/report/words.py", "def predict(parameters, x): ...", "defines predict, which exercise1 asks for"),
        ("autograder/files.py", "class A:\n  def loss(self, Y): ...", "defines loss, which exercise4 asks for"),
        ("autograder/checks/exercise1.py", "", "not on the list"),
        ("autograder/mistakes/exercise1.py", "", "not on the list"),
        ("autograder/publish/audit.py", "", "not on the list"),
        ("autograder/worker/deep/er.py", "", "not on the list"),
        ("solutions/exercise1.py", "", "not on the list"),
        ("autograder/checks/__pycache__/exercise1.cpython-311.pyc", "", "not on the list"),
        ("datasets/answers.zip", "", "not on the list"),
        ("datasets/line.csv", "PK\3\4\0\0", "neither UTF-8 text nor a picture"),
    ],
)  # fmt: skip
def test_a_planted_one_is_found(few, path, text, said):
    assert any(said in found for found in find_leaks({**few, PurePosixPath(path): text.encode()}, KIT))


def test_one_inside_a_notebook_is_found(files, few):
    path = PurePosixPath("exercises/exercise1.ipynb")
    notebook = json.loads(files[path])
    notebook["cells"][3]["source"] = ['    return parameters["a"] * x +', ' parameters["b"]']
    assert find_leaks({**few, path: json.dumps(notebook).encode()}, KIT) == []
    notebook["cells"][3]["source"] = ['    return parameters["a"] * x + parameters["b"]']
    [found] = find_leaks({**few, path: json.dumps(notebook).encode()}, KIT)
    assert "exercises/exercise1.ipynb: holds a line of solutions/exercise1.py" in found


def test_a_release_that_would_leak_is_not_written(tmp_path, monkeypatch):
    monkeypatch.setattr(contents, "DATASETS", (*contents.DATASETS, "../solutions/*.py"))
    with pytest.raises(UserError, match=r"solutions/exercise1.py: .*and \d+ more"):
        release(KIT, tmp_path / "kit")
    assert list(tmp_path.iterdir()) == []


def test_the_audit_says_so(monkeypatch):
    monkeypatch.setattr(contents, "DATASETS", (*contents.DATASETS, "../solutions/*.py"))
    findings = audit.audit(KIT, [])
    next(findings)
    assert str(next(findings)).startswith("fault  kit: datasets/../solutions/exercise1.py: ")
