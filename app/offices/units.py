"""The list of OPD: adding, renaming, ending. Nothing is deleted, and no case that has started changes (see `of_case`)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from unicodedata import normalize

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app import clock
from app.access import Actor
from app.errors import Conflict, InvalidAnswers, NotFound
from app.models import Instance, OrgUnit, Task, User
from app.offices import events
from app.offices.days import holds_on, span_problems, text_problem
from app.offices.rights import require_admin
from app.words import long_date, short_date

KINDS = ("Sekretariat", "Inspektorat", "Dinas", "Badan", "Kecamatan", "Lainnya")
ASKED = ("open", "submitted")  # rows of an OPD that still want something of somebody


@dataclass(frozen=True)
class UnitDetails:
    """What an OPD is to be. renamed_on: the first day of the name, where it is another one than before."""

    name: str
    short_name: str = ""
    kind: str = ""
    valid_from: date | None = None
    renamed_on: date | None = None


@dataclass(frozen=True)
class Hanging:
    """What still hangs on an OPD: open rows, by the title of their case; active accounts."""

    cases: Sequence[tuple[int, str, int]]
    accounts: Sequence[User]

    @property
    def is_nothing(self) -> bool:
        return not self.cases and not self.accounts


def add_unit(session: Session, actor: Actor, wanted: UnitDetails) -> OrgUnit:
    """Raises Forbidden, InvalidAnswers."""
    require_admin(actor)
    if problems := _problems(session, wanted, None):
        raise InvalidAnswers(problems)
    assert wanted.valid_from is not None  # noqa: S101 - a problem otherwise
    unit = OrgUnit(
        id=_new_id(session, wanted), name=wanted.name, short_name=wanted.short_name, kind=wanted.kind, valid_from=wanted.valid_from
    )
    try:
        with session.begin_nested():
            session.add(unit)
            session.flush()
    except IntegrityError as error:  # somebody else added the same name a moment ago
        raise InvalidAnswers({"nama": _taken(wanted.name)}) from error
    events.record(session, actor, events.of_unit(unit.id), "added", f"{unit.kind}, {unit.name}, sejak {short_date(unit.valid_from)}")
    return unit


def change_unit(session: Session, actor: Actor, unit_id: str, wanted: UnitDetails, edition: int) -> OrgUnit:
    """A new name is the same OPD: accounts, open tasks, earlier answers stay. The same change twice is one.

    edition: of when the form was opened. Raises Forbidden, NotFound, InvalidAnswers, Conflict (somebody else changed it meanwhile).
    """
    unit = unit_for_admin(session, actor, unit_id)
    if problems := _problems(session, wanted, unit):
        raise InvalidAnswers(problems)
    assert wanted.valid_from is not None  # noqa: S101 - a problem otherwise
    is_renamed, told = unit.name != wanted.name, _differences(unit, wanted)
    if not told and not is_renamed:
        return unit
    events.refuse_outdated(session, events.of_unit(unit_id), edition, unit.name)
    if is_renamed and wanted.renamed_on:
        told.insert(0, f"nama: {unit.name} → {wanted.name}, berlaku sejak {short_date(wanted.renamed_on)}")
    events.record(session, actor, events.of_unit(unit_id), "renamed" if is_renamed else "changed", "; ".join(told))
    unit.name, unit.short_name, unit.kind, unit.valid_from = wanted.name, wanted.short_name, wanted.kind, wanted.valid_from
    return unit


def end_unit(session: Session, actor: Actor, unit_id: str, last: date | None, successor_id: str, understood: bool, edition: int) -> OrgUnit:
    """Its last day, and who takes over ("" for nobody). Open rows and accounts stay as they are; with some, it takes ``understood``.

    Raises Forbidden, NotFound, InvalidAnswers, Conflict.
    """
    unit = unit_for_admin(session, actor, unit_id)
    problems = _end_problems(session, unit, last, successor_id)
    hanging = hanging_on(session, unit_id)
    if not hanging.is_nothing and not understood:
        problems["paham"] = "Centang bahwa Anda sudah membaca yang masih bergantung pada OPD ini."
    if problems or last is None:
        raise InvalidAnswers(problems)
    if (unit.valid_to, unit.successor_id or "") == (last, successor_id):
        return unit
    events.refuse_outdated(session, events.of_unit(unit_id), edition, unit.name)
    unit.valid_to, unit.successor_id = last, successor_id or None
    successor = session.get(OrgUnit, successor_id) if successor_id else None
    told = f"hari terakhir {short_date(last)}" + (f", dilanjutkan {successor.name}" if successor else ", tanpa pengganti")
    events.record(session, actor, events.of_unit(unit_id), "ended", told + _hanging_words(hanging))
    return unit


def reopen_unit(session: Session, actor: Actor, unit_id: str) -> OrgUnit:
    """Takes an end back. Raises Forbidden, NotFound, InvalidAnswers where the name has gone to another one meanwhile."""
    unit = unit_for_admin(session, actor, unit_id)
    if unit.valid_to is None:
        return unit
    if _is_taken(session, unit.name, unit):
        raise Conflict(f"Ada OPD lain bernama “{unit.name}” yang masih berlaku. Ubah namanya dahulu.")
    unit.valid_to, unit.successor_id = None, None
    events.record(session, actor, events.of_unit(unit_id), "reopened")
    return unit


def unit_for_admin(session: Session, actor: Actor, unit_id: str) -> OrgUnit:
    """Locked. Raises Forbidden, NotFound."""
    require_admin(actor)
    unit = session.scalar(select(OrgUnit).where(OrgUnit.id == unit_id).with_for_update())
    if unit is None:
        raise NotFound
    return unit


def hanging_on(session: Session, unit_id: str) -> Hanging:
    """Two statements."""
    cases = session.execute(
        select(Instance.id, Instance.title, func.count())
        .join(Task, Task.instance_id == Instance.id)
        .where(Task.item == unit_id, Task.state.in_(ASKED), Instance.state.not_in(("finished", "cancelled")))
        .group_by(Instance.id, Instance.title)
        .order_by(Instance.title)
    )
    accounts = session.scalars(select(User).where(User.org_unit_id == unit_id, User.is_active).order_by(User.name, User.id))
    return Hanging([(row[0], row[1], row[2]) for row in cases], accounts.all())


def successors_of(session: Session, unit: OrgUnit) -> list[OrgUnit]:
    """Who may take over: every other OPD without a last day in the past."""
    others = session.scalars(select(OrgUnit).where(OrgUnit.id != unit.id).order_by(OrgUnit.name))
    return [one for one in others if one.valid_to is None or one.valid_to >= clock.today()]


def _problems(session: Session, wanted: UnitDetails, unit: OrgUnit | None) -> dict[str, str]:
    texts = (("nama", "Nama", wanted.name, 200, True), ("singkatan", "Nama singkat", wanted.short_name, 60, False))
    problems = {key: told for key, label, text, most, must in texts if (told := text_problem(label, text, most, must))}
    problems |= span_problems(wanted.valid_from, unit.valid_to if unit else None)
    if not re.search(r"[^\W\d_]", wanted.name) and "nama" not in problems:
        problems["nama"] = "Nama OPD memuat sedikitnya satu huruf."
    if wanted.kind not in (*KINDS, *((unit.kind,) if unit else ())):
        problems["jenis"] = "Jenis OPD belum dipilih."
    if "nama" not in problems and _is_taken(session, wanted.name, unit):
        problems["nama"] = _taken(wanted.name)
    if unit is not None and unit.name != wanted.name:
        problems |= _rename_problems(unit, wanted.renamed_on)
    if "sampai" in problems:  # its last day is not a question of this form
        problems["mulai"] = f"Mulai berlaku tidak boleh sesudah hari terakhirnya{_last_day(unit)}."
        del problems["sampai"]
    return problems


def _last_day(unit: OrgUnit | None) -> str:
    return f", {long_date(unit.valid_to)}" if unit and unit.valid_to else ""


def _rename_problems(unit: OrgUnit, day: date | None) -> dict[str, str]:
    if day is None:
        return {"nama_sejak": "Isi sejak kapan nama baru berlaku."}
    if day > clock.today():
        return {"nama_sejak": "Nama baru dicatat pada hari mulai berlakunya atau sesudahnya, tidak lebih awal."}
    if day < unit.valid_from:
        return {"nama_sejak": f"Nama baru tidak dapat berlaku sebelum OPD ini ada ({long_date(unit.valid_from)})."}
    return {}


def _end_problems(session: Session, unit: OrgUnit, last: date | None, successor_id: str) -> dict[str, str]:
    problems = {}
    spans = span_problems(unit.valid_from, last)
    if last is None:
        problems["sampai"] = "Hari terakhir belum diisi dengan tanggal."
    elif "sampai" in spans:
        problems["sampai"] = spans["sampai"] if last.year >= 1945 else f"Periksa tahun pada hari terakhir: {last.year}."
    if not successor_id:
        return problems
    successor = session.get(OrgUnit, successor_id) if successor_id.isprintable() else None
    if successor is None:
        problems["pengganti"] = "OPD pengganti tidak dikenal. Pilih dari daftar."
    elif successor.id == unit.id:
        problems["pengganti"] = "OPD tidak dapat menggantikan dirinya sendiri."
    elif last is not None and "sampai" not in problems and not holds_on(successor, last + timedelta(days=1)):
        problems["pengganti"] = (
            f"{successor.name} tidak berlaku pada hari sesudahnya. Periksa tanggalnya, atau tambahkan dahulu OPD barunya."
        )
    return problems


def _is_taken(session: Session, name: str, unit: OrgUnit | None) -> bool:
    """By an OPD that has not ended: one that has may leave its name to another."""
    others = session.scalars(select(OrgUnit).where(OrgUnit.id != (unit.id if unit else ""), OrgUnit.valid_to.is_(None)))
    return any(one.name.casefold() == name.casefold() for one in others)


def _taken(name: str) -> str:
    return f"“{name[:80]}” sudah ada dalam daftar."


def _differences(unit: OrgUnit, wanted: UnitDetails) -> list[str]:
    """In words, for the trail; without the name."""
    told = []
    for label, before, after in (("nama singkat", unit.short_name, wanted.short_name), ("jenis", unit.kind, wanted.kind)):
        if before != after:
            told.append(f"{label}: {before or '-'} → {after or '-'}")
    if wanted.valid_from and unit.valid_from != wanted.valid_from:
        told.append(f"mulai berlaku: {short_date(unit.valid_from)} → {short_date(wanted.valid_from)}")
    return told


def _hanging_words(hanging: Hanging) -> str:
    rows = sum(count for _id, _title, count in hanging.cases)
    told = [f"{rows} tugas terbuka" if rows else "", f"{len(hanging.accounts)} akun aktif" if hanging.accounts else ""]
    return f"; saat itu masih ada {' dan '.join(filter(None, told))}" if any(told) else ""


def _new_id(session: Session, wanted: UnitDetails) -> str:
    """ "dinas_kesehatan", from the short name where there is one; with a number where that is taken (``baru`` is an address)."""
    plain = normalize("NFKD", wanted.short_name or wanted.name).encode("ascii", "ignore").decode().lower()
    word = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:56].strip("_") or "opd"
    known = {"baru"} | set(session.scalars(select(OrgUnit.id).where(OrgUnit.id.startswith(word, autoescape=True))))
    return next(one for one in (word, *(f"{word}_{number}" for number in range(2, 1000))) if one not in known)
