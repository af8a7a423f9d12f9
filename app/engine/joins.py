"""Where branches meet. The library's joins count arrivals of an earlier round again, and let the branch that arrives last put back
what another one has changed; ours wait for one arrival on each way in, and take from each branch what that branch changed.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from SpiffWorkflow.bpmn.exceptions import WorkflowTaskException
from SpiffWorkflow.bpmn.specs import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.control import SimpleBpmnTask, _EndJoin
from SpiffWorkflow.bpmn.specs.defaults import InclusiveGateway, ParallelGateway
from SpiffWorkflow.util.task import TaskState


class ParallelJoin(ParallelGateway):
    def _update_hook(self, my_task: Any) -> bool:
        arrived = _arrived(my_task)
        return _meet(my_task, list(arrived.values()), len(arrived) == len(set(self._inputs)))

    def _run_hook(self, my_task: Any) -> bool:
        return True


class InclusiveJoin(InclusiveGateway):
    """Waits while something upstream may still arrive. The library forgets what goes on in a sub-process there."""

    def _update_hook(self, my_task: Any) -> bool:
        upstream = self._upstream()
        coming = (task for task in my_task.workflow.tasks.values() if task.task_spec.name in upstream and _is_going(task))
        return _meet(my_task, list(_arrived(my_task).values()), not any(coming))

    def _run_hook(self, my_task: Any) -> bool:
        matches, defaults = self._get_matching_outputs(my_task)
        if not matches and not defaults:
            raise WorkflowTaskException("Tidak satu pun syarat gerbang terpenuhi.", task=my_task)
        my_task._sync_children(matches or defaults, TaskState.FUTURE)
        for child in my_task.children:
            child.task_spec._predict(child, mask=TaskState.FUTURE | TaskState.PREDICTED_MASK)
        return True

    def _upstream(self) -> frozenset[str]:
        found, waiting = {self.name}, [self]
        while waiting:
            new = {spec.name: spec for spec in waiting.pop().inputs if spec.name not in found}
            found |= new.keys()
            waiting += new.values()
        return frozenset(found - {self.name})


class EndJoin(_EndJoin):
    def _run_hook(self, my_task: Any) -> bool:
        my_task.data = joined([*_earlier(my_task), my_task])
        return True


class ProcessSpec(BpmnProcessSpec):
    """With our join at its end."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        del self.task_specs[self.end.name], self.task_specs["End"]
        self.end = EndJoin(self, self.end.name)
        self.end.connect(SimpleBpmnTask(self, "End"))  # type: ignore[abstract]


def _arrived(my_task: Any) -> dict[str, Any]:
    """{way in: what waits there}, itself included."""
    arrived = {my_task.parent.task_spec.name: my_task}
    for task in my_task.workflow.tasks.values():
        if task.task_spec is my_task.task_spec and task.has_state(TaskState.WAITING):
            arrived.setdefault(task.parent.task_spec.name, task)
    return arrived


def _meet(my_task: Any, arrived: Sequence[Any], is_all: bool) -> bool:
    """It goes on with all of them, or waits for the others."""
    if not is_all:
        my_task._set_state(TaskState.WAITING)
        return False
    my_task.data = joined(arrived)
    for task in arrived:
        if task is not my_task:
            task.cancel()
    return True


def _is_going(task: Any) -> bool:
    """At work, or about to be: what comes after a finished step is begun one after the other."""
    if task.has_state(TaskState.READY | TaskState.WAITING | TaskState.STARTED):
        return True
    return bool(task.has_state(TaskState.FUTURE)) and _has_come(task)


def joined(arrived: Sequence[Any]) -> dict[str, Any]:
    """The data of the last task all of them come from, with what each branch has changed since, in the order they arrived."""
    paths = [list(_ancestors(task)) for task in arrived]
    shared = next((task for task in paths[0] if all(task in path for path in paths[1:])), None)
    before = shared.data if shared is not None else {}
    data = dict(before)
    for task in sorted(arrived, key=lambda one: one.last_state_change):
        data |= {key: value for key, value in task.parent.data.items() if key not in before or before[key] != value}
    return data


def _earlier(my_task: Any) -> list[Any]:
    """Those that arrived here before, and were cancelled in favour of this one."""
    return [
        task
        for task in my_task.workflow.tasks.values()
        if task.task_spec is my_task.task_spec and task is not my_task and task.has_state(TaskState.CANCELLED) and _has_come(task)
    ]


def _has_come(task: Any) -> bool:
    return task.parent is not None and bool(task.parent.has_state(TaskState.COMPLETED))


def _ancestors(task: Any) -> Iterator[Any]:
    while (task := task.parent) is not None:
        yield task
