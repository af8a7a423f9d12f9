"""CSV files as spreadsheets and questionnaires write them, line by line. A file from outside is taken as hostile."""

import codecs
import csv
import io
from collections.abc import Generator, Iterator
from typing import IO

from app.forms.sheets import Refused

MAX_LINE = 20_000  # characters
MAX_LINES = 20  # of one row: cells between quotes may hold line breaks
CHUNK = 64 * 1024
MARKS = ("\t", ";", ",")  # the comma last: here it is a decimal mark
BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))

_UNREADABLE = "Berkas ini tidak dapat dibaca sebagai CSV. Simpan ulang dari Excel sebagai “CSV UTF-8”, lalu unggah lagi."


def is_workbook(file: IO[bytes]) -> bool:
    """By its first bytes; the file stands at its beginning again."""
    file.seek(0)
    first = file.read(4)
    file.seek(0)
    return first == b"PK\x03\x04"


def csv_lines(file: IO[bytes], columns: int) -> Generator[tuple[int, list[str]]]:
    """(number of its first line, cells) of each row, the heading too; no more than a row is held in memory.

    columns: how many a row has at least; of tab, ";" and "," the first that can make so many in one of the first lines stands between them.
    Encodings: UTF-8, UTF-16 with its mark, else Windows-1252. Raises Refused. Close it before the file where it is not read to its end.
    """
    encoding = _encoding(file)
    file.seek(0)
    text = io.TextIOWrapper(file, encoding, newline="")
    try:
        yield from _rows(text, *_mark(text, columns))
    except (csv.Error, UnicodeError) as error:
        raise Refused(_UNREADABLE) from error
    finally:
        text.detach()  # the file is its caller's


def _rows(text: io.TextIOWrapper, mark: str, skipped: int) -> Iterator[tuple[int, list[str]]]:
    lines = _Lines(text)
    reader = csv.reader(lines, delimiter=mark, strict=True)
    line = skipped + 1
    for cells in reader:
        yield line, cells
        line = skipped + reader.line_num + 1
        lines.of_row = 0


class _Lines:
    """No longer than MAX_LINE; no more than MAX_LINES for one row: a quote that is never closed would swallow the file."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self.text = text
        self.of_row = 0

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self.text.readline(MAX_LINE + 1)
        if not line:
            raise StopIteration
        self.of_row += 1
        if len(line) > MAX_LINE or self.of_row > MAX_LINES:
            raise Refused(_UNREADABLE)
        return line


def _mark(text: io.TextIOWrapper, columns: int) -> tuple[str, int]:
    """(what stands between cells, lines before the rows: Excel writes "sep=;"). The text then stands at the first row."""
    first = text.readline(MAX_LINE)
    if first.lower().startswith("sep=") and first[4:5] in MARKS and first[4:5]:
        return first[4], 1
    head = [first, *(text.readline(MAX_LINE) for _ in range(20))]
    text.seek(0)
    return next((mark for mark in MARKS if any(line.count(mark) >= columns - 1 for line in head)), MARKS[-1]), 0


def _encoding(file: IO[bytes]) -> str:
    first = file.read(4)
    file.seek(0)
    if found := next((encoding for bom, encoding in BOMS if first.startswith(bom)), None):
        return found
    for encoding in ("utf-8", "cp1252"):
        if _decodes(file, encoding):
            return encoding
    raise Refused(_UNREADABLE)


def _decodes(file: IO[bytes], encoding: str) -> bool:
    file.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        while chunk := file.read(CHUNK):
            if "\x00" in decoder.decode(chunk):
                return False
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
