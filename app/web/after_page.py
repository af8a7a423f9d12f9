"""What a person reads after sending: who is next, and their own next task."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from app import access, instances
from app.access import Actor
from app.diagram import Drawing
from app.instances import TaskView
from app.models import Task
from app.web.ahead import Names, Way, group_names, performer, ways_after
from app.web.sent import Sent, sent_part
from app.web.story import Line, tell


@dataclass(frozen=True)
class Next:
    """Open work of one step. items: how many OPD wait there, 0 for an ordinary step."""

    who: str
    name: str
    items: int


@dataclass(frozen=True)
class AfterPage:
    """inside: the reader sees the whole case; others are told where their own answer goes (`ways`)."""

    view: TaskView
    inside: bool
    next: Sequence[Next]
    ways: Sequence[Way]
    line: Line
    sent: Sent | None
    mine: Task | None


def after_page(session: Session, actor: Actor, task_id: UUID) -> AfterPage | None:
    """None while the task is still open. Raises NotFound."""
    view = instances.task_seen_by(session, actor, task_id)
    if view.task.state == "open":
        return None
    names = group_names(session)
    inside = access.may_see_case(actor, view.drawing)
    open_tasks = instances.open_tasks_of(session, view.instance.id) if inside else ()
    return AfterPage(
        view=view,
        inside=inside,
        next=_grouped(view.drawing, open_tasks, names),
        ways=ways_after(view.drawing, view.task.element, None, names),
        line=tell(session, view.definition, [view.task])[0].first,
        sent=sent_part(session, actor, view, inside, {}),
        mine=instances.next_task_for(session, actor, view.task),
    )


def _grouped(drawing: Drawing, tasks: Sequence[Task], names: Names) -> list[Next]:
    counts = Counter((task.element, task.name, task.item is not None) for task in tasks)
    return [Next(performer(drawing, id, names), name, count if is_item else 0) for (id, name, is_item), count in counts.items()]
