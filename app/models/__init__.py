"""Tables: columns, keys and indexes only. What they mean stands in docs/data.md; who writes them in the use-cases."""

from app.models.base import Base, Moment, columns_of, table_of
from app.models.calendar import CalendarDay, OfficeHours, Ramadan
from app.models.cases import Event, Incident, Instance, InstanceState, Timer
from app.models.definitions import Definition, DefinitionEvent, DefinitionForm, DrawingDraft, FormDraft
from app.models.duties import Duty, DutyDate, DutyEvent, DutyTerm
from app.models.jobs import Job
from app.models.offices import CaseUnit, OfficeEvent, ServiceUnit, TeamDecree, TeamMember
from app.models.outbox import Outbox
from app.models.people import AccountEvent, Group, Membership, OrgUnit, PersonalToken, SignIn, SignInCode, SignInFailure, User
from app.models.work import Attachment, Candidate, Draft, Task, Upload

__all__ = [
    "AccountEvent",
    "Attachment",
    "Base",
    "CalendarDay",
    "Candidate",
    "CaseUnit",
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
    "Job",
    "Membership",
    "Moment",
    "OfficeEvent",
    "OfficeHours",
    "OrgUnit",
    "Outbox",
    "PersonalToken",
    "Ramadan",
    "ServiceUnit",
    "SignIn",
    "SignInCode",
    "SignInFailure",
    "Task",
    "TeamDecree",
    "TeamMember",
    "Timer",
    "Upload",
    "User",
    "columns_of",
    "table_of",
]
