"""The register as a spreadsheet: the same rows and columns as the page."""

from collections.abc import Mapping, Sequence
from datetime import date
from io import BytesIO

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties

from app import clock
from app.registers.reading import Entry, Register
from app.words import long_date, short_date

FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_workbook(found: Register, words: Mapping[str, str]) -> bytes:
    """The same table as xlsx. words: {state: how it is called}. A text that a spreadsheet would take for a formula is defused."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None  # noqa: S101 - a new workbook has one
    sheet.title = "Register"
    sheet.append([defused(f"Register Dokumen OPD {found.kind or found.year}")])
    sheet.append([f"Keadaan {long_date(clock.today())}"])
    sheet.append([])
    sheet.append(["No.", "OPD", *(defused(f"{column}{tail}") for column in found.columns for tail in ("", ": tanggal", ": berkas"))])
    for number, unit in enumerate(found.units, start=1):
        row: list[object] = [number, defused(unit.name)]
        for column in found.columns:
            row += _boxes(found.cells.get((unit.id, column), ()), words)
        sheet.append(row)
    totals = [found.totals(column) for column in found.columns]
    sheet.append(["", "Diterima", *(text for got, asked in totals for text in (f"{got} dari {asked}", "", ""))])
    for box in (sheet["A1"], *sheet[4], *sheet[sheet.max_row]):
        box.font = Font(bold=True)
    for boxes in sheet.iter_rows(min_row=5, min_col=2):
        boxes[0].alignment = Alignment(wrap_text=True, vertical="top")
        for box in boxes[1:]:
            box.alignment = Alignment(wrap_text=True, vertical="top")
            if isinstance(box.value, date):
                box.number_format = "DD/MM/YYYY"
    for number in range(1, sheet.max_column + 1):
        sheet.column_dimensions[get_column_letter(number)].width = {1: 6, 2: 48}.get(number, 20)
    sheet.freeze_panes = "C5"
    sheet.print_title_rows = "4:4"
    sheet.page_setup.orientation, sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = "landscape", 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    output = BytesIO()
    book.save(output)
    return output.getvalue()


def _boxes(entries: Sequence[Entry], words: Mapping[str, str]) -> list[object]:
    """State, day and files of a cell: a single document keeps its day as a date, several are told one after another."""
    if not entries:
        return ["", None, ""]
    lead = [f"{entry.period}: " if entry.period else "" for entry in entries]
    states = "; ".join(f"{period}{words.get(entry.state, '')}" for period, entry in zip(lead, entries, strict=True))
    days = [(period, entry.on) for period, entry in zip(lead, entries, strict=True) if entry.on]
    day = days[0][1] if len(entries) == len(days) == 1 else "; ".join(f"{period}{short_date(on)}" for period, on in days) or None
    return [defused(states), day, defused(", ".join(file.filename for entry in entries for file in entry.files))]


def defused(text: str) -> str:
    """A text for a cell: what begins like a formula gets the apostrophe that makes a spreadsheet read it as text."""
    clean = "".join(letter for letter in text if letter.isprintable())
    return f"'{clean}" if text.startswith(FORMULA) or clean.startswith(FORMULA) else clean
