"""Forgetting what is finished changes nothing: walks by chance over drawings made by chance, once as the app runs them (written,
forgotten and read again before every move), once with everything kept in one piece of memory.

Compared after every move: what is open and its data, which timers wait, which steps were taken by which flows, whether it is over.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from random import Random
from uuid import UUID

import pytest
from SpiffWorkflow.bpmn import BpmnWorkflow

from app import engine
from app.engine import Advance, memory, runner
from app.engine.environment import script_engine
from app.engine.parser import load_spec
from app.models import Definition
from tests.support.generated import LIST, VARIABLES, Maker

MOVES = 60
Key = tuple[str, str | None, int]


class Saved:
    """As the app does it."""

    def __init__(self, definition: Definition, variables: Mapping[str, object]) -> None:
        self.definition = definition
        self.take(engine.start(definition, variables))

    def take(self, advance: Advance) -> None:
        self.advance, self.state = advance, advance.state

    def complete(self, task: UUID, variables: Mapping[str, object]) -> Advance:
        self.take(engine.complete(self.definition, self.state, task, variables))
        return self.advance

    def fire(self, timer: UUID) -> Advance:
        self.take(engine.fire(self.definition, self.state, timer))
        return self.advance

    def workflow(self) -> BpmnWorkflow:
        return memory.load(load_spec(self.definition), self.state)[0]


class Kept:
    """One workflow, never written, never forgotten."""

    def __init__(self, definition: Definition, variables: Mapping[str, object]) -> None:
        self.spec = load_spec(definition)
        self.whole = BpmnWorkflow(self.spec.process, self.spec.subprocesses, script_engine=script_engine())
        self.visits: dict[str, int] = {}
        runner.prepare(self.whole, self.spec, variables)
        self.advance = self.run().advance()

    def run(self) -> runner._Run:
        return runner._Run(self.spec, self.whole, self.visits)

    def complete(self, task: UUID, variables: Mapping[str, object]) -> Advance:
        run = self.run()
        run.complete(task, variables)
        return run.advance()

    def fire(self, timer: UUID) -> Advance:
        run = self.run()
        run.fire(timer)
        return run.advance()

    def workflow(self) -> BpmnWorkflow:
        return self.whole


class Seen:
    """What is open and waits, by element, item and how many of it came before, as rows would show it."""

    def __init__(self, run: Saved | Kept) -> None:
        self.run = run
        self.open: dict[Key, engine.Opened] = {}
        self.timers: dict[Key, UUID] = {}
        self.before: Counter[tuple[str, str | None]] = Counter()
        self.look(run.advance)

    def look(self, advance: Advance) -> None:
        self.advance = advance
        self.open = {key: one for key, one in self.open.items() if one.task not in advance.closed}
        self.timers = {key: id for key, id in self.timers.items() if id not in advance.closed}
        self.open |= {self.key(one.element, one.within): one for one in advance.opened}
        tasks = {task.id: task for task in memory.all_tasks(self.run.workflow())}
        self.timers |= {self.key(one.element, runner.item_around(tasks[one.task])): one.task for one in advance.timers}

    def key(self, element: str, within: str | None) -> Key:
        self.before[element, within] += 1
        return element, within, self.before[element, within]

    def told(self) -> object:
        tasks = {task.id: task for task in memory.all_tasks(self.run.workflow())}
        assert {task.id for task in tasks.values() if memory.is_open(task)} == {one.task for one in self.open.values()}
        return (
            {key: (one.round, one.items, tasks[one.task].data) for key, one in self.open.items()},
            set(self.timers),
            Counter((step.element, step.round, step.flows) for step in self.advance.steps),
            self.advance.finished,
        )

    def move(self, kind: str, key: Key, variables: Mapping[str, object]) -> None:
        advance = self.run.complete(self.open[key].task, variables) if kind == "open" else self.run.fire(self.timers[key])
        self.look(advance)


def walk(seed: int, forget: Callable[[pytest.MonkeyPatch, bool], None], patch: pytest.MonkeyPatch) -> Maker:
    random = Random(seed)
    maker = Maker(random, random.choice((2, 4, 6, 9)))
    definition = maker.definition()
    variables: dict[str, object] = {name: random.choice((0, 1)) for name in VARIABLES} | {LIST: ["a", "b"]}
    reads = load_spec(definition).reads
    given = {name: value for name, value in variables.items() if name in reads}
    forget(patch, True)
    saved = Seen(Saved(definition, given))
    forget(patch, False)
    kept = Seen(Kept(definition, given))
    for move in range(MOVES):
        assert saved.told() == kept.told(), (seed, move)
        choices = [("open", key) for key in sorted(saved.open, key=str)] + [("timer", key) for key in sorted(saved.timers, key=str)]
        if not choices:
            assert saved.advance.finished
            break
        kind, key = random.choice(choices)
        given = {name: random.choice((0, 1)) for name in VARIABLES if name in reads}
        if LIST in reads:
            given |= {LIST: random.choice((["a", "b"], ["a"], ["c", "b", "a"]))}
        forget(patch, True)
        saved.move(kind, key, given)
        forget(patch, False)
        kept.move(kind, key, given)
    return maker


def forgetting(patch: pytest.MonkeyPatch, on: bool) -> None:
    patch.setattr(runner, "compact", memory.compact if on else lambda _workflow: None)


@pytest.mark.parametrize("block", range(10))
def test_forgetting_changes_nothing(block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    for seed in range(block * 30, block * 30 + 30):
        walk(seed, forgetting, monkeypatch)


@pytest.mark.long
@pytest.mark.parametrize("block", range(60))
def test_forgetting_changes_nothing_in_thousands_of_walks(block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    for seed in range(1000 + block * 100, 1100 + block * 100):
        walk(seed, forgetting, monkeypatch)


def test_the_walks_meet_every_kind_of_block() -> None:
    kinds: set[str] = set()
    for seed in range(300):
        random = Random(seed)
        maker = Maker(random, random.choice((2, 4, 6, 9)))
        maker.definition()
        kinds |= maker.kinds
    assert kinds == {
        "sequence", "choice", "parallel", "inclusive", "events", "loop", "deadline", "reminder", "failing", "sub", "repeated", "fan_out",
    }  # fmt: skip
