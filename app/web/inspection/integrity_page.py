"""Keutuhan: whether anybody can have altered the trail of a case, checked on demand."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app import audit, clock
from app.access import Actor
from app.audit import Verdict
from app.audit.inspecting import case_to_inspect_for
from app.models import Definition, Instance


@dataclass(frozen=True)
class IntegrityPage:
    """verdict: None until it is asked for. head: the seal of the last event, hex: whoever has noted it down sees a later cut."""

    instance: Instance
    definition: Definition
    verdict: Verdict | None
    checked_at: datetime
    head: str


def integrity_page(session: Session, actor: Actor, instance_id: int, is_checked: bool) -> IntegrityPage:
    """Raises Forbidden, NotFound."""
    instance, definition = case_to_inspect_for(session, actor, instance_id)
    verdict = audit.verify_instance(session, instance) if is_checked else None
    return IntegrityPage(instance, definition, verdict, clock.now(), instance.event_mac.hex())
