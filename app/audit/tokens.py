"""Which user tasks wait after each event of a trail: tokens followed on the drawing. Only user tasks hold one, because only they wait for
people; the engine's state is never asked."""

from collections import Counter
from collections.abc import Iterator, Sequence

from app.diagram import Drawing, Element


class Tokens:
    """waiting: {user task: how many of it wait}, none of them zero."""

    def __init__(self, drawing: Drawing) -> None:
        self.drawing = drawing
        self.waiting: Counter[str] = Counter()

    @property
    def current(self) -> frozenset[str]:
        return frozenset(id for id, count in self.waiting.items() if count > 0)

    def complete(self, element: Element, flows: Sequence[str]) -> Counter[str]:
        """An element is left by these flows. What that changed, for ``take_back``."""
        change = self._change(element, flows)
        self.waiting += change  # drops what is no longer above zero
        return change

    def take_back(self, changes: Sequence[Counter[str]]) -> None:
        for change in changes:
            self.waiting.subtract(change)
        self.waiting = +self.waiting

    def begin_at(self, element: Element) -> None:
        self.waiting = Counter({element.id: 1})

    def end(self) -> None:
        self.waiting.clear()

    def _change(self, element: Element, flows: Sequence[str]) -> Counter[str]:
        """What completing it does to the tasks that wait: {user task: more or fewer}."""
        change: Counter[str] = Counter()
        if element.is_task:
            change[element.id] -= 1
        waits = element.tag == "eventBasedGateway"  # for whichever comes first: the flow is told with that
        for flow in self.drawing.outgoing(element.id) if waits else [self.drawing.flows[id] for id in flows]:
            target = self.drawing.elements.get(flow.target)
            if target is not None and target.is_task and target is not element:
                change[target.id] += 1
        for flow in self.drawing.incoming(element.id):
            if self.drawing.elements[flow.source].tag == "eventBasedGateway":
                change.update(
                    {other.target: -self.waiting[other.target] for other in self.drawing.outgoing(flow.source) if other is not flow}
                )
        for id in self.ended_by(element):
            change[id] -= self.waiting[id]
        return change

    def ended_by(self, element: Element) -> Iterator[str]:
        """User tasks that an interrupting boundary event or a terminate end event takes away."""
        if element.attached_to and element.interrupting:
            yield element.attached_to
            yield from self._inside(element.attached_to)
        elif "terminateEventDefinition" in element.event_definitions:
            yield from self._inside(element.parent)

    def _inside(self, scope: str) -> Iterator[str]:
        for element in self.drawing.elements.values():
            if element.parent == scope:
                yield element.id
                yield from self._inside(element.id)
