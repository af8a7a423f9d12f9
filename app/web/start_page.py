"""What somebody reads before starting an SOP: the drawing, who takes part, how long it may take, what the SOP says of itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup
from sqlalchemy.orm import Session

from app import clock, definitions, instances, offices
from app.access import Actor
from app.diagram import Drawing, NormTotal, norm_total
from app.diagram.model import split_list
from app.drafts import subject_of
from app.errors import NotFound
from app.forms import Form
from app.models import Definition
from app.web import pictures
from app.web.ahead import group_names
from app.web.last_year import LastYear, Step, last_year
from app.web.letters import Letters, letters_part
from app.web.posting import Posted
from app.web.start_notes import StartNotes, notes_for
from app.web.task_page import FormView, acting_as, opening_form

# Identity of the ratified sheet: (property, label, whether it is a list).
ABOUT = (
    ("dasar_hukum", "Dasar hukum", True),
    ("kualifikasi", "Kualifikasi pelaksana", True),
    ("keterkaitan", "Keterkaitan", True),
    ("peralatan", "Peralatan dan perlengkapan", True),
    ("peringatan", "Peringatan", False),
    ("pencatatan", "Pencatatan dan pendataan", True),
)
DATES = (
    ("tanggal_pembuatan", "Tanggal pembuatan"),
    ("tanggal_revisi", "Tanggal revisi"),
    ("tanggal_pengesahan", "Tanggal pengesahan"),
    ("tanggal_efektif", "Tanggal efektif"),
)


@dataclass(frozen=True)
class Participant:
    """A lane with the names of the groups that work there."""

    lane: str
    groups: tuple[str, ...]
    external: bool
    steps: int


@dataclass(frozen=True)
class StartPage:
    """undecreed: teams of this SOP without a decree in force today, in words."""

    definition: Definition
    drawing: Drawing
    participants: Sequence[Participant]
    total: NormTotal
    has_fan_out: bool
    about: Sequence[tuple[str, Sequence[str]]]
    dates: Sequence[tuple[str, str]]
    picture: Markup
    form: FormView
    acts_as: str
    last_year: LastYear | None
    letters: Letters | None
    undecreed: Sequence[str]
    may_keep_decrees: bool
    notes: StartNotes


def start_page(
    session: Session, actor: Actor, key: str, posted: Posted | None, problems: Mapping[str, str], max_mb: int, wanted: Mapping[str, str]
) -> StartPage:
    """wanted: {field: text} of the business key that the address names. Raises NotFound, Forbidden."""
    definition = instances.startable_for(session, actor, key)
    drawing = definitions.spec_of(definition).drawing
    form, step = opening_of(session, actor, key)
    identity = drawing.identity
    first = {} if posted else instances.first_values(session, actor, form)
    view = opening_form(session, actor, form, posted, problems, max_mb, first, subject_of(None, key))
    named = {} if posted else {field.key: [wanted[field.key]] for field in form.keys if wanted.get(field.key)}
    view = replace(view, values={**view.values, **named})
    return StartPage(
        definition=definition,
        drawing=drawing,
        participants=_participants(session, drawing),
        total=norm_total(drawing),
        has_fan_out=any(task.multi_instance for task in drawing.tasks()),
        about=[(label, _items(identity[name], listed)) for name, label, listed in ABOUT if identity.get(name, "").strip()],
        dates=[(label, identity[name]) for name, label in DATES if identity.get(name, "").strip()],
        picture=pictures.picture(definition),
        form=view,
        acts_as=acting_as(actor, drawing, step.element),
        last_year=last_year(session, actor, form, step),
        letters=letters_part(session, actor, form),
        undecreed=offices.without_decree(session, drawing.lane_groups, clock.today()),
        may_keep_decrees=offices.may_keep(session, actor),
        notes=notes_for(session, actor, key, drawing, form, view.values),
    )


def opening_of(session: Session, actor: Actor, key: str) -> tuple[Form, Step]:
    """Raises NotFound, Forbidden."""
    definition = instances.startable_for(session, actor, key)
    start = definitions.spec_of(definition).drawing.start
    if start is None:
        raise NotFound
    return definitions.form_of(session, definition, start.form), Step(key, start.id)


def opening_form_for(session: Session, actor: Actor, key: str) -> Form:
    """Raises NotFound, Forbidden."""
    return opening_of(session, actor, key)[0]


def _participants(session: Session, drawing: Drawing) -> list[Participant]:
    names = group_names(session)
    steps = [task.lane for task in drawing.tasks()]
    return [
        Participant(lane.name, tuple(names.get(key, key) for key in lane.groups), lane.external, steps.count(lane.id))
        for lane in drawing.lanes
    ]


def _items(text: str, listed: bool) -> Sequence[str]:
    return split_list(text, ";") if listed else (text.strip(),)
