"""Tables: columns, keys and indexes only. What they mean stands in docs/data.md; who writes them in the use-cases."""

from app.models.base import Base, Moment
from app.models.cases import Event, Incident, Instance, InstanceState, Timer
from app.models.definitions import Definition, DefinitionForm
from app.models.people import AccountEvent, Group, Membership, OrgUnit, SignIn, SignInCode, SignInFailure, User
from app.models.work import Attachment, Candidate, Draft, Task

__all__ = [
    "AccountEvent",
    "Attachment",
    "Base",
    "Candidate",
    "Definition",
    "DefinitionForm",
    "Draft",
    "Event",
    "Group",
    "Incident",
    "Instance",
    "InstanceState",
    "Membership",
    "Moment",
    "OrgUnit",
    "SignIn",
    "SignInCode",
    "SignInFailure",
    "Task",
    "Timer",
    "User",
]
