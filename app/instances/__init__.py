"""The use-cases of a *pelaksanaan*, each in one transaction that the caller opens: lock, then load, then act."""

from app.instances.acting import cancel_instance, claim_task, complete_task, fire_timer, release_task
from app.instances.borrowing import Letter, letter_for, letters_to_borrow
from app.instances.collecting import (
    CHANNELS,
    accept_item,
    accept_items,
    close_collection,
    collectors_of,
    extend_deadline,
    extend_deadlines,
    may_collect,
    receive_outside,
    return_item,
    withdraw_item,
)
from app.instances.earlier import earlier_step
from app.instances.files import attachment_for, letters_for
from app.instances.gathering import Collection, Gathered, collection_for, collections_for, follows_collections, latest_rows, waiting_for
from app.instances.listing import OpenTask, RunningCase, open_task_for, open_tasks_for, running_case_for, running_cases_for
from app.instances.loading import TaskView, task_for, task_seen_by
from app.instances.opening import mark_opened
from app.instances.paper import PROOF, holder_name, may_record, record_decision, subject_to_record, task_to_record
from app.instances.prefilling import first_values
from app.instances.reading import (
    CaseRow,
    InboxRow,
    cases_for,
    inbox_counts,
    inbox_for,
    instance_for,
    next_task_for,
    only_decides,
    open_tasks_of,
    tasks_of,
)
from app.instances.recalling import may_recall, recall_task, replace_file, versions_of
from app.instances.reminding import Reminder, head_of_office, remind, remind_by_letter, reminder_letter_for, reminders_of, signers_of
from app.instances.scheduling import REMIND, remind_collectors, schedule
from app.instances.sending import Notice, mark_read, notices_for
from app.instances.starting import start_instance, startable_by, startable_for, year_of

__all__ = [
    "CHANNELS",
    "PROOF",
    "REMIND",
    "CaseRow",
    "Collection",
    "Gathered",
    "InboxRow",
    "Letter",
    "Notice",
    "OpenTask",
    "Reminder",
    "RunningCase",
    "TaskView",
    "accept_item",
    "accept_items",
    "attachment_for",
    "cancel_instance",
    "cases_for",
    "claim_task",
    "close_collection",
    "collection_for",
    "collections_for",
    "collectors_of",
    "complete_task",
    "earlier_step",
    "extend_deadline",
    "extend_deadlines",
    "fire_timer",
    "first_values",
    "follows_collections",
    "head_of_office",
    "holder_name",
    "inbox_counts",
    "inbox_for",
    "instance_for",
    "latest_rows",
    "letter_for",
    "letters_for",
    "letters_to_borrow",
    "mark_opened",
    "mark_read",
    "may_collect",
    "may_recall",
    "may_record",
    "next_task_for",
    "notices_for",
    "only_decides",
    "open_task_for",
    "open_tasks_for",
    "open_tasks_of",
    "recall_task",
    "receive_outside",
    "record_decision",
    "release_task",
    "remind",
    "remind_by_letter",
    "remind_collectors",
    "reminder_letter_for",
    "reminders_of",
    "replace_file",
    "return_item",
    "running_case_for",
    "running_cases_for",
    "schedule",
    "signers_of",
    "start_instance",
    "startable_by",
    "startable_for",
    "subject_to_record",
    "task_for",
    "task_seen_by",
    "task_to_record",
    "tasks_of",
    "versions_of",
    "waiting_for",
    "withdraw_item",
    "year_of",
]
