"""Somebody else's CSV file, to be given back with some cells filled in and all else byte for byte as it was."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from autograder.errors import UserError

BOM = "\ufeff"
DELIMITERS = ",;\t"
NUMERIC = re.compile(r"-?[0-9]+(?:[.,][0-9]+)?%?")


@dataclass(frozen=True)
class Sheet:
    """The cells of a CSV file as they are written, quotes included, with their lines' ends."""

    bom: str
    delimiter: str
    rows: tuple[tuple[str, ...], ...]
    ends: tuple[str, ...]

    def cells(self, row: int) -> list[str]:
        """Return a row's cells as they are read."""
        return [_read(cell) for cell in self.rows[row]]

    def filled(self, column: int, values: Mapping[int, str], columns: Sequence[int] | None = None) -> str:
        """Return the file's text with new values in a column, by row; `columns`, where given, are the ones to keep.

        Rows that are too short for a new value are made longer.
        """
        parts = [self.bom]
        for index, (row, end) in enumerate(zip(self.rows, self.ends, strict=True)):
            cells = list(row)
            if index in values:
                cells += [""] * (column + 1 - len(cells))
                cells[column] = _written(values[index], self.delimiter)
            if columns is not None:
                cells = [cells[place] for place in columns if place < len(cells)]
            parts += [self.delimiter.join(cells), end]
        return "".join(parts)


def read_sheet(data: bytes, what: str) -> Sheet:
    """Take a CSV file apart, separated by commas, semicolons or tabs; `what` names it in a UserError."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        raise UserError(f"{what} is not saved as UTF-8; take the file as it was downloaded") from None
    bom = BOM if text.startswith(BOM) else ""
    text = text[len(bom) :]
    first = re.sub(r'"[^"]*"', "", text.split("\n", 1)[0])
    delimiter = max(DELIMITERS, key=first.count)
    rows, ends = _split(text, delimiter, what)
    if not rows:
        raise UserError(f"{what} is empty; take the file as it was downloaded")
    return Sheet(bom, delimiter, tuple(rows), tuple(ends))


def _split(text: str, delimiter: str, what: str) -> tuple[list[tuple[str, ...]], list[str]]:
    cell = re.compile(rf'("[^"]*(?:""[^"]*)*"|(?!")[^{delimiter}\r\n]*)({delimiter}|\r\n|\n|\r|\Z)')
    rows: list[tuple[str, ...]] = []
    ends: list[str] = []
    row: list[str] = []
    position = 0
    while position < len(text) or row:
        match = cell.match(text, position)
        if not match:
            line = text.count("\n", 0, position) + 1
            raise UserError(
                f"{what}, line {line}: a quotation mark is out of place; take the file as it was downloaded"
            )
        position = match.end()
        row.append(match[1])
        if match[2] != delimiter:
            rows.append(tuple(row))
            ends.append(match[2])
            row = []
    return rows, ends


def _read(cell: str) -> str:
    return cell[1:-1].replace('""', '"') if cell.startswith('"') else cell


def _written(value: str, delimiter: str) -> str:
    return f'"{value}"' if delimiter in value else value


# Numbers


def number(value: float, mark: str = ".") -> str:
    """Return a number with up to two decimals, whole ones without any; `mark` stands before the decimals."""
    return f"{value:.2f}".rstrip("0").rstrip(".").replace(".", mark)


def value_of(cell: str) -> Decimal | None:
    """Return the number in a cell, with a decimal point or comma; None where there is none."""
    cell = cell.strip()
    return Decimal(cell.replace(",", ".")) if NUMERIC.fullmatch(cell) and not cell.endswith("%") else None


def decimal_mark(cells: Iterable[str]) -> str:
    """Return the mark before the decimals that a file uses: a comma where one of its numbers has one."""
    return "," if any("," in cell and value_of(cell) is not None for cell in cells) else "."
