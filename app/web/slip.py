"""Lembar disposisi, lembar paraf: half a page to lay on the folder, with a code that leads back to the task."""

from dataclasses import dataclass
from uuid import UUID

import segno
from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from sqlalchemy.orm import Session

from app import access, definitions, instances
from app.access import Actor
from app.errors import NotFound
from app.forms import Form
from app.instances import TaskView
from app.web.ahead import group_names, performer
from app.web.guard import current_actor, database
from app.web.staff import bp
from app.web.story import Chapter, finished_last, tell
from app.web.task_page import document_before

LOOKED_BACK = 24  # steps, for the paper that goes along


@dataclass(frozen=True)
class Slip:
    """options: the boxes to tick, () where nothing is decided. address: what the code says."""

    view: TaskView
    title: str
    who: str
    options: tuple[str, ...]
    document: Chapter | None
    address: str
    code: Markup


@bp.get("/tugas/<uuid:task_id>/lembar", endpoint="slip")
def show(task_id: UUID) -> ResponseReturnValue:
    with database().reading() as session:
        page = slip_page(session, current_actor(), task_id)
    return render_template("slip.html", page=page)


def slip_page(session: Session, actor: Actor, task_id: UUID) -> Slip:
    """Raises NotFound."""
    view = instances.task_seen_by(session, actor, task_id)
    decision = _decision(session, view)
    address = url_for("paper.form" if view.element.recorders else "staff.task", task_id=task_id, _external=True)
    done = [row for row in instances.tasks_of(session, view.instance.id) if row.state == "done" and row.item is None]
    inside = access.may_see_case(actor, view.drawing)
    return Slip(
        view=view,
        title="Lembar Paraf" if decision else "Lembar Disposisi",
        who=performer(view.drawing, view.task.element, group_names(session)),
        options=decision,
        document=document_before(finished_last(tell(session, view.definition, done[-LOOKED_BACK:]))) if inside else None,
        address=address,
        code=_code(address),
    )


def _decision(session: Session, view: TaskView) -> tuple[str, ...]:
    try:
        form: Form = definitions.form_of(session, view.definition, view.task.form_id)
    except NotFound:
        return ()
    found = sorted(form.decision.options, key=lambda option: option.value, reverse=True) if form.decision else []
    return tuple(option.label for option in found)


def _code(address: str) -> Markup:
    """The library writes numbers and our own address only."""
    svg = segno.make(address, error="m").svg_inline(omitsize=True, svgclass="qr", lineclass=None, border=2)
    return Markup(svg)  # noqa: S704
