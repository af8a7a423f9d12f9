"""Buttons of a table that work without scripts: rows added or taken away, pasted text and workbooks read in. Nothing is stored."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from app.forms.model import MAX_ROWS, Choices, Field, Form, Submitted
from app.forms.pasting import MAX_TEXT, cells_of, read_sheet, too_many
from app.forms.rows import PASTED, WORKBOOK, Row, is_empty, posted, rows_in, split_name, texts_of
from app.forms.sheets import rows_from_xlsx
from app.forms.showing import number_text
from app.forms.tables import FIRST_ROWS, read_table

ACTION = "_aksi"
DOWNLOAD = "unduh"

Rows = list[dict[str, str]]


@dataclass(frozen=True, slots=True)
class Reshaped:
    """submitted: the posted texts with the table changed, without the button. problems: {posted name: sentence}.

    notice: what happened, for the reader ("" where the page shows it anyway). focus: id of the element to go on with, "" for none.
    """

    submitted: dict[str, list[str]]
    problems: dict[str, str] = field(default_factory=dict)
    notice: str = ""
    focus: str = ""


def is_reshape(submitted: Submitted, uploads: Mapping[str, bytes] | None = None) -> bool:
    """A button of a table was pressed; or a workbook came with the button that sends, and must be read and shown first."""
    return ACTION in submitted or any(uploads.values() if uploads else ())


def download_of(form: Form, submitted: Submitted) -> tuple[Field, Rows] | None:
    """The table whose “Unduh format isian” was pressed, with its rows as typed: what `table_to_xlsx` takes."""
    verb, key, _ = _pressed(submitted)
    table = _table(form, key)
    return (table, _typed(table, submitted)) if table is not None and verb == DOWNLOAD else None


def reshape(form: Form, submitted: Submitted, uploads: Mapping[str, bytes] | None = None, choices: Choices | None = None) -> Reshaped:
    """The form as it is to be shown again, nothing lost; never raises.

    uploads: {table key: content of its workbook}. A button that is none of ours changes nothing.
    """
    verb, key, number = _pressed(submitted)
    given = uploads or {}
    texts = {name: list(values) for name, values in submitted.items() if name != ACTION}
    if verb == "xlsx" or not verb:
        tables = [table for table in form.tables if given.get(table.key) and (not verb or table.key == key)]
        steps = [_with_workbook(table, given[table.key], choices or {}) for table in tables]
        return _after(Reshaped(texts), steps) if tables else _nothing_uploaded(form, key, texts)
    act = _ACTS.get(verb)
    table = _table(form, key)
    if act is None or table is None or table.system_set:
        return Reshaped(texts)
    return _after(Reshaped(texts), [act(table, texts, number, choices or {})])


def fill_row(form: Form, submitted: Submitted, key: str, values: Mapping[str, int | float]) -> tuple[Reshaped, int]:
    """values: {column: number} into the first row of a table where these columns are blank, else into a new one.

    Gives the number of that row too, 0 where the table is full.
    """
    table = _table(form, key)
    texts = {name: list(given) for name, given in submitted.items() if name != ACTION}
    rows = _all_rows(table, texts) if table else []
    place = next((at for at, row in enumerate(rows) if not any(row.get(column, "").strip() for column in values)), len(rows))
    if table is None or place >= MAX_ROWS:
        return Reshaped(texts), 0
    rows += [dict(table.new_row)] if place == len(rows) else []
    rows[place] |= {column: number_text(value, grouped=False) for column, value in values.items()}
    return _after(Reshaped(texts), [_Step(table, rows, focus=f"f-{key}")]), place + 1


@dataclass(frozen=True, slots=True)
class _Step:
    """rows: None where the table stays as it is."""

    table: Field
    rows: Rows | None
    problems: dict[str, str] = field(default_factory=dict)
    notice: str = ""
    focus: str = ""
    used: str = ""  # the text area that was read


def _pressed(submitted: Submitted) -> tuple[str, str, int]:
    """ "hapus:capaian:3" -> ("hapus", "capaian", 3)."""
    values = submitted.get(ACTION) or [""]
    first = values[0] if isinstance(values, list | tuple) else values
    verb, _, rest = str(first)[:200].partition(":")
    key, _, number = rest.partition(":")
    return verb, key, int(number) if number.isascii() and number.isdigit() and len(number) < 5 else 0


def _table(form: Form, key: str) -> Field | None:
    return next((table for table in form.tables if table.key == key), None)


def _typed(table: Field, submitted: Submitted) -> Rows:
    return [texts for row in rows_in([table], submitted)[table.key] if not is_empty(table, texts := texts_of(row))]


def _all_rows(table: Field, submitted: Submitted) -> Rows:
    """As the page shows them: the empty ones too."""
    found = [texts_of(row) for row in rows_in([table], submitted)[table.key]]
    return found + [dict(table.new_row) for _ in range(FIRST_ROWS - len(found))]


def _after(before: Reshaped, steps: Sequence[_Step]) -> Reshaped:
    texts = before.submitted
    for step in steps:
        if step.rows is not None:
            texts = {name: values for name, values in texts.items() if (split_name(name) or ("",))[0] != step.table.key}
            texts |= posted(step.table, step.rows)
        if step.used:
            texts.pop(step.used, None)
    problems = {name: sentence for step in steps for name, sentence in step.problems.items()}
    focus = next((step.focus for step in steps if step.focus), "")
    return Reshaped(texts, problems, " ".join(step.notice for step in steps if step.notice), focus)


def _add(table: Field, texts: Submitted, number: int, choices: Choices) -> _Step:
    rows = _all_rows(table, texts)
    if len(rows) >= MAX_ROWS:
        return _Step(table, None, {table.key: f"{table.name} sudah {MAX_ROWS} baris, paling banyak sekian."})
    first = next(column for column in table.columns if not column.system_set)
    return _Step(table, [*rows, dict(table.new_row)], focus=f"f-{table.key}.{len(rows) + 1}.{first.key}")


def _remove(table: Field, texts: Submitted, number: int, choices: Choices) -> _Step:
    numbers = [row.number for row in rows_in([table], texts)[table.key]]
    rows = _all_rows(table, texts)
    if number not in numbers:
        return _Step(table, None)
    rows.pop(numbers.index(number))
    return _Step(table, rows, focus=f"f-{table.key}")


def _paste(table: Field, texts: Submitted, number: int, choices: Choices) -> _Step:
    """After the rows that are there."""
    name = f"{table.key}.{PASTED}"
    raw = "".join(str(text) for text in texts.get(name, ()))
    if len(raw) > MAX_TEXT:
        return _Step(table, None, {name: f"{table.name}: tempelan terlalu panjang. Unggah sebagai berkas Excel."})
    sheet = read_sheet(table, cells_of(raw))
    if not sheet.rows:
        return _Step(table, None, {name: f"{table.name}: tempelan masih kosong. Salin sel dari Excel, lalu tempel di kotak ini."})
    before = _typed(table, texts)
    if many := too_many(table, len(before) + len(sheet.rows)):
        return _Step(table, None, {name: many})
    notice = f"{len(sheet.rows)} baris dimasukkan ke {table.name}."
    if sheet.skipped:
        notice += f" Kolom yang tidak dikenal dilewati: {', '.join(sheet.skipped)[:200]}."
    return _filled(table, before, sheet.rows, choices, notice, name)


def _with_workbook(table: Field, content: bytes, choices: Choices) -> _Step:
    """In place of the rows that are there: the workbook was made from them."""
    if table.system_set:
        return _Step(table, None)
    rows, problems = rows_from_xlsx(table, content, choices)
    if not rows:
        return _Step(table, None, problems, focus=f"f-{table.key}")
    notice = f"{table.name} sekarang berisi {len(rows)} baris dari berkas Excel. Periksa, lalu kirim."
    step = _filled(table, [], rows, choices, notice, "")
    return _Step(table, step.rows, {**problems, **step.problems}, notice, step.focus)


def _filled(table: Field, before: Rows, new: Rows, choices: Choices, notice: str, used: str) -> _Step:
    """A cell the sheet had no word for gets the column's first value."""
    fresh = table.new_row
    rows = [*before, *({**fresh, **{key: text for key, text in row.items() if text}} for row in new)]
    found = read_table(table, [Row(number, row) for number, row in enumerate(rows, 1)], choices)
    return _Step(table, rows, found.problems, notice, f"f-{table.key}", used)


def _nothing_uploaded(form: Form, key: str, texts: dict[str, list[str]]) -> Reshaped:
    table = _table(form, key)
    if table is None:
        return Reshaped(texts)
    name = f"{table.key}.{WORKBOOK}"
    return Reshaped(texts, {name: f"{table.name}: berkas Excel belum dipilih. Pilih berkasnya, lalu tekan lagi."}, focus=f"f-{name}")


_ACTS: Mapping[str, Callable[[Field, Submitted, int, Choices], _Step]] = {"tambah": _add, "hapus": _remove, "tempel": _paste}
