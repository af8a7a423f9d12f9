"""The auditor's executed path of a case, and its replay."""

from flask import Blueprint, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from app import access
from app.access import Actor
from app.errors import Forbidden
from app.web.guard import current_actor, database
from app.web.inspection.tabs import TABS
from app.web.presenting import page_number
from app.web.replay_page import frames_for, replay_page

bp = Blueprint("replay", __name__)


@bp.get("/pemeriksaan/<int(max=2147483647):instance_id>/jalur")
def show(instance_id: int) -> ResponseReturnValue:
    _require_inspector(current_actor())
    list_page = page_number(request.args["hal"]) if "hal" in request.args else None
    with database().reading() as session:
        page = replay_page(session, current_actor(), instance_id, _round(), _number("langkah"), list_page)
    return render_template("replay.html", page=page, tabs=TABS)


@bp.get("/pemeriksaan/<int(max=2147483647):instance_id>/jalur/langkah.json")
def frames(instance_id: int) -> ResponseReturnValue:
    _require_inspector(current_actor())
    with database().reading() as session:
        found = frames_for(session, current_actor(), instance_id, _round())
    return jsonify([line.as_json() for line in found])


def _require_inspector(actor: Actor) -> None:
    if not access.may_inspect(actor):
        raise Forbidden("Halaman Pemeriksaan dibuka oleh auditor dan admin.")


def _round() -> int | None:
    """`?perbaikan=1` is the second time round; 0 the first; anything else is all of them."""
    number = _number("perbaikan")
    return None if number is None else number + 1


def _number(name: str) -> int | None:
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else None
