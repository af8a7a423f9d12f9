"""What a leader reads: the list, the document itself, the last notes, two buttons and a note. Nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app import instances
from app.access import Actor
from app.instances.inbox import InboxRow
from app.web.story import Line
from app.web.task_page import TaskPage, task_page

NOTES = 3


@dataclass(frozen=True)
class LeaderPage:
    """rows: every decision that waits, the longest first. page: of the one that lies open. notes: the last remarks on its way here."""

    rows: Sequence[InboxRow]
    total: int
    page: TaskPage
    notes: Sequence[Line]


def leader_page(session: Session, actor: Actor, wanted: str, max_mb: int) -> LeaderPage | None:
    """wanted: id of the task to open; the first one where it names none that waits. None: not a leader's work, or a colleague has it."""
    if not instances.only_decides(session, actor):
        return None
    rows, total = instances.inbox_for(session, actor, "saya")
    if not rows:
        return None
    chosen = next((row for row in rows if str(row.id) == wanted), rows[0])
    page = task_page(session, actor, chosen.id, None, {}, max_mb, with_picture=False)
    said = [line for chapter in page.history if not chapter.is_fan_out for line in chapter.lines if line.note]
    return LeaderPage(rows, total, page, said[:NOTES])
