"""Reading a student's file: what is code, what is a problem of the code, and what is no submission at all."""

import ast
import hashlib
import json
import os
from pathlib import Path

import pytest

from autograder.errors import UserError
from autograder.submissions.submission import LARGEST, decode, read_submission

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
        assert script(b"#" * LARGEST)
        with pytest.raises(UserError, match="larger than 10 MB"):
            decode(b"#" * (LARGEST + 1), SCRIPT, "")


class TestNotebooks:
    def test_code_cells_are_numbered_among_code_cells(self):
        prose = {"cell_type": "markdown", "metadata": {}, "source": "a = 0"}
        data = notebook(prose, "a = 1", "", prose, "%%bash\nls", ["b = 2\n", "c = 3"])
        submission = decode(data, NOTEBOOK, "")
        assert submission.is_notebook
        assert [(cell.label, cell.code) for cell in submission.cells] == [
            ("cell 1", "a = 1"),
            ("cell 4", "b = 2\nc = 3"),
        ]

    def test_the_suffix_may_be_upper_case(self):
        assert len(decode(notebook("a = 1"), Path("A.IPYNB"), "").cells) == 1

    def test_version_3_keeps_its_cells_in_worksheets(self):
        cell = {"cell_type": "code", "language": "python", "metadata": {}, "outputs": [], "input": ["a = 1\n", "b = 2"]}
        sheet = {"cells": [{"cell_type": "heading", "level": 1, "source": ["x"]}, cell]}
        data = {"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""}, "worksheets": [sheet, {"cells": [cell]}]}
        assert codes(json.dumps(data).encode()) == ["a = 1\nb = 2"] * 2

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
            b"a = 1",
            notebook("a = 1")[:-10],
            b"[]",
            b"{}",
            b"3",
            b"null",
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
            b"\xff" + notebook("a = 1"),
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


class TestMagics:
    @pytest.mark.parametrize(
        "line",
        [
            "%matplotlib inline",
            "%time f(x)",
            "%%time",
            "!pip install torch",
            "!echo 'it''s",
            '!echo "',
            "!echo (",
            "!echo '''",
            "?print",
            "??print",
            "print?",
            "torch.tensor??",
            "files = !ls *.py",
            "took = %timeit -o f(x)",
        ],
    )
    def test_a_magic_becomes_pass_where_it_stands(self, line):
        assert code(f"a = 1\n{line}\nb = 2") == "a = 1\npass\nb = 2"
        assert code(f"if a:\n    {line}\nb = 2") == "if a:\n    pass\nb = 2"

    def test_backslashes_join_lines_to_a_magic(self):
        assert code("!pip install \\\n  torch \\\n  'numpy\na = 1") == "pass\n\n\na = 1"

    def test_a_backslash_at_the_end_of_the_cell(self):
        assert code("a = 1\n!ls \\") == "a = 1\npass"

    @pytest.mark.parametrize(
        "source",
        [
            "a = (7\n% 4)",
            "a = 7 \\\n  % 4",
            'text = """\n%matplotlib inline\n!ls\nreally?\n"""',
            "a = b  # why?",
            "if a != 4: b = 1",
            "# !pip install torch\na = 1",
        ],
    )
    def test_what_only_looks_like_magic_stays(self, source):
        assert code(source) == source
        ast.parse(source)

    def test_both_in_one_cell(self):
        text = 'text = """\n!ls\n"""\na = (7\n% 4)'
        assert code(f"%matplotlib inline\n{text}\n!ls") == f"pass\n{text}\npass"

    @pytest.mark.parametrize("source", ["a = (b c\n% 4)", "a = (\n  1\n  ? 2 : 3\n)", "a = [1\n%time\nb = 2"])
    def test_a_broken_cell_stays_its_author_s(self, source):
        assert code(source) == source

    def test_a_mistake_after_a_magic_keeps_its_line(self):
        assert code("%matplotlib inline\na = = 1") == "pass\na = = 1"

    @pytest.mark.parametrize("magic", ["%%time", "%%timeit -n 1", "%%capture out", "%%prun"])
    def test_cell_magics_that_run_the_body_here_leave_it(self, magic):
        assert code(f"\n{magic}\na = 1") == "\n\na = 1"

    @pytest.mark.parametrize("magic", ["%%bash", "%%python", "%%python3", "%%writefile a.py", "%%html", "%%"])
    def test_other_cell_magics_take_the_body_elsewhere(self, magic):
        assert codes(notebook(f"{magic}\na = 1")) == []

    def test_cell_magics_may_follow_each_other(self):
        assert code("%%capture\n%%time\na = 1\n%time a") == "\n\na = 1\npass"

    @pytest.mark.parametrize("source", ["%time\n" + "(" * 5000, "%time\n" + "-" * 100_000 + "1", "%time\n\0"])
    def test_what_python_cannot_parse_is_left(self, source):
        assert code(source).endswith(source[6:])

    def test_parsing_warns_nobody(self, capfd):
        assert code("%time\na is 1\n'\\d'") == "pass\na is 1\n'\\d'"
        assert capfd.readouterr() == ("", "")

    def test_many_magics_end_soon(self):
        """Each costs a parse of its cell: a hostile notebook must not keep the grader busy for hours."""
        hostile = "!\n" * 400_000
        assert code(hostile).count("!") > 0


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
