"""Who reads what the office keeps about its OPD and teams, and who keeps it."""

from sqlalchemy.orm import Session

from app import accounts
from app.access import Actor
from app.errors import Forbidden


def may_read(actor: Actor) -> bool:
    """Everybody of the office, and who sees every case; not somebody who works for an OPD only."""
    return not actor.is_opd_only


def may_keep(session: Session, actor: Actor) -> bool:
    """Units of service and decrees: admins, and those who look after the OPD's accounts."""
    return accounts.reach_of(session, actor) != "none"


def require_reader(actor: Actor) -> None:
    """Raises Forbidden."""
    if not may_read(actor):
        raise Forbidden("Halaman ini untuk pegawai bagian, auditor, analis, dan admin.")


def require_keeper(session: Session, actor: Actor) -> None:
    """Raises Forbidden."""
    if not may_keep(session, actor):
        raise Forbidden("Register ini diubah oleh admin dan kelompok yang membantu akun OPD.")


def require_admin(actor: Actor) -> None:
    """The list of OPD itself: every case that starts takes it over. Raises Forbidden."""
    if not actor.is_admin:
        raise Forbidden("Daftar OPD diubah oleh admin.")
