"""Somebody else's CSV file, to be given back with some cells filled in, and numbers as such files have them."""

import csv
import io
import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import cast

from autograder.errors import UserError
from autograder.report import words

BOM = "\ufeff"  # by which Excel knows UTF-8
DELIMITERS = ",;\t"
NUMERIC = re.compile(r"-?[0-9]+(?:[.,][0-9]+)?")


@dataclass(frozen=True)
class Sheet:
    """The rows of a CSV file, as cells that are read, and how it was written."""

    rows: list[list[str]]
    bom: str
    delimiter: str
    line_end: str

    def filled(self, column: int, values: Mapping[int, str], columns: Sequence[int] | None = None) -> str:
        """Return the file's text with new values in a column, by row; `columns`, where given, are the ones to keep.

        Rows that are too short for a new value are made longer.
        """
        rows = [list(row) for row in self.rows]
        for index, value in values.items():
            rows[index] += [""] * (column + 1 - len(rows[index]))
            rows[index][column] = value
        if columns is not None:
            rows = [[row[place] for place in columns if place < len(row)] for row in rows]
        return self.bom + written(rows, self.delimiter, self.line_end)


def read_sheet(data: bytes, what: str) -> Sheet:
    """Read a CSV file, separated by commas, semicolons or tabs; `what` names it in a UserError."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        raise UserError(f"{what} is not saved as UTF-8; take the file as it was downloaded") from None
    bom = BOM if text.startswith(BOM) else ""
    text = text.removeprefix(BOM)
    delimiter = delimiter_of(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        rows = list(reader)
    except csv.Error as error:
        raise UserError(f"{what}, line {reader.line_num}: {error}; take the file as it was downloaded") from None
    if not rows:
        raise UserError(f"{what} is empty; take the file as it was downloaded")
    return Sheet(rows, bom, delimiter, "\r\n" if "\r\n" in text else "\n")


def named_rows(data: bytes, path: Path, *columns: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield each row of an instructor's own CSV file by its columns' names, in small letters, and where it stands.

    Lines of nothing but separators are left out, as spreadsheets write them. UserError, with the line, where one of the
    `columns` is missing or there twice, a line has more cells than there are names, or it is no CSV file.
    """
    try:
        text = data.decode("utf-16" if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) else "utf-8-sig")
    except UnicodeDecodeError:
        raise UserError(f"{path} is not saved as UTF-8; save it so") from None
    table = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter_of(text), strict=True)
    try:
        table.fieldnames = [name.strip().lower() for name in table.fieldnames or []]
        if any(table.fieldnames.count(name) != 1 for name in columns):
            named = " and ".join(f'"{name}"' for name in columns)
            what, them = (f"columns {named}, one each", "them") if len(columns) > 1 else (f"column {named}", "it")
            raise UserError(f"{path} has no {what}; name {them} so in its first line")
        for row in table:
            place = f"{path}, line {table.line_num}:"
            if any(cast(Mapping[str | None, list[str]], row).get(None, ())):
                raise UserError(f"{place} it has more cells than the first line; put text with a separator in quotes")
            cells = {name: re.sub(r"\s*[\r\n]\s*", " ", (row[name] or "").strip()) for name in table.fieldnames}
            if any(cells.values()):
                yield place, cells
    except csv.Error as error:
        raise UserError(f"{path}, line {table.line_num}: {error}; save it as CSV") from None


def written(rows: Iterable[Sequence[object]], delimiter: str = ",", line_end: str = "\r\n") -> str:
    """Return the text of a CSV file with these rows, by default as RFC 4180 says."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator=line_end).writerows(rows)
    return text.getvalue()


def delimiter_of(text: str) -> str:
    """Return the delimiter of a CSV file: the one that its first line has most often outside of quotation marks."""
    header = re.sub(r'"[^"]*"', "", text.split("\n", 1)[0])
    return max(DELIMITERS, key=header.count)


def cell(row: Sequence[str], column: int) -> str:
    """Return what a row has in a column, without spaces around it; nothing where the row is too short."""
    return row[column].strip() if column < len(row) else ""


def number(value: float | Decimal, mark: str = ".") -> str:
    """Return a number with up to two decimals, whole ones without any; `mark` stands before the decimals."""
    return words.number(value).replace(".", mark)


def value_of(text: str) -> Decimal | None:
    """Return the number in a cell, with a decimal point or comma; None where there is none."""
    return Decimal(text.strip().replace(",", ".")) if NUMERIC.fullmatch(text.strip()) else None


def decimal_mark(cells: Iterable[str]) -> str:
    """Return the mark before the decimals that a file uses: a comma where one of its numbers has one."""
    return "," if any("," in text and value_of(text) is not None for text in cells) else "."
