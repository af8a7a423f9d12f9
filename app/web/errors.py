"""One renderer for every refusal. What the person reads is a sentence; what broke is in the log and the incident."""

import logging
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from flask import Flask, Response, jsonify, render_template
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException

from app import incidents
from app.errors import NO_ROOM, AppError, Busy, EngineFault, NotStored
from app.storage import FULL
from app.web.guard import database, wants_json

log = logging.getLogger("alur")
NOTHING: Mapping[str, object] = MappingProxyType({})
FAULT = "Terjadi kendala pada aplikasi. Data Anda tidak berubah. Sebutkan nomor {reference} kepada admin."
HTTP_SENTENCES = {
    400: ("Permintaan tidak dapat dibaca", "Muat ulang halaman sebelumnya, lalu coba lagi."),
    404: ("Halaman tidak ditemukan", "Halaman atau data ini tidak ada, atau bukan untuk Anda."),
    405: ("Cara ini tidak dipakai di sini", "Kembali ke Tugas Saya, lalu coba lagi."),
    413: ("Berkas terlalu besar", "Berkas yang dikirim melebihi batas. Perkecil atau serahkan melalui Tata Usaha."),
}


def register(app: Flask) -> None:
    app.register_error_handler(AppError, render_app_error)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


def render_app_error(error: AppError, **kept: Any) -> ResponseReturnValue:
    """kept: what the page shows besides (the answers of a refused form)."""
    if isinstance(error, EngineFault):
        return _fault(error, str(error), error.element, error.instance_id)
    headers = {"Retry-After": str(error.retry_after)} if isinstance(error, Busy) else {}
    return _refusal(error.title, str(error), error.status, details=error.details(), **kept), error.status, headers


def _refusal(
    title: str, message: str, status: int, /, reference: str = "", details: Mapping[str, object] = NOTHING, **kept: Any
) -> Response | str:
    """A page for a person; for a script of ours a sentence, with details."""
    if wants_json():
        return jsonify({"problem": message or f"{title}.", **details})
    return render_template("error.html", title=title, message=message, status=status, reference=reference, **kept)


def _csrf(_error: CSRFError) -> ResponseReturnValue:
    message = "Halaman ini sudah terlalu lama terbuka. Kembali, muat ulang halaman, lalu kirim lagi."
    return _refusal("Muat ulang halaman", message, 400), 400


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:
        return error.get_response()
    title, message = HTTP_SENTENCES.get(error.code, ("Permintaan ditolak", "Kembali ke Tugas Saya, lalu coba lagi."))
    return _refusal(title, message, error.code), error.code


def _unexpected(error: Exception) -> ResponseReturnValue:
    if isinstance(error, OSError) and error.errno in FULL:  # what a browser sends is laid aside on a disk before any route sees it
        return render_app_error(NotStored(NO_ROOM))
    return _fault(error, f"{type(error).__name__}: {error}", "", None)


def record_fault(error: Exception, message: str, element: str = "", instance_id: int | None = None) -> str:
    """A reference number: after the rollback, in a transaction of its own; should that fail too, the log still has it."""
    try:
        with database().transaction() as session:
            reference = incidents.record_incident(session, message, element, instance_id, getattr(error, "stops_case", False))
    except (AppError, SQLAlchemyError):
        reference = "K-0"
    log.error("%s %s", reference, message, exc_info=error)
    return reference


def _fault(error: Exception, message: str, element: str, instance_id: int | None) -> ResponseReturnValue:
    reference = record_fault(error, message, element, instance_id)
    title, text = EngineFault.title, FAULT.format(reference=reference)
    return _refusal(title, text, 500, reference), 500
