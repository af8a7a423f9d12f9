"""A session that ended while somebody typed loses nothing: the texts go with the sign-in page and come back as that person's draft.

Only texts travel, signed, for half an hour, for one address, and for the person whose session it was. Files that were uploaded before stay
on the server under the form's token.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from flask import current_app, request, url_for
from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer
from sqlalchemy.orm import Session

from app import definitions, drafts, instances
from app.access import Actor
from app.errors import AppError
from app.forms import Form
from app.web.posting import is_token, posted_texts, worth_keeping
from app.web.record_page import beside_paper
from app.web.start_page import opening_form_for

MAX_AGE = 30 * 60  # seconds
KEPT = "Isian Anda masih tersimpan."
EXPIRED = "Isian yang dibawa sudah lebih dari 30 menit, jadi tidak disimpan."
UNREADABLE = "Isian yang dibawa tidak dapat dibaca, jadi tidak disimpan."
NOT_YOURS = "Isian yang dibawa milik pengguna lain, jadi tidak disimpan."
CLOSED = "Isian yang dibawa tidak disimpan, karena tugasnya bukan lagi untuk Anda."


@dataclass(frozen=True)
class Carried:
    """signed: for the hidden field, "" where the texts are too long. target: the page they belong to. lost_files: some were chosen."""

    signed: str
    target: str
    lost_files: bool


def carry(username: str) -> Carried | None:
    """What this request posted. username: of the session that ended, "" where nobody knows. None: no form that can be taken up again."""
    target = _page_of(request.endpoint, request.view_args or {})
    token = request.form.get("token", "")
    if target is None or not is_token(token):
        return None
    texts = {key: values for key, values in posted_texts().items() if any(values)}
    lost_files = any(file.filename for file in request.files.values())
    if sum(len(text) for values in texts.values() for text in values) > drafts.MAX_TEXT:
        return Carried("", target, lost_files)
    return Carried(_signer().dumps({"p": target, "u": username, "t": texts, "k": token}), target, lost_files)


def take_up(session: Session, actor: Actor, signed: str, target: str) -> str:
    """Save the texts as the person's draft; the sentence to show. What cannot be taken up is said and dropped."""
    try:
        found = cast(Mapping[str, Any], _signer().loads(signed, max_age=MAX_AGE))
    except SignatureExpired:
        return EXPIRED
    except BadSignature:
        return UNREADABLE
    if found["p"] != target:
        return UNREADABLE
    if found["u"] not in ("", actor.username):
        return NOT_YOURS
    try:
        subject, form, beside = _page_for(session, actor, target)
        drafts.save_draft(session, actor, subject, worth_keeping(form, found["t"], beside), found["k"])
    except AppError:
        return CLOSED
    return KEPT


def _page_of(endpoint: str | None, arguments: Mapping[str, Any]) -> str | None:
    page = {
        "staff.submit_task": "staff.task",
        "staff.save_draft": "staff.task",
        "staff.start": "staff.start_form",
        "staff.save_start_draft": "staff.start_form",
        "paper.record": "paper.form",
    }.get(endpoint or "")
    return url_for(page, **arguments) if page else None


def _page_for(session: Session, actor: Actor, target: str) -> tuple[str, Form, tuple[str, ...]]:
    """Subject of the draft, form, inputs kept beside it; the person's right to the page is asked. Raises NotFound, Forbidden, Conflict."""
    router = current_app.create_url_adapter(request)
    assert router is not None  # noqa: S101 - None only outside a request
    endpoint, arguments = router.match(target, method="GET")
    if endpoint == "staff.start_form":
        key = str(arguments["key"])
        return drafts.subject_of(None, key), opening_form_for(session, actor, key), ()
    task_id: UUID = arguments["task_id"]
    if endpoint == "paper.form":
        view = instances.task_to_record(session, actor, task_id)
        form = definitions.form_of(session, view.definition, view.task.form_id)
        return instances.subject_to_record(task_id), form, beside_paper(form)
    view = instances.task_for(session, actor, task_id)
    return drafts.subject_of(task_id), definitions.form_of(session, view.definition, view.task.form_id), ()


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.secret_key), salt="isian-terbawa")
