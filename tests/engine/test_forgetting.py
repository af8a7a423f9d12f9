"""A case that goes round and round: its state stays flat, its task is always found, and before the library could lose it, it stops."""

from __future__ import annotations

import pytest

from app import engine
from app.engine.runner import MAX_DEPTH
from app.errors import EngineFault
from app.models import Definition
from tests.engine.test_elements import START_END, boundary, scope, task
from tests.support.drawings import drawing
from tests.support.figures import Figure

ROUND = '<exclusiveGateway id="{0}G" default="{0}b"/>'
ARROWS = '<sequenceFlow id="{0}b" sourceRef="{0}G" targetRef="{0}T"/><sequenceFlow id="{0}y" sourceRef="{0}G" targetRef="{0}e">'
ASKED = "<conditionExpression>${ok == 'ya'}</conditionExpression></sequenceFlow>"


def round_and_round(id: str) -> str:
    """T, a gateway, and “tidak” back to T."""
    return task(f"{id}T") + ROUND.format(id) + f'<endEvent id="{id}e"/>' + ARROWS.format(id) + ASKED


PLAIN = drawing(START_END.replace('<endEvent id="E"/>', "") + round_and_round(""), "S>T T>G")
INSIDE = drawing(START_END + scope("P", round_and_round("P"), "Ps>PT PT>PG"), "S>P P>E")
UNDER_A_DEADLINE = drawing(
    START_END + scope("P", round_and_round("P"), "Ps>PT PT>PG") + boundary("W", "P") + '<endEvent id="F"/>', "S>P P>E W>F"
)


def go_round(made: Definition, rounds: int) -> tuple[int, int]:
    """(bytes after the first round, bytes after the last), and on to the end."""
    advance = engine.start(made, {})
    sizes = []
    for number in range(rounds):
        (open_one,) = advance.opened
        assert open_one.round == number + 1 and engine.open_tasks(made, advance.state) == {open_one.task}
        advance = engine.complete(made, advance.state, open_one.task, {"ok": "tidak"})
        sizes.append(len(advance.state))
    assert engine.complete(made, advance.state, advance.opened[0].task, {"ok": "ya"}).finished
    return sizes[0], sizes[-1]


@pytest.mark.parametrize("made", [PLAIN, INSIDE, UNDER_A_DEADLINE], ids=["plain", "inside", "under a deadline"])
def test_400_rounds_stay_flat(made: Definition, figure: Figure) -> None:
    """The library alone stops finding the task at about 330 rounds."""
    first, last = go_round(made, 400)
    figure("Janji 11", f"400 rounds: {first} bytes after the first, {last} after the last, and on to the end")
    assert last <= 1.1 * first


@pytest.mark.long
@pytest.mark.parametrize("made", [PLAIN, INSIDE, UNDER_A_DEADLINE], ids=["plain", "inside", "under a deadline"])
def test_2000_rounds_stay_flat(made: Definition, figure: Figure) -> None:
    first, last = go_round(made, 2000)
    figure("Janji 11", f"2000 rounds: {first} bytes after the first, {last} after the last, and on to the end")
    assert last <= 1.1 * first


def test_a_case_that_cannot_forget_stops_before_the_library_loses_its_task() -> None:
    """Something waits beside the loop all the time, so finished history stays; a round is long, so that the depth is reached soon."""
    steps = [f"X{number}" for number in range(60)]
    nodes = '<startEvent id="S"/><parallelGateway id="Q"/>' + task("A") + '<endEvent id="E"/>' + task("T")
    nodes += "".join(f'<exclusiveGateway id="{id}"/>' for id in steps)
    chain = " ".join(f"{one}>{other}" for one, other in zip(["T", *steps], [*steps, "T"], strict=True))
    made = drawing(nodes, f"S>Q Q>A A>E Q>T {chain}")
    advance = engine.start(made, {})
    waits = next(one for one in advance.opened if one.element == "T")
    with pytest.raises(EngineFault, match="terlalu dalam"):
        for _ in range(MAX_DEPTH // len(steps) + 2):
            assert waits.task in engine.open_tasks(made, advance.state)
            advance = engine.complete(made, advance.state, waits.task, {})
            (waits,) = advance.opened
    assert len(engine.open_tasks(made, advance.state)) == 2, "the state before is whole, and both tasks are found in it"
