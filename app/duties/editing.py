"""Adding and changing duties, and the day of a duty's event. Every deed is told in the trail of duties."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app import definitions
from app.access import Actor
from app.duties import events
from app.duties.reading import may_note_date, startable_keys
from app.duties.rules import EVENT, of_year
from app.duties.standing import key_fields
from app.duties.typed import FIRST_YEAR, LAST_YEAR, RULES, Details, Texts, read_day, read_details, term_words
from app.errors import Conflict, Forbidden, InvalidAnswers, NotFound
from app.models import Duty, DutyDate, DutyTerm, Group
from app.words import long_date


def require_admin(actor: Actor) -> None:
    """Raises Forbidden."""
    if not actor.is_admin:
        raise Forbidden("Daftar kewajiban diubah oleh admin.")


def duty_for(session: Session, actor: Actor, duty_id: int, lock: bool = False) -> Duty:
    """For those who edit. Raises Forbidden, NotFound."""
    require_admin(actor)
    return _load(session, duty_id, lock)


def add_duty(session: Session, actor: Actor, key: str, rule: str, texts: Texts) -> Duty:
    """key: of an SOP that is deployed. texts: see ``read_details``. Raises Forbidden, NotFound, InvalidAnswers."""
    require_admin(actor)
    if rule not in RULES:
        raise NotFound
    return insert_duty(session, actor, key, rule, texts)


def insert_duty(session: Session, actor: Actor | None, key: str, rule: str, texts: Texts, origin: str | None = None) -> Duty:
    """actor: None for the shipped file. Raises NotFound for an SOP that is not deployed, InvalidAnswers."""
    wanted = read_details(rule, texts, periods_of(session, key))
    group = _group(session, wanted)
    duty = Duty(key=key, rule=rule, origin=origin, is_active=True, terms=[])
    _write(duty, wanted)
    try:
        with session.begin_nested():
            session.add(duty)
            session.flush()
    except IntegrityError as error:
        raise _taken(wanted.name) from error
    events.record(session, actor, duty, "added", "; ".join(f"{label}: {text}" for label, text in _told(duty, group).items() if text))
    return duty


def change_duty(session: Session, actor: Actor, duty_id: int, texts: Texts, is_active: bool, edition: int) -> Duty:
    """edition: ``edition_of`` when the form was opened. The same change twice is one.

    Raises Forbidden, NotFound, InvalidAnswers; Conflict when somebody else changed the duty meanwhile.
    """
    duty = duty_for(session, actor, duty_id, lock=True)
    wanted = read_details(duty.rule, texts, periods_for(session, duty))
    group = _group(session, wanted)
    before, was_active = _told(duty, session.get_one(Group, duty.group_key)), duty.is_active
    is_stale = events.edition_of(session, duty.id) != edition
    _write(duty, wanted)
    duty.is_active = is_active
    told = [f"{label}: {before[label] or '-'} → {text or '-'}" for label, text in _told(duty, group).items() if text != before[label]]
    if (told or is_active != was_active) and is_stale:
        raise Conflict(f"Kewajiban “{before['nama']}” diubah orang lain setelah Anda membuka formulir ini. Buka lagi, lalu ulangi.")
    try:
        session.flush()
    except IntegrityError as error:
        raise _taken(wanted.name) from error
    if is_active != was_active:
        events.record(session, actor, duty, "enabled" if is_active else "disabled")
    if told:
        events.record(session, actor, duty, "changed", "; ".join(told))
    return duty


def note_date(session: Session, actor: Actor, duty_id: int, year: int | None, text: str) -> tuple[Duty, date]:
    """When the event of the duty happened, for cases about that year (None: none that could be read). The same day twice is one deed.

    Raises NotFound, Forbidden, InvalidAnswers ({"tanggal": sentence}).
    """
    duty = _load(session, duty_id, lock=True)
    if not may_note_date(actor, duty, startable_keys(session, actor)):
        raise Forbidden(f"Tanggal “{duty.event}” diisi oleh yang memulai SOP ini, atau oleh admin.")
    if year is None or duty.rule != EVENT or not duty.is_active or not of_year(duty, year, {}):
        raise NotFound
    problems: dict[str, str] = {}
    day = read_day(text, "tanggal", problems)
    first, last = date(max(year - 1, FIRST_YEAR), 1, 1), date(min(year + duty.every, LAST_YEAR), 12, 31)
    if day and not first <= day <= last:
        problems["tanggal"] = f"{duty.event} untuk tahun {year}: isi tanggal dari {long_date(first)} sampai {long_date(last)}."
    if problems or day is None:
        raise InvalidAnswers(problems)
    row = session.get(DutyDate, (duty.id, year))
    before = row.happened_on if row else None
    if row is None:
        session.add(DutyDate(duty_id=duty.id, year=year, happened_on=day))
    else:
        row.happened_on = day
    if before != day:
        told = f"{long_date(before)} → " if before else ""
        events.record(session, actor, duty, "dated", f"{duty.event}, tahun {year}: {told}{long_date(day)}")
    return duty, day


def periods_of(session: Session, key: str) -> list[str]:
    """The periods that the opening form of an SOP offers beside the year; none for one without. Raises NotFound."""
    fields = key_fields(session, definitions.latest(session, key))
    return [option.value for field in fields[1:2] for option in field.options]


def periods_for(session: Session, duty: Duty) -> list[str]:
    """Besides, those it has: a form may have changed, an SOP may be suspended."""
    own = [term.period for term in duty.terms if term.period]
    try:
        return list(dict.fromkeys([*periods_of(session, duty.key), *own]))
    except NotFound:
        return own


def _load(session: Session, duty_id: int, lock: bool) -> Duty:
    query = select(Duty).where(Duty.id == duty_id)
    found = session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound
    return found


def _group(session: Session, wanted: Details) -> Group:
    found = session.get(Group, wanted.group) if wanted.group.isprintable() else None
    if found is None:
        raise InvalidAnswers({"kelompok": f"Kelompok “{wanted.group[:64]}” tidak dikenal."})
    return found


def _write(duty: Duty, wanted: Details) -> None:
    duty.name, duty.basis, duty.note, duty.group_key, duty.since = wanted.name, wanted.basis, wanted.note, wanted.group, wanted.since
    duty.every, duty.from_year, duty.lead_days = wanted.every, wanted.from_year, wanted.lead_days
    duty.event, duty.after_months, duty.after_days = wanted.event, wanted.after_months, wanted.after_days
    kept = duty.terms[: len(wanted.terms)] + [DutyTerm(position=number) for number in range(len(duty.terms), len(wanted.terms))]
    for row, term in zip(kept, wanted.terms, strict=True):
        row.period, row.day, row.month, row.shift = term.period, term.day, term.month, term.shift
    duty.terms = kept


def _told(duty: Duty, group: Group) -> dict[str, str]:
    """{label: text} of all there is, for the trail."""
    every = f"setiap {duty.every} tahun sejak {duty.from_year}"
    after = f"{duty.after_months} bulan {duty.after_days} hari sesudah {duty.event}" if duty.rule == EVENT else ""
    dates = "; ".join(term_words(term.period, term.day, term.month, term.shift) for term in duty.terms)
    return {
        "nama": duty.name, "dasar": duty.basis, "catatan": duty.note, "tahun": every, "batas waktu": after or dates,
        "mulai ditawarkan": f"{duty.lead_days} hari sebelumnya", "dihitung sejak": long_date(duty.since),
        "penanggung jawab": group.name,
    }  # fmt: skip


def _taken(name: str) -> InvalidAnswers:
    return InvalidAnswers({"nama": f"Kewajiban “{name}” sudah ada pada SOP ini."})
