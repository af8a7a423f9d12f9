"""What the pages of Diagram dan Formulir show, each read in one session."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import groupby

from flask import url_for
from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import definitions, diagram, forms
from app.access import Actor
from app.definitions import Bundle, Change, Deed, DraftRow, VersionRow
from app.diagram import Drawing
from app.errors import Finding, InvalidBundle, NotFound
from app.models import Definition, DefinitionForm, DrawingDraft, FormDraft, Group, User
from app.web import pictures

SEVERITIES = ("error", "warning", "info")
DRAFT_WORD = "rancangan"


@dataclass(frozen=True)
class Sop:
    """One SOP in the list. running: cases on all its versions. effective: the date its newest drawing gives, as written there."""

    latest: VersionRow
    versions: int
    running: int
    effective: str


@dataclass(frozen=True)
class ListPage:
    """groups: who may work in the first lane of a new SOP."""

    sops: Sequence[Sop]
    drafts: Sequence[DraftRow]
    groups: Sequence[Group]
    edits: bool


@dataclass(frozen=True)
class SopPage:
    versions: Sequence[VersionRow]
    effective: Sequence[str]
    drafts: Sequence[DraftRow]
    deeds: Sequence[Deed]
    edits: bool


@dataclass(frozen=True)
class FormLine:
    """used: the names of the elements that open it. problems: how many errors its compiler finds."""

    id: str
    title: str
    used: Sequence[str]
    problems: int = 0
    revision: int = 0


@dataclass(frozen=True)
class FindingLine:
    """address: where it can be seen and put right; "" where there is no such place."""

    finding: Finding
    address: str


@dataclass(frozen=True)
class VersionPage:
    row: VersionRow
    drawing: Drawing
    picture: Markup
    forms: Sequence[FormLine]
    findings: Sequence[FindingLine]
    newest: int
    edits: bool


@dataclass(frozen=True)
class DraftPage:
    """picture: None while the drawing cannot be shown. changes: against what it began as, None for a new SOP."""

    draft: DrawingDraft
    saved_by: str
    based_on: Definition | None
    picture: Markup | None
    forms: Sequence[FormLine]
    findings: Sequence[FindingLine]
    errors: int
    changes: Sequence[Change] | None
    edits: bool


@dataclass(frozen=True)
class ComparePage:
    """before, after: their words ("versi 2", "rancangan 5"). choices: (value, words) of what may be compared."""

    definition: Definition
    before: str
    after: str
    chosen: tuple[str, str]
    choices: Sequence[tuple[str, str]]
    changes: Sequence[Change]


def checked(bundle: Bundle, groups: Collection[str] | None) -> tuple[Finding, ...]:
    """In a child process with limits: what analysts bring in is not trusted. groups: keys of those there are."""
    return definitions.check_apart(bundle, groups)


def list_page(session: Session, actor: Actor) -> ListPage:
    """Raises Forbidden."""
    found = definitions.versions_for(session, actor)
    sops = []
    for _key, group in groupby(found, key=lambda row: row.definition.key):
        rows = list(group)
        sops.append(Sop(rows[0], len(rows), sum(row.running for row in rows), _effective(rows[0].definition)))
    groups = session.scalars(select(Group).where(Group.kind != "opd").order_by(Group.name)).all()
    return ListPage(sops, definitions.drafts_for(session, actor), groups, actor.is_analyst)


def group_name(session: Session, key: str) -> str | None:
    found = session.get(Group, key)
    return found.name if found and found.kind != "opd" else None


def sop_page(session: Session, actor: Actor, key: str) -> SopPage:
    """Raises Forbidden, NotFound."""
    versions = definitions.versions_for(session, actor, key)
    effective = [_effective(row.definition) for row in versions]
    return SopPage(versions, effective, definitions.drafts_for(session, actor, key), definitions.deeds_of(session, key), actor.is_analyst)


def version_page(session: Session, actor: Actor, key: str, version: int) -> VersionPage:
    """Raises Forbidden, NotFound."""
    versions = definitions.versions_for(session, actor, key)
    row = next((row for row in versions if row.definition.version == version), None)
    if row is None:
        raise NotFound
    drawing = definitions.spec_of(row.definition).drawing
    kept = session.scalars(select(DefinitionForm).where(DefinitionForm.definition_id == row.definition.id).order_by(DefinitionForm.form_id))
    return VersionPage(
        row=row,
        drawing=drawing,
        picture=pictures.picture(row.definition),
        forms=[_form_line(form.form_id, form.content, drawing) for form in kept],
        findings=[FindingLine(Finding(**told), "") for told in row.definition.findings],
        newest=versions[0].definition.version,
        edits=actor.is_analyst,
    )


def draft_page(session: Session, actor: Actor, draft_id: int, findings: Sequence[Finding] | None = None) -> DraftPage:
    """findings: of a check that was made already. Raises Forbidden, NotFound."""
    draft = definitions.draft_for(session, actor, draft_id)
    bundle = definitions.bundle_of(session, draft)
    found = checked(bundle, definitions.known_groups(session)) if findings is None else findings
    drawing = _drawing(bundle)
    based_on = session.get(Definition, draft.based_on) if draft.based_on else None
    return DraftPage(
        draft=draft,
        saved_by=session.get_one(User, draft.saved_by).name,
        based_on=based_on,
        picture=pictures.picture_of(draft.bpmn, draft.name) if drawing else None,
        forms=[_form_line(form.form_id, form.content, drawing, form.revision) for form in definitions.forms_of(session, draft)],
        findings=[FindingLine(one, _address(draft, one, definitions.forms_of(session, draft))) for one in _sorted(found)],
        errors=sum(one.severity == "error" for one in found),
        changes=definitions.compare(definitions.bundle_of_version(session, based_on), bundle) if based_on and drawing else None,
        edits=actor.is_analyst,
    )


def compare_page(session: Session, actor: Actor, key: str, before: str, after: str) -> ComparePage:
    """before, after: a number of a version, or "rancangan-5". Raises Forbidden, NotFound."""
    versions = definitions.versions_for(session, actor, key)
    drafts = definitions.drafts_for(session, actor, key)
    bundles = {str(row.definition.version): row.definition for row in versions}
    choices = [(name, f"versi {name}") for name in bundles]
    choices += [(f"{DRAFT_WORD}-{row.draft.id}", f"rancangan {row.draft.id} ({row.saved_by})") for row in drafts]
    words = dict(choices)
    newest = versions[0].definition.version
    before, after = before or str(max(1, newest - 1)), after or str(newest)
    if before not in words or after not in words:
        raise NotFound
    open_drafts = {f"{DRAFT_WORD}-{row.draft.id}": row.draft for row in drafts}

    def bundle(name: str) -> Bundle:
        if name in bundles:
            return definitions.bundle_of_version(session, bundles[name])
        return definitions.bundle_of(session, open_drafts[name])

    try:
        changes = definitions.compare(bundle(before), bundle(after))
    except InvalidBundle as error:
        raise NotFound("Salah satu diagram belum dapat dibaca, jadi belum dapat dibandingkan.") from error
    return ComparePage(versions[0].definition, words[before], words[after], (before, after), choices, changes)


def _effective(definition: Definition) -> str:
    return definitions.spec_of(definition).drawing.identity.get("tanggal_efektif", "")


def _drawing(bundle: Bundle) -> Drawing | None:
    try:
        return diagram.read(bundle.bpmn, bundle.file)
    except InvalidBundle:
        return None


def _form_line(form_id: str, content: bytes, drawing: Drawing | None, revision: int = 0) -> FormLine:
    form, findings = forms.compile_form(content, f"{form_id}.form")
    used = [element.name or element.id for element in drawing.elements.values() if element.form == form_id] if drawing else []
    errors = sum(finding.severity == "error" for finding in findings)
    return FormLine(form_id, form.title if form else form_id, used, errors, revision)


def _sorted(findings: Sequence[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda one: (SEVERITIES.index(one.severity), one.file, one.line))


def _address(draft: DrawingDraft, finding: Finding, kept: Sequence[FormDraft]) -> str:
    """Of the element in the modeler, or of the form in its editor."""
    form_id = finding.file.removesuffix(".form") if finding.file.endswith(".form") else ""
    if form_id:
        known = any(form.form_id == form_id for form in kept)
        return url_for("bench.form_editor", draft_id=draft.id, form_id=form_id, isian=finding.element or None) if known else ""
    return url_for("bench.modeler", draft_id=draft.id, elemen=finding.element or None)
