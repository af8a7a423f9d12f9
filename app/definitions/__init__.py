"""Deployed SOPs: check a bundle, deploy it as the next version, read what a version says."""

from app.checking import Bundle, bundle_from_files, check, check_apart, read_bundle
from app.definitions.deployment import deploy, form_of, known_groups, latest, latest_all, spec_of

__all__ = [
    "Bundle",
    "bundle_from_files",
    "check",
    "check_apart",
    "deploy",
    "form_of",
    "known_groups",
    "latest",
    "latest_all",
    "read_bundle",
    "spec_of",
]
