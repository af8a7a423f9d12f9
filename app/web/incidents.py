"""Gangguan: faults for the admin, those that wait first; what holds a case up is handled on the page of its repair."""

from collections.abc import Mapping
from types import MappingProxyType

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import definitions, incidents
from app.errors import InvalidAnswers
from app.incidents import IncidentRow
from app.web.guard import current_actor, database
from app.web.posting import plain, remember_texts
from app.web.presenting import page_of

bp = Blueprint("incidents", __name__, url_prefix="/gangguan")
NO_PROBLEMS: Mapping[str, str] = MappingProxyType({})


@bp.get("", endpoint="list")
def list_all() -> ResponseReturnValue:
    return _list_page()


@bp.post("/<int(max=2147483647):incident_id>/selesai")
def settle(incident_id: int) -> ResponseReturnValue:
    words = plain(request.form.get("tindakan", ""))
    remember_texts({"tindakan": "Tindakan"}, {"tindakan": [words]})
    try:
        with database().transaction() as session:
            found = incidents.settle(session, current_actor(), incident_id, words)
    except InvalidAnswers as error:
        return _list_page(incident_id, words, error.problems), error.status
    flash(f"Gangguan {incidents.reference_of(found.id)} ditandai sudah ditangani.")
    return redirect(url_for("incidents.list"), 303)


def _list_page(at: int = 0, typed: str = "", problems: Mapping[str, str] = NO_PROBLEMS) -> str:
    """at: the fault whose form came back."""
    handled = request.args.get("keadaan") == "selesai"
    with database().reading() as session:
        rows, shown = page_of(lambda number: incidents.incidents_for(session, current_actor(), handled, number), request.args.get("hal"))
        lines = [(row, incidents.words_of(row.incident), _step_of(row)) for row in rows]
    return render_template("incidents.html", lines=lines, pages=shown, handled=handled, at=at, typed=typed, problems=problems)


def _step_of(row: IncidentRow) -> str:
    """The name of the step, "" where it has none."""
    element = definitions.spec_of(row.definition).drawing.elements.get(row.incident.element) if row.definition else None
    return element.name if element else ""
