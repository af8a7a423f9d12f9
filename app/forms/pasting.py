"""Text copied from a spreadsheet, or read from one, to rows of a table. `frontend/src/js/paste.js` reads the same way in the page."""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.forms.model import MAX_ROWS, Field

MAX_TEXT = 400_000  # characters: 500 rows of 800
MAX_CELL = 20_000  # characters, as long as the longest field of a form

_REMARK = re.compile(r"\s*\([^()]*\)\s*$")


@dataclass(frozen=True, slots=True)
class Sheet:
    """rows: {column: text}, none empty, as long as they are (not cut at MAX_ROWS). skipped: headings that no column answers to.

    columns: keys in the order they stood. has_head: a heading was found; without one, columns are taken by position.
    """

    rows: list[dict[str, str]]
    columns: list[str]
    skipped: list[str]
    has_head: bool


def cells_of(text: str) -> list[list[str]]:
    """Lines and cells of text copied from Excel (tabs) or of CSV with semicolons: here the comma is a decimal mark."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    mark = "\t" if "\t" in text else ";"
    try:
        # Excel puts a cell with line breaks between quotes, but copies `"Sehat" itu` as it is: then quotes are only letters.
        return list(csv.reader(io.StringIO(text), delimiter=mark, strict=True))
    except csv.Error:
        return [line.split(mark) for line in text.split("\n")]


def read_sheet(table: Field, lines: Sequence[Sequence[str]]) -> Sheet:
    """A heading is a line that names two columns or more (all, where there are fewer) among the first lines."""
    for at, line in enumerate(lines[:20]):
        if head := head_of(table, line):
            skipped = [text.strip() for place, text in enumerate(line) if text.strip() and place not in head]
            return Sheet(_rows(lines[at + 1 :], head, table), list(head.values()), skipped, True)
    by_position = dict(enumerate(column.key for column in table.columns))
    return Sheet(_rows(lines, by_position, table), list(by_position.values()), [], False)


def head_of(table: Field, line: Sequence[str]) -> dict[int, str] | None:
    """{place: column key} of a heading; the first of two like headings counts."""
    names = {name: column.key for column in reversed(table.columns) for name in (column.key, _plain(column.name), _plain(column.label))}
    found: dict[int, str] = {}
    for place, text in enumerate(line[:200]):
        key = names.get(_plain(text)) or names.get(_plain(_REMARK.sub("", text)))
        if key and key not in found.values():
            found[place] = key
    return found if len(found) >= min(2, len(table.columns)) else None


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def _rows(lines: Sequence[Sequence[str]], places: Mapping[int, str], table: Field) -> list[dict[str, str]]:
    """Calculated columns are left out: what the sheet says of them is ignored."""
    wanted = {place: key for place, key in places.items() if not _column(table, key).system_set}
    rows = ({key: line[place].strip() for place, key in wanted.items() if place < len(line)} for line in lines)
    return [row for row in rows if any(row.values())]


def _column(table: Field, key: str) -> Field:
    return next(column for column in table.columns if column.key == key)


def too_many(table: Field, count: int) -> str | None:
    if count <= MAX_ROWS:
        return None
    return f"{table.name} paling banyak {MAX_ROWS} baris; yang dimasukkan {count} baris. Bagi atau kurangi barisnya, lalu coba lagi."
