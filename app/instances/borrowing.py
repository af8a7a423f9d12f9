"""One letter may start several SOPs: the files of opening forms, in the cases a person may see."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app import definitions, forms
from app.access import Actor
from app.errors import NotFound
from app.forms import Field, Form
from app.instances.reading import definitions_seen_by
from app.models import Attachment, Definition, Instance, Task

SHOWN = 10
SEARCHED = 1000  # the newest letters that a search looks through


@dataclass(frozen=True)
class Letter:
    """answers: of the opening form it came with. place: the file field that takes it in the form to be filled."""

    file: Attachment
    instance: Instance
    answers: Mapping[str, Any]
    place: Field


def letters_to_borrow(session: Session, actor: Actor, form: Form, search: str = "") -> tuple[list[Letter], bool]:
    """The newest first, at most SHOWN that the form can take; whether there are more. search: in their case, name and answers."""
    limit = SEARCHED if search else 3 * SHOWN
    found: list[Letter] = []
    for letter in _letters(session, form, _opening_files(session, actor).limit(limit)):
        if _says(letter, search.casefold()):
            found.append(letter)
        if len(found) > SHOWN:
            break
    return found[:SHOWN], len(found) > SHOWN


def letter_for(session: Session, actor: Actor, form: Form, file_id: UUID) -> Letter:
    """Raises NotFound for absent, for what the person may not see and for what is no letter, alike."""
    query = _opening_files(session, actor).where(Attachment.id == file_id)
    found = next(_letters(session, form, query), None)
    if found is None:
        raise NotFound
    return found


def _opening_files(session: Session, actor: Actor) -> Select[Attachment, Instance, Definition, Task]:
    """The row of an opening form carries the token of its case."""
    query = (
        select(Attachment, Instance, Definition, Task)
        .join(Task, Attachment.task_id == Task.id)
        .join(Instance, Task.instance_id == Instance.id)
        .join(Definition, Instance.definition_id == Definition.id)
        .where(Task.token == Instance.token, Task.state == "done")
        .order_by(Instance.started_at.desc(), Instance.id.desc(), Attachment.filename, Attachment.id)
    )
    return query if actor.sees_every_case else query.where(Definition.id.in_(definitions_seen_by(session, actor)))


def _letters(session: Session, form: Form, query: Select[Attachment, Instance, Definition, Task]) -> Iterator[Letter]:
    for file, instance, definition, task in session.execute(query):
        start = definitions.spec_of(definition).drawing.start
        place = _place(form, file)
        if start is not None and start.id == task.element and place is not None:
            yield Letter(file, instance, task.answers or {}, place)


def _place(form: Form, file: Attachment) -> Field | None:
    """The file field of the same key, else the first that takes such a file."""
    fits = [field for field in form.file_fields if not field.system_set and forms.takes_file(field, file.filename)]
    return next((field for field in fits if field.key == file.field), fits[0] if fits else None)


def _says(letter: Letter, words: str) -> bool:
    said = [letter.instance.title, letter.file.filename, *(text for text in letter.answers.values() if isinstance(text, str))]
    return any(words in text.casefold() for text in said)
