"""Raw answers of a survey (SKM), CSV or Excel, to what a form keeps: sums and counts. No answer of one person outlives the call.

Only U1 to U9 and four traits of the respondents are read. A file with names, phone numbers or the like is refused whole (UU 27/2022).
Every row is judged before anything is given back: a file with one wrong cell gives nothing but the sentences about it.
"""

from collections.abc import Iterable, Sequence
from contextlib import closing
from typing import IO

from app.errors import InvalidAnswers
from app.forms import Refused, csv_lines, is_workbook, lines_of_xlsx
from app.formulas.satisfaction import COLUMNS
from app.survey_answers.gathering import MAX_PROBLEMS, Gathering, Survey
from app.survey_answers.heading import HEAD_LINES, find_heading

__all__ = ["MAX_BYTES", "MAX_PROBLEMS", "MAX_ROWS", "MAX_WORKBOOK_ROWS", "Survey", "read_answers"]

MAX_BYTES = 25 * 1_048_576
MAX_ROWS = 100_000
MAX_WORKBOOK_ROWS = 20_000  # a workbook is unpacked and read whole
LINES_A_ROW = 10  # on average, blank lines and line breaks in cells included


def read_answers(file: IO[bytes]) -> Survey:
    """file: CSV (tab, ";" or ","; UTF-8, UTF-16 or Windows-1252) or xlsx; it can be sought in, and stays open.

    Raises InvalidAnswers: {"line.column": sentence}, the first MAX_PROBLEMS and how many more; {"berkas": sentence} about the whole file.
    """
    try:
        if file.seek(0, 2) > MAX_BYTES:
            raise Refused(f"Berkas ini terlalu besar. Paling besar {MAX_BYTES // 1_048_576} MB.")
        if is_workbook(file):
            return _read(enumerate(_workbook(file), 1), MAX_WORKBOOK_ROWS, " Simpan sebagai CSV, lalu unggah lagi.")
        with closing(csv_lines(file, len(COLUMNS))) as lines:
            return _read(lines, MAX_ROWS, " Bagi menjadi beberapa berkas.")
    except Refused as error:
        raise InvalidAnswers({"berkas": str(error)}) from error


def _workbook(file: IO[bytes]) -> list[list[str]]:
    try:
        return lines_of_xlsx(file.read(), MAX_WORKBOOK_ROWS + HEAD_LINES + 1)
    except Refused as error:
        raise Refused(f"{error} Atau simpan sebagai CSV.") from error


def _read(lines: Iterable[tuple[int, Sequence[str]]], most: int, advice: str) -> Survey:
    rest = iter(lines)
    gathering = Gathering(find_heading(rest))
    for line, cells in rest:
        if line > LINES_A_ROW * most:
            raise Refused("Berkas ini memuat terlalu banyak baris kosong. Hapus baris kosongnya, lalu unggah lagi.")
        if not any(map(str.strip, cells)):
            continue
        if gathering.rows == most:
            raise Refused(f"Berkas ini berisi lebih dari {most:,} baris.".replace(",", ".") + advice)
        gathering.add(line, cells)
    return gathering.survey()
