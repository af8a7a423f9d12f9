"""Golden states: sealed states of one version of this app, at telling points, with how each went on then.

`python -m tests.golden.making` writes the folder of the version that is checked out (`tests/golden/<version>/`); run it once before
a release, never again after: what an older version wrote is what a newer one must still finish.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from SpiffWorkflow.task import Task

from app import engine
from app.config import ROOT
from app.engine import Advance
from app.engine.memory import all_tasks, element_of, is_open, is_timer, load
from app.engine.state import Place
from app.keys import Keys
from app.models import Definition
from app.version import VERSION
from tests.support.drawings import drawing_bytes
from tests.support.office import DECISIONS

HERE = Path(__file__).parent
KEYS = Keys("uji", {"uji": b"kunci hanya untuk keadaan emas!!"}, "")
LAKIP = (ROOT / "bpmn" / "sop_02_lakip.bpmn").read_bytes()
UNITS = [f"opd_{number}" for number in range(39)]
# A timer that interrupts beside a task, one that does not, a wait, a sub-process with an event of its own, a split.
MADE = drawing_bytes(
    nodes='<startEvent id="S"/><userTask id="A" name="A"/><subProcess id="P"><startEvent id="PS"/><userTask id="B" name="B"/>'
    '<userTask id="C" name="C"/><endEvent id="PE"/><sequenceFlow id="PS_B" sourceRef="PS" targetRef="B"/>'
    '<sequenceFlow id="B_C" sourceRef="B" targetRef="C"/><sequenceFlow id="C_PE" sourceRef="C" targetRef="PE"/></subProcess>'
    '<boundaryEvent id="Late" attachedToRef="P"><timerEventDefinition><timeDuration>P9D</timeDuration></timerEventDefinition>'
    '</boundaryEvent><userTask id="D" name="D"/><boundaryEvent id="Soon" attachedToRef="D" cancelActivity="false">'
    '<timerEventDefinition><timeDate>${batas}</timeDate></timerEventDefinition></boundaryEvent><userTask id="R" name="R"/>'
    '<intermediateCatchEvent id="W"><timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition></intermediateCatchEvent>'
    '<parallelGateway id="G"/><userTask id="X" name="X"/><userTask id="Y" name="Y"/><parallelGateway id="J"/>'
    '<exclusiveGateway id="Q" default="Q_A"/><endEvent id="E"/><endEvent id="F"/>',
    flows="S>A A>P P>D D>W W>G G>X G>Y X>J Y>J J>Q Q>A=Q_A Q>E[${setuju == 'ya'}] Late>A Soon>R R>F",
)


@dataclass(frozen=True)
class Golden:
    """name: what is telling about it. way: the elements completed or fired until then, in order, with "tidak" where one is returned."""

    name: str
    bpmn: bytes
    way: tuple[str, ...]
    firing: frozenset[str] = frozenset()


_TO_4B = ("Task_2", "Task_3a", "Task_3b", "Task_4a")
_TO_7B = (*_TO_4B, "Task_4b", "Task_5a", "Task_5b", "Task_6")
GOLDEN = (
    Golden("baru-dimulai", LAKIP, ()),
    Golden("fan-out-terbuka", LAKIP, _TO_7B),
    Golden("tiga-kali-dikembalikan", LAKIP, (*_TO_4B, *("Task_4b:tidak", "Task_4a") * 3)),
    Golden("akan-selesai", LAKIP, (*_TO_7B, "Task_7b", "Task_8", "Task_9", "Task_10a", "Task_10b", "Task_10c", "Task_11")),
    Golden("dalam-sub-proses", MADE, ("A", "B")),
    Golden("pengingat-di-samping-tugas", MADE, ("A", "B", "C"), frozenset({"Soon"})),
    Golden("menunggu-waktu", MADE, ("A", "B", "C", "D")),
    Golden("cabang-sejajar", MADE, ("A", "B", "C", "D", "W", "X")),
    Golden("putaran-kedua", MADE, ("A", "B", "C", "D", "W", "X", "Y:tidak", "A", "B")),
)


def definition_of(bpmn: bytes, file: str, digest: str) -> Definition:
    return Definition(digest=digest, file=file, bpmn=bpmn)


def answers_to(element: str, decision: str = "ya") -> dict[str, object]:
    """The same every time, so that steps and data can be compared."""
    if element == "Task_4a":
        return {"daftar_opd": UNITS, "batas_waktu_opd": "2031-03-12"}
    if element == "A":
        return {"batas": "2031-03-12"}
    if element in ("X", "Y"):
        return {"setuju": decision} if element == "Y" else {}
    return {DECISIONS[element]: decision} if element in DECISIONS else {}


def waiting(definition: Definition, state: bytes) -> dict[str, tuple[UUID, str]]:
    """{element: (task, "task" or "timer")}, in the order of their ids on the drawing."""
    found = {element_of(task): (task.id, "task" if is_open(task) else "timer") for task in _waiting(definition, state)}
    return dict(sorted(found.items()))


def data_of(definition: Definition, state: bytes) -> dict[str, Any]:
    """{waiting element: its data}."""
    return {element_of(task): dict(sorted(task.data.items())) for task in _waiting(definition, state)}


def _waiting(definition: Definition, state: bytes) -> list[Task]:
    workflow, _visits = load(engine.load_spec(definition), state)
    return [task for task in all_tasks(workflow) if is_open(task) or is_timer(task)]


def go(definition: Definition, state: bytes, deed: str) -> Advance:
    element, _colon, decision = deed.partition(":")
    id, kind = waiting(definition, state)[element]
    if kind == "timer":
        return engine.fire(definition, state, id)
    return engine.complete(definition, state, id, answers_to(element, decision or "ya"))


def to_the_end(definition: Definition, state: bytes, firing: frozenset[str] = frozenset()) -> Iterator[list[Any]]:
    """[element, round, flows] of every step from here on; a timer beside a task fires only when it is among `firing`, or all that waits."""
    for _deed in range(100):
        found = waiting(definition, state)
        fired = [element for element, (_id, kind) in found.items() if kind == "timer" and element in firing]
        tasks = [element for element, (_id, kind) in found.items() if kind == "task"]
        advance = go(definition, state, (fired or tasks or list(found))[0])
        yield from ([step.element, step.round, list(step.flows)] for step in advance.steps)
        if advance.finished:
            return
        state = advance.state
    raise AssertionError("does not end")


def make(folder: Path) -> None:
    folder.mkdir(parents=True)
    for golden in GOLDEN:
        name = "sop_02_lakip.bpmn" if golden.bpmn is LAKIP else "buatan.bpmn"
        (folder / name).write_bytes(golden.bpmn)
        digest = ("1" if golden.bpmn is LAKIP else "2") * 64
        definition = definition_of(golden.bpmn, name, digest)
        state = engine.start(definition, {}).state
        for deed in golden.way:
            state = go(definition, state, deed).state
        place = Place(1, digest, len(golden.way))
        (folder / f"{golden.name}.state").write_bytes(engine.seal(state, place, KEYS))
        told = {
            "bpmn": name, "digest": digest, "sequence": place.sequence, "firing": sorted(golden.firing),
            "data": data_of(definition, state), "then": list(to_the_end(definition, state, golden.firing)),
        }  # fmt: skip
        (folder / f"{golden.name}.json").write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    make(HERE / VERSION)
