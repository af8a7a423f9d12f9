"""What the pages of SK Tim show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app import clock, offices
from app.access import OPD_GROUP, Actor
from app.models import Group, Membership, TeamDecree, User
from app.offices import DecreeRow, Told
from app.web.posting import plain
from app.web.typed import Typed

SPARE = 5  # blank rows of a new decree
MORE = 3  # blank rows beyond those that are filled


@dataclass(frozen=True)
class Team:
    """lack: why there is none in force today, "" where there is one. rows: (decree, whether it is in force today), the newest first."""

    group: Group
    lack: str
    rows: Sequence[tuple[DecreeRow, bool]]


@dataclass(frozen=True)
class TeamsPage:
    teams: Sequence[Team]
    may_keep: bool


@dataclass(frozen=True)
class DecreePage:
    """members: (role in words, name, position of the account, "" without one)."""

    row: DecreeRow
    is_current: bool
    members: Sequence[tuple[str, str, str]]
    events: Sequence[Told]
    may_keep: bool


@dataclass(frozen=True)
class MemberRow:
    """As typed. account: the id of a user, "" without one."""

    role: str = "anggota"
    name: str = ""
    account: str = ""


@dataclass(frozen=True)
class DecreePost:
    typed: Typed
    rows: tuple[MemberRow, ...]


@dataclass(frozen=True)
class DecreeForm:
    """decree: None for a new one. accounts: [(id, name and position)]."""

    decree: TeamDecree | None
    values: Mapping[str, str]
    rows: Sequence[MemberRow]
    teams: Sequence[Group]
    roles: Mapping[str, str]
    accounts: Sequence[tuple[str, str]]
    edition: int
    problems: Mapping[str, str]


def teams_page(session: Session, actor: Actor) -> TeamsPage:
    """Raises Forbidden."""
    offices.require_reader(actor)
    kept, today = offices.decrees(session), clock.today()
    teams = []
    for group in offices.teams(session):
        own = [row for row in kept if row.group.key == group.key]
        lack = offices.lack_of(group, [row.decree for row in own], today)
        teams.append(Team(group, lack, [(row, _holds(row.decree, today)) for row in own]))
    return TeamsPage(teams, offices.may_keep(session, actor))


def decree_page(session: Session, actor: Actor, decree_id: int) -> DecreePage:
    """Raises Forbidden, NotFound."""
    row = offices.decree_for(session, actor, decree_id)
    ids = [member.user_id for member in row.members if member.user_id]
    people = {user.id: user for user in session.scalars(select(User).where(User.id.in_(ids)))}
    members = [
        (offices.ROLES.get(one.role, one.role), one.name, people[one.user_id].position if one.user_id in people else "")
        for one in row.members
    ]
    return DecreePage(
        row=row,
        is_current=_holds(row.decree, clock.today()),
        members=members,
        events=offices.events_of(session, offices.of_decree(decree_id)),
        may_keep=offices.may_keep(session, actor),
    )


def decree_form(
    session: Session, actor: Actor, decree_id: int | None, posted: DecreePost | None, problems: Mapping[str, str], team: str
) -> DecreeForm:
    """team: chosen beforehand for a new one. Raises Forbidden, NotFound."""
    offices.require_keeper(session, actor)
    row = offices.decree_for(session, actor, decree_id) if decree_id is not None else None
    values: Mapping[str, str] = {"tim": plain(team)}
    rows: tuple[MemberRow, ...] = ()
    if row is not None:
        values = _stored(row.decree)
        rows = tuple(MemberRow(one.role, one.name, str(one.user_id or "")) for one in row.members)
    edition = offices.edition_of(session, offices.of_decree(decree_id)) if decree_id is not None else 0
    if posted is not None:
        values, rows, edition = posted.typed.texts, posted.rows, posted.typed.edition
    spare = max(MORE, SPARE - len(rows))
    return DecreeForm(
        decree=row.decree if row else None,
        values=values,
        rows=[*rows, *([MemberRow()] * spare)],
        teams=offices.teams(session),
        roles=offices.ROLES,
        accounts=_accounts(session, {one.account for one in rows}),
        edition=edition,
        problems=problems,
    )


def _holds(decree: TeamDecree, day: date) -> bool:
    return decree.valid_from <= day and (decree.valid_to is None or decree.valid_to >= day)


def _stored(decree: TeamDecree) -> dict[str, str]:
    return {
        "tim": decree.group_key,
        "nomor": decree.number,
        "tanggal": decree.dated.isoformat(),
        "tentang": decree.title,
        "mulai": decree.valid_from.isoformat(),
        "sampai": decree.valid_to.isoformat() if decree.valid_to else "",
        "tempat": decree.kept_at,
    }


def _accounts(session: Session, chosen: set[str]) -> list[tuple[str, str]]:
    """Active people with an office of their own, and whoever is chosen already."""
    in_office = exists().where(Membership.user_id == User.id, Membership.group_key != OPD_GROUP)
    users = session.scalars(select(User).where(in_office).order_by(User.name, User.id))
    return [
        (str(user.id), f"{user.name}, {user.position}" if user.position else user.name)
        for user in users
        if user.is_active or str(user.id) in chosen
    ]
