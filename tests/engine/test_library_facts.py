"""What SpiffWorkflow does that we build on or around, each seen on the library alone. An upgrade that changes one fails here, with why
we care: what lies around it may then go, or is no longer enough.
"""

from __future__ import annotations

import copy
import json
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from importlib.metadata import version
from types import FrameType
from typing import Any

import pytest
from lxml import etree
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.exceptions import WorkflowDataException
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.parser.node_parser import DEFAULT_NSMAP
from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.script_engine.python_environment import TaskDataEnvironment
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.specs.event_definitions.timer import DurationTimerEventDefinition
from SpiffWorkflow.exceptions import WorkflowException
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskIterator, TaskState

from app.engine import parser
from app.engine.environment import script_engine
from tests.engine.test_elements import AFTER, EVENTS, FIRST, INCLUSIVE, MESSAGES, START_END, boundary, event, scope, task
from tests.support.drawings import drawing_bytes

TASK = START_END + task("T")
LINE = "S>T T>E"
READY, WAITING = TaskState.READY, TaskState.WAITING
LIST = (
    '<multiInstanceLoopCharacteristics><loopDataInputRef>daftar</loopDataInputRef><inputDataItem id="opd"/>'
    "</multiInstanceLoopCharacteristics>"
)


def stock(nodes: str, flows: str, **data: Any) -> BpmnWorkflow:
    """The library's own parser and specs; only what computes expressions is ours, because theirs is disabled at import."""
    theirs = BpmnParser()
    nodes = nodes.replace(">PT1H<", ">'PT1H'<")  # to the library every time is an expression
    content = drawing_bytes(nodes, flows).replace(b"<process ", MESSAGES.encode() + b"<process ").replace(b"${", b"").replace(b"}<", b"<")
    theirs.add_bpmn_xml(etree.ElementTree(etree.fromstring(content)), "uji.bpmn")
    workflow = BpmnWorkflow(theirs.get_spec("p"), theirs.get_subprocess_specs("p"), script_engine=script_engine())
    (root,) = workflow.get_tasks(state=READY)
    root.data.update(data)
    workflow.do_engine_steps()
    return workflow


def the(workflow: BpmnWorkflow, name: str, state: int = READY) -> Task:
    every = [*workflow.tasks.values(), *(task for sub in workflow.subprocesses.values() for task in sub.tasks.values())]
    return next(task for task in every if task.task_spec.name == name and task.has_state(state))


def do(workflow: BpmnWorkflow, *names: str, **data: Any) -> BpmnWorkflow:
    for name in names:
        found = the(workflow, name)
        found.data.update(data)
        found.run()
        workflow.do_engine_steps()
    return workflow


def open_names(workflow: BpmnWorkflow) -> set[str]:
    return {task.task_spec.name for task in workflow.get_tasks(state=READY) if task.task_spec.manual}


def happen(workflow: BpmnWorkflow, name: str) -> None:
    waiting = the(workflow, name, WAITING)
    waiting._set_internal_data(event_fired=True)
    waiting.task_spec._update(waiting)
    workflow.do_engine_steps()


def saved(workflow: BpmnWorkflow) -> dict[str, Any]:
    held: dict[str, Any] = json.loads(json.dumps(BpmnWorkflowSerializer().to_dict(workflow)))
    return held


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def test_the_version_all_this_was_seen_on() -> None:
    assert version("SpiffWorkflow") == "3.2.0"


# running


def test_the_callback_does_not_fire_for_the_task_one_runs_oneself() -> None:
    """So the runner records it by hand: without that, the trail would lack every step a person did."""
    workflow, seen = stock(TASK, LINE), []
    the(workflow, "T").run()
    workflow.do_engine_steps(did_complete_task=lambda done: seen.append(done.task_spec.name))
    assert "T" not in seen and "E" in seen


def test_a_flagged_event_is_missed_until_the_next_call() -> None:
    """So the runner updates the event itself, before the engine steps: a fired timer would else stay open for one move."""
    workflow = stock(START_END + event("W") + task("T"), "S>W W>T T>E")
    the(workflow, "W", WAITING)._set_internal_data(event_fired=True)
    workflow.do_engine_steps()
    assert open_names(workflow) == set()


def test_running_a_task_checks_nothing() -> None:
    """So the runner asks whether it is ready in the state it holds: else a step could be done twice, or before the one it follows."""
    workflow = stock(START_END + task("T") + task("U"), "S>T T>U U>E")
    later = the(workflow, "U", TaskState.FUTURE)
    later.run()
    assert later.has_state(TaskState.COMPLETED)
    first = do(stock(TASK, LINE), "T")
    done = the(first, "T", TaskState.COMPLETED)
    assert done.run() is True


def test_no_matching_branch_leaves_the_task_done_and_nothing_open() -> None:
    """So a failed gateway rolls the whole move back: saved, it would be a dead end."""
    workflow = stock(TASK + '<exclusiveGateway id="G"/><endEvent id="F"/>', "S>T T>G G>E[x == 1] G>F[x == 2]", x=3)
    with pytest.raises(WorkflowException):
        do(workflow, "T")
    assert the(workflow, "T", TaskState.COMPLETED) and open_names(workflow) == set()


def test_below_a_thousand_a_ready_task_is_not_found_and_the_case_looks_finished() -> None:
    """So finished history is dropped, work is listed by the index of tasks, and depth 800 is a fault."""
    workflow = stock(TASK, LINE)
    top, found = the(workflow, "T"), the(workflow, "T")
    for _ in range(1001):
        found = found._add_child(top.task_spec, TaskState.COMPLETED)
    top._set_state(TaskState.COMPLETED)
    found._add_child(top.task_spec, READY)
    for child in list(top.children):
        if child.has_state(TaskState.PREDICTED_MASK | TaskState.FUTURE):
            workflow._remove_task(child.id)
    assert not list(TaskIterator(workflow.task_tree, state=READY))
    assert workflow.is_completed() and any(task.has_state(READY) for task in workflow.tasks.values())


def test_the_join_of_boundary_events_looks_for_the_split_above_it() -> None:
    """So nothing below a boundary event's split is ever hung elsewhere while it goes on."""
    workflow = stock(TASK + boundary("B", "T") + '<endEvent id="F"/>', "S>T T>E B>F")
    found, root = the(workflow, "T"), workflow.task_tree
    root.children, found.parent = [found], root
    with pytest.raises((WorkflowException, AttributeError)):
        found.run()


def test_timers_look_at_the_clock_and_keep_the_first_value() -> None:
    """So timers are ours: a deadline could not be moved, and a past one would fire inside any move."""
    workflow = stock(START_END + event("W", "<timerEventDefinition><timeDuration>'PT0S'</timeDuration></timerEventDefinition>") + task("T"),
                     "S>W W>T T>E")  # fmt: skip
    assert open_names(workflow) == {"T"}
    assert isinstance(workflow.spec.task_specs["W"].event_definition, DurationTimerEventDefinition)


def test_a_send_task_completes_itself_and_manual_ones_wait() -> None:
    """Send tasks need no row; manual and abstract ones need one like any other, or they would wait unseen."""
    nodes = START_END + task("K", "sendTask") + task("M", "manualTask") + task("A", "task")
    workflow = stock(nodes, "S>K K>M M>A A>E")
    assert open_names(workflow) == {"M"} and open_names(do(workflow, "M")) == {"A"}


def test_an_interrupting_event_sub_process_does_not_interrupt() -> None:
    """So event sub-processes are refused."""
    inside = (
        '<startEvent id="i" isInterrupting="true"><messageEventDefinition messageRef="M"/></startEvent>' + task("U") + '<endEvent id="j"/>'
    )
    inside += '<sequenceFlow id="i_U" sourceRef="i" targetRef="U"/><sequenceFlow id="U_j" sourceRef="U" targetRef="j"/>'
    workflow = stock(TASK + f'<subProcess id="X" triggeredByEvent="true">{inside}</subProcess>', LINE)
    assert "T" in open_names(workflow)
    for waiting in [one for one in workflow.event_manager.tasks.values() if one.task_spec.name == "i"]:
        waiting._set_internal_data(event_fired=True)
        waiting.task_spec._update(waiting)
    workflow.do_engine_steps()
    assert "T" in open_names(workflow), "the task it should have ended is still there"


def test_a_signal_end_event_throws_nothing() -> None:
    """So signals are refused."""
    workflow = stock(TASK + '<endEvent id="F"><signalEventDefinition/></endEvent>', "S>T T>F")
    assert type(workflow.spec.task_specs["F"].event_definition).__name__ == "NoneEventDefinition"


def test_two_timers_behind_an_event_gateway_share_one_value() -> None:
    """So our event gateway lets each event wait for itself."""
    workflow = stock(EVENTS.replace("PT1H", "'PT2H'", 1), FIRST)
    kept = the(workflow, "G", WAITING).internal_data["event_value"]
    assert isinstance(kept, str) and the(workflow, "G", WAITING).task_spec.event_definition.event_definitions


def test_an_error_fires_every_boundary_event_with_its_code() -> None:
    """So ours goes to the border of the sub-process it was thrown in, and no other."""
    ends = '<endEvent id="{}X"><errorEventDefinition errorRef="R"/></endEvent>'
    catches = '<errorEventDefinition errorRef="R"/>'
    halves = [
        scope(id, task(f"{id}t") + ends.format(id), f"{id}s>{id}t {id}t>{id}X") + boundary(f"{id}b", id, catches) + task(f"{id}l")
        for id in "PO"
    ]
    fork = '<parallelGateway id="G"/><endEvent id="F"/><endEvent id="H"/>'
    workflow = stock(START_END + fork + "".join(halves), "S>G G>P G>O P>E Pb>Pl Pl>F O>E Ob>Ol Ol>H")
    assert "Ol" in open_names(do(workflow, "Pt")), "nothing went wrong in O"


def test_what_is_thrown_and_not_caught_stays_in_the_state() -> None:
    """So the runner takes it out: a case that throws in a loop would grow with every round."""
    throws = '<intermediateThrowEvent id="K"><messageEventDefinition messageRef="M"/></intermediateThrowEvent>'
    assert len(stock(START_END + throws + task("T"), "S>K K>T T>E").bpmn_events) == 1


def test_a_sub_process_that_was_cancelled_from_inside_comes_back_to_life() -> None:
    """So ours does not listen any more once it is cancelled: its token would run on beside the boundary event's."""
    workflow = stock(START_END + scope("P", task("A") + '<endEvent id="e"/>', "Ps>A A>e"), "S>P P>E")
    host = the(workflow, "P", TaskState.STARTED)
    host.cancel()
    workflow.subprocesses[host.id].completed_event(workflow.subprocesses[host.id])
    assert host.has_state(READY)


# joins


def test_a_parallel_join_in_a_loop_counts_an_arrival_of_the_round_before() -> None:
    """So the join is ours: the case would go on without a branch that is still open."""
    nodes = (
        START_END + '<exclusiveGateway id="M"/><parallelGateway id="P"/>' + task("A") + task("B") + '<parallelGateway id="J"/>' + task("C")
    )
    nodes += '<exclusiveGateway id="G" default="G_M"/>'
    workflow = stock(nodes, "S>M M>P P>A P>B A>J B>J J>C C>G G>E[lagi == 0] G>M", lagi=1)
    do(workflow, "A", "B", "C", "B")
    assert open_names(workflow) == {"A", "C"}


def test_the_branch_that_arrives_last_puts_back_what_another_changed() -> None:
    """So our joins take from each branch what it changed: a decision would be undone by whoever is slower."""
    nodes = START_END + task("T") + '<parallelGateway id="P"/>' + task("A") + task("B") + '<parallelGateway id="J"/>' + task("C")
    workflow = do(stock(nodes, "S>T T>P P>A P>B A>J B>J J>C C>E"), "T", ok="mula")
    do(workflow, "A", ok="ya")
    do(workflow, "B")
    assert the(workflow, "C").data["ok"] == "mula"


def test_an_inclusive_join_passes_over_a_branch_in_a_sub_process() -> None:
    """So its waiting is ours too."""
    branch = '<exclusiveGateway id="D" default="D_Z"/>' + scope("P", task("p") + '<endEvent id="e"/>', "Ps>p p>e")
    nodes = INCLUSIVE + branch + '<exclusiveGateway id="M"/>' + "".join(task(id) for id in "XYZ")
    flows = "S>T T>G G>A[a == 1] G>B[b == 1] G>C A>J B>D D>P[b == 1] D>Z Z>M P>M M>X X>Y Y>J C>J J>E"
    workflow = do(stock(nodes, flows), "T", a=1, b=1)
    do(workflow, "A", "B")
    assert any(task.task_spec.name == "J" and task.has_state(TaskState.COMPLETED) for task in workflow.tasks.values())


# many of one


def repeated(**data: Any) -> BpmnWorkflow:
    again = '<exclusiveGateway id="G" default="G_P"/>'
    inside = LIST + '<startEvent id="Ps"/>' + task("A") + '<endEvent id="e"/>'
    inside += '<sequenceFlow id="1" sourceRef="Ps" targetRef="A"/><sequenceFlow id="2" sourceRef="A" targetRef="e"/>'
    nodes = TASK + f'<subProcess id="P">{inside}</subProcess>' + task("C") + again
    return do(stock(nodes, "S>T T>P P>C C>G G>E[lagi == 0] G>P", **data), "T")


def test_a_second_round_of_the_librarys_multi_instance_fails() -> None:
    """So ours does not merge what its repeats know into the whole."""
    workflow = repeated(daftar=["a", "b"], lagi=1)
    do(workflow, "A", "A")
    with pytest.raises(WorkflowDataException, match="already exists"):
        do(workflow, "C")


def test_the_last_repeats_answers_silently_win() -> None:
    workflow = repeated(daftar=["a", "b"], lagi=0)
    do(workflow, "A", ok="ya")
    do(workflow, "A", ok="tidak")
    assert the(workflow, "C").data["ok"] == "tidak"


def test_a_cancelled_repeat_leaves_the_whole_open_for_ever() -> None:
    """So ours counts whatever is finished, and takes back what is inside before it is dropped."""
    workflow = repeated(daftar=["a", "b"], lagi=0)
    child = next(task for task in workflow.tasks.values() if task.task_spec.name == "P [child]" and task.has_state(TaskState.STARTED))
    child.cancel()
    do(workflow, "A")
    assert open_names(workflow) == set() and the(workflow, "P", TaskState.STARTED)


def test_cancelling_the_whole_drops_its_repeats_with_work_left_inside() -> None:
    workflow = repeated(daftar=["a", "b"], lagi=0)
    the(workflow, "P", TaskState.STARTED).cancel()
    left = [task for sub in workflow.subprocesses.values() for task in sub.tasks.values() if task.has_state(READY)]
    assert [task.task_spec.name for task in left] == ["A", "A"]


# parsing


def test_long_chains_recurse() -> None:
    """So a drawing is parsed in a child process, and a chain that is too long is a finding."""
    steps = [f"T{number}" for number in range(700)]
    with pytest.raises((RecursionError, ValidationException)):
        stock(
            START_END + "".join(task(id) for id in steps), " ".join(f"{a}>{b}" for a, b in zip(["S", *steps], [*steps, "E"], strict=True))
        )


def test_a_data_object_that_resolves_nowhere_in_a_sub_process_hangs_the_parser() -> None:
    """So our parser never asks for data objects."""
    association = '<dataInputAssociation id="i"><sourceRef>D</sourceRef><targetRef>t</targetRef></dataInputAssociation>'
    inside = (
        '<startEvent id="s"/><dataObjectReference id="D" dataObjectRef="tiada"/>' + task("A", inside=association) + '<endEvent id="e"/>'
    )
    inside += '<sequenceFlow id="1" sourceRef="s" targetRef="A"/><sequenceFlow id="2" sourceRef="A" targetRef="e"/>'
    with pytest.raises((TimeoutError, ValidationException)) as caught, at_most(0.3):
        stock(START_END + f'<subProcess id="P">{inside}</subProcess>', "S>P P>E")
    assert caught.type is TimeoutError or "TimeoutError" in str(caught.value)


def test_a_data_store_without_a_class_of_its_own_is_refused() -> None:
    """So our parser leaves data stores to people."""
    theirs = BpmnParser()
    root = etree.fromstring(drawing_bytes(TASK, LINE).replace(b"<process ", b'<dataStore id="D" name="Arsip"/><process '))
    with pytest.raises(ValidationException, match="no implementation"):
        theirs.add_bpmn_xml(etree.ElementTree(root), "uji.bpmn")


def test_the_tags_whose_parsers_we_replace_are_the_librarys() -> None:
    """``OVERRIDE_PARSER_CLASSES`` is made from this table; a tag that moved would silently keep the stock parser."""
    bpmn = f"{{{DEFAULT_NSMAP['bpmn']}}}"
    assert {f"{bpmn}{tag}" for tag in parser._OURS} <= BpmnParser.PARSER_CLASSES.keys()


# code


def test_loading_a_state_brings_the_librarys_own_engine_back() -> None:
    """So ``memory.load`` is the only caller, and puts ours in at once; and theirs is disabled at import, in case it is forgotten."""
    loaded = BpmnWorkflowSerializer().from_dict(saved(stock(TASK, LINE)))
    assert type(loaded.script_engine) is PythonScriptEngine and type(loaded.script_engine.environment) is TaskDataEnvironment
    with pytest.raises(Exception, match="tidak dijalankan"):
        loaded.script_engine.environment.evaluate("1", {})


# state


def test_task_ids_survive_being_written() -> None:
    """They are our primary keys and stand in addresses."""
    workflow = stock(TASK, LINE)
    assert BpmnWorkflowSerializer().from_dict(saved(workflow)).tasks.keys() == workflow.tasks.keys()


def test_a_state_holds_the_whole_spec() -> None:
    """So ours is written without it: of a real drawing it is ten of fourteen kilobytes."""
    held = saved(stock(TASK, LINE))
    assert 2 * len(json.dumps(held["spec"])) > len(json.dumps({**held, "spec": None})) and "task_specs" in held["spec"]


def test_loading_changes_what_it_is_given() -> None:
    """So nothing that was loaded is kept for another time."""
    held = saved(stock(TASK, LINE))
    before = copy.deepcopy(held)
    BpmnWorkflowSerializer().from_dict(held)
    assert held != before


@pytest.mark.parametrize("value", [date(2026, 3, 12), Decimal("1.5")])
def test_dates_and_decimals_cannot_be_written(value: object) -> None:
    """So only text, numbers, booleans and lists of them enter engine data."""
    with pytest.raises(TypeError):
        saved(stock(TASK, LINE, x=value))


def test_a_value_with_a_typename_makes_the_case_unloadable() -> None:
    """So no mapping that somebody posted enters engine data."""
    held = saved(stock(TASK, LINE, x={"typename": "x"}))
    with pytest.raises((KeyError, TypeError, AttributeError)):
        BpmnWorkflowSerializer().from_dict(held)


def test_pruning_what_is_predicted_ends_in_silence() -> None:
    """So nothing that lies ahead is left out of a state."""
    workflow = stock(START_END + task("T") + task("U"), "S>T T>U U>E")
    for child in list(the(workflow, "T").children):
        workflow._remove_task(child.id)
    do(workflow, "T")
    assert open_names(workflow) == set()


def test_a_state_of_an_unknown_version_loads_without_a_word() -> None:
    """So the envelope has a version of its own and accepts exactly one."""
    serializer = BpmnWorkflowSerializer()
    held = json.loads(serializer.serialize_json(stock(TASK, LINE)))
    held["serializer_version"] = "9.9"
    assert serializer.deserialize_json(json.dumps(held)) is not None


def test_each_timer_says_what_it_is_after_loading() -> None:
    """Ours is put back with the spec, by name: the state holds no event definitions of its own."""
    workflow = stock(START_END + event("W", AFTER) + task("T"), "S>W W>T T>E")
    loaded = BpmnWorkflowSerializer().from_dict(saved(workflow))
    assert [task.task_spec.name for task in loaded.event_manager.tasks.values()] == ["W"]
