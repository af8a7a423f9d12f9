"""Deployed SOPs: check a bundle, deploy it as the next version, read what a version says."""

from app.definitions.bundle import Bundle, bundle_from_files, read_bundle
from app.definitions.deployment import deploy, form_of, latest, latest_all, spec_of
from app.definitions.rules import check

__all__ = ["Bundle", "bundle_from_files", "check", "deploy", "form_of", "latest", "latest_all", "read_bundle", "spec_of"]
