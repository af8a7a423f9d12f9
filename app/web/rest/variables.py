"""The body of a start: variables are the answers of the opening form, read as if they had been typed on its page."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import request

from app import forms
from app.clock import WIB
from app.errors import InvalidAnswers, InvalidInput
from app.forms import Field, Form

_UNREADABLE = "Isi permintaan bukan JSON yang dapat dibaca."
_BY_PAGE = "Berkas hanya dapat diunggah lewat halaman Mulai Pelaksanaan SOP."
_FILES = ("File", "Bytes")


@dataclass(frozen=True)
class Wanted:
    """variables: {name: {"value", "type"}}. A business key that is sent is not used: the opening form's answers make it."""

    variables: Mapping[str, Mapping[str, Any]]
    with_variables: bool


def read_start() -> Wanted:
    """Raises InvalidInput. Only JSON is taken: a form on a page of somebody else cannot send it."""
    if request.mimetype != "application/json":
        raise InvalidInput("Kirim isi permintaan sebagai application/json.")
    body = _json(request.get_data(cache=False))
    if not isinstance(body, dict):
        raise InvalidInput(_UNREADABLE)
    variables = body.get("variables") or {}
    if not isinstance(variables, dict) or not all(isinstance(one, dict) for one in variables.values()):
        raise InvalidInput("“variables” berbentuk {nama: {“value”: …, “type”: …}}.")
    return Wanted(variables, body.get("withVariablesInReturn") is True)


def texts_of(form: Form, variables: Mapping[str, Mapping[str, Any]]) -> dict[str, list[str]]:
    """What the page would have posted. Raises InvalidAnswers for a file: it would be lost without a word."""
    problems, values = {}, {}
    for name, variable in variables.items():
        field = form.field(name)
        if (field is not None and field.is_file) or variable.get("type") in _FILES:
            label = field.name if field else name[:60]
            problems[name] = f"{label}: {_BY_PAGE}"
        else:
            values[name] = _value(field, variable)
    if problems:
        raise InvalidAnswers(problems)
    return forms.as_submitted(form, values)


def without_files(form: Form, error: InvalidAnswers) -> InvalidAnswers:
    """With where to go, when what is missing is a file."""
    if not {field.key for field in form.file_fields} & error.problems.keys():
        return error
    return InvalidAnswers({**error.problems, "": _BY_PAGE})


def _value(field: Field | None, variable: Mapping[str, Any]) -> Any:
    """Raises InvalidInput for what no field can hold."""
    value, kind = variable.get("value"), variable.get("type")
    if kind in ("Json", "Object") and isinstance(value, str):
        value = _json(value)
    if kind == "Date" and isinstance(value, str) and field is not None:
        return _day_or_moment(field, value)
    rows = value if field is not None and field.is_table and isinstance(value, list) else [{"": value}]
    if not all(isinstance(row, dict) and all(_is_plain(cell) for cell in row.values()) for row in rows):
        raise InvalidInput("Nilai sebuah variabel tidak dapat dibaca: pakai teks, angka, benar/salah, atau daftar teks.")
    return value


def _is_plain(value: object) -> bool:
    listed: Sequence[object] = value if isinstance(value, list) else [value]
    return all(one is None or isinstance(one, str | int | float) for one in listed)


def _day_or_moment(field: Field, text: str) -> str:
    """Camunda's "2026-01-05T00:00:00.000+0700" as a field of ours takes it; anything else as it is, for the form to judge."""
    try:
        at = datetime.fromisoformat(text).astimezone(WIB)
    except (ValueError, OverflowError):
        return text
    return {"date": f"{at:%Y-%m-%d}", "time": f"{at:%H:%M}"}.get(field.subtype, f"{at:%Y-%m-%dT%H:%M}") if "T" in text else text


def _json(text: bytes | str) -> Any:
    try:
        return json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:  # deep brackets, a number of five thousand digits
        raise InvalidInput(_UNREADABLE) from error


def _no_constant(name: str) -> Any:
    raise ValueError(name)
