"""What the pages about people read."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import Session

from app import access, clock
from app.access import Actor
from app.accounts.reach import people_of
from app.models import Group, Membership, OrgUnit, User

State = Literal["aktif", "nonaktif", "semua"]
PAGE_SIZE = 50


@dataclass(frozen=True)
class Seat:
    """A membership with the name of its group. is_current: today lies within its days."""

    group: Group
    held: Membership
    is_current: bool

    @property
    def title(self) -> str:
        """ "Plh. Kabag Organisasi"."""
        return f"{self.held.acting} {self.group.name}".strip()


@dataclass(frozen=True)
class PersonRow:
    user: User
    org_unit: str
    seats: tuple[Seat, ...]


def people_for(
    session: Session, actor: Actor, search: str = "", group: str = "", org_unit: str = "", state: State = "aktif", page: int = 1
) -> tuple[list[PersonRow], int]:
    """Those the actor looks after, by name, and how many there are in all. Raises Forbidden."""
    query = people_of(session, actor)
    if state != "semua":
        query = query.where(User.is_active if state == "aktif" else ~User.is_active)
    if search:
        escaped = search.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")  # what a person types is text, not a pattern
        query = query.where(or_(*(column.ilike(f"%{escaped}%", escape="\\") for column in (User.name, User.username, User.position))))
    if group:
        held = and_(Membership.user_id == User.id, Membership.group_key == group, access.valid_on(clock.today()))
        query = query.where(exists().where(held))
    if org_unit:
        query = query.where(User.org_unit_id == org_unit)
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    found = session.scalars(query.order_by(func.lower(User.name), User.id).limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)).all()
    return rows_of(session, found), total


def rows_of(session: Session, users: Sequence[User]) -> list[PersonRow]:
    seats: dict[int, list[Seat]] = {}
    today = clock.today()
    for held, group in session.execute(
        select(Membership, Group)
        .join(Group, Group.key == Membership.group_key)
        .where(Membership.user_id.in_([user.id for user in users]))
        .order_by(Group.name)
    ):
        is_current = held.valid_from <= today and (held.valid_to is None or held.valid_to >= today)
        seats.setdefault(held.user_id, []).append(Seat(group, held, is_current))
    units = {unit.id: unit.name for unit in session.scalars(select(OrgUnit).where(OrgUnit.id.in_({user.org_unit_id for user in users})))}
    return [PersonRow(user, units.get(user.org_unit_id or "", ""), tuple(seats.get(user.id, ()))) for user in users]


def groups(session: Session) -> Sequence[Group]:
    return session.scalars(select(Group).order_by(Group.name)).all()


def oneself(session: Session, actor: Actor) -> User:
    return session.get_one(User, actor.id)
