"""Tables to and from Excel workbooks (.xlsx). A workbook from outside is taken as hostile."""

import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time
from itertools import repeat, zip_longest
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from app.forms.model import JSON, MAX_ROWS, Choices, Field
from app.forms.pasting import MAX_CELL, Sheet, read_sheet, too_many
from app.forms.rows import Row, cell_label, cell_name
from app.forms.showing import number_text
from app.forms.tables import cell_value, read_table
from app.forms.values import Unreadable, read_date

MAX_BYTES = 5 * 1024 * 1024
# Unpacked; a megabyte of empty tags costs seconds, and five hundred rows need less than two.
MAX_UNPACKED = 6 * 1024 * 1024  # of all parts together
MAX_OTHER_PART = 512 * 1024  # of styles and such, which the library reads whole
MAX_PARTS = 300
MAX_TEXT = 4_000_000  # characters in the cells that are read: one long text may be used by many cells
NO_RESULT = "\ue000 rumus tanpa hasil"  # stands in for a formula's missing result; nobody types a private letter
READ_LINES = 2000  # looked at, for blank lines between
READ_COLUMNS = 100

_UNREADABLE = "Berkas Excel ini tidak dapat dibaca. Simpan ulang sebagai “Excel Workbook (.xlsx)”, lalu unggah lagi."
_TOO_BIG = "Berkas Excel ini terlalu besar. Hapus lembar dan gambar yang tidak perlu, lalu unggah lagi (paling besar 5 MB)."
_FORMATS = {"date": "dd/mm/yyyy", "time": "hh.mm", "datetime": "dd/mm/yyyy hh.mm"}

_FORMULA = re.compile(rb"<(?:[A-Za-z0-9_]+:)?f[ />]")

Problems = dict[str, str]


class Refused(Exception):
    """``str(error)`` is the whole Indonesian sentence."""


def table_to_xlsx(table: Field, rows: Sequence[Mapping[str, JSON]] = (), choices: Choices | None = None) -> bytes:
    """One sheet: headings, the rows, and formats for the empty lines below them.

    rows: {column: value as stored, or text as typed}. Texts stay texts, also those that begin like a formula.
    """
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)  # noqa: S101 - a new workbook has one
    sheet.title = _sheet_title(table.name)
    sheet.freeze_panes = "A2"
    for place, column in enumerate(table.columns, 1):
        _put_text(sheet.cell(1, place), column.label)
        sheet.cell(1, place).font = Font(bold=True)
        sheet.cell(1, place).alignment = Alignment(wrap_text=True, vertical="top")
        sheet.column_dimensions[get_column_letter(place)].width = 42 if column.type == "textarea" else max(14, len(column.label) + 4)
        _offer(sheet, place, column, choices or {})
        for line in range(len(rows) + 2, len(rows) + 52):
            _format(sheet.cell(line, place), column)
    for line, row in enumerate(rows, 2):
        for place, column in enumerate(table.columns, 1):
            _put(sheet.cell(line, place), column, row.get(column.key), choices or {})
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def rows_from_xlsx(table: Field, content: bytes, choices: Choices | None = None) -> tuple[list[dict[str, str]], Problems]:
    """(rows of raw texts as people would have typed them, {posted name: sentence}); no rows where the problem is the whole file.

    The first sheet is read. Formulas are never run: the result that Excel stored is taken, without one the cell is a problem.
    """
    try:
        sheet = read_sheet(table, lines_of_xlsx(content))
        if not sheet.has_head:
            raise Refused("Judul kolom tidak ditemukan dalam berkas Excel ini. Pakai “Unduh format isian”, isi, lalu unggah lagi.")
        if not sheet.rows:
            raise Refused("Berkas Excel ini belum berisi baris. Isi di bawah judul kolom, lalu unggah lagi.")
        if many := too_many(table, len(sheet.rows)):
            raise Refused(many)
    except Refused as error:
        return [], {table.key: str(error)}
    return sheet.rows, _problems(table, sheet, choices or {})


def lines_of_xlsx(content: bytes, most: int = READ_LINES) -> list[list[str]]:
    """The cells of the first sheet as people would type them, at most so many lines, empty ones included. A formula without a result is
    NO_RESULT. Raises Refused for what is no workbook, or is too large.
    """
    return _lines(content, _check_archive(content), most)


def _problems(table: Field, sheet: Sheet, choices: Choices) -> Problems:
    """Formulas without a result, cells that cannot be read, and columns that must be there; the first are emptied."""
    problems: Problems = {}
    for number, row in enumerate(sheet.rows, 1):
        for column in table.columns:
            if row.get(column.key) == NO_RESULT:
                row[column.key] = ""
                words = "rumus tanpa hasil. Buka dan simpan berkasnya di Excel, lalu unggah lagi."
                problems[cell_name(table.key, number, column.key)] = f"{cell_label(table, number, column)}: {words}"
    problems |= read_table(table, [Row(number, row) for number, row in enumerate(sheet.rows, 1)], choices).problems
    for column in table.columns:
        if column.required and column.key not in sheet.columns:
            problems.setdefault(table.key, f"{table.name}: kolom “{column.label}” tidak ada dalam berkas Excel ini.")
    return problems


def _check_archive(content: bytes) -> bool:
    """How large it says it is, before anything is unpacked (zipfile never reads more than that); then what is in it.

    True where a sheet has formulas.
    """
    if len(content) > MAX_BYTES:
        raise Refused(_TOO_BIG)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            text = [part for part in parts if part.filename.lower().endswith((".xml", ".rels"))]
            if len(parts) > MAX_PARTS or sum(part.file_size for part in text) > MAX_UNPACKED:
                raise Refused(_TOO_BIG)
            if any(part.file_size > MAX_OTHER_PART and not _holds_cells(part.filename) for part in text):
                raise Refused(_TOO_BIG)
            formulas = False
            for part in text:
                content_of = archive.read(part)
                formulas = formulas or ("/worksheets/" in part.filename and _FORMULA.search(content_of) is not None)
                # No workbook has entities; a text in UTF-16 could hide them from this search.
                if any(mark in content_of for mark in (b"<!DOCTYPE", b"<!ENTITY", b"\x00")):
                    raise Refused(_UNREADABLE)
            return formulas
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, ValueError, OSError, zlib.error) as error:
        raise Refused(_UNREADABLE) from error  # no archive, a password, an unknown compression, broken data


def _holds_cells(name: str) -> bool:
    return "/worksheets/" in name or name.lower().endswith("sharedstrings.xml")


def _lines(content: bytes, has_formulas: bool, most: int) -> list[list[str]]:
    """The cells of the first sheet as texts. Formulas are found by reading once more without their results."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of extensions that openpyxl does not know
            results = _cells(content, most, data_only=True)
            written = _cells(content, most, data_only=False) if has_formulas else repeat(())
            lines = [_texts(line, formulas) for line, formulas in zip(results, written, strict=False)]
    except Refused:
        raise
    except Exception as error:  # the library raises whatever a broken part leads to: KeyError, ValueError, ParseError, …
        raise Refused(_UNREADABLE) from error
    if sum(len(text) for line in lines for text in line) > MAX_TEXT:
        raise Refused(_TOO_BIG)
    return lines


def _texts(results: Sequence[Any], written: Sequence[Any]) -> list[str]:
    return [
        NO_RESULT if cell.value is None and formula is not None and formula.data_type == "f" else _text(cell)
        for cell, formula in zip_longest(results, written)
        if cell is not None
    ]


def _cells(content: bytes, most: int, data_only: bool) -> Iterator[Sequence[Any]]:
    book = load_workbook(io.BytesIO(content), read_only=True, data_only=data_only, keep_links=False)
    sheets = book.worksheets
    if not sheets:
        raise Refused(_UNREADABLE)
    # Bounds of our own: a sheet may say that it has a million lines, or sixteen thousand columns.
    return iter(sheets[0].iter_rows(max_row=most, max_col=READ_COLUMNS))


def _text(cell: Any) -> str:
    """As a person would have typed it: decimal comma, dates by year, "ya" for true."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    if isinstance(value, int | float):
        # A share of one is shown as per cent; fifteen digits are what Excel itself keeps.
        number = value * 100 if "%" in str(cell.number_format) else value
        return number_text(float(f"{number:.15g}") if isinstance(number, float) else number, grouped=False)[:MAX_CELL]
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    if isinstance(value, datetime):
        return value.isoformat(timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    return f"{value:%H:%M}" if isinstance(value, time) else str(value)[: MAX_CELL + 1]


def _sheet_title(name: str) -> str:
    return "".join("-" if letter in "[]:*?/\\'" else letter for letter in _clean(name))[:31].strip() or "Isian"


def _offer(sheet: Worksheet, place: int, column: Field, choices: Choices) -> None:
    """A list to choose from, where Excel can hold it in the cell: 255 characters, none of them a comma or a quote."""
    labels = [option.label for option in column.options_from(choices)]
    written = ",".join(labels)
    if not labels or len(written) > 250 or any(mark in label for label in labels for mark in ',"'):
        return
    offer = DataValidation(type="list", formula1=f'"{written}"', allow_blank=True)
    letter = get_column_letter(place)
    offer.add(f"{letter}2:{letter}{MAX_ROWS + 1}")
    sheet.add_data_validation(offer)


def _put(cell: Cell | MergedCell, column: Field, value: JSON, choices: Choices) -> None:
    """Stored or typed, a value goes out as a number or a date where it can be read as one, else as the text it is."""
    _format(cell, column)
    if isinstance(value, str) and column.type in ("number", "datetime"):
        try:
            value = cell_value(column, value, ())
        except Unreadable:
            return _put_text(cell, str(value))
    if isinstance(value, bool):
        return _put_text(cell, "ya" if value else "")
    if isinstance(value, int | float):
        cell.value = value
        return None
    if column.subtype == "date" and isinstance(value, str):
        cell.value = read_date(value)
        return None
    text = "" if value is None else str(value)
    return _put_text(cell, next((o.label for o in column.options_from(choices) if o.value == text), text))


def _put_text(cell: Cell | MergedCell, text: str) -> None:
    """As a text, whatever it begins with: "=", "+", "-" and "@" must never be run by whoever opens the file."""
    if text:
        cell.value = _clean(text)[:32_767]
        cell.data_type = "s"  # after the value: the library takes "=…" for a formula
        cell.quotePrefix = True


def _format(cell: Cell | MergedCell, column: Field) -> None:
    if column.type == "number":
        cell.number_format = "#,##0" if column.decimals == 0 else "#,##0.##"
    elif column.type == "datetime":
        cell.number_format = _FORMATS[column.subtype]
    else:
        cell.number_format = "@"
        cell.alignment = Alignment(wrap_text=True, vertical="top")


def _clean(text: str) -> str:
    """Without what XML cannot hold."""
    return ILLEGAL_CHARACTERS_RE.sub("", text).encode("utf-8", "replace").decode("utf-8")
