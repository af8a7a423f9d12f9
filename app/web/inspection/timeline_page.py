"""Linimasa: every event of the chain, in order, in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import definitions
from app.access import Actor
from app.audit.event_words import EventWords, tell_event
from app.audit.evidence import names_of
from app.audit.inspecting import case_to_inspect_for
from app.audit.told import Told, kind_words, read_events
from app.models import Definition, Event, Instance
from app.web.presenting import Pages, pages

EVENTS_A_PAGE = 100


@dataclass(frozen=True)
class TimelinePage:
    """events: [(event, its words, whether it was taken back)]. kinds: [(kind, words, how many)] that the case has; kind: the one chosen."""

    instance: Instance
    definition: Definition
    events: Sequence[tuple[Told, EventWords, bool]]
    kinds: Sequence[tuple[str, str, int]]
    kind: str
    pages: Pages


def timeline_page(session: Session, actor: Actor, instance_id: int, kind: str, number: int) -> TimelinePage:
    """Raises Forbidden, NotFound. Six statements."""
    instance, definition = case_to_inspect_for(session, actor, instance_id)
    mine = Event.instance_id == instance.id
    counts = session.execute(select(Event.kind, func.count()).where(mine).group_by(Event.kind).order_by(func.min(Event.seq)))
    kinds = [(name, kind_words(name), count) for name, count in counts]
    kind = kind if kind in {name for name, _words, _count in kinds} else ""
    total = sum(count for name, _words, count in kinds if kind in ("", name))
    shown = pages(number, total, EVENTS_A_PAGE)
    query = select(Event).where(mine, Event.kind == kind) if kind else select(Event).where(mine)
    rows = session.scalars(query.order_by(Event.seq).limit(EVENTS_A_PAGE).offset((shown.number - 1) * EVENTS_A_PAGE)).all()
    told = read_events(rows)
    taken_back = read_events(session.scalars(select(Event).where(mine, Event.kind == "recalled")))
    undone = {seq for event in taken_back for seq in event.data.get("undone", ())}
    names = names_of(
        session, {id for event in told for id in (event.actor_id, event.data.get("recorded_by"), event.data.get("decider"))}, instance.id
    )
    drawing = definitions.spec_of(definition).drawing
    lines = [(event, tell_event(drawing, names, event), event.seq in undone) for event in told]
    return TimelinePage(instance, definition, lines, kinds, kind, shown)
