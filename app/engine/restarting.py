"""A state made anew, whose one token stands at a chosen task: for a case whose own state is lost, or has gone astray.

Nothing of the old state is needed. Above the token stands nothing but the root, as after ``memory.compact``.
"""

from collections.abc import Iterator, Mapping

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.specs.control import BoundaryEventSplit
from SpiffWorkflow.bpmn.specs.defaults import BoundaryEvent
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from app.diagram import Drawing, Element
from app.errors import EngineFault

_SPLITS = ("parallelGateway", "inclusiveGateway", "complexGateway")
_DEEPEST = 20  # splits within splits that are followed


def restart_points(drawing: Drawing) -> tuple[Element, ...]:
    """User tasks at which one token is enough to reach the end: not between a parallel split and its join, which waits for the others."""
    return tuple(task for task in drawing.tasks() if _is_reachable(drawing, task))


def begin_at(workflow: BpmnWorkflow, drawing: Drawing, element: str, data: Mapping[str, object]) -> None:
    """Open this task, and the sub-processes around it. workflow: fresh. Raises EngineFault for what is no ``restart_points``."""
    target = drawing.elements.get(element)
    if target is None or target not in restart_points(drawing):
        raise EngineFault("Pelaksanaan tidak dapat dimulai lagi dari langkah ini.", element)
    workflow.task_tree.set_data(**data)
    part = workflow
    for one in _way(drawing, target):
        task = _open(part, one.id)
        part = workflow.subprocesses.get(task.id, part)


def _way(drawing: Drawing, element: Element) -> list[Element]:
    """The sub-processes around an element from outside in, then itself."""
    return [*reversed(list(_around(drawing, element))), element]


def _around(drawing: Drawing, element: Element) -> Iterator[Element]:
    while (parent := drawing.elements.get(element.parent)) is not None:
        yield parent
        element = parent


def _is_reachable(drawing: Drawing, element: Element) -> bool:
    """Nothing but plain embedded sub-processes around it, and no join ahead that waits for a token we do not put."""
    plain = all(one.tag == "subProcess" and not one.multi_instance for one in _around(drawing, element))
    return plain and not any(_waits_for_others(drawing, one) for one in _way(drawing, element))


def _waits_for_others(drawing: Drawing, element: Element) -> bool:
    """A join lies ahead whose split does not: followed with the number of splits passed on the way."""
    beside: dict[str, list[str]] = {}
    for one in drawing.elements.values():
        if one.attached_to:
            beside.setdefault(one.attached_to, []).append(one.id)
    waiting, seen = [(element.id, 0)], set[tuple[str, int]]()
    while waiting:
        id, depth = place = waiting.pop()
        if place in seen or depth > _DEEPEST:
            continue
        seen.add(place)
        found = drawing.elements.get(id)
        if found is not None and found.tag in _SPLITS:
            if len(drawing.incoming(id)) > 1:
                if depth == 0:
                    return True
                depth -= 1
            depth += len(drawing.outgoing(id)) > 1
        waiting += [(flow.target, depth) for flow in drawing.outgoing(id)] + [(event, depth) for event in beside.get(id, ())]
    return False


def _open(part: BpmnWorkflow, element: str) -> Task:
    """Put a token on one element of a process or sub-process, in the place of whatever it had begun with."""
    root = part.task_tree
    part.tasks = {root.id: root}
    part.last_task = None
    root.children = []
    root._set_state(TaskState.COMPLETED)
    spec = next(one for one in part.spec.task_specs.values() if one.bpmn_id == element)
    split = next((one for one in spec.inputs if isinstance(one, BoundaryEventSplit)), None)
    task = root._add_child(split or spec, TaskState.FUTURE)
    task.task_spec._predict(task, mask=TaskState.NOT_FINISHED_MASK)  # as the library does for the root of a new workflow
    task.task_spec._update(task)
    if split is not None:
        task.run()  # its boundary events wait beside the task
        task = next(child for child in task.children if not isinstance(child.task_spec, BoundaryEvent))
    return task
