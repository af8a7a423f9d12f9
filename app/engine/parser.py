"""BPMN bytes -> the engine's spec, cached by definition digest.

Over the library's parser lies one small mixin: a multi-instance user task stays ONE task (the app opens a row per item), data
associations are for people only, and events are ours (``app/engine/specs.py``).
"""

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, Any

from lxml import etree
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.parser.event_parsers import ReceiveTaskParser
from SpiffWorkflow.bpmn.parser.node_parser import DEFAULT_NSMAP
from SpiffWorkflow.bpmn.parser.ProcessParser import ProcessParser
from SpiffWorkflow.bpmn.parser.task_parsers import GatewayParser
from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException
from SpiffWorkflow.bpmn.specs import BpmnProcessSpec

from app import diagram
from app.diagram.parsing import CAMUNDA, is_true
from app.engine import expressions
from app.engine.joins import InclusiveJoin, ParallelJoin, ProcessSpec
from app.engine.schema import validator
from app.engine.specs import (
    AppBoundaryEvent,
    AppError,
    AppEscalation,
    AppMessage,
    AppTimer,
    CatchEvent,
    EventGateway,
    Repeated,
    SubProcess,
    is_expression,
)
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


class _Mixin:
    """Laid over every stock task parser."""

    node: Any
    nsmap: Any
    spec: Any
    task: Any
    _copy_task_attrs: Any

    def _add_multiinstance_task(self, loop: Any) -> None:
        """A user task stays one task; a sub-process is wrapped into a :class:`Repeated`, as the library wraps it into its own."""
        if self.node.tag == _USER_TASK:
            return
        if not isinstance(self.task, SubProcess):
            raise ValidationException("Pengulangan per OPD hanya untuk tugas pengguna dan subproses.", node=self.node)
        collection, variable = loop.get(f"{CAMUNDA}collection"), loop.get(f"{CAMUNDA}elementVariable")
        if not collection or not variable:
            raise ValidationException("Pengulangan per OPD harus menyebut daftarnya.", node=self.node)
        inner = self.spec.task_specs.pop(self.task.name)
        self.task = Repeated(self.spec, inner.name, collection, variable, is_true(loop.get("isSequential")))  # type: ignore[abstract]
        self._copy_task_attrs(inner)
        inner.completed_event.connect(self.task.repeat_ended)

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

    def parse_error_event(self, event: Any) -> AppError:
        found = super().parse_error_event(event)  # type: ignore[misc]
        return AppError(found.name, found.code)

    def parse_escalation_event(self, event: Any) -> AppEscalation:
        found = super().parse_escalation_event(event)  # type: ignore[misc]
        return AppEscalation(found.name, found.code)

    def parse_message_event(self, event: Any) -> AppMessage:
        """By the name of its message; one that names none is received by people only, so its own id will do."""
        found = super().parse_message_event(event) if event.get("messageRef") else None  # type: ignore[misc]
        return AppMessage((found and found.name) or self.node.get("id"))


class _Receiving(ReceiveTaskParser):
    def create_task(self) -> Any:
        return self._create_task(self.parse_message_event(self.node))


_OURS = {
    "eventBasedGateway": (GatewayParser, EventGateway),
    "subProcess": (None, SubProcess),
    "receiveTask": (_Receiving, CatchEvent),
    "intermediateCatchEvent": (None, CatchEvent),
    "parallelGateway": (None, ParallelJoin),
    "inclusiveGateway": (None, InclusiveJoin),
    "boundaryEvent": (None, AppBoundaryEvent),
}


def _classes() -> Iterator[tuple[str, tuple[type, type]]]:
    for tag, (stock, spec) in BpmnParser.PARSER_CLASSES.items():
        parser, ours = _OURS.get(tag.partition("}")[2], (None, spec))
        yield tag, (type(f"Alur{stock.__name__}", (_Mixin, parser or stock), {}), ours)


class _Process(ProcessParser):
    def create_spec(self) -> ProcessSpec:
        return ProcessSpec(name=self.bpmn_id, description=self.get_name(), filename=self.filename)


class _Parser(BpmnParser):
    PROCESS_PARSER_CLASS = _Process
    OVERRIDE_PARSER_CLASSES = dict(_classes())  # noqa: RUF012 - the library's name

    def _add_data_stores(self, bpmn: Any) -> None:
        """Drawn for people; the library wants a class of its own for each by name, and refuses the file otherwise."""


_cache: OrderedDict[str, Spec] = OrderedDict()
_lock, _parsing = Lock(), Lock()


def kept_spec(digest: str) -> Spec | None:
    """The spec of a deployed definition, where this process has parsed it."""
    with _lock:
        if spec := _cache.get(digest):
            _cache.move_to_end(digest)
        return spec


def load_spec(definition: "Definition") -> Spec:
    """The spec of a deployed definition; its bytes are read only when this process has not parsed them yet."""
    if spec := kept_spec(definition.digest):
        return spec
    with _parsing:  # a worker's first requests come together, and ask for the same one
        if spec := kept_spec(definition.digest):
            return spec
        spec = parse_spec(definition.composed or definition.bpmn, definition.file)
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
