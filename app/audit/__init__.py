"""The trail: record, chain, verify, and read it back: the path a case took, and where it left the SOP."""

from app.audit.chain import Fact, answers_digest, record
from app.audit.path import Path, PathStep, read_path
from app.audit.verification import Verdict, verify_instance

__all__ = ["Fact", "Path", "PathStep", "Verdict", "answers_digest", "read_path", "record", "verify_instance"]
