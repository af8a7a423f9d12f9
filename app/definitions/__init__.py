"""Deployed SOPs: check a bundle, deploy it as the next version, read what a version says."""

from app.definitions.bundle import Bundle, bundle_from_files, read_bundle
from app.definitions.completing import complete_bundle, deployed_as
from app.definitions.deployment import deploy, form_of, latest, latest_all, spec_of
from app.definitions.reading import may_read, version_for, versions_for
from app.definitions.rules import check

__all__ = [
    "Bundle",
    "bundle_from_files",
    "check",
    "complete_bundle",
    "deploy",
    "deployed_as",
    "form_of",
    "latest",
    "latest_all",
    "may_read",
    "read_bundle",
    "spec_of",
    "version_for",
    "versions_for",
]
