"""What one may still do about a step that is done: take it back, replace a file; and every version of its files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import definitions, instances
from app.access import Actor
from app.errors import NotFound
from app.forms import Field
from app.instances import TaskView
from app.models import Attachment, User
from app.web.posting import new_token


@dataclass(frozen=True)
class Version:
    """number: 1 for the first that was ever sent for this field."""

    number: int
    file: Attachment
    who: str
    is_latest: bool


@dataclass(frozen=True)
class Sent:
    """may_recall: neither step nor file is fixed yet. replaceable: the file fields. versions: (label, newest first), where there are two.

    with_names: the reader may know who sent them.
    """

    may_recall: bool
    replaceable: Sequence[Field]
    versions: Sequence[tuple[str, Sequence[Version]]]
    with_names: bool
    token: str
    problems: Mapping[str, str]


def sent_part(session: Session, actor: Actor, view: TaskView, with_names: bool, problems: Mapping[str, str]) -> Sent | None:
    """None while the task is open."""
    if view.task.state == "open":
        return None
    may_recall = instances.may_recall(session, actor, view)
    fields = _file_fields(session, view)
    return Sent(may_recall, fields if may_recall else (), _versions(session, view, fields), with_names, new_token(), problems)


def _file_fields(session: Session, view: TaskView) -> Sequence[Field]:
    try:
        return definitions.form_of(session, view.definition, view.task.form_id).file_fields
    except NotFound:
        return ()


def _versions(session: Session, view: TaskView, fields: Sequence[Field]) -> list[tuple[str, Sequence[Version]]]:
    """A field that takes several files at once has no versions, only files."""
    labels = {field.key: field.name for field in fields if not field.multiple}
    if not labels:
        return []
    found = [file for file in instances.versions_of(session, view.task) if file.field in labels]
    asked = select(User).where(User.id.in_({file.uploaded_by for file in found}))
    people = {user.id: user.name for user in session.scalars(asked)} if found else {}
    told: list[tuple[str, Sequence[Version]]] = []
    for key, group in groupby(found, key=lambda file: file.field):
        files = list(group)
        if len(files) > 1:
            last = len(files)
            versions = [Version(last - at, file, people.get(file.uploaded_by, ""), at == 0) for at, file in enumerate(files)]
            told.append((labels[key], versions))
    return told
