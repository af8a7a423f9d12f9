"""Daftar OPD: the office reads it, an admin changes it, who looks after the OPD keeps their units of service."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import get_args

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import clock, offices
from app.errors import InvalidAnswers
from app.offices import ServiceDetails, State, UnitDetails
from app.web.guard import current_actor, database
from app.web.posting import plain
from app.web.typed import Typed, read_typed
from app.web.units_page import Filled, end_form, list_page, service_form, unit_form, unit_page

bp = Blueprint("units", __name__, url_prefix="/opd")
NOTHING: Mapping[str, str] = MappingProxyType({})
UNIT: Mapping[str, str] = {
    "nama": "Nama OPD", "nama_sejak": "Nama baru berlaku sejak", "singkatan": "Nama singkat", "jenis": "Jenis", "mulai": "Mulai berlaku",
}  # fmt: skip
END: Mapping[str, str] = {"sampai": "Hari terakhir", "pengganti": "OPD pengganti"}
SERVICE: Mapping[str, str] = {"nama": "Nama unit layanan", "layanan": "Jenis layanan", "mulai": "Mulai", "sampai": "Sampai"}


@bp.get("", endpoint="list")
def list_all() -> ResponseReturnValue:
    search = plain(request.args.get("cari", ""))[:100]
    state: State = next((known for known in get_args(State) if known == request.args.get("keadaan")), "aktif")
    with database().reading() as session:
        page = list_page(session, current_actor(), search, state)
    return render_template("units.html", page=page)


@bp.get("/<unit_id>")
def show(unit_id: str) -> ResponseReturnValue:
    with database().reading() as session:
        page = unit_page(session, current_actor(), plain(unit_id))
    return render_template("unit.html", page=page)


@bp.route("/baru", methods=["GET", "POST"])
def add() -> ResponseReturnValue:
    if request.method == "GET":
        return _unit_form(None, {"mulai": clock.today().isoformat()})
    typed = read_typed(UNIT)
    try:
        with database().transaction() as session:
            unit = offices.add_unit(session, current_actor(), _details(typed))
            typed.refuse_bad_days()
    except InvalidAnswers as error:
        return _unit_form(None, typed.texts, typed.told(error)), error.status
    flash(f"{unit.name} ditambahkan. Pelaksanaan yang sudah berjalan tidak berubah; yang dimulai sejak sekarang memuatnya.")
    return redirect(url_for("units.show", unit_id=unit.id), 303)


@bp.route("/<unit_id>/ubah", methods=["GET", "POST"])
def edit(unit_id: str) -> ResponseReturnValue:
    unit_id = plain(unit_id)
    if request.method == "GET":
        return _unit_form(unit_id)
    typed = read_typed(UNIT)
    try:
        with database().transaction() as session:
            unit = offices.change_unit(session, current_actor(), unit_id, _details(typed), typed.edition)
            typed.refuse_bad_days()
    except InvalidAnswers as error:
        return _unit_form(unit_id, typed.texts, typed.told(error)), error.status
    flash(f"Data {unit.name} tersimpan.")
    return redirect(url_for("units.show", unit_id=unit_id), 303)


@bp.route("/<unit_id>/akhiri", methods=["GET", "POST"])
def end(unit_id: str) -> ResponseReturnValue:
    unit_id = plain(unit_id)
    if request.method == "GET":
        return _end_form(unit_id)
    typed, understood = read_typed(END), "paham" in request.form
    try:
        with database().transaction() as session:
            unit = offices.end_unit(session, current_actor(), unit_id, typed.day("sampai"), typed["pengganti"], understood, typed.edition)
            typed.refuse_bad_days()
    except InvalidAnswers as error:
        return _end_form(unit_id, {**typed.texts, "paham": "1" if understood else ""}, typed.told(error)), error.status
    flash(f"Hari terakhir {unit.name} tersimpan. Riwayat dan dokumennya tetap ada.")
    return redirect(url_for("units.show", unit_id=unit_id), 303)


@bp.post("/<unit_id>/berlakukan-lagi")
def reopen(unit_id: str) -> ResponseReturnValue:
    with database().transaction() as session:
        unit = offices.reopen_unit(session, current_actor(), plain(unit_id))
    flash(f"{unit.name} berlaku lagi.")
    return redirect(url_for("units.show", unit_id=unit.id), 303)


@bp.route("/<unit_id>/unit-layanan/baru", methods=["GET", "POST"])
def add_service(unit_id: str) -> ResponseReturnValue:
    return _keep_service(plain(unit_id), None)


@bp.route("/<unit_id>/unit-layanan/<int(max=2147483647):number>", methods=["GET", "POST"])
def edit_service(unit_id: str, number: int) -> ResponseReturnValue:
    return _keep_service(plain(unit_id), number)


def _keep_service(unit_id: str, number: int | None) -> ResponseReturnValue:
    if request.method == "GET":
        return _service_form(unit_id, number)
    typed = read_typed(SERVICE)
    try:
        with database().transaction() as session:
            wanted = ServiceDetails(typed["nama"], typed["layanan"], typed.day("mulai"), typed.day("sampai"))
            row = offices.keep_service_unit(session, current_actor(), unit_id, number, wanted)
            typed.refuse_bad_days()
    except InvalidAnswers as error:
        return _service_form(unit_id, number, typed.texts, typed.told(error)), error.status
    flash(f"{offices.in_words(row)} tersimpan.")
    return redirect(url_for("units.show", unit_id=unit_id, _anchor="unit-layanan"), 303)


def _details(typed: Typed) -> UnitDetails:
    return UnitDetails(typed["nama"], typed["singkatan"], typed["jenis"], typed.day("mulai"), typed.day("nama_sejak"))


def _unit_form(unit_id: str | None, typed: Mapping[str, str] | None = None, problems: Mapping[str, str] = NOTHING) -> str:
    with database().reading() as session:
        form = unit_form(session, current_actor(), unit_id, Filled(typed, problems))
    return render_template("unit_form.html", form=form)


def _end_form(unit_id: str, typed: Mapping[str, str] | None = None, problems: Mapping[str, str] = NOTHING) -> str:
    with database().reading() as session:
        form = end_form(session, current_actor(), unit_id, Filled(typed, problems))
    return render_template("unit_end.html", form=form)


def _service_form(unit_id: str, number: int | None, typed: Mapping[str, str] | None = None, problems: Mapping[str, str] = NOTHING) -> str:
    with database().reading() as session:
        form = service_form(session, current_actor(), unit_id, number, Filled(typed, problems))
    return render_template("service_form.html", form=form)
