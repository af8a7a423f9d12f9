"""The engine's memory: loading a state, writing it, forgetting what is finished, and what is waiting in it."""

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.serializer.config import DEFAULT_CONFIG
from SpiffWorkflow.bpmn.serializer.default.workflow import BpmnWorkflowConverter, WorkflowConverter
from SpiffWorkflow.bpmn.specs.control import BoundaryEventSplit
from SpiffWorkflow.exceptions import SpiffWorkflowException, WorkflowException
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from app.engine.environment import script_engine
from app.engine.parser import Spec, load_spec
from app.engine.specs import AppMessage, AppTimer
from app.engine.state import StateRejected

if TYPE_CHECKING:
    from app.models import Definition


class _StateConverter(BpmnWorkflowConverter):
    """State without spec: the spec is cached by digest, so it is put in as an object and never written."""

    def to_dict(self, workflow: BpmnWorkflow) -> dict[str, Any]:
        state: dict[str, Any] = WorkflowConverter.to_dict(self, workflow)
        state["subprocesses"] = self.mapping_to_dict(workflow.subprocesses)
        state["bpmn_events"] = self.registry.convert(workflow.bpmn_events)
        return state


_UNREADABLE = (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError, SpiffWorkflowException, WorkflowException)
_serializer = BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure({**DEFAULT_CONFIG, BpmnWorkflow: _StateConverter}))


def open_tasks(definition: "Definition", state: bytes) -> frozenset[UUID]:
    """What people can complete in a state: what ``tasks`` rows must agree with (``flask sop verify``)."""
    workflow, _visits = load(load_spec(definition), state)
    return frozenset(task.id for task in all_tasks(workflow) if is_open(task))


def waiting_timers(definition: "Definition", state: bytes) -> frozenset[UUID]:
    """The timers a state waits for: what ``timers`` rows must agree with after a recall."""
    workflow, _visits = load(load_spec(definition), state)
    return frozenset(task.id for task in all_tasks(workflow) if is_timer(task))


def renew(definition: "Definition", state: bytes) -> bytes:
    """The same state with new ids for what lies ahead: a step taken back has used the old ones, and a row's id is used once."""
    workflow, visits = load(load_spec(definition), state)
    for part in (workflow, *workflow.subprocesses.values()):
        new = {task.id: uuid4() for task in part.tasks.values() if task.has_state(TaskState.PREDICTED_MASK | TaskState.FUTURE)}
        for task in part.tasks.values():
            task.id = new.get(task.id, task.id)
            task._parent = new.get(task._parent, task._parent)
            task._children = [new.get(child, child) for child in task._children]
        part.tasks = {task.id: task for task in part.tasks.values()}
    return dump(workflow, visits)


def load(spec: Spec, state: bytes) -> tuple[BpmnWorkflow, dict[str, int]]:
    """The only caller of the deserializer: it brings the unsafe default environment back, so ours is put in at once."""
    try:
        held = json.loads(state)
        visits = {str(element): int(count) for element, count in held["visits"].items()}
        document = held["workflow"]
        document["spec"] = spec.process
        document["subprocess_specs"] = dict(spec.subprocesses)
        workflow = _serializer.from_dict(document)
        workflow.script_engine = script_engine()
        _require_whole(workflow)
    except _UNREADABLE as error:  # sealed, and yet not what this library and this drawing make of a state
        raise StateRejected(f"Keadaan mesin tidak dapat dimuat ({type(error).__name__}: {error}).") from error
    return workflow, visits


def _require_whole(workflow: BpmnWorkflow) -> None:
    """Every task hangs together with the others: the library looks relatives up as it goes, long after loading."""
    for part in (workflow, *workflow.subprocesses.values()):
        for task in part.tasks.values():
            if task._parent is not None and task._parent not in part.tasks:
                raise ValueError("induk tugas hilang")
            if not all(child in part.tasks for child in task._children):
                raise ValueError("cabang tugas hilang")
            if type(task._state) is not int or not isinstance(task.data, dict):
                raise ValueError("tugas tidak berbentuk tugas")


def dump(workflow: BpmnWorkflow, visits: Mapping[str, int]) -> bytes:
    return json.dumps({"workflow": _serializer.to_dict(workflow), "visits": visits}, separators=(",", ":")).encode("utf-8")


def forget_cancelled(workflow: BpmnWorkflow) -> None:
    """Sub-processes whose step is gone from the tree or cancelled: the library keeps them, and a task in one would wait for ever."""
    while True:
        hosts = {task.id: task for task in all_tasks(workflow)}
        gone = [id for id in workflow.subprocesses if id not in hosts or hosts[id].has_state(TaskState.CANCELLED)]
        if not gone:
            return
        for id in gone:
            del workflow.subprocesses[id]


def compact(workflow: BpmnWorkflow) -> None:
    """In each scope, hang what goes on under the root and forget what is finished.

    Only at a quiescent point: one task of that scope READY for somebody or STARTED (a sub-process), nothing READY, WAITING or STARTED
    beside it, no boundary event above it (its join looks for the split among the ancestors). Elsewhere finished history stays until
    the next such point.
    """
    for scope in (workflow, *workflow.subprocesses.values()):
        _compact_scope(scope)
    forget_cancelled(workflow)


def _compact_scope(scope: BpmnWorkflow) -> None:
    active = [task for task in scope.tasks.values() if task.has_state(TaskState.READY | TaskState.WAITING | TaskState.STARTED)]
    if len(active) != 1 or active[0].has_state(TaskState.WAITING):
        return
    (going,) = active
    root = scope.task_tree
    if going is root or isinstance(going.parent.task_spec, BoundaryEventSplit):
        return
    kept = {root.id, *_below(going)}
    scope.tasks = {id: task for id, task in scope.tasks.items() if id in kept}
    scope.last_task = None
    root.children = [going]
    going.parent = root


def _below(task: Task) -> Iterator[UUID]:
    """Ids of a task and what hangs under it in its own scope."""
    yield task.id
    for child in task.children:
        yield from _below(child)


def all_tasks(workflow: BpmnWorkflow) -> Iterator[Task]:
    """Every task, by the index and not by the tree iterator, which stops at depth 1000."""
    yield from workflow.tasks.values()
    for subprocess in workflow.subprocesses.values():
        yield from subprocess.tasks.values()


def waiting_in(workflow: BpmnWorkflow) -> dict[UUID, Task]:
    return {task.id: task for task in all_tasks(workflow) if is_open(task) or task.has_state(TaskState.WAITING)}


def is_open(task: Task) -> bool:
    """Somebody can complete it: a ready task, or a message that somebody may say has arrived."""
    return bool(task.has_state(TaskState.READY) and task.task_spec.manual) or is_message(task)


def is_message(task: Task) -> bool:
    return isinstance(getattr(task.task_spec, "event_definition", None), AppMessage) and task.has_state(TaskState.WAITING)


def is_timer(task: Task) -> bool:
    return isinstance(getattr(task.task_spec, "event_definition", None), AppTimer) and task.has_state(TaskState.WAITING)


def element_of(task: Task) -> str:
    """Its BPMN id, "" for a task the engine made for itself (Start, EndJoin, splits)."""
    return getattr(task.task_spec, "bpmn_id", None) or ""
