"""What a form of ours posts: its texts, its one-time token, its files.

Files are streamed and hashed before any transaction, then kept as drafts under the form's token, so that a form which comes back with
problems still has them.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from uuid import uuid4

from flask import g, request

from app import attachments, forms
from app.errors import InvalidAnswers, InvalidInput, NotStored
from app.forms import Form
from app.storage import Received
from app.web.guard import current_actor, database, storage

LETTER, LETTER_SEARCH = "_surat", "_cari_surat"  # inputs of "Pakai surat dari pelaksanaan lain"; no form of an SOP has such keys
AGAIN = "_koreksi"  # the tick that begins a correction of a finished case
OURS = ("csrf_token", "token", LETTER, LETTER_SEARCH, AGAIN)
NOTHING: Mapping[str, str] = MappingProxyType({})
_TOKEN = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class Posted:
    """texts: {field: [raw text]} without our own fields. problems: {field: sentence} of the files that were refused.

    focus: id of the element to go on with after a button of a table, "" for none.
    """

    token: str
    texts: Mapping[str, Sequence[str]]
    problems: Mapping[str, str] = field(default_factory=dict)
    beside: Mapping[str, str] = field(default_factory=dict)
    focus: str = ""

    def refuse_bad_files(self) -> None:
        """Inside the transaction, after all else was found good: nothing is stored while a file is missing."""
        if self.problems:
            raise InvalidAnswers(self.problems)


def read_post(form: Form, keep_files: bool = True, beside: Mapping[str, str] = NOTHING, files: Mapping[str, str] = NOTHING) -> Posted:
    """keep_files: not for somebody whose task it is not. Raises InvalidInput without a token of ours.

    beside: {name: label} of inputs of the page that are no fields of the form; they come back in ``Posted.beside``. files: such of files.
    What was typed is also remembered for the page of whatever goes wrong after this.
    """
    token = posted_token()
    texts = posted_texts()
    remember(form, texts, beside)
    kept = {key: plain(texts.pop(key)[0]) for key in beside if key in texts}
    problems = keep_received({**attachments.file_fields(form), **files}, token) if keep_files else {}
    return Posted(token, texts, problems, kept)


def texts_alone() -> Posted | None:
    """What nothing has to be done for before the deed: no file came with it and no button of the form was pressed; else None."""
    if forms.ACTION in request.form or any(file.filename for _name, file in request.files.items(multi=True)):
        return None
    return Posted(posted_token(), posted_texts())


def posted_texts() -> dict[str, list[str]]:
    """What was typed and chosen, without our own fields."""
    return {key: values for key, values in request.form.to_dict(flat=False).items() if key not in OURS}


def worth_keeping(form: Form, texts: Mapping[str, Sequence[str]], beside: Collection[str] = ()) -> dict[str, Sequence[str]]:
    """For a draft: what the form asks, without its files and without a decision, which is never half made. beside: kept all the same."""
    asked = {field.key for field in form.fields if not field.is_file and not field.is_decision} | set(beside)
    return {key: values for key, values in texts.items() if key in asked}


def remember(form: Form, texts: Mapping[str, Sequence[str]], beside: Mapping[str, str] = NOTHING) -> None:
    """For error.html, whatever the error: what was typed is shown once more, so that it can be copied."""
    labels = {**beside, **{f.key: f.name for f in form.fields}}
    typed = {key: values for key, values in texts.items() if key != forms.ACTION}
    remember_texts({key: labels.get(key) or forms.name_of(form, key) for key in typed}, typed)


def remember_texts(labels: Mapping[str, str], texts: Mapping[str, Sequence[str]]) -> None:
    g.typed = [(labels.get(key, key), ", ".join(values)) for key, values in texts.items() if any(text.strip() for text in values)]


def posted_token() -> str:
    """Raises InvalidInput without a token of ours."""
    token = request.form.get("token", "")
    if not is_token(token):
        raise InvalidInput("Formulir ini tidak lengkap. Muat ulang halaman, lalu isi kembali.")
    return token


def is_token(text: str) -> bool:
    return bool(_TOKEN.fullmatch(text))


def plain(text: str) -> str:
    """Without the control characters that no field of ours sends and no database keeps; line breaks stay."""
    return "".join(letter for letter in text if letter.isprintable() or letter == "\n").strip()


def new_token() -> str:
    return uuid4().hex


def keep_received(fields: Mapping[str, str], token: str) -> dict[str, str]:
    """fields: {name: label}. Stream, then keep as drafts in one transaction. {field: sentence} for what was refused."""
    received: list[Received] = []
    problems: dict[str, str] = {}
    for key, label in fields.items():
        for file in request.files.getlist(key):
            if not file.filename:
                continue
            try:
                received.append(storage().receive(key, label, file.filename, file.stream))
            except InvalidAnswers as error:
                problems.update(error.problems)
            except NotStored as error:
                problems[key] = f"{label}: {error}"
    try:
        keep_drafts(received, token)
    except InvalidAnswers as error:
        return problems | error.problems
    return problems


def keep_drafts(received: list[Received], token: str) -> None:
    """Raises InvalidAnswers when the person's quota is used up. Whatever goes wrong, no bytes stay without a row."""
    if not received:
        return
    try:
        with database().transaction() as session:
            attachments.add_drafts(session, current_actor(), token, received)
    except BaseException:
        drop_received(received)
        raise


def drop_received(received: Sequence[Received]) -> None:
    for file in received:
        storage().remove(file.storage_key)
