"""Kalender Kerja: everybody reads it, an admin writes down what decrees change in it."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import cast, get_args

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app import office_calendar as calendars
from app.errors import InvalidAnswers, NotFound
from app.office_calendar import DayDetails, Details, HoursDetails, RamadanDetails, Row, RowKind
from app.web.calendar_page import row_form, wanted_year, year_page
from app.web.guard import current_actor, database
from app.web.typed import Typed, read_typed
from app.web.units_page import Filled

bp = Blueprint("calendar", __name__, url_prefix="/kalender-kerja")
NOTHING: Mapping[str, str] = MappingProxyType({})
DECREE = {"dasar": "Menurut keputusan"}
FIELDS: Mapping[RowKind, Mapping[str, str]] = {
    "hari": {"tanggal": "Tanggal", "jenis": "Jenis", "nama": "Nama", **DECREE},
    "jam": {"mulai": "Berlaku sejak", **calendars.TIMES, **DECREE},
    "ramadan": {"mulai": "Hari pertama", "sampai": "Hari terakhir", **calendars.TIMES, **DECREE},
}
NUMBER = "<int(max=2147483647):number>"


@bp.get("")
def show() -> ResponseReturnValue:
    with database().reading() as session:
        page = year_page(session, current_actor(), wanted_year(request.args.get("tahun", "")))
    return render_template("calendar.html", page=page)


@bp.route("/<kind>/baru", methods=["GET", "POST"])
def add(kind: str) -> ResponseReturnValue:
    return _keep(_kind(kind), None)


@bp.route(f"/<kind>/{NUMBER}", methods=["GET", "POST"])
def edit(kind: str, number: int) -> ResponseReturnValue:
    return _keep(_kind(kind), number)


@bp.post(f"/<kind>/{NUMBER}/hapus")
def remove(kind: str, number: int) -> ResponseReturnValue:
    known, typed = _kind(kind), read_typed({})
    with database().transaction() as session:
        told = calendars.remove_row(session, current_actor(), known, number, typed.edition)
    flash(f"Dihapus: {told}. Yang berlaku kembali ialah menurut pustaka atau ketentuan umum.")
    return redirect(url_for("calendar.show", tahun=wanted_year(request.form.get("tahun", ""))), 303)


def _kind(text: str) -> RowKind:
    """Raises NotFound."""
    if text not in get_args(RowKind):
        raise NotFound
    return cast(RowKind, text)


def _keep(kind: RowKind, number: int | None) -> ResponseReturnValue:
    if request.method == "GET":
        return _form(kind, number)
    typed = read_typed(FIELDS[kind])
    try:
        with database().transaction() as session:
            row = calendars.keep_row(session, current_actor(), kind, number, _details(kind, typed), typed.edition)
            typed.refuse_bad_days()
            told, year = calendars.row_words(row), _year_of(row)
    except InvalidAnswers as error:
        return _form(kind, number, typed.texts, typed.told(error)), error.status
    flash(f"Tersimpan: {told}. Batas waktu tugas yang terbuka sudah dihitung ulang.")
    return redirect(url_for("calendar.show", tahun=year), 303)


def _details(kind: RowKind, typed: Typed) -> Details:
    if kind == "hari":
        return DayDetails(typed.day("tanggal"), typed["jenis"], typed["nama"], typed["dasar"])
    if kind == "jam":
        return HoursDetails(typed.day("mulai"), typed.texts, typed["dasar"])
    return RamadanDetails(typed.day("mulai"), typed.day("sampai"), typed.texts, typed["dasar"])


def _year_of(row: Row) -> int:
    days = (getattr(row, name, None) for name in ("day", "valid_from", "first_day"))
    return next((day.year for day in days if day is not None), clock.today().year)


def _form(kind: RowKind, number: int | None, typed: Mapping[str, str] | None = None, problems: Mapping[str, str] = NOTHING) -> str:
    year = wanted_year(request.args.get("tahun", ""))
    with database().reading() as session:
        form = row_form(session, current_actor(), kind, number, Filled(typed, problems), year)
    return render_template("calendar_form.html", form=form, year=year, kinds=calendars.KINDS, days=calendars.DAYS)
