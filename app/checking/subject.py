"""What every rule looks at, and how it says what it found."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

from lxml import etree

from app.checking.bundle import Bundle
from app.diagram import Drawing, Element, Flow
from app.diagram.model import PERFORMED
from app.diagram.parsing import BPMN, line_of, node_name
from app.engine import ExprError, expressions
from app.engine.specs import is_expression
from app.errors import Finding, Severity
from app.forms import Form

RUNS = frozenset({
    "startEvent", "endEvent", "userTask", "manualTask", "task", "receiveTask", "sendTask", "exclusiveGateway", "parallelGateway",
    "inclusiveGateway", "eventBasedGateway", "subProcess", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent",
})  # fmt: skip
WAITS = PERFORMED | {"receiveTask", "intermediateCatchEvent", "boundaryEvent"}


@dataclass(frozen=True)
class Subject:
    """The bundle, its tree, its drawing, the forms that compiled. groups: those of the office, None where they are not known."""

    bundle: Bundle
    tree: etree._Element
    drawing: Drawing
    forms: dict[str, Form]
    groups: frozenset[str] | None = None

    def at(self, thing: Element | Flow, rule: str, message: str, severity: Severity = "error") -> Finding:
        return Finding(self.bundle.file, thing.line, thing.id, thing.name, rule, severity, message)

    def whole(self, rule: str, message: str, severity: Severity = "error") -> Finding:
        return Finding(self.bundle.file, 0, "", "", rule, severity, message)

    def inside(self, node: etree._Element, rule: str, message: str, severity: Severity = "error") -> Finding:
        """About a part of the file that is no element of the drawing: named by the nearest one around it that has an id."""
        owner = next((one for one in (node, *node.iterancestors()) if one.get("id")), node)
        return Finding(self.bundle.file, line_of(node), owner.get("id") or "", node_name(owner), rule, severity, message)

    @cached_property
    def scopes(self) -> tuple[etree._Element, ...]:
        """The process and every sub-process in it, whatever its kind."""
        process = self.tree.find(f"{BPMN}process")
        assert process is not None  # noqa: S101 - diagram.read has found it
        return (process, *process.iter(f"{BPMN}subProcess", f"{BPMN}transaction", f"{BPMN}adHocSubProcess"))

    @cached_property
    def nodes(self) -> dict[str, etree._Element]:
        """{element id: where it stands in the file}, of what the drawing lists."""
        children = (node for scope in self.scopes for node in scope.iterchildren(f"{BPMN}*"))
        found: dict[str, etree._Element] = {}
        for node in children:
            if (id := node.get("id")) in self.drawing.elements:
                found.setdefault(str(id), node)
        return found

    @cached_property
    def texts(self) -> tuple[tuple[Element | Flow, str], ...]:
        """Every expression of the drawing with what it belongs to: conditions, deadlines, timers."""
        return tuple(self._texts())

    def _texts(self) -> Iterator[tuple[Element | Flow, str]]:
        for flow in self.drawing.flows.values():
            if flow.condition is not None:
                yield flow, flow.condition
        for element in self.drawing.elements.values():
            if element.due_date and is_expression(element.due_date):
                yield element, element.due_date
            yield from ((element, text) for _kind, text in self.timers_of(element) if is_expression(text))

    def timers_of(self, element: Element) -> tuple[tuple[str, str], ...]:
        """(timeDate | timeDuration | timeCycle, text) of its timer: one, if it is drawn well."""
        node = self.nodes.get(element.id)
        if node is None:
            return ()
        found = node.iterfind(f"{BPMN}timerEventDefinition/{BPMN}*")
        kinds = (f"{BPMN}timeDate", f"{BPMN}timeDuration", f"{BPMN}timeCycle")
        return tuple((etree.QName(part).localname, (part.text or "").strip()) for part in found if part.tag in kinds)


def names_in(text: str) -> frozenset[str]:
    """The variables an expression reads; none where it cannot be read, which is another rule's business."""
    try:
        return expressions.names(text)
    except ExprError:
        return frozenset()


Rule: TypeAlias = Callable[[Subject], Iterator[Finding]]
