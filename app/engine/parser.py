"""BPMN bytes -> the engine's spec, cached by definition digest.

Over the library's parser lies one small mixin: a multi-instance user task stays ONE task (the app opens a row per item), data
associations are for people only, and timers never look at the clock.
"""

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, Any

from lxml import etree
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.parser.node_parser import DEFAULT_NSMAP
from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException
from SpiffWorkflow.bpmn.specs import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.event_definitions.timer import TimeDateEventDefinition

from app import diagram
from app.engine import expressions
from app.engine.schema import validator
from app.errors import Finding, InvalidBundle

if TYPE_CHECKING:  # checking a drawing must not cost the database layer: see docs/decisions/0007
    from app.models import Definition

CACHED_SPECS = 64
_USER_TASK = f"{{{DEFAULT_NSMAP['bpmn']}}}userTask"
_NAMESPACES = {**DEFAULT_NSMAP, "camunda": "http://camunda.org/schema/1.0/bpmn"}


@dataclass(frozen=True)
class Spec:
    """reads: the variables the drawing reads (conditions, collections, deadlines, timers): all that ever enters engine data.

    deadlines: those of them that a ``camunda:dueDate`` reads.
    """

    process: BpmnProcessSpec
    subprocesses: dict[str, BpmnProcessSpec]
    drawing: diagram.Drawing
    reads: frozenset[str]
    deadlines: frozenset[str]
    flow_ids: dict[tuple[str, str], str] = field(repr=False)


class AppTimer(TimeDateEventDefinition):
    """A timer the app owns: the expression is worked out once, on opening; whether it is due is never decided here.

    kind: "date" (timeDate) or "duration" (timeDuration).
    """

    kind = "date"

    def has_fired(self, my_task: Any) -> bool:
        if my_task._get_internal_data("event_value") is None:
            text = str(self.expression).strip()
            value = my_task.workflow.script_engine.evaluate(my_task, text) if is_expression(text) else text
            my_task._set_internal_data(event_value={"kind": self.kind, "value": None if value is None else str(value)})
        return bool(my_task._get_internal_data("event_fired", False))


def is_expression(text: str) -> bool:
    """Camunda's rule: ``${…}`` is worked out, anything else is taken as it stands."""
    return expressions.unwrap(text) != text.strip()


class _Mixin:
    """Laid over every stock task parser."""

    node: Any
    nsmap: Any

    def _add_multiinstance_task(self, loop: Any) -> None:
        if self.node.tag != _USER_TASK:
            raise ValidationException("Pengulangan per OPD hanya untuk tugas pengguna.", node=self.node)

    def _add_loop_task(self, loop: Any) -> None:
        raise ValidationException("Pengulangan standar tidak didukung; gambar panah kembali.", node=self.node)

    def parse_incoming_data_references(self) -> list[Any]:
        return []  # drawn for people; unresolved ones would hang the stock parser

    def parse_outgoing_data_references(self) -> list[Any]:
        return []

    def parse_timer_event(self, event: Any) -> AppTimer:
        for tag, kind in (("timeDate", "date"), ("timeDuration", "duration")):
            if (found := event.find(f"bpmn:{tag}", namespaces=self.nsmap)) is not None and found.text:
                timer = AppTimer(self.node.get("name", self.node.get("id")), found.text.strip())
                timer.kind = kind
                return timer
        raise ValidationException("Penghitung waktu harus berisi tanggal atau lama waktu; berulang tidak didukung.", node=self.node)


class _Parser(BpmnParser):
    OVERRIDE_PARSER_CLASSES = {  # noqa: RUF012 - the library's name and shape
        tag: (type(f"Alur{stock.__name__}", (_Mixin, stock), {}), spec) for tag, (stock, spec) in BpmnParser.PARSER_CLASSES.items()
    }

    def _add_data_stores(self, bpmn: Any) -> None:
        """Drawn for people; the library wants a class of its own for each by name, and refuses the file otherwise."""


_cache: OrderedDict[str, Spec] = OrderedDict()
_lock = Lock()


def load_spec(definition: "Definition") -> Spec:
    """The spec of a deployed definition; its bytes are read only when this process has not parsed them yet."""
    with _lock:
        if spec := _cache.get(definition.digest):
            _cache.move_to_end(definition.digest)
            return spec
    spec = parse_spec(definition.bpmn, definition.file)
    with _lock:
        _cache[definition.digest] = spec
        while len(_cache) > CACHED_SPECS:
            _cache.popitem(last=False)
    return spec


def parse_spec(bpmn: bytes, file: str = "") -> Spec:
    """Raises InvalidBundle with one finding where the drawing cannot be executed."""
    drawing = diagram.read(bpmn, file)
    tree = diagram.parse(bpmn, file)
    try:
        parser = _Parser(namespaces=_NAMESPACES, validator=validator())
        parser.add_bpmn_xml(etree.ElementTree(tree), file)
        process = parser.get_spec(drawing.process_id)
        subprocesses = parser.get_subprocess_specs(drawing.process_id)
    except ValidationException as error:
        raise InvalidBundle([_finding(error, file)]) from error
    except RecursionError as error:
        raise InvalidBundle([Finding(file, 0, "", "", "panjang", "error", "Diagram terlalu panjang dalam satu rangkaian.")]) from error
    flow_ids = {(flow.source, flow.target): flow.id for flow in drawing.flows.values()}
    deadlines = frozenset(_deadlines(drawing))
    return Spec(process, subprocesses, drawing, frozenset(_reads(drawing, process, subprocesses)) | deadlines, deadlines, flow_ids)


def _reads(drawing: diagram.Drawing, process: BpmnProcessSpec, subprocesses: dict[str, BpmnProcessSpec]) -> Iterator[str]:
    for flow in drawing.flows.values():
        if flow.condition:
            yield from expressions.names(flow.condition)
    for element in drawing.elements.values():
        if element.collection:
            yield element.collection
    for spec in (process, *subprocesses.values()):
        for task_spec in spec.task_specs.values():
            timer = getattr(task_spec, "event_definition", None)
            if isinstance(timer, AppTimer) and is_expression(timer.expression):
                yield from expressions.names(timer.expression)


def _deadlines(drawing: diagram.Drawing) -> Iterator[str]:
    for element in drawing.elements.values():
        if element.due_date and is_expression(element.due_date):
            yield from expressions.names(element.due_date)


def _finding(error: ValidationException, file: str) -> Finding:
    message = str(error.args[0]) if error.args else str(error)
    return Finding(file, int(error.line_number or 0), str(error.id or ""), str(error.name or ""), "mesin", "error", message)
