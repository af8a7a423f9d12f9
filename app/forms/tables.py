"""A table: posted rows to its answer, and to the rows of its page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.forms.model import JSON, MAX_ROWS, Choices, Field, Option
from app.forms.rows import Row, cell_label, cell_name, is_empty, rows_in, texts_of
from app.forms.showing import number_text
from app.forms.values import Unreadable, matched, value_of
from app.formulas import calculate

FIRST_ROWS = 5  # empty rows of a new table: what people type by hand; more is pasted


@dataclass(frozen=True, slots=True)
class Read:
    """rows: {column: value} of each row that is not empty; numbers: where each stood on the page. problems: {posted name: sentence}."""

    rows: list[dict[str, JSON]]
    numbers: list[int]
    problems: dict[str, str]


@dataclass(frozen=True, slots=True)
class PageRow:
    """texts: {column key: what the cell shows}; for a calculated column the value in Indonesian form, "" where there is none yet."""

    number: int
    texts: Mapping[str, str]


def read_table(table: Field, rows: Sequence[Row], choices: Choices) -> Read:
    """Cells of calculated and read-only columns are ignored. Bounds, patterns and required cells are the schema's business."""
    filled = [row for row in rows if not is_empty(table, texts_of(row)) or _is_broken(table, row)]
    if len(filled) > MAX_ROWS:
        return Read([], [], {table.key: f"{table.name} paling banyak {MAX_ROWS} baris; isian ini {len(filled)} baris. Kurangi barisnya."})
    options = {column.key: column.options_from(choices) for column in table.columns}
    read = Read([], [], {})
    for row in filled:
        before = len(read.problems)
        values = _values(table, row, options, read.problems)
        if len(read.problems) > before or _says_something(table, values):
            read.rows.append(values)
            read.numbers.append(row.number)
    return read


def _says_something(table: Field, values: Mapping[str, JSON]) -> bool:
    """More than the defaults, however they were written: “Tinggi” is the same as "tinggi", "5,0" as "5"."""
    given = ((values.get(c.key), c.default) for c in table.columns if not c.system_set)
    return any(value is not None and value is not False and value != default for value, default in given)  # a zero says something


def _is_broken(table: Field, row: Row) -> bool:
    """Cells in no shape a browser sends are told, not dropped with an empty row."""
    cells = [row.cells.get(column.key, "") for column in table.columns if not column.system_set]
    return not all(isinstance(cell, str) or _is_one_text(cell) for cell in cells)


def _is_one_text(cell: object) -> bool:
    return isinstance(cell, list | tuple) and len(cell) <= 1 and all(isinstance(text, str) for text in cell)


def _values(table: Field, row: Row, options: Mapping[str, Sequence[Option]], problems: dict[str, str]) -> dict[str, JSON]:
    values: dict[str, JSON] = {}
    for column in table.columns:
        if column.system_set:
            continue
        try:
            value = cell_value(column, row.cells.get(column.key, ""), options[column.key])
        except Unreadable as error:
            problems[cell_name(table.key, row.number, column.key)] = f"{cell_label(table, row.number, column)}: {error.short}"
            continue
        if value is not None:
            values[column.key] = value
    values |= results(table.columns, values)
    return {column.key: values[column.key] for column in table.columns if column.key in values}


def cell_value(column: Field, cell: Any, options: Sequence[Option]) -> JSON:
    """Raises Unreadable."""
    if not isinstance(cell, str) and not _is_one_text(cell):
        raise Unreadable("tidak dapat dibaca. Isi kembali.")
    text: str = cell if isinstance(cell, str) else "".join(cell)
    return value_of(column, [matched(text.strip(), options) if options else text], options)


def results(fields: Sequence[Field], values: Mapping[str, JSON]) -> dict[str, JSON]:
    """{key: result} of the calculated fields; what cannot be calculated is absent."""
    found = {f.key: calculate(f.call.formula, [values.get(key) for key in f.call.inputs]) for f in fields if f.call is not None}
    return {key: result for key, result in found.items() if result is not None}


def page_rows(table: Field, values: Mapping[str, Any], choices: Choices) -> list[PageRow]:
    """At least FIRST_ROWS where people may write, each with its defaults."""
    options = {column.key: column.options_from(choices) for column in table.columns}
    found = [PageRow(row.number, _page_texts(table, row, options)) for row in rows_in([table], values)[table.key]]
    if table.system_set:
        return found
    last = found[-1].number if found else 0
    return found + [PageRow(last + n, table.new_row) for n in range(1, FIRST_ROWS - len(found) + 1)]


def _page_texts(table: Field, row: Row, options: Mapping[str, Sequence[Option]]) -> dict[str, str]:
    texts = texts_of(row)
    texts |= {key: matched(text, options[key]) for key, text in texts.items() if options[key]}
    readable: dict[str, JSON] = {}
    unreadable: set[str] = set()
    for column in table.columns:
        if column.call is None:
            try:
                readable[column.key] = cell_value(column, texts.get(column.key, ""), options[column.key])
            except Unreadable:
                unreadable.add(column.key)
    found = results([c for c in table.columns if c.call is not None and not unreadable & set(c.call.inputs)], readable)
    shown = {column.key: found.get(column.key) for column in table.columns if column.call is not None}
    return texts | {key: _result_text(value) for key, value in shown.items()}


def _result_text(value: JSON) -> str:
    return number_text(value) if isinstance(value, int | float) else str(value or "")
