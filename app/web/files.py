"""Files of a case: saved, or shown in a page where a browser can do that without harm."""

from uuid import UUID

from flask import Response, send_file
from flask.typing import ResponseReturnValue

from app import instances
from app.errors import NotFound
from app.file_kinds import SHOWN
from app.models import Attachment
from app.web.guard import current_actor, database, storage
from app.web.staff import bp

SAVED = "default-src 'none'; sandbox"
# A picture needs nothing. A PDF is drawn by the browser's own viewer, which brings a style of its own and does not start in a sandbox;
# no script of the file's can run as ours, because with `nosniff` it is never taken for HTML.
FOR_PICTURES = "default-src 'none'; img-src 'self'; frame-ancestors 'self'; sandbox"
FOR_PDF = "default-src 'none'; object-src 'self'; plugin-types application/pdf; style-src 'unsafe-inline'; frame-ancestors 'self'"


@bp.get("/berkas/<uuid:file_id>")
def download(file_id: UUID) -> ResponseReturnValue:
    """Always saved, never shown by the browser: what people upload is not ours."""
    return _sent(_file(file_id), SAVED, as_attachment=True)


@bp.get("/berkas/<uuid:file_id>/lihat")
def preview(file_id: UUID) -> ResponseReturnValue:
    """Only what cannot carry a script of ours; for anything else there is no such page."""
    file = _file(file_id)
    if file.media_type not in SHOWN:
        raise NotFound
    response = _sent(file, FOR_PDF if file.media_type == "application/pdf" else FOR_PICTURES, as_attachment=False)
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


def _file(file_id: UUID) -> Attachment:
    with database().reading() as session:
        return instances.attachment_for(session, current_actor(), file_id)


def _sent(file: Attachment, policy: str, *, as_attachment: bool) -> Response:
    response = send_file(
        storage().open(file.storage_key), mimetype=file.media_type, as_attachment=as_attachment, download_name=file.filename
    )
    response.headers["Content-Security-Policy"] = policy
    response.headers["Content-Length"] = str(file.size)
    response.headers["Cache-Control"] = "no-store"  # computers are shared: the browser keeps no copy
    return response
