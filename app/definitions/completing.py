"""A drawing sent without all its forms: those that did not change are taken from the versions before."""

from collections.abc import Collection, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import diagram
from app.checking import Bundle, bundle_from_files, forms_named
from app.definitions.calling import with_calls
from app.models import Definition, DefinitionForm


def complete_bundle(session: Session, file: str, bpmn: bytes, sent: Mapping[str, bytes]) -> Bundle:
    """The drawing with the forms it names: those sent, else the newest of the same id among the versions of this SOP.

    sent: {form id: bytes}. A form found nowhere is left to the rules. Raises InvalidBundle where the drawing cannot be read.
    """
    drawing = diagram.read(bpmn, file)
    missing = set(forms_named(drawing)) - sent.keys()
    return with_calls(session, bundle_from_files(file, bpmn, {**_newest_forms(session, drawing.process_id, missing), **sent}))


def deployed_as(session: Session, bundle: Bundle) -> Definition | None:
    """The version that has just these bytes."""
    return session.scalar(select(Definition).where(Definition.digest == bundle.digest))


def _newest_forms(session: Session, key: str, wanted: Collection[str]) -> dict[str, bytes]:
    """A suspended version gives none: it may be suspended for its form."""
    if not wanted:
        return {}
    rows = session.execute(
        select(DefinitionForm.form_id, DefinitionForm.content)
        .join(Definition, Definition.id == DefinitionForm.definition_id)
        .where(Definition.key == key, ~Definition.is_suspended, DefinitionForm.form_id.in_(wanted))
        .order_by(Definition.version)
    )
    return {row.form_id: row.content for row in rows}  # a newer version overwrites an older one
