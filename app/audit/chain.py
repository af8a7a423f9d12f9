"""Append-only events, each sealed over the one before (HMAC-SHA256 with a key kept outside the database).

An event carries a salted digest of the answers, never the values: personal data can be erased from ``tasks.answers``
(UU 27/2022) and the chain still verifies.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.db import keys_of
from app.keys import Keys
from app.models import Event, Instance, columns_of, table_of

PURPOSE = b"alur-event"
_APPEND = sa.insert(table_of(Event))  # rows that nobody changes need no unit of work


@dataclass(frozen=True)
class Fact:
    """One thing that happened.

    kind: started | step | item | claimed | released | withdrawn | deadline | reminded | timer | cancelled | finished.
    """

    kind: str
    data: Mapping[str, Any]


def record(session: Session, instance: Instance, actor_id: int | None, at: datetime, facts: Sequence[Fact]) -> None:
    """Append facts to the instance's chain, in order, in the transaction of what they tell of. The instance is locked."""
    keys = keys_of(session)
    events = []
    for fact in facts:
        event = Event(
            instance_id=instance.id,
            seq=instance.event_seq + 1,
            kind=fact.kind,
            at=at,
            actor_id=actor_id,
            data=canonical(fact.data),
            key_id=keys.current,
        )
        event.mac = keys.mac(PURPOSE, message_of(event, instance.event_mac))
        instance.event_seq, instance.event_mac = event.seq, event.mac
        events.append(event)
    session.connection().execute(_APPEND, [columns_of(event) for event in events])


def message_of(event: Event, previous: bytes) -> bytes:
    """What the MAC covers: every column but the MAC itself, typed, and the MAC before."""
    moment = event.at.astimezone(UTC).isoformat(timespec="microseconds")
    return canonical([event.instance_id, event.seq, event.kind, moment, event.actor_id, event.data, event.key_id, previous.hex()]).encode()


def seal_holds(event: Event, previous: bytes, keys: Keys) -> bool:
    return keys.verifies(PURPOSE, message_of(event, previous), event.mac, event.key_id)


def canonical(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def answers_digest(answers: Mapping[str, Any], salt: bytes) -> str:
    return sha256(salt + canonical(answers).encode()).hexdigest()
