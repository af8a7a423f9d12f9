"""Faults, recorded after the rollback of what they broke, in a transaction of their own; listed until an admin has handled them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import clock
from app.access import Actor
from app.audit import Fact, record
from app.errors import AppError, Conflict, EngineFault, Forbidden, InvalidAnswers, NotFound
from app.models import Definition, Incident, Instance, Timer, User

FIRST = 1000
PAGE_SIZE = 50
UNFORESEEN = re.compile(r"([A-Za-z]\w*): ", re.ASCII)  # how the error page records an exception of no class of ours
STOPPABLE = ("running", "suspended")
MAX_TRIES = 3  # of a timer, before it stops


@dataclass(frozen=True)
class IncidentRow:
    """One fault. instance, definition: None for a fault of no case. handled_by: name, "" for the app."""

    incident: Incident
    instance: Instance | None
    definition: Definition | None
    handled_by: str

    @property
    def reference(self) -> str:
        return reference_of(self.incident.id)


def reference_of(incident_id: int) -> str:
    """The number to tell the admin: "K-1042"."""
    return f"K-{FIRST + incident_id}"


def words_of(incident: Incident) -> str:
    """The sentence; of what nobody foresaw only its kind: its text may hold a query or a path, and stands in the log."""
    found = UNFORESEEN.match(incident.message)
    return f"Kesalahan tak terduga ({found[1]}). Rinciannya ada pada log aplikasi di bawah nomor ini." if found else incident.message


def record_incident(session: Session, message: str, element: str = "", instance_id: int | None = None, stops_case: bool = False) -> str:
    """The reference number. stops_case: nobody can go on in the case until an admin has looked; the trail says since when."""
    instance = session.get(Instance, instance_id, with_for_update=True, populate_existing=True) if instance_id is not None else None
    incident = Incident(message=message[:4000], element=element[:100], instance_id=instance.id if instance else None, at=clock.now())
    session.add(incident)
    session.flush()
    if stops_case and instance is not None and instance.state in STOPPABLE:
        instance.state = "incident"
        instance.revision += 1
        record(session, instance, None, incident.at, [Fact("faulted", {"element": incident.element, "incident": incident.id})])
    return reference_of(incident.id)


def record_fault(session: Session, error: Exception) -> str:
    """The same from what was raised."""
    if isinstance(error, EngineFault):
        return record_incident(session, str(error), error.element, error.instance_id, error.stops_case)
    return record_incident(session, str(error) if isinstance(error, AppError) else f"{type(error).__name__}: {error}")


def open_incident_of(session: Session, instance_id: int) -> Incident | None:
    """The newest that nobody has handled."""
    unhandled = select(Incident).where(Incident.instance_id == instance_id, Incident.resolved_at.is_(None))
    return session.scalar(unhandled.order_by(Incident.id.desc()).limit(1))


def stopped_words(session: Session, instance_id: int) -> str:
    """What people at work read of a case in *gangguan*."""
    found = open_incident_of(session, instance_id)
    named = f" karena kendala {reference_of(found.id)}" if found else " karena kendala pada aplikasi"
    return f"Pelaksanaan ini tertunda{named}; data Anda tidak berubah. Admin sedang menanganinya."


def incidents_for(session: Session, actor: Actor, handled: bool, page: int = 1) -> tuple[list[IncidentRow], int]:
    """The newest first, and how many there are in all. Raises Forbidden."""
    require_admin(actor)
    chosen = Incident.resolved_at.is_not(None) if handled else Incident.resolved_at.is_(None)
    total = session.scalar(select(func.count(Incident.id)).where(chosen)) or 0
    rows = session.execute(
        select(Incident, Instance, Definition, User.name)
        .outerjoin(Instance, Instance.id == Incident.instance_id)
        .outerjoin(Definition, Definition.id == Instance.definition_id)
        .outerjoin(User, User.id == Incident.resolved_by)
        .where(chosen)
        .order_by(Incident.id.desc())
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    )
    return [IncidentRow(incident, instance, definition, name or "") for incident, instance, definition, name in rows], total


def count_open(session: Session) -> int:
    return session.scalar(select(func.count(Incident.id)).where(Incident.resolved_at.is_(None))) or 0


def incident_for(session: Session, actor: Actor, incident_id: int) -> Incident:
    """Raises Forbidden, NotFound."""
    require_admin(actor)
    found = session.get(Incident, incident_id)
    if found is None:
        raise NotFound
    return found


def settle(session: Session, actor: Actor, incident_id: int, words: str) -> Incident:
    """ "Tandai sudah ditangani", for what holds no case up. Raises Forbidden, NotFound, Conflict, InvalidAnswers({"tindakan": …})."""
    found = incident_for(session, actor, incident_id)
    if found.resolved_at is not None:
        raise Conflict("Gangguan ini sudah ditandai selesai.")
    if found.instance_id is not None and session.get_one(Instance, found.instance_id).state == "incident":
        raise Conflict("Gangguan ini menahan pelaksanaannya. Coba lagi, atau perbaiki pelaksanaannya.")
    if not words.strip() or len(words) > 1000:
        raise InvalidAnswers({"tindakan": "Tindakan belum diisi." if not words.strip() else "Tindakan paling panjang 1000 huruf."})
    _settle(found, actor.id, words.strip())
    return found


def settle_all_of(session: Session, instance_id: int, actor_id: int | None, words: str) -> list[int]:
    """Those of one case that are open, once it goes on or has ended. Their ids."""
    unhandled = session.scalars(select(Incident).where(Incident.instance_id == instance_id, Incident.resolved_at.is_(None))).all()
    for one in unhandled:
        _settle(one, actor_id, words)
    return [one.id for one in unhandled]


def halted_timers(session: Session, instance_id: int) -> Sequence[Timer]:
    """Timers that stopped because they failed; the case may have gone on without them since."""
    halted = select(Timer).where(Timer.instance_id == instance_id, Timer.state == "stopped", Timer.tries >= MAX_TRIES)
    return session.scalars(halted).all()


def require_admin(actor: Actor) -> None:
    if not actor.is_admin:
        raise Forbidden("Halaman ini dibuka oleh admin.")


def _settle(incident: Incident, actor_id: int | None, words: str) -> None:
    at: datetime = clock.now()
    incident.resolved_at, incident.resolved_by, incident.resolution = at, actor_id, words
