""" "Perbaiki pelaksanaan": what an admin may do to one case, and, before each deed, what will follow from it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import definitions, forms, incidents, instances
from app.access import Actor
from app.diagram import Drawing, Element
from app.errors import Conflict, NotFound
from app.forms import Form, Submitted
from app.instances.choosing import choices_for
from app.instances.recorded import recorded_variables, recorded_visits, variables_form
from app.instances.repairing import GOING, WAITING
from app.models import Definition, Incident, Instance, OrgUnit, Task, Timer
from app.web.presenting import lower_first, round_name

NO_PROBLEMS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Deed:
    """title: of its page; button: a verb; states: of the case in which it may be done; severe: it cannot be undone."""

    title: str
    button: str
    states: tuple[str, ...]
    severe: bool = False


DEEDS: Mapping[str, Deed] = MappingProxyType(
    {
        "tangguhkan": Deed("Tangguhkan pelaksanaan", "Tangguhkan", ("running",)),
        "lanjutkan": Deed("Lanjutkan pelaksanaan", "Lanjutkan", ("suspended",)),
        "mulai-lagi": Deed("Mulai lagi dari satu langkah", "Mulai lagi dari langkah ini", GOING, severe=True),
        "tarik": Deed("Tarik satu OPD", "Tarik OPD ini", ("running",), severe=True),
        "tutup": Deed("Tutup penerimaan", "Tutup penerimaan", ("running",), severe=True),
        "batalkan": Deed("Batalkan pelaksanaan", "Batalkan pelaksanaan", GOING, severe=True),
    }
)

# What follows whatever the case is.
ALWAYS: Mapping[str, Sequence[str]] = MappingProxyType(
    {
        "tangguhkan": (
            "Tidak ada yang dapat mengirim isian pada pelaksanaan ini sampai dilanjutkan.",
            "Tugas yang terbuka dan drafnya tetap ada.",
            "Penghitung waktu berhenti; yang jatuh tempo dilakukan setelah dilanjutkan. Batas waktu pada tugas tidak bergeser.",
        ),
        "lanjutkan": ("Semua pelaksana dapat bekerja lagi.", "Penghitung waktu yang sudah jatuh tempo dilakukan dalam satu menit."),
        "batalkan": (
            "Pelaksanaan berakhir dan tidak dapat dilanjutkan lagi.",
            "Pelaksanaan baru untuk SOP dan tahun yang sama dapat dimulai.",
        ),
    }
)


@dataclass(frozen=True)
class Point:
    """A step to begin again from. done: how often it was completed; is_open: it waits now."""

    element: Element
    lane: str
    done: int
    is_open: bool


@dataclass(frozen=True)
class Line:
    """One open row of a fan-out."""

    task: Task
    unit: str


@dataclass(frozen=True)
class RepairPage:
    """incidents: of this case that nobody has handled, in words. stopped: why it stands still, "" where it does not."""

    instance: Instance
    definition: Definition
    incidents: Sequence[tuple[Incident, str]]
    stopped: str
    points: Sequence[Point]
    lines: Sequence[Line]

    @property
    def fan_outs(self) -> Mapping[UUID, Sequence[Line]]:
        """{engine task: its lines}."""
        found: dict[UUID, list[Line]] = {}
        for line in self.lines:
            found.setdefault(line.task.engine_task, []).append(line)
        return found

    def may(self, deed: str) -> bool:
        return self.instance.state in DEEDS[deed].states


@dataclass(frozen=True)
class ConfirmPage:
    """about: the step or OPD it is about, "" for the case. form, values: what the drawing reads, for beginning again; None otherwise.

    missing: variables that nobody has answered and the step needs at once.
    """

    instance: Instance
    definition: Definition
    key: str
    deed: Deed
    about: str
    consequences: Sequence[str]
    subject: Mapping[str, str]
    form: Form | None
    values: Submitted
    choices: Mapping[str, Sequence[tuple[str, str]]]
    missing: bool
    reason: str
    problems: Mapping[str, str]


def case_to_repair_for(session: Session, actor: Actor, instance_id: int) -> tuple[Instance, Definition]:
    """Raises NotFound for absent and for a case the actor may not see, Forbidden to all but admins."""
    found = instances.instance_for(session, actor, instance_id)
    incidents.require_admin(actor)
    return found


def repair_page(session: Session, actor: Actor, instance_id: int) -> RepairPage:
    instance, definition = case_to_repair_for(session, actor, instance_id)
    drawing = definitions.spec_of(definition).drawing
    tasks = instances.tasks_of(session, instance.id)
    unhandled = select(Incident).where(Incident.instance_id == instance.id, Incident.resolved_at.is_(None)).order_by(Incident.id.desc())
    units = {unit.id: unit.name for unit in session.scalars(select(OrgUnit))}
    return RepairPage(
        instance=instance,
        definition=definition,
        incidents=[(one, incidents.words_of(one)) for one in session.scalars(unhandled)],
        stopped=instances.stopped_words(session, instance) if instance.state in GOING else "",
        points=list(_points(drawing, definition, tasks, recorded_visits(session, instance, tasks))),
        lines=[Line(task, units.get(task.item, task.item)) for task in tasks if task.item and task.state == "open"],
    )


def confirm_page(
    session: Session,
    actor: Actor,
    instance_id: int,
    key: str,
    subject: Mapping[str, str],
    posted: Submitted | None = None,
    reason: str = "",
    problems: Mapping[str, str] = NO_PROBLEMS,
) -> ConfirmPage:
    """subject: {"langkah": element} or {"tugas": task id}, as the address names it. Raises NotFound, Forbidden, Conflict."""
    instance, definition = case_to_repair_for(session, actor, instance_id)
    if key not in DEEDS:
        raise NotFound
    if instance.state not in DEEDS[key].states:
        raise Conflict("Tindakan ini tidak berlaku pada keadaan pelaksanaan sekarang. Kembali ke halaman perbaikannya.")
    tasks = instances.tasks_of(session, instance.id)
    about, consequences = _told(session, instance, definition, key, subject, tasks)
    form = variables_form(session, definition) if key == "mulai-lagi" else None
    recorded = recorded_variables(session, instance, definition) if form else {}
    element = definitions.spec_of(definition).drawing.elements.get(subject.get("langkah", ""))
    return ConfirmPage(
        instance=instance,
        definition=definition,
        key=key,
        deed=DEEDS[key],
        about=about,
        consequences=consequences,
        subject=subject,
        form=form if form and form.fields else None,
        values=posted if posted is not None else forms.as_submitted(form, recorded) if form else {},
        choices=choices_for(session, form) if form else {},
        missing=bool(element and element.collection and not recorded.get(element.collection)),
        reason=reason,
        problems=problems,
    )


def _points(drawing: Drawing, definition: Definition, tasks: Sequence[Task], visits: Mapping[str, int]) -> Iterator[Point]:
    waiting = {task.element for task in tasks if task.state in WAITING}
    for element in instances.restart_points_of(definition):
        yield Point(element, _lane(drawing, element), visits.get(element.id, 0), element.id in waiting)


def _told(
    session: Session, instance: Instance, definition: Definition, key: str, subject: Mapping[str, str], tasks: Sequence[Task]
) -> tuple[str, list[str]]:
    """What the deed is about, and what follows from it."""
    waiting = [task for task in tasks if task.state in WAITING]
    if key in ALWAYS:
        return "", [*(_stops(session, instance, waiting) if key == "batalkan" else ()), *ALWAYS[key]]
    if key == "mulai-lagi":
        return _restart(session, instance, definition, subject.get("langkah", ""), tasks, waiting)
    return _line(session, key, subject.get("tugas", ""), waiting)


def _restart(
    session: Session, instance: Instance, definition: Definition, id: str, tasks: Sequence[Task], waiting: Sequence[Task]
) -> tuple[str, list[str]]:
    element = next((one for one in instances.restart_points_of(definition) if one.id == id), None)
    if element is None:
        raise NotFound
    drawing, visits = definitions.spec_of(definition).drawing, recorded_visits(session, instance, tasks)
    round, lane = visits.get(id, 0) + 1, _lane(drawing, element)
    again = f" sebagai {lower_first(round_name(round))}" if round > 1 else ""
    who = "satu tugas untuk setiap OPD pada daftarnya" if element.multi_instance else f"satu tugas untuk {lane}"
    told = [*_stops(session, instance, waiting), f"“{element.name}” terbuka lagi{again}: {who}."]
    told += ["Pelaksanaan tetap ditangguhkan sampai dilanjutkan."] if instance.state == "suspended" else []
    return f"{element.name}{f' (baris {element.row})' if element.row else ''}", told


def _line(session: Session, key: str, id: str, waiting: Sequence[Task]) -> tuple[str, list[str]]:
    task = next((one for one in waiting if str(one.id) == id and one.item and one.state == "open"), None)
    if task is None:
        raise NotFound
    unit = session.get(OrgUnit, task.item)
    group = [one for one in waiting if one.engine_task == task.engine_task]
    name = unit.name if unit else task.item or ""
    if key == "tarik":
        last = ["Ini yang terakhir ditunggu: langkah ini selesai dan pelaksanaan berlanjut."] if len(group) == 1 else []
        return f"{name}: {task.name}", [f"{name} tidak lagi diminta menyampaikan dokumen pada langkah ini.", *last]
    sent = sum(one.state == "submitted" for one in group)
    told = [f"{len(group) - sent} OPD dicatat tidak menyampaikan.", "Langkah ini selesai dan pelaksanaan berlanjut."]
    return task.name, told if not sent else [f"{sent} kiriman belum diterima atau dikembalikan: selesaikan dahulu di Pantauan Pengumpulan."]


def _stops(session: Session, instance: Instance, waiting: Sequence[Task]) -> Iterator[str]:
    names = list(dict.fromkeys(task.name for task in waiting))
    if names:
        yield f"{len(waiting)} tugas yang terbuka tidak berlaku lagi: {'; '.join(f'“{name}”' for name in names)}."
    sent = sum(task.state == "submitted" for task in waiting)
    if sent:
        yield f"{sent} kiriman OPD yang belum diterima tidak berlaku lagi; berkasnya tetap tersimpan."
    running = select(func.count(Timer.id)).where(Timer.instance_id == instance.id, Timer.state == "waiting")
    if count := session.scalar(running):
        yield f"{count} penghitung waktu dihentikan."
    yield "Isian, berkas, dan riwayat yang sudah ada tidak dihapus."


def _lane(drawing: Drawing, element: Element) -> str:
    lane = drawing.lane_of(element.id)
    return lane.name if lane else ""
