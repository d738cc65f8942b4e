"""A course that runs on the real nbgrader, and a class whose notebooks hold all sorts of things."""

import json
import logging
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import Any

import hostile_notebook

EXERCISE = "exercise2"
Notebook = dict[str, Any]


def run(root: Path, *arguments: str, exit_code: int = 0) -> str:
    """Run an nbgrader command in the course folder and return what it logged."""
    from jupyter_core.application import NoStart
    from nbgrader.apps import NbGraderApp

    said, code = StringIO(), 0
    app = NbGraderApp.instance()
    with _inside(root):
        try:
            app.initialize(list(arguments))
            app.init_logging(logging.StreamHandler, [said], color=False, subapps=True)
            app.start()
        except NoStart:  # of an app that only had a subcommand to run
            pass
        except SystemExit as exit_:
            code = exit_.code or 0
        finally:
            text = said.getvalue()
            app.reset()
            NbGraderApp.clear_instance()
    assert code == exit_code, text
    return text


@contextmanager
def _inside(root: Path) -> Iterator[None]:
    before, path, environment = Path.cwd(), list(sys.path), dict(os.environ)
    os.chdir(root)
    # nbgrader calls `alembic`, which lies beside the interpreter; a student's cache is not ours to fill.
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    os.environ["JUPYTER_DATA_DIR"] = str(root / "jupyter")
    try:
        yield
    finally:
        os.chdir(before)
        sys.path[:] = path
        os.environ.clear()
        os.environ.update(environment)


def read(path: Path) -> Notebook:
    return json.loads(path.read_text(encoding="utf-8"))


def cell(notebook: Notebook, name: str) -> dict[str, Any]:
    return next(each for each in notebook["cells"] if each.get("id") == name)


def text(code: dict[str, Any]) -> str:
    return "".join(code["source"])


class Class:
    """The submissions of a class; each method takes the notebook as it was fetched and returns what is handed in."""

    def __init__(self, source: Notebook, other: Notebook) -> None:
        self._solutions = {each["id"]: text(each) for each in source["cells"] if each["cell_type"] == "code"}
        self._other = other

    def all(self, fetched: Notebook) -> Iterator[tuple[str, bytes]]:
        """Yield each student's name and file."""
        for name, make in self._students().items():
            made = make(json.loads(json.dumps(fetched)))
            yield name, made if isinstance(made, bytes) else json.dumps(made).encode()

    def _students(self) -> dict[str, Callable[[Notebook], Notebook | bytes]]:
        return {
            "right": lambda nb: {**self._right(nb), "cells": [*self._right(nb)["cells"], MINE]},
            "alive": lambda nb: {**self._right(nb), "cells": [*nb["cells"], *hostile_notebook.cells()], **ALIVE},
            "wrong": self._wrong,
            "half": lambda nb: self._written(nb, "forward", "loss", "update"),
            "untouched": lambda nb: nb,
            "warns": self._warns,
            "loops": lambda nb: self._body(self._right(nb), "update", "while True:\n    pass"),
            "crashes": lambda nb: self._body(self._right(nb), "loss", "import os\nos._exit(3)"),
            "cheats": self._cheats,
            "hardcodes": lambda nb: self._body(
                self._right(nb), "loss", "return torch.sum((y_pred - y) ** 2) / 2 * (len(y) < 6)"
            ),
            "duplicates": self._duplicates,
            "deletes": self._deletes,
            "splits": self._splits,
            "vandal": self._vandal,
            "late": self._right,
            "unwritable": lambda nb: {**self._right(nb), "metadata": {"title": "\ud800"}},
            "empty": lambda nb: {**nb, "cells": []},
            "nothing": lambda _nb: b"",
            "foreign": self._foreign,
            "corrupted": lambda nb: json.dumps(self._right(nb)).encode()[:-500],
            "other": lambda _nb: self._other,
        }

    def _right(self, nb: Notebook) -> Notebook:
        return self._written(nb, *self._solutions)

    def _written(self, nb: Notebook, *names: str) -> Notebook:
        for name in names:
            if name in self._solutions and not name.startswith("check-"):
                cell(nb, name)["source"] = self._solutions[name]
        return nb

    def _body(self, nb: Notebook, name: str, body: str) -> Notebook:
        """Write another body for a function."""
        head = self._solutions[name].partition("    ### BEGIN SOLUTION")[0]
        cell(nb, name)["source"] = head + "".join(f"    {line}\n" for line in body.split("\n"))
        return nb

    def _wrong(self, nb: Notebook) -> Notebook:
        code = self._solutions["chain_rule_gradients"].replace('(y_pred - y) * parameters["a2"]', "(y_pred - y)")
        cell(self._right(nb), "chain_rule_gradients")["source"] = code
        return nb

    def _warns(self, nb: Notebook) -> Notebook:
        for each in self._right(nb)["cells"]:
            if "### BEGIN SOLUTION" in text(each):
                warn = "    import sys, warnings\n    warnings.warn('mind')\n    print('noise', file=sys.stderr)\n"
                each["source"] = text(each).replace("    ### BEGIN SOLUTION\n", f"{warn}    ### BEGIN SOLUTION\n")
        return nb

    def _cheats(self, nb: Notebook) -> Notebook:
        """Patch what a grader could use, claim points in outputs and in metadata, differentiate by machine."""
        patch = (
            "from IPython import get_ipython\ntorch.allclose = torch.equal = lambda *a, **k: True\n"
            "get_ipython().run_cell('30')\n"
        )
        cell(nb, "code-imports")["source"] = text(cell(nb, "code-imports")) + "\n" + patch
        for each in nb["cells"]:
            if each["id"].startswith("check-"):
                each["metadata"]["nbgrader"]["points"] = 100
                each["source"] = "100"
                value = {"output_type": "execute_result", "data": {"text/plain": "100"}, "metadata": {}}
                each["outputs"] = [{**value, "execution_count": 1}]
        by_machine = """\
p = {name: value.detach().requires_grad_() for name, value in parameters.items()}
L = ((p["a2"] * (p["a1"] * x + p["b1"]) + p["b2"] - y) ** 2).sum() / 2
L.backward()
return {"a1": p["a1"].grad, "b1": p["b1"].grad}"""
        return self._body(self._written(nb, "forward", "loss"), "chain_rule_gradients", by_machine)

    def _duplicates(self, nb: Notebook) -> Notebook:
        """Copy cells as Jupyter does, metadata and all; the last definition is the right one."""
        stub = [json.loads(json.dumps(each)) for each in nb["cells"]]
        copied = [each for each in self._right(nb)["cells"] if each["metadata"].get("nbgrader")]
        before = [each for each in stub if each["metadata"].get("nbgrader")]
        for number, each in enumerate(before):
            each["id"] = f"copy-{number}"
        nb["cells"] = [*[each for each in nb["cells"] if each not in copied], *before, *copied]
        return nb

    def _deletes(self, nb: Notebook) -> Notebook:
        """Delete grade cells and the cell of a function, which is written elsewhere."""
        gone = {"check-forward", "check-collapse", "check-update", "loss", "collapse"}
        nb["cells"] = [each for each in self._right(nb)["cells"] if each["id"] not in gone]
        code = f"{self._solutions['loss']}\n\n\n{self._solutions['collapse']}"
        nb["cells"].append({"cell_type": "code", "id": "mine", "metadata": {}, "source": code, **EMPTY})
        return nb

    def _splits(self, nb: Notebook) -> Notebook:
        """Take everything apart: other ids, no metadata, another order, a helper in a cell of its own."""
        own = [each for each in self._right(nb)["cells"] if not each["id"].startswith("check-")]
        for number, each in enumerate(own):
            each["id"], each["metadata"] = f"own-{number}", {}
        imports = next(each for each in own if "import torch" in text(each))
        nb["cells"] = [imports, *(each for each in reversed(own) if each is not imports)]
        return nb

    def _vandal(self, nb: Notebook) -> Notebook:
        """Damage nbgrader's metadata in every way."""
        marked = [each for each in self._right(nb)["cells"] if "nbgrader" in each["metadata"]]
        damages = ({"schema_version": 1}, {"grade_id": ""}, {"grade_id": ["x"]}, {"points": -1}, {"locked": "no"})
        for number, each in enumerate(marked):
            each["metadata"]["nbgrader"].update(damages[number % len(damages)])
        marked[0]["metadata"]["nbgrader"] = "gone"
        return nb

    def _foreign(self, nb: Notebook) -> Notebook:
        recipe = {"cell_type": "code", "metadata": {}, "source": "flour, sugar = 500, 200\nflour / sugar", **EMPTY}
        return {**nb, "cells": [recipe], "nbformat_minor": 2}


ALIVE = {"metadata": hostile_notebook.METADATA}
EMPTY = {"execution_count": None, "outputs": []}
# A cell of a student's own, with what it showed when it was run.
SHOWN = {"output_type": "execute_result", "data": {"text/plain": ["tensor(7.)"]}, "execution_count": 9, "metadata": {}}
MINE = {
    "cell_type": "code",
    "id": "mine",
    "metadata": {},
    "source": "loss(torch.ones(14), torch.zeros(14))",
    "execution_count": 9,
    "outputs": [{"output_type": "stream", "name": "stderr", "text": ["as it was\n"]}, SHOWN],
}
