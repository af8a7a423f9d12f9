"""What the pages about OPD read."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import clock
from app.access import Actor
from app.errors import NotFound
from app.models import OrgUnit, ServiceUnit, User
from app.offices.days import held_on, holds_on
from app.offices.rights import require_reader

State = Literal["aktif", "berakhir", "semua"]


@dataclass(frozen=True)
class UnitRow:
    """services: units of service today; accounts: active ones. is_current: it exists today; is_over: it has ended."""

    unit: OrgUnit
    services: int
    accounts: int
    is_current: bool
    is_over: bool
    successor: str = ""


def units_for(session: Session, actor: Actor, search: str = "", state: State = "aktif") -> list[UnitRow]:
    """In the order of the office's own list. "aktif": also those that have yet to begin. Raises Forbidden."""
    require_reader(actor)
    words = search.casefold().split()
    found = [row for row in _rows(session) if state == "semua" or row.is_over == (state == "berakhir")]
    return [row for row in found if all(word in f"{row.unit.name} {row.unit.short_name} {row.unit.kind}".casefold() for word in words)]


def unit_for(session: Session, actor: Actor, unit_id: str) -> UnitRow:
    """Raises Forbidden, NotFound."""
    require_reader(actor)
    for row in _rows(session):
        if row.unit.id == unit_id:
            return row
    raise NotFound


def left_behind(session: Session) -> Sequence[tuple[User, OrgUnit]]:
    """Active accounts that still belong to an OPD that has ended."""
    rows = session.execute(
        select(User, OrgUnit)
        .join(OrgUnit, OrgUnit.id == User.org_unit_id)
        .where(User.is_active, OrgUnit.valid_to < clock.today())
        .order_by(OrgUnit.name, User.name, User.id)
    )
    return [(row[0], row[1]) for row in rows]


def _rows(session: Session) -> list[UnitRow]:
    """Three statements."""
    today = clock.today()
    units = session.scalars(select(OrgUnit)).all()
    names = {unit.id: unit.name for unit in units}
    services = _counts(
        session.execute(
            select(ServiceUnit.org_unit_id, func.count())
            .where(held_on(ServiceUnit.valid_from, ServiceUnit.valid_to, today))
            .group_by(ServiceUnit.org_unit_id)
        ).all()
    )
    accounts = _counts(session.execute(select(User.org_unit_id, func.count()).where(User.is_active).group_by(User.org_unit_id)).all())
    return [
        UnitRow(
            unit=unit,
            services=services.get(unit.id, 0),
            accounts=accounts.get(unit.id, 0),
            is_current=holds_on(unit, today),
            is_over=unit.valid_to is not None and unit.valid_to < today,
            successor=names.get(unit.successor_id or "", ""),
        )
        for unit in sorted(units, key=lambda unit: (unit.kind == "Kecamatan", unit.name))
    ]


def _counts(rows: Sequence[Sequence[object]]) -> dict[str, int]:
    return {str(key): int(str(count)) for key, count in rows if key is not None}
