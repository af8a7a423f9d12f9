""" "Simpan sementara": what is typed so far, kept on the server for the person who typed it."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from flask import flash, jsonify, redirect, url_for
from flask.typing import ResponseReturnValue

from app import definitions, drafts, instances
from app.forms import Form
from app.web.guard import current_actor, database, wants_json
from app.web.posting import Posted, plain, read_post, worth_keeping
from app.web.staff import bp, show_start, show_task
from app.web.start_page import opening_form_for
from app.words import clock_time


@bp.post("/tugas/<uuid:task_id>/simpan")
def save_draft(task_id: UUID) -> ResponseReturnValue:
    with database().reading() as session:
        view = instances.task_for(session, current_actor(), task_id)
        form = definitions.form_of(session, view.definition, view.task.form_id)
    posted, saved_at = _save(form, drafts.subject_of(task_id))
    return _answer(posted, saved_at, url_for("staff.task", task_id=task_id), lambda: show_task(task_id, posted, posted.problems))


@bp.post("/mulai/<key>/simpan")
def save_start_draft(key: str) -> ResponseReturnValue:
    key = plain(key)
    with database().reading() as session:
        form = opening_form_for(session, current_actor(), key)
    posted, saved_at = _save(form, drafts.subject_of(None, key))
    return _answer(posted, saved_at, url_for("staff.start_form", key=key), lambda: show_start(key, posted, posted.problems))


def _save(form: Form, subject: str) -> tuple[Posted, datetime]:
    posted = read_post(form)
    with database().transaction() as session:
        return posted, drafts.save_draft(session, current_actor(), subject, worth_keeping(form, posted.texts), posted.token)


def _answer(posted: Posted, saved_at: datetime, page: str, again: Callable[[], str]) -> ResponseReturnValue:
    """again: the page with what was wrong with a file; the texts are saved all the same."""
    if wants_json():
        return jsonify({"saved": clock_time(saved_at)})
    if posted.problems:
        return again(), 422
    flash(f"Tersimpan pukul {clock_time(saved_at)}.")
    return redirect(page, 303)
