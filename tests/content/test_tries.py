"""The small cells of exercise 3, which show each new part before it is needed: short, and they print what is told."""

import ast
import contextlib
import io
import re

from figures import words

from solutions import source

CELLS = [
    node.body
    for node in ast.parse(source("exercise3")).body
    if isinstance(node, ast.If) and ast.unparse(node.test) == "__name__ == '__main__'"
][:-1]  # the last one runs main
# What a cell prints, and where the prose tells it.
PRINTED = [
    ("the derivative at 3: 6.", "The derivative is 6"),
    ("asked for once more: 12.", "once more it is 12"),
    ("the copy: 6. the original: 12.", "The copy has 6, and the original keeps its 12"),
    ("shapes: [3, 1] minus [3] is [3, 3]", "9 residuals"),
    ("the mean of the squares: 1.3333", "a mean of 1.3333"),
    ("sample 0: (1., 12.)", "pairs the samples"),
    ("batches: 3", "There are 3"),
    ("the mean of 1 and 4: 2.5000", "The mean is 2.5"),
    ("after one step: 2.4000 still in .grad: 6.", "leads to 2.4, and the 6 stays"),
]


def test_they_are_short() -> None:
    assert all(2 <= len(cell) <= 4 for cell in CELLS)


def test_they_print_what_the_prose_tells_afterwards() -> None:
    lines: dict[str, object] = {}
    imports = [node for node in ast.parse(source("exercise3")).body if isinstance(node, ast.Import | ast.ImportFrom)]
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        for statements in (imports, *CELLS):
            exec(compile(ast.Module(statements, []), "a small cell", "exec"), lines)
    plain = re.sub(r"(?:tensor|torch\.Size)\(([^()]*)\)", r"\1", printed.getvalue())
    assert plain.splitlines() == [line for line, _ in PRINTED]
    assert all(told in words(source("exercise3")) for _, told in PRINTED)


def test_each_part_is_shown_before_it_is_asked_for() -> None:
    before = source("exercise3").split("### BEGIN SOLUTION")
    for graded, parts in enumerate(
        [
            ("requires_grad", ".backward()", ".detach()", ".clone()"),
            (),
            ("unsqueeze", "TensorDataset", "DataLoader"),
            ("MSELoss", "SGD"),
        ]
    ):
        shown = "\n".join(before[: graded + 1])
        assert all(re.search(rf"^    .*{re.escape(part)}", shown, re.MULTILINE) for part in parts)
