"""Who may. Names of lanes are cosmetic: rights follow ``grup`` -> group -> membership.

A candidate key is a group key, or ``opd:<org unit>`` for the group ``opd``, in which everybody works for their own OPD only. Beside them
stand ``catat:<group>``: who may record a decision made on paper, which is nobody's right to decide.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, or_, select
from sqlalchemy.orm import Session

from app import clock
from app.diagram import OPD_GROUP as OPD_GROUP
from app.diagram import Drawing, Element
from app.models import Membership, OrgUnit, User, table_of

RECORDS = "catat:"


@dataclass(frozen=True)
class Actor:
    """The person who asks, as of this request. groups: {group key: "" | "Plh." | "Plt."}."""

    id: int
    username: str
    name: str
    position: str
    org_unit_id: str | None
    groups: dict[str, str]
    is_analyst: bool = False
    is_auditor: bool = False
    is_admin: bool = False

    @property
    def sees_every_case(self) -> bool:
        return self.is_auditor or self.is_admin or self.is_analyst

    @property
    def is_opd_only(self) -> bool:
        """Works only for an OPD: sees its own letters, not the cases of the office."""
        return not self.sees_every_case and set(self.groups) <= {OPD_GROUP}

    def candidate_keys(self) -> list[str]:
        keys = [key for key in self.groups if key != OPD_GROUP]
        if OPD_GROUP in self.groups and self.org_unit_id:
            keys.append(f"{OPD_GROUP}:{self.org_unit_id}")
        return keys

    def recorder_keys(self) -> list[str]:
        """Never among the keys of one's own work."""
        return [f"{RECORDS}{key}" for key in self.groups]


PERSON = tuple(
    table_of(User).c[name] for name in ("id", "username", "name", "position", "org_unit_id", "is_analyst", "is_auditor", "is_admin")
)


def load_actor(session: Session, user_id: int) -> Actor | None:
    """None for an unknown or disabled person. One statement."""
    today = clock.today()
    rows = session.execute(
        select(User, Membership)
        .outerjoin(Membership, and_(Membership.user_id == User.id, valid_on(today)))
        .where(User.id == user_id, User.is_active)
    ).all()
    return actor_of(rows[0][0], held_offices(row[1] for row in rows)) if rows else None


def held_offices(memberships: Iterable[Membership | None]) -> list[tuple[str, str]]:
    return [(held.group_key, held.acting) for held in memberships if held is not None]


def actor_of(user: User | Row[*tuple[Any, ...]], offices: Iterable[tuple[str, str]]) -> Actor:
    """user: the entity, or a row with the columns of PERSON. offices: (group key, acting) of today."""
    return Actor(
        user.id,
        user.username,
        user.name,
        user.position,
        user.org_unit_id,
        dict(offices),
        user.is_analyst,
        user.is_auditor,
        user.is_admin,
    )


def valid_on(day: date | ColumnElement[date]) -> ColumnElement[bool]:
    return and_(Membership.valid_from <= day, or_(Membership.valid_to.is_(None), Membership.valid_to >= day))


def candidates_for(drawing: Drawing, element: str, item: str | None) -> tuple[str, ...]:
    """Candidate keys of a task: ``camunda:candidateGroups``, else its lane's ``grup``; for an item of a fan-out its own OPD."""
    return tuple(f"{OPD_GROUP}:{item}" if group == OPD_GROUP and item is not None else group for group in drawing.groups_of(element))


def keys_to_open(drawing: Drawing, element: str, item: str | None) -> tuple[str, ...]:
    """Every key under which a task is found once it is open: its candidates', and its recorders'."""
    recorders = drawing.elements[element].recorders if item is None else ()
    return (*candidates_for(drawing, element, item), *(f"{RECORDS}{group}" for group in recorders))


def is_recorder(actor: Actor, element: Element) -> bool:
    return bool(set(element.recorders) & set(actor.groups))


def may_start(actor: Actor, drawing: Drawing) -> bool:
    return bool(set(drawing.starter_groups) & set(actor.groups))


def may_see_case(actor: Actor, drawing: Drawing) -> bool:
    """Auditors, admins, analysts; and everybody whose office has a lane in it (an OPD sees only its own tasks) or may start it."""
    if actor.sees_every_case:
        return True
    offices = {group for element in drawing.elements for group in drawing.groups_of(element)} | set(drawing.starter_groups)
    return bool(offices & set(actor.groups) - {OPD_GROUP})


def may_inspect(actor: Actor) -> bool:
    """Pemeriksaan: a right of the person, whatever their office; it reads everything and writes nothing."""
    return actor.is_auditor or actor.is_admin


def org_units_on(session: Session, day: date) -> list[OrgUnit]:
    """The OPD that existed on a day, in the order of their kind and name."""
    units = session.scalars(select(OrgUnit).where(OrgUnit.valid_from <= day, or_(OrgUnit.valid_to.is_(None), OrgUnit.valid_to >= day)))
    return sorted(units, key=lambda unit: (unit.kind == "Kecamatan", unit.name))
