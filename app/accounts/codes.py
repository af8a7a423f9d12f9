"""One-time sign-in codes for a first sign-in or a forgotten password: 24 hours, once, handed over by phone."""

import secrets
from datetime import timedelta
from hashlib import sha256

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app import clock
from app.access import Actor
from app.accounts import events
from app.accounts.reach import person_for
from app.errors import Conflict, NotFound
from app.models import SignInCode, User

LIFE = timedelta(hours=24)
LENGTH = 8
# No 0 and O, no 1, I and L: they are read out over a phone. 31^8 codes against ten tries in 15 minutes.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def make_code(session: Session, actor: Actor | None, user_id: int) -> str:
    """ "7KQM-4TXD": to be shown once, only its SHA-256 is kept. An earlier code of the person is dead from now on.

    actor: None for a command on the server. Raises Forbidden, NotFound; Conflict for a disabled account.
    """
    user = person_for(session, actor, user_id, lock=True) if actor else session.get(User, user_id)
    if user is None:
        raise NotFound
    if not user.is_active:
        raise Conflict(f"Akun {user.name} nonaktif. Aktifkan dahulu, lalu buat kodenya.")
    end_codes(session, user)
    code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    now, by = clock.now(), actor.id if actor else None
    session.add(SignInCode(user_id=user.id, code_hash=_hash(user.id, code), made_by=by, made_at=now, expires_at=now + LIFE))
    events.record(session, actor, user, "code_made")
    return f"{code[:4]}-{code[4:]}"


def use_code(session: Session, username: str, code: str) -> User | None:
    """The person, once. None for whatever does not fit: a wrong, used or old code, an unknown or disabled person. Equal work for all."""
    user = session.scalar(select(User).where(User.username == username, User.is_active))
    used = session.execute(
        update(SignInCode)  # one statement: of two people with the same code at once, one gets in
        .where(
            SignInCode.user_id == (user.id if user else 0),
            SignInCode.code_hash == _hash(user.id if user else 0, _bare(code)),
            SignInCode.used_at.is_(None),
            SignInCode.expires_at > clock.now(),
        )
        .values(used_at=clock.now())
        .returning(SignInCode.id)
    ).all()
    return user if used else None


def end_codes(session: Session, user: User) -> None:
    """Codes that were not used yet are dead from now on."""
    now = clock.now()
    session.execute(
        update(SignInCode)
        .where(SignInCode.user_id == user.id, SignInCode.used_at.is_(None), SignInCode.expires_at > now)
        .values(expires_at=now)
    )


def _bare(code: str) -> str:
    """As typed from a phone call: small letters, blanks and dashes do not matter."""
    return "".join(letter for letter in code.upper() if letter in ALPHABET)[: LENGTH + 1]


def _hash(user_id: int, code: str) -> bytes:
    """With the person in it, so that equal codes of two people do not look alike."""
    return sha256(f"{user_id}:{code}".encode()).digest()
