"""Whose accounts one may look after: an admin everybody's; who starts the office's SOPs as a unit, those of the OPD."""

from typing import Literal

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select, true
from sqlalchemy.orm import Session

from app import clock, definitions
from app.access import OPD_GROUP, Actor
from app.errors import Forbidden, NotFound
from app.models import Group, Membership, User

Reach = Literal["all", "opd", "none"]


def reach_of(session: Session, actor: Actor) -> Reach:
    """opd: members of a group of kind ``unit`` that starts an SOP; the letters to the OPD are theirs, and so are the OPD's calls."""
    if actor.is_admin:
        return "all"
    if not actor.groups:
        return "none"
    starters = {group for found in definitions.latest_all(session) for group in definitions.spec_of(found).drawing.starter_groups}
    theirs = select(Group.key).where(Group.key.in_(starters & set(actor.groups)), Group.kind == "unit").limit(1)
    return "opd" if session.scalar(theirs) else "none"


def people_of(session: Session, actor: Actor) -> Select[User]:
    """The accounts that the actor looks after. Raises Forbidden for whoever looks after none."""
    reach = reach_of(session, actor)
    if reach == "none":
        raise Forbidden("Halaman ini untuk admin dan untuk kelompok yang membantu akun OPD.")
    return select(User).where(true() if reach == "all" else is_opd_account())


def person_for(session: Session, actor: Actor, user_id: int, lock: bool = False) -> User:
    """Raises Forbidden; NotFound for an absent person and for one whom the actor does not look after."""
    query = people_of(session, actor).where(User.id == user_id)
    found = session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound
    return found


def is_opd_account() -> ColumnElement[bool]:
    """Belongs to an OPD, holds no right and no other office, now or later: helping it opens nothing of the office's own."""
    elsewhere = exists().where(
        Membership.user_id == User.id,
        Membership.group_key != OPD_GROUP,
        or_(Membership.valid_to.is_(None), Membership.valid_to >= clock.today()),
    )
    return and_(User.org_unit_id.is_not(None), ~User.is_analyst, ~User.is_auditor, ~User.is_admin, ~elsewhere)
