"""*Rancangan*: a drawing with its forms that an analyst works on. Nothing runs it; publishing makes it the next version.

Each drawing and each form carries a revision. A save names the revision it began from: two analysts never overwrite each other.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock, diagram
from app.access import Actor
from app.checking import Bundle, bundle_from_files, forms_named, oversize
from app.definitions.calling import with_calls
from app.definitions.deployment import deploy
from app.definitions.skeleton import empty_form
from app.errors import Conflict, Finding, Forbidden, InvalidAnswers, InvalidBundle, NotFound
from app.models import Definition, DefinitionForm, DrawingDraft, FormDraft, User
from app.words import moment

MAX_FORM = 512 * 1024
MAX_FORMS = 60
_FORM_ID = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}")


class DraftConflict(Conflict):
    """Somebody saved in between. revision: the newest; by, at: who saved it and when."""

    def __init__(self, what: str, revision: int, by: str, at: datetime) -> None:
        super().__init__(f"{what} sudah disimpan oleh {by} pada {moment(at)}. Salinan Anda tetap di layar ini dan belum disimpan.")
        self.revision, self.by, self.at = revision, by, at

    def details(self) -> dict[str, object]:
        return {"revision": self.revision, "by": self.by, "at": moment(self.at)}


@dataclass(frozen=True)
class DraftRow:
    """One line of the list. based_on: the number of the version it began as, None for a new drawing."""

    draft: DrawingDraft
    saved_by: str
    based_on: int | None


def require_reader(actor: Actor) -> None:
    """Analysts; auditors and admins read along. Raises Forbidden."""
    if not (actor.is_analyst or actor.is_auditor or actor.is_admin):
        raise Forbidden("Halaman ini untuk analis.")


def require_analyst(actor: Actor) -> None:
    """Raises Forbidden."""
    if not actor.is_analyst:
        raise Forbidden("Diagram dan formulir disunting dan diterbitkan oleh analis.")


def drafts_for(session: Session, actor: Actor, key: str | None = None) -> list[DraftRow]:
    """Of everybody, the last saved first; of one SOP where a key is given. Raises Forbidden."""
    require_reader(actor)
    query = (
        select(DrawingDraft, User.name, Definition.version)
        .join(User, User.id == DrawingDraft.saved_by)
        .outerjoin(Definition, Definition.id == DrawingDraft.based_on)
        .order_by(DrawingDraft.saved_at.desc())
    )
    if key is not None:
        query = query.where(DrawingDraft.key == key)
    return [DraftRow(draft, name, version) for draft, name, version in session.execute(query)]


def draft_for(session: Session, actor: Actor, draft_id: int) -> DrawingDraft:
    """To read. Raises Forbidden, NotFound."""
    require_reader(actor)
    found = session.get(DrawingDraft, draft_id)
    if found is None:
        raise NotFound("Rancangan ini tidak ada, atau sudah diterbitkan atau dihapus.")
    return found


def begin_draft(session: Session, actor: Actor, definition: Definition) -> DrawingDraft:
    """A draft with everything of one version. Raises Forbidden."""
    rows = session.scalars(select(DefinitionForm).where(DefinitionForm.definition_id == definition.id))
    bundle = bundle_from_files(definition.file, definition.bpmn, {row.form_id: row.content for row in rows})
    return keep_draft(session, actor, bundle, definition.id)


def keep_draft(session: Session, actor: Actor, bundle: Bundle, based_on: int | None = None) -> DrawingDraft:
    """What was uploaded, as a draft. Without ``based_on`` it counts as begun from the newest version of its key.

    Raises Forbidden, InvalidBundle.
    """
    require_analyst(actor)
    if too_big := oversize(bundle):
        raise InvalidBundle([too_big])
    key, name = _names(bundle.bpmn, bundle.file)
    if based_on is None:
        based_on = session.scalar(select(Definition.id).where(Definition.key == key).order_by(Definition.version.desc()).limit(1))
    now = clock.now()
    draft = DrawingDraft(
        key=key, name=name, file=_file_name(bundle.file), bpmn=bundle.bpmn, revision=1, based_on=based_on,
        created_by=actor.id, created_at=now, saved_by=actor.id, saved_at=now,
    )  # fmt: skip
    session.add(draft)
    session.flush()
    session.add_all(
        FormDraft(draft_id=draft.id, form_id=form_id, content=content, revision=1, saved_by=actor.id, saved_at=now)
        for form_id, content in bundle.forms.items()
    )
    return draft


def save_drawing(session: Session, actor: Actor, draft_id: int, bpmn: bytes, revision: int) -> DrawingDraft:
    """revision: the one this drawing was opened with. Raises Forbidden, NotFound, DraftConflict, InvalidBundle (not a drawing at all)."""
    draft = _locked(session, actor, draft_id)
    if draft.revision != revision:
        raise _conflict(session, "Diagram", draft)
    draft.key, draft.name = _names(bpmn, draft.file)
    draft.bpmn = bpmn
    draft.revision += 1
    draft.saved_by, draft.saved_at = actor.id, clock.now()
    return draft


def save_form(session: Session, actor: Actor, draft_id: int, form_id: str, content: bytes, revision: int) -> FormDraft:
    """revision: 0 for a new form. Raises Forbidden, NotFound, DraftConflict, InvalidBundle (no form at all), InvalidAnswers({"id"})."""
    draft = _locked(session, actor, draft_id)
    found = session.get(FormDraft, (draft_id, form_id))
    if found is not None and found.revision != revision:
        raise _conflict(session, f"Formulir “{form_id}”", found)
    if found is None:
        _refuse_form_id(session, draft, form_id)
        found = FormDraft(draft_id=draft_id, form_id=form_id, revision=0)
        session.add(found)
    found.content = _form_content(content, form_id)
    found.revision += 1
    found.saved_by, found.saved_at = actor.id, clock.now()
    draft.saved_by, draft.saved_at = found.saved_by, found.saved_at
    return found


def add_form(session: Session, actor: Actor, draft_id: int, form_id: str, title: str) -> FormDraft:
    """A new, empty form. Raises Forbidden, NotFound, InvalidAnswers({"id", "judul"})."""
    draft = _locked(session, actor, draft_id)
    if session.get(FormDraft, (draft_id, form_id)) is not None:
        raise InvalidAnswers({"id": f"Formulir “{form_id}” sudah ada pada rancangan ini."})
    if not title.strip():
        raise InvalidAnswers({"judul": "Judul formulir belum diisi."})
    _refuse_form_id(session, draft, form_id)
    return save_form(session, actor, draft_id, form_id, empty_form(form_id, title), 0)


def form_draft_for(session: Session, actor: Actor, draft_id: int, form_id: str) -> FormDraft:
    """Raises Forbidden, NotFound."""
    draft_for(session, actor, draft_id)
    found = session.get(FormDraft, (draft_id, form_id))
    if found is None:
        raise NotFound(f"Formulir “{form_id}” tidak ada pada rancangan ini.")
    return found


def forms_of(session: Session, draft: DrawingDraft) -> Sequence[FormDraft]:
    return session.scalars(select(FormDraft).where(FormDraft.draft_id == draft.id).order_by(FormDraft.form_id)).all()


def remove_form(session: Session, actor: Actor, draft_id: int, form_id: str) -> None:
    """Raises Forbidden, NotFound."""
    _locked(session, actor, draft_id)
    session.delete(form_draft_for(session, actor, draft_id, form_id))


def discard_draft(session: Session, actor: Actor, draft_id: int) -> None:
    """Raises Forbidden, NotFound."""
    draft = _locked(session, actor, draft_id)
    for form in forms_of(session, draft):
        session.delete(form)
    session.flush()
    session.delete(draft)


def bundle_of(session: Session, draft: DrawingDraft) -> Bundle:
    """What would be deployed: the drawing with those of the draft's forms that it names; all of them while it cannot be read."""
    available = {form.form_id: form.content for form in forms_of(session, draft)}
    try:
        wanted = set(forms_named(diagram.read(draft.bpmn, draft.file)))
    except InvalidBundle:
        wanted = set(available)
    own = {form_id: content for form_id, content in available.items() if form_id in wanted}
    return with_calls(session, Bundle(draft.file, draft.bpmn, own))


def publish_draft(session: Session, actor: Actor, draft_id: int, note: str, checked: str, findings: Sequence[Finding]) -> Definition:
    """The draft becomes the next version and is gone as a draft.

    checked: digest of the bundle that the findings are about. Raises Forbidden, NotFound, InvalidAnswers({"catatan"}), InvalidBundle
    (a finding is an error), Conflict (saved again since it was checked, or nothing differs from a version).
    """
    draft = _locked(session, actor, draft_id)
    if not note.strip():
        raise InvalidAnswers({"catatan": "Catatan versi belum diisi: tulis apa yang berubah."})
    bundle = bundle_of(session, draft)
    if bundle.digest != checked:
        raise Conflict("Rancangan ini disimpan lagi sesudah diperiksa. Periksa kembali, lalu terbitkan.")
    if same := session.scalar(select(Definition).where(Definition.digest == checked)):
        raise Conflict(f"Rancangan ini sama persis dengan versi {same.version}; tidak ada yang perlu diterbitkan.")
    definition = deploy(session, bundle, actor.id, note.strip(), "Alur", tuple(findings))
    discard_draft(session, actor, draft_id)
    return definition


def _locked(session: Session, actor: Actor, draft_id: int) -> DrawingDraft:
    """Lock, then load. Raises Forbidden, NotFound."""
    require_analyst(actor)
    session.execute(select(DrawingDraft.id).where(DrawingDraft.id == draft_id).with_for_update())
    return draft_for(session, actor, draft_id)


def _conflict(session: Session, what: str, row: DrawingDraft | FormDraft) -> DraftConflict:
    return DraftConflict(what, row.revision, session.get_one(User, row.saved_by).name, row.saved_at)


def _names(bpmn: bytes, file: str) -> tuple[str, str]:
    """(process id, name for the list). Raises InvalidBundle where it is no drawing."""
    drawing = diagram.read(bpmn, file)
    name = drawing.identity.get("judul") or drawing.process_name or drawing.process_id
    return drawing.process_id[:100], name[:300]


def _file_name(file: str) -> str:
    stem = file.rsplit("/", 1)[-1].removesuffix(".bpmn")[:150] or "diagram"
    return f"{stem}.bpmn"


def _refuse_form_id(session: Session, draft: DrawingDraft, form_id: str) -> None:
    if not _FORM_ID.fullmatch(form_id):
        raise InvalidAnswers({"id": "Id formulir memakai huruf, angka, garis bawah, atau tanda hubung, diawali huruf; misalnya “pf04”."})
    if len(forms_of(session, draft)) >= MAX_FORMS:
        raise InvalidAnswers({"id": f"Satu rancangan memuat paling banyak {MAX_FORMS} formulir."})


def _form_content(content: bytes, form_id: str) -> bytes:
    """The JSON as it came, if it is that of a form. What the compiler thinks of it is a finding, not a reason to lose it."""
    file = f"{form_id}.form"
    if len(content) > MAX_FORM:
        raise InvalidBundle([Finding(file, 0, "", "", "formulir", "error", "Formulir lebih besar dari 512 KB.")])
    try:
        read = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise InvalidBundle([Finding(file, 0, "", "", "formulir", "error", "Formulir ini bukan JSON yang utuh.")]) from error
    if not isinstance(read, Mapping) or not isinstance(read.get("components", []), list):
        raise InvalidBundle([Finding(file, 0, "", "", "formulir", "error", "Berkas ini bukan formulir form-js.")])
    return content
