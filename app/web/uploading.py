"""Files in pieces, asked for by the script of a form (``frontend/src/js/upload.js``); without scripts files go with the form itself."""

import json
from typing import Any
from uuid import UUID

from flask import jsonify, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app import access, attachments, definitions, instances, uploads
from app.access import Actor
from app.errors import InvalidInput, NotFound
from app.models import Upload
from app.uploads import PIECE, Announced, OutOfStep
from app.web.collecting_page import line_to_record_for
from app.web.guard import current_actor, database, storage
from app.web.posting import is_token, plain
from app.web.staff import bp
from app.web.start_page import opening_form_for
from app.web.task_page import drafts_of

LONGEST_QUESTION = 16_384  # bytes


@bp.post("/unggahan")
def start_upload() -> ResponseReturnValue:
    """JSON in: {"untuk": subject of the form, "isian", "nama", "ukuran", "diubah", "token"}. Out: {"id", "received"}."""
    asked, actor = _asked(), current_actor()
    token = _text(asked, "token")
    size = asked.get("ukuran")
    if not is_token(token) or type(size) is not int or size < 0:
        raise InvalidInput("Permintaan unggahan ini tidak lengkap. Muat ulang halaman.")
    file = Announced(_text(asked, "untuk"), _text(asked, "isian"), _text(asked, "nama"), size, str(asked.get("diubah", ""))[:20])
    with database().transaction() as session:
        if file.field not in file_fields_for(session, actor, file.subject):
            raise NotFound
        upload = uploads.start_upload(session, storage(), actor, token, file)
    return jsonify({"id": str(upload.id), "received": upload.received})


@bp.put("/unggahan/<uuid:upload_id>/<int:offset>")
def put_piece(upload_id: UUID, offset: int) -> ResponseReturnValue:
    """Raw bytes in. Out: {"received"}, with the last piece also {"file": {"nama", "ukuran", "url"}}."""
    try:
        upload = uploads.take_piece(database(), storage(), current_actor(), upload_id, offset, _piece())
    except OutOfStep as error:
        return jsonify({"problem": str(error), "received": error.received}), error.status
    return jsonify({"received": upload.received, **_file_of(upload)})


def file_fields_for(session: Session, actor: Actor, subject: str) -> dict[str, str]:
    """{key: label} of what the actor may upload into the form with this subject; the rest is refused as sending it would be.

    Raises NotFound, Forbidden, Conflict.
    """
    kind, _, name = subject.rpartition(":")
    if kind == "mulai":
        return attachments.file_fields(opening_form_for(session, actor, plain(name)))
    try:
        task_id = UUID(name)
    except ValueError:
        raise NotFound from None
    if f"{kind}:" == access.RECORDS:
        view = instances.task_to_record(session, actor, task_id)
    elif kind == "luar":
        view = line_to_record_for(session, actor, task_id)
    elif not kind:
        view = instances.task_for(session, actor, task_id)
    else:
        raise NotFound
    own = attachments.file_fields(definitions.form_of(session, view.definition, view.task.form_id))
    return {**own, instances.PROOF: ""} if f"{kind}:" == access.RECORDS else own


def _file_of(upload: Upload) -> dict[str, Any]:
    if upload.pieces or upload.received < upload.size:
        return {}
    with database().reading() as session:
        found = drafts_of(session, current_actor(), upload.draft_token).get(upload.field, [])
    return {"file": {key: found[-1][key] for key in ("nama", "ukuran", "url")}} if found else {}


def _asked() -> dict[str, Any]:
    if request.content_length is None or request.content_length > LONGEST_QUESTION:
        raise InvalidInput("Permintaan unggahan ini tidak dapat dibaca.")
    try:
        found = json.loads(request.get_data(cache=False))
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise InvalidInput("Permintaan unggahan ini tidak dapat dibaca.")
    return found


def _text(asked: dict[str, Any], name: str) -> str:
    """Without halves of letters, which JSON can say and no database keeps."""
    found = asked.get(name)
    return found.encode("utf-8", "replace").decode() if isinstance(found, str) else ""


def _piece() -> bytes:
    """At most one byte more than a piece, which is then refused; however large the body is, no more of it is held."""
    content = bytearray()
    while len(content) <= PIECE and (more := request.stream.read(PIECE + 1 - len(content))):
        content += more
    return bytes(content)
