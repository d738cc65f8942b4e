"""What of a student's notebook is alive in the page that an instructor opens: nothing."""

import copy

import nbformat
import pytest
from hostile_notebook import MARK, METADATA, LiveParts, cells
from nbconvert.exporters import HTMLExporter

from autograder.nbgrader.harmless import make_harmless, text

pytestmark = pytest.mark.filterwarnings("ignore")  # of nbconvert, about what is hostile

PICTURE = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==\n"


def made(**more):
    about = {"cells": copy.deepcopy(cells()), "metadata": METADATA, "nbformat": 4, "nbformat_minor": 5}
    return nbformat.from_dict({**about, **more})


@pytest.mark.parametrize("template", ["lab", "classic"])
def test_nothing_of_it_is_alive_and_all_of_it_can_be_read(template):
    exporter = HTMLExporter(template_name=template)
    before, _ = exporter.from_notebook_node(made())
    assert len(LiveParts(before).found) > 20  # it would be
    notebook = made()
    make_harmless(notebook)
    nbformat.validate(notebook)
    after, _ = exporter.from_notebook_node(notebook)
    assert LiveParts(after).found == []
    assert after.count("4711") > 40


@pytest.mark.parametrize("number", range(len(cells())))
def test_nor_is_any_cell_by_itself(number):
    notebook = made(cells=[copy.deepcopy(cells()[number])])
    make_harmless(notebook)
    page, _ = HTMLExporter(template_name="classic").from_notebook_node(notebook)
    assert LiveParts(page).found == []


def test_what_is_text_or_a_picture_stays():
    outputs = [
        {"output_type": "stream", "name": "stderr", "text": "mind\n"},
        {"output_type": "execute_result", "data": {"text/plain": "7", "text/html": "<b>7</b>"}, "execution_count": 3},
        {"output_type": "display_data", "data": {"image/png": PICTURE, "text/plain": "<Figure>"}},
        {"output_type": "display_data", "data": {"text/html": "<b>7</b>"}},
    ]
    code = {"cell_type": "code", "metadata": {}, "source": "a < b", "execution_count": 3}
    notebook = made(cells=[{**code, "outputs": [{"metadata": {}, **each} for each in outputs]}], nbformat_minor=4)
    notebook.cells[0].outputs[0].pop("metadata")
    make_harmless(notebook)
    (cell,) = notebook.cells
    assert (cell.source, cell.execution_count, "id" in cell) == ("a < b", 3, False)
    assert [each.get("data") or each.text for each in cell.outputs] == [
        "mind\n", {"text/plain": "7"}, {"image/png": PICTURE, "text/plain": "<Figure>"}
    ]  # fmt: skip


def test_ids_and_metadata_are_nbgraders_or_none():
    one = {"cell_type": "markdown", "metadata": {"nbgrader": {"grade_id": "x"}, "tags": [MARK]}, "source": "x"}
    notebook = made(cells=[{**one, "id": "a-1"}, {**one, "id": f'"{MARK}'}], nbformat_minor=4)
    make_harmless(notebook)
    assert [cell.get("id") for cell in notebook.cells] == ["a-1", None]
    assert [cell.metadata for cell in notebook.cells] == [{"nbgrader": {"grade_id": "x"}}] * 2


@pytest.mark.parametrize(
    "plain",
    ["a < b, 3 > 2 and x[0] (see *above*)", "$a<3$", "```python\nx = [1][0]\n```", "# Title\n- one\n- two", "R & D"],
)
def test_ordinary_text_stays_as_it_is(plain):
    assert text(plain).replace("] [", "][") == plain
