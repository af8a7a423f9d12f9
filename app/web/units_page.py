"""What the pages of Daftar OPD show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from app import clock, offices
from app.access import Actor
from app.models import OrgUnit, ServiceUnit, User
from app.offices import Hanging, State, Told, UnitRow


@dataclass(frozen=True)
class Filled:
    """A form that came back: what was typed (None: it is opened for the first time) and what is wrong with it."""

    typed: Mapping[str, str] | None
    problems: Mapping[str, str]


@dataclass(frozen=True)
class ListPage:
    """left: active accounts of OPD that have ended, for those who can do something about it."""

    rows: Sequence[UnitRow]
    search: str
    state: State
    may_change: bool
    left: Sequence[tuple[User, OrgUnit]]


@dataclass(frozen=True)
class UnitPage:
    """services: (unit, whether it is one today). hanging: what depends on it, for those who keep the registers."""

    row: UnitRow
    services: Sequence[tuple[ServiceUnit, bool]]
    hanging: Hanging | None
    events: Sequence[Told]
    may_change: bool
    may_keep: bool


@dataclass(frozen=True)
class UnitForm:
    """unit: None for a new one. values: texts of the fields."""

    unit: OrgUnit | None
    values: Mapping[str, str]
    kinds: Sequence[str]
    edition: int
    problems: Mapping[str, str]


@dataclass(frozen=True)
class EndForm:
    unit: OrgUnit
    values: Mapping[str, str]
    successors: Sequence[OrgUnit]
    hanging: Hanging
    edition: int
    problems: Mapping[str, str]


@dataclass(frozen=True)
class ServiceForm:
    """row: None for a new one."""

    unit: OrgUnit
    row: ServiceUnit | None
    values: Mapping[str, str]
    problems: Mapping[str, str]


def list_page(session: Session, actor: Actor, search: str, state: State) -> ListPage:
    """Raises Forbidden."""
    rows = offices.units_for(session, actor, search, state)
    left = offices.left_behind(session) if offices.may_keep(session, actor) else ()
    return ListPage(rows, search, state, actor.is_admin, left)


def unit_page(session: Session, actor: Actor, unit_id: str) -> UnitPage:
    """Raises Forbidden, NotFound."""
    row, may_keep, today = offices.unit_for(session, actor, unit_id), offices.may_keep(session, actor), clock.today()
    services = offices.all_service_units(session, unit_id)
    return UnitPage(
        row=row,
        services=[(one, one.valid_from <= today and (one.valid_to is None or one.valid_to >= today)) for one in services],
        hanging=offices.hanging_on(session, unit_id) if may_keep else None,
        events=offices.events_of(session, offices.of_unit(unit_id)),
        may_change=actor.is_admin,
        may_keep=may_keep,
    )


def unit_form(session: Session, actor: Actor, unit_id: str | None, filled: Filled) -> UnitForm:
    """Raises Forbidden, NotFound."""
    offices.require_admin(actor)
    unit = offices.unit_for(session, actor, unit_id).unit if unit_id is not None else None
    stored = {}
    if unit is not None:
        stored = {"nama": unit.name, "singkatan": unit.short_name, "jenis": unit.kind, "mulai": unit.valid_from.isoformat()}
    kinds = [*offices.KINDS, *([unit.kind] if unit and unit.kind not in offices.KINDS else [])]
    return UnitForm(unit, filled.typed or stored, kinds, _edition(session, unit_id, filled), filled.problems)


def end_form(session: Session, actor: Actor, unit_id: str, filled: Filled) -> EndForm:
    """Raises Forbidden, NotFound."""
    offices.require_admin(actor)
    unit = offices.unit_for(session, actor, unit_id).unit
    stored = {"sampai": _day(unit.valid_to), "pengganti": unit.successor_id or ""}
    return EndForm(
        unit=unit,
        values=filled.typed or stored,
        successors=offices.successors_of(session, unit),
        hanging=offices.hanging_on(session, unit_id),
        edition=_edition(session, unit_id, filled),
        problems=filled.problems,
    )


def service_form(session: Session, actor: Actor, unit_id: str, number: int | None, filled: Filled) -> ServiceForm:
    """Raises Forbidden, NotFound."""
    offices.require_keeper(session, actor)
    unit = offices.unit_for(session, actor, unit_id).unit
    row = offices.service_unit_for(session, actor, unit_id, number) if number is not None else None
    stored = {"mulai": clock.today().isoformat()}
    if row is not None:
        stored = {"nama": row.name, "layanan": row.service, "mulai": _day(row.valid_from), "sampai": _day(row.valid_to)}
    return ServiceForm(unit, row, filled.typed or stored, filled.problems)


def _edition(session: Session, unit_id: str | None, filled: Filled) -> int:
    """A form that came back keeps the edition it was opened with."""
    if filled.typed is not None and filled.typed.get("edisi", "").isdigit():
        return int(filled.typed["edisi"])
    return offices.edition_of(session, offices.of_unit(unit_id)) if unit_id is not None else 0


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
