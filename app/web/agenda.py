"""Agenda: the duties of a year for those who begin them; the list of duties for admins."""

from collections.abc import Mapping
from types import MappingProxyType

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import clock, definitions, duties
from app.errors import InvalidAnswers
from app.web.agenda_page import agenda_page
from app.web.ahead import group_names
from app.web.duty_form import edit_form, new_form, read_edition, read_texts
from app.web.guard import current_actor, database
from app.web.posting import plain
from app.words import long_date

bp = Blueprint("agenda", __name__, url_prefix="/agenda")
NOTHING: Mapping[str, str] = MappingProxyType({})


@bp.get("")
def show() -> ResponseReturnValue:
    return _year_page(_year(request.args.get("tahun", "")))


@bp.post("/<int(max=2147483647):duty_id>/tanggal")
def note_date(duty_id: int) -> ResponseReturnValue:
    about, text = _asked_year(request.form.get("tahun", "")), plain(request.form.get("tanggal", ""))[:30]
    shown = _year(request.form.get("lihat", ""))
    try:
        with database().transaction() as session:
            duty, day = duties.note_date(session, current_actor(), duty_id, about, text)
    except InvalidAnswers as error:
        return _year_page(shown, {f"tanggal_{duty_id}": error.problems["tanggal"]}, {duty_id: text}), error.status
    flash(f"{duty.event} untuk tahun {about}: {long_date(day)}.")
    return redirect(url_for("agenda.show", tahun=shown), 303)


@bp.get("/kewajiban", endpoint="duties")
def list_duties() -> ResponseReturnValue:
    duties.require_admin(current_actor())
    with database().reading() as session:
        found, names = duties.all_duties(session), group_names(session)
        sops = definitions.latest_all(session)
    return render_template("duties.html", duties=found, names=names, sops=sops, rules=duties.RULES)


@bp.route("/kewajiban/baru", methods=["GET", "POST"])
def add() -> ResponseReturnValue:
    key, rule = (plain(request.args.get(name, ""))[:100] for name in ("sop", "aturan"))
    if request.method == "GET":
        return _add_page(key, rule)
    texts = read_texts()
    try:
        with database().transaction() as session:
            duty = duties.add_duty(session, current_actor(), key, rule, texts)
    except InvalidAnswers as error:
        return _add_page(key, rule, texts, error.problems), error.status
    flash(f"Kewajiban “{duty.name}” ditambahkan.")
    return redirect(url_for("agenda.duties"), 303)


@bp.route("/kewajiban/<int(max=2147483647):duty_id>", methods=["GET", "POST"])
def edit(duty_id: int) -> ResponseReturnValue:
    if request.method == "GET":
        return _edit_page(duty_id)
    texts = read_texts()
    try:
        with database().transaction() as session:
            duty = duties.change_duty(session, current_actor(), duty_id, texts, "aktif" in request.form, read_edition())
    except InvalidAnswers as error:
        return _edit_page(duty_id, texts, error.problems), error.status
    flash(f"Kewajiban “{duty.name}” tersimpan.")
    return redirect(url_for("agenda.duties"), 303)


def _asked_year(text: str) -> int | None:
    known = text.isascii() and text.isdigit() and len(text) == 4 and duties.FIRST_YEAR <= int(text) <= duties.LAST_YEAR
    return int(text) if known else None


def _year(text: str) -> int:
    """What an address says of years is a wish: anything odd is this year."""
    return _asked_year(text) or clock.today().year


def _year_page(year: int, problems: Mapping[str, str] = NOTHING, typed: Mapping[int, str] = MappingProxyType({})) -> str:
    with database().reading() as session:
        page = agenda_page(session, current_actor(), year)
    return render_template("agenda.html", page=page, problems=problems, typed=typed, first=duties.FIRST_YEAR, last=duties.LAST_YEAR)


def _add_page(key: str, rule: str, texts: Mapping[str, str] | None = None, problems: Mapping[str, str] = NOTHING) -> str:
    with database().reading() as session:
        form = new_form(session, current_actor(), key, rule, texts, problems)
    return _form_page(form=form, events=())


def _edit_page(duty_id: int, texts: Mapping[str, str] | None = None, problems: Mapping[str, str] = NOTHING) -> str:
    with database().reading() as session:
        form = edit_form(session, current_actor(), duty_id, texts, problems)
        events = duties.events_of(session, duty_id)
    return _form_page(form=form, events=events)


def _form_page(**shown: object) -> str:
    return render_template("duty_form.html", rules=duties.RULES, months=duties.MONTHS, shifts=duties.SHIFTS, **shown)
