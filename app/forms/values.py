"""Posted texts of one field to its JSON value."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta, timezone

from app.forms.model import JSON, ONE_OF, TEXTS, Field, Option

WIB = timezone(timedelta(hours=7), "WIB")
MONTHS = ("Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November", "Desember")
YEARS = (1900, 2199)
ON = frozenset({"ya", "on", "true", "1"})
OFF = frozenset({"tidak", "off", "false", "0", ""})
MAX_DIGITS = 40

_NUMBER = re.compile(r"([+-]?)([0-9]{1,3}(?:\.[0-9]{3})+|[0-9]+)(?:,([0-9]+))?", re.ASCII)
_ISO_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", re.ASCII)
_DAY_FIRST = re.compile(r"([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4})", re.ASCII)
_IN_WORDS = re.compile(r"([0-9]{1,2}) ([A-Za-z]+) ([0-9]{4})", re.ASCII)
_TIME = re.compile(r"([0-9]{1,2})[:.]([0-9]{2})(?:[:.]([0-9]{2}))?", re.ASCII)
_STAMP = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ](.+)", re.ASCII)
_EXAMPLES = {
    "date": "tanggal, misalnya 12/03/2026",
    "time": "jam, misalnya 10.42",
    "datetime": "tanggal dan jam, misalnya 2026-03-12 10.42",
}
# Right-to-left overrides make a text read otherwise than it is stored.
_OVERRIDES = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class Unreadable(Exception):
    """``str(error)`` completes the sentence "<label> …"; `short` is what stands in a table, after "baris 3, kolom Target: "."""

    def __init__(self, phrase: str, short: str = "") -> None:
        super().__init__(phrase)
        self.short = short or phrase


def value_of(field: Field, texts: Sequence[str], options: Sequence[Option]) -> JSON:
    """The value; None where nothing was answered. Raises Unreadable.

    Bounds, patterns and required fields are the schema's business, not judged here.
    """
    if field.is_many:
        return _several(texts, options)
    if len(texts) > 1:
        raise Unreadable("diisi lebih dari satu kali. Kirim satu jawaban saja.")
    raw = clean(texts[0] if texts else "", field.type == "textarea")
    if field.type == "checkbox":
        return _ticked(raw)
    if not raw:
        return None
    if field.type in TEXTS:
        # Here, not by the schema: the validator would try the pattern on the long text as well.
        if field.max_length is not None and len(raw) > field.max_length:
            raise Unreadable(f"terlalu panjang: paling banyak {field.max_length} huruf.")
        return raw
    if field.type in ONE_OF:
        return _one(raw, options)
    return _number(field, raw) if field.type == "number" else _moment(field, raw)


def clean(raw: str, several_lines: bool) -> str:
    """Trimmed, NFC; line ends as "\\n", or as blanks where one line is asked for. Raises Unreadable on control characters."""
    lines = raw.replace("\r\n", "\n").replace("\r", "\n")
    kept = lines if several_lines else lines.replace("\n", " ").replace("\t", " ")
    if any((c in _OVERRIDES or unicodedata.category(c) in ("Cc", "Cs")) and c not in "\n\t" for c in kept):
        raise Unreadable("memuat huruf tak tampak yang tidak diizinkan. Ketik ulang isian ini.")
    return unicodedata.normalize("NFC", kept).strip()


def _several(texts: Sequence[str], options: Sequence[Option]) -> JSON:
    chosen = {clean(raw, False) for raw in texts} - {""}
    if chosen - {o.value for o in options}:
        raise Unreadable("memuat pilihan yang tidak ada dalam daftar. Pilih dari daftar.")
    # In the order of the list, whatever the order of the post: the same answer is always the same value.
    return [o.value for o in options if o.value in chosen] or None


def _ticked(raw: str) -> bool:
    if raw.lower() in ON:
        return True
    if raw.lower() in OFF:
        return False
    raise Unreadable("hanya dapat dicentang atau tidak.")


def _one(raw: str, options: Sequence[Option]) -> str:
    if raw in {o.value for o in options}:
        return raw
    raise Unreadable("berisi pilihan yang tidak ada dalam daftar. Pilih dari daftar.", f"“{raw[:60]}” tidak ada dalam daftar.")


def matched(raw: str, options: Sequence[Option]) -> str:
    """The option value that a value or a label stands for, else the text itself: spreadsheets hold labels."""
    wanted = " ".join(raw.split()).casefold()
    if any(o.value == raw for o in options):
        return raw
    return next((o.value for o in options if wanted in (o.label.casefold(), o.value.casefold())), raw)


def _number(field: Field, raw: str) -> int | float:
    found = _NUMBER.fullmatch(raw.replace(" ", "").removeprefix("Rp").removesuffix("%"))
    if found is None or len(raw) > MAX_DIGITS:
        example = "angka, misalnya 2025" if field.decimals == 0 else "angka dengan koma desimal, misalnya 1.234,5"
        raise Unreadable(f"harus berupa {example}.", "bukan angka.")
    sign, whole, decimals = found[1], found[2].replace(".", ""), (found[3] or "").rstrip("0")
    if field.decimals is not None and len(decimals) > field.decimals:
        raise Unreadable("harus bilangan bulat." if field.decimals == 0 else f"paling banyak {field.decimals} angka di belakang koma.")
    return float(f"{sign}{whole}.{decimals}") if decimals else int(f"{sign}{whole}")


def _moment(field: Field, raw: str) -> str:
    try:
        if field.subtype == "time":
            return read_time(raw).isoformat()
        if field.subtype == "date":
            return read_date(raw).isoformat()
        return _stamp(raw).isoformat()
    except ValueError as error:
        raise Unreadable(f"harus berupa {_EXAMPLES[field.subtype]}.", f"bukan {_EXAMPLES[field.subtype]}.") from error


def read_date(raw: str) -> date:
    """ISO, day first with "/", "-" or ".", or in words. Raises ValueError."""
    if found := _ISO_DATE.fullmatch(raw):
        year, month, day = (int(part) for part in found.groups())
    elif found := _DAY_FIRST.fullmatch(raw):
        day, month, year = (int(part) for part in found.groups())
    elif (found := _IN_WORDS.fullmatch(raw)) and found[2].capitalize() in MONTHS:
        day, month, year = int(found[1]), MONTHS.index(found[2].capitalize()) + 1, int(found[3])
    else:
        raise ValueError(raw)
    if not YEARS[0] <= year <= YEARS[1]:
        raise ValueError(raw)
    return date(year, month, day)


def read_time(raw: str) -> time:
    found = _TIME.fullmatch(raw)
    if found is None:
        raise ValueError(raw)
    return time(int(found[1]), int(found[2]), int(found[3] or 0))


def _stamp(raw: str) -> datetime:
    """A browser's local date and time is the office's (WIB); our own stored form is read back too."""
    found = _STAMP.fullmatch(raw.removesuffix("+07:00"))
    if found is None:
        raise ValueError(raw)
    return datetime.combine(read_date(found[1]), read_time(found[2]), WIB)
