"""What a form of ours posts: its texts, its one-time token, its files.

Files are streamed and hashed before any transaction, then kept as drafts under the form's token, so that a form which comes back with
problems still has them.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import uuid4

from flask import g, request

from app import attachments
from app.attachments import Received
from app.errors import InvalidAnswers, InvalidInput
from app.forms import Form
from app.web.guard import current_actor, database, storage

OURS = ("csrf_token", "token")
_TOKEN = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class Posted:
    """texts: {field: [raw text]} without our own fields. problems: {field: sentence} of the files that were refused."""

    token: str
    texts: Mapping[str, Sequence[str]]
    problems: Mapping[str, str] = field(default_factory=dict)

    def refuse_bad_files(self) -> None:
        """Inside the transaction, after all else was found good: nothing is stored while a file is missing."""
        if self.problems:
            raise InvalidAnswers(self.problems)


def read_post(form: Form, keep_files: bool = True) -> Posted:
    """keep_files: not for somebody whose task it is not. Raises InvalidInput without a token of ours.

    What was typed is also remembered for the page of whatever goes wrong after this.
    """
    token = request.form.get("token", "")
    if not _TOKEN.fullmatch(token):
        raise InvalidInput("Formulir ini tidak lengkap. Muat ulang halaman, lalu isi kembali.")
    texts = {key: values for key, values in request.form.to_dict(flat=False).items() if key not in OURS}
    remember(form, texts)
    return Posted(token, texts, _keep_files(form, token) if keep_files else {})


def remember(form: Form, texts: Mapping[str, Sequence[str]]) -> None:
    """For error.html, whatever the error: what was typed is shown once more, so that it can be copied."""
    remember_texts({f.key: f.name for f in form.fields}, texts)


def remember_texts(labels: Mapping[str, str], texts: Mapping[str, Sequence[str]]) -> None:
    g.typed = [(labels.get(key, key), ", ".join(values)) for key, values in texts.items() if any(text.strip() for text in values)]


def plain(text: str) -> str:
    """Without the control characters that no field of ours sends and no database keeps; line breaks stay."""
    return "".join(letter for letter in text if letter.isprintable() or letter == "\n").strip()


def new_token() -> str:
    return uuid4().hex


def _keep_files(form: Form, token: str) -> dict[str, str]:
    """Stream, then keep as drafts in one transaction. {field: sentence} for what was refused."""
    received: list[Received] = []
    problems: dict[str, str] = {}
    for key, label in attachments.file_fields(form).items():
        for file in request.files.getlist(key):
            if not file.filename:
                continue
            try:
                received.append(storage().receive(key, label, file.filename, file.stream))
            except InvalidAnswers as error:
                problems.update(error.problems)
    if not received:
        return problems
    try:
        with database().transaction() as session:
            attachments.add_drafts(session, current_actor(), token, received)
    except InvalidAnswers as error:
        _drop(received)
        return problems | error.problems
    except BaseException:
        _drop(received)
        raise
    return problems


def _drop(received: Sequence[Received]) -> None:
    for file in received:
        storage().remove(file.storage_key)
