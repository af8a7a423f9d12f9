"""An event as it can be told: its data read. Pages must open even when somebody has spoiled a row; that is when they are needed."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.models import Event


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


def read_events(events: Iterable[Event]) -> tuple[Told, ...]:
    return tuple(Told(event.seq, event.kind, event.at, event.actor_id, _read(event.data)) for event in events)


def _read(text: str) -> Mapping[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
