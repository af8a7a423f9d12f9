"""What a step without a form of its own asks: that somebody says it is done, with a note if they like."""

import json

from app import forms
from app.diagram import Element
from app.forms import Form

CONFIRMED = "~selesai"  # no file can be called so: form ids are letters, digits, "_" and "-"


def form_id_of(element: Element) -> str:
    """The form that a row of this element is answered with. Only user tasks must bring one: see the rule "formulir"."""
    return element.form or CONFIRMED


def confirmation() -> Form:
    note = {
        "type": "textarea",
        "id": "Catatan",
        "key": "catatan_langkah",
        "label": "Catatan",
        "validate": {"maxLength": 2000},
    }
    schema = {"id": "konfirmasi", "title": "Sudah dilakukan", "type": "default", "schemaVersion": 19, "components": [note]}
    form, findings = forms.compile_form(json.dumps(schema).encode(), "konfirmasi.form")
    if form is None:
        raise AssertionError(findings)  # ours, and the same on every day
    return form
