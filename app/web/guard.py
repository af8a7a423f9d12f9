"""Default deny: every endpoint wants a signed-in person unless it says ``@public``, or a blueprint its own header (``by_header``).

Sessions live on the server. Also the security headers: strict CSP, no inline script or style anywhere.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar, cast
from uuid import uuid4

from flask import Blueprint, Flask, Request, Response, current_app, g, jsonify, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, UserMixin, current_user
from flask_wtf import CSRFProtect

from app import accounts
from app.access import Actor
from app.config import Settings
from app.db import Database
from app.errors import AppError
from app.storage import Storage

Route = TypeVar("Route", bound=Callable[..., Any])
SESSION_KEY = "masuk"
CONTENT_POLICY = "; ".join(
    (
        "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "font-src 'self'", "connect-src 'self'",
        "form-action 'self'", "frame-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "manifest-src 'self'",
    )
)  # fmt: skip
HEADERS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}
_PUBLIC = "is_public"
_BY_HEADER = "authenticated_by_header"
OPEN_BY_CODE = ("account.password", "account.sign_out")  # for whoever signed in with a one-time code
csrf = CSRFProtect()


@dataclass(frozen=True)
class Services:
    """What the app holds besides Flask itself."""

    settings: Settings
    database: Database
    storage: Storage


class SessionEnded(AppError):
    """A form was sent after the session had ended: the sign-in page takes it along (``app/web/account.py``)."""

    status = 401
    title = "Masuk"

    def __init__(self) -> None:
        super().__init__("Sesi Anda berakhir. Masuk kembali.")


class Person(UserMixin):  # type: ignore[misc]
    """What Flask-Login carries: the actor of this request. by_code: signed in with a one-time code, a password still to be chosen."""

    def __init__(self, actor: Actor, by_code: bool) -> None:
        self.actor = actor
        self.id = actor.id
        self.by_code = by_code


def services() -> Services:
    return cast(Services, current_app.extensions["alur"])


def database() -> Database:
    return services().database


def storage() -> Storage:
    return services().storage


def settings() -> Settings:
    return services().settings


def current_actor() -> Actor:
    """The signed-in person; only in routes that are not public."""
    actor: Actor = current_user.actor
    return actor


def signed_in_actor() -> Actor | None:
    """For the page header, also on public pages."""
    return current_user.actor if current_user.is_authenticated else None


def must_choose_password() -> bool:
    """Signed in with a one-time code: nothing else is open yet."""
    return bool(current_user.is_authenticated and current_user.by_code)


def session_token() -> str:
    """Of the signed-in person's own session."""
    return str(session.get(SESSION_KEY, ""))


def client_address() -> str:
    return request.remote_addr or ""


def form_token() -> str:
    """A new one-time token for a form; posted back, it makes the same press twice one deed."""
    return uuid4().hex


def ended_username() -> str:
    """Whose session it was that has ended, as far as the server still knows."""
    with database().reading() as db_session:
        return accounts.username_behind(db_session, str(session.get(SESSION_KEY, "")))


def wants_json() -> bool:
    """A script of ours asks, not a person."""
    return request.accept_mimetypes.best == "application/json"


def public(route: Route) -> Route:
    """The route answers people who have not signed in."""
    setattr(route, _PUBLIC, True)
    return route


def by_header(pages: Blueprint, authenticate: Callable[[], None]) -> None:
    """These pages are for programs: `authenticate` alone decides who asks, from a header of this very request, or raises.

    The cookie is never read there, so a foreign page cannot use it, and so their POSTs need no CSRF token: the two go together.
    """
    setattr(pages, _BY_HEADER, authenticate)
    csrf.exempt(pages)


def header_authentication() -> Callable[[], None] | None:
    """Of this request's blueprint; None where people sign in."""
    return getattr(current_app.blueprints.get(request.blueprint or ""), _BY_HEADER, None)


def is_public(app: Flask, endpoint: str | None) -> bool:
    return endpoint == "static" or bool(endpoint and getattr(app.view_functions.get(endpoint), _PUBLIC, False))


def begin_session(token: str) -> None:
    """After a sign-in: a new cookie content, the server-side token in it, nothing of before."""
    session.clear()
    session[SESSION_KEY] = token


def end_session() -> None:
    if token := session.get(SESSION_KEY):
        with database().transaction() as db_session:
            accounts.sign_out(db_session, token)
    session.clear()


def register(app: Flask) -> None:
    csrf.init_app(app)
    manager = LoginManager(app)
    manager.request_loader(_load_person)
    app.before_request(_refuse_strangers)
    app.after_request(_add_headers)


def _load_person(_request: Request) -> Person | None:
    if header_authentication() or g.get("person_asked_for"):
        return None
    g.person_asked_for = True  # a second time only after the database gave no answer: the page that says so must not ask it again
    token = session.get(SESSION_KEY)
    if not isinstance(token, str):
        return None
    with database().reading() as db_session:
        found = accounts.signed_in(db_session, token)
    if found is None:
        g.session_ended = True  # the dead token stays in the cookie: the next request, too, comes from a session that ended
        return None
    if found.touch_due:
        with database().transaction() as db_session:
            accounts.touch(db_session, token)
    return Person(found.actor, found.by_code)


def _refuse_strangers() -> ResponseReturnValue | None:
    if request.endpoint is None or is_public(current_app, request.endpoint):
        return None
    if authenticate := header_authentication():
        authenticate()
        return None
    if must_choose_password() and request.endpoint not in OPEN_BY_CODE:
        return redirect(url_for("account.password"), 303)
    if current_user.is_authenticated:
        return None
    if wants_json():
        return jsonify({"problem": "Sesi Anda berakhir. Kirim atau simpan isian ini untuk masuk kembali."}), 401
    if request.method == "POST" and g.get("session_ended"):
        raise SessionEnded
    here = request.full_path.rstrip("?") if request.method == "GET" else request.path
    return redirect(url_for("account.sign_in", next=here, berakhir=1 if g.get("session_ended") else None), 303)


def _add_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if services().settings.cookie_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    if request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-store")
    return response
