"""Tables: columns, keys and indexes only. What they mean stands in docs/data.md; who writes them in the use-cases."""

from app.models.base import Base, Moment
from app.models.cases import Event, Incident, Instance, InstanceState, Timer
from app.models.definitions import Definition, DefinitionEvent, DefinitionForm, DrawingDraft, FormDraft
from app.models.duties import Duty, DutyDate, DutyEvent, DutyTerm
from app.models.people import AccountEvent, Group, Membership, OrgUnit, PersonalToken, SignIn, SignInCode, SignInFailure, User
from app.models.work import Attachment, Candidate, Draft, Task, Upload

__all__ = [
    "AccountEvent",
    "Attachment",
    "Base",
    "Candidate",
    "Definition",
    "DefinitionEvent",
    "DefinitionForm",
    "Draft",
    "DrawingDraft",
    "Duty",
    "DutyDate",
    "DutyEvent",
    "DutyTerm",
    "Event",
    "FormDraft",
    "Group",
    "Incident",
    "Instance",
    "InstanceState",
    "Membership",
    "Moment",
    "OrgUnit",
    "PersonalToken",
    "SignIn",
    "SignInCode",
    "SignInFailure",
    "Task",
    "Timer",
    "Upload",
    "User",
]
