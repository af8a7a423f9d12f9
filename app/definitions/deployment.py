"""A checked bundle becomes the next version; the same bytes never become a second one."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app import clock, diagram, engine, forms
from app.checking import Bundle, check
from app.definitions.calling import with_calls
from app.definitions.confirming import CONFIRMED, confirmation
from app.diagram import Drawing
from app.engine import Spec
from app.errors import Conflict, Finding, InvalidBundle, NotFound
from app.forms import Form
from app.models import Definition, DefinitionEvent, DefinitionForm, Group


def deploy(
    session: Session,
    bundle: Bundle,
    actor_id: int | None = None,
    note: str = "",
    source: str = "",
    findings: Sequence[Finding] | None = None,
) -> Definition:
    """Store the bundle as the next version of its key, or return the version that has just these bytes.

    findings: what ``check_apart`` said about this bundle before the transaction, which must not wait for it; None for a file one
    trusts, which is then checked here. source: what it came through ("Camunda Modeler", say).
    Raises InvalidBundle with every finding when one of them is an error; Conflict when somebody deployed in between.
    """
    if bundle.called is None:
        bundle = with_calls(session, bundle)
    if existing := session.scalar(select(Definition).where(Definition.digest == bundle.digest)):
        return existing
    findings = check(bundle, known_groups(session)) if findings is None else findings
    if any(finding.severity == "error" for finding in findings):
        raise InvalidBundle(findings)
    drawing = diagram.read(bundle.bpmn, bundle.file)
    version = session.scalar(select(func.max(Definition.version)).where(Definition.key == drawing.process_id)) or 0
    definition = Definition(
        key=drawing.process_id,
        version=version + 1,
        name=drawing.identity.get("judul") or drawing.process_name or drawing.process_id,
        code=drawing.identity.get("kode", ""),
        short_name=drawing.identity.get("singkatan", ""),
        digest=bundle.digest,
        file=bundle.file,
        bpmn=bundle.bpmn,
        composed=bundle.called.composed if bundle.called else None,
        calls=[dict(pin) for pin in bundle.called.pins] if bundle.called else None,
        findings=[finding.as_dict() for finding in findings],
        note=note,
        source=source,
        deployed_by=actor_id,
        deployed_at=clock.now(),
    )
    session.add(definition)
    try:
        session.flush()
    except IntegrityError as error:
        raise Conflict("Versi lain dari SOP ini baru saja diterbitkan; muat ulang dan bandingkan dahulu.") from error
    session.add_all(DefinitionForm(definition_id=definition.id, form_id=id, content=content) for id, content in bundle.every_form.items())
    session.add(
        DefinitionEvent(definition_id=definition.id, at=definition.deployed_at, actor_id=actor_id, deed="deployed", detail=note or source)
    )
    return definition


def known_groups(session: Session) -> frozenset[str] | None:
    """The keys of the office's groups, which a drawing may name without a warning; None where the office has none yet."""
    return frozenset(session.scalars(select(Group.key))) or None


def latest(session: Session, key: str) -> Definition:
    """The newest version that may be started. Raises NotFound."""
    found = session.scalar(
        select(Definition).where(Definition.key == key, ~Definition.is_suspended).order_by(Definition.version.desc()).limit(1)
    )
    if found is None:
        raise NotFound(f"SOP “{key}” belum diterbitkan.")
    return found


def latest_all(session: Session) -> Sequence[Definition]:
    """The newest version of every SOP, in the order of their codes."""
    newest = (
        select(Definition.key, func.max(Definition.version).label("version"))
        .where(~Definition.is_suspended)
        .group_by(Definition.key)
        .subquery()
    )
    return session.scalars(
        select(Definition)
        .join(newest, (Definition.key == newest.c.key) & (Definition.version == newest.c.version))
        .order_by(Definition.code, Definition.name)
    ).all()


def spec_of(definition: Definition) -> Spec:
    """What its drawing says: cached by digest in the engine."""
    return engine.load_spec(definition)


def drawing_behind(session: Session, digest: str) -> Drawing:
    """For lists, which have no more of a version than this."""
    spec = engine.kept_spec(digest) or engine.load_spec(session.scalars(select(Definition).where(Definition.digest == digest)).one())
    return spec.drawing


def form_of(session: Session, definition: Definition, form_id: str | None) -> Form:
    """A form of this version, or the confirmation of a step that has none, compiled once per process. Raises NotFound."""
    if form_id is None:
        raise NotFound("Langkah ini tidak mempunyai formulir.")
    key = (definition.digest, form_id)
    if key not in _compiled:
        if form_id == CONFIRMED:
            return _compiled.setdefault(key, confirmation())
        row = session.get(DefinitionForm, (definition.id, form_id))
        if row is None:
            raise NotFound(f"Formulir “{form_id}” tidak ada pada versi SOP ini.")
        form, findings = forms.compile_form(row.content, f"{form_id}.form")
        if form is None:
            raise InvalidBundle(findings)
        if len(_compiled) >= CACHED_FORMS:
            _compiled.clear()
        _compiled[key] = form
    return _compiled[key]


CACHED_FORMS = 1024
_compiled: dict[tuple[str, str], Form] = {}
