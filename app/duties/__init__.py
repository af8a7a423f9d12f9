"""The calendar of duties (Agenda): what the office owes by when, how it stands, and who may change it."""

from app.duties.editing import add_duty, change_duty, duty_for, note_date, periods_for, periods_of, require_admin
from app.duties.events import edition_of, events_of
from app.duties.reading import agenda_for, all_duties, may_note_date, may_read_agenda, owed_by, reminders_for, startable_keys
from app.duties.rules import EVENT, Occurrence
from app.duties.seeding import seed_duties
from app.duties.standing import Standing
from app.duties.typed import FIRST_YEAR, LAST_YEAR, MONTHS, MOST_TERMS, RULES, SHIFTS, term_words, texts_of

__all__ = [
    "EVENT",
    "FIRST_YEAR",
    "LAST_YEAR",
    "MONTHS",
    "MOST_TERMS",
    "RULES",
    "SHIFTS",
    "Occurrence",
    "Standing",
    "add_duty",
    "agenda_for",
    "all_duties",
    "change_duty",
    "duty_for",
    "edition_of",
    "events_of",
    "may_note_date",
    "may_read_agenda",
    "note_date",
    "owed_by",
    "periods_for",
    "periods_of",
    "reminders_for",
    "require_admin",
    "seed_duties",
    "startable_keys",
    "term_words",
    "texts_of",
]
