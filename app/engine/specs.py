"""Our kinds of steps and events, laid over the library's where those would read a clock, lose data, or catch what was not theirs.

Specs are never written into a state, so none of these needs a converter.
"""

from typing import Any

from SpiffWorkflow.bpmn import BpmnEvent
from SpiffWorkflow.bpmn.exceptions import WorkflowTaskException
from SpiffWorkflow.bpmn.specs.control import BoundaryEventSplit
from SpiffWorkflow.bpmn.specs.defaults import BoundaryEvent, IntermediateCatchEvent, SubWorkflowTask
from SpiffWorkflow.bpmn.specs.event_definitions.item_aware_event import ErrorEventDefinition, EscalationEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.message import MessageEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.timer import TimeDateEventDefinition
from SpiffWorkflow.bpmn.specs.mixins.bpmn_spec_mixin import BpmnSpecMixin
from SpiffWorkflow.util.task import TaskState

from app.engine import expressions

MAX_REPEATS = 100  # of a sub-process: each is a tree of its own in the state


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


class AppMessage(MessageEventDefinition):
    """A message by its name. It carries nothing: the library would copy the data of one branch over that of another."""

    def catch(self, my_task: Any, event: BpmnEvent | None = None) -> None:
        my_task._set_internal_data(event_fired=True)

    def throw(self, my_task: Any) -> None:
        my_task.workflow.top_workflow.catch(BpmnEvent(self))

    def update_task_data(self, my_task: Any) -> None:
        return None


class AppError(ErrorEventDefinition):
    def throw(self, my_task: Any) -> None:
        if not _caught(self, my_task):
            raise WorkflowTaskException("Kejadian galat ini tidak ditangkap kejadian batas mana pun.", task=my_task)


class AppEscalation(EscalationEventDefinition):
    def throw(self, my_task: Any) -> None:
        _caught(self, my_task)  # BPMN: an escalation that nobody catches passes


def _caught(thrown: AppError | AppEscalation, my_task: Any) -> bool:
    """Fire the boundary event on the nearest sub-process around it that catches it.

    The library would fire every boundary event with this code in the scope, on whatever sub-process it sits.
    """
    workflow = my_task.workflow
    while workflow.parent_task_id is not None:
        host = workflow.top_workflow.get_task_from_id(workflow.parent_task_id)
        whole = host.parent if isinstance(host.parent.task_spec, Repeated) else host
        for event in _events_on(whole):
            if event.has_state(TaskState.WAITING) and event.task_spec.event_definition == thrown:
                event._set_internal_data(event_fired=True)
                event.task_spec._update(event)
                if event.task_spec.cancel_activity:
                    cancel_whole(whole)  # now: its token would run on to the end of the sub-process, and past it
                return True
        workflow = host.workflow
    return False


def _events_on(task: Any) -> list[Any]:
    if not isinstance(task.parent.task_spec, BoundaryEventSplit):
        return []
    return [child for child in task.parent.children if isinstance(child.task_spec, BoundaryEvent)]


def cancel_whole(task: Any) -> None:
    """The library drops the repeats of a cancelled step from the tree before their sub-processes hear of it."""
    if isinstance(task.task_spec, Repeated):
        for child in task.children:
            child.cancel()
    task.cancel()


class SubProcess(SubWorkflowTask):
    def _on_subworkflow_completed(self, subworkflow: Any, my_task: Any) -> None:
        if not my_task.has_state(TaskState.CANCELLED):  # by the very end event whose completion is told here
            super()._on_subworkflow_completed(subworkflow, my_task)


class AppBoundaryEvent(BoundaryEvent):
    def _run_hook(self, my_task: Any) -> Any:
        if self.cancel_activity:
            for host in my_task.parent.children:
                if not isinstance(host.task_spec, BoundaryEvent) and not host.has_state(TaskState.FINISHED_MASK):
                    cancel_whole(host)
        return super()._run_hook(my_task)


class EventGateway(BpmnSpecMixin):
    """The events behind it all wait, each for itself, as they would behind a fork; the first that happens ends the others.

    The library's gateway keeps one value for all its timers.
    """


class CatchEvent(IntermediateCatchEvent):
    def _update_hook(self, my_task: Any) -> Any:
        """The library refreshes timers from a list made before the first of them ended the others, and would revive those."""
        return False if my_task.has_state(TaskState.FINISHED_MASK) else super()._update_hook(my_task)

    def _on_ready_hook(self, my_task: Any) -> None:
        super()._on_ready_hook(my_task)
        if isinstance(my_task.parent.task_spec, EventGateway):
            for other in my_task.parent.children:
                if other is not my_task:
                    other.cancel()


class Repeated(BpmnSpecMixin):
    """A sub-process once for every item of a list, side by side or in turn. What happens inside changes nothing outside.

    The library merges the data of each repeat into the whole (the last one wins, a second round fails), and hears of a finished
    repeat only in the process that began it.
    """

    def __init__(self, wf_spec: Any, bpmn_id: str, collection: str, variable: str, sequential: bool, **kwargs: Any) -> None:
        super().__init__(wf_spec, bpmn_id, **kwargs)
        self.collection, self.variable, self.sequential = collection, variable, sequential
        self.task_spec = ""  # set by the parser: the name of what is repeated

    def _update_hook(self, my_task: Any) -> bool:
        if "remaining" in my_task.internal_data:
            return False
        super()._update_hook(my_task)
        my_task.internal_data["remaining"] = list(items_of(my_task, self.collection, MAX_REPEATS))
        my_task._set_state(TaskState.STARTED)
        self._begin(my_task, 1 if self.sequential else MAX_REPEATS)
        return False

    def repeat_ended(self, _workflow: Any, child: Any) -> None:
        whole = child.parent
        if whole.internal_data["remaining"]:
            self._begin(whole, 1)
        elif all(one.has_state(TaskState.FINISHED_MASK) for one in whole.children if one.task_spec.name == self.task_spec):
            whole._set_state(TaskState.READY)

    def _begin(self, whole: Any, most: int) -> None:
        remaining = whole.internal_data["remaining"]
        whole.internal_data["remaining"] = remaining[most:]
        for item in remaining[:most]:
            child = whole._add_child(self._wf_spec.task_specs[self.task_spec], TaskState.WAITING)
            child.triggered = True
            child.internal_data["item"] = item
            child.data[self.variable] = item
            child.task_spec._update(child)


def items_of(task: Any, collection: str, most: int) -> tuple[str, ...]:
    """Raises WorkflowTaskException unless it is a list without repetition, of at least one and at most so many."""
    items = task.data.get(collection)
    if not isinstance(items, list) or not 0 < len(items) <= most or len(set(items)) != len(items):
        raise WorkflowTaskException(f"Daftar “{collection}” kosong, berulang, bukan daftar, atau lebih dari {most}.", task=task)
    return tuple(items)


def item_around(task: Any) -> str | None:
    """The item of the repeated sub-process it lies in; None outside one."""
    workflow = task.workflow
    while workflow.parent_task_id is not None:
        host = workflow.top_workflow.get_task_from_id(workflow.parent_task_id)
        if (item := host.internal_data.get("item")) is not None:
            return str(item)
        workflow = host.workflow
    return None
