"""A collection as a whole, for reading: one line for every OPD that a fan-out has asked, over all its rounds."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from sqlalchemy import Select, func, literal_column, select
from sqlalchemy.orm import Session, defer

from app import access, definitions, drafts
from app.access import Actor
from app.diagram import Drawing, Element
from app.errors import NotFound
from app.instances.collecting import collectors_of, takes_late
from app.models import Definition, Instance, Task

# What the row of an OPD says of it; an open one is told apart further, see Gathered.state.
OF_ROW: Mapping[str, str] = {
    "submitted": "dikirim",
    "done": "diterima",
    "closed": "tidak",
    "withdrawn": "ditarik",
    "cancelled": "batal",
}
MISSING = ("belum", "dibuka", "draf", "dikembalikan", "tidak")  # asked, and nothing of use has come


@dataclass(frozen=True)
class Gathered:
    """One OPD: its latest row, and the one before it. drafted: somebody has begun to fill in."""

    task: Task
    before: Task | None
    drafted: bool = False

    @property
    def state(self) -> str:
        """belum, dibuka, draf, dikirim, dikembalikan (and not sent again), diterima, tidak (closed without an answer), ditarik, batal."""
        if self.task.state != "open":
            return OF_ROW.get(self.task.state, "batal")
        if self.task.round > 1:
            return "dikembalikan"
        return "draf" if self.drafted else "dibuka" if self.task.seen_at else "belum"

    @property
    def note(self) -> str:
        """Why it was sent back, while that is what it waits for; "" where the note is that of a later step."""
        return self.before.reason if self.before is not None and self.before.state == "returned" and self.task.state == "open" else ""


@dataclass(frozen=True)
class Collection:
    """What one fan-out of a case has gathered. mine: the reader collects. late: what was closed may still be recorded."""

    instance: Instance
    definition: Definition
    element: Element
    lines: tuple[Gathered, ...]
    mine: bool
    late: bool = False

    @cached_property
    def counts(self) -> Counter[str]:
        return Counter(line.state for line in self.lines)

    @property
    def asked(self) -> int:
        """How many OPD count: not those taken out."""
        return len(self.lines) - self.counts["ditarik"] - self.counts["batal"]

    @property
    def received(self) -> int:
        return self.counts["diterima"]

    @property
    def sent(self) -> int:
        """How many wait to be accepted."""
        return self.counts["dikirim"]

    @property
    def missing(self) -> int:
        return sum(self.counts[state] for state in MISSING)

    @property
    def is_open(self) -> bool:
        return any(line.task.state in ("open", "submitted") for line in self.lines)


def follows_collections(actor: Actor, drawing: Drawing) -> bool:
    """Collecting in this SOP is this person's business: those who collect, and every office with a step that is not a leader's."""
    fan_outs = [task for task in drawing.tasks() if task.multi_instance]
    if not fan_outs:
        return False
    offices = {group for task in drawing.tasks() if not task.is_leaders for group in drawing.groups_of(task.id)}
    offices |= {group for task in fan_outs for group in collectors_of(drawing, task)}
    return bool((offices - {access.OPD_GROUP}) & set(actor.groups))


def collections_for(session: Session, actor: Actor) -> list[Collection]:
    """Of the running cases whose collections the person may see: those still open first, the nearest deadline first."""
    query = _rows().where(Instance.state == "running").options(defer(Task.answers))
    found = [one for one in _grouped(session, actor, query) if one.mine or access.may_see_case(actor, _drawing(one.definition))]
    return sorted(found, key=lambda one: (not one.is_open, not one.mine, nearest_deadline(one), one.instance.title))


def collection_for(session: Session, actor: Actor, instance_id: int, element: str) -> Collection:
    """With who has begun to fill in. Raises NotFound for absent and for what the person may not see, alike."""
    found = _grouped(session, actor, _rows().where(Instance.id == instance_id, Task.element == element))
    if not found or not (found[0].mine or access.may_see_case(actor, _drawing(found[0].definition))):
        raise NotFound
    one = found[0]
    begun = drafts.drafted_tasks(session, [line.task.id for line in one.lines if line.task.state == "open"])
    lines = tuple(Gathered(line.task, line.before, str(line.task.id) in begun) for line in one.lines)
    late = any(takes_late(session, one.instance, one.element, line.task.opened_at) for line in lines if line.task.state == "closed")
    return Collection(one.instance, one.definition, one.element, lines, one.mine, late)


def waiting_for(session: Session, actor: Actor) -> int:
    """How many papers of OPD wait for this person, or a colleague, to accept them: for the header."""
    counted = (
        select(Instance.definition_id, Task.element, func.count())
        .join(Task, Task.instance_id == Instance.id)
        .where(Instance.state == "running", Task.state == literal_column("'submitted'"))  # a literal: its index holds only these
        .group_by(Instance.definition_id, Task.element)
    )
    total = 0
    for definition_id, element, count in session.execute(counted).all():
        drawing = _drawing(session.get_one(Definition, definition_id))
        total += count if set(collectors_of(drawing, drawing.elements[element])) & set(actor.groups) else 0
    return total


def latest_rows(tasks: Iterable[Task]) -> list[Gathered]:
    """One for every OPD, in the order of their ids: its latest row. A row sent or taken back has another one after it."""
    rows = sorted(tasks, key=lambda task: (task.item or "", task.opened_at, task.state not in ("returned", "recalled"), task.round))
    lines = [list(group) for _item, group in groupby(rows, key=lambda task: task.item)]
    return [Gathered(line[-1], line[-2] if len(line) > 1 else None) for line in lines]


def nearest_deadline(collection: Collection) -> float:
    waiting = [line.task.due_at for line in collection.lines if line.task.state == "open" and line.task.due_at]
    return min(waiting).timestamp() if waiting else float("inf")


def _rows() -> Select[Task, Instance, Definition]:
    return (
        select(Task, Instance, Definition)
        .join(Instance, Task.instance_id == Instance.id)
        .join(Definition, Instance.definition_id == Definition.id)
        .where(Task.item.is_not(None))
    )


def _grouped(session: Session, actor: Actor, query: Select[Task, Instance, Definition]) -> list[Collection]:
    rows = session.execute(query.order_by(Task.instance_id, Task.element)).all()
    found = []
    for (_instance_id, element), group in groupby(rows, key=lambda row: (row[0].instance_id, row[0].element)):
        tasks = list(group)
        _task, instance, definition = tasks[0]
        drawing = _drawing(definition)
        if not drawing.elements[element].multi_instance:
            continue  # a step inside a repeated sub-process: nobody collects it
        mine = bool(set(collectors_of(drawing, drawing.elements[element])) & set(actor.groups))
        found.append(Collection(instance, definition, drawing.elements[element], tuple(latest_rows(row[0] for row in tasks)), mine))
    return found


def _drawing(definition: Definition) -> Drawing:
    return definitions.spec_of(definition).drawing
