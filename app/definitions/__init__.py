"""Deployed SOPs: check a bundle, deploy it as the next version, read what a version says; drafts and versions for analysts."""

from app.checking import Bundle, bundle_from_files, check, check_apart, forms_named, read_bundle
from app.definitions.archive import MAX_TOTAL, bundle_from_upload, to_zip
from app.definitions.calling import with_calls
from app.definitions.comparing import Change, compare
from app.definitions.completing import complete_bundle, deployed_as
from app.definitions.confirming import CONFIRMED, form_id_of
from app.definitions.deployment import deploy, drawing_behind, form_of, known_groups, latest, latest_all, spec_of
from app.definitions.drafting import (
    DraftConflict,
    DraftRow,
    add_form,
    begin_draft,
    bundle_of,
    discard_draft,
    draft_for,
    drafts_for,
    form_draft_for,
    forms_of,
    keep_draft,
    publish_draft,
    remove_form,
    require_analyst,
    require_reader,
    save_drawing,
    save_form,
)
from app.definitions.reading import definition_for, definitions_for, may_read
from app.definitions.skeleton import new_bundle
from app.definitions.versions import Deed, VersionRow, bundle_of_version, deeds_of, resume, suspend, version_for, versions_for

__all__ = [
    "CONFIRMED",
    "MAX_TOTAL",
    "Bundle",
    "Change",
    "Deed",
    "DraftConflict",
    "DraftRow",
    "VersionRow",
    "add_form",
    "begin_draft",
    "bundle_from_files",
    "bundle_from_upload",
    "bundle_of",
    "bundle_of_version",
    "check",
    "check_apart",
    "compare",
    "complete_bundle",
    "deeds_of",
    "definition_for",
    "definitions_for",
    "deploy",
    "deployed_as",
    "discard_draft",
    "draft_for",
    "drafts_for",
    "drawing_behind",
    "form_draft_for",
    "form_id_of",
    "form_of",
    "forms_named",
    "forms_of",
    "keep_draft",
    "known_groups",
    "latest",
    "latest_all",
    "may_read",
    "new_bundle",
    "publish_draft",
    "read_bundle",
    "remove_form",
    "require_analyst",
    "require_reader",
    "resume",
    "save_drawing",
    "save_form",
    "spec_of",
    "suspend",
    "to_zip",
    "version_for",
    "versions_for",
    "with_calls",
]
