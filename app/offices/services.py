"""Units of service of an OPD: what surveys and visits are about. Forms take them as the source ``unit_layanan``."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Actor
from app.errors import InvalidAnswers, NotFound
from app.models import OrgUnit, ServiceUnit
from app.offices import events
from app.offices.days import held_on, span_problems, span_words, text_problem
from app.offices.rights import require_keeper, require_reader


@dataclass(frozen=True)
class ServiceDetails:
    name: str
    service: str = ""
    valid_from: date | None = None
    valid_to: date | None = None


def in_words(unit: ServiceUnit | ServiceDetails) -> str:
    """ "Puskesmas Kijang – Rawat jalan": also what an answer keeps, so that it reads the same whatever becomes of the register."""
    return f"{unit.name} – {unit.service}" if unit.service else unit.name


def service_units_on(session: Session, day: date, org_unit_id: str | None = None) -> Sequence[tuple[ServiceUnit, OrgUnit]]:
    """Of one OPD or of all, in the order of OPD and name."""
    query = (
        select(ServiceUnit, OrgUnit)
        .join(OrgUnit, OrgUnit.id == ServiceUnit.org_unit_id)
        .where(held_on(ServiceUnit.valid_from, ServiceUnit.valid_to, day))
        .order_by(OrgUnit.name, ServiceUnit.name, ServiceUnit.service, ServiceUnit.id)
    )
    if org_unit_id is not None:
        query = query.where(ServiceUnit.org_unit_id == org_unit_id)
    return [(row[0], row[1]) for row in session.execute(query)]


def all_service_units(session: Session, org_unit_id: str) -> Sequence[ServiceUnit]:
    """Also those that have ended, which come last."""
    rows = session.scalars(select(ServiceUnit).where(ServiceUnit.org_unit_id == org_unit_id))
    return sorted(rows, key=lambda row: (row.valid_to is not None, row.name.casefold(), row.service.casefold(), row.id))


def service_unit_for(session: Session, actor: Actor, org_unit_id: str, number: int) -> ServiceUnit:
    """Raises Forbidden, NotFound."""
    require_reader(actor)
    found = session.get(ServiceUnit, number)
    if found is None or found.org_unit_id != org_unit_id:
        raise NotFound
    return found


def keep_service_unit(session: Session, actor: Actor, org_unit_id: str, number: int | None, wanted: ServiceDetails) -> ServiceUnit:
    """number: None for a new one. The same twice is one. Raises Forbidden, NotFound, InvalidAnswers."""
    require_keeper(session, actor)
    if session.scalar(select(OrgUnit.id).where(OrgUnit.id == org_unit_id).with_for_update()) is None:
        raise NotFound
    row = service_unit_for(session, actor, org_unit_id, number) if number is not None else None
    if problems := _problems(session, org_unit_id, wanted, row):
        raise InvalidAnswers(problems)
    assert wanted.valid_from is not None  # noqa: S101 - a problem otherwise
    told = f"{in_words(wanted)}, {span_words(wanted.valid_from, wanted.valid_to)}"
    if row is None:
        row = ServiceUnit(org_unit_id=org_unit_id, valid_to=wanted.valid_to, valid_from=wanted.valid_from)
        session.add(row)
        events.record(session, actor, events.of_unit(org_unit_id), "unit_added", told)
    else:
        before = f"{in_words(row)}, {span_words(row.valid_from, row.valid_to)}"
        if before == told:
            return row
        events.record(session, actor, events.of_unit(org_unit_id), "unit_changed", f"{before} → {told}")
    row.name, row.service, row.valid_from, row.valid_to = wanted.name, wanted.service, wanted.valid_from, wanted.valid_to
    session.flush()
    return row


def _problems(session: Session, org_unit_id: str, wanted: ServiceDetails, row: ServiceUnit | None) -> dict[str, str]:
    texts = (("nama", "Nama unit layanan", wanted.name, 120, True), ("layanan", "Jenis layanan", wanted.service, 80, False))
    problems = {key: told for key, label, text, most, must in texts if (told := text_problem(label, text, most, must))}
    problems |= span_problems(wanted.valid_from, wanted.valid_to)
    if problems or wanted.valid_from is None:
        return problems
    for other in session.scalars(select(ServiceUnit).where(ServiceUnit.org_unit_id == org_unit_id)):
        same = in_words(other).casefold() == in_words(wanted).casefold() and (row is None or other.id != row.id)
        if same and _overlap(other, wanted.valid_from, wanted.valid_to):
            return {"nama": f"“{in_words(other)}” sudah terdaftar pada OPD ini {span_words(other.valid_from, other.valid_to)}."}
    return {}


def _overlap(other: ServiceUnit, since: date, until: date | None) -> bool:
    return (until is None or other.valid_from <= until) and (other.valid_to is None or since <= other.valid_to)
