"""The form of a person: what was posted, and what it shows. Groups are rows: those held, and one to join."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask import g, request
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import access, accounts, clock
from app.access import Actor
from app.accounts import Details, Office, Reach
from app.errors import Forbidden, InvalidAnswers
from app.models import Group, Membership, OrgUnit, User
from app.web.typed import clean_line

NEW = "baru"  # the row of a group to join
MOST_ROWS = 100
LABELS = {"nama": "Nama", "nama_pengguna": "Nama pengguna", "jabatan": "Jabatan"}


@dataclass(frozen=True)
class Row:
    """One membership as typed. suffix: of its fields' names, the group's key or ``NEW``. from_, to: texts of dates."""

    suffix: str
    group: str
    acting: str = ""
    from_: str = ""
    to: str = ""
    leaves: bool = False
    name: str = ""


@dataclass(frozen=True)
class Posted:
    """problems: of what could not even be read."""

    username: str
    details: Details
    edition: int
    rows: tuple[Row, ...]
    problems: Mapping[str, str]

    def refuse_bad_dates(self) -> None:
        """Inside the transaction, after all else was found good."""
        if self.problems:
            raise InvalidAnswers(self.problems)


@dataclass(frozen=True)
class PersonForm:
    """user: None for a new person. rows: groups held; joining: the row for another one, chosen from ``groups``."""

    user: User | None
    username: str
    details: Details
    edition: int
    rows: tuple[Row, ...]
    joining: Row
    groups: Sequence[Group]
    units: Sequence[OrgUnit]
    reach: Reach
    problems: Mapping[str, str]


def read_form() -> Posted:
    """What was typed is also remembered for the page of a refusal that shows no form."""
    g.typed = [(label, text) for key, label in LABELS.items() if (text := _line(key))]
    rows = [_row(clean_line(key), clean_line(key)) for key in request.form.getlist("anggota")[:MOST_ROWS]]
    rows.append(_row(NEW, _line("kelompok_baru")))
    problems: dict[str, str] = {}
    offices = tuple(
        Office(row.group, row.acting, _date(row.from_, row, problems), _date(row.to, row, problems)) for row in rows if row.group
    )
    details = Details(
        name=_line("nama"),
        position=_line("jabatan"),
        org_unit_id=_line("opd") or None,
        rights=frozenset(clean_line(right) for right in request.form.getlist("hak")),
        is_active="aktif" in request.form,
        offices=offices,
        leaves=frozenset(row.group for row in rows if row.leaves),
    )
    edition = request.form.get("edisi", "")
    return Posted(
        _line("nama_pengguna"), details, int(edition) if edition.isascii() and edition.isdigit() and len(edition) < 10 else 0,
        tuple(rows), problems,
    )  # fmt: skip


def new_form(session: Session, actor: Actor, posted: Posted | None, problems: Mapping[str, str]) -> PersonForm:
    """Raises Forbidden for whoever looks after no account."""
    reach = accounts.reach_of(session, actor)
    if reach == "none":
        raise Forbidden("Halaman ini untuk admin dan untuk kelompok yang membantu akun OPD.")
    return _form(session, None, reach, posted, Details(""), (), problems)


def edit_form(session: Session, actor: Actor, user_id: int, posted: Posted | None, problems: Mapping[str, str]) -> PersonForm:
    """Raises Forbidden, NotFound."""
    user = accounts.person_for(session, actor, user_id)
    rows = tuple(
        Row(held.group_key, held.group_key, held.acting, str(held.valid_from), str(held.valid_to or ""))
        for held in session.scalars(select(Membership).where(Membership.user_id == user.id).order_by(Membership.group_key))
    )
    details = Details(user.name, user.position or "", user.org_unit_id, accounts.rights_of(user), user.is_active)
    return _form(session, user, accounts.reach_of(session, actor), posted, details, rows, problems)


def _form(
    session: Session,
    user: User | None,
    reach: Reach,
    posted: Posted | None,
    details: Details,
    rows: tuple[Row, ...],
    problems: Mapping[str, str],
) -> PersonForm:
    groups = accounts.groups(session)
    names = {group.key: group.name for group in groups}
    joining = Row(NEW, "")
    if posted:
        details = posted.details
        typed = {row.suffix: row for row in posted.rows}
        rows, joining = tuple(typed.get(row.suffix, row) for row in rows), typed[NEW]
        problems = {f"kelompok_{NEW}" if key == f"kelompok_{joining.group}" else key: told for key, told in problems.items()}
    held = {row.group for row in rows}
    return PersonForm(
        user=user,
        username=posted.username if posted else "",
        details=details,
        edition=posted.edition if posted else (accounts.edition_of(session, user.id) if user else 0),
        rows=tuple(_named(row, names) for row in rows),
        joining=joining,
        groups=[group for group in groups if group.key not in held],
        units=_units(session, user),
        reach=reach,
        problems=problems,
    )


def _units(session: Session, user: User | None) -> list[OrgUnit]:
    """Today's, and the person's own though it may have ended: saving something else must not move anybody."""
    units = access.org_units_on(session, clock.today())
    own = session.get(OrgUnit, user.org_unit_id) if user and user.org_unit_id else None
    return units if own is None or own in units else [*units, own]


def _named(row: Row, names: Mapping[str, str]) -> Row:
    return Row(row.suffix, row.group, row.acting, row.from_, row.to, row.leaves, names.get(row.group, row.group))


def _row(suffix: str, group: str) -> Row:
    acting, since, until = (_line(f"{field}_{suffix}") for field in ("sebagai", "mulai", "sampai"))
    return Row(suffix, group, acting, since, until, f"keluar_{suffix}" in request.form)


def _date(text: str, row: Row, problems: dict[str, str]) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        problems[f"kelompok_{row.suffix}"] = f"“{text[:20]}” bukan tanggal. Contoh: 2026-03-12."
        return None


def _line(key: str) -> str:
    return clean_line(request.form.get(key, ""))
