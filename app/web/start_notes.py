"""What the year and period of an opening form mean before anybody sends it: duties with their dates, a case of just these."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app import access, duties, instances
from app.access import Actor
from app.diagram import Drawing
from app.duties import Standing
from app.forms import Form
from app.models import Instance


@dataclass(frozen=True)
class StartNotes:
    """running, finished: cases of the same SOP, year and period. may_open: their pages are the person's."""

    owed: Sequence[Standing]
    running: Instance | None
    finished: Instance | None
    may_open: bool


def notes_for(session: Session, actor: Actor, key: str, drawing: Drawing, form: Form, texts: Mapping[str, Sequence[str]]) -> StartNotes:
    """texts: {field: [raw text]} as the form shows them."""
    business_key = instances.business_key_of(key, form, texts)
    running, finished = instances.cases_of_key(session, business_key)
    owed = duties.owed_by(session, key, instances.year_of(business_key), instances.period_of(business_key))
    return StartNotes(owed, running, finished, access.may_see_case(actor, drawing))
