"""What changed between two answers of the same form: for whoever checks what a correction corrected."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.forms.model import JSON, Choices, Field, Form
from app.forms.showing import EMPTY, shown

SHORT = 12  # hex digits of a file's digest


@dataclass(frozen=True)
class Change:
    """before, after: in words, "" where unanswered. label: of the field; of a cell also row and column."""

    label: str
    before: str
    after: str


def changes(form: Form, before: Mapping[str, JSON], after: Mapping[str, JSON], choices: Choices = EMPTY) -> list[Change]:
    """In the order of the form; tables row by row, files by their content. What is the same is left out."""
    found: list[Change] = []
    for field in form.fields:
        old, new = before.get(field.key), after.get(field.key)
        if old == new:
            continue
        if field.is_table:
            found += _of_rows(field, old, new, choices)
        elif field.is_file:
            found += _of_files(field, old, new)
        else:
            found.append(Change(field.name, _text(field, old, choices), _text(field, new, choices)))
    return found


def _of_rows(table: Field, old: JSON, new: JSON, choices: Choices) -> Iterator[Change]:
    rows = (_rows(old), _rows(new))
    for number in range(max(map(len, rows))):
        before, after = (row[number] if number < len(row) else None for row in rows)
        label = f"{table.name} baris {number + 1}"
        if before is None or after is None:
            yield Change(label, _row(table, before, choices), _row(table, after, choices))
            continue
        for column in table.columns:
            if before.get(column.key) != after.get(column.key):
                texts = (_text(column, row.get(column.key), choices) for row in (before, after))
                yield Change(f"{label}, {column.label}", *texts)


def _of_files(field: Field, old: JSON, new: JSON) -> Iterator[Change]:
    """The same bytes sent again are no change."""
    before, after = _rows(old), _rows(new)
    if [one.get("sha256") for one in before] != [one.get("sha256") for one in after]:
        yield Change(field.name, _file_names(before), _file_names(after))


def _rows(value: JSON) -> Sequence[Mapping[str, JSON]]:
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list | tuple) else []


def _row(table: Field, row: Mapping[str, JSON] | None, choices: Choices) -> str:
    cells = [_text(column, row.get(column.key), choices) for column in table.columns] if row is not None else []
    return " · ".join(cell for cell in cells if cell)


def _file_names(files: Sequence[Mapping[str, JSON]]) -> str:
    return ", ".join(f"{one.get('nama', '')} (sha256 {str(one.get('sha256', ''))[:SHORT]})" for one in files)


def _text(field: Field, value: JSON, choices: Choices) -> str:
    return "" if value is None else shown(field, value, choices)
