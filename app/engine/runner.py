"""start, complete, fire, restart: each a pure function from a state to an :class:`Advance`.

The state holds only what lies ahead: finished history is dropped at quiescent points (``memory.compact``), because the library walks
its whole tree on every step and stops finding tasks below depth 1000. What happened is in ``Advance.steps``; the app keeps it as events.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.specs.control import BoundaryEventSplit
from SpiffWorkflow.bpmn.specs.defaults import BoundaryEvent
from SpiffWorkflow.exceptions import SpiffWorkflowException, WorkflowException
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from app.engine.environment import script_engine
from app.engine.expressions import ExprError, evaluate
from app.engine.memory import (
    all_tasks,
    compact,
    dump,
    element_of,
    forget_cancelled,
    is_message,
    is_open,
    is_timer,
    load,
    waiting_in,
)
from app.engine.parser import Spec, load_spec, parse_spec
from app.engine.restarting import begin_at
from app.engine.specs import EventGateway, is_expression, item_around, items_of
from app.errors import EngineFault

if TYPE_CHECKING:
    from app.models import Definition

MAX_STEPS = 500  # automatic steps of one scope in one advance: an automatic loop is a fault, not a hang (below the depth of 1000)
MAX_DEPTH = 800  # the library loses tasks below 1000
MAX_ITEMS = 5_000


@dataclass(frozen=True)
class Step:
    """One completed element. flows: ids of the sequence flows it left by. round: how many times it has been completed, from 1."""

    element: str
    task: UUID
    round: int
    flows: tuple[str, ...]


@dataclass(frozen=True)
class Opened:
    """Work for somebody that became ready. items: one per line of work for a fan-out, None for an ordinary task.

    within: the item of the repeated sub-process it lies in, None outside one.
    due: what ``camunda:dueDate`` came to (ISO 8601 text), None where the drawing sets none.
    """

    task: UUID
    element: str
    round: int
    items: tuple[str, ...] | None
    due: str | None
    within: str | None = None


@dataclass(frozen=True)
class WaitingTimer:
    """kind: "date" or "duration"; value: ISO 8601 text, None where the variable was empty."""

    task: UUID
    element: str
    kind: str
    value: str | None


@dataclass(frozen=True)
class Advance:
    """What one move did. closed: tasks and timers that waited before and no longer do, the completed one included."""

    state: bytes
    steps: tuple[Step, ...]
    opened: tuple[Opened, ...]
    timers: tuple[WaitingTimer, ...]
    closed: frozenset[UUID]
    finished: bool


def start(definition: "Definition", variables: Mapping[str, object]) -> Advance:
    """A new case. Variables the drawing reads and nobody gave are null from the first step. Raises EngineFault."""
    return _start(load_spec(definition), variables)


def dry_start(bpmn: bytes, file: str) -> Advance:
    """A start of a drawing that is not deployed, with nothing filled in but one item in every list; its spec is not kept.

    Raises InvalidBundle where it cannot be parsed, EngineFault where it cannot be started.
    """
    spec = parse_spec(bpmn, file)
    lists = {element.collection: ["contoh"] for element in spec.drawing.elements.values() if element.collection}
    return _start(spec, lists)


def _start(spec: Spec, variables: Mapping[str, object]) -> Advance:
    with _Faults():
        workflow = BpmnWorkflow(spec.process, spec.subprocesses, script_engine=script_engine())
        prepare(workflow, spec, variables)
        return _Run(spec, workflow, {}).advance()


def prepare(workflow: BpmnWorkflow, spec: Spec, variables: Mapping[str, object]) -> None:
    (root,) = workflow.get_tasks(state=TaskState.READY)
    root.data.update(dict.fromkeys(spec.reads) | _checked(variables, spec))


def complete(definition: "Definition", state: bytes, task: UUID, variables: Mapping[str, object]) -> Advance:
    """Complete one ready task, or let a message arrive.

    Raises EngineFault: not ready in this state, no way on, an expression that fails.
    """
    spec = load_spec(definition)
    with _Faults():
        run = _Run(spec, *load(spec, state))
        run.complete(task, variables)
        return run.advance()


def fire(definition: "Definition", state: bytes, timer: UUID) -> Advance:
    """Let one waiting timer event happen. When it is due is the app's business: see ``timers``."""
    spec = load_spec(definition)
    with _Faults():
        run = _Run(spec, *load(spec, state))
        run.fire(timer)
        return run.advance()


def restart(definition: "Definition", element: str, variables: Mapping[str, object], visits: Mapping[str, int]) -> Advance:
    """A state made anew whose one open task is this element. visits: how often each element was completed. Raises EngineFault."""
    spec = load_spec(definition)
    with _Faults():
        workflow = BpmnWorkflow(spec.process, spec.subprocesses, script_engine=script_engine())
        run = _Run(spec, workflow, dict(visits))
        begin_at(workflow, spec.drawing, element, dict.fromkeys(spec.reads) | _checked(variables, spec))
        return run.advance()


class _Run:
    """One move of one workflow: what waited before, what was completed, what waits now."""

    def __init__(self, spec: Spec, workflow: BpmnWorkflow, visits: dict[str, int]) -> None:
        self.spec = spec
        self.workflow = workflow
        self.visits = visits
        self.waiting_before = waiting_in(workflow)
        self.recorded: dict[UUID, Step] = {}
        self.counts: dict[int, int] = {}  # {scope: its automatic steps}

    def complete(self, id: UUID, variables: Mapping[str, object]) -> None:
        task = _find(self.workflow, id)
        if not is_open(task):
            raise EngineFault("Tugas ini tidak sedang menunggu di mesin.", element_of(task))
        task.data.update(_checked(variables, self.spec))
        if is_message(task):
            _happen(task)
        else:
            task.run()
            self.record(task)  # the library's callback does not fire for the task one runs oneself

    def fire(self, id: UUID) -> None:
        timer = _find(self.workflow, id)
        if not is_timer(timer):
            raise EngineFault("Penghitung waktu ini tidak sedang menunggu.", element_of(timer))
        _happen(timer)

    def advance(self) -> Advance:
        self.workflow.do_engine_steps(will_complete_task=self._count, did_complete_task=self.record)
        self.workflow.get_events()  # thrown, and caught by nobody here: the library would keep them in the state
        forget_cancelled(self.workflow)
        waiting = waiting_in(self.workflow)
        finished = not any(task.has_state(TaskState.NOT_FINISHED_MASK) for task in all_tasks(self.workflow))
        self._check_sound(waiting, finished)
        new = [task for id, task in waiting.items() if id not in self.waiting_before]
        opened = tuple(self._opened(task) for task in new if is_open(task))
        timers = tuple(_waiting_timer(task) for task in new if is_timer(task))
        compact(self.workflow)
        return Advance(
            dump(self.workflow, self.visits),
            tuple(self.recorded.values()),
            opened,
            timers,
            frozenset(self.waiting_before.keys() - waiting.keys()),
            finished,
        )

    def record(self, task: Task) -> None:
        """Note a completed element with the flows it left by, at once: inferring them later is wrong.

        A gateway that waits for events is left when the first of them happens, by the flow to that one.
        """
        element = element_of(task)
        if not element or element != task.task_spec.name or task.id in self.recorded or not task.has_state(TaskState.COMPLETED):
            return  # a repeat of a repeated sub-process goes by another name: the whole is recorded once
        visit = _visit(element, item_around(task))
        self.visits[visit] = self.visits.get(visit, 0) + 1
        ways = [(element, target) for child in task.children for target in _drawn(child)]
        if isinstance(task.task_spec, EventGateway):
            ways = []
        if task.parent is not None and isinstance(task.parent.task_spec, EventGateway):
            ways.insert(0, (element_of(task.parent), element))
        flows = [self.spec.flow_ids[way] for way in ways if way in self.spec.flow_ids]
        self.recorded[task.id] = Step(element, task.id, self.visits[visit], tuple(flows))

    def _count(self, task: Task) -> None:
        scope = id(task.workflow)
        self.counts[scope] = self.counts.get(scope, 0) + 1
        if self.counts[scope] > MAX_STEPS:
            raise EngineFault("Diagram berputar tanpa henti: lebih dari 500 langkah otomatis.", element_of(task))

    def _check_sound(self, waiting: Mapping[UUID, Task], finished: bool) -> None:
        if failed := next((task for task in all_tasks(self.workflow) if task.has_state(TaskState.ERROR)), None):
            raise EngineFault("Gerbang tidak menemukan jalan keluar.", element_of(failed))
        if not finished and not any(is_open(task) or is_timer(task) for task in waiting.values()):
            raise EngineFault("Diagram berhenti tanpa tugas yang menunggu.")
        if deep := next((task for task in waiting.values() if task.depth >= MAX_DEPTH), None):
            raise EngineFault("Riwayat pelaksanaan terlalu dalam untuk mesin.", element_of(deep))

    def _opened(self, task: Task) -> Opened:
        element, within = self.spec.drawing.elements[element_of(task)], item_around(task)
        return Opened(
            task.id,
            element.id,
            self.visits.get(_visit(element.id, within), 0) + 1,
            None if element.collection is None else items_of(task, element.collection, MAX_ITEMS),
            _due(task, element.due_date),
            within,
        )


def _find(workflow: BpmnWorkflow, id: UUID) -> Task:
    found = next((task for task in all_tasks(workflow) if task.id == id), None)
    if found is None:
        raise EngineFault("Tugas ini tidak ada di mesin.")
    return found


def _drawn(child: Task) -> Iterator[str]:
    """The drawn elements a child stands for; engine-made tasks (splits before boundary events) are looked through."""
    if element := element_of(child):
        yield element
    elif isinstance(child.task_spec, BoundaryEventSplit):
        yield from (inner.bpmn_id for inner in child.task_spec.outputs if inner.bpmn_id and not isinstance(inner, BoundaryEvent))


def _happen(event: Task) -> None:
    """Before the engine steps: the library refreshes last and would miss it."""
    event._set_internal_data(event_fired=True)
    event.task_spec._update(event)


def _visit(element: str, within: str | None) -> str:
    """Under which its rounds are counted: each repeat of a sub-process has its own."""
    return element if within is None else f"{element}@{within}"


def _due(task: Task, expression: str | None) -> str | None:
    if expression is None or not is_expression(expression):
        return expression
    value = evaluate(expression, task.data)
    return None if value is None else str(value)


def _waiting_timer(task: Task) -> WaitingTimer:
    value = task.internal_data["event_value"]
    return WaitingTimer(task.id, element_of(task), value["kind"], value["value"])


def _checked(variables: Mapping[str, object], spec: Spec) -> dict[str, object]:
    """Only JSON primitives, and lists of them, under names the drawing reads: a dict with a "typename" would spoil the state."""
    for name, value in variables.items():
        inner = value if isinstance(value, list) else [value]
        if name not in spec.reads or not all(item is None or isinstance(item, bool | int | float | str) for item in inner):
            raise EngineFault(f"Variabel “{name}” tidak dibaca diagram, atau bukan nilai sederhana.")
    return dict(variables)


class _Faults:
    """Whatever the library raises becomes an EngineFault that names the element."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, WorkflowException | SpiffWorkflowException | ExprError | RecursionError):
            spec = getattr(error, "task_spec", None)
            raise EngineFault(str(error), getattr(spec, "bpmn_id", None) or "") from error
