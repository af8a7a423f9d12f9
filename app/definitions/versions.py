"""Versions of SOPs as analysts see them: who deployed what and when, how many cases run on it, suspended or not. Versions never change."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import clock
from app.access import Actor
from app.checking import Bundle, bundle_from_files
from app.definitions.drafting import require_analyst, require_reader
from app.errors import Conflict, InvalidAnswers, NotFound
from app.models import Definition, DefinitionEvent, DefinitionForm, Instance, User

RUNNING = ("running", "suspended", "incident")


@dataclass(frozen=True)
class VersionRow:
    """by: who deployed it, "" for a command on the server. running, cases: how many run on it, and ever ran."""

    definition: Definition
    by: str
    running: int
    cases: int


@dataclass(frozen=True)
class Deed:
    """by: None for a command on the server."""

    event: DefinitionEvent
    version: int
    by: str | None


def versions_for(session: Session, actor: Actor, key: str | None = None) -> list[VersionRow]:
    """Newest first, of one SOP or of all in the order of their codes. Raises Forbidden, and NotFound for a key that has none."""
    require_reader(actor)
    running = func.count(Instance.id).filter(Instance.state.in_(RUNNING))
    query = (
        select(Definition, User.name, running, func.count(Instance.id))
        .outerjoin(User, User.id == Definition.deployed_by)
        .outerjoin(Instance, Instance.definition_id == Definition.id)
        .group_by(Definition.id, User.name)
        .order_by(Definition.code, Definition.key, Definition.version.desc())
    )
    rows = session.execute(query if key is None else query.where(Definition.key == key)).all()
    if key is not None and not rows:
        raise NotFound
    return [VersionRow(definition, name or "", now, ever) for definition, name, now, ever in rows]


def version_for(session: Session, actor: Actor, key: str, version: int) -> Definition:
    """Raises Forbidden, NotFound."""
    require_reader(actor)
    found = session.scalar(select(Definition).where(Definition.key == key, Definition.version == version))
    if found is None:
        raise NotFound
    return found


def bundle_of_version(session: Session, definition: Definition) -> Bundle:
    rows = session.scalars(select(DefinitionForm).where(DefinitionForm.definition_id == definition.id))
    return bundle_from_files(definition.file, definition.bpmn, {row.form_id: row.content for row in rows})


def suspend(session: Session, actor: Actor, key: str, version: int, reason: str) -> Definition:
    """No new case starts on it; what runs goes on. Raises Forbidden, NotFound, InvalidAnswers({"alasan"}), Conflict."""
    return _switch(session, actor, key, version, reason, suspended=True)


def resume(session: Session, actor: Actor, key: str, version: int, reason: str) -> Definition:
    """Raises Forbidden, NotFound, InvalidAnswers({"alasan"}), Conflict."""
    return _switch(session, actor, key, version, reason, suspended=False)


def deeds_of(session: Session, key: str) -> Sequence[Deed]:
    """About every version of an SOP, the newest first."""
    query = (
        select(DefinitionEvent, Definition.version, User.name)
        .join(Definition, Definition.id == DefinitionEvent.definition_id)
        .outerjoin(User, User.id == DefinitionEvent.actor_id)
        .where(Definition.key == key)
        .order_by(DefinitionEvent.id.desc())
    )
    return [Deed(event, version, name) for event, version, name in session.execute(query)]


def _switch(session: Session, actor: Actor, key: str, version: int, reason: str, suspended: bool) -> Definition:
    require_analyst(actor)
    session.execute(select(Definition.id).where(Definition.key == key, Definition.version == version).with_for_update())
    definition = version_for(session, actor, key, version)
    if not reason.strip():
        raise InvalidAnswers({"alasan": "Alasan belum diisi."})
    if definition.is_suspended == suspended:
        raise Conflict(f"Versi {version} sudah {'ditangguhkan' if suspended else 'dipakai'}.")
    definition.is_suspended = suspended
    deed = "suspended" if suspended else "resumed"
    session.add(DefinitionEvent(definition_id=definition.id, at=clock.now(), actor_id=actor.id, deed=deed, detail=reason.strip()))
    return definition
