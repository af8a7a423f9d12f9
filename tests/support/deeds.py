"""What people do in a case besides finishing their step: on paper, from outside, taken back, closed."""

from __future__ import annotations

import io
from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import select, update

from app import attachments, instances
from app.models import Membership, OrgUnit, Task, TeamDecree, User
from tests.support.office import ANSWERS, DECISIONS, NOTES, OPENING, PDF, Office, posted

JPG = b"\xff\xd8\xff\xe0" + b"0" * 64


def start_without_letter(office: Office, reason: str = "Surat asli masih di Setda.") -> int:
    answers = {**OPENING, "surat_menyusul": "true", "alasan_menyusul": reason}
    with office.database.transaction() as session:
        return instances.start_instance(session, office.actor("tu"), "sop_02_lakip", posted(answers), uuid4().hex).id


def decide_on_paper(office: Office, element: str, day: date, decision: str = "ya", by: str = "tu") -> Task:
    task, token = office.task(element), uuid4().hex
    received = [office.storage.receive("naskah_fisik", "Naskah", "paraf.jpg", io.BytesIO(JPG))]
    answers = {DECISIONS[element]: decision, NOTES[element]: "Perbaiki bagian ini." if decision == "tidak" else None}
    with office.database.transaction() as session:
        attachments.add_drafts(session, office.actor(by), token, received)
    with office.database.transaction() as session:
        return instances.record_decision(session, office.actor(by), task.id, posted(answers), token, day)


def send(office: Office, item: str, **answers: object) -> Task:
    """An OPD sends; nobody has accepted yet."""
    return office.submit(office.task("Task_7b", item), f"opd.{item}", **{**ANSWERS["Task_7b"], **answers})


def receive_outside(office: Office, task_id: UUID, day: date, channel: str = "WhatsApp", sender: str = "") -> Task:
    token = uuid4().hex
    received = [office.storage.receive("berkas_dokumen", "Berkas", "LKjIP.pdf", io.BytesIO(PDF))]
    with office.database.transaction() as session:
        attachments.add_drafts(session, office.actor("tu"), token, received)
    with office.database.transaction() as session:
        answers = posted(ANSWERS["Task_7b"])
        return instances.receive_outside(session, office.actor("tu"), task_id, answers, token, day, channel, sender)


def return_to_unit(office: Office, task_id: UUID, note: str = "Kurang tanda tangan.") -> Task:
    with office.database.transaction() as session:
        return instances.return_item(session, office.actor("tu"), task_id, note)


def withdraw(office: Office, item: str, reason: str = "Digabung dengan dinas lain.") -> Task:
    with office.database.transaction() as session:
        return instances.withdraw_item(session, office.actor("tu"), office.task("Task_7b", item).id, reason)


def close(office: Office, case: int, reason: str = "Batas waktu ke Kementerian sudah dekat.") -> None:
    waiting = next(task for task in office.open(case) if task.item)
    with office.database.transaction() as session:
        instances.close_collection(session, office.actor("tu"), waiting.id, reason)


def extend(office: Office, item: str, until: date, reason: str = "Sinyal di pulau.") -> None:
    with office.database.transaction() as session:
        instances.extend_deadline(session, office.actor("tu"), office.task("Task_7b", item).id, until, reason)


def recall(office: Office, task: Task, by: str, reason: str = "Salah lampiran.") -> Task:
    with office.database.transaction() as session:
        return instances.recall_task(session, office.actor(by), task.id, reason)


def replace(office: Office, task: Task, by: str, field: str, content: bytes = PDF + b"2") -> None:
    token = uuid4().hex
    received = [office.storage.receive(field, field, "pengganti.pdf", io.BytesIO(content))]
    with office.database.transaction() as session:
        attachments.add_drafts(session, office.actor(by), token, received)
    with office.database.transaction() as session:
        instances.replace_file(session, office.actor(by), task.id, field, token)


def seat(office: Office, username: str, group: str, acting: str = "") -> None:
    with office.database.transaction() as session:
        user_id = session.scalars(select(User.id).where(User.username == username)).one()
        session.add(Membership(user_id=user_id, group_key=group, acting=acting, valid_from=date(2017, 1, 1)))


def keep_units(office: Office, units: list[str]) -> None:
    """As if the regency had only these OPD."""
    with office.database.transaction() as session:
        session.execute(update(OrgUnit).where(OrgUnit.id.not_in(units)).values(valid_to=date(2017, 12, 31)))


def end_decrees(office: Office, last: date) -> None:
    """No team's decree outlives that day."""
    with office.database.transaction() as session:
        session.execute(update(TeamDecree).values(valid_to=last))


def long_in_office(office: Office) -> None:
    """Everybody's offices begin before any day a test travels to."""
    with office.database.transaction() as session:
        session.execute(update(Membership).values(valid_from=date(2017, 1, 1)))
