"""The form of a duty: what was posted, and what it shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import g, request
from sqlalchemy.orm import Session

from app import accounts, clock, definitions, duties
from app.access import Actor
from app.duties import MOST_TERMS
from app.errors import NotFound
from app.models import Definition, Duty, Group
from app.web.posting import plain

LABELS: Mapping[str, str] = {
    "nama": "Nama kewajiban", "dasar": "Dasar", "catatan": "Catatan", "peristiwa": "Peristiwa",
}  # fmt: skip
OTHERS = ("setiap", "dari_tahun", "hari_sebelum", "sejak", "kelompok", "bulan_sesudah", "hari_sesudah")
OF_TERM = ("periode", "hari", "bulan", "tahun")
SPARE = 2  # empty lines for further periods


@dataclass(frozen=True)
class DutyForm:
    """duty: None for a new one. texts: as ``duties`` takes and gives them. terms: numbers of the lines of hard dates shown."""

    duty: Duty | None
    definition: Definition | None
    rule: str
    texts: Mapping[str, str]
    terms: Sequence[int]
    periods: Sequence[str]
    groups: Sequence[Group]
    is_active: bool
    edition: int
    problems: Mapping[str, str]


def read_texts() -> dict[str, str]:
    """One line each. What was typed is also remembered for the page of a refusal that shows no form."""
    names = [*LABELS, *OTHERS, *(f"{part}_{number}" for part in OF_TERM for number in range(1, MOST_TERMS + 1))]
    texts = {name: " ".join(plain(request.form.get(name, "")).split()) for name in names}
    g.typed = [(label, texts[key]) for key, label in LABELS.items() if texts[key]]
    return texts


def read_edition() -> int:
    text = request.form.get("edisi", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def new_form(session: Session, actor: Actor, key: str, rule: str, texts: Mapping[str, str] | None, problems: Mapping[str, str]) -> DutyForm:
    """Raises Forbidden, NotFound."""
    duties.require_admin(actor)
    if rule not in duties.RULES:
        raise NotFound
    today = clock.today()
    first = {"setiap": "1", "dari_tahun": str(today.year), "hari_sebelum": "90", "sejak": str(today), "hari_sesudah": "0", "tahun_1": "0"}
    definition, periods = definitions.latest(session, key), duties.periods_of(session, key)
    shown = texts if texts is not None else first
    return DutyForm(None, definition, rule, shown, _numbers(shown, periods), periods, accounts.groups(session), True, 0, problems)


def edit_form(session: Session, actor: Actor, duty_id: int, texts: Mapping[str, str] | None, problems: Mapping[str, str]) -> DutyForm:
    """Raises Forbidden, NotFound."""
    duty = duties.duty_for(session, actor, duty_id)
    shown = texts if texts is not None else duties.texts_of(duty)
    periods = duties.periods_for(session, duty)
    definition = next((found for found in definitions.latest_all(session) if found.key == duty.key), None)
    edition = duties.edition_of(session, duty.id) if texts is None else read_edition()
    is_active = duty.is_active if texts is None else "aktif" in request.form
    return DutyForm(
        duty, definition, duty.rule, shown, _numbers(shown, periods), periods, accounts.groups(session), is_active, edition, problems
    )


def _numbers(texts: Mapping[str, str], periods: Sequence[str]) -> range:
    """Every line that says something, and where there are periods some more."""
    last = max((number for number in range(1, MOST_TERMS + 1) if any(texts.get(f"{part}_{number}") for part in OF_TERM[:3])), default=0)
    return range(1, min(MOST_TERMS, max(1, last + SPARE if periods else last)) + 1)
