"""Daftar Pelaksanaan, the executed path of a case, and the drawings behind it."""

from flask import Blueprint, Response, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import definitions, instances
from app.access import Actor
from app.errors import NotFound
from app.models import Definition
from app.web import pictures
from app.web.case_page import case_page, path_of
from app.web.guard import current_actor, database
from app.web.posting import plain
from app.web.presenting import CASE_STATES, page_number, page_of
from app.web.recap_page import recap_page

bp = Blueprint("cases", __name__)


@bp.get("/pelaksanaan", endpoint="list")
def list_all() -> ResponseReturnValue:
    state = request.args.get("keadaan", "")
    state = state if state in CASE_STATES else ""
    search = plain(request.args.get("cari", ""))[:100]
    with database().reading() as session:
        rows, shown = page_of(lambda number: instances.cases_for(session, current_actor(), state, search, number), request.args.get("hal"))
    return render_template("cases.html", rows=rows, state=state, search=search, pages=shown)


@bp.get("/pelaksanaan/<int(max=2147483647):instance_id>")
def show(instance_id: int) -> ResponseReturnValue:
    with database().reading() as session:
        page = case_page(session, current_actor(), instance_id, _round(), page_number(request.args.get("hal")))
    return render_template("case.html", page=page)


@bp.get("/pelaksanaan/<int(max=2147483647):instance_id>/rekap")
def recap(instance_id: int) -> ResponseReturnValue:
    with database().reading() as session:
        page = recap_page(session, current_actor(), instance_id)
    return render_template("recap.html", page=page)


@bp.get("/pelaksanaan/<int(max=2147483647):instance_id>/diagram.bpmn")
def drawing(instance_id: int) -> ResponseReturnValue:
    with database().reading() as session:
        _instance, definition = instances.instance_for(session, current_actor(), instance_id)
        return _xml(definition)


@bp.get("/pelaksanaan/<int(max=2147483647):instance_id>/jalur.json")
def marks(instance_id: int) -> ResponseReturnValue:
    with database().reading() as session:
        instance, definition = instances.instance_for(session, current_actor(), instance_id)
        path = path_of(session, instance, definitions.spec_of(definition).drawing, _round())
    return jsonify(pictures.marks_as_json(path))


@bp.get("/sop/<key>/<int(max=2147483647):version>/diagram.bpmn")
def definition_drawing(key: str, version: int) -> ResponseReturnValue:
    with database().reading() as session:
        return _xml(_definition_for(session, current_actor(), key, version))


def _definition_for(session: Session, actor: Actor, key: str, version: int) -> Definition:
    """A version that the person may start or whose cases they may see. Raises NotFound."""
    found = session.scalar(select(Definition).where(Definition.key == plain(key), Definition.version == version))
    if found is None or not definitions.may_read(actor, found):
        raise NotFound
    return found


def _xml(definition: Definition) -> Response:
    return Response(definition.bpmn, mimetype="application/xml", headers={"Content-Security-Policy": "default-src 'none'; sandbox"})


def _round() -> int | None:
    """`?perbaikan=1` is the second time round; 0 the first; anything else is all of them."""
    text = request.args.get("perbaikan", "")
    return int(text) + 1 if text.isascii() and text.isdigit() and len(text) < 7 else None
