"""Register Dokumen OPD: as a page and as xlsx."""

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from app import registers
from app.registers import Register
from app.web.guard import current_actor, database
from app.web.posting import plain
from app.web.presenting import REGISTER_STATES

bp = Blueprint("register", __name__)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.get("/register")
def show() -> ResponseReturnValue:
    return render_template("register.html", register=_register())


@bp.get("/register.xlsx")
def workbook() -> ResponseReturnValue:
    found = _register()
    content = registers.as_workbook(found, {state: words for state, (words, _colour) in REGISTER_STATES.items()})
    name = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in found.kind or found.year)
    return Response(content, mimetype=XLSX, headers={"Content-Disposition": f'attachment; filename="register-opd-{name}.xlsx"'})


def _register() -> Register:
    with database().reading() as session:
        return registers.register(session, current_actor(), plain(request.args.get("tahun", "")), plain(request.args.get("jenis", "")))
