"""The office for tests: a real database with the demo's groups and OPD, the people of the lanes, the shipped SOP deployed.

People, not mocks: every deed goes through the use-cases as somebody.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select

from app import access, accounts, attachments, clock, definitions, demo, instances, keys
from app.access import Actor
from app.attachments import Storage
from app.config import ROOT, Settings
from app.db import Database
from app.models import Definition, Event, Instance, Membership, Task, User

SOP = "sop_02_lakip"
DRAWINGS = sorted((ROOT / "bpmn").glob("*.bpmn"), key=lambda path: (path.stem != SOP, path.stem))  # so that it is definition 1
CHEAP_HASHING = {"argon2_time_cost": 1, "argon2_memory_kib": 32}
PASSWORD = "kata-sandi-uji-2026"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def zipped(*parts: str) -> bytes:
    """A zip with these names in it."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for part in parts:
            archive.writestr(part, "<x/>")
    return content.getvalue()


DOCX = zipped("[Content_Types].xml", "_rels/.rels", "word/document.xml")
XLSX = zipped("[Content_Types].xml", "_rels/.rels", "xl/workbook.xml")
DECISIONS = {
    "Task_4b": "keputusan_kabag", "Task_5a": "keputusan_asisten", "Task_5b": "keputusan_sekda", "Task_8": "keputusan_penerimaan",
    "Task_10a": "keputusan_asisten_dok", "Task_10b": "keputusan_sekda_dok", "Task_10c": "keputusan_bupati",
}  # fmt: skip
NOTES = {
    "Task_4b": "catatan_kabag", "Task_5a": "catatan_asisten", "Task_5b": "catatan_sekda", "Task_8": "catatan_penerimaan",
    "Task_10a": "catatan_asisten_dok", "Task_10b": "catatan_sekda_dok", "Task_10c": "catatan_bupati",
}  # fmt: skip
PERFORMERS = {
    "Task_2": "tu", "Task_3a": "kabag", "Task_3b": "kasubbag", "Task_4a": "kasubbag", "Task_4b": "kabag", "Task_5a": "asisten",
    "Task_5b": "sekda", "Task_6": "tu", "Task_8": "tu", "Task_9": "tim", "Task_10a": "asisten", "Task_10b": "sekda", "Task_10c": "bupati",
    "Task_11": "tu", "Task_12": "tu",
}  # fmt: skip
ANSWERS: Mapping[str, Mapping[str, object]] = {
    "Task_2": {"nomor_agenda": "045/2026"},
    "Task_4a": {"hal_surat": "Permintaan LAKIP OPD", "batas_waktu_opd": "2031-03-12"},
    "Task_6": {"nomor_surat_keluar": "061/ORG/57", "tanggal_surat_keluar": "2026-01-12"},
    "Task_7b": {
        "nama_petugas": "Budi",
        "capaian.1.indikator": "Angka kemiskinan",
        "capaian.1.target": "7,5",
        "capaian.1.realisasi": "6,9",
        "capaian.1.polaritas": "rendah",
    },
    "Task_11": {"tanggal_kirim_dok": "2026-03-30"},
    "Task_12": {"lokasi_fisik": "Lemari 3, map LAKIP"},
}
OPENING: Mapping[str, object] = {
    "asal_surat": "Kementerian PANRB",
    "nomor_surat": "B/12/M.AA/2026",
    "tanggal_surat": "2026-01-05",
    "hal": "Penyampaian Laporan Kinerja",
    "tahun": 2025,
}


def fill(database: Database) -> None:
    """Groups, OPD and people of the demo, one password for all, every shipped SOP."""
    with database.transaction() as session:
        demo.seed(session)
        hashed = session.scalars(select(User)).first()
        assert hashed is not None
        known = accounts.hash_password(database.settings, PASSWORD)
        for user in session.scalars(select(User)):
            user.password_hash = known
        session.add(
            User(username="tu2", name="Rina Marlina", position="Tata Usaha", password_hash=known, is_active=True, created_at=clock.now())
        )
        session.flush()
        second = session.scalars(select(User).where(User.username == "tu2")).one()
        session.add(Membership(user_id=second.id, group_key="tu_bagian", valid_from=demo.SINCE))
    for drawing in DRAWINGS:
        with database.transaction() as session:
            definitions.deploy(session, definitions.read_bundle(drawing, ROOT / "forms"))


def redraw(database: Database, *changes: tuple[str, str], key: str = SOP) -> Definition:
    """The next version of a shipped SOP: the same drawing with some of its text changed."""
    bundle = definitions.read_bundle(ROOT / "bpmn" / f"{key}.bpmn", ROOT / "forms")
    text = bundle.bpmn.decode()
    for before, after in changes:
        assert before in text, before
        text = text.replace(before, after)
    with database.transaction() as session:
        return definitions.deploy(session, definitions.Bundle(bundle.file, text.encode(), bundle.forms))


def make_database(url: str, folder: Path, **changes: Any) -> Database:
    settings = Settings(database_url=url, instance_dir=folder, **{**CHEAP_HASHING, **changes})
    return Database(settings, keys.load(folder / "keys.json"))


@dataclass
class Office:
    """One office on one database. Everything a person does is one transaction, as on the web."""

    database: Database
    storage: Storage = field(init=False)
    content_of: Callable[[str], bytes] = field(default=lambda _field: PDF)  # what is uploaded there

    def __post_init__(self) -> None:
        self.storage = Storage(self.database.settings)

    def actor(self, username: str) -> Actor:
        with self.database.reading() as session:
            user_id = session.scalar(select(User.id).where(User.username == username))
            found = access.load_actor(session, user_id) if user_id else None
        assert found is not None, username
        return found

    def start(self, by: str = "tu", key: str = SOP, token: str | None = None, **answers: object) -> int:
        token = token or uuid4().hex
        actor = self.actor(by)
        with self.database.reading() as session:
            definition = definitions.latest(session, key)
            start = definitions.spec_of(definition).drawing.start
        self._attach(actor, token, start.form if start else None, definition.id)
        with self.database.transaction() as session:
            return instances.start_instance(session, actor, key, posted({**OPENING, **answers}), token).id

    def task(self, element: str, item: str | None = None, case: int | None = None) -> Task:
        """The open task of an element (and OPD)."""
        with self.database.reading() as session:
            query = select(Task).where(Task.element == element, Task.state == "open", Task.item == item)
            return session.scalars(query if case is None else query.where(Task.instance_id == case)).one()

    def open(self, case: int) -> list[Task]:
        with self.database.reading() as session:
            return list(instances.open_tasks_of(session, case))

    def submit(self, task: Task, by: str, token: str | None = None, **answers: object) -> Task:
        """Exactly these answers; required files are attached."""
        token, actor = token or uuid4().hex, self.actor(by)
        self._attach(actor, token, task.form_id, self.instance(task.instance_id).definition_id)
        with self.database.transaction() as session:
            return instances.complete_task(session, actor, task.id, posted(answers), token)

    def do(self, case: int, element: str, decision: str = "ya", item: str | None = None, **answers: object) -> Task:
        """The lane's own person completes it with ordinary answers."""
        given: dict[str, object] = dict(ANSWERS.get(element, {}))
        if element == "Task_4a":
            given["daftar_opd"] = ["dinas_kesehatan", "dinas_pendidikan"]
        if element in DECISIONS:
            given[DECISIONS[element]] = decision
            if decision == "tidak":
                given[NOTES[element]] = "Perbaiki bagian ini."
        by = f"opd.{item}" if item else PERFORMERS[element]
        done = self.submit(self.task(element, item, case), by, **{**given, **answers})
        if item:
            self.accept(done.id)
        return done

    def accept(self, task_id: UUID, by: str = "tu") -> None:
        with self.database.transaction() as session:
            instances.accept_item(session, self.actor(by), task_id)

    def run_until(self, case: int, stop: str, opd: Iterable[str] | None = None) -> None:
        """Everybody does what is theirs until a task of this element is open."""
        chosen = list(opd) if opd is not None else None
        while True:
            waiting = self.open(case)
            if any(task.element == stop for task in waiting):
                return
            task = waiting[0]
            extra = {"daftar_opd": chosen} if task.element == "Task_4a" and chosen else {}
            self.do(case, task.element, item=task.item, **extra)

    def finish(self, case: int) -> None:
        while waiting := self.open(case):
            self.do(case, waiting[0].element, item=waiting[0].item)

    def instance(self, case: int) -> Instance:
        with self.database.reading() as session:
            return session.get_one(Instance, case)

    def definition(self, key: str = SOP) -> Definition:
        with self.database.reading() as session:
            return definitions.latest(session, key)

    def events(self, case: int) -> list[Event]:
        with self.database.reading() as session:
            return list(session.scalars(select(Event).where(Event.instance_id == case).order_by(Event.seq)))

    def rows(self, case: int) -> list[Task]:
        with self.database.reading() as session:
            return list(instances.tasks_of(session, case))

    def _attach(self, actor: Actor, token: str, form_id: str | None, definition_id: int) -> None:
        with self.database.reading() as session:
            form = definitions.form_of(session, session.get_one(Definition, definition_id), form_id) if form_id else None
        files = [one for one in (form.file_fields if form else ()) if one.required or one.key == "berkas_surat"]
        received = [self.storage.receive(one.key, one.label, f"{one.key}.pdf", io.BytesIO(self.content_of(one.key))) for one in files]
        if received:
            with self.database.transaction() as session:
                attachments.add_drafts(session, actor, token, received)


def posted(answers: Mapping[str, object]) -> dict[str, list[str]]:
    """As a browser sends it."""
    return {
        key: [str(part) for part in value] if isinstance(value, list | tuple) else [str(value)]
        for key, value in answers.items()
        if value is not None
    }
