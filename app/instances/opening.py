"""Which performer has opened a task's page first: what "dibuka" on Pantauan and the end of "Tarik kembali" rest on.

A convenience, told by a script of the page (reading itself changes no row): no event of the trail, and nothing at all without scripts.
"""

from uuid import UUID

from sqlalchemy import exists, or_, update
from sqlalchemy.orm import Session

from app import clock
from app.access import Actor
from app.models import Candidate, Task


def mark_opened(session: Session, actor: Actor, task_id: UUID) -> None:
    """One statement, and only the first performer's counts; for anybody else, and for a task that is over, nothing happens.

    Without the lock of the case: nothing else is written here, and a recall that comes in between has cancelled the row.
    """
    candidate = exists().where(Candidate.task_id == task_id, Candidate.group_key.in_(actor.candidate_keys()))
    free = or_(Task.claimed_by.is_(None), Task.claimed_by == actor.id)
    first = update(Task).where(Task.id == task_id, Task.state == "open", Task.seen_at.is_(None), free, candidate)
    session.execute(first.values(seen_by=actor.id, seen_at=clock.now()))
