"""The duties shipped beside the drawings: put in once where missing, the office's own from then on."""

import tomllib
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.config import ROOT
from app.duties.editing import insert_duty
from app.duties.rules import EVENT
from app.errors import InvalidAnswers, NotFound
from app.models import Definition, Duty, Group

SHIPPED = ROOT / "bpmn" / "kewajiban.toml"


def seed_duties(session: Session, file: Path = SHIPPED) -> list[str]:
    """Add what the file has and the database never had (`asal` tells); a sentence for each that has to wait for its SOP or its group.

    Raises InvalidAnswers where the file itself is wrong.
    """
    known = set(session.scalars(select(Duty.origin)))
    sops, groups = set(session.scalars(select(Definition.key))), set(session.scalars(select(Group.key)))
    waiting = []
    for entry in tomllib.loads(file.read_text("utf-8")).get("kewajiban", []):
        if entry["asal"] in known:
            continue
        if entry["sop"] not in sops or entry["kelompok"] not in groups:
            waiting.append(f"Kewajiban “{entry['nama']}” menunggu SOP {entry['sop']} dan kelompok {entry['kelompok']}.")
            continue
        try:
            insert_duty(session, None, entry["sop"], EVENT if "peristiwa" in entry else "dates", _texts(entry), entry["asal"])
        except (InvalidAnswers, NotFound) as error:
            raise InvalidAnswers({"berkas": f"{file.name}, {entry['asal']}: {error}"}) from error
    return waiting


def _texts(entry: dict[str, Any]) -> dict[str, str]:
    """As ``read_details`` takes them. What fell due before today is nobody's delay."""
    texts = {key: str(value) for key, value in entry.items() if key != "batas"}
    for number, term in enumerate(entry.get("batas", ()), 1):
        texts |= {f"{key}_{number}": str(value) for key, value in term.items()}
    return {"sejak": str(clock.today()), **texts}
