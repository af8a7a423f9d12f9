"""Versions that a person may read."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import access
from app.access import Actor
from app.definitions.deployment import spec_of
from app.errors import NotFound
from app.models import Definition


def may_read(actor: Actor, definition: Definition) -> bool:
    """Who sees its cases, and who may start it."""
    drawing = spec_of(definition).drawing
    return access.may_see_case(actor, drawing) or access.may_start(actor, drawing)


def definition_for(session: Session, actor: Actor, definition_id: int) -> Definition:
    """Raises NotFound for absent and for a version the person may not read, alike."""
    found = session.get(Definition, definition_id)
    if found is None or not may_read(actor, found):
        raise NotFound
    return found


def definitions_for(session: Session, actor: Actor, key: str | None = None) -> Sequence[Definition]:
    """Every version, suspended ones too, the newest first. key: of one SOP."""
    query = select(Definition).order_by(Definition.deployed_at.desc(), Definition.id.desc())
    found = session.scalars(query if key is None else query.where(Definition.key == key))
    return [definition for definition in found if actor.sees_every_case or may_read(actor, definition)]
