"""A duty as somebody types it, on the page or in the shipped file: texts in, details or one sentence per field out.

Texts of a duty: nama, dasar, catatan, setiap, dari_tahun, hari_sebelum, sejak, kelompok; by its rule peristiwa, bulan_sesudah,
hari_sesudah; or for each hard date n = 1, 2, …: periode_n, hari_n, bulan_n, tahun_n (before | same | after, as a shift "-1", "0", "1").
"""

from calendar import monthrange
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from app.duties.rules import EVENT
from app.errors import InvalidAnswers
from app.models import Duty

RULES: Mapping[str, str] = {"dates": "Tanggal tetap", EVENT: "Sesudah peristiwa yang tanggalnya diisi"}
MONTHS = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November", "Desember",
)  # fmt: skip
SHIFTS: Mapping[str, str] = {"-1": "tahun sebelumnya", "0": "tahun yang sama", "1": "tahun sesudahnya"}
FIRST_YEAR, LAST_YEAR = 2000, 2100
MOST_TERMS = 12
LEAP_YEAR = 2024
_TEXTS = (("nama", "Nama kewajiban", 200, True), ("dasar", "Dasar", 1000, True), ("catatan", "Catatan", 1000, False))
_NUMBERS = (
    ("setiap", "Setiap berapa tahun", 1, 20),
    ("dari_tahun", "Tahun pertama", FIRST_YEAR, LAST_YEAR),
    ("hari_sebelum", "Mulai ditawarkan", 0, 730),
)
_AFTER = (("bulan_sesudah", "Bulan sesudah peristiwa", 0, 60), ("hari_sesudah", "Hari sesudah peristiwa", 0, 730))

Texts = Mapping[str, str]


@dataclass(frozen=True)
class Term:
    """See ``DutyTerm``."""

    period: str
    day: int
    month: int
    shift: int


@dataclass(frozen=True)
class Details:
    """What a duty is to be, but for its SOP and its rule, which stay."""

    name: str
    basis: str
    note: str
    every: int
    from_year: int
    lead_days: int
    since: date
    group: str
    terms: tuple[Term, ...] = ()
    event: str = ""
    after_months: int = 0
    after_days: int = 0


def read_details(rule: str, texts: Texts, periods: Collection[str]) -> Details:
    """periods: those that the SOP's opening form offers. Raises InvalidAnswers with a sentence for every text that cannot be."""
    problems: dict[str, str] = {}
    name, basis, note = (_text(texts, problems, *asked) for asked in _TEXTS)
    terms: tuple[Term, ...] = ()
    event, months, days = "", 0, 0
    if rule == EVENT:
        event = _text(texts, problems, "peristiwa", "Peristiwa", 100, True)
        months, days = (_number(texts, problems, *asked) for asked in _AFTER)
    else:
        terms = _terms(texts, problems, periods)
    every, from_year, lead_days = (_number(texts, problems, *asked) for asked in _NUMBERS)
    since = read_day(texts.get("sejak", ""), "sejak", problems)
    group = texts.get("kelompok", "")
    if not group:
        problems["kelompok"] = "Penanggung jawab belum dipilih."
    if problems or since is None:
        raise InvalidAnswers(problems)
    return Details(name, basis, note, every, from_year, lead_days, since, group, terms, event, months, days)


def texts_of(duty: Duty) -> dict[str, str]:
    """What ``read_details`` reads, of a duty as it is."""
    texts = {
        "nama": duty.name, "dasar": duty.basis, "catatan": duty.note, "setiap": duty.every, "dari_tahun": duty.from_year,
        "hari_sebelum": duty.lead_days, "sejak": duty.since, "kelompok": duty.group_key, "peristiwa": duty.event,
        "bulan_sesudah": duty.after_months, "hari_sesudah": duty.after_days,
    }  # fmt: skip
    for number, term in enumerate(duty.terms, 1):
        parts = (("periode", term.period), ("hari", term.day), ("bulan", term.month), ("tahun", term.shift))
        texts |= {f"{part}_{number}": value for part, value in parts}
    return {key: str(value) for key, value in texts.items()}


def read_day(text: str, key: str, problems: dict[str, str]) -> date | None:
    """A date within the years that duties know; else None and a sentence."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        problems[key] = f"“{text[:20]}” bukan tanggal. Contoh: 2026-03-12." if text else "Tanggal belum diisi."
        return None
    if FIRST_YEAR <= day.year <= LAST_YEAR:
        return day
    problems[key] = f"Isi tanggal dari tahun {FIRST_YEAR} sampai {LAST_YEAR}."
    return None


def term_words(period: str, day: int, month: int, shift: int) -> str:
    """ "Semester I: 31 Juli tahun yang sama"."""
    return f"{period + ': ' if period else ''}{day} {MONTHS[month - 1]} {SHIFTS[str(shift)]}"


def _terms(texts: Texts, problems: dict[str, str], periods: Collection[str]) -> tuple[Term, ...]:
    found: list[Term] = []
    for number in range(1, MOST_TERMS + 1):
        period, day, month, shift = (texts.get(f"{key}_{number}", "") for key in ("periode", "hari", "bulan", "tahun"))
        if not (period or day or month):
            continue
        taken = [one.period for one in found]
        if problem := _day_problem(day, month, shift) or _period_problem(period, periods, taken):
            problems[f"batas_{number}"] = problem
        else:
            found.append(Term(period, int(day), int(month), int(shift)))
    if not found and not any(key.startswith("batas_") for key in problems):
        problems["batas_1"] = "Isi sedikitnya satu batas waktu: tanggal dan bulan."
    return tuple(found)


def _day_problem(day: str, month: str, shift: str) -> str:
    if not (_is_number(month) and 1 <= int(month) <= len(MONTHS)):
        return "Bulan belum dipilih."
    name, longest = MONTHS[int(month) - 1], monthrange(LEAP_YEAR, int(month))[1]
    if not (_is_number(day) and 1 <= int(day) <= longest):
        return f"Isi tanggal 1 sampai {longest} untuk bulan {name}."
    return "" if shift in SHIFTS else "Pilih tahun batas waktu."


def _period_problem(period: str, periods: Collection[str], taken: Collection[str]) -> str:
    if period and period not in periods:
        return f"Periode “{period[:100]}” tidak ada pada formulir pembuka SOP ini."
    if period in taken:
        return f"Periode “{period}” tertulis dua kali." if period else "Batas waktu tanpa periode cukup satu."
    return ""


def _text(texts: Texts, problems: dict[str, str], key: str, label: str, longest: int, is_required: bool) -> str:
    text = texts.get(key, "")
    if is_required and not text:
        problems[key] = f"{label} belum diisi."
    elif len(text) > longest:
        problems[key] = f"{label} paling banyak {longest} huruf."
    elif not text.isprintable():
        problems[key] = f"{label} memuat tanda yang tidak dapat disimpan."
    return text


def _number(texts: Texts, problems: dict[str, str], key: str, label: str, least: int, most: int) -> int:
    text = texts.get(key, "")
    if _is_number(text) and least <= int(text) <= most:
        return int(text)
    problems[key] = f"{label}: isi angka {least} sampai {most}."
    return least


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 6
