"""What the engine does with the shipped drawing and with small ones: rounds, sizes, faults, timers."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

import pytest

from app import engine
from app.config import ROOT
from app.engine import Advance
from app.engine.state import Place, seal, unseal
from app.errors import EngineFault
from app.keys import Keys
from app.models import Definition
from tests.support.drawings import drawing
from tests.support.office import DECISIONS

LAKIP = Definition(digest="lakip", file="sop_02_lakip.bpmn", bpmn=(ROOT / "bpmn" / "sop_02_lakip.bpmn").read_bytes())
KEYS = Keys("k1", {"k1": b"1" * 32}, "s")


def go(advance: Advance, decision: str = "ya", items: int = 2) -> Advance:
    """Complete the one open task with a decision (and, for Task_4a, a list of OPD)."""
    (task,) = advance.opened
    variables: dict[str, object] = {}
    if task.element in DECISIONS:
        variables[DECISIONS[task.element]] = decision
    if task.element == "Task_4a":
        variables = {"daftar_opd": [f"opd_{n}" for n in range(items)], "batas_waktu_opd": "2026-03-12"}
    return engine.complete(LAKIP, advance.state, task.task, variables)


def walk(items: int = 2) -> Iterator[Advance]:
    advance = engine.start(LAKIP, {})
    while not advance.finished:
        yield advance
        advance = go(advance, items=items)
    yield advance


def until(element: str) -> Advance:
    return next(advance for advance in walk() if advance.opened and advance.opened[0].element == element)


def test_400_rounds_of_tidak_stay_flat_and_go_on() -> None:
    """The library alone stops finding the task at about 330 rounds (engine: TaskIterator)."""
    advance = until("Task_4b")
    first = len(advance.state)
    for _ in range(400):
        advance = go(go(advance, "tidak"))
    assert advance.opened[0].element == "Task_4b" and advance.opened[0].round == 401
    assert len(advance.state) <= 1.3 * first
    while not advance.finished:
        advance = go(advance)


def test_state_stays_under_8_kilobytes_at_every_step() -> None:
    sizes = {advance.opened[0].element if advance.opened else "selesai": len(advance.state) for advance in walk()}
    assert max(sizes.values()) <= 8 * 1024, sizes


def test_state_does_not_hold_the_spec() -> None:
    assert b"task_specs" not in until("Task_4b").state


def test_a_fan_out_of_1000_is_one_engine_task() -> None:
    advance = next(found for found in walk(items=1000) if found.opened and found.opened[0].element == "Task_7b")
    assert advance.opened[0].items is not None and len(advance.opened[0].items) == 1000
    assert go(advance).opened[0].element == "Task_8"


def test_a_missing_decision_returns_the_document() -> None:
    advance = until("Task_4b")
    assert go(go(advance)).opened  # ya: passes
    returned = engine.complete(LAKIP, advance.state, advance.opened[0].task, {"keputusan_kabag": None})
    assert returned.opened[0].element == "Task_4a"


def test_each_step_names_the_flows_it_left_by() -> None:
    advance = go(until("Task_4b"), "tidak")
    assert [(step.element, step.flows) for step in advance.steps] == [("Task_4b", ("Flow_4b_Gw_4",)), ("Gw_4", ("Flow_Gw_4_tidak",))]


def test_a_finished_or_unknown_task_is_a_fault() -> None:
    advance = until("Task_4b")
    later = go(advance)
    for task in (advance.opened[0].task, uuid4()):
        with pytest.raises(EngineFault):
            engine.complete(LAKIP, later.state, task, {})


@pytest.mark.parametrize("variables", [{"nama": "x"}, {"keputusan_kabag": {"typename": "x"}}, {"keputusan_kabag": [{"a": 1}]}])
def test_only_simple_values_the_drawing_reads_enter(variables: dict[str, object]) -> None:
    advance = until("Task_4b")
    with pytest.raises(EngineFault):
        engine.complete(LAKIP, advance.state, advance.opened[0].task, variables)


@pytest.mark.parametrize("items", [None, [], ["a", "a"], "dinas"])
def test_a_fan_out_over_no_proper_list_is_a_fault(items: object) -> None:
    advance = until("Task_4a")
    advance = engine.complete(LAKIP, advance.state, advance.opened[0].task, {"daftar_opd": items, "batas_waktu_opd": "2026-03-12"})
    with pytest.raises(EngineFault):
        while True:
            advance = go(advance)


def test_an_automatic_loop_is_a_fault_and_not_a_hang() -> None:
    loop = drawing(
        nodes='<startEvent id="S"/><userTask id="T" name="T"/><exclusiveGateway id="G" default="out"/>'
        '<exclusiveGateway id="H"/><endEvent id="E"/>',
        flows="S>T T>G G>E=out G>H[${1 == 1}] H>G",
    )
    advance = engine.start(loop, {})
    with pytest.raises(EngineFault, match="berputar"):
        engine.complete(loop, advance.state, advance.opened[0].task, {})


def test_a_gateway_without_a_way_out_is_a_fault_that_names_it() -> None:
    stuck = drawing(
        nodes='<startEvent id="S"/><userTask id="T" name="T"/><exclusiveGateway id="G"/><endEvent id="E"/><endEvent id="F"/>',
        flows="S>T T>G G>E[${x == 1}] G>F[${x == 2}]",
    )
    advance = engine.start(stuck, {})
    with pytest.raises(EngineFault):
        engine.complete(stuck, advance.state, advance.opened[0].task, {"x": 3})


def test_a_parallel_split_opens_both_and_waits_for_both() -> None:
    both = drawing(
        nodes='<startEvent id="S"/><parallelGateway id="P"/><userTask id="A" name="A"/><userTask id="B" name="B"/>'
        '<parallelGateway id="J"/><endEvent id="E"/>',
        flows="S>P P>A P>B A>J B>J J>E",
    )
    advance = engine.start(both, {})
    assert {task.element for task in advance.opened} == {"A", "B"}
    first, second = advance.opened
    half = engine.complete(both, advance.state, first.task, {})
    assert not half.finished and not half.opened
    whole = engine.complete(both, half.state, second.task, {})
    assert whole.finished


def test_a_timer_waits_for_the_app_and_not_for_the_clock() -> None:
    """A date long past does not fire by itself: whether it is due is the app's business."""
    timed = drawing(
        nodes='<startEvent id="S"/><intermediateCatchEvent id="W"><timerEventDefinition><timeDate>2001-01-01</timeDate>'
        '</timerEventDefinition></intermediateCatchEvent><userTask id="T" name="T"/><endEvent id="E"/>',
        flows="S>W W>T T>E",
    )
    advance = engine.start(timed, {})
    assert [(timer.element, timer.kind, timer.value) for timer in advance.timers] == [("W", "date", "2001-01-01")]
    fired = engine.fire(timed, advance.state, advance.timers[0].task)
    assert [task.element for task in fired.opened] == ["T"] and advance.timers[0].task in fired.closed
    with pytest.raises(EngineFault):
        engine.fire(timed, fired.state, advance.timers[0].task)


def test_an_interrupting_boundary_timer_closes_the_task_it_sits_on() -> None:
    timed = drawing(
        nodes='<startEvent id="S"/><userTask id="T" name="T"/><boundaryEvent id="B" attachedToRef="T"><timerEventDefinition>'
        "<timeDuration>PT1H</timeDuration></timerEventDefinition></boundaryEvent>"
        '<userTask id="L" name="L"/><endEvent id="E"/><endEvent id="F"/>',
        flows="S>T T>E B>L L>F",
    )
    advance = engine.start(timed, {})
    fired = engine.fire(timed, advance.state, advance.timers[0].task)
    assert advance.opened[0].task in fired.closed
    assert [task.element for task in fired.opened] == ["L"]
    assert engine.complete(timed, fired.state, fired.opened[0].task, {}).finished


def test_completing_the_task_stops_its_boundary_timer() -> None:
    timed = drawing(
        nodes='<startEvent id="S"/><userTask id="T" name="T"/><boundaryEvent id="B" attachedToRef="T"><timerEventDefinition>'
        "<timeDuration>PT1H</timeDuration></timerEventDefinition></boundaryEvent><endEvent id='E'/><endEvent id='F'/>",
        flows="S>T T>E B>F",
    )
    advance = engine.start(timed, {})
    done = engine.complete(timed, advance.state, advance.opened[0].task, {})
    assert done.finished and advance.timers[0].task in done.closed


def test_an_embedded_sub_process_runs_and_returns() -> None:
    nested = drawing(
        nodes='<startEvent id="S"/><subProcess id="P" name="P"><startEvent id="s"/><userTask id="t" name="t"/><endEvent id="e"/>'
        '<sequenceFlow id="f1" sourceRef="s" targetRef="t"/><sequenceFlow id="f2" sourceRef="t" targetRef="e"/></subProcess>'
        '<userTask id="T" name="T"/><endEvent id="E"/>',
        flows="S>P P>T T>E",
    )
    advance = engine.start(nested, {})
    inner = engine.complete(nested, advance.state, advance.opened[0].task, {})
    assert [task.element for task in inner.opened] == ["T"]
    assert ("P", ("P_T",)) in [(step.element, step.flows) for step in inner.steps]


def test_a_sealed_state_opens_only_at_its_place() -> None:
    place, payload = Place(7, "d", 3), until("Task_4b").state
    blob = seal(payload, place, KEYS)
    assert unseal(blob, place, KEYS) == payload
    for other in (Place(8, "d", 3), Place(7, "e", 3), Place(7, "d", 4)):
        with pytest.raises(engine.StateRejected):
            unseal(blob, other, KEYS)


@pytest.mark.parametrize("at", [0, 6, 40, 60, -1])
def test_one_flipped_byte_is_rejected(at: int) -> None:
    blob = bytearray(seal(b'{"a": 1}', Place(1, "d", 1), KEYS))
    blob[at] ^= 1
    with pytest.raises(engine.StateRejected):
        unseal(bytes(blob), Place(1, "d", 1), KEYS)


@pytest.mark.parametrize("blob", [b"", b"ALUR1", b"x" * 200])
def test_garbage_is_rejected(blob: bytes) -> None:
    with pytest.raises(engine.StateRejected):
        unseal(blob, Place(1, "d", 1), KEYS)
