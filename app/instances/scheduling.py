"""What is to happen by itself later: rows of ``jobs``, and the reminder to those who collect that a deadline is near."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app import clock, definitions
from app.diagram import Element
from app.models import Definition, Instance, Job, Outbox, Task, table_of
from app.office_calendar import calendar_of
from app.words import long_date
from app.worktime import OFFICE, ONE_DAY, Calendar, is_working_day, opening

REMIND = "remind"
DAYS_BEFORE = 3  # working days


def schedule(session: Session, kind: str, subject: str, due_at: datetime) -> None:
    """Once: while one of this kind and subject waits, another is not made."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    row = insert(table_of(Job)).values(kind=kind, subject=subject, due_at=due_at, state="waiting", claim="", tries=0, problem="")
    session.connection().execute(row.on_conflict_do_nothing())


def schedule_reminder(session: Session, element: Element, engine_task: UUID, due_at: datetime | None) -> None:
    """For a collection with a deadline and somebody who collects."""
    if due_at is not None and element.collection and element.addressees:
        schedule(session, REMIND, str(engine_task), before(due_at, calendar_of(session)))


def remind_collectors(session: Session, subject: str) -> datetime | None:
    """Tell those who collect how many are still missing. When to look again, where the deadline was extended; else None.

    subject: the engine task of the collection. Nothing is told where all have sent, or the case is over.
    """
    rows = session.execute(
        select(Task.instance_id, Task.element, func.max(Task.round), func.count(Task.id), func.min(Task.due_at))
        .where(Task.engine_task == UUID(subject), Task.state == "open", Task.due_at.is_not(None))
        .group_by(Task.instance_id, Task.element)
    ).all()
    for instance_id, name, round, missing, due_at in rows:
        instance = session.get_one(Instance, instance_id)
        if instance.state not in ("running", "suspended") or due_at is None:
            continue
        if (due := before(due_at, calendar_of(session))) > clock.now():
            return due
        element = definitions.spec_of(session.get_one(Definition, instance.definition_id)).drawing.elements[name]
        session.add_all(
            Outbox(
                instance_id=instance_id,
                element=name,
                round=round,
                group_key=group,
                name="Batas waktu sudah dekat",
                text=f"{missing} OPD belum menyampaikan; batasnya {long_date(due_at)}. Pesan pengingat ada di Pantauan Pengumpulan.",
                sent_at=clock.now(),
            )
            for group in element.addressees
        )
    return None


def before(due_at: datetime, calendar: Calendar = OFFICE) -> datetime:
    """The opening of the third working day before."""
    day, left = due_at.astimezone(clock.WIB).date(), DAYS_BEFORE
    while left:
        day -= ONE_DAY
        left -= is_working_day(day, calendar)
    return opening(day, calendar) or due_at - timedelta(days=DAYS_BEFORE)
