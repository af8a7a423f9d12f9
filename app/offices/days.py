"""Days that people type into registers, and from when until when something holds."""

from datetime import date
from typing import Protocol

from sqlalchemy import ColumnElement, and_, or_
from sqlalchemy.orm import InstrumentedAttribute

from app.words import short_date

FIRST, LAST = date(1945, 1, 1), date(2199, 12, 31)


class Dated(Protocol):
    @property
    def valid_from(self) -> date: ...
    @property
    def valid_to(self) -> date | None: ...


def holds_on(row: Dated, day: date) -> bool:
    return row.valid_from <= day and (row.valid_to is None or row.valid_to >= day)


def held_on(valid_from: InstrumentedAttribute[date], valid_to: InstrumentedAttribute[date | None], day: date) -> ColumnElement[bool]:
    return and_(valid_from <= day, or_(valid_to.is_(None), valid_to >= day))


def span_problems(valid_from: date | None, valid_to: date | None, label_from: str = "Mulai berlaku") -> dict[str, str]:
    """{"mulai": …, "sampai": …}; without a first day, or with a last one before it, or a year nobody means."""
    problems = {}
    if valid_from is None:
        problems["mulai"] = f"{label_from} belum diisi dengan tanggal."
    elif not FIRST <= valid_from <= LAST:
        problems["mulai"] = f"Periksa tahun pada {label_from}: {valid_from.year}."
    if valid_to is not None and not FIRST <= valid_to <= LAST:
        problems["sampai"] = f"Periksa tahun pada tanggal berakhir: {valid_to.year}."
    elif valid_from and valid_to and valid_to < valid_from:
        problems["sampai"] = "Tanggal berakhir tidak boleh sebelum tanggal mulai berlaku."
    return problems


def span_words(valid_from: date, valid_to: date | None) -> str:
    """ "sejak 1 Jan 2026 sampai 31 Des 2026"."""
    return f"sejak {short_date(valid_from)}{f' sampai {short_date(valid_to)}' if valid_to else ''}"


def text_problem(label: str, text: str, longest: int, required: bool = True) -> str:
    """ "" when good."""
    if required and not text:
        return f"{label} belum diisi."
    if not text.isprintable():
        return f"{label} memuat tanda yang tidak dapat disimpan."
    return f"{label} paling banyak {longest} huruf." if len(text) > longest else ""
