"""The people: who there is, adding one, changing what they hold. Every change is told in the trail of accounts."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app import clock
from app.access import OPD_GROUP, Actor
from app.accounts import codes, events, tokens
from app.accounts.passwords import hash_password, nobody_knows, password_problem
from app.accounts.reach import person_for, reach_of
from app.db import settings_of
from app.errors import Conflict, Forbidden, InvalidAnswers
from app.models import Group, Membership, OrgUnit, SignIn, User
from app.words import short_date

RIGHTS: Mapping[str, str] = {"analyst": "Analis", "auditor": "Auditor", "admin": "Admin"}
ACTING = ("", "Plh.", "Plt.")
MAX_NAME = 200
_USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,63}")


@dataclass(frozen=True)
class Office:
    """A membership as wanted. acting: "" for the holder, "Plh." or "Plt."."""

    group: str
    acting: str = ""
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True)
class Details:
    """What a person is to be. offices: those to hold or change; leaves: groups to leave; all others stay as they are."""

    name: str
    position: str = ""
    org_unit_id: str | None = None
    rights: frozenset[str] = frozenset()
    is_active: bool = True
    offices: tuple[Office, ...] = ()
    leaves: frozenset[str] = frozenset()


def add_user(
    session: Session,
    username: str,
    name: str,
    password: str,
    *,
    position: str = "",
    groups: tuple[str, ...] = (),
    org_unit_id: str | None = None,
    rights: tuple[str, ...] = (),
) -> User:
    """By a command on the server. rights: any of analyst, auditor, admin. Raises InvalidAnswers naming what to mend."""
    username = username.strip().lower()
    wanted = Details(name.strip() or username, position, org_unit_id, frozenset(rights), offices=tuple(Office(key) for key in groups))
    problem = password_problem(password, username)
    return _add(session, None, username, wanted, {"kata_sandi": problem} if problem else {}, password)


def add_person(session: Session, actor: Actor, username: str, wanted: Details) -> User:
    """Without a password: they choose one after signing in with a code. Raises Forbidden, InvalidAnswers.

    Who looks after the OPD only adds accounts of an OPD: the rights and offices asked for are not given.
    """
    wanted, problems = _within_reach(session, actor, wanted)
    if wanted.org_unit_id and reach_of(session, actor) == "opd":
        wanted = replace(wanted, offices=(Office(OPD_GROUP),))
    return _add(session, actor, username.strip().lower(), wanted, problems)


def change_person(session: Session, actor: Actor, user_id: int, wanted: Details, edition: int) -> User:
    """edition: ``edition_of`` when the form was opened. The same change twice is one.

    Raises Forbidden, NotFound, InvalidAnswers; Conflict when somebody else changed the person meanwhile.
    """
    user = person_for(session, actor, user_id, lock=True)
    wanted, problems = _within_reach(session, actor, wanted, user)
    held = {row.group_key: row for row in session.scalars(select(Membership).where(Membership.user_id == user.id))}
    problems |= _problems(session, wanted) | _last_admin_problem(session, actor, user, wanted)
    if problems:
        raise InvalidAnswers(problems)
    told = _differences(session, user, wanted, held)
    if not told and wanted.is_active == user.is_active:
        return user
    if events.edition_of(session, user.id) != edition:
        raise Conflict(f"Data {user.name} diubah orang lain setelah Anda membuka formulir ini. Buka lagi, lalu ulangi perubahan Anda.")
    if wanted.is_active != user.is_active:
        events.record(session, actor, user, "enabled" if wanted.is_active else "disabled")
        _end_everything(session, actor, user)
    if told:
        events.record(session, actor, user, "changed", "; ".join(told))
    _write(session, user, wanted, held)
    return user


def _add(
    session: Session, actor: Actor | None, username: str, wanted: Details, problems: dict[str, str], password: str | None = None
) -> User:
    problems |= _problems(session, wanted)
    taken = f"Nama pengguna “{username[:64]}” sudah dipakai."
    if not _USERNAME.fullmatch(username):
        problems["nama_pengguna"] = "Nama pengguna: 2 sampai 64 huruf kecil, angka, titik, atau garis; tanpa spasi."
    elif session.scalar(select(User.id).where(User.username == username)):
        problems["nama_pengguna"] = taken
    if problems:
        raise InvalidAnswers(problems)
    settings = settings_of(session)
    hashed = nobody_knows(settings) if password is None else hash_password(settings, password)
    user = User(username=username, name=wanted.name, password_hash=hashed, is_active=True, created_at=clock.now())
    try:
        with session.begin_nested():
            session.add(user)
            session.flush()
    except IntegrityError as error:  # somebody else added the same name a moment ago
        raise InvalidAnswers({"nama_pengguna": taken}) from error
    told = _differences(session, user, wanted, {})
    events.record(session, actor, user, "added", "; ".join(told))
    _write(session, user, replace(wanted, is_active=True), {})
    return user


def _within_reach(session: Session, actor: Actor, wanted: Details, user: User | None = None) -> tuple[Details, dict[str, str]]:
    """What this actor may give, whatever was asked for; what is theirs to fill."""
    reach = reach_of(session, actor)
    if reach == "none":
        raise Forbidden("Hanya admin dan kelompok yang membantu akun OPD yang mengubah data pengguna.")
    if reach == "all":
        return wanted, {}
    problems = {} if wanted.org_unit_id else {"opd": "OPD belum dipilih."}
    return replace(wanted, rights=frozenset(), offices=(), leaves=frozenset()), problems


def _problems(session: Session, wanted: Details) -> dict[str, str]:
    problems: dict[str, str] = {}
    if not wanted.name.strip():
        problems["nama"] = "Nama belum diisi."
    for key, label, text in (("nama", "Nama", wanted.name), ("jabatan", "Jabatan", wanted.position)):
        if not text.isprintable():
            problems[key] = f"{label} memuat tanda yang tidak dapat disimpan."
        elif len(text) > MAX_NAME:
            problems[key] = f"{label} paling banyak {MAX_NAME} huruf."
    if wanted.org_unit_id and (not wanted.org_unit_id.isprintable() or session.get(OrgUnit, wanted.org_unit_id) is None):
        problems["opd"] = f"OPD “{wanted.org_unit_id[:64]}” tidak dikenal."
    if wanted.rights - RIGHTS.keys():
        problems["hak"] = "Hak tidak dikenal."
    known = _names(session, [office.group for office in wanted.offices])
    for office in wanted.offices:
        if problem := _office_problem(office, known, wanted):
            problems[f"kelompok_{office.group}"] = problem
    return problems


def _office_problem(office: Office, known: Collection[str], wanted: Details) -> str:
    if office.group not in known:
        return f"Kelompok “{office.group[:64]}” tidak dikenal."
    if office.acting not in ACTING:
        return "Pilih definitif, Plh., atau Plt."
    if office.group == OPD_GROUP and office.acting:
        return "Plh. dan Plt. tidak dipakai untuk kelompok OPD."
    if office.group == OPD_GROUP and not wanted.org_unit_id and office.group not in wanted.leaves:
        return "Pilih juga OPD tempat orang ini bekerja."
    if office.valid_from and office.valid_to and office.valid_to < office.valid_from:
        return "Tanggal berakhir tidak boleh sebelum tanggal mulai."
    return ""


def _last_admin_problem(session: Session, actor: Actor, user: User, wanted: Details) -> dict[str, str]:
    """Somebody must be able to help; and nobody locks themselves out."""
    if user.id == actor.id and not wanted.is_active:
        return {"aktif": "Anda tidak dapat menonaktifkan akun Anda sendiri."}
    if not (user.is_admin and user.is_active) or ("admin" in wanted.rights and wanted.is_active):
        return {}
    admins = session.scalars(select(User.id).where(User.is_admin, User.is_active).order_by(User.id).with_for_update()).all()
    if set(admins) <= {user.id}:
        return {"hak": f"{user.name} admin yang terakhir. Beri hak admin kepada orang lain dahulu."}
    return {}


def _differences(session: Session, user: User, wanted: Details, held: Mapping[str, Membership]) -> list[str]:
    """In words, for the trail."""
    told = []
    for label, before, after in (("nama", user.name, wanted.name), ("jabatan", user.position or "", wanted.position)):
        if before != after:
            told.append(f"{label}: {before or '-'} → {after or '-'}")
    if user.org_unit_id != wanted.org_unit_id:
        units = {
            unit.id: unit.name for unit in session.scalars(select(OrgUnit).where(OrgUnit.id.in_([user.org_unit_id, wanted.org_unit_id])))
        }
        told.append(f"OPD: {units.get(user.org_unit_id or '', '-')} → {units.get(wanted.org_unit_id or '', '-')}")
    for right in sorted(wanted.rights ^ rights_of(user)):
        told.append(f"hak {RIGHTS[right]} {'diberikan' if right in wanted.rights else 'dicabut'}")
    names = _names(session, [office.group for office in wanted.offices] + list(wanted.leaves))
    for office in wanted.offices:
        row = held.get(office.group)
        held_words = _in_words(row.acting, row.valid_from, row.valid_to) if row else ""
        words = _in_words(office.acting, _first_day(office, held), office.valid_to)
        if office.group not in wanted.leaves and words != held_words:
            told.append(f"kelompok {names[office.group]}: {words}")
    return told + [f"kelompok {names.get(key, key)}: dikeluarkan" for key in sorted(wanted.leaves & held.keys())]


def rights_of(user: User) -> frozenset[str]:
    held = (("analyst", user.is_analyst), ("auditor", user.is_auditor), ("admin", user.is_admin))
    return frozenset(right for right, has in held if has)


def _write(session: Session, user: User, wanted: Details, held: Mapping[str, Membership]) -> None:
    user.name, user.position, user.org_unit_id, user.is_active = wanted.name, wanted.position, wanted.org_unit_id, wanted.is_active
    user.is_analyst, user.is_auditor, user.is_admin = (right in wanted.rights for right in ("analyst", "auditor", "admin"))
    session.execute(delete(Membership).where(Membership.user_id == user.id, Membership.group_key.in_(wanted.leaves)))
    for office in wanted.offices:
        if office.group in wanted.leaves:
            continue
        row = held.get(office.group)
        if row is None:
            row = Membership(user_id=user.id, group_key=office.group)
            session.add(row)
        row.acting, row.valid_from, row.valid_to = office.acting, _first_day(office, held), office.valid_to


def _first_day(office: Office, held: Mapping[str, Membership]) -> date:
    """Where none was given: the one it has, else today."""
    row = held.get(office.group)
    return office.valid_from or (row.valid_from if row else clock.today())


def _in_words(acting: str, since: date, until: date | None) -> str:
    """ "Plh. sejak 1 Mar 2026 sampai 7 Mar 2026"."""
    return f"{acting or 'definitif'} sejak {short_date(since)}{f' sampai {short_date(until)}' if until else ''}"


def _names(session: Session, keys: Collection[str]) -> dict[str, str]:
    rows = session.execute(select(Group.key, Group.name).where(Group.key.in_([key for key in keys if key.isprintable()])))
    return {row.key: row.name for row in rows}


def _end_everything(session: Session, actor: Actor, user: User) -> None:
    """Sessions, codes and tokens of before do not come back when the account is opened again."""
    session.execute(delete(SignIn).where(SignIn.user_id == user.id))
    codes.end_codes(session, user)
    tokens.end_tokens(session, actor, user)
