"""Passwords: argon2id, and what makes a good one (ASVS 5.0, 6.2)."""

import secrets
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from app.config import Settings

MIN_PASSWORD, MAX_PASSWORD = 12, 200
_COMMON = frozenset({"password", "kata sandi", "rahasia", "bintan", "admin", "qwerty", "12345678"})


def password_problem(password: str, username: str) -> str:
    """ "" when good. At least 12 characters, not common, not the user name."""
    lowered = password.lower()
    if len(password) < MIN_PASSWORD:
        return f"Kata sandi paling sedikit {MIN_PASSWORD} huruf."
    if len(password) > MAX_PASSWORD:
        return f"Kata sandi paling banyak {MAX_PASSWORD} huruf."
    if not password.isprintable():
        return "Kata sandi memuat tanda yang tidak dapat diketik."
    if username in lowered or len(set(lowered)) < 5 or any(lowered.strip("0123456789!@#. ") == word for word in _COMMON):
        return "Kata sandi terlalu mudah ditebak."
    return ""


def hash_password(settings: Settings, password: str) -> str:
    return _hasher(settings).hash(password)


def nobody_knows(settings: Settings) -> str:
    """The hash of a password that nobody has: for a person who has yet to choose one. Verifying it costs what every other costs."""
    return hash_password(settings, secrets.token_urlsafe(32))


def is_password(settings: Settings, stored: str | None, password: str) -> bool:
    """Equal work for known and unknown people: without a stored hash another one is verified."""
    try:
        return _hasher(settings).verify(stored or _decoy(settings), password) and stored is not None
    except (VerifyMismatchError, InvalidHashError):
        return False


def _hasher(settings: Settings) -> PasswordHasher:
    return PasswordHasher(time_cost=settings.argon2_time_cost, memory_cost=settings.argon2_memory_kib)


@lru_cache(maxsize=4)
def _decoy(settings: Settings) -> str:
    return nobody_knows(settings)
