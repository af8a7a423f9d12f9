"""The pause after too many wrong passwords, codes or tokens: counted in the database, for the account and for the address."""

from datetime import timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app import clock
from app.db import settings_of
from app.errors import AppError
from app.models import SignInFailure

WINDOW = timedelta(minutes=15)


class SignInRefused(AppError):
    """The same sentence for a wrong password and for a person that does not exist. is_guess: the caller records it as a failure."""

    status = 401
    title = "Belum dapat masuk"

    def __init__(self, message: str, is_guess: bool = True) -> None:
        super().__init__(message)
        self.is_guess = is_guess


def record_failure(session: Session, username: str, address: str) -> None:
    """In a transaction of its own: the one that refused is rolled back. A try during the pause does not lengthen the pause.

    username: "" where none was given (a token alone); then only the address counts, or strangers would share an account.
    """
    if too_many_failures(session, username, address):
        return
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


def refuse_too_many(session: Session, username: str, address: str) -> None:
    """Raises SignInRefused during the pause."""
    if too_many_failures(session, username, address):
        office = settings_of(session).office_name
        raise SignInRefused(f"Terlalu banyak percobaan. Coba lagi 15 menit lagi, atau hubungi Tata Usaha {office}.")


def normal(username: str) -> str:
    """A name with control characters is nobody's; PostgreSQL would not even take the question."""
    return username.strip().lower() if username.isprintable() else ""


def _subjects(username: str, address: str) -> list[str]:
    account = normal(username)[:64]
    return [*([f"akun:{account}"] if account else []), f"alamat:{address[:64]}"]
