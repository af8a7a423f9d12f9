"""Rows of a table among posted texts: the cell of column "target" in row 3 of table "capaian" is posted as "capaian.3.target"."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.forms.model import Field, Form
from app.forms.values import OFF

# Row numbers are those people see: from 1, in the order of the page, gaps allowed.
_CELL = re.compile(r"([A-Za-z][A-Za-z0-9_]{0,63})\.([1-9][0-9]{0,3})\.([A-Za-z][A-Za-z0-9_]{0,63})", re.ASCII)

PASTED = "_tempel"  # a text area beside the table, "capaian._tempel"
WORKBOOK = "_xlsx"  # a file input beside the table, "capaian._xlsx"
RAW_ANSWERS = "_jawaban"  # a file input beside a table of units: the raw answers to its survey


@dataclass(frozen=True, slots=True)
class Row:
    """cells: {column key: what was posted for it}; a cell that was not posted is absent."""

    number: int
    cells: Mapping[str, Any]


def cell_name(key: str, number: int, column: str) -> str:
    return f"{key}.{number}.{column}"


def split_name(name: object) -> tuple[str, int, str] | None:
    """("capaian", 3, "target"); None for a name that is no cell's."""
    found = _CELL.fullmatch(name) if isinstance(name, str) else None
    return (found[1], int(found[2]), found[3]) if found else None


def rows_in(tables: Iterable[Field], submitted: Mapping[str, Any]) -> dict[str, list[Row]]:
    """{table key: its rows by number}, empty ones included; one walk over the names, however many tables."""
    columns = {table.key: {column.key for column in table.columns} for table in tables}
    cells: dict[str, dict[int, dict[str, Any]]] = {key: {} for key in columns}
    for name, posted in submitted.items():
        place = split_name(name)
        if place and place[2] in columns.get(place[0], ()):
            cells[place[0]].setdefault(place[1], {})[place[2]] = posted
    return {key: [Row(number, found[number]) for number in sorted(found)] for key, found in cells.items()}


def texts_of(row: Row) -> dict[str, str]:
    """{column: first text}: what a page shows; anything that is no text counts as empty."""
    return {key: _first(posted) for key, posted in row.cells.items()}


def _first(posted: object) -> str:
    if isinstance(posted, list | tuple) and posted:
        posted = posted[0]
    return posted if isinstance(posted, str) else ""


def is_empty(table: Field, texts: Mapping[str, str]) -> bool:
    """Nothing but blanks and what the form itself put there; such a row is dropped."""
    return all(_is_untouched(column, texts.get(column.key, "")) for column in table.columns if not column.system_set)


def _is_untouched(column: Field, text: str) -> bool:
    if column.type == "checkbox" and text.strip().lower() in OFF:
        return True
    return not text.strip() or text == column.first_text


def belongs(form: Form, name: object) -> bool:
    """A cell of a declared table, or the empty text area beside one."""
    place = split_name(name)
    if place is not None:
        table = form.field(place[0])
        return table is not None and any(column.key == place[2] for column in table.columns)
    key, _, tool = name.partition(".") if isinstance(name, str) else ("", "", "")
    found = form.field(key)
    return tool == PASTED and found is not None and found.is_table


def name_of(form: Form, name: str) -> str:
    """What a sentence calls a posted name: “Hal surat”, “Capaian baris 3, kolom Target”, else the name itself."""
    place = split_name(name)
    field = form.field(place[0] if place else name.partition(".")[0])
    if field is None:
        return name
    column = next((c for c in field.columns if place and c.key == place[2]), None)
    return cell_label(field, place[1], column) if place and column else field.name


def cell_label(table: Field, number: int, column: Field) -> str:
    return f"{table.name} baris {number}, kolom {column.name}"


def posted(table: Field, rows: Sequence[Mapping[str, str]]) -> dict[str, list[str]]:
    """Rows as they would be posted, numbered from 1; every cell is there, so that an empty row stays a row."""
    return {
        cell_name(table.key, number, column.key): [row.get(column.key, "")]
        for number, row in enumerate(rows, 1)
        for column in table.columns
        if not column.system_set
    }
