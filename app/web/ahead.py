"""What a drawing says comes after a step: for the sentence above the button."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.diagram import Drawing, Element
from app.diagram.reading import GATEWAYS
from app.forms import Field
from app.models import Group

Names = Mapping[str, str]  # {group key: name}


@dataclass(frozen=True)
class Way:
    """One way on. answer: name of the flow that leaves the first gateway ("ya"), "" where nothing is decided.

    label: the words of the button that takes it. step: the next step, None where the case ends. who: who does it.
    """

    answer: str
    label: str
    step: Element | None
    who: str


def ways_after(drawing: Drawing, element: str, decision: Field | None, names: Names) -> list[Way]:
    """Each next step once per answer, in the order of the form's buttons."""
    labels = {option.value: option.label for option in decision.options} if decision else {}
    order = sorted(labels, reverse=True)
    found = dict.fromkeys(_walk(drawing, element, "", frozenset({element})))
    ways = [_way(drawing, answer, id, labels, names) for answer, id in found]
    return sorted(ways, key=lambda way: order.index(way.answer) if way.answer in order else len(order))


def performer(drawing: Drawing, element: str, names: Names) -> str:
    """The lane; where the drawing gives the work to others than the lane's own groups, their names."""
    lane, groups = drawing.lane_of(element), drawing.groups_of(element)
    if lane is not None and (not groups or set(lane.groups) & set(groups)):
        return lane.name
    return " atau ".join(names.get(key, key) for key in groups)


def group_names(session: Session) -> Names:
    return {group.key: group.name for group in session.scalars(select(Group))}


def _way(drawing: Drawing, answer: str, id: str, labels: Mapping[str, str], names: Names) -> Way:
    step = drawing.elements[id]
    if step.tag == "endEvent":
        return Way(answer, labels.get(answer, answer), None, "")
    return Way(answer, labels.get(answer, answer), step, performer(drawing, id, names))


def _passes(target: Element) -> bool:
    """Nobody's step: the case goes on by itself, or waits for a day."""
    if target.tag in GATEWAYS:
        return True
    return (target.sends and target.tag != "endEvent") or (target.tag == "intermediateCatchEvent" and not target.is_receipt)


def _walk(drawing: Drawing, element: str, answer: str, seen: frozenset[str]) -> Iterator[tuple[str, str]]:
    """(answer, id of a step or end); gateways and events are passed through, each at most once on a way."""
    for flow in drawing.outgoing(element):
        target = drawing.elements.get(flow.target)
        if target is None:
            continue
        given = answer or (flow.name if drawing.elements[element].tag == "exclusiveGateway" else "")
        if not _passes(target):
            yield given, target.id
        elif target.id not in seen:
            yield from _walk(drawing, target.id, given, seen | {target.id})
