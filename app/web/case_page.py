"""The executed path of one case, as a picture and, word for word, as a list."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import access, audit, definitions, instances
from app.access import Actor
from app.audit import Path, PathStep
from app.diagram import Drawing, Element, Flow, Norm
from app.instances.finishing import WAITING_ITEMS
from app.instances.repairing import GOING
from app.models import Definition, Instance, Task, User
from app.web import pictures
from app.web.ahead import Names, group_names, performer
from app.web.deadlines import time_of
from app.web.presenting import Pages, pages
from app.web.recap_page import may_recap
from app.web.reminded import Reminded, during, reminded_of
from app.web.repaired import Repaired, repairs_of
from app.web.story import Chapter, tell

STEPS_A_PAGE = 100


@dataclass(frozen=True)
class Step:
    """One executed element. anchor: id in the page, "" where another line of the same element has it.

    flows: (name, name of what it leads to, whether the SOP does not draw it).
    """

    step: PathStep
    lane: str
    flows: Sequence[tuple[str, str, bool]]
    chapter: Chapter | None
    anchor: str


@dataclass(frozen=True)
class Ahead:
    """A step that nobody has done yet."""

    element: Element
    lane: str
    anchor: str


@dataclass(frozen=True)
class CasePage:
    """round: the one chosen, None for all. waiting: (open chapter, who does it, anchor, whether the SOP does not draw it).

    leaders: steps of leaders: nothing is said there of how quick they are. norms: {open step that is measured: its own time}.
    reminded: the reminders of its collections. stopped: why nobody can go on, "" else. repairs: what admins did, and what held it up.
    """

    instance: Instance
    definition: Definition
    started_by: str
    path: Path
    round: int | None
    steps: Sequence[Step]
    pages: Pages
    waiting: Sequence[tuple[Chapter, str, str, bool]]
    ahead: Sequence[Ahead]
    picture: Markup
    mine: frozenset[UUID]
    leaders: frozenset[str]
    may_recap: bool
    norms: Mapping[str, Norm]
    reminded: Mapping[tuple[int, str], Sequence[Reminded]]
    stopped: str
    repairs: Sequence[Repaired]
    may_repair: bool

    def reminders_in(self, chapter: Chapter) -> Sequence[Reminded]:
        return during(self.reminded, chapter)


def case_page(session: Session, actor: Actor, instance_id: int, round: int | None = None, page: int = 1) -> CasePage:
    """Raises NotFound."""
    instance, definition = instances.instance_for(session, actor, instance_id)
    drawing = definitions.spec_of(definition).drawing
    path = path_of(session, instance, drawing, round)
    taken = [step for step in path.steps if step.item is None]
    current = pages(page, len(taken), STEPS_A_PAGE)
    shown = taken[max(0, current.first_row - 1) : current.last_row]
    visits = {(step.element.id, step.round) for step in shown}
    chapters = tell(session, definition, instances.tasks_of_visits(session, instance.id, visits))
    waiting = [chapter for chapter in chapters if chapter.is_open]
    steps = _steps(drawing, shown, chapters, {chapter.task.element for chapter in waiting})
    starter = session.get(User, instance.started_by)
    return CasePage(
        instance=instance,
        definition=definition,
        started_by=starter.name if starter else "",
        path=path,
        round=round,
        steps=steps,
        pages=current,
        waiting=list(_waiting(drawing, waiting, path, group_names(session))),
        ahead=_ahead(drawing, path, instance) if round is None else (),
        picture=pictures.picture(definition, path),
        mine=frozenset(_mine(actor, drawing, waiting)),
        leaders=frozenset(task.id for task in drawing.tasks() if task.is_leaders),
        may_recap=may_recap(session, actor, definition),
        norms={found.task.element: norm for found in waiting if (norm := time_of(definition, found.task.element))},
        reminded=reminded_of(session, [instance.id]),
        stopped=instances.stopped_words(session, instance) if instance.state in GOING else "",
        repairs=repairs_of(session, drawing, instance.id),
        may_repair=actor.is_admin and instance.state in GOING,
    )


def path_of(session: Session, instance: Instance, drawing: Drawing, round: int | None) -> Path:
    return audit.read_path(drawing, audit.trail_of(session, instance.id), _waiting_tasks_of(session, instance.id), round)


def _waiting_tasks_of(session: Session, instance_id: int) -> Sequence[Task]:
    """What was sent and not accepted yet still holds its step."""
    return session.scalars(select(Task).where(Task.instance_id == instance_id, Task.state.in_(WAITING_ITEMS))).all()


def _steps(drawing: Drawing, taken: Sequence[PathStep], chapters: Sequence[Chapter], current: set[str]) -> list[Step]:
    by_visit = {(chapter.task.element, chapter.task.round): chapter for chapter in chapters}
    last = {step.element.id: step.seq for step in taken if step.element.id not in current}
    return [
        Step(
            step=step,
            lane=_lane(drawing, step.element),
            flows=[_flow(drawing, flow) for flow in step.flows],
            chapter=by_visit.get((step.element.id, step.round)),
            anchor=f"el-{step.element.id}" if last.get(step.element.id) == step.seq else "",
        )
        for step in taken
    ]


def _flow(drawing: Drawing, flow: Flow) -> tuple[str, str, bool]:
    target = drawing.elements.get(flow.target)
    return flow.name, target.name if target else "", flow.asal == "usulan"


def _ahead(drawing: Drawing, path: Path, instance: Instance) -> list[Ahead]:
    if instance.state in ("finished", "cancelled"):
        return []
    return [
        Ahead(task, _lane(drawing, task), f"el-{task.id}")
        for task in drawing.tasks()
        if task.id not in path.done and task.id not in path.current
    ]


def _waiting(drawing: Drawing, chapters: Sequence[Chapter], path: Path, names: Names) -> Iterator[tuple[Chapter, str, str, bool]]:
    """Of two open visits of one element the first has the anchor."""
    seen: set[str] = set()
    for chapter in chapters:
        element = chapter.task.element
        yield chapter, performer(drawing, element, names), "" if element in seen else f"el-{element}", element in path.proposals
        seen.add(element)


def _mine(actor: Actor, drawing: Drawing, waiting: Sequence[Chapter]) -> list[UUID]:
    """Open tasks this reader may do: linked with a verb."""
    keys = set(actor.candidate_keys())
    return [
        line.task.id
        for chapter in waiting
        for line in chapter.lines
        if line.task.state == "open"
        and line.task.claimed_by in (None, actor.id)
        and keys & set(access.candidates_for(drawing, line.task.element, line.task.item))
    ]


def _lane(drawing: Drawing, element: Element) -> str:
    lane = drawing.lane_of(element.id)
    return lane.name if lane else ""
