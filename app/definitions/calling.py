"""Calls of other SOPs: pinned when the caller is checked and deployed, so that what runs is what was checked (docs/decisions/0023)."""

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.checking import Bundle, Called
from app.diagram.calling import called_by, compose
from app.diagram.reading import read
from app.errors import InvalidBundle
from app.models import Definition, DefinitionForm


def with_calls(session: Session, bundle: Bundle) -> Bundle:
    """The same bundle with the newest versions of the SOPs it calls. What cannot be called is left to the rule "panggilan"."""
    try:
        keys = called_by(bundle.bpmn, bundle.file)
        own = read(bundle.bpmn, bundle.file).process_id if keys else ""
    except InvalidBundle:
        return bundle  # a rule says so
    if not keys:
        return bundle
    found = [definition for key in sorted(keys) if (definition := _newest(session, key)) is not None]
    turning = frozenset(one.key for one in found if own in {one.key, *(pin["key"] for pin in one.calls or ())})
    used = [one for one in found if one.key not in turning]
    forms: dict[str, bytes] = {}
    for definition in used:
        rows = session.scalars(select(DefinitionForm).where(DefinitionForm.definition_id == definition.id))
        forms |= {row.form_id: row.content for row in rows if row.form_id != _opening(definition)}
    composed = compose(bundle.bpmn, {one.key: one.composed or one.bpmn for one in used}, bundle.file)
    pins = [{"key": one.key, "version": one.version, "digest": one.digest} for one in used]
    pins += [pin for one in used for pin in one.calls or () if pin not in pins]
    return replace(bundle, called=Called(composed, forms, tuple(pins), turning))


def _newest(session: Session, key: str) -> Definition | None:
    return session.scalar(
        select(Definition).where(Definition.key == key, ~Definition.is_suspended).order_by(Definition.version.desc()).limit(1)
    )


def _opening(definition: Definition) -> str | None:
    """Its opening form, unless a step asks it too: nobody fills it in where the SOP is called."""
    drawing = read(definition.composed or definition.bpmn, definition.file)
    start = drawing.start
    steps = {element.form for element in drawing.elements.values() if element is not start}
    return start.form if start is not None and start.form not in steps else None
