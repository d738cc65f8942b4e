"""Reading a student's file: what is code, what is a problem of the code, and what is no submission at all."""

import hashlib
import json
import os
import time
from pathlib import Path

import pytest

from autograder.errors import UserError
from autograder.submissions.submission import LARGEST_CODE, decode, is_exported, read_submission

SCRIPT = Path("exercises/exercise2.py")
NOTEBOOK = Path("exercises/exercise2.ipynb")
CELL = {"cell_type": "code", "source": "a = 1"}


def script(data: bytes) -> str:
    submission = decode(data, SCRIPT, "")
    assert submission.problem is None
    (cell,) = submission.cells
    return cell.code


def notebook(*cells: object, **more: object) -> bytes:
    parts = [
        {"cell_type": "code", "metadata": {}, "execution_count": None, "outputs": [], "source": cell}
        if isinstance(cell, str | list)
        else cell
        for cell in cells
    ]
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": parts, **more}).encode()


def codes(data: bytes) -> list[str]:
    return [cell.code for cell in decode(data, NOTEBOOK, "").cells]


def code(source: str) -> str:
    """The only cell of a notebook, which must have as many lines as it was given."""
    (result,) = codes(notebook(source))
    assert result.count("\n") == source.count("\n")
    return result


class TestScripts:
    def test_a_script_is_one_cell_named_like_its_file(self):
        data = b"def forward():\n    return 1\n"
        submission = decode(data, SCRIPT, "ada")
        assert [cell.label for cell in submission.cells] == ["exercise2.py"]
        assert submission.sha256 == hashlib.sha256(data).hexdigest()
        assert (submission.student, submission.path, submission.is_notebook) == ("ada", SCRIPT, False)

    @pytest.mark.parametrize(
        ("data", "code"),
        [
            (b"a = 1\r\nb = 2\r\n", "a = 1\nb = 2\n"),
            (b"a = 1\rb = 2\r\n", "a = 1\nb = 2\n"),
            (b"\xef\xbb\xbfa = 1\nb = 2\n", "a = 1\nb = 2\n"),
            (b"\xef\xbb\xbfa = 1\r\nb = 2\r\n", "a = 1\nb = 2\n"),
            (b"a = 1\n\x0cb = 2\n", "a = 1\n\x0cb = 2\n"),  # a form feed is white space
            ("损失 = 1\nŷ = 2\n".encode(), "损失 = 1\nŷ = 2\n"),
            (b"", ""),
        ],
    )
    def test_a_script_is_read_as_python_reads_it(self, data, code):
        assert script(data) == code

    @pytest.mark.parametrize("cookie", ["latin-1", "iso-8859-1", "cp1252"])
    def test_a_coding_cookie_is_obeyed(self, cookie):
        text = f"#!/usr/bin/env python\n# -*- coding: {cookie} -*-\nname = 'Müller'\n"
        assert script(text.encode(cookie)) == text

    def test_latin_1_without_a_cookie_is_a_problem_with_its_line_and_caret(self):
        submission = decode("a = 1\nb = 2\nname = 'Müller'\n".encode("latin-1"), SCRIPT, "")
        assert submission.cells == ()
        assert submission.problem is not None
        assert str(submission.problem.text).startswith("line 3 ")
        assert "UTF-8" in str(submission.problem.text)
        shown, caret = submission.problem.lines
        assert shown[caret.index("^")] == "\N{REPLACEMENT CHARACTER}"

    def test_bad_bytes_under_a_utf_8_cookie_are_found_where_they_are(self):
        data = b"# -*- coding: UTF_8 -*-\n\nname = '\xfc'\n"
        problem = decode(data, SCRIPT, "").problem
        assert problem is not None
        assert str(problem.text).startswith("line 3 ")

    @pytest.mark.parametrize("cookie", ["klingon", "rot13", "hex", "punycode", "undefined", "utf-16", "ascii"])
    def test_a_cookie_that_python_cannot_follow_is_a_problem(self, cookie):
        problem = decode(f"# coding: {cookie}\nname = 'ü'\n".encode(), SCRIPT, "").problem
        assert problem is not None
        assert str(problem.text).startswith(f'line 1 says that the file is saved as "{cookie}"')
        assert problem.lines == (f"# coding: {cookie}",)

    @pytest.mark.parametrize("data", [b"\xef\xbb\xbf# coding: latin-1\n", b"# coding: utf-7\nx = '+2AA-'\n"])
    def test_a_cookie_against_the_byte_order_mark_and_lone_surrogates_are_problems(self, data):
        assert decode(data, SCRIPT, "").problem is not None

    @pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
    def test_wide_text_is_refused_with_the_way_out(self, encoding):
        with pytest.raises(UserError, match="save it as UTF-8"):
            decode("a = 1".encode(encoding), SCRIPT, "")

    @pytest.mark.parametrize(
        "data", [b"a = 1\0", "a = 1".encode("utf-16-le"), b"\x89PNG\r\n\x1a\n\xff", b"\x7fELF\xff"]
    )
    def test_binary_files_are_refused(self, data):
        with pytest.raises(UserError, match=r"exercise2\.py is not a text file; "):
            decode(data, SCRIPT, "")

    def test_a_large_file_is_refused(self):
        assert script(b"#" * LARGEST_CODE)
        with pytest.raises(UserError, match=r"exercise2\.py is too large \(its code is over 2 MB\); hand in"):
            decode(b"#" * (LARGEST_CODE + 1), SCRIPT, "")


class TestNotebooks:
    def test_code_cells_are_numbered_among_code_cells(self):
        prose = {"cell_type": "markdown", "metadata": {}, "source": "a = 0"}
        data = notebook(prose, "a = 1", "", prose, "%%bash\nls", ["b = 2\n", "c = 3"])
        submission = decode(data, NOTEBOOK, "")
        assert submission.is_notebook
        assert [(cell.label, cell.code) for cell in submission.cells] == [
            ("cell 1", "a = 1"),
            ("cell 3", "%%bash\nls"),
            ("cell 4", "b = 2\nc = 3"),
        ]

    def test_the_suffix_may_be_upper_case(self):
        assert len(decode(notebook("a = 1"), Path("A.IPYNB"), "").cells) == 1

    def test_version_3_keeps_its_cells_in_worksheets(self):
        cell = {"cell_type": "code", "language": "python", "metadata": {}, "outputs": [], "input": ["a = 1\n", "b = 2"]}
        sheet = {"cells": [{"cell_type": "heading", "level": 1, "source": ["x"]}, cell]}
        data = {"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""}, "worksheets": [sheet, {"cells": [cell]}]}
        assert codes(json.dumps(data).encode()) == ["a = 1\nb = 2"] * 2
        assert codes(json.dumps({**data, "nbformat": 2}).encode()) == ["a = 1\nb = 2"] * 2
        assert codes(b'{"nbformat": 1, "cells": [{"cell_type": "code", "code": "a = 1"}]}') == ["a = 1"]

    def test_many_outputs_of_an_old_one_keep_nobody_waiting(self):  # nbformat took two minutes
        cell = {"cell_type": "code", "input": "a = 1", "outputs": [{"output_type": "pyout", "text": "a"}] * 100_000}
        began = time.process_time()
        assert codes(json.dumps({"nbformat": 3, "worksheets": [{"cells": [cell]}]}).encode()) == ["a = 1"]
        assert time.process_time() - began < 5

    @pytest.mark.parametrize(
        ("data", "expected"),
        [
            *((notebook({**CELL, "id": "same"}, nbformat_minor=minor), ["a = 1"]) for minor in (0, 2, 4, 5, 99)),
            (notebook("a = 1", nbformat=5), ["a = 1"]),
            (b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": "a = 1"}]}', ["a = 1"]),
            (b"\xef\xbb\xbf" + notebook("a = 1\r\nb = 2\r"), ["a = 1\nb = 2\n"]),
            (notebook("name = '\ud800'"), ["name = '?'"]),
            (notebook(), []),
        ],
    )
    def test_versions_and_what_does_not_matter_pass_silently(self, data, expected, capfd):
        assert codes(data) == expected
        assert capfd.readouterr() == ("", "")

    @pytest.mark.parametrize(
        "data",
        [
            b"",
            notebook("a = 1")[:-10],
            b"[]",
            b"{}",
            b'{"nbformat": 4}',
            b'{"cells": []}',
            b'{"nbformat": "4", "cells": []}',
            b'{"nbformat": [], "cells": []}',
            b'{"nbformat": 4, "cells": 3}',
            b'{"nbformat": 4, "cells": [3]}',
            b'{"nbformat": 4, "cells": [{"source": "a"}]}',
            b'{"nbformat": 4, "cells": [{"cell_type": "code"}]}',
            b'{"nbformat": 3, "worksheets": 3}',
            b"[" * 100_000,
            b'{"nbformat": ' + b"9" * 10_000 + b"}",
            b'{"nbformat": 4, "cells": ' + b"[" * 50_000 + b"]" * 50_000 + b"}",
            notebook({"cell_type": "code", "source": 3}),
            notebook({"cell_type": "code", "source": [3]}),
            notebook({"cell_type": "code", "source": {"a": 1}}),
        ],
    )
    def test_broken_notebooks_are_refused_in_one_line(self, data, capfd):
        with pytest.raises(UserError, match=r"^exercises/exercise2\.ipynb is a broken notebook \(.*\); ") as error:
            decode(data, NOTEBOOK, "")
        assert "\n" not in str(error.value)
        assert capfd.readouterr() == ("", "")


class TestSizes:
    def test_outputs_do_not_count_and_code_does(self):
        picture = {"output_type": "display_data", "data": {"image/png": 'iVBOR\\n"' * 3_000_000}, "metadata": {}}
        printed = {"output_type": "stream", "name": "stdout", "text": ["loss: [1, 2]\n"] * 400_000}
        page = {"output_type": "display_data", "data": {"text/html": ["<p>x</p>\n"] * 400_000}, "metadata": {}}
        cell = {"cell_type": "code", "metadata": {}, "source": "a = 1", "outputs": [picture, printed, page]}
        photograph = {
            "cell_type": "markdown",
            "metadata": {},
            "source": f"![](data:image/png;base64,{'A' * 17_000_000})",
        }
        assert codes(notebook(cell)) == ["a = 1"]
        assert codes(notebook("a = 1", photograph)) == ["a = 1"]
        with pytest.raises(UserError, match="its code is over 2 MB"):
            decode(notebook("#" * LARGEST_CODE, "a = 1"), NOTEBOOK, "")

    @pytest.mark.parametrize("filling", ["[],", "{},", '"x",'])
    def test_what_would_fill_the_memory_is_refused(self, filling):
        data = notebook("a = 1").replace(b'"metadata": {}', b'"metadata": [' + filling.encode() * 6_000_000 + b"0]", 1)
        with pytest.raises(UserError, match="too large"):
            decode(data, NOTEBOOK, "")

    @pytest.mark.parametrize(
        "source", ['x = {\n  "image/png": "kept"\n}', '"text/html": "<b>"', '\'"image/png": "x"\'']
    )
    def test_code_that_looks_like_an_output_stays(self, source):
        assert codes(notebook(source)) == [source]
        assert codes(notebook(source.splitlines(keepends=True))) == [source]


class TestWhatIsNoNotebook:
    @pytest.mark.parametrize(
        ("data", "said"),
        [
            (b"import torch\n", "is not a notebook but a script under the name of one; save it with the ending .py"),
            (b"\xef\xbb\xbf# mine\n", "is not a notebook but a script"),
            (b"<!DOCTYPE html>\n<html></html>", "is a web page, not the notebook that it shows; download"),
            (b"\n <html lang='en'>", "is a web page"),
            (b" \n", r"is a broken notebook \(it is empty\)"),
            (b"PK\x03\x04\0\0", "is not a text file; check that this is the notebook"),
            (b"<<<<<<< HEAD\n{", r"has a line that was left by a merge \(1\); keep one"),
            (b'{\n"a": 1,\n=======\n', r"left by a merge \(3\)"),
            (b'{\r\n"a": 1,\r\n>>>>>>> mine\r\n', r"left by a merge \(3\)"),
            (
                '{\n "a": "M\u00fcller"}'.encode("latin-1"),
                r"is not saved as UTF-8 \(line 2, character 9\); save it as UTF-8",
            ),
        ],
    )
    def test_it_is_said_in_a_line(self, data, said):
        with pytest.raises(UserError, match=said):
            decode(data, NOTEBOOK, "")

    def test_lines_are_those_of_the_file_whatever_was_printed_above(self):
        printed = json.dumps({"output_type": "stream", "text": ["a\n", "b\n"]}, indent=1)
        with pytest.raises(UserError, match=rf"left by a merge \({printed.count(chr(10)) + 2}\)"):
            decode(f"{printed},\n=======\n".encode(), NOTEBOOK, "")

    def test_a_web_page_under_the_name_of_a_script(self):
        problem = decode(b"<!DOCTYPE html>\n<html></html>", Path("a.py"), "").problem
        assert "is a web page, not the script" in str(problem.text)

    def test_marks_of_a_merge_in_code_are_the_cells(self):
        assert codes(notebook("<<<<<<< HEAD\nx = 1")) == ["<<<<<<< HEAD\nx = 1"]


@pytest.mark.parametrize(
    ("code", "looks_so"),
    [
        ("# In[3]:\n", True),
        ("x = 1\nget_ipython().system('ls')", True),
        ("!pip install torch", True),
        ("%matplotlib inline", True),
        ("# COMMAND ----------\n", True),
        ("from autograder.live import check", True),
        ('# %% [code] {"execution": {}}\nimport pandas', True),
        ("# ---\n# jupyter:\n#   jupytext:\n", True),
        ("if a:\n    display(x)", True),
        ('"""Copy\n\nAutomatically generated by Colab.\n"""', True),
        ("# %%\nx = 1", False),  # as the kit's own scripts have
        ("a = (7\n    % 4)", False),
        ("plot.display(x)\nasync def f():\n    await g()", False),
    ],
)
def test_an_exported_script_is_known_by_what_only_a_notebook_has(code, looks_so):
    assert is_exported(code) == looks_so


class TestFiles:
    def test_a_file_is_read(self, tmp_path):
        path = tmp_path / "exercise1.PY"
        path.write_bytes(b"a = 1\n")
        submission = read_submission(path, "ada")
        assert (submission.path, submission.student) == (path, "ada")
        assert submission.cells[0].code == "a = 1\n"

    @pytest.mark.parametrize(
        ("name", "said"),
        [
            ("exercise3x.py", r"there is no file .*exercise3x\.py; did you mean .*exercise2\.py\?"),
            ("exercise2", r"did you mean .*exercise2\.py\?"),
            ("a.py", r"there is no file .*; check the path"),
            ("nowhere/a.py", r"there is no folder .*nowhere either"),
            ("exercise2.py/b.py", "there is no file"),
            (".", "is a folder; name the file in it"),
            ("exercise2.txt", r"neither a script nor a notebook; grade a \.py or \.ipynb file"),
            ("a" * 5000 + ".py", "cannot be read"),
            ("a\0.py", "cannot be read"),
        ],
    )
    def test_what_cannot_be_graded_is_told_with_the_way_out(self, tmp_path, name, said):
        for file in ("exercise2.py", "exercise2.txt"):
            (tmp_path / file).touch()
        with pytest.raises(UserError, match=said):
            read_submission(tmp_path / name)

    def test_a_pipe_is_not_waited_for(self, tmp_path):
        path = tmp_path / "pipe.py"
        os.mkfifo(path)
        with pytest.raises(UserError, match="not an ordinary file"):
            read_submission(path)

    def test_an_unreadable_file(self, tmp_path, monkeypatch):
        path = tmp_path / "exercise2.py"
        path.touch()

        def refuse(*args: object) -> None:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(Path, "open", refuse)  # root may read everything
        with pytest.raises(UserError, match="may not be read; change its permissions"):
            read_submission(path)
