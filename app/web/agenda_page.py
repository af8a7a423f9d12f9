"""Everything the agenda of a year shows, read in one session; what of it stands above somebody's tasks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from app import access, definitions, duties, worktime
from app.access import Actor
from app.duties import Standing
from app.web.ahead import group_names
from app.web.start_page import opening_of

STARTABLE = ("open", "late", "before", "undated")
COUNTED: Mapping[str, str] = {
    "finished": "selesai", "running": "sedang berjalan", "open": "dapat dimulai", "late": "melewati batas", "early": "belum waktunya",
    "undated": "menunggu tanggal", "before": "sebelum Agenda dipakai",
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """start: what its opening form's address names, None where the person may not start it now. responsible: name of the group.

    sees_case: the page of its case is the person's. may_note_date: they type in the day of its event.
    """

    standing: Standing
    start: Mapping[str, str] | None
    responsible: str
    sees_case: bool
    may_note_date: bool


@dataclass(frozen=True)
class AgendaPage:
    """counts: (words, how many) of the states there are. cautions: why days of the year cannot be counted for certain yet."""

    year: int
    lines: Sequence[Line]
    counts: Sequence[tuple[str, int]]
    cautions: Sequence[str]


def agenda_page(session: Session, actor: Actor, year: int) -> AgendaPage:
    """Raises Forbidden."""
    found = duties.agenda_for(session, actor, year)
    startable, names = duties.startable_keys(session, actor), group_names(session)
    seen = {one.key for one in definitions.latest_all(session) if access.may_see_case(actor, definitions.spec_of(one).drawing)}
    lines = [
        Line(
            one,
            start_of(session, actor, one) if one.state in STARTABLE and one.occurrence.duty.key in startable else None,
            names.get(one.occurrence.duty.group_key, one.occurrence.duty.group_key),
            actor.sees_every_case or one.occurrence.duty.key in seen,
            duties.may_note_date(actor, one.occurrence.duty, startable),
        )
        for one in found
    ]
    states = [one.state for one in found]
    counts = [(words, states.count(state)) for state, words in COUNTED.items() if state in states]
    return AgendaPage(year, lines, counts, worktime.warnings(date(year, 1, 1), date(year, 12, 31)))


def start_of(session: Session, actor: Actor, one: Standing) -> dict[str, str]:
    """{key of a field: text} for the address of the opening form."""
    form, _step = opening_of(session, actor, one.occurrence.duty.key)
    about = [str(one.occurrence.year), *filter(None, [one.occurrence.period])]
    return dict(zip((field.key for field in form.keys), about, strict=False))


def reminders_part(session: Session, actor: Actor) -> list[tuple[Standing, dict[str, str]]]:
    """What wants a hand, with the address of its opening form."""
    return [(one, start_of(session, actor, one)) for one in duties.reminders_for(session, actor)]
