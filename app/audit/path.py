"""The executed path of a case, read from its events and task rows; the engine's state is never touched."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from app.audit.told import Told
from app.diagram import Drawing, Element, Flow
from app.models import Task


@dataclass(frozen=True)
class PathStep:
    """One completed element. item: of a line of a fan-out; None for everything else, and for a fan-out as a whole."""

    seq: int
    at: datetime
    element: Element
    round: int
    flows: tuple[Flow, ...]
    actor_id: int | None
    item: str | None


@dataclass(frozen=True)
class Path:
    """done: elements completed and flows taken. returned: the flows among them that led back. counts: how often each."""

    steps: tuple[PathStep, ...] = ()
    done: frozenset[str] = frozenset()
    current: frozenset[str] = frozenset()
    returned: frozenset[str] = frozenset()
    proposals: frozenset[str] = frozenset()
    counts: Counter[str] = field(default_factory=Counter)
    rounds: int = 1


def read_path(drawing: Drawing, events: Sequence[Told], open_tasks: Sequence[Task], round: int | None = None) -> Path:
    """events: of one instance, in order. open_tasks: its open rows. round: only the steps of that round, None for all."""
    every = tuple(_steps(drawing, events))
    steps = tuple(step for step in every if round is None or step.round == round)
    whole = [step for step in steps if step.item is None]
    counts = Counter(step.element.id for step in whole) + Counter(flow.id for step in whole for flow in step.flows)
    taken = {flow.id for step in whole for flow in step.flows}
    return Path(
        steps=steps,
        done=frozenset(counts),
        current=frozenset(task.element for task in open_tasks),
        returned=frozenset(taken & returns_of(drawing)),
        proposals=proposals_of(drawing),
        counts=counts,
        rounds=max((step.round for step in every), default=1),
    )


def _steps(drawing: Drawing, events: Sequence[Told]) -> Iterator[PathStep]:
    undone = {seq for event in events if event.kind == "recalled" for seq in event.data.get("undone", ())}
    for event in events:
        data = event.data
        if event.kind not in ("step", "item", "submitted") or event.seq in undone or event.element not in drawing.elements:
            continue
        yield PathStep(
            event.seq,
            event.at,
            drawing.elements[event.element],
            data.get("round", 1),
            tuple(drawing.flows[id] for id in data.get("flows", ()) if id in drawing.flows),
            event.actor_id,
            data.get("item"),
        )


def proposals_of(drawing: Drawing) -> frozenset[str]:
    """What the ratified SOP does not draw: ours (``asal`` = ``usulan``)."""
    elements = {element.id for element in drawing.elements.values() if element.asal == "usulan"}
    return frozenset(elements | {flow.id for flow in drawing.flows.values() if flow.asal == "usulan"})


def returns_of(drawing: Drawing) -> set[str]:
    """Flows that lead back: whose source can be reached from their target without them, seen from the start."""
    order: dict[str, int] = {}
    waiting = [drawing.start.id] if drawing.start else []
    back: set[str] = set()
    path: set[str] = set()
    # Depth first with an explicit stack: a flow into an element still on the path closes a loop.
    stack: list[tuple[str, Iterator[Flow]]] = [(id, iter(drawing.outgoing(id))) for id in waiting]
    path.update(waiting)
    while stack:
        element, flows = stack[-1]
        flow = next(flows, None)
        if flow is None:
            stack.pop()
            path.discard(element)
            order[element] = len(order)
        elif flow.target in path:
            back.add(flow.id)
        elif flow.target not in order:
            path.add(flow.target)
            stack.append((flow.target, iter(drawing.outgoing(flow.target))))
    return back
