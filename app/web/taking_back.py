""" "Tarik kembali" and "Ganti berkas", while the next performer has not begun."""

from contextlib import suppress
from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app import attachments, definitions, drafts, forms, instances
from app.errors import InvalidAnswers, NotStored
from app.models import Task
from app.storage import Received
from app.web.guard import current_actor, database, storage
from app.web.posting import drop_received, keep_received, new_token, plain, posted_token, worth_keeping
from app.web.staff import bp, show_task


@bp.post("/tugas/<uuid:task_id>/tarik-kembali")
def recall(task_id: UUID) -> ResponseReturnValue:
    try:
        with database().transaction() as session:
            again = instances.recall_task(session, current_actor(), task_id, plain(request.form.get("alasan", "")))
    except InvalidAnswers as error:
        return show_task(task_id, problems=error.problems), error.status
    _offer_again(task_id, again)
    flash("Kiriman ditarik kembali; alasannya tercatat. Perbaiki, lalu kirim lagi.")
    return redirect(url_for("staff.task", task_id=again.id), 303)


@bp.post("/tugas/<uuid:task_id>/ganti-berkas")
def replace_file(task_id: UUID) -> ResponseReturnValue:
    token, field = posted_token(), plain(request.form.get("isian", ""))
    with database().reading() as session:
        view = instances.task_seen_by(session, current_actor(), task_id)
        may_send = instances.may_recall(session, current_actor(), view)
        labels = attachments.file_fields(definitions.form_of(session, view.definition, view.task.form_id))
    try:
        if field in labels and may_send and (problems := keep_received({field: labels[field]}, token)):
            raise InvalidAnswers(problems)
        with database().transaction() as session:
            instances.replace_file(session, current_actor(), task_id, field, token)
    except InvalidAnswers as error:
        return show_task(task_id, problems=error.problems), error.status
    flash("Berkas diganti; versi sebelumnya tetap tersimpan.")
    return redirect(url_for("staff.task", task_id=task_id), 303)


def _offer_again(task_id: UUID, again: Task) -> None:
    """The files of what was taken back, copied as drafts beside its texts, so that nobody has to look for them again.

    A comfort: after the deed, and without what cannot be kept now (quota, disk, scanner).
    """
    actor, token = current_actor(), new_token()
    with database().reading() as session:
        view = instances.task_seen_by(session, actor, task_id)
        if view.task.recorded_by is not None or again.form_id is None:
            return
        form = definitions.form_of(session, view.definition, again.form_id)
        texts = worth_keeping(form, forms.as_submitted(form, view.task.answers or {}))
        received = _copies(session, view.task)
    try:
        with database().transaction() as session:
            attachments.add_drafts(session, actor, token, received)
            drafts.save_draft(session, actor, drafts.subject_of(again.id), texts, token)
    except InvalidAnswers:
        drop_received(received)
    except BaseException:
        drop_received(received)
        raise


def _copies(session: Session, task: Task) -> list[Received]:
    current = {one["id"] for value in (task.answers or {}).values() if isinstance(value, list) for one in value if isinstance(one, dict)}
    found: list[Received] = []
    for file in instances.versions_of(session, task):
        if str(file.id) in current:
            with storage().open(file.storage_key) as stream, suppress(InvalidAnswers, NotStored):
                found.append(storage().receive(file.field, file.field, file.filename, stream))
    return found
