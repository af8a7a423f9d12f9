"""The use-cases of a *pelaksanaan*, each in one transaction that the caller opens: lock, then load, then act."""

from app.instances.acting import (
    cancel_instance,
    claim_task,
    complete_task,
    extend_deadline,
    fire_timer,
    release_task,
    withdraw_item,
)
from app.instances.files import attachment_for, letters_for
from app.instances.loading import TaskView, task_for, task_seen_by
from app.instances.reading import (
    CaseRow,
    InboxRow,
    cases_for,
    inbox_counts,
    inbox_for,
    instance_for,
    next_task_for,
    open_tasks_of,
    tasks_of,
)
from app.instances.starting import start_instance, startable_by, startable_for

__all__ = [
    "CaseRow",
    "InboxRow",
    "TaskView",
    "attachment_for",
    "cancel_instance",
    "cases_for",
    "claim_task",
    "complete_task",
    "extend_deadline",
    "fire_timer",
    "inbox_counts",
    "inbox_for",
    "instance_for",
    "letters_for",
    "next_task_for",
    "open_tasks_of",
    "release_task",
    "start_instance",
    "startable_by",
    "startable_for",
    "task_for",
    "task_seen_by",
    "tasks_of",
    "withdraw_item",
]
