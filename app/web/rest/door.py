"""Who asks: a header with every request, HTTP Basic or a personal token as Bearer. A cookie says nothing here."""

import base64
import binascii

from flask import Blueprint, g, request
from sqlalchemy.orm import Session

from app import accounts
from app.access import Actor
from app.accounts import Caller, SignInRefused
from app.errors import Forbidden
from app.web.guard import by_header, client_address, database

bp = Blueprint("rest", __name__, url_prefix="/engine-rest")
MAX_JSON = 1_048_576
_NOTHING = "Sertakan nama pengguna dan kata sandi, atau token pribadi, pada kepala Authorization."


def authenticate() -> None:
    """Raises SignInRefused, Forbidden. A wrong secret counts as a wrong password on the sign-in page does."""
    request.max_content_length = MAX_JSON
    _refuse_web_pages()
    username, secret = _credentials()
    try:
        with database().reading() as session:
            found = _caller(session, username, secret)
    except SignInRefused as error:
        if error.is_guess:
            with database().transaction() as session:
                accounts.record_failure(session, username or "", client_address())
        raise
    if found.touch_due and found.token_id is not None:
        with database().transaction() as session:
            accounts.touch_token(session, found.token_id)
    g.caller = found


by_header(bp, authenticate)


def caller() -> Caller:
    found: Caller = g.caller
    return found


def actor() -> Actor:
    """For reading."""
    return caller().actor


def writer() -> Actor:
    """For deploying and starting. Raises Forbidden for a token that only reads."""
    if caller().scope != "terbit":
        raise Forbidden("Token ini hanya untuk membaca. Buat token lain pada Akun saya untuk menerbitkan atau memulai SOP.")
    return caller().actor


def _caller(session: Session, username: str | None, secret: str) -> Caller:
    if username is None:
        return accounts.caller_with_token(session, secret)
    return accounts.caller_with(session, username, secret, client_address())


def _credentials() -> tuple[str | None, str]:
    """(username, password or token), or (None, token). Raises SignInRefused where there are none: no guess, it only asks what is wanted."""
    scheme, _, rest = request.headers.get("Authorization", "").strip().partition(" ")
    rest = rest.strip()
    if scheme.lower() == "bearer" and rest:
        return None, rest
    if scheme.lower() != "basic" or not rest:
        raise SignInRefused(_NOTHING, is_guess=False)
    username, colon, secret = _decoded(rest).partition(":")
    if not colon:
        raise SignInRefused(_NOTHING, is_guess=False)
    return username, secret


def _decoded(text: str) -> str:
    """UTF-8, or Latin-1 as the Modeler's ``btoa`` writes letters with accents. "" for what is no base64."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return ""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _refuse_web_pages() -> None:
    """A browser that once was given a password for this address would add it to what any other page sends.

    The Modeler's own window comes from a file, scripts name no origin. Nor do we ever make a browser ask (`refusing.py`).
    """
    if request.headers.get("Origin", "").lower().startswith(("http://", "https://")):
        raise Forbidden("Alamat ini untuk program, bukan untuk halaman web.")
