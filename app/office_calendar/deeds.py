"""What an admin does to the calendar: hours, Ramadans and days are added, changed and removed, and open tasks are reckoned again.

Each deed is logged, and its event is the number under which every process keeps the calendar it built.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import worktime
from app.access import Actor
from app.db import hold_cases
from app.errors import Forbidden, InvalidAnswers, NotFound
from app.models import CalendarDay, OfficeHours, Ramadan
from app.office_calendar.building import SUBJECT, WORKED, build_calendar
from app.office_calendar.reckoning import reckon_open_tasks
from app.office_calendar.spans import keep_spans, read_spans, span_words
from app.office_calendar.typed_hours import read_hours
from app.offices import events
from app.offices.days import text_problem
from app.words import long_date

KINDS: Mapping[str, str] = {
    "libur-nasional": "Libur nasional", "cuti-bersama": "Cuti bersama", "libur-daerah": "Libur daerah", WORKED: "Masuk kerja",
}  # fmt: skip
FIRST, LAST = date(2000, 1, 1), date(2199, 12, 31)  # what a calendar of ours may speak of
LONGEST_FAST = timedelta(days=31)
Row = CalendarDay | OfficeHours | Ramadan
RowKind = Literal["hari", "jam", "ramadan"]
ROWS: Mapping[RowKind, type[Row]] = {"hari": CalendarDay, "jam": OfficeHours, "ramadan": Ramadan}


@dataclass(frozen=True)
class DayDetails:
    """One day off, or worked after all. decree: by what, with number and date."""

    day: date | None
    kind: str
    name: str
    decree: str


@dataclass(frozen=True)
class HoursDetails:
    """since: first day. times: texts by field, see ``typed_hours.TIMES``."""

    since: date | None
    times: Mapping[str, str]
    decree: str


@dataclass(frozen=True)
class RamadanDetails:
    first: date | None
    last: date | None
    times: Mapping[str, str]
    decree: str


Details = DayDetails | HoursDetails | RamadanDetails


def require_admin(actor: Actor) -> None:
    """Raises Forbidden."""
    if not actor.is_admin:
        raise Forbidden("Kalender kerja diubah oleh admin.")


def row_for(session: Session, actor: Actor, kind: RowKind, number: int) -> Row:
    """For its form. Raises Forbidden, NotFound."""
    require_admin(actor)
    row: Row | None = session.get(ROWS[kind], number)  # type: ignore[assignment]
    if row is None:
        raise NotFound
    return row


def keep_row(session: Session, actor: Actor, kind: RowKind, number: int | None, wanted: Details, edition: int = 0) -> Row:
    """number: None for a new row. The same twice is one. Raises Forbidden, NotFound, InvalidAnswers, Conflict."""
    require_admin(actor)
    hold_cases(session)
    row = row_for(session, actor, kind, number) if number is not None else ROWS[kind]()
    before = row_words(row) if number is not None else ""
    if same := _same(session, wanted, number):
        return same
    if problems := _problems(session, wanted, number):
        raise InvalidAnswers(problems)
    if number is not None:
        events.refuse_outdated(session, SUBJECT, edition, "Kalender kerja")
    _write(row, wanted)
    session.add(row)
    told = row_words(row) + (f" (sebelumnya: {before})" if before else "")
    _take_effect(session, actor, "changed" if before else "added", told)
    return row


def remove_row(session: Session, actor: Actor, kind: RowKind, number: int, edition: int) -> str:
    """What the library says holds again. What was removed, in words. Raises Forbidden, NotFound, Conflict."""
    require_admin(actor)
    hold_cases(session)
    row = row_for(session, actor, kind, number)
    events.refuse_outdated(session, SUBJECT, edition, "Kalender kerja")
    told = row_words(row)
    session.delete(row)
    _take_effect(session, actor, "removed", told)
    return told


def row_words(row: Row) -> str:
    """ "Libur daerah 5 Juni 2026: HUT Kabupaten (SE Bupati 5/2026)"."""
    if isinstance(row, CalendarDay):
        return f"{KINDS[row.kind]} {long_date(row.day)}: {row.name} ({row.decree})"
    hours = f"Senin–Kamis {span_words(read_spans(row.ordinary))}; Jumat {span_words(read_spans(row.friday))} WIB ({row.decree})"
    if isinstance(row, Ramadan):
        return f"Ramadan {long_date(row.first_day)} sampai {long_date(row.last_day)}: {hours}"
    return f"Jam kerja sejak {long_date(row.valid_from)}: {hours}"


def _take_effect(session: Session, actor: Actor, deed: events.Deed, told: str) -> None:
    """In the same transaction: no task keeps a deadline that the calendar no longer gives."""
    session.flush()
    moved = reckon_open_tasks(session, build_calendar(session))
    events.record(session, actor, SUBJECT, deed, f"{told}. Batas waktu {moved} tugas terbuka dihitung ulang." if moved else f"{told}.")


def _same(session: Session, wanted: Details, number: int | None) -> CalendarDay | None:
    """A day that is kept in these very words: the double click."""
    if not isinstance(wanted, DayDetails) or wanted.day is None:
        return None
    row = session.scalar(select(CalendarDay).where(CalendarDay.day == wanted.day))
    same = row is not None and number in (None, row.id) and (row.kind, row.name, row.decree) == (wanted.kind, wanted.name, wanted.decree)
    return row if same else None


def _problems(session: Session, wanted: Details, number: int | None) -> dict[str, str]:
    if isinstance(wanted, DayDetails):
        problems = _day_problems(session, wanted, number)
    elif isinstance(wanted, HoursDetails):
        problems = _hours_problems(session, wanted, number)
    else:
        problems = _ramadan_problems(session, wanted, number)
    if told := text_problem("Menurut keputusan", wanted.decree, 200):
        problems["dasar"] = told
    return problems


def _day_problems(session: Session, wanted: DayDetails, number: int | None) -> dict[str, str]:
    problems = {}
    if told := _date_problem("Tanggal", wanted.day):
        problems["tanggal"] = told
    if wanted.kind not in KINDS:
        problems["jenis"] = "Jenis belum dipilih."
    if told := text_problem("Nama", wanted.name, 200):
        problems["nama"] = told
    if not problems and wanted.day is not None and (told := _place_problem(session, wanted.day, wanted.kind, number)):
        problems["tanggal"] = told
    return problems


def _place_problem(session: Session, day: date, kind: str, number: int | None) -> str:
    """What already holds on that day."""
    row = session.scalar(select(CalendarDay).where(CalendarDay.day == day))
    if row is not None and row.id != number:
        return f"{long_date(day)} sudah tercatat sebagai {KINDS[row.kind].lower()}: {row.name}. Ubah atau hapus catatan itu."
    known = worktime.holiday_name(day)
    if kind != WORKED:
        return f"{long_date(day)} sudah libur menurut pustaka: {known}." if known else ""
    if not known:
        return f"{long_date(day)} bukan hari libur, jadi tidak perlu dicatat masuk kerja."
    if day.weekday() >= worktime.SATURDAY:
        return f"{long_date(day)} jatuh pada Sabtu atau Minggu; kantor tetap tutup."
    return ""


def _hours_problems(session: Session, wanted: HoursDetails, number: int | None) -> dict[str, str]:
    _hours, problems = read_hours(wanted.times)
    if told := _date_problem("Berlaku sejak", wanted.since):
        problems["mulai"] = told
    row = session.scalar(select(OfficeHours).where(OfficeHours.valid_from == wanted.since)) if wanted.since else None
    if row is not None and row.id != number:
        problems["mulai"] = f"Jam kerja sejak {long_date(row.valid_from)} sudah tercatat. Ubah catatan itu."
    return problems


def _ramadan_problems(session: Session, wanted: RamadanDetails, number: int | None) -> dict[str, str]:
    _hours, problems = read_hours(wanted.times)
    for key, label, day in (("mulai", "Hari pertama", wanted.first), ("sampai", "Hari terakhir", wanted.last)):
        if told := _date_problem(label, day):
            problems[key] = told
    if wanted.first is None or wanted.last is None or {"mulai", "sampai"} & problems.keys():
        return problems
    if wanted.last < wanted.first:
        problems["sampai"] = "Hari terakhir tidak boleh sebelum hari pertama."
    elif wanted.last - wanted.first >= LONGEST_FAST:
        problems["sampai"] = "Ramadan paling lama 30 hari. Periksa kedua tanggalnya."
    overlapping = select(Ramadan).where(Ramadan.first_day <= wanted.last, Ramadan.last_day >= wanted.first)
    other = next((row for row in session.scalars(overlapping) if row.id != number), None)
    if other is not None:
        span = f"{long_date(other.first_day)} sampai {long_date(other.last_day)}"
        problems.setdefault("mulai", f"Bertumpuk dengan Ramadan {span} yang sudah tercatat. Ubah catatan itu.")
    return problems


def _date_problem(label: str, day: date | None) -> str:
    if day is None:
        return f"{label} belum diisi dengan tanggal."
    return "" if FIRST <= day <= LAST else f"Periksa tahun pada {label}: {day.year}."


def _write(row: Row, wanted: Details) -> None:
    row.decree = wanted.decree
    if isinstance(wanted, DayDetails) and isinstance(row, CalendarDay) and wanted.day is not None:
        row.day, row.kind, row.name = wanted.day, wanted.kind, wanted.name
    elif not isinstance(wanted, DayDetails) and not isinstance(row, CalendarDay):
        hours, _problems = read_hours(wanted.times)
        row.ordinary, row.friday = keep_spans(hours.ordinary), keep_spans(hours.friday)
        if isinstance(wanted, HoursDetails) and isinstance(row, OfficeHours) and wanted.since is not None:
            row.valid_from = wanted.since
        elif isinstance(wanted, RamadanDetails) and isinstance(row, Ramadan) and wanted.first is not None and wanted.last is not None:
            row.first_day, row.last_day = wanted.first, wanted.last
