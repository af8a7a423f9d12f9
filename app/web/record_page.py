"""The form of "Catat keputusan pada naskah fisik": the step's own questions, and beside them the day and the proof."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app import access, definitions, instances
from app.access import Actor
from app.forms import Form
from app.instances import TaskView
from app.web.ahead import group_names, performer
from app.web.posting import Posted
from app.web.story import Chapter, finished_last, tell
from app.web.task_page import FormView, document_before, drafts_of, opening_form

DAY = "tanggal_kejadian"
BESIDE: Mapping[str, str] = {DAY: "Tanggal kejadian"}
PROOF_LABEL = "Foto atau pindaian naskah"
LOOKED_BACK = 24  # steps, for the paper that the decision is about


@dataclass(frozen=True)
class RecordPage:
    """decider: whose decision it is, never the reader. document: what it is about, for who sees the case. day: as typed."""

    view: TaskView
    form: FormView
    decider: str
    decider_name: str
    document: Chapter | None
    inside: bool
    day: str
    proof: Sequence[Mapping[str, object]]

    @property
    def problems(self) -> Mapping[str, str]:
        return self.form.problems


def beside_paper(form: Form) -> tuple[str, ...]:
    """What a draft of the recording keeps besides the form's ordinary questions: it is written down, not decided, so the answer too."""
    return (DAY, form.decision.key) if form.decision else (DAY,)


def record_page(
    session: Session, actor: Actor, view: TaskView, posted: Posted | None, problems: Mapping[str, str], max_mb: int
) -> RecordPage:
    form = definitions.form_of(session, view.definition, view.task.form_id)
    shown = opening_form(session, actor, form, posted, problems, max_mb, {}, instances.subject_to_record(view.task.id), view.task)
    groups = access.candidates_for(view.drawing, view.task.element, None)
    inside = access.may_see_case(actor, view.drawing)
    day = posted.beside.get(DAY, "") if posted else (shown.values.get(DAY) or [""])[0]
    return RecordPage(
        view=view,
        form=shown,
        decider=performer(view.drawing, view.task.element, group_names(session)),
        decider_name=instances.holder_name(session, groups),
        document=_document(session, view) if inside else None,
        inside=inside,
        day=day,
        proof=drafts_of(session, actor, shown.token).get(instances.PROOF, ()),
    )


def _document(session: Session, view: TaskView) -> Chapter | None:
    done = [row for row in instances.tasks_of(session, view.instance.id) if row.state == "done"]
    return document_before(finished_last(tell(session, view.definition, done[-LOOKED_BACK:])))
