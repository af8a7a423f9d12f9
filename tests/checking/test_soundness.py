"""Flows that can stand still, run twice or leave a step out; and good ones, also those the analyser cannot take as drawn."""

from __future__ import annotations

from pathlib import Path

import pytest
import rust_bpmn_analyzer_bindings as analyzer

from app.checking import soundness
from app.checking.bundle import Bundle, read_bundle
from app.checking.verdict import stages
from app.config import ROOT
from app.errors import Finding
from tests.definitions.test_rules import GOOD, SHIPPED
from tests.support.bundles import END, START, YES, bundle, task, timer

FORK = '<parallelGateway id="P" name="Bersama"/>'
CHOICE = '<exclusiveGateway id="X" name="Perlu?" default="X_B"/>'
TWO = task("A", "Menyusun") + task("B", "Menelaah")


def found(made: Bundle) -> tuple[Finding, ...]:
    """Of the drawing's rules there is no error; so what remains is its soundness."""
    told = dict(stages(made))
    assert not [finding for finding in told["rules"] if finding.severity == "error"], told["rules"]
    return told["soundness"]


def drawn(inside: str, flows: str, refs: str) -> Bundle:
    return bundle(START + inside + END, flows, refs)


DEADLOCK = drawn(CHOICE + TWO + FORK, f"S>X X>A{YES} X>B A>P B>P P>E", "S X A B P E")
TWICE = drawn(
    FORK + TWO + '<exclusiveGateway id="M" name="Gabung"/>' + task("C", "Mengirim"), "S>P P>A P>B A>M B>M M>C C>E", "S P A B M C E"
)
# Behind the join, which always waits for a way that is never taken together, lies a step nobody will ever do.
DEAD = drawn(
    CHOICE + TWO + FORK + task("C", "Mengarsipkan") + '<exclusiveGateway id="Y" name="Lanjut?" default="Y_P"/>'
    '<endEvent id="F" name="Batal"/>',
    f"S>X X>A{YES} X>B A>P B>Y Y>F{YES} Y>P P>C C>E", "S X A B P C Y E F",
)  # fmt: skip


def test_a_deadlock_names_where_it_stands_still() -> None:
    (finding,) = [one for one in found(DEADLOCK) if one.rule == "macet"]
    assert finding.severity == "error" and finding.element in {"A_P", "B_P"} and finding.message.startswith("Pelaksanaan dapat macet di")


def test_a_lack_of_synchronization_names_the_arrows_behind_it() -> None:
    (finding,) = found(TWICE)
    assert (finding.rule, finding.severity, finding.element) == ("sinkron", "error", "M_C")


def test_a_step_behind_a_join_that_never_opens_is_not_reported_beside_the_deadlock() -> None:
    assert [finding.rule for finding in found(DEAD)] == ["macet"]


def test_a_dead_step_is_named() -> None:
    """The rules about reachability find the ordinary ones first; the analyser is asked here alone."""
    net = soundness._Net()
    elements = list(_subject(DEADLOCK).drawing.elements.values())
    start, end = (net.node(tag, elements[0]) for tag in ("startEvent", "endEvent"))
    alone = net.node("task", elements[2])
    net.arrow(start, end, elements[0])
    net.arrow(alone, end, elements[2])
    (finding,) = soundness._analyse(_subject(DEADLOCK), net)
    assert (finding.rule, finding.element) == ("langkah-mati", "A")


def test_tokens_without_end_are_told_at_once() -> None:
    """A fork inside a ring makes more and more of them."""
    endless = drawn('<exclusiveGateway id="M" name="Gabung"/>' + task("A", "Menyusun") + FORK, "S>M M>A A>P P>E P>M", "S M A P E")
    assert [finding.rule for finding in found(endless)] == ["sinkron"]


def test_an_end_reached_twice() -> None:
    twice = drawn(FORK + TWO, "S>P P>A P>B A>E B>E", "S P A B E")
    assert [finding.rule for finding in found(twice)] == ["selesai-ganda"]


@pytest.mark.parametrize("inside", [timer("P3D")])
@pytest.mark.parametrize("cancel", ["true", "false"])
def test_boundary_events_are_taken_apart(inside: str, cancel: str) -> None:
    """Beside an interrupting deadline everything ends once; beside a reminder the host goes on, so its way has an end of its own."""
    event = f'<boundaryEvent id="W" name="Lewat" attachedToRef="A" cancelActivity="{cancel}">{inside}</boundaryEvent>'
    made = drawn(task("A", "Menyusun") + event + task("B", "Mengingatkan") + '<endEvent id="F" name="Diingatkan"/>',
                 "S>A A>E W>B B>F", "S A W B E F")  # fmt: skip
    assert found(made) == ()


def test_a_deadline_that_joins_what_it_interrupted_stands_still() -> None:
    event = f'<boundaryEvent id="W" name="Lewat" attachedToRef="A">{timer("P3D")}</boundaryEvent>'
    made = drawn(task("A", "Menyusun") + event + FORK, "S>A A>P W>P P>E", "S A W P E")
    assert [finding.rule for finding in found(made)] == ["macet"]


def test_a_sub_process_is_analysed_by_itself() -> None:
    inside = DEADLOCK.bpmn.decode()
    flows = inside[inside.index("<sequenceFlow") : inside.index("</process>")]
    parts = '<startEvent id="S" name="Mulai"/>' + CHOICE + TWO + FORK + END + flows
    made = bundle(
        START.replace('"S"', '"S0"') + f'<subProcess id="U" name="Bagian">{parts}</subProcess>' + END.replace('"E"', '"E0"'),
        "S0>U U>E0", "S0 U E0",
    )  # fmt: skip
    assert [finding.rule for finding in found(made)] == ["macet"]


@pytest.mark.parametrize("name", [name for name in GOOD if name != "a terminating end"])
def test_good_drawings_are_sound(name: str) -> None:
    assert found(GOOD[name][1]) == ()


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_the_shipped_drawings_are_sound_and_linted(path: Path) -> None:
    told = dict(stages(read_bundle(path, ROOT / "forms")))
    assert (told["lint"], told["soundness"]) == ((), ())


def test_an_analyser_that_panics_is_told_honestly() -> None:
    """A panic in Rust is no Exception; the library panics on boundary events as they are drawn."""
    event = f'<boundaryEvent id="W" attachedToRef="A">{timer("P3D")}</boundaryEvent>'
    raw = drawn(task("A", "Menyusun") + event, "S>A A>E W>E", "S A W E").bpmn.decode()
    with pytest.raises(soundness.Unanalysed, match="terhenti"):
        soundness._ask(analyzer.analyze_safeness, raw)


def _subject(made: Bundle) -> soundness.Subject:
    from app.checking.verdict import _subject

    subject = _subject(made, None, [])
    assert subject is not None
    return subject
