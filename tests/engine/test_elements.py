"""Each kind of step and event, run through the engine: what opens, what closes, which flows were taken, and what ends it."""

from __future__ import annotations

import pytest

from app import engine
from app.engine import Advance
from app.errors import EngineFault
from app.models import Definition
from tests.support.drawings import drawing

START_END = '<startEvent id="S"/><endEvent id="E"/>'
AFTER = "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>"
MESSAGES = '<message id="M" name="Jawaban"/><message id="N" name="Penolakan"/><error id="R" name="Gagal" errorCode="gagal"/>'


def task(id: str, tag: str = "userTask", inside: str = "") -> str:
    return f'<{tag} id="{id}" name="{id}">{inside}</{tag}>'


def scope(id: str, nodes: str, flows: str, more: str = "", start: str | None = None) -> str:
    """A sub-process: its start is <id>s."""
    arrows = "".join(
        f'<sequenceFlow id="{id}_{arrow.replace(">", "_")}" sourceRef="{arrow.split(">")[0]}" targetRef="{arrow.split(">")[1]}"/>'
        for arrow in flows.split()
    )
    return f'<subProcess id="{id}" name="{id}">{more}<startEvent id="{id}s"/>{nodes}{arrows}</subProcess>'


def boundary(id: str, host: str, inside: str = AFTER, more: str = "") -> str:
    return f'<boundaryEvent id="{id}" attachedToRef="{host}" {more}>{inside}</boundaryEvent>'


def event(id: str, inside: str = AFTER) -> str:
    return f'<intermediateCatchEvent id="{id}" name="{id}">{inside}</intermediateCatchEvent>'


def with_roots(made: Definition) -> Definition:
    bpmn = made.bpmn.replace(b"<process ", MESSAGES.encode() + b"<process ")
    return Definition(digest=made.digest + "m", file=made.file, bpmn=bpmn)


class Case:
    """One case on its way: what is open by element (and item), saved and loaded before every move as the app does."""

    def __init__(self, definition: Definition, **variables: object) -> None:
        self.definition = definition
        self.open: dict[tuple[str, str | None], engine.Opened] = {}
        self.timers: dict[str, engine.WaitingTimer] = {}
        self.steps: list[str] = []
        self.flows: list[str] = []
        self.take(engine.start(definition, variables))

    def take(self, advance: Advance) -> None:
        self.state, self.finished = advance.state, advance.finished
        self.open = {key: one for key, one in self.open.items() if one.task not in advance.closed}
        self.timers = {key: one for key, one in self.timers.items() if one.task not in advance.closed}
        self.open |= {(one.element, one.within): one for one in advance.opened}
        self.timers |= {one.element: one for one in advance.timers}
        self.steps += [step.element for step in advance.steps]
        self.flows += [flow for step in advance.steps for flow in step.flows]
        held = engine.open_tasks(self.definition, self.state)
        assert held == {one.task for one in self.open.values()}  # no row without work, no work without a row

    def do(self, element: str, within: str | None = None, **variables: object) -> Case:
        self.take(engine.complete(self.definition, self.state, self.open[element, within].task, variables))
        return self

    def fire(self, element: str) -> Case:
        self.take(engine.fire(self.definition, self.state, self.timers[element].task))
        return self

    @property
    def names(self) -> set[str]:
        return {element for element, _within in self.open}


@pytest.mark.parametrize("tag", ["task", "manualTask"])
def test_a_manual_step_waits_for_somebody_to_say_it_is_done(tag: str) -> None:
    case = Case(drawing(START_END + task("T", tag), "S>T T>E"))
    assert case.names == {"T"} and not case.finished
    assert case.do("T").finished and case.steps == ["S", "T", "E"]


def test_a_send_task_completes_itself() -> None:
    case = Case(drawing(START_END + task("T") + task("K", "sendTask"), "S>T T>K K>E"))
    assert case.do("T").finished and case.steps == ["S", "T", "K", "E"]


INCLUSIVE = (
    START_END + task("T") + '<inclusiveGateway id="G" default="G_C"/>' + task("A") + task("B") + task("C") + '<inclusiveGateway id="J"/>'
)
ANY = "S>T T>G G>A[${a == 1}] G>B[${b == 1}] G>C A>J B>J C>J J>E"


@pytest.mark.parametrize(("a", "b", "opened"), [(1, 0, {"A"}), (0, 1, {"B"}), (1, 1, {"A", "B"}), (0, 0, {"C"})])
def test_an_inclusive_gateway_opens_each_way_that_holds_and_waits_for_those(a: int, b: int, opened: set[str]) -> None:
    case = Case(drawing(INCLUSIVE, ANY)).do("T", a=a, b=b)
    assert case.names == opened
    assert {flow for flow in case.flows if flow.startswith("G_")} == {f"G_{element}" for element in opened}
    for element in sorted(opened):
        assert not case.finished
        case.do(element)
    assert case.finished and case.steps.count("J") == 1


EVENTS = START_END + '<eventBasedGateway id="G"/>' + event("W") + event("V") + task("A") + task("B") + '<exclusiveGateway id="J"/>'
FIRST = "S>G G>W G>V W>A V>B A>J B>J J>E"


@pytest.mark.parametrize(("happens", "leads_to", "other"), [("W", "A", "V"), ("V", "B", "W")])
def test_the_first_of_two_events_ends_the_other(happens: str, leads_to: str, other: str) -> None:
    case = Case(drawing(EVENTS, FIRST))
    assert set(case.timers) == {"W", "V"}
    case.fire(happens)
    assert case.names == {leads_to} and not case.timers
    assert f"G_{happens}" in case.flows and f"G_{other}" not in case.flows
    assert case.do(leads_to).finished


def test_a_message_is_somebodys_to_record() -> None:
    inside = '<messageEventDefinition messageRef="M"/>'
    case = Case(with_roots(drawing(START_END + event("W", inside) + task("T"), "S>W W>T T>E")))
    assert case.names == {"W"}
    assert case.do("W").names == {"T"} and "W" in case.steps


def test_a_receive_task_waits_for_its_message() -> None:
    case = Case(drawing(START_END + task("R", "receiveTask"), "S>R R>E"))
    assert case.names == {"R"} and case.do("R").finished


def test_a_message_or_a_deadline_whichever_comes_first() -> None:
    inside = '<messageEventDefinition messageRef="M"/>'
    nodes = START_END + '<eventBasedGateway id="G"/>' + event("W", inside) + event("V") + task("A") + task("B") + '<endEvent id="F"/>'
    made = with_roots(drawing(nodes, "S>G G>W G>V W>A V>B A>E B>F"))
    assert Case(made).do("W").names == {"A"} and not Case(made).do("W").timers
    assert Case(made).fire("V").names == {"B"}


def test_a_message_thrown_in_the_same_case_is_caught_without_anybody() -> None:
    waits = event("W", '<messageEventDefinition messageRef="M"/>')
    throws = '<intermediateThrowEvent id="K"><messageEventDefinition messageRef="M"/></intermediateThrowEvent>'
    fork = '<parallelGateway id="P"/><parallelGateway id="J"/>'
    case = Case(with_roots(drawing(START_END + fork + task("A") + throws + waits + task("B"), "S>P P>A A>K K>J P>W W>B B>J J>E")))
    assert case.names == {"A", "W"}
    assert case.do("A").names == {"B"} and case.do("B").finished


def test_a_message_nobody_waits_for_passes_and_leaves_nothing_in_the_state() -> None:
    throws = '<intermediateThrowEvent id="K"><messageEventDefinition messageRef="M"/></intermediateThrowEvent>'
    case = Case(with_roots(drawing(START_END + throws + task("A"), "S>K K>A A>E")))
    assert b"MessageEventDefinition" not in case.state and case.do("A").finished


def failing(more: str = "", cancel: str = "", kind: str = "error", ref: str = 'errorRef="R"') -> Definition:
    """Two tasks side by side in a sub-process; one of them ends it with an error."""
    inside = '<parallelGateway id="Q"/>' + task("A") + task("B") + f'<endEvent id="X"><{kind}EventDefinition {ref}/></endEvent>'
    inside += '<endEvent id="Y"/>'
    nodes = START_END + scope("P", inside, "Ps>Q Q>A Q>B A>X B>Y") + boundary("C", "P", f"<{kind}EventDefinition {ref}/>", cancel)
    return with_roots(drawing(nodes + more + task("L") + '<endEvent id="F"/>', "S>P P>E C>L L>F"))


def test_an_error_end_leaves_by_its_boundary_event_and_by_no_other_way() -> None:
    case = Case(failing())
    assert case.names == {"A", "B"}
    assert case.do("A").names == {"L"} and "P" not in case.steps  # B is closed with the sub-process
    assert case.do("L").finished and "E" not in case.steps


def test_an_error_is_caught_where_it_was_thrown_and_not_beside_it() -> None:
    """The library fires every boundary event with this code in the scope."""
    ends = '<endEvent id="{}X"><errorEventDefinition errorRef="R"/></endEvent>'
    catches = '<errorEventDefinition errorRef="R"/>'
    halves = [
        scope(id, task(f"{id}t") + ends.format(id), f"{id}s>{id}t {id}t>{id}X") + boundary(f"{id}b", id, catches) + task(f"{id}l")
        for id in "PO"
    ]
    fork = '<parallelGateway id="G"/><parallelGateway id="J"/><exclusiveGateway id="K"/><exclusiveGateway id="L"/>'
    made = with_roots(drawing(START_END + fork + "".join(halves), "S>G G>P G>O P>K Pb>Pl Pl>K K>J O>L Ob>Ol Ol>L L>J J>E"))
    case = Case(made).do("Pt")
    assert case.names == {"Pl", "Ot"}
    case.do("Ot").do("Pl").do("Ol")
    assert case.finished


def test_an_escalation_beside_the_sub_process_lets_it_go_on() -> None:
    case = Case(failing(cancel='cancelActivity="false"', kind="escalation", ref=""))
    assert case.do("A").names == {"B", "L"}
    assert case.do("B").names == {"L"} and not case.finished
    assert case.do("L").finished and {"E", "F"} <= set(case.steps)


def test_an_escalation_that_interrupts_ends_the_sub_process() -> None:
    case = Case(failing(kind="escalation", ref=""))
    assert case.do("A").names == {"L"} and case.do("L").finished


def test_a_terminating_end_of_a_sub_process_ends_only_that() -> None:
    inside = '<parallelGateway id="Q"/>' + task("A") + task("B") + '<endEvent id="X"><terminateEventDefinition/></endEvent>'
    nodes = START_END + scope("P", inside + '<endEvent id="Y"/>', "Ps>Q Q>A Q>B A>X B>Y") + task("T")
    case = Case(drawing(nodes, "S>P P>T T>E"))
    assert case.do("A").names == {"T"} and case.do("T").finished


REPEAT = '<multiInstanceLoopCharacteristics camunda:collection="daftar" camunda:elementVariable="opd" {}/>'


def repeated(more: str = "", beside: str = "", flows: str = "") -> Definition:
    inside = task("A") + '<exclusiveGateway id="G" default="G_A"/>' + task("B") + '<endEvent id="e"/>'
    one = scope("P", inside, "Ps>A A>G B>e", REPEAT.format(more))
    one = one.replace(
        "</subProcess>",
        '<sequenceFlow id="G_A" sourceRef="G" targetRef="A"/><sequenceFlow id="G_B" sourceRef="G" targetRef="B">'
        "<conditionExpression>${ok == 'ya'}</conditionExpression></sequenceFlow></subProcess>",
    )
    again = '<exclusiveGateway id="D" default="D_P"/>'
    return drawing(START_END + one + task("T") + again + beside, "S>T T>P P>D D>E[${lagi == 'tidak'}] D>P " + flows)


def test_a_sub_process_is_repeated_for_every_item_side_by_side() -> None:
    case = Case(repeated()).do("T", daftar=["a", "b", "c"], lagi="tidak")
    assert set(case.open) == {("A", "a"), ("A", "b"), ("A", "c")}
    case.do("A", "b", ok="tidak")  # one returns for itself
    assert case.open["A", "b"].round == 2 and case.open["A", "a"].round == 1
    for item in "abc":
        case.do("A", item, ok="ya")
    for item in "abc":
        assert not case.finished
        case.do("B", item)
    assert case.finished and case.steps.count("P") == 1


def test_what_one_repeat_answers_steers_no_other_and_not_the_whole() -> None:
    case = Case(repeated()).do("T", daftar=["a", "b"], lagi="ya", ok="semula")
    case.do("A", "a", ok="ya").do("A", "b", ok="tidak")
    assert set(case.open) == {("B", "a"), ("A", "b")}
    case.do("A", "b", ok="ya").do("B", "a").do("B", "b")
    assert set(case.open) == {("A", "a"), ("A", "b")}, "a second round begins anew"
    assert case.open["A", "a"].round == 2


def test_a_sub_process_is_repeated_in_turn() -> None:
    case = Case(repeated('isSequential="true"')).do("T", daftar=["a", "b"], lagi="tidak")
    assert set(case.open) == {("A", "a")}
    case.do("A", "a", ok="ya").do("B", "a")
    assert set(case.open) == {("A", "b")}
    assert case.do("A", "b", ok="ya").do("B", "b").finished


@pytest.mark.parametrize("sequential", ["", 'isSequential="true"'])
def test_a_deadline_ends_every_repeat(sequential: str) -> None:
    made = repeated(sequential, boundary("W", "P") + task("L") + '<endEvent id="F"/>', "W>L L>F")
    case = Case(made).do("T", daftar=["a", "b", "c"], lagi="tidak").do("A", "a", ok="ya")
    assert case.fire("W").names == {"L"} and case.do("L").finished


def test_an_error_in_one_repeat_ends_them_all() -> None:
    inside = task("A") + '<endEvent id="X"><errorEventDefinition errorRef="R"/></endEvent>'
    nodes = START_END + scope("P", inside, "Ps>A A>X", REPEAT.format("")) + boundary("C", "P", '<errorEventDefinition errorRef="R"/>')
    case = Case(with_roots(drawing(nodes + task("L") + '<endEvent id="F"/>', "S>P P>E C>L L>F")), daftar=["a", "b"])
    assert case.do("A", "b").names == {"L"} and case.do("L").finished


@pytest.mark.parametrize("items", [None, [], ["a", "a"], "a", [str(number) for number in range(101)]])
def test_a_repeat_over_no_proper_list_is_a_fault(items: object) -> None:
    with pytest.raises(EngineFault, match="Daftar"):
        Case(repeated()).do("T", daftar=items)


def test_hundred_repeats_stay_within_the_budget() -> None:
    case = Case(repeated()).do("T", daftar=[f"opd_{number}" for number in range(100)], lagi="tidak")
    assert len(case.open) == 100


def joining_in_a_loop() -> Case:
    """A fork and its join in a loop, while a reminder of an earlier round is still open beside it."""
    nodes = START_END + '<exclusiveGateway id="M"/>' + task("T") + boundary("W", "T", more='cancelActivity="false"') + task("R")
    nodes += '<endEvent id="F"/><parallelGateway id="P"/>' + task("A") + task("B") + '<parallelGateway id="J"/>' + task("C")
    nodes += '<exclusiveGateway id="G" default="G_M"/>'
    case = Case(drawing(nodes, "S>M M>T W>R R>F T>P P>A P>B A>J B>J J>C C>G G>E[${lagi == 'tidak'}] G>M"))
    return case.fire("W").do("T").do("A").do("B").do("C", lagi="ya").do("T")


@pytest.mark.parametrize(("first", "second"), ["AB", "BA"])
def test_a_join_in_a_loop_waits_for_both_ways_in_every_round(first: str, second: str) -> None:
    """The library counts an arrival of the round before, and goes on without the other branch."""
    case = joining_in_a_loop().do(first)
    assert case.names == {second, "R"}
    assert case.do(second).names == {"C", "R"} and case.do("C", lagi="tidak").do("R").finished


@pytest.mark.parametrize("gateway", ["parallelGateway", "inclusiveGateway"])
@pytest.mark.parametrize("order", ["AB", "BA"])
def test_what_one_branch_changed_is_not_put_back_by_the_other(gateway: str, order: str) -> None:
    """The library lets the branch that arrives last win, also with what it never touched."""
    conditions = ("[${ok == 'mula'}]", "[${ok != 'lain'}]") if gateway == "inclusiveGateway" else ("", "")
    nodes = START_END + task("T") + f'<{gateway} id="P"/>' + task("A") + task("B") + f'<{gateway} id="J"/>' + task("C")
    nodes += '<exclusiveGateway id="G" default="G_C"/>'
    flows = f"S>T T>P P>A{conditions[0]} P>B{conditions[1]} A>J B>J J>G G>E[${{ok == 'ya'}}] G>C C>G"
    case = Case(drawing(nodes, flows)).do("T", ok="mula")
    for element in order:
        case.do(element, **({"ok": "ya"} if element == "A" else {}))
    assert case.finished, case.names


def test_a_reminder_that_ends_last_puts_nothing_back() -> None:
    inside = task("T") + boundary("W", "T", more='cancelActivity="false"') + task("R") + '<endEvent id="x"/><endEvent id="y"/>'
    nodes = START_END + scope("P", inside, "Ps>T T>x W>R R>y") + '<exclusiveGateway id="G" default="G_C"/>' + task("C")
    case = Case(drawing(nodes, "S>P P>G G>E[${ok == 'ya'}] G>C C>G"), ok="tidak")
    assert case.fire("W").do("T", ok="ya").do("R").finished, case.names
