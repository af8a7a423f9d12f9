"""People and their sessions: passwords, sign-in with a lock-out, server-side sessions."""

import re
import secrets
from datetime import timedelta
from functools import lru_cache
from hashlib import sha256

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import and_, delete, func, select
from sqlalchemy.orm import Session

from app import access, clock
from app.access import Actor
from app.config import Settings
from app.db import settings_of
from app.errors import AppError, InvalidAnswers
from app.models import Group, Membership, OrgUnit, SignIn, SignInFailure, User

WINDOW = timedelta(minutes=15)
SEEN_EVERY = timedelta(minutes=1)
MIN_PASSWORD = 12
_USERNAME = re.compile(r"^[a-z0-9][a-z0-9._-]{1,63}$")
_COMMON = frozenset({"password", "kata sandi", "rahasia", "bintan", "admin", "qwerty", "12345678"})


class SignInRefused(AppError):
    """The same sentence for a wrong password and for a person that does not exist."""

    status = 401
    title = "Belum dapat masuk"


def sign_in(session: Session, username: str, password: str, address: str) -> str:
    """A new session token for the cookie. Raises SignInRefused; the caller then records the failure (``record_failure``).

    Equal work for known and unknown people: a hash is always verified.
    """
    settings, username = settings_of(session), username.strip().lower()
    if too_many_failures(session, username, address):
        raise SignInRefused("Terlalu banyak percobaan. Coba lagi 15 menit lagi, atau hubungi Tata Usaha Bagian Organisasi.")
    user = session.scalar(select(User).where(User.username == username, User.is_active))
    stored = user.password_hash if user else _decoy(settings)
    if not _verify(settings, stored, password) or user is None:
        raise SignInRefused("Nama pengguna atau kata sandi tidak sesuai.")
    token = secrets.token_urlsafe(32)
    session.add(SignIn(token_hash=_hash(token), user_id=user.id, created_at=clock.now(), seen_at=clock.now()))
    return token


def record_failure(session: Session, username: str, address: str) -> None:
    now = clock.now()
    session.execute(delete(SignInFailure).where(SignInFailure.at < now - WINDOW))
    session.add_all(SignInFailure(subject=subject, at=now) for subject in _subjects(username, address))


def too_many_failures(session: Session, username: str, address: str) -> bool:
    counts = session.scalars(
        select(func.count())
        .where(SignInFailure.subject.in_(_subjects(username, address)), SignInFailure.at > clock.now() - WINDOW)
        .group_by(SignInFailure.subject)
    )
    return any(count >= settings_of(session).login_tries for count in counts)


def signed_in(session: Session, token: str) -> tuple[Actor, bool] | None:
    """The person behind a cookie's token, and whether ``touch`` is due; None when the session has ended. One statement."""
    rows = session.execute(
        select(SignIn, User, Membership)
        .join(User, User.id == SignIn.user_id)
        .outerjoin(Membership, and_(Membership.user_id == User.id, access.valid_on(clock.today())))
        .where(SignIn.token_hash == _hash(token), User.is_active)
    ).all()
    if not rows:
        return None
    settings, now, held = settings_of(session), clock.now(), rows[0][0]
    idle, age = now - held.seen_at, now - held.created_at
    if idle > timedelta(minutes=settings.session_idle_minutes) or age > timedelta(hours=settings.session_hours):
        return None
    return access.actor_of(rows[0][1], [row[2] for row in rows]), idle > SEEN_EVERY


def username_behind(session: Session, token: str) -> str:
    """Also of a session that has ended, while its row is there; else ""."""
    found = select(User.username).join(SignIn, SignIn.user_id == User.id).where(SignIn.token_hash == _hash(token))
    return session.scalar(found) or ""


def touch(session: Session, token: str) -> None:
    if row := session.get(SignIn, _hash(token)):
        row.seen_at = clock.now()


def sign_out(session: Session, token: str) -> None:
    """A cookie copied before is dead after."""
    session.execute(delete(SignIn).where(SignIn.token_hash == _hash(token)))


def sweep_sign_ins(session: Session) -> None:
    session.execute(delete(SignIn).where(SignIn.created_at < clock.now() - timedelta(hours=settings_of(session).session_hours)))


def add_user(
    session: Session,
    username: str,
    name: str,
    password: str,
    *,
    position: str = "",
    groups: tuple[str, ...] = (),
    org_unit_id: str | None = None,
    rights: tuple[str, ...] = (),
) -> User:
    """rights: any of analyst, auditor, admin. Raises InvalidAnswers naming what to mend."""
    problems: dict[str, str] = {}
    username = username.strip().lower()
    if not _USERNAME.match(username):
        problems["username"] = "Nama pengguna: 2 sampai 64 huruf kecil, angka, titik, atau garis; tanpa spasi."
    elif session.scalar(select(User.id).where(User.username == username)):
        problems["username"] = f"Nama pengguna “{username}” sudah dipakai."
    if problem := password_problem(password, username):
        problems["password"] = problem
    known = set(session.scalars(select(Group.key).where(Group.key.in_(groups))))
    if missing := sorted(set(groups) - known):
        problems["groups"] = f"Kelompok tidak dikenal: {', '.join(missing)}."
    if org_unit_id and session.get(OrgUnit, org_unit_id) is None:
        problems["org_unit"] = f"OPD “{org_unit_id}” tidak dikenal."
    if problems:
        raise InvalidAnswers(problems)
    user = User(
        username=username, name=name.strip() or username, position=position, org_unit_id=org_unit_id, is_active=True,
        password_hash=_hasher(settings_of(session)).hash(password), created_at=clock.now(),
        is_analyst="analyst" in rights, is_auditor="auditor" in rights, is_admin="admin" in rights,
    )  # fmt: skip
    session.add(user)
    session.flush()
    session.add_all(Membership(user_id=user.id, group_key=key, acting="", valid_from=clock.today()) for key in groups)
    return user


def password_problem(password: str, username: str) -> str:
    """ "" when good. At least 12 characters, not common, not the user name (ASVS 5.0, 6.2)."""
    lowered = password.lower()
    if len(password) < MIN_PASSWORD:
        return f"Kata sandi paling sedikit {MIN_PASSWORD} huruf."
    if username in lowered or len(set(lowered)) < 5 or any(lowered.strip("0123456789!@#. ") == word for word in _COMMON):
        return "Kata sandi terlalu mudah ditebak."
    return ""


def _verify(settings: Settings, stored: str, password: str) -> bool:
    try:
        return _hasher(settings).verify(stored, password)
    except (VerifyMismatchError, InvalidHashError):
        return False


def _hasher(settings: Settings) -> PasswordHasher:
    return PasswordHasher(time_cost=settings.argon2_time_cost, memory_cost=settings.argon2_memory_kib)


@lru_cache(maxsize=4)
def _decoy(settings: Settings) -> str:
    return _hasher(settings).hash(secrets.token_urlsafe(16))


def _subjects(username: str, address: str) -> list[str]:
    return [f"akun:{username.strip().lower()[:64]}", f"alamat:{address[:64]}"]


def _hash(token: str) -> bytes:
    return sha256(token.encode()).digest()
