"""The trail: record, chain, verify, and read it back: the path a case took, and where it left the SOP."""

from app.audit.chain import Fact, answers_digest, record
from app.audit.frames import Frame, path_after, read_frames
from app.audit.path import Path, PathStep, read_path
from app.audit.state_check import WITH_STATE, state_problems
from app.audit.telling import Cast, Deed, Item, Person
from app.audit.told import read_events, trail_of
from app.audit.verification import Verdict, verify_instance

__all__ = [
    "WITH_STATE",
    "Cast",
    "Deed",
    "Fact",
    "Frame",
    "Item",
    "Path",
    "PathStep",
    "Person",
    "Verdict",
    "answers_digest",
    "path_after",
    "read_events",
    "read_frames",
    "read_path",
    "record",
    "state_problems",
    "trail_of",
    "verify_instance",
]
