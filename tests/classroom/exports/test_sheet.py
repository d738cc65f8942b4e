"""Other people's CSV files: read, filled in, and written so that whoever reads them finds the same cells."""

import csv
import io
from pathlib import Path

import pytest

from autograder.classroom.exports.sheet import decimal_mark, delimiter_of, named_rows, number, read_sheet, value_of
from autograder.errors import UserError

FILES = {
    b"a,b\n1,2\n": [["a", "b"], ["1", "2"]],
    b"a,b\r\n1,2": [["a", "b"], ["1", "2"]],
    b"\xef\xbb\xbfa;b\r\n1;2\r\n": [["a", "b"], ["1", "2"]],
    b'"a""b",c\n"x\ny",\n': [['a"b', "c"], ["x\ny", ""]],
    b"a\tb\n\n1\t\n": [["a", "b"], [], ["1", ""]],
    '"李, 小龙",é\n'.encode(): [["李, 小龙", "é"]],
    b'a,"b,c;d;e;f"\n1,2\n': [["a", "b,c;d;e;f"], ["1", "2"]],
    b"a,b\r1,2\r": [["a", "b"], ["1", "2"]],
}


@pytest.mark.parametrize("data", FILES)
def test_a_file_that_is_not_filled_has_the_same_cells(data):
    sheet = read_sheet(data, "it")
    assert sheet.rows == FILES[data]
    text = sheet.filled(0, {})
    assert text.startswith("\ufeff") == data.startswith(b"\xef\xbb\xbf")
    assert ("\r\n" in text) == (b"\r\n" in data)
    assert (
        list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=sheet.delimiter)) == FILES[data]
    )


def test_values_are_filled_in_where_rows_are_short_too_and_columns_left_out():
    sheet = read_sheet(b"a,b,c\n1,2,3\n4\n", "it")
    assert sheet.filled(2, {1: "7,5", 2: "8"}) == 'a,b,c\n1,2,"7,5"\n4,,8\n'
    assert sheet.filled(2, {1: "9"}, columns=(0, 2)) == "a,c\n1,9\n4\n"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "it is empty"),
        (b"\xef\xbb\xbf", "it is empty"),
        ("a,ü\n".encode("latin-1"), "it is not saved as UTF-8"),
        ("a,b\n".encode("utf-16"), "it is not saved as UTF-8"),
        (b'a,b\n1,"2\n', "it, line 2: unexpected end of data"),
        (b'a,b\n1,"2"3\n', "it, line 2: ',' expected after '\"'"),
    ],
)
def test_files_that_cannot_be_read(data, reason):
    with pytest.raises(UserError, match=reason) as error:
        read_sheet(data, "it")
    assert str(error.value).endswith("; take the file as it was downloaded")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_an_instructors_own_table_is_read_as_spreadsheets_write_it(encoding):
    data = "Student;Name\r\nann;Ärmel, Ann\r\n;\r\nbob;\r\n".encode(encoding)
    students = [row for _, row in named_rows(data, Path("it"), "student")]
    assert students == [{"student": "ann", "name": "Ärmel, Ann"}, {"student": "bob", "name": ""}]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("ann,Arden, Ann,a@b.org\nbob,,\n", "line 2: it has more cells than the first line"),
        ('ann,"Arden\nbob,Bob,\n', "unexpected end of data; save it as CSV"),
    ],
)
def test_a_name_that_is_not_quoted_well_moves_no_cell_and_takes_nobody_in(line, says):
    with pytest.raises(UserError, match=says):
        list(named_rows(f"student,name,email\n{line}".encode(), Path("it"), "student"))


@pytest.mark.parametrize(
    ("header", "mark"), [("a,b", ","), ("a;b", ";"), ("a\tb", "\t"), ('a,"b;c;d"', ","), ("a", ","), ("", ",")]
)
def test_the_delimiter_is_the_headers(header, mark):
    assert delimiter_of(f"{header}\n1;2;3,4\n") == mark


def test_the_decimal_mark_is_the_files():
    assert decimal_mark(["Yes", "", "30.00"]) == "."
    assert decimal_mark(["Doe, Jane", "30,00"]) == ","


@pytest.mark.parametrize(
    ("value", "text"), [(30, "30"), (0.0, "0"), (100, "100"), (27.5, "27.5"), (28.97, "28.97"), (1 / 3, "0.33")]
)
def test_numbers(value, text):
    assert number(value) == text
    assert number(value, ",") == text.replace(".", ",")


@pytest.mark.parametrize(("text", "value"), [(" 30,50 ", 30.5), ("-2", -2), ("30 %", None), ("30%", None), ("", None)])
def test_the_number_in_a_cell(text, value):
    assert value_of(text) == value
