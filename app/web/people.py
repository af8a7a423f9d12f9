"""Pengguna: who looks after accounts lists people, adds and changes them, makes one-time codes, ends sessions."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import get_args

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import accounts, clock, offices
from app.accounts import State
from app.errors import InvalidAnswers
from app.web.guard import current_actor, database, settings
from app.web.people_form import Posted, edit_form, new_form, read_form
from app.web.posting import plain
from app.web.presenting import page_of

bp = Blueprint("people", __name__)
NO_PROBLEMS: Mapping[str, str] = MappingProxyType({})


@bp.get("/pengguna", endpoint="list")
def list_all() -> ResponseReturnValue:
    actor = current_actor()
    search, group, unit = (plain(request.args.get(name, ""))[:100] for name in ("cari", "kelompok", "opd"))
    state: State = next((known for known in get_args(State) if known == request.args.get("keadaan")), "aktif")
    with database().reading() as session:
        rows, pages = page_of(
            lambda number: accounts.people_for(session, actor, search, group, unit, state, number), request.args.get("hal")
        )
        groups, units = accounts.groups(session), [row.unit for row in offices.units_for(session, actor, state="semua")]
        reach = accounts.reach_of(session, actor)
    return render_template(
        "people.html", rows=rows, pages=pages, search=search, group=group, unit=unit, state=state, groups=groups, units=units, reach=reach
    )


@bp.route("/pengguna/baru", methods=["GET", "POST"])
def add() -> ResponseReturnValue:
    if request.method == "GET":
        return _add_page()
    posted = read_form()
    try:
        with database().transaction() as session:
            user = accounts.add_person(session, current_actor(), posted.username, posted.details)
            posted.refuse_bad_dates()
    except InvalidAnswers as error:
        return _add_page(posted, {**error.problems, **posted.problems}), error.status
    flash(f"{user.name} ditambahkan. Buat kode masuk, lalu sampaikan kepada yang bersangkutan.")
    return redirect(url_for("people.show", user_id=user.id), 303)


@bp.get("/pengguna/<int(max=2147483647):user_id>")
def show(user_id: int) -> ResponseReturnValue:
    return _person_page(user_id)


@bp.route("/pengguna/<int(max=2147483647):user_id>/ubah", methods=["GET", "POST"])
def edit(user_id: int) -> ResponseReturnValue:
    if request.method == "GET":
        return _edit_page(user_id)
    posted = read_form()
    try:
        with database().transaction() as session:
            user = accounts.change_person(session, current_actor(), user_id, posted.details, posted.edition)
            posted.refuse_bad_dates()
    except InvalidAnswers as error:
        return _edit_page(user_id, posted, {**error.problems, **posted.problems}), error.status
    flash(f"Data {user.name} tersimpan.")
    return redirect(url_for("people.show", user_id=user_id), 303)


@bp.post("/pengguna/<int(max=2147483647):user_id>/kode")
def make_code(user_id: int) -> ResponseReturnValue:
    """The answer is the only place where the code is ever shown: no redirect, nothing in a cookie."""
    with database().transaction() as session:
        code = accounts.make_code(session, current_actor(), user_id)
    return _person_page(user_id, code)


@bp.post("/pengguna/<int(max=2147483647):user_id>/akhiri-sesi")
def end_sessions(user_id: int) -> ResponseReturnValue:
    with database().transaction() as session:
        ended = accounts.end_sessions_of(session, current_actor(), user_id)
    flash(f"{ended} sesi diakhiri." if ended else "Tidak ada sesi yang aktif.")
    return redirect(url_for("people.show", user_id=user_id), 303)


def _person_page(user_id: int, code: str = "") -> str:
    actor = current_actor()
    with database().reading() as session:
        (row,) = accounts.rows_of(session, [accounts.person_for(session, actor, user_id)])
        events, sessions = accounts.events_of(session, user_id), accounts.sessions_of(session, user_id)
    until, office = clock.now() + accounts.LIFE, settings().office_name
    return render_template("person.html", row=row, events=events, sessions=sessions, code=code, until=until, office=office)


def _add_page(posted: Posted | None = None, problems: Mapping[str, str] = NO_PROBLEMS) -> str:
    with database().reading() as session:
        form = new_form(session, current_actor(), posted, problems)
    return render_template("person_form.html", form=form)


def _edit_page(user_id: int, posted: Posted | None = None, problems: Mapping[str, str] = NO_PROBLEMS) -> str:
    with database().reading() as session:
        form = edit_form(session, current_actor(), user_id, posted, problems)
    return render_template("person_form.html", form=form)
