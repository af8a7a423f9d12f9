"""Catat keputusan pada naskah fisik: who may record what a leader decided on paper, and the half page that goes with the folder."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app import access, definitions, instances
from app.errors import InvalidAnswers
from app.web.guard import current_actor, database, settings
from app.web.posting import Posted, read_post
from app.web.record_page import BESIDE, DAY, PROOF_LABEL, record_page

bp = Blueprint("paper", __name__)
NO_PROBLEMS: Mapping[str, str] = MappingProxyType({})


@bp.get("/tugas/<uuid:task_id>/naskah-fisik")
def form(task_id: UUID) -> ResponseReturnValue:
    """Where the code on the slip leads: whoever may not record, or comes too late, is shown the task."""
    with database().reading() as session:
        view = instances.task_seen_by(session, current_actor(), task_id)
    if not instances.may_record(current_actor(), view):
        return redirect(url_for("staff.task", task_id=task_id))
    return _page(task_id)


@bp.post("/tugas/<uuid:task_id>/naskah-fisik")
def record(task_id: UUID) -> ResponseReturnValue:
    actor = current_actor()
    with database().reading() as session:
        view = instances.task_seen_by(session, actor, task_id)
        asked = definitions.form_of(session, view.definition, view.task.form_id)
    may_send = access.is_recorder(actor, view.element)
    posted = read_post(asked, keep_files=may_send, beside=BESIDE, files={instances.PROOF: PROOF_LABEL})
    try:
        with database().transaction() as session:
            done = instances.record_decision(session, actor, task_id, posted.texts, posted.token, _day(posted))
            posted.refuse_bad_files()
    except InvalidAnswers as error:
        return _page(task_id, posted, {**error.problems, **posted.problems}), error.status
    return redirect(url_for("staff.after", task_id=done.id), 303)


def _page(task_id: UUID, posted: Posted | None = None, problems: Mapping[str, str] = NO_PROBLEMS) -> str:
    actor = current_actor()
    with database().reading() as session:
        view = instances.task_to_record(session, actor, task_id)
        page = record_page(session, actor, view, posted, problems, settings().max_file_mb)
    return render_template("record.html", page=page, proof=instances.PROOF, proof_label=PROOF_LABEL, day_field=DAY)


def _day(posted: Posted) -> date | None:
    """None for what is no date: the use-case says so together with the other problems."""
    try:
        return date.fromisoformat(posted.beside.get(DAY, ""))
    except ValueError:
        return None
