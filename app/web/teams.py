"""SK Tim: the office reads the register of decrees, admins and who looks after the OPD keep it."""

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import offices
from app.errors import InvalidAnswers
from app.offices import DecreeDetails, Member
from app.web.guard import current_actor, database
from app.web.teams_page import SPARE, DecreePost, MemberRow, decree_form, decree_page, teams_page
from app.web.typed import clean_line, read_typed

bp = Blueprint("teams", __name__, url_prefix="/sk-tim")
DECREE: Mapping[str, str] = {
    "tim": "Tim", "nomor": "Nomor SK", "tanggal": "Tanggal SK", "tentang": "Tentang", "mulai": "Mulai berlaku", "sampai": "Berlaku sampai",
    "tempat": "Tempat naskah",
}  # fmt: skip
MOST_ROWS = 100


@bp.get("", endpoint="list")
def list_all() -> ResponseReturnValue:
    with database().reading() as session:
        page = teams_page(session, current_actor())
    return render_template("teams.html", page=page)


@bp.get("/<int(max=2147483647):decree_id>")
def show(decree_id: int) -> ResponseReturnValue:
    with database().reading() as session:
        page = decree_page(session, current_actor(), decree_id)
    return render_template("team_decree.html", page=page)


@bp.route("/baru", methods=["GET", "POST"])
def add() -> ResponseReturnValue:
    return _keep(None)


@bp.route("/<int(max=2147483647):decree_id>/ubah", methods=["GET", "POST"])
def edit(decree_id: int) -> ResponseReturnValue:
    return _keep(decree_id)


def _keep(decree_id: int | None) -> ResponseReturnValue:
    if request.method == "GET":
        return _form(decree_id, None)
    posted = _read()
    try:
        with database().transaction() as session:
            decree = offices.keep_decree(session, current_actor(), decree_id, _details(posted), posted.typed.edition)
            posted.typed.refuse_bad_days()
    except InvalidAnswers as error:
        return _form(decree_id, posted, posted.typed.told(error)), error.status
    flash(f"SK Nomor {decree.number} tersimpan.")
    return redirect(url_for("teams.show", decree_id=decree.id), 303)


def _read() -> DecreePost:
    """Rows left blank are no members; the others close up, so that a problem names the row where it is then shown."""
    rows = []
    for number in range(1, min(_count(), MOST_ROWS) + 1):
        role, name, account = (clean_line(request.form.get(f"{key}_{number}", "")) for key in ("peran", "nama", "akun"))
        if name or account:
            rows.append(MemberRow(role, name, account))
    return DecreePost(read_typed(DECREE), tuple(rows))


def _count() -> int:
    text = request.form.get("baris", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else SPARE


def _details(posted: DecreePost) -> DecreeDetails:
    typed = posted.typed
    members = tuple(Member(row.role, row.name, _account(row.account)) for row in posted.rows)
    days = (typed.day("tanggal"), typed.day("mulai"), typed.day("sampai"))
    return DecreeDetails(typed["tim"], typed["nomor"], typed["tentang"], *days, typed["tempat"], members)


def _account(text: str) -> int | None:
    """0 is nobody's: what no form of ours sends is told as an unknown account."""
    if not text:
        return None
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _form(decree_id: int | None, posted: DecreePost | None, problems: Mapping[str, str] | None = None) -> str:
    with database().reading() as session:
        form = decree_form(session, current_actor(), decree_id, posted, problems or {}, request.args.get("tim", ""))
    return render_template("team_form.html", form=form)
