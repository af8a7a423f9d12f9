"""Promise 31: for random runs the trail is what the engine completed, and what the auditor's page shows.

40 runs with every test run, 200 with the long ones.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from lxml import html

from app import create_app, engine
from app.audit import path_after
from app.engine import Advance
from app.models import Task
from tests.audit.walking import Record, record_of, walk
from tests.support.client import Client
from tests.support.figures import Figure
from tests.support.office import Office

HAPPENED = {
    "Task_4b tidak", "Task_5a tidak", "Task_5b tidak", "Task_8 tidak", "Task_10a tidak", "Task_10c tidak",
    "ditarik", "naskah fisik", "opd ditarik", "opd dikembalikan", "opd menarik", "ditutup",
}  # fmt: skip
Completed = list[tuple[str, int, tuple[str, ...]]]


@pytest.fixture
def completed(monkeypatch: pytest.MonkeyPatch) -> Completed:
    """(element, round, flows) of everything the engine says it completed, as it says so."""
    heard: Completed = []

    def listening(move: Any) -> Any:
        def listen(*given: Any) -> Advance:
            advance: Advance = move(*given)
            heard.extend((step.element, step.round, step.flows) for step in advance.steps)
            return advance

        return listen

    for name in ("start", "complete"):
        monkeypatch.setattr(engine, name, listening(getattr(engine, name)))
    return heard


@pytest.fixture
def auditor(small_office: Office) -> Iterator[Client]:
    app = create_app(small_office.database.settings)
    yield Client(app, "auditor")
    app.extensions["alur"].database.dispose()


def counted(steps: list[dict[str, Any]]) -> Counter[str]:
    return Counter(id for step in steps for id in (step["element"], *step["flows"]))


def the_events_are_what_the_engine_completed(record: Record, completed: Completed) -> None:
    assert [(step["element"], step["round"], tuple(step["flows"])) for step in record.steps()] == completed


def every_row_of_work_has_its_event(record: Record) -> None:
    told = {(event.kind, json.loads(event.data).get("task")) for event in record.events}

    def has_event(row: Task) -> bool:
        kinds = ("step",) if row.item is None else ("submitted", "item")
        return any((kind, str(row.id)) in told for kind in kinds)

    assert all(has_event(row) for row in record.rows if row.state in ("done", "recalled", "returned"))
    ordinary = {str(row.id) for row in record.rows if row.item is None and row.state in ("done", "recalled")}
    assert {step["task"] for step in record.steps() if "task" in step} == ordinary


def the_frames_end_where_the_path_ends(record: Record) -> None:
    """Also while the case runs: asked after every deed."""
    frames, path = record.frames(), record.path()
    after = path_after(record.drawing, frames)
    assert (after.done, after.current, after.returned) == (path.done, path.current, path.returned)
    assert (after.counts, after.proposals) == (path.counts, path.proposals)
    recorded = Counter(flow for step in record.steps() for flow in step["flows"])
    assert Counter(flow for frame in frames for flow in frame.flows) == recorded


def the_flows_lead_from_start_to_end_without_a_gap(record: Record) -> None:
    """Every element is entered by a flow that was taken before and not used yet; at the end none is left over."""
    drawing, steps = record.drawing, record.steps_that_count()
    arrived = Counter([drawing.start.id] if drawing.start else [])
    for step in steps:
        assert arrived[step["element"]] == 1, step
        arrived[step["element"]] -= 1
        assert {drawing.flows[id].source for id in step["flows"]} <= {step["element"]}
        arrived.update(drawing.flows[id].target for id in step["flows"])
    assert not +arrived and drawing.elements[steps[-1]["element"]].tag == "endEvent"


def the_page_shows_the_same(record: Record, case: int, auditor: Client) -> None:
    address = f"/pemeriksaan/{case}/jalur"
    shown = auditor.get(f"{address}/langkah.json").json
    assert shown is not None
    assert Counter(id for frame in shown for id in (*frame["elements"], *frame["flows"])) == counted(record.steps())
    page = html.fromstring(auditor.get(address).text)
    assert [int(line.get("data-frame", "0")) for line in page.xpath("//ol//li[@data-frame]")] == list(range(1, len(shown) + 1))
    marked = set(page.xpath("//*[local-name()='g'][contains(@class, 'is-done') or contains(@class, 'is-returned')]/@data-element"))
    assert marked == set(counted(record.steps_that_count()))


def prove(office: Office, completed: Completed, auditor: Client, seed: int) -> set[str]:
    """What happened in the run."""
    completed.clear()
    walked = walk(office, seed, lambda walk: the_frames_end_where_the_path_ends(record_of(office, walk.case)))
    record = record_of(office, walked.case)
    the_events_are_what_the_engine_completed(record, completed)
    every_row_of_work_has_its_event(record)
    assert record.path().counts == counted(record.steps_that_count())
    the_flows_lead_from_start_to_end_without_a_gap(record)
    the_page_shows_the_same(record, walked.case, auditor)
    return walked.seen


@pytest.mark.parametrize("first", [1000, 1020])
def test_40_random_runs_are_told_whole(small_office: Office, completed: Completed, auditor: Client, first: int, figure: Figure) -> None:
    seen = {name for seed in range(first, first + 20) for name in prove(small_office, completed, auditor, seed)}
    figure("Janji 31", f"20 random runs from seed {first}: trail, engine and page the same in each")
    assert seen >= HAPPENED  # else the runs prove less than they say


@pytest.mark.long
def test_200_random_runs_are_told_whole(small_office: Office, completed: Completed, auditor: Client, figure: Figure) -> None:
    for seed in range(2000, 2200):
        prove(small_office, completed, auditor, seed)
    figure("Janji 31", "200 random runs: trail, engine and page the same in each")
