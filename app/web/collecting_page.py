"""Pantauan Pengumpulan: what the collecting office sees of one fan-out, line by line, and what it may do with each."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock, definitions, instances, offices
from app.access import Actor
from app.errors import NotFound
from app.instances import Collection, Gathered, TaskView
from app.models import Task, User
from app.web.posting import Posted, new_token
from app.web.presenting import LINE_STATES
from app.web.reminded import Reminded, reminded_of
from app.web.reminders import Message, messages_of
from app.web.story import Line, tell
from app.web.task_page import FormView, opening_form

# The tabs above the table: {address word: (words, states)}; "" is everything.
TABS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "": ("Semua", tuple(LINE_STATES)),
    "dikirim": ("Menunggu diterima", ("dikirim",)),
    "belum": ("Belum menyampaikan", ("belum", "dibuka", "draf", "dikembalikan")),
    "dikembalikan": ("Dikembalikan", ("dikembalikan",)),
    "diterima": ("Diterima", ("diterima",)),
    "tidak": ("Tidak menyampaikan", ("tidak",)),
    "ditarik": ("Ditarik", ("ditarik", "batal")),
}
# What wants a hand comes first.
RANKS = {"dikirim": 0, "dikembalikan": 1, "draf": 2, "dibuka": 2, "belum": 2, "tidak": 2, "diterima": 3}


@dataclass(frozen=True)
class Typed:
    """A deed that was refused: what was typed and what was wrong.

    deed: terima, perpanjang, tutup, surat, kembalikan, tarik. task_id: of one line.
    """

    deed: str
    task_id: UUID | None
    texts: Mapping[str, str]
    problems: Mapping[str, str]
    chosen: frozenset[UUID] = frozenset()


@dataclass(frozen=True)
class Wanted:
    """What the address asks for. tool: perpanjang, tutup, surat, pesan stand open. tick: what is ticked beforehand (a state)."""

    tab: str = ""
    search: str = ""
    tool: str = ""
    tick: str = ""


@dataclass(frozen=True)
class MonitorLine:
    """One OPD. own_due: its deadline where it is not that of the others. recorder: who typed in what came outside the app."""

    gathered: Gathered
    told: Line
    own_due: datetime | None
    recorder: str
    ticked: bool

    @property
    def task(self) -> Task:
        return self.gathered.task

    @property
    def state(self) -> str:
        return self.gathered.state

    @property
    def name(self) -> str:
        return self.told.what


@dataclass(frozen=True)
class MonitorPage:
    """due: the deadline most OPD have; since: when the first of them was asked; late: how many have passed theirs.

    tabs: (address word, words, lines). may_collect: now.
    reminded: what reminders were made, the latest first. signers: (group key, name) of who may sign a letter; signer: the likely one.
    """

    collection: Collection
    lines: Sequence[MonitorLine]
    due: datetime | None
    since: datetime | None
    late: int
    tabs: Sequence[tuple[str, str, int]]
    messages: Sequence[Message]
    reminded: Sequence[Reminded]
    signers: Sequence[tuple[str, str]]
    signer: str
    may_collect: bool
    may_close: bool
    wanted: Wanted
    typed: Typed | None
    token: str


@dataclass(frozen=True)
class OutsidePage:
    """The OPD's own form, filled in by those who collect. receipt: what was typed of date, channel and sender."""

    view: TaskView
    opd: str
    form: FormView
    receipt: Mapping[str, str]
    channels: Sequence[str] = field(default=instances.CHANNELS)


def monitor_page(
    session: Session, actor: Actor, instance_id: int, element: str, wanted: Wanted, address: str, office: str, typed: Typed | None = None
) -> MonitorPage:
    """address: of the inbox, for the messages; office: who signs them. Raises NotFound."""
    found = instances.collection_for(session, actor, instance_id, element)
    due = _usual_deadline(found)
    may_collect = found.mine and found.instance.state == "running"
    signers = instances.signers_of(session, definitions.spec_of(found.definition).drawing) if may_collect else []
    lines = _lines(session, found, due, _ticks(found, wanted, typed) if may_collect else frozenset())
    return MonitorPage(
        collection=found,
        lines=[line for line in lines if line.state in TABS[wanted.tab][1] and wanted.search.casefold() in line.name.casefold()],
        due=due,
        since=min((line.task.opened_at for line in found.lines if line.task.due_at == due), default=None),
        late=sum(1 for line in found.lines if line.task.state == "open" and line.task.due_at and line.task.due_at < clock.now()),
        tabs=_tabs(found, wanted.tab),
        messages=messages_of(found, [(line.name, line.gathered) for line in lines], due, address, office) if may_collect else (),
        reminded=reminded_of(session, [instance_id]).get((instance_id, element), ()),
        signers=[(group.key, group.name) for group in signers],
        signer=instances.head_of_office(session, found.definition, signers),
        may_collect=may_collect,
        may_close=may_collect and found.is_open,
        wanted=wanted,
        typed=typed,
        token=new_token(),
    )


def outside_page(
    session: Session,
    actor: Actor,
    task_id: UUID,
    posted: Posted | None,
    problems: Mapping[str, str],
    receipt: Mapping[str, str],
    max_mb: int,
) -> OutsidePage:
    """Raises NotFound."""
    view = line_to_record_for(session, actor, task_id)
    form = definitions.form_of(session, view.definition, view.task.form_id)
    return OutsidePage(
        view=view,
        opd=offices.name_in_case(session, view.instance.id, view.task.item or ""),
        form=opening_form(session, actor, form, posted, problems, max_mb, {}, f"luar:{task_id}", view.task),
        receipt=receipt or {"luar-tanggal": clock.today().isoformat()},
    )


def line_to_record_for(session: Session, actor: Actor, task_id: UUID) -> TaskView:
    """Raises NotFound, also for a line that is not this person's to record: its form is not theirs to see."""
    view = instances.task_seen_by(session, actor, task_id)
    if not view.is_line or not instances.may_collect(actor, view):
        raise NotFound
    return view


def read_date(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def _lines(session: Session, found: Collection, due: datetime | None, ticked: frozenset[UUID]) -> list[MonitorLine]:
    """What wants a hand first, then in the order of the office's own list of OPD."""
    rows = [line.task for line in found.lines]
    told = {line.task.id: line for chapter in tell(session, found.definition, rows) for line in chapter.lines}
    order = {id: number for number, id in enumerate(offices.names_of_case(session, found.instance.id))}
    ids = {row.recorded_by for row in rows if row.recorded_by}
    people = {user.id: user.name for user in session.scalars(select(User).where(User.id.in_(ids)))} if ids else {}
    lines = [
        MonitorLine(
            gathered=line,
            told=told[line.task.id],
            own_due=line.task.due_at if line.task.state == "open" and line.task.due_at != due else None,
            recorder=people.get(line.task.recorded_by or 0, ""),
            ticked=line.task.id in ticked,
        )
        for line in found.lines
    ]
    return sorted(lines, key=lambda line: (RANKS.get(line.state, 4), order.get(line.task.item or "", len(order)), line.name))


def _ticks(found: Collection, wanted: Wanted, typed: Typed | None) -> frozenset[UUID]:
    if typed is not None:
        return typed.chosen
    states = TABS[wanted.tick][1] if wanted.tick else ()
    return frozenset(line.task.id for line in found.lines if line.state in states)


def _tabs(found: Collection, chosen: str) -> list[tuple[str, str, int]]:
    """Only those that hold something, and the one chosen."""
    counted = [(word, words, sum(found.counts[state] for state in states)) for word, (words, states) in TABS.items()]
    return [(word, words, count) for word, words, count in counted if count or word in ("", chosen)]


def _usual_deadline(found: Collection) -> datetime | None:
    """Of those still waited for, else of all: the one most of them have, the earlier of two."""
    waiting = [line.task.due_at for line in found.lines if line.task.state == "open" and line.task.due_at]
    counted = Counter(waiting or [line.task.due_at for line in found.lines if line.task.due_at])
    return min(counted, key=lambda due: (-counted[due], due), default=None)
