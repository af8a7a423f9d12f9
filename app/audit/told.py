"""An event as it can be told: its data read. Pages must open even when somebody has spoiled a row; that is when they are needed."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, bindparam, select
from sqlalchemy.orm import Session

from app.models import Event, table_of

_KINDS_OF_DATA: Mapping[str, type] = {
    "round": int, "recorded_by": int, "element": str, "task": str, "item": str, "reason": str, "happened_on": str,
    "repair": bool, "incident": int, "cancelled": int,
}  # fmt: skip
KINDS: Mapping[str, str] = {
    "started": "Pelaksanaan dimulai",
    "step": "Langkah selesai",
    "item": "OPD selesai",
    "submitted": "OPD mengirim",
    "accepted": "Kiriman OPD diterima",
    "returned": "Kiriman OPD dikembalikan",
    "late": "Dokumen OPD dicatat sesudah ditutup",
    "deadline": "Batas waktu diubah",
    "withdrawn": "OPD ditarik",
    "closed": "Penerimaan ditutup",
    "claimed": "Tugas diambil",
    "released": "Tugas dikembalikan ke antrean",
    "recalled": "Ditarik kembali",
    "replaced": "Berkas diganti",
    "reminded": "Pengingat dibuat",
    "timer": "Waktu tunggu habis",
    "faulted": "Pelaksanaan tertunda karena gangguan",
    "recovered": "Gangguan selesai, pelaksanaan berlanjut",
    "restarted": "Dimulai lagi dari satu langkah",
    "suspended": "Pelaksanaan ditangguhkan",
    "resumed": "Pelaksanaan dilanjutkan",
    "cancelled": "Pelaksanaan dibatalkan",
    "finished": "Pelaksanaan selesai",
}

_events = table_of(Event)
_TRAIL = select(*(_events.c[name] for name in ("seq", "kind", "at", "actor_id", "data")))
_TRAIL = _TRAIL.where(_events.c.instance_id == bindparam("case")).order_by(_events.c.seq)

REPAIRS = ("restarted", "suspended", "resumed", "recovered", "cancelled")  # by an admin only; others say so ("repair")


@dataclass(frozen=True)
class Told:
    """One event, its data read; {} where they can no longer be read, which the chain will say."""

    seq: int
    kind: str
    at: datetime
    actor_id: int | None
    data: Mapping[str, Any]

    @property
    def element(self) -> str:
        return str(self.data.get("element", ""))

    @property
    def task_id(self) -> str:
        return str(self.data.get("task", ""))

    @property
    def task_uuid(self) -> UUID | None:
        try:
            return UUID(self.task_id)
        except ValueError:
            return None


def kind_words(kind: str) -> str:
    return KINDS.get(kind, f"Peristiwa lain ({kind})")


def trail_of(session: Session, instance_id: int) -> tuple[Told, ...]:
    """The whole trail of a case as it can be told, in order; columns, because a page may need a thousand of them."""
    return read_events(session.connection().execute(_TRAIL, {"case": instance_id}))


def read_events(events: Iterable[Event | Row[*tuple[Any, ...]]]) -> tuple[Told, ...]:
    return tuple(Told(event.seq, event.kind, event.at, event.actor_id, _read(event.data)) for event in events)


def _read(text: str) -> Mapping[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return {key: value for key, value in found.items() if _fits(key, value)} if isinstance(found, dict) else {}


def _fits(key: str, value: object) -> bool:
    """What is not of the kind that this app writes is left out, so that who reads need not ask."""
    if key in ("undone", "flows", "items"):
        return isinstance(value, list) and all(isinstance(one, str | int) for one in value)
    return isinstance(value, _KINDS_OF_DATA.get(key, object))
