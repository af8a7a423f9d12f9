"""What a Deploy button sends: multipart with texts, the drawing and its forms, each as a file named by its file name."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import request

from app import forms
from app.errors import InvalidInput
from app.web.posting import plain

MAX_BYTES = 10 * 1_048_576  # drawing and forms together
MAX_PARTS = 200
SLACK = 65_536  # for the heads of the parts
DRAWINGS = (".bpmn", ".xml")
FORM = ".form"


@dataclass(frozen=True)
class Upload:
    """forms: {form id: bytes}. note, source: as the sender calls it."""

    file: str
    bpmn: bytes
    forms: Mapping[str, bytes]
    note: str
    source: str


def read_upload() -> Upload:
    """Raises InvalidInput with a sentence, InvalidBundle for a form that is none; RequestEntityTooLarge beyond ``MAX_BYTES``.

    Nothing is compiled here: that is the check's work.
    """
    if request.mimetype != "multipart/form-data":
        raise InvalidInput("Kirim diagram sebagai multipart/form-data, seperti tombol Deploy pada Camunda Modeler.")
    request.max_content_length = MAX_BYTES + SLACK
    request.max_form_parts = MAX_PARTS
    drawings: dict[str, bytes] = {}
    found: dict[str, bytes] = {}
    for _part, file in request.files.items(multi=True):
        name = _file_name(file.filename or "")
        if name.lower().endswith(DRAWINGS):
            if drawings:
                raise InvalidInput("Kirim satu diagram saja; satu berkas memuat satu SOP.")
            drawings[name] = file.read()
        elif name.lower().endswith(FORM):
            content = file.read()
            form_id = forms.form_id_of(content, name)
            if form_id in found:
                raise InvalidInput(f"Dua berkas memuat formulir “{form_id}”. Kirim satu saja.")
            found[form_id] = content
        else:
            raise InvalidInput(f"Berkas “{name}” tidak dipakai di sini. Kirim satu diagram .bpmn dan formulir .form-nya.")
    if not drawings:
        raise InvalidInput("Tidak ada diagram dalam kiriman ini. Kirim satu berkas .bpmn.")
    ((file_name, bpmn),) = drawings.items()
    return Upload(file_name, bpmn, found, _text("deployment-name", 300), _text("deployment-source", 100))


def _file_name(text: str) -> str:
    return plain(text).replace("\\", "/").rpartition("/")[2].replace("\n", " ")[-200:]


def _text(name: str, longest: int) -> str:
    return " ".join(plain(request.form.get(name, "")).split())[:longest]
