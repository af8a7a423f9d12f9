"""Signing in with a lock-out, and sessions that live on the server."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from sqlalchemy import ColumnElement, Date, and_, bindparam, delete, func, select
from sqlalchemy.orm import Session

from app import access, clock
from app.access import Actor
from app.accounts import codes, events, tokens
from app.accounts.lockout import SignInRefused, normal, refuse_too_many
from app.accounts.passwords import hash_password, is_password, password_problem
from app.accounts.reach import person_for
from app.db import settings_of
from app.errors import InvalidAnswers
from app.models import Membership, SignIn, User, table_of

SEEN_EVERY = timedelta(minutes=1)
_sign_ins, _users, _memberships = table_of(SignIn), table_of(User), table_of(Membership)
_HELD = (  # built once, and of columns alone: every request begins with it
    select(_sign_ins.c.by_code, _sign_ins.c.seen_at, *access.PERSON, _memberships.c.group_key, _memberships.c.acting)
    .select_from(_sign_ins)
    .join(_users, _users.c.id == _sign_ins.c.user_id)
    .outerjoin(_memberships, and_(_memberships.c.user_id == _users.c.id, access.valid_on(bindparam("today", type_=Date))))
    .where(
        _sign_ins.c.token_hash == bindparam("token_hash"),
        _users.c.is_active,
        _sign_ins.c.created_at >= bindparam("oldest"),
        _sign_ins.c.seen_at >= bindparam("idle"),
    )
)


@dataclass(frozen=True)
class Held:
    """A session that is alive. by_code: nothing but choosing a password is open. touch_due: see ``touch``."""

    actor: Actor
    by_code: bool
    touch_due: bool


def sign_in(session: Session, username: str, password: str, address: str) -> str:
    """A new session token for the cookie. Raises SignInRefused; the caller then records the failure (``record_failure``)."""
    return _begin(session, verified_user(session, username, password, address).id)


def verified_user(session: Session, username: str, password: str, address: str) -> User:
    """Raises SignInRefused. Equal work for known and unknown people: a hash is always verified, but during the pause never."""
    username = normal(username)
    refuse_too_many(session, username, address)
    user = session.scalar(select(User).where(User.username == username, User.is_active))
    if not is_password(settings_of(session), user.password_hash if user else None, password) or user is None:
        raise SignInRefused("Nama pengguna atau kata sandi tidak sesuai.")
    return user


def sign_in_with_code(session: Session, username: str, code: str, address: str) -> str:
    """Like ``sign_in``, with a one-time code; the same counters, one sentence for every refusal."""
    username = normal(username)
    refuse_too_many(session, username, address)
    user = codes.use_code(session, username, code)
    if user is None:
        raise SignInRefused("Nama pengguna atau kode tidak sesuai, atau kode tidak berlaku lagi.")
    events.record(session, access.load_actor(session, user.id), user, "code_used")
    return _begin(session, user.id, by_code=True)


def signed_in(session: Session, token: str) -> Held | None:
    """The person behind a cookie's token; None when the session has ended. One statement."""
    settings, now = settings_of(session), clock.now()
    oldest, idle = now - timedelta(hours=settings.session_hours), now - timedelta(minutes=settings.session_idle_minutes)
    asked = {"token_hash": _hash(token), "today": clock.today(), "oldest": oldest, "idle": idle}
    rows = session.connection().execute(_HELD, asked).all()
    if not rows:
        return None
    actor = access.actor_of(rows[0], [(row.group_key, row.acting) for row in rows if row.group_key is not None])
    return Held(actor, rows[0].by_code, now - rows[0].seen_at > SEEN_EVERY)


def touch(session: Session, token: str) -> None:
    if row := session.get(SignIn, _hash(token)):
        row.seen_at = clock.now()


def sign_out(session: Session, token: str) -> None:
    """A cookie copied before is dead after."""
    session.execute(delete(SignIn).where(SignIn.token_hash == _hash(token)))


def change_password(session: Session, actor: Actor, token: str, old: str, new: str, again: str, address: str) -> str:
    """A new token: every session of the person ends, this one too, and codes not used yet and personal tokens die.

    token: of the session that asks; one begun with a code needs no old password. Raises SignInRefused after too many wrong
    passwords; InvalidAnswers, and when it names ``kata_sandi_lama`` the caller records the failure.
    """
    user = session.scalars(select(User).where(User.id == actor.id).with_for_update()).one()
    held = session.get(SignIn, _hash(token))
    problems: dict[str, str] = {}
    if held is None or not held.by_code:
        refuse_too_many(session, user.username, address)
        if not is_password(settings_of(session), user.password_hash, old):
            problems["kata_sandi_lama"] = "Kata sandi lama tidak sesuai."
    if problem := password_problem(new, user.username):
        problems["kata_sandi_baru"] = problem
    elif new == old:
        problems["kata_sandi_baru"] = "Kata sandi baru sama dengan yang lama."
    if new != again:
        problems["kata_sandi_ulang"] = "Kedua isian kata sandi baru tidak sama."
    if problems:
        raise InvalidAnswers(problems)
    user.password_hash = hash_password(settings_of(session), new)
    codes.end_codes(session, user)
    session.execute(delete(SignIn).where(SignIn.user_id == user.id))
    events.record(session, actor, user, "password_chosen")
    tokens.end_tokens(session, actor, user)
    return _begin(session, user.id)


def sessions_of(session: Session, user_id: int) -> Sequence[SignIn]:
    """Those alive, the last seen first."""
    return session.scalars(select(SignIn).where(SignIn.user_id == user_id, is_alive(session)).order_by(SignIn.seen_at.desc())).all()


def is_of(row: SignIn, token: str) -> bool:
    """Whether a session is the one of this cookie."""
    return row.token_hash == _hash(token)


def end_other_sessions(session: Session, actor: Actor, token: str) -> int:
    """One's own, all but this. How many there were."""
    user = session.scalars(select(User).where(User.id == actor.id).with_for_update()).one()
    return _end(session, actor, user, SignIn.token_hash != _hash(token))


def end_sessions_of(session: Session, actor: Actor, user_id: int) -> int:
    """Somebody's, all of them. How many there were. Raises Forbidden, NotFound."""
    return _end(session, actor, person_for(session, actor, user_id, lock=True))


def sweep_sign_ins(session: Session) -> None:
    session.execute(delete(SignIn).where(SignIn.created_at < clock.now() - timedelta(hours=settings_of(session).session_hours)))


def _begin(session: Session, user_id: int, by_code: bool = False) -> str:
    token, now = secrets.token_urlsafe(32), clock.now()
    session.add(SignIn(token_hash=_hash(token), user_id=user_id, created_at=now, seen_at=now, by_code=by_code))
    return token


def _end(session: Session, actor: Actor, user: User, *which: ColumnElement[bool]) -> int:
    ended = session.scalar(select(func.count()).where(SignIn.user_id == user.id, is_alive(session), *which)) or 0
    session.execute(delete(SignIn).where(SignIn.user_id == user.id, *which))
    if ended:
        events.record(session, actor, user, "sessions_ended", f"{ended} sesi")
    return ended


def is_alive(session: Session) -> ColumnElement[bool]:
    settings, now = settings_of(session), clock.now()
    oldest, idle = now - timedelta(hours=settings.session_hours), now - timedelta(minutes=settings.session_idle_minutes)
    return and_(SignIn.created_at >= oldest, SignIn.seen_at >= idle)


def _hash(token: str) -> bytes:
    return sha256(token.encode()).digest()


def username_behind(session: Session, token: str) -> str:
    """Also of a session that has ended, while its row is there; else ""."""
    found = select(User.username).join(SignIn, SignIn.user_id == User.id).where(SignIn.token_hash == _hash(token))
    return session.scalar(found) or ""
