"""Personal tokens: keys for programs, made by their owner, shown once, kept as their SHA-256. `app/accounts/callers.py` lets them in."""

import re
import secrets
from collections.abc import Mapping, Sequence
from datetime import timedelta
from hashlib import sha256
from typing import Literal, cast

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from app import access, clock, definitions
from app.access import Actor
from app.accounts import events
from app.accounts.lockout import refuse_too_many
from app.accounts.passwords import is_password
from app.db import settings_of
from app.errors import Forbidden, InvalidAnswers, NotFound
from app.models import PersonalToken, User
from app.words import long_date

Scope = Literal["baca", "terbit"]
SCOPES: Mapping[Scope, str] = {"baca": "Membaca saja", "terbit": "Membaca, menerbitkan SOP, dan memulai pelaksanaan"}
LIVES: Mapping[int, str] = {30: "30 hari", 90: "90 hari", 365: "1 tahun"}  # days: words
PREFIX = "alur_"  # so that people and secret scanners recognise one
MISMATCH = "Kata sandi tidak sesuai."
MAX_ALIVE, MAX_NAME, SHOWN = 20, 100, 50
_SHAPE = re.compile(r"alur_[A-Za-z0-9_-]{43}")  # 256 bits after the prefix: no salt, no slow hash needed


def make_token(session: Session, actor: Actor, name: str, scope: str, days: str, password: str, address: str) -> str:
    """ "alur_…": to be shown once. The person's password is asked again, so that an open screen does not become a lasting key.

    Raises Forbidden, SignInRefused after too many wrong passwords; InvalidAnswers, and when it tells of a wrong password
    (``MISMATCH``) the caller records the failure.
    """
    require_use(session, actor)
    user = session.scalars(select(User).where(User.id == actor.id).with_for_update()).one()
    refuse_too_many(session, user.username, address)
    name = " ".join(name.split())
    alive = session.scalars(select(PersonalToken.name).where(PersonalToken.user_id == user.id, is_alive())).all()
    if problems := _problems(name, scope, days, alive) | _password_problem(session, user, password):
        raise InvalidAnswers(problems)
    token, now = PREFIX + secrets.token_urlsafe(32), clock.now()
    made = PersonalToken(
        user_id=user.id,
        name=name,
        scope=scope,
        token_hash=hash_token(token),
        made_at=now,
        expires_at=now + timedelta(days=int(days)),
    )
    session.add(made)
    events.record(session, actor, user, "token_made", f"{name}: {in_words(scope).lower()}, sampai {long_date(made.expires_at)}")
    return token


def revoke_token(session: Session, actor: Actor, token_id: int) -> PersonalToken:
    """One's own; twice is once. Raises NotFound."""
    user = session.scalars(select(User).where(User.id == actor.id).with_for_update()).one()
    found = session.scalar(select(PersonalToken).where(PersonalToken.id == token_id, PersonalToken.user_id == actor.id))
    if found is None:
        raise NotFound
    if found.revoked_at is None and found.expires_at > clock.now():
        found.revoked_at = clock.now()
        events.record(session, actor, user, "token_revoked", found.name)
    return found


def end_tokens(session: Session, actor: Actor | None, user: User) -> None:
    """All of a person's: after another password, and when the account is disabled."""
    alive = session.scalars(select(PersonalToken).where(PersonalToken.user_id == user.id, is_alive()).order_by(PersonalToken.id)).all()
    for token in alive:
        token.revoked_at = clock.now()
    if alive:
        events.record(session, actor, user, "tokens_ended", ", ".join(token.name for token in alive))


def tokens_of(session: Session, actor: Actor) -> Sequence[PersonalToken]:
    """One's own: those that work first, then the newest, at most ``SHOWN``."""
    own = select(PersonalToken).where(PersonalToken.user_id == actor.id)
    return session.scalars(own.order_by(~is_alive(), PersonalToken.id.desc()).limit(SHOWN)).all()


def has_use(session: Session, actor: Actor) -> bool:
    """Whoever reads every case, and whoever starts an SOP: all others would hold a key that opens nothing they use."""
    if actor.sees_every_case:
        return True
    return any(access.may_start(actor, definitions.spec_of(found).drawing) for found in definitions.latest_all(session))


def require_use(session: Session, actor: Actor) -> None:
    """Raises Forbidden."""
    if not has_use(session, actor):
        raise Forbidden("Token pribadi dipakai oleh analis, auditor, admin, dan yang memulai SOP.")


def is_alive() -> ColumnElement[bool]:
    return and_(PersonalToken.revoked_at.is_(None), PersonalToken.expires_at > clock.now())


def looks_like_token(text: str) -> bool:
    return bool(_SHAPE.fullmatch(text))


def hash_token(token: str) -> bytes:
    return sha256(token.encode("utf-8", "surrogatepass")).digest()


def in_words(scope: str) -> str:
    return SCOPES.get(cast(Scope, scope), scope)


def _problems(name: str, scope: str, days: str, alive: Sequence[str]) -> dict[str, str]:
    problems: dict[str, str] = {}
    if not name:
        problems["nama"] = "Nama token belum diisi."
    elif len(name) > MAX_NAME or not name.isprintable():
        problems["nama"] = f"Nama token paling panjang {MAX_NAME} huruf, tanpa tanda yang tidak tampak."
    elif name in alive:
        problems["nama"] = f"Token “{name}” masih berlaku. Beri nama lain, atau cabut dahulu yang lama."
    elif len(alive) >= MAX_ALIVE:
        problems["nama"] = f"Anda sudah mempunyai {MAX_ALIVE} token yang berlaku. Cabut dahulu yang tidak dipakai."
    if scope not in SCOPES:
        problems["lingkup"] = "Pilih apa yang boleh dilakukan token ini."
    if days not in {str(known) for known in LIVES}:
        problems["masa"] = "Pilih masa berlaku token ini."
    return problems


def _password_problem(session: Session, user: User, password: str) -> dict[str, str]:
    if not password:
        return {"kata_sandi": "Kata sandi belum diisi."}
    right = is_password(settings_of(session), user.password_hash, password)
    return {} if right else {"kata_sandi": MISMATCH}
