"""Berkas: every file of a case with its versions and digests; on demand, whether the bytes are still those that were received."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import definitions, instances
from app.access import Actor
from app.audit.evidence import Names, names_of
from app.audit.inspecting import case_to_inspect_for
from app.errors import NotFound
from app.models import Attachment, Definition, Instance, Task
from app.storage import Storage
from app.web.presenting import Pages, pages

FILES_A_PAGE = 100
Condition = Literal["utuh", "berubah", "hilang"]


@dataclass(frozen=True)
class FileLine:
    """One file. version: 1 for the first of its step, OPD and field. is_valid: the one the latest answers name. condition: None unchecked.

    is_first: of its task, so that links have one place to lead to.
    """

    file: Attachment
    task: Task
    unit: str
    label: str
    version: int
    is_valid: bool
    who: str
    is_first: bool
    condition: Condition | None


@dataclass(frozen=True)
class FilesPage:
    instance: Instance
    definition: Definition
    lines: Sequence[FileLine]
    pages: Pages
    is_checked: bool

    @property
    def conditions(self) -> Counter[str]:
        return Counter(line.condition for line in self.lines if line.condition)


def files_page(session: Session, actor: Actor, instance_id: int, number: int, storage: Storage | None) -> FilesPage:
    """storage: to read the bytes of this page's files again; None without being asked. Raises Forbidden, NotFound. Four statements."""
    instance, definition = case_to_inspect_for(session, actor, instance_id)
    rows = session.execute(
        select(Attachment, Task)
        .join(Task, Task.id == Attachment.task_id)
        .where(Attachment.instance_id == instance.id)
        .order_by(Task.opened_at, Task.element, Task.item, Attachment.field, Attachment.uploaded_at)
    ).all()
    names = names_of(session, {file.uploaded_by for file, _task in rows}, instance.id)
    shown = pages(number, len(rows), FILES_A_PAGE)
    lines = list(_lines([(file, task) for file, task in rows], names, _labels(session, definition, {task.form_id for _file, task in rows})))
    part = lines[max(0, shown.first_row - 1) : shown.last_row]
    if storage is not None:
        part = [_checked(line, storage) for line in part]
    return FilesPage(instance, definition, part, shown, storage is not None)


def _lines(rows: Sequence[tuple[Attachment, Task]], names: Names, labels: Mapping[tuple[str, str], str]) -> Iterator[FileLine]:
    versions: Counter[tuple[str, str | None, str]] = Counter()
    newest = {(task.element, task.item, file.field): file.id for file, task in rows}
    seen = set()
    for file, task in rows:
        line = (task.element, task.item, file.field)
        versions[line] += 1
        yield FileLine(
            file=file,
            task=task,
            unit=names.unit(task.item),
            label=labels.get((task.form_id or "", file.field), "Naskah fisik" if file.field == instances.PROOF else file.field),
            version=versions[line],
            is_valid=newest[line] == file.id,
            who=names.person(file.uploaded_by),
            is_first=task.id not in seen,
            condition=None,
        )
        seen.add(task.id)


def _checked(line: FileLine, storage: Storage) -> FileLine:
    """Against what the answers vouch for (the trail holds their digest), else against what was noted when it came."""
    found = storage.digest_of(line.file.storage_key)
    vouched = _vouched(line.task, line.file) or line.file.digest
    condition: Condition = "hilang" if found is None else "utuh" if found == line.file.digest == vouched else "berubah"
    return FileLine(**{**vars(line), "condition": condition})


def _vouched(task: Task, file: Attachment) -> str | None:
    named = (task.answers or {}).get(file.field)
    every = named if isinstance(named, list) else []
    return next((str(one.get("sha256")) for one in every if isinstance(one, Mapping) and one.get("id") == str(file.id)), None)


def _labels(session: Session, definition: Definition, form_ids: set[str | None]) -> dict[tuple[str, str], str]:
    """{(form, field): its label}."""
    found: dict[tuple[str, str], str] = {}
    for form_id in form_ids - {None}:
        try:
            form = definitions.form_of(session, definition, form_id)
        except NotFound:
            continue
        found |= {(form.id, field.key): field.name for field in form.file_fields}
    return found
