"""Forms made in a line, for tests."""

import json
from typing import Any

from app.errors import Finding, InvalidAnswers
from app.forms import Form, compile_form, parse

OPD = {"opd": [("dinas_kesehatan", "Dinas Kesehatan"), ("dinas_sosial", "Dinas Sosial")]}
PDF = {"id": "a1", "nama": "surat.pdf", "ukuran": 120}


def component(kind: str, key: str, **more: Any) -> dict[str, Any]:
    return {"type": kind, "id": f"Field_{key}", "key": key, "label": key.capitalize().replace("_", " "), **more}


def choice(kind: str, key: str, *values: str, **more: Any) -> dict[str, Any]:
    return component(kind, key, values=[{"value": v, "label": v.capitalize()} for v in values], **more)


def decision(key: str = "keputusan") -> dict[str, Any]:
    return choice("radio", key, "ya", "tidak", label="Keputusan", validate={"required": True}, properties={"tombol": "true"})


def document(*components: Any, **more: Any) -> dict[str, Any]:
    return {"type": "default", "id": "coba", "title": "Coba", "schemaVersion": 19, "components": list(components), **more}


def compiled(*components: Any, **more: Any) -> tuple[Form | None, tuple[Finding, ...]]:
    return compile_form(json.dumps(document(*components, **more)).encode(), "coba.form")


def form_of(*components: Any, **more: Any) -> Form:
    form, findings = compiled(*components, **more)
    assert form is not None and findings == (), findings
    return form


def rules_of(*components: Any, **more: Any) -> set[str]:
    return {finding.rule for finding in compiled(*components, **more)[1]}


def problems_of(form: Form, submitted: Any, files: Any = None, choices: Any = None) -> dict[str, str]:
    try:
        parse(form, submitted, files or {}, choices or {})
    except InvalidAnswers as error:
        return error.problems
    return {}


def table(key: str = "capaian", *columns: Any, **more: Any) -> dict[str, Any]:
    label = key.capitalize().replace("_", " ")
    return {
        "type": "dynamiclist",
        "id": f"Table_{key}",
        "path": key,
        "label": label,
        "isRepeating": True,
        "components": list(columns),
        **more,
    }


POLARITY = choice("select", "polaritas", "tinggi", "rendah", defaultValue="tinggi")
PERFORMANCE = (
    component("textarea", "indikator", validate={"required": True}),
    component("number", "target", validate={"required": True}),
    component("number", "realisasi"),
    POLARITY,
    component("number", "hasil", label="Capaian", properties={"hitung": "capaian"}),
)


def cells(key: str, *rows: dict[str, str]) -> dict[str, list[str]]:
    """Rows as a browser posts them."""
    return {f"{key}.{number}.{column}": [text] for number, row in enumerate(rows, 1) for column, text in row.items()}
