"""An SOP whose opening form has a table of units with a survey, for tests."""

from __future__ import annotations

import json

from app import definitions
from app.config import ROOT
from app.db import Database
from tests.support.office import SOP

KEY = "survei_uji"


def deploy_survey(database: Database) -> None:
    bundle = definitions.read_bundle(ROOT / "bpmn" / f"{SOP}.bpmn", ROOT / "forms")
    drawing = bundle.bpmn.decode().replace(SOP, KEY).encode()
    with database.transaction() as session:
        definitions.deploy(session, definitions.Bundle(f"{KEY}.bpmn", drawing, {**bundle.forms, "sm01": survey_form("sm01")}))


def survey_form(form_id: str) -> bytes:
    """The opening form of the shipped SOP with a table of units."""
    opening = json.loads((ROOT / "forms" / f"{form_id}.form").read_text("utf-8"))
    numbers = [
        {"type": "number", "id": f"N_{key}", "key": key, "label": key.upper()} for key in ("responden", *(f"u{n}" for n in range(1, 10)))
    ]
    grade = {"type": "textfield", "id": "N_mutu", "key": "mutu", "label": "Mutu", "properties": {"hitung": "mutu_ikm"}}
    index = {"type": "number", "id": "N_ikm", "key": "ikm", "label": "IKM", "properties": {"hitung": "ikm"}}
    units = {
        "type": "dynamiclist", "id": "T_unit", "path": "unit", "label": "Unit layanan", "isRepeating": True,
        "properties": {"unggah": "jawaban_survei"},
        "components": [{"type": "textfield", "id": "N_nama", "key": "nama", "label": "Layanan"}, *numbers, index, grade],
    }  # fmt: skip
    return json.dumps({**opening, "components": [*opening["components"], units]}).encode()
