"""Collecting from every OPD: what the receiving office does with the lines of a fan-out.

An OPD *sends* (submitted); the receivers named on the step (``penerima``) accept, send back, record what came outside the app,
extend, withdraw, or close the collection. The deadline itself never closes anything.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID, uuid5

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import access, clock
from app import office_calendar as calendars
from app.access import Actor
from app.audit import Fact
from app.db import settings_of
from app.diagram import Drawing, Element
from app.diagram.model import split_list
from app.errors import Conflict, Forbidden, InvalidAnswers, InvalidInput, NotFound
from app.instances.advancing import answers_fact, close_task, deadline
from app.instances.finishing import (
    NOTHING,
    answer_form,
    finish_item,
    finish_task,
    is_same_press,
    note_deed,
    required_reason,
    tell,
)
from app.instances.loading import TaskView, load_task, lock_instance_of, may_see
from app.models import Candidate, Instance, InstanceState, Task

CHANNELS = ("Naskah fisik", "WhatsApp", "Surel", "Flash disk", "SRIKANDI")


def collectors_of(drawing: Drawing, element: Element) -> tuple[str, ...]:
    """The receivers of a fan-out; without any, the office that starts the SOP."""
    return split_list(element.properties.get("penerima")) or drawing.starter_groups


def may_collect(actor: Actor, view: TaskView) -> bool:
    return bool(set(collectors_of(view.drawing, view.element)) & set(actor.groups))


def accept_item(session: Session, actor: Actor, task_id: UUID) -> Task:
    """ "Terima". Raises NotFound, Forbidden, Conflict."""
    view, state = _line(session, actor, task_id)
    if view.task.state == "done":
        return view.task  # accepted by a colleague a moment ago: the wish is fulfilled
    _require(view, "submitted", "OPD ini belum mengirim, atau kirimannya sudah dikembalikan.")
    view.task.state = "done"
    fact = Fact("accepted", {"element": view.task.element, "task": str(view.task.id), "item": view.task.item, "round": view.task.round})
    finish_item(session, view, state, actor, fact)
    return view.task


def accept_items(session: Session, actor: Actor, task_ids: Sequence[UUID]) -> list[Task]:
    """ "Terima yang dipilih": all of it or nothing. A chosen line without anything to accept (any more) stays as it is. Those accepted.

    Raises NotFound, Forbidden, Conflict, InvalidAnswers({"pilih": …}) when there is nothing to accept among them.
    """
    sent = _chosen(session, actor, task_ids, "submitted")
    if not sent:
        raise InvalidAnswers({"pilih": "Centang lebih dahulu OPD yang kirimannya akan diterima."})
    return [_stored(session, accept_item(session, actor, task_id)) for task_id in sent]


def return_item(session: Session, actor: Actor, task_id: UUID, note: str) -> Task:
    """ "Kembalikan": the OPD's task opens again as the next round, with the note. The new row.

    Raises NotFound, Forbidden, Conflict, InvalidAnswers({"catatan": …}).
    """
    view, _state = _line(session, actor, task_id)
    _require(view, "submitted", "OPD ini belum mengirim, atau kirimannya sudah diterima.")
    view.task.state, view.task.reason = "returned", required_reason(note, "catatan", "Catatan perbaikan")
    again = reopened(session, view.task)
    again.round += 1
    if again.due_from is not None:  # sent back: its norm begins anew
        again.due_from = again.opened_at
        again.due_at = calendars.due_by_norm(view.drawing, again.element, again.opened_at, calendars.calendar_of(session))
    session.add(again)
    session.flush()
    session.add_all(Candidate(group_key=key, task_id=again.id) for key in access.candidates_for(view.drawing, again.element, again.item))
    note_deed(session, view, actor, "returned", {"item": view.task.item, "round": view.task.round, "reason": view.task.reason})
    return again


def receive_outside(
    session: Session,
    actor: Actor,
    task_id: UUID,
    submitted: Mapping[str, Sequence[str]],
    token: str,
    happened_on: date | None,
    channel: str,
    sender: str = "",
) -> Task:
    """ "Catat penerimaan di luar aplikasi": the receivers fill in the OPD's form from what came on paper or by message.

    sender: who handed it over, "" where nobody knows. Also for a line that was closed without an answer, until the step that ends
    late receipt (``terima_sampai``) is done. Raises NotFound, Forbidden, Conflict, InvalidAnswers.
    """
    view, state = _line(session, actor, task_id, running=False)
    if is_same_press(view.task, actor, token):
        return view.task
    if view.task.state not in ("open", "closed"):
        raise Conflict("OPD ini sudah mengirim; terima atau kembalikan kirimannya.")
    late = view.task.state == "closed"
    if late and not takes_late(session, view.instance, view.element, view.task.opened_at):
        raise Conflict("Penyusunan dari dokumen OPD sudah selesai; kiriman terlambat tidak dapat dicatat lagi.")
    problems = _problems_of_receipt(happened_on, channel, sender)
    try:
        form, answers = answer_form(session, actor, view, submitted, token, happened_on)
    except InvalidAnswers as error:
        raise InvalidAnswers({**problems, **error.problems}) from error
    if problems or happened_on is None:
        raise InvalidAnswers(problems)
    view.task.recorded_by, view.task.happened_on, view.task.channel = actor.id, happened_on, channel
    view.task.completed_at, view.task.reason = None, f"Diterima dari {sender.strip()}." if sender.strip() else ""
    data = {"recorded_by": actor.id, "happened_on": happened_on.isoformat(), "channel": channel, "sender": sender.strip()}
    if late:
        close_task(session, view.task, "done", clock.now())
        session.flush()
        tell(session, view, actor, answers_fact(view.task, "late", {"item": view.task.item, **data}))
    else:
        finish_task(session, view, state, actor, form, answers, data)
    return view.task


def takes_late(session: Session, instance: Instance, element: Element, opened_at: datetime) -> bool:
    """Late papers are of use until the draft that is made of them is done."""
    if instance.state != "running":
        return False
    last = element.properties.get("terima_sampai", "")
    done = select(Task.id).where(Task.instance_id == instance.id, Task.element == last, Task.state == "done", Task.opened_at >= opened_at)
    return session.scalar(done.limit(1)) is None


def withdraw_item(session: Session, actor: Actor, task_id: UUID, reason: str) -> Task:
    """Take one OPD out of a fan-out, with a reason; the step is completed when it was the last one open.

    Raises NotFound, Forbidden, Conflict, InvalidAnswers.
    """
    view, state = _line(session, actor, task_id)
    return withdraw_line(session, actor, view, state, reason)


def withdraw_line(
    session: Session, actor: Actor, view: TaskView, state: InstanceState, reason: str, data: Mapping[str, object] = NOTHING
) -> Task:
    """The same for whoever has been let in already. data: what the event says besides."""
    _require(view, "open", "OPD ini sudah menyampaikan, atau sudah ditarik.")
    reason = required_reason(reason)
    close_task(session, view.task, "withdrawn", clock.now())
    view.task.completed_by, view.task.reason = actor.id, reason
    told = {"element": view.task.element, "task": str(view.task.id), "round": view.task.round, "item": view.task.item, "reason": reason}
    finish_item(session, view, state, actor, Fact("withdrawn", {**told, **data}))
    return view.task


def extend_deadline(session: Session, actor: Actor, task_id: UUID, until: date | None, reason: str) -> Task:
    """Move the deadline of one OPD's task, with a reason. Raises NotFound, Forbidden, Conflict, InvalidAnswers."""
    view, _state = _line(session, actor, task_id)
    _require(view, "open", "OPD ini sudah menyampaikan, atau sudah ditarik.")
    due, reason = _extension(session, until, reason)
    before, view.task.due_at, view.task.due_from = view.task.due_at, due, None
    moved = {"from": None if before is None else before.isoformat(), "to": due.isoformat()}
    note_deed(session, view, actor, "deadline", {"item": view.task.item, "reason": reason, **moved})
    return view.task


def extend_deadlines(session: Session, actor: Actor, task_ids: Sequence[UUID], until: date | None, reason: str) -> list[Task]:
    """The same for many lines; those that have sent keep theirs. Those extended.

    Raises NotFound, Forbidden, Conflict, InvalidAnswers (also {"pilih": …} when none of them is waited for).
    """
    waited_for = _chosen(session, actor, task_ids, "open")
    problems = {} if waited_for else {"pilih": "Centang lebih dahulu OPD yang batas waktunya diperpanjang."}
    try:
        _extension(session, until, reason)
    except InvalidAnswers as error:
        problems |= error.problems
    if problems:
        raise InvalidAnswers(problems)
    return [_stored(session, extend_deadline(session, actor, task_id, until, reason)) for task_id in waited_for]


def close_collection(session: Session, actor: Actor, task_id: UUID, reason: str) -> Task:
    """ "Tutup penerimaan", by any line of it: those that have not sent are frozen into the trail, and the step is completed.

    Raises NotFound, Forbidden, Conflict (something sent waits to be accepted), InvalidAnswers.
    """
    view, state = _line(session, actor, task_id)
    return close_lines(session, actor, view, state, reason)


def close_lines(
    session: Session, actor: Actor, view: TaskView, state: InstanceState, reason: str, data: Mapping[str, object] = NOTHING
) -> Task:
    """The same for whoever has been let in already. data: what the event says besides."""
    lines = session.scalars(
        select(Task).where(Task.engine_task == view.task.engine_task, Task.state.in_(("open", "submitted"))).order_by(Task.item)
    ).all()
    if not lines:
        raise Conflict("Penerimaan ini sudah ditutup.")
    if sent := sum(line.state == "submitted" for line in lines):
        raise Conflict(f"Masih ada {sent} kiriman yang belum diterima atau dikembalikan. Selesaikan dahulu, lalu tutup penerimaan.")
    reason, now = required_reason(reason), clock.now()
    for line in lines:
        close_task(session, line, "closed", now)
        line.reason, line.completed_at = reason, None
    told = {"element": view.task.element, "items": [line.item for line in lines], "reason": reason}
    finish_item(session, view, state, actor, Fact("closed", {**told, **data}))
    return view.task


def reopened(session: Session, task: Task) -> Task:
    """A new open row for the same engine task, its old one being kept: an id of its own, everything of the doing empty."""
    same_line = Task.item.is_(None) if task.item is None else Task.item == task.item
    before = session.scalar(select(func.count()).where(Task.engine_task == task.engine_task, same_line))
    return Task(
        id=uuid5(task.engine_task, f"{task.item or ''}#{before}"),
        instance_id=task.instance_id,
        engine_task=task.engine_task,
        element=task.element,
        name=task.name,
        lane=task.lane,
        row=task.row,
        form_id=task.form_id,
        item=task.item,
        round=task.round,
        state="open",
        opened_at=clock.now(),
        opened_from=task.opened_from,
        due_at=task.due_at,
        due_from=task.due_from,
        reason="",
        channel="",
    )


def _line(session: Session, actor: Actor, task_id: UUID, running: bool = True) -> tuple[TaskView, InstanceState]:
    """A line of a fan-out, locked, for those who collect. running: its case must be."""
    _instance, state = lock_instance_of(session, task_id)
    view = load_task(session, actor, task_id)
    if not may_collect(actor, view):
        if may_see(actor, view):
            raise Forbidden("Hanya pengumpul (Tata Usaha) yang dapat mengubah penerimaan OPD.")
        raise NotFound
    if not view.is_line:
        raise InvalidInput("Langkah ini bukan pengumpulan per OPD.")
    if view.instance.state != "running" and (running or view.instance.state != "finished"):
        raise Conflict("Pelaksanaan ini tidak sedang berjalan.")
    return view, state


def _chosen(session: Session, actor: Actor, task_ids: Sequence[UUID], state: str) -> list[UUID]:
    return [task_id for task_id in dict.fromkeys(task_ids) if _line(session, actor, task_id)[0].task.state == state]


def _stored(session: Session, task: Task) -> Task:
    """Between two deeds of one transaction: the next one loads case and task anew, over what has not been written."""
    session.flush()
    return task


def _require(view: TaskView, state: str, otherwise: str) -> None:
    if view.task.state != state:
        raise Conflict(otherwise)


def _extension(session: Session, until: date | None, reason: str) -> tuple[datetime, str]:
    problems = {}
    due = None if until is None else deadline(until.isoformat(), settings_of(session).closing_time)
    if due is None:
        problems["batas_waktu"] = "Batas waktu baru belum diisi dengan tanggal."
    elif due <= clock.now():
        problems["batas_waktu"] = "Batas waktu baru harus sesudah saat ini."
    try:
        reason = required_reason(reason)
    except InvalidAnswers as error:
        problems |= error.problems
    if problems or due is None:
        raise InvalidAnswers(problems)
    return due, reason


def _problems_of_receipt(happened_on: date | None, channel: str, sender: str) -> dict[str, str]:
    problems = {} if channel in CHANNELS else {"saluran": "Saluran penerimaan belum dipilih."}
    if happened_on is None:
        problems["tanggal_terima"] = "Tanggal terima belum diisi dengan tanggal."
    elif happened_on > clock.today():
        problems["tanggal_terima"] = "Tanggal terima tidak boleh sesudah hari ini."
    if len(sender) > 200:
        problems["diterima_dari"] = "Diterima dari paling panjang 200 huruf."
    return problems
