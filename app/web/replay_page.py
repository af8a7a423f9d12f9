"""What the executed path shows an auditor: the drawing as it stood after any step, and every step in words. Never the engine's state."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import audit, definitions, instances, offices
from app.access import Actor
from app.audit import Cast, Deed, Frame, Path, Person
from app.audit.path import returns_of
from app.diagram import Drawing, Flow
from app.instances.finishing import WAITING_ITEMS
from app.models import Definition, Event, Instance, Task, User
from app.web import pictures
from app.web.ahead import group_names, performer
from app.web.presenting import Pages, pages
from app.web.story import Line, tell
from app.words import moment

STEPS_A_PAGE = 100


@dataclass(frozen=True)
class FlowTold:
    """One flow that was taken. element, target: id and name of what it leads to; office: who does that step, "" for what nobody does."""

    name: str
    element: str
    target: str
    office: str
    is_return: bool
    is_proposal: bool


@dataclass(frozen=True)
class FrameTold:
    """One frame with its place in the whole. waiting: (office, step) of what waits after it.

    waits_elsewhere: at other steps than its flows lead to.
    """

    number: int
    frame: Frame
    lane: str
    flows: Sequence[FlowTold]
    waiting: Sequence[tuple[str, str]]
    waits_elsewhere: bool
    is_proposal: bool
    returns: frozenset[str]

    @property
    def name(self) -> str:
        return self.frame.element.name if self.frame.element else ""

    @property
    def row(self) -> str:
        return self.frame.element.row if self.frame.element else ""

    @property
    def line(self) -> str:
        """ "7 Desember 2026 pukul 10.42 WIB · Kabag Organisasi, …: dikembalikan: “…”"."""
        return f"{moment(self.frame.at)} · {self.frame.text}"

    def as_json(self) -> dict[str, object]:
        """What the player reads. flows, elements: completed by it, as often as they were; undone: what no longer counts."""
        frame = self.frame
        return {
            "seq": frame.seq,
            "at": frame.at.isoformat(),
            "at_words": moment(frame.at),
            "text": frame.text,
            "element": frame.element.id if frame.element else "",
            "name": self.name,
            "lane": self.lane,
            "row": self.row,
            "round": frame.round,
            "proposal": self.is_proposal,
            "elements": [part.element for part in frame.parts],
            "flows": list(frame.flows),
            "returned": [id for id in frame.flows if id in self.returns],
            "undone": [id for part in frame.undone for id in part.ids],
            "current": sorted(frame.current),
            "waiting": "; ".join(f"{office}: {name}" for office, name in self.waiting),
        }


@dataclass(frozen=True)
class ReplayPage:
    """path: as drawn. step: the frame after which the drawing stands, 0 where there is none. at_end: as the case stands now.

    shown: the frames of this page of the list. waiting: the open rows, one of each step, with who does it.
    returns, recalls, papers, proposals: how many.
    """

    instance: Instance
    definition: Definition
    path: Path
    rounds: int
    round: int | None
    frames: Sequence[FrameTold]
    step: int
    at_end: bool
    shown: Sequence[FrameTold]
    pages: Pages
    picture: Markup
    waiting: Sequence[tuple[Task, str]]
    returns: int
    recalls: int
    papers: int
    proposals: int

    @property
    def told(self) -> FrameTold | None:
        return self.frames[self.step - 1] if self.step else None


def replay_page(
    session: Session, actor: Actor, instance_id: int, round: int | None = None, step: int | None = None, page: int | None = None
) -> ReplayPage:
    """step: the frame to stop at, None for where the case stands now. page: of the list, None for where the step is. Raises NotFound."""
    read = _read(session, actor, instance_id)
    drawing, told = read.drawing, read.frames(round)
    number = len(told) if step is None else min(max(step, 1), len(told))
    whole = audit.read_path(drawing, audit.read_events(read.events), read.waiting, round)
    path = whole if step is None else audit.path_after(drawing, [one.frame for one in told[:number]])
    list_page = pages(page or -(-number // STEPS_A_PAGE) if step or page else 1, len(told), STEPS_A_PAGE)
    names = group_names(session)
    counted = Counter(id for one in told for part in one.frame.parts for id in part.ids)
    first_rows = {row.element: row for row in reversed(read.waiting)}
    return ReplayPage(
        instance=read.instance,
        definition=read.definition,
        path=path,
        rounds=whole.rounds,
        round=round,
        frames=told,
        step=number,
        at_end=step is None,
        shown=told[max(0, list_page.first_row - 1) : list_page.last_row],
        pages=list_page,
        picture=pictures.picture(read.definition, path, badges=frozenset(id for id, count in counted.items() if count > 1)),
        waiting=[(row, performer(drawing, row.element, names)) for row in first_rows.values()],
        returns=sum(id in one.returns for one in told for id in one.frame.flows),
        recalls=sum(bool(one.frame.undone) for one in told),
        papers=sum(one.frame.on_paper for one in told),
        proposals=sum(part.element in whole.proposals for one in told for part in one.frame.parts),
    )


def frames_for(session: Session, actor: Actor, instance_id: int, round: int | None = None) -> list[FrameTold]:
    """Raises NotFound."""
    return _read(session, actor, instance_id).frames(round)


@dataclass(frozen=True)
class _Read:
    """Everything a case has recorded, in a handful of statements however long it ran."""

    instance: Instance
    definition: Definition
    drawing: Drawing
    events: Sequence[Event]
    tasks: Sequence[Task]
    cast: Cast

    @property
    def waiting(self) -> list[Task]:
        return [row for row in self.tasks if row.state in WAITING_ITEMS]

    def frames(self, round: int | None) -> list[FrameTold]:
        returns = frozenset(returns_of(self.drawing))
        found = audit.read_frames(self.drawing, self.events, self.tasks, self.cast, round)
        return [self._told(number, frame, returns) for number, frame in enumerate(found, start=1)]

    def _told(self, number: int, frame: Frame, returns: frozenset[str]) -> FrameTold:
        drawing, lane = self.drawing, self.drawing.lane_of(frame.element.id) if frame.element else None
        flows = [_flow(drawing, drawing.flows[id], returns) for id in frame.flows]
        return FrameTold(
            number=number,
            frame=frame,
            lane=lane.name if lane else "",
            flows=flows,
            waiting=[(_lane(drawing, task.id), task.name) for task in drawing.tasks() if task.id in frame.current],
            waits_elsewhere=bool(frame.current - {flow.element for flow in flows}),
            is_proposal=frame.element is not None and frame.element.asal == "usulan",
            returns=returns,
        )


def _read(session: Session, actor: Actor, instance_id: int) -> _Read:
    instance, definition = instances.instance_for(session, actor, instance_id)
    events = session.scalars(select(Event).where(Event.instance_id == instance.id).order_by(Event.seq)).all()
    tasks = instances.tasks_of(session, instance.id)
    lines = [line for chapter in tell(session, definition, [row for row in tasks if row.item is None]) for line in chapter.lines]
    cast = Cast(
        people=_people(session, {event.actor_id for event in events if event.actor_id is not None}),
        deeds={line.task.id: _deed(line) for line in lines},
        units=offices.names_of_case(session, instance.id) if any(row.item for row in tasks) else {},
    )
    return _Read(instance, definition, definitions.spec_of(definition).drawing, events, tasks, cast)


def _people(session: Session, ids: Iterable[int]) -> dict[int, Person]:
    return {user.id: Person(user.name, user.position) for user in session.scalars(select(User).where(User.id.in_(ids)))}


def _deed(line: Line) -> Deed:
    return Deed(
        Person(line.who, line.position), line.decision, line.note if line.decision else "", Person(*line.recorder), line.task.happened_on
    )


def _flow(drawing: Drawing, flow: Flow, returns: frozenset[str]) -> FlowTold:
    target = drawing.elements.get(flow.target)
    is_proposal = "usulan" in (flow.asal, target.asal if target else "")
    name, is_task = (target.name, target.is_task) if target else ("", False)
    return FlowTold(flow.name, flow.target, name, _lane(drawing, flow.target) if is_task else "", flow.id in returns, is_proposal)


def _lane(drawing: Drawing, element: str) -> str:
    lane = drawing.lane_of(element)
    return lane.name if lane else ""
