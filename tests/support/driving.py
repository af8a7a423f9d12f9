"""A case of any SOP, run to its end by its people. Who works where is read from the drawing, what they answer from the forms."""

from __future__ import annotations

import io
import json
import re
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from sqlalchemy.orm import Session

from app import attachments, audit, clock, definitions, demo, forms, instances
from app.access import Actor
from app.diagram import OPD_GROUP, Drawing
from app.errors import InvalidAnswers
from app.forms import Field, Form
from app.instances.choosing import choices_for
from app.models import Instance, Task
from tests.support.office import PDF, Office

PEOPLE = {group: username for username, _name, _position, groups, _rights in reversed(demo.PEOPLE) for group in groups}
TEXTS = ("Sesuai naskah.", "nama@contoh.go.id", "081234567890", "2026", "1")  # the first that a pattern lets through
QUESTION = re.compile(r"\$\{\s*(\w+)\s*==\s*'ya'\s*\}")
ROUNDS = 6  # of filling in what is still asked: one answer may ask for another
DEEDS = 300  # after which a case is going round in circles

Texts = dict[str, list[str]]
DEFAULT_OPD = ("dinas_kesehatan", "dinas_pendidikan")


@dataclass(frozen=True)
class Scenario:
    """title: what happens, in words. decisions: {gateway or task: answers in the order asked; then "ya"}. opd: who is asked."""

    title: str
    decisions: Mapping[str, Sequence[str]] = field(default_factory=dict)
    opd: Sequence[str] = DEFAULT_OPD


def read_scenario(path: Path) -> Scenario:
    """Raises TypeError for a name that no scenario has."""
    return Scenario(**tomllib.loads(path.read_text("utf-8")))


def drawing_of(office: Office, key: str) -> Drawing:
    with office.database.reading() as session:
        return definitions.spec_of(definitions.latest(session, key)).drawing


@dataclass
class Drive:
    """One scenario on its way. asked: {gateway or task: how often it has been answered}."""

    office: Office
    key: str
    scenario: Scenario
    case: int = 0
    asked: Counter[str] = field(default_factory=Counter)
    drawing: Drawing = field(init=False)

    def __post_init__(self) -> None:
        self.drawing = drawing_of(self.office, self.key)

    def run(self, until: str = "") -> None:
        """until: a step to stop at as soon as it is open."""
        self._start()
        for _deed in range(DEEDS):
            waiting = self.office.open(self.case)
            if not waiting or any(task.element == until for task in waiting):
                return
            self._do(waiting[0])
        raise AssertionError(f"{self.scenario.title}: still not finished after {DEEDS} deeds")

    @property
    def state(self) -> str:
        return self.office.instance(self.case).state

    @property
    def flows(self) -> set[str]:
        """Every sequence flow that was taken."""
        steps = [json.loads(event.data) for event in self.office.events(self.case) if event.kind == "step"]
        return {flow for step in steps for flow in step["flows"]}

    @property
    def problems(self) -> tuple[str, ...]:
        """What the verification finds in the trail."""
        with self.office.database.reading() as session:
            return audit.verify_instance(session, session.get_one(Instance, self.case)).problems

    @property
    def unasked(self) -> set[str]:
        """Decisions of the scenario that nobody was asked for: without them it shows less than it says."""
        return {name for name, answers in self.scenario.decisions.items() if self.asked[name] < len(answers)}

    def _start(self) -> None:
        actor, token = self.office.actor(PEOPLE[self.drawing.starter_groups[0]]), uuid4().hex
        start = self.drawing.start
        assert start is not None
        with self.office.database.reading() as session:
            posted, files = self._fill(session, actor, start.form, (), start.id)
        self._attach(actor, token, files)
        with self.office.database.transaction() as session:
            self.case = instances.start_instance(session, actor, self.key, posted, token).id

    def _do(self, task: Task) -> None:
        actor, token = self._performer(task), uuid4().hex
        with self.office.database.reading() as session:
            posted, files = self._fill(session, actor, task.form_id, instances.tasks_of(session, self.case), task.element)
        self._attach(actor, token, files)
        with self.office.database.transaction() as session:
            instances.complete_task(session, actor, task.id, posted, token)
        receivers = self.drawing.elements[task.element].properties.get("penerima", "")
        if task.item and receivers:
            self.office.accept(task.id, PEOPLE[receivers.split(",")[0].strip()])

    def _performer(self, task: Task) -> Actor:
        groups = self.drawing.groups_of(task.element)
        own = task.item is not None and OPD_GROUP in groups
        return self.office.actor(f"opd.{task.item}" if own else PEOPLE[groups[0]])

    def _attach(self, actor: Actor, token: str, files: Sequence[Field]) -> None:
        received = [self.office.storage.receive(one.key, one.label, f"{one.key}.pdf", io.BytesIO(PDF)) for one in files]
        if received:
            with self.office.database.transaction() as session:
                attachments.add_drafts(session, actor, token, received)

    def _fill(self, session: Session, actor: Actor, form_id: str | None, rows: Sequence[Task], element: str) -> tuple[Texts, list[Field]]:
        """What the page shows at first, the decision, then every answer that is still asked for. With the files to attach."""
        form = definitions.form_of(session, definitions.latest(session, self.key), form_id)
        choices = choices_for(session, form)
        first = instances.first_values(session, actor, form, rows)
        posted = forms.initial(form, first, choices, clock.today(), clock.now())
        posted |= {one.key: list(self.scenario.opd) for one in form.fields if one.source == "opd" and one.properties.get("bawaan")}
        posted |= {one.key: [self._decide(one, element)] for one in form.fields if self._is_question(one)}
        files: list[Field] = []
        for _round in range(ROUNDS):
            try:
                forms.parse(form, posted, {one.key: [{"id": "a", "nama": "a.pdf", "ukuran": 1}] for one in files}, choices)
            except InvalidAnswers as error:
                for name in error.problems:
                    self._answer(form, name, posted, files)
            else:
                break
        return posted, files

    def _is_question(self, one: Field) -> bool:
        return one.is_decision or {option.value for option in one.options} == {"ya", "tidak"}

    def _decide(self, one: Field, element: str) -> str:
        gateways = [flow.source for flow in self.drawing.flows.values() if self._asks(flow.condition, one.key)]
        name = next((name for name in (element, *gateways) if name in self.scenario.decisions), element)
        answers, place = self.scenario.decisions.get(name, ()), self.asked[name]
        self.asked[name] += 1
        return answers[place] if place < len(answers) else "ya"

    @staticmethod
    def _asks(condition: str | None, key: str) -> bool:
        found = QUESTION.fullmatch(condition or "")
        return found is not None and found[1] == key

    def _answer(self, form: Form, name: str, posted: Texts, files: list[Field]) -> None:
        key, *cell = name.split(".")
        asked = form.field(key)
        assert asked is not None, f"{form.id}: {name}"
        if asked.is_file:
            files.append(asked)
        elif not asked.is_table:
            posted[key] = self._text_for(asked)
        elif len(cell) == 2:
            posted[name] = next(self._text_for(column) for column in asked.columns if column.key == cell[1])
        else:
            row = {column.key: self._text_for(column) for column in asked.columns if column.required}
            posted |= {f"{key}.1.{column}": texts for column, texts in ({k: [v] for k, v in asked.new_row.items()} | row).items()}

    def _text_for(self, asked: Field) -> list[str]:
        """An answer of its kind."""
        if asked.source == "opd":
            return list(self.scenario.opd) if asked.is_many else [self.scenario.opd[0]]
        if asked.options:
            return [asked.options[0].value]
        if asked.type == "checkbox":
            return ["ya"]
        if asked.type == "number":
            return [forms.number_text(1 if asked.minimum is None else max(asked.minimum, 1), grouped=False)]
        if asked.type == "datetime":
            later = clock.today() + timedelta(days=30)
            return [{"date": f"{later}", "time": "10:00", "datetime": f"{later}T10:00"}[asked.subtype]]
        return [next(text for text in TEXTS if asked.pattern is None or re.search(asked.pattern, text))]


def every_question_once(drawing: Drawing) -> Scenario:
    """Each gateway says "tidak" the first time."""
    gateways = [element.id for element in drawing.elements.values() if element.tag == "exclusiveGateway" and element.default]
    return Scenario("setiap pertanyaan sekali tidak", {gateway: ["tidak"] for gateway in gateways})
