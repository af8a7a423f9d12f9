"""A case run at random by its people: returns, recalls, decisions on paper, fan-outs sent back, withdrawn and closed."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any
from uuid import uuid4

from sqlalchemy import select

from app import attachments, audit, clock, definitions, instances
from app.access import Actor
from app.audit import Cast, Frame, Path
from app.diagram import Drawing
from app.errors import Conflict
from app.instances.finishing import WAITING_ITEMS
from app.models import Definition, Event, Instance, Task
from tests.support.office import ANSWERS, DECISIONS, NOTES, PERFORMERS, Office, posted

OPD = ["dinas_kesehatan", "dinas_pendidikan", "dinas_sosial", "setda"]
ON_PAPER = {"Task_5a": "tu", "Task_5b": "tu", "Task_10c": "ajudan"}
PATIENCE = 30  # deeds after which everybody agrees, so that every walk ends


@dataclass
class Walk:
    """One case. seen: what happened in it."""

    office: Office
    random: Random
    case: int = 0
    deeds: int = 0
    seen: set[str] = field(default_factory=set)

    def run(self, watch: Callable[[Walk], None]) -> None:
        self.case = self.office.start()
        watch(self)
        while waiting := self._waiting():
            self.deeds += 1
            task = self.random.choice(waiting)
            self._gather(task) if task.item else self._do(task)
            watch(self)

    def _waiting(self) -> list[Task]:
        return [row for row in self.office.rows(self.case) if row.state in WAITING_ITEMS]

    def _chance(self, share: float) -> bool:
        return self.deeds < PATIENCE and self.random.random() < share

    def _do(self, task: Task) -> None:
        element, decision = task.element, "tidak" if self._chance(0.3) else "ya"
        if element in ON_PAPER and self._chance(0.4):
            self._record(task, decision)
            done = task
        else:
            some = self.random.sample(OPD, self.random.randint(1, 3)) if element == "Task_4a" else None
            if element == "Task_8" and decision == "tidak":
                some = self.random.sample(sorted({row.item for row in self.office.rows(self.case) if row.item}), 1)
            done = self.office.do(self.case, element, decision, **({"daftar_opd": some} if some else {}))
        self.seen.add(f"{element} {decision}" if element in DECISIONS else "selesai")
        if self._chance(0.2):
            by = ON_PAPER[element] if element in ON_PAPER and self._is_recorded(done) else PERFORMERS[element]
            self._try("ditarik", lambda session: instances.recall_task(session, self._actor(by), done.id, "Keliru"))

    def _is_recorded(self, task: Task) -> bool:
        return any(row.id == task.id and row.recorded_by for row in self.office.rows(self.case))

    def _record(self, task: Task, decision: str) -> None:
        by, token = self._actor(ON_PAPER[task.element]), uuid4().hex
        photo = self.office.storage.receive("naskah_fisik", "Naskah", "paraf.jpg", io.BytesIO(b"\xff\xd8\xff\xe0" + b"0" * 64))
        answers = {DECISIONS[task.element]: decision, **({NOTES[task.element]: "Perbaiki."} if decision == "tidak" else {})}
        with self.office.database.transaction() as session:
            attachments.add_drafts(session, by, token, [photo])
        with self.office.database.transaction() as session:
            instances.record_decision(session, by, task.id, posted(answers), token, clock.today())
        self.seen.add("naskah fisik")

    def _gather(self, task: Task) -> None:
        tu, owner = self._actor("tu"), self._actor(f"opd.{task.item}")
        if task.state == "open" and self._chance(0.15):
            self._try("opd ditarik", lambda session: instances.withdraw_item(session, tu, task.id, "Digabung"))
        elif task.state == "open" and self._chance(0.1):
            self._try("ditutup", lambda session: instances.close_collection(session, tu, task.id, "Waktu habis"))
        elif task.state == "open":
            self.office.submit(task, f"opd.{task.item}", **ANSWERS[task.element])
        elif self._chance(0.25):
            self._try("opd dikembalikan", lambda session: instances.return_item(session, tu, task.id, "Lengkapi"))
        elif self._chance(0.15):
            self._try("opd menarik", lambda session: instances.recall_task(session, owner, task.id, "Keliru"))
        else:
            self.office.accept(task.id)

    def _try(self, name: str, deed: Callable[..., object]) -> None:
        try:
            with self.office.database.transaction() as session:
                deed(session)
            self.seen.add(name)
        except Conflict:
            pass  # the rules of the moment do not allow it: a walker tries everything

    def _actor(self, username: str) -> Actor:
        return self.office.actor(username)


def walk(office: Office, seed: int, watch: Callable[[Walk], None] = lambda _walk: None) -> Walk:
    """watch: called after every deed."""
    found = Walk(office, Random(seed))
    found.run(watch)
    return found


@dataclass(frozen=True)
class Record:
    """All that a case has recorded, read at once."""

    drawing: Drawing
    events: Sequence[Event]
    rows: Sequence[Task]

    def path(self, round: int | None = None) -> Path:
        return audit.read_path(
            self.drawing, audit.read_events(self.events), [row for row in self.rows if row.state in WAITING_ITEMS], round
        )

    def frames(self, round: int | None = None) -> tuple[Frame, ...]:
        """With nobody's name: what moves does not depend on it."""
        return audit.read_frames(self.drawing, self.events, self.rows, Cast(), round)

    def steps(self) -> list[dict[str, Any]]:
        return [json.loads(event.data) for event in self.events if event.kind == "step"]

    def steps_that_count(self) -> list[dict[str, Any]]:
        undone = {seq for event in self.events if event.kind == "recalled" for seq in json.loads(event.data)["undone"]}
        return [json.loads(event.data) for event in self.events if event.kind == "step" and event.seq not in undone]


def record_of(office: Office, case: int) -> Record:
    with office.database.reading() as session:
        definition = session.get_one(Definition, session.get_one(Instance, case).definition_id)
        events = session.scalars(select(Event).where(Event.instance_id == case).order_by(Event.seq)).all()
        return Record(definitions.spec_of(definition).drawing, events, instances.tasks_of(session, case))
