"""Leaders sign paper: what was decided on the *naskah fisik* is recorded by those the step names (``pencatat``).

The recorder is never shown as the one who decided; the day it happened and the day it was recorded are two things.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import access, attachments, clock
from app.access import Actor
from app.drafts import drop_draft
from app.errors import Conflict, Forbidden, InvalidAnswers, NotFound
from app.file_kinds import SHOWN
from app.forms import JSON, Form
from app.instances.finishing import answer_form, finish_task, is_same_press
from app.instances.loading import TaskView, load_task, lock_instance_of, may_see
from app.models import Attachment, Membership, Task, User

PROOF = "naskah_fisik"  # the field of the photo or scan of the page with the initials or the signature


def may_record(actor: Actor, view: TaskView) -> bool:
    return view.task.state == "open" and view.instance.state == "running" and access.is_recorder(actor, view.element)


def subject_to_record(task_id: UUID) -> str:
    """Of a draft: the recorder's own, which is not the decider's and does not begin the task."""
    return f"{access.RECORDS}{task_id}"


def task_to_record(session: Session, actor: Actor, task_id: UUID) -> TaskView:
    """Raises NotFound, Forbidden (the step does not name the actor's groups), Conflict."""
    view = load_task(session, actor, task_id)
    _require_recorder(actor, view)
    return view


def record_decision(
    session: Session, actor: Actor, task_id: UUID, submitted: Mapping[str, Sequence[str]], token: str, happened_on: date | None
) -> Task:
    """ "Catat keputusan pada naskah fisik". The photo or scan was uploaded with the form's token under the field ``naskah_fisik``.

    Raises NotFound, Forbidden (naming who records), Conflict, InvalidAnswers, EngineFault.
    """
    _instance, state = lock_instance_of(session, task_id)
    view = load_task(session, actor, task_id)
    if is_same_press(view.task, actor, token):
        return view.task
    _require_recorder(actor, view)
    proof, proof_problems = _proof(session, actor, token)
    problems = _day_problem(view, happened_on) | proof_problems
    form, answers = _answers(session, actor, view, submitted, token, happened_on, problems)
    view.task.completed_by = holder_of(session, access.candidates_for(view.drawing, view.task.element, None))
    view.task.recorded_by, view.task.happened_on, view.task.channel = actor.id, happened_on, "Naskah fisik"
    attachments.keep(session, actor, token, view.instance.id, view.task.id)
    drop_draft(session, actor, subject_to_record(view.task.id))
    told = {"recorded_by": actor.id, "happened_on": str(happened_on), "decider": view.task.completed_by, "proof": proof}
    finish_task(session, view, state, actor, form, answers, told)
    return view.task


def holder_of(session: Session, groups: Sequence[str]) -> int | None:
    """The one person who holds an office today; None where nobody or several do."""
    found = session.scalars(
        select(User.id)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.group_key.in_(groups), access.valid_on(clock.today()), User.is_active)
        .limit(2)
    ).all()
    return found[0] if len(found) == 1 else None


def holder_name(session: Session, groups: Sequence[str]) -> str:
    """ "" where nobody or several hold the office."""
    user_id = holder_of(session, groups)
    return session.get_one(User, user_id).name if user_id else ""


def _require_recorder(actor: Actor, view: TaskView) -> None:
    if not access.is_recorder(actor, view.element):
        if may_see(actor, view):
            raise Forbidden("Keputusan ini tidak Anda catat: langkah ini tidak menyebut kelompok Anda sebagai pencatat.")
        raise NotFound
    if not may_record(actor, view):
        raise Conflict("Langkah ini sudah diputuskan, atau pelaksanaannya tidak sedang berjalan. Isian Anda tidak dikirim.")


def _answers(
    session: Session,
    actor: Actor,
    view: TaskView,
    submitted: Mapping[str, Sequence[str]],
    token: str,
    happened_on: date | None,
    problems: Mapping[str, str],
) -> tuple[Form, dict[str, JSON]]:
    """The form's problems and ours at once."""
    try:
        found = answer_form(session, actor, view, submitted, token, happened_on)
    except InvalidAnswers as error:
        raise InvalidAnswers({**error.problems, **problems}) from error
    if problems:
        raise InvalidAnswers(problems)
    return found


def _day_problem(view: TaskView, happened_on: date | None) -> dict[str, str]:
    if happened_on is None:
        return {"tanggal_kejadian": "Tanggal kejadian belum diisi."}
    if happened_on > clock.today():
        return {"tanggal_kejadian": "Tanggal kejadian tidak boleh sesudah hari ini."}
    if happened_on < view.task.opened_at.astimezone(clock.WIB).date():
        return {"tanggal_kejadian": "Tanggal kejadian tidak boleh sebelum langkah sebelumnya selesai."}
    return {}


def _proof(session: Session, actor: Actor, token: str) -> tuple[str, dict[str, str]]:
    """sha256 of the newest photo or scan uploaded with the form, and what is wrong with it."""
    mine = select(Attachment).where(Attachment.draft_token == token, Attachment.uploaded_by == actor.id, Attachment.field == PROOF)
    found = session.scalars(mine.order_by(Attachment.uploaded_at.desc())).all()
    if not found:
        return "", {PROOF: "Foto atau pindaian halaman paraf atau tanda tangan belum dilampirkan."}
    if not {file.media_type for file in found} <= SHOWN:
        return "", {PROOF: "Naskah fisik dilampirkan sebagai foto atau pindaian: JPG, PNG, atau PDF."}
    return found[0].digest, {}
