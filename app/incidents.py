"""Faults, recorded after the rollback of what they broke, in a transaction of their own."""

from sqlalchemy.orm import Session

from app import clock
from app.models import Incident


def record_incident(session: Session, message: str, element: str = "", instance_id: int | None = None) -> str:
    """The reference number to tell the admin: "K-1042"."""
    incident = Incident(message=message[:4000], element=element[:100], instance_id=instance_id, at=clock.now())
    session.add(incident)
    session.flush()
    return f"K-{1000 + incident.id}"
