"""SK Tim: the decrees by which teams work, kept by hand; starting an SOP of a team without one in force is told, never refused."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.access import Actor
from app.errors import InvalidAnswers, NotFound
from app.models import Group, TeamDecree, TeamMember, User
from app.offices import events
from app.offices.days import FIRST, LAST, holds_on, span_problems, span_words, text_problem
from app.offices.rights import require_keeper, require_reader
from app.words import long_date, short_date

TEAM = "tim"  # kind of the groups that work by decree
ROLES = {"ketua": "Ketua", "sekretaris": "Sekretaris", "anggota": "Anggota"}
MOST_MEMBERS = 60


@dataclass(frozen=True)
class Member:
    """user_id: their account, None without one; a name left blank is then that of the account."""

    role: str
    name: str = ""
    user_id: int | None = None


@dataclass(frozen=True)
class DecreeDetails:
    group_key: str
    number: str
    title: str
    dated: date | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    kept_at: str = ""
    members: tuple[Member, ...] = ()


@dataclass(frozen=True)
class DecreeRow:
    decree: TeamDecree
    group: Group
    members: tuple[TeamMember, ...]


def teams(session: Session) -> Sequence[Group]:
    return session.scalars(select(Group).where(Group.kind == TEAM).order_by(Group.name)).all()


def decrees(session: Session, groups: Collection[str] | None = None) -> list[DecreeRow]:
    """Of these groups or of all: by group, the newest first. Two statements."""
    query = select(TeamDecree, Group).join(Group, Group.key == TeamDecree.group_key)
    if groups is not None:
        query = query.where(TeamDecree.group_key.in_(groups))
    found = session.execute(query.order_by(Group.name, TeamDecree.valid_from.desc(), TeamDecree.id.desc())).all()
    members: dict[int, list[TeamMember]] = {}
    for member in session.scalars(
        select(TeamMember).where(TeamMember.decree_id.in_([row[0].id for row in found])).order_by(TeamMember.place)
    ):
        members.setdefault(member.decree_id, []).append(member)
    return [DecreeRow(decree, group, tuple(members.get(decree.id, ()))) for decree, group in found]


def decree_for(session: Session, actor: Actor, decree_id: int) -> DecreeRow:
    """Raises Forbidden, NotFound."""
    require_reader(actor)
    decree = session.get(TeamDecree, decree_id)
    if decree is None:
        raise NotFound
    return next(row for row in decrees(session, [decree.group_key]) if row.decree.id == decree_id)


def keep_decree(session: Session, actor: Actor, decree_id: int | None, wanted: DecreeDetails, edition: int = 0) -> TeamDecree:
    """decree_id: None for a new one. The same change twice is one. Raises Forbidden, NotFound, InvalidAnswers, Conflict."""
    require_keeper(session, actor)
    row = None
    if decree_id is not None:
        row = session.scalar(select(TeamDecree).where(TeamDecree.id == decree_id).with_for_update())
        if row is None:
            raise NotFound
    people = _people(session, wanted)
    if problems := _problems(session, wanted, row, people):
        raise InvalidAnswers(problems)
    named = [(one.role, one.name or people[one.user_id or 0].name, one.user_id) for one in wanted.members]
    told = _in_words(session, wanted, named)
    if row is not None:
        before = decree_for(session, actor, row.id)
        if told == _in_words(session, before.decree, [(one.role, one.name, one.user_id) for one in before.members]):
            return row
        events.refuse_outdated(session, events.of_decree(row.id), edition, f"SK {row.number}")
    deed: events.Deed = "added" if row is None else "changed"
    row = row or TeamDecree()
    _write(session, row, wanted, named)
    events.record(session, actor, events.of_decree(row.id), deed, told)
    return row


def without_decree(session: Session, groups: Collection[str], day: date) -> list[str]:
    """One sentence for each of these groups that works by decree and has none in force on that day."""
    wanted = session.scalars(select(Group).where(Group.key.in_(groups), Group.kind == TEAM).order_by(Group.name)).all()
    if not wanted:
        return []
    kept = decrees(session, [group.key for group in wanted])
    return [told for group in wanted if (told := lack_of(group, [row.decree for row in kept if row.group.key == group.key], day))]


def lack_of(group: Group, kept: Sequence[TeamDecree], day: date) -> str:
    """ "SK Tim Penyusun berakhir 31 Desember 2025 (Nomor 12 Tahun 2025)"; "" where one is in force on that day."""
    if any(holds_on(decree, day) for decree in kept):
        return ""
    over = [decree for decree in kept if decree.valid_to is not None and decree.valid_to < day]
    if over:
        last = max(over, key=lambda decree: decree.valid_to or day)
        return f"SK {group.name} berakhir {long_date(last.valid_to or day)} (Nomor {last.number})"
    if kept:
        first = min(kept, key=lambda decree: decree.valid_from)
        return f"SK {group.name} baru berlaku {long_date(first.valid_from)} (Nomor {first.number})"
    return f"SK {group.name} belum dicatat"


def _people(session: Session, wanted: DecreeDetails) -> dict[int, User]:
    ids = [one.user_id for one in wanted.members if one.user_id is not None]
    return {user.id: user for user in session.scalars(select(User).where(User.id.in_(ids)))}


def _problems(session: Session, wanted: DecreeDetails, row: TeamDecree | None, people: dict[int, User]) -> dict[str, str]:
    texts = (
        ("nomor", "Nomor SK", wanted.number, 100, True),
        ("tentang", "Tentang", wanted.title, 300, True),
        ("tempat", "Tempat naskah", wanted.kept_at, 300, False),
    )
    problems = {key: told for key, label, text, most, must in texts if (told := text_problem(label, text, most, must))}
    if wanted.group_key not in {group.key for group in teams(session)}:
        problems["tim"] = "Tim belum dipilih."
    if wanted.dated is None:
        problems["tanggal"] = "Tanggal SK belum diisi dengan tanggal."
    elif not FIRST <= wanted.dated <= LAST:
        problems["tanggal"] = f"Periksa tahun pada tanggal SK: {wanted.dated.year}."
    problems |= span_problems(wanted.valid_from, wanted.valid_to) | _member_problems(wanted.members, people)
    if "nomor" not in problems and _is_kept(session, wanted, row):
        problems["nomor"] = f"SK Nomor {wanted.number} untuk tim ini sudah tercatat."
    return problems


def _member_problems(members: Sequence[Member], people: dict[int, User]) -> dict[str, str]:
    if not members:
        return {"anggota": "Anggota tim belum diisi. Isi sedikitnya satu orang."}
    if len(members) > MOST_MEMBERS:
        return {"anggota": f"Anggota tim paling banyak {MOST_MEMBERS} orang."}
    problems = {}
    for place, one in enumerate(members, 1):
        if one.role not in ROLES:
            problems[f"nama_{place}"] = f"Anggota {place}: pilih ketua, sekretaris, atau anggota."
        elif one.user_id is not None and one.user_id not in people:
            problems[f"nama_{place}"] = f"Anggota {place}: akunnya tidak dikenal. Pilih dari daftar."
        elif told := text_problem(f"Nama anggota {place}", one.name, 200, required=one.user_id is None):
            problems[f"nama_{place}"] = told
    if sum(one.role == "ketua" for one in members) > 1 and not problems:
        problems["anggota"] = "Ketua tim hanya satu orang."
    return problems


def _is_kept(session: Session, wanted: DecreeDetails, row: TeamDecree | None) -> bool:
    same = select(TeamDecree).where(TeamDecree.group_key == wanted.group_key, TeamDecree.dated == wanted.dated)
    return any(one.number.casefold() == wanted.number.casefold() for one in session.scalars(same) if row is None or one.id != row.id)


def _write(session: Session, row: TeamDecree, wanted: DecreeDetails, named: Sequence[tuple[str, str, int | None]]) -> None:
    assert wanted.dated is not None and wanted.valid_from is not None  # noqa: S101 - a problem otherwise
    row.group_key, row.number, row.title, row.kept_at = wanted.group_key, wanted.number, wanted.title, wanted.kept_at
    row.dated, row.valid_from, row.valid_to = wanted.dated, wanted.valid_from, wanted.valid_to
    session.add(row)
    session.flush()
    session.execute(delete(TeamMember).where(TeamMember.decree_id == row.id))
    session.add_all(
        TeamMember(decree_id=row.id, place=place, role=role, name=name, user_id=user_id)
        for place, (role, name, user_id) in enumerate(named, 1)
    )


def _in_words(session: Session, wanted: DecreeDetails | TeamDecree, named: Sequence[tuple[str, str, int | None]]) -> str:
    """The whole decree as the trail tells it: what differs between two deeds can be read there."""
    assert wanted.dated is not None and wanted.valid_from is not None  # noqa: S101 - a problem otherwise
    group = session.get(Group, wanted.group_key)
    linked = {user.id: user.username for user in session.scalars(select(User).where(User.id.in_([id for *_who, id in named if id])))}
    people = ", ".join(f"{name} ({role}{f', akun {linked[id]}' if id in linked else ''})" for role, name, id in named)
    kept_at = f"; naskah: {wanted.kept_at}" if wanted.kept_at else ""
    span = span_words(wanted.valid_from, wanted.valid_to)
    return (
        f"{group.name if group else wanted.group_key}: Nomor {wanted.number}, {short_date(wanted.dated)}, {wanted.title}; "
        f"{span}; {people}{kept_at}"
    )
