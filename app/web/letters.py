""" "Pakai surat dari pelaksanaan lain" on an opening form. Nothing is stored but the file, as a draft of this form."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from flask import flash, request
from sqlalchemy.orm import Session

from app import forms, instances
from app.access import Actor
from app.errors import InvalidAnswers, NotFound
from app.forms import ACTION, Form
from app.instances import Letter
from app.instances.choosing import choices_for
from app.web.guard import current_actor, database, storage
from app.web.posting import LETTER, LETTER_SEARCH, Posted, keep_drafts, plain

BORROW, SEARCH = "surat", "cari-surat"


@dataclass(frozen=True)
class Offered:
    """facts: what its opening form said of it and this form asks too: [(label, text)]."""

    letter: Letter
    facts: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Letters:
    """more: there are others than those shown. is_open: a button of this part was pressed."""

    offered: Sequence[Offered]
    more: bool
    search: str
    chosen: str
    is_open: bool


def letters_part(session: Session, actor: Actor, form: Form) -> Letters | None:
    """As the request asks for it. None where there is no letter to use."""
    search, pressed = plain(request.form.get(LETTER_SEARCH, ""))[:100], request.form.get(ACTION, "")
    found, more = instances.letters_to_borrow(session, actor, form, search)
    if not found and not search:
        return None
    is_open = pressed == SEARCH or (pressed == BORROW and not request.form.get(LETTER))
    return Letters([Offered(one, _facts(form, one)) for one in found], more, search, request.form.get(LETTER, ""), is_open)


def letter_answer(form: Form, posted: Posted) -> Posted | None:
    """The opening form to show again; None: no button of this part was pressed. Raises NotFound."""
    pressed = list(posted.texts.get(ACTION, ()))
    if pressed not in ([BORROW], [SEARCH]):
        return None
    posted = replace(posted, texts={key: texts for key, texts in posted.texts.items() if key != ACTION})
    if pressed == [SEARCH]:
        return posted
    if not request.form.get(LETTER):
        return replace(posted, problems={**posted.problems, LETTER: "Surat yang akan dipakai belum dipilih."})
    return _borrowed(form, posted, _file_id(request.form[LETTER]))


def _borrowed(form: Form, posted: Posted, file_id: UUID) -> Posted:
    with database().reading() as session:
        letter = instances.letter_for(session, current_actor(), form, file_id)
        choices = choices_for(session, form)
    try:
        keep_drafts([storage().copy(letter.file, letter.place.key, letter.place.name)], posted.token)
    except InvalidAnswers as error:
        return replace(posted, problems={**posted.problems, **error.problems})
    filled = forms.fill_from_letter(form, posted.texts, letter.answers, choices)
    told = f" Terisi juga: {', '.join(filled.names)}." if filled.names else ""
    flash(f"Berkas “{letter.file.filename}” dari {letter.instance.title} dilampirkan pada formulir ini.{told} Periksa, lalu mulai.")
    return replace(posted, texts=filled.submitted)


def _facts(form: Form, letter: Letter) -> list[tuple[str, str]]:
    """One line each: what takes a paragraph is left to the form itself."""
    asked = [field for field in form.fields if forms.is_of_letter(field) and field.type != "textarea"]
    return [(field.name, forms.shown(field, text)) for field in asked if (text := letter.answers.get(field.key)) and isinstance(text, str)]


def _file_id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFound from error
