"""By when a duty is to be done: pure dates, read from its row. docs/decisions/0018 has the rules.

A month that is too short ends on its last day: one month after 31 January is 28 February, and 29 February of an ordinary year the 28th.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from app.models import Duty, DutyTerm
from app.worktime import working_day_by

EVENT = "event"
Dated = Mapping[int, date]  # {year that a case is about: the day of the duty's event}


@dataclass(frozen=True)
class Occurrence:
    """One time that a duty falls due. year, period: of the case that fulfils it; period "" = any of that year.

    due: the hard date, None while the day of its event is not known. happened_on: that day.
    """

    duty: Duty
    year: int
    period: str
    due: date | None
    happened_on: date | None = None

    @property
    def offered_from(self) -> date | None:
        return self.due - timedelta(days=self.duty.lead_days) if self.due else None

    @property
    def advised(self) -> date | None:
        """The working day before a hard date on a day off; None where the hard date is a working day."""
        by = working_day_by(self.due) if self.due else None
        return by if by != self.due else None

    @property
    def years(self) -> str:
        """ "2025", for a duty of several years "2025–2029"."""
        return f"{self.year}–{self.year + self.duty.every - 1}" if self.duty.every > 1 else str(self.year)


def of_year(duty: Duty, year: int, dated: Dated) -> list[Occurrence]:
    """Those that a case about that year fulfils."""
    if year < duty.from_year or (year - duty.from_year) % duty.every:
        return []
    if duty.rule == EVENT:
        return [_after_event(duty, year, dated)]
    return [_of_term(duty, term, year) for term in duty.terms]


def on_agenda(duty: Duty, year: int, dated: Dated) -> list[Occurrence]:
    """What stands on the agenda of a calendar year: what falls due in it, and of a duty of several years the one whose years run."""
    if duty.rule == EVENT:
        return of_year(duty, _begun(duty, year), dated)
    terms = [(term, _begun(duty, year - term.shift)) for term in duty.terms]
    return [_of_term(duty, term, about) for term, about in terms if about >= duty.from_year]


def _begun(duty: Duty, year: int) -> int:
    """The latest year of the duty up to this one."""
    return year - (year - duty.from_year) % duty.every


def _of_term(duty: Duty, term: DutyTerm, year: int) -> Occurrence:
    due = date(year + term.shift, 1, 1) + relativedelta(month=term.month, day=term.day)
    return Occurrence(duty, year, term.period, due)


def _after_event(duty: Duty, year: int, dated: Dated) -> Occurrence:
    happened_on = dated.get(year)
    due = happened_on + relativedelta(months=duty.after_months, days=duty.after_days) if happened_on else None
    return Occurrence(duty, year, "", due, happened_on)
