"""The replay of a case, frame by frame. That frames end where the path ends, whatever people do, is in test_trail_is_complete.py."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from app import instances
from app.audit import Cast, Deed, Frame, Person, path_after, read_frames
from app.diagram import Drawing, read
from app.models import Event, Task
from tests.audit.walking import record_of, walk
from tests.support.drawings import drawing_bytes
from tests.support.office import Office

MONDAY = datetime(2026, 12, 7, 3, 42, tzinfo=UTC)


def test_the_frames_of_one_round_end_at_the_path_of_that_round(small_office: Office) -> None:
    record = record_of(small_office, walk(small_office, seed=5).case)
    assert record.path().rounds > 1
    for round in range(1, record.path().rounds + 1):
        path, after = record.path(round), path_after(record.drawing, record.frames(round))
        assert (after.done, after.returned, after.counts) == (path.done, path.returned, path.counts)


def test_a_fan_out_is_one_frame_with_its_lines_inside(small_office: Office) -> None:
    case = small_office.start()
    small_office.run_until(case, "Task_7b", opd=["dinas_kesehatan", "dinas_pendidikan", "setda"])
    small_office.do(case, "Task_7b", item="setda")
    texts = [frame.text for frame in record_of(small_office, case).frames()]
    assert texts[-1] == "3 OPD sejauh ini: 1 diterima, 2 belum menyampaikan"
    tu = small_office.actor("tu")
    with small_office.database.transaction() as session:
        instances.withdraw_item(session, tu, small_office.task("Task_7b", "dinas_kesehatan").id, "Digabung")
    with small_office.database.transaction() as session:
        instances.close_collection(session, tu, small_office.task("Task_7b", "dinas_pendidikan").id, "Waktu habis")
    frame = record_of(small_office, case).frames()[-1]
    assert frame.text.startswith("3 OPD: 1 diterima, 1 tidak menyampaikan, 1 ditarik. Penerimaan ditutup oleh")
    assert frame.text.endswith(": “Waktu habis”") and frame.flows == ("Flow_7b_8",)
    assert {item.name: item.state for item in frame.items} == {
        "dinas_kesehatan": "withdrawn",
        "dinas_pendidikan": "closed",
        "setda": "done",
    }


def test_what_was_taken_back_is_shown_done_and_then_undone(small_office: Office) -> None:
    case = small_office.start()
    small_office.run_until(case, "Task_4b")
    done = small_office.do(case, "Task_4b", "tidak")
    with small_office.database.transaction() as session:
        instances.recall_task(session, small_office.actor("kabag"), done.id, "Salah tombol")
    *_before, deed, recall = record_of(small_office, case).frames()
    assert deed.flows == ("Flow_4b_Gw_4", "Flow_Gw_4_tidak") and deed.current == {"Task_4a"}
    assert {id for part in recall.undone for id in part.ids} == {"Task_4b", "Flow_4b_Gw_4", "Gw_4", "Flow_Gw_4_tidak"}
    assert recall.text.endswith("ditarik kembali: “Salah tombol”") and recall.current == {"Task_4b"}


# -- drawings and events in a line: what SOP 02 does not have --


def drawn(nodes: str, flows: str) -> Drawing:
    return read(drawing_bytes(nodes, flows))


def event(seq: int, kind: str, **data: object) -> Event:
    return Event(instance_id=1, seq=seq, kind=kind, at=MONDAY + timedelta(minutes=seq), actor_id=1, data=json.dumps(data))


def step(seq: int, element: str, *flows: str, task: UUID | None = None) -> Event:
    return event(seq, "step", element=element, round=1, flows=flows, **({"task": str(task)} if task else {}))


def frames(drawing: Drawing, events: list[Event], cast: Cast | None = None, tasks: tuple[Task, ...] = ()) -> list[Frame]:
    return list(read_frames(drawing, events, tasks, cast or Cast({1: Person("Siti Aminah", "Tata Usaha")})))


TIMED = drawn(
    '<startEvent id="S"/><userTask id="T" name="Menunggu"/><boundaryEvent id="B" name="batas waktu" attachedToRef="T"/>'
    '<userTask id="L" name="Menyusul"/><endEvent id="E"/>',
    "S>T T>E B>L L>E",
)


def test_an_interrupting_timer_takes_the_waiting_task_away() -> None:
    told = frames(TIMED, [step(1, "S", "S_T", task=uuid4()), event(2, "timer", element="B"), step(3, "B", "B_L")])
    assert [frame.current for frame in told] == [{"T"}, {"L"}]
    assert told[1].text == "Aplikasi: waktu “batas waktu” tercapai" and told[1].flows == ("B_L",)


def test_a_timer_that_does_not_interrupt_leaves_it() -> None:
    text = drawing_bytes(
        '<startEvent id="S"/><userTask id="T"/><boundaryEvent id="B" cancelActivity="false" attachedToRef="T"/><userTask id="L"/>',
        "S>T B>L",
    )
    told = frames(read(text), [step(1, "S", "S_T", task=uuid4()), event(2, "timer", element="B"), step(3, "B", "B_L")])
    assert told[-1].current == {"T", "L"}


def test_a_terminating_end_clears_what_waits_beside_it() -> None:
    drawing = drawn(
        '<startEvent id="S"/><parallelGateway id="P"/><userTask id="A"/><userTask id="B"/>'
        '<endEvent id="E"><terminateEventDefinition/></endEvent><endEvent id="F"/>',
        "S>P P>A P>B A>E B>F",
    )
    events = [step(1, "S", "S_P", task=uuid4()), step(2, "P", "P_A", "P_B"), step(3, "A", "A_E", task=uuid4()), step(4, "E")]
    assert [frame.current for frame in frames(drawing, events)] == [{"A", "B"}, frozenset()]


def test_a_decision_on_paper_names_who_decided_and_then_who_wrote_it_down() -> None:
    task, straight = uuid4(), drawn('<startEvent id="S"/><userTask id="T" name="Menyetujui"/><endEvent id="E"/>', "S>T T>E")
    deed = Deed(Person("H. Bupati", "Bupati"), "tidak", "Perbaiki.", Person("Bayu", "Ajudan"), date(2026, 12, 6))
    told = frames(straight, [step(1, "T", "T_E", task=task)], Cast(deeds={task: deed}))
    assert told[0].text == "Bupati, H. Bupati: dikembalikan pada naskah fisik 6 Desember 2026, dicatat oleh Bayu, Ajudan: “Perbaiki.”"


def test_what_came_late_follows_in_one_frame() -> None:
    fan_out = '<userTask id="T"><multiInstanceLoopCharacteristics/></userTask>'
    drawing = drawn(f'<startEvent id="S"/>{fan_out}<userTask id="N"/>', "S>T T>N")
    late = [event(seq, "late", element="T", round=1, item=f"opd_{seq}") for seq in (4, 5)]
    told = frames(
        drawing, [step(1, "S", "S_T", task=uuid4()), event(2, "closed", element="T", items=["opd_4", "opd_5"]), step(3, "T", "T_N"), *late]
    )
    assert [len(frame.items) for frame in told] == [0, 2, 2]
    assert told[-1].text == "2 OPD menyusul setelah penerimaan ditutup, dicatat oleh Siti Aminah, Tata Usaha"
    assert told[-1].current == {"N"}


def test_a_cancelled_case_waits_for_nobody() -> None:
    told = frames(TIMED, [step(1, "S", "S_T", task=uuid4()), event(2, "cancelled", reason="Ganti SOP")])
    assert told[-1].text == "Siti Aminah, Tata Usaha: pelaksanaan dibatalkan: “Ganti SOP”" and told[-1].current == frozenset()


def test_a_cancelled_case_first_tells_how_far_its_fan_out_had_come(small_office: Office) -> None:
    case = small_office.start()
    small_office.run_until(case, "Task_7b", opd=["dinas_kesehatan", "setda"])
    small_office.do(case, "Task_7b", item="setda")
    with small_office.database.transaction() as session:
        instances.cancel_instance(session, small_office.actor("admin"), case, "Ganti SOP")
    *_before, gathered, cancelled = record_of(small_office, case).frames()
    assert (gathered.text, gathered.current) == ("2 OPD sejauh ini: 1 diterima, 1 belum menyampaikan", {"Task_7b"})
    assert cancelled.text.endswith("pelaksanaan dibatalkan: “Ganti SOP”") and cancelled.current == frozenset()


@pytest.mark.parametrize("kind", ["claimed", "released", "started", "dari_versi_lain"])
def test_what_moves_nothing_is_no_frame(kind: str) -> None:
    assert len(frames(TIMED, [step(1, "S", "S_T", task=uuid4()), event(2, kind, element="T", task=str(uuid4()))])) == 1
