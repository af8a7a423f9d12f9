"""A scenario (tests/scenarios) played in a real browser by its people: `Drive` knows what is answered, the pages where."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from app import instances
from app.models import Instance, OrgUnit, Task
from tests.support.browser import ContextFor, screenshot
from tests.support.driving import PEOPLE, Drive, Texts
from tests.support.office import PDF
from tests.support.site import Site, sign_in

RAW_KEY = re.compile(r"\b[a-z0-9]+(?:_[a-z0-9]+)+\b")
ENGLISH = re.compile(r"\b(undefined|None|null|NaN|True|False|submit|task|workflow|instance|Traceback|Internal Server Error)\b")
PHONE = {"width": 390, "height": 844}
ON_A_PHONE = ("sekda", "bupati")


@dataclass
class Play(Drive):
    """One scenario in the browser. shots: prefix of its pictures, and what is photographed: {element: name}."""

    site: Site | None = None
    context_for: ContextFor | None = None
    shots: dict[str, str] = field(default_factory=dict)
    pages: dict[str, Page] = field(default_factory=dict)
    strange: set[str] = field(default_factory=set)
    boxes: dict[Page, str] = field(default_factory=dict)

    def page_of(self, username: str) -> Page:
        """Everybody has a window of their own, and signs in once."""
        if username not in self.pages:
            assert self.site is not None and self.context_for is not None
            screen: dict[str, Any] = PHONE if username in ON_A_PHONE or username.startswith("opd.") else {}
            self.pages[username] = sign_in(self.site, self.context_for, username, **screen)
        return self.pages[username]

    def _start(self) -> None:
        starter = PEOPLE[self.drawing.starter_groups[0]]
        start = self.drawing.start
        assert start is not None
        page = self.page_of(starter)
        with self.office.database.reading() as session:
            posted, files = self._fill(session, self.office.actor(starter), start.form, (), start.id)
        page.get_by_role("link", name="Mulai Pelaksanaan SOP").first.click()
        page.locator(f'main a[href="/mulai/{self.key}"]').first.click()
        self._type(page, posted, [one.key for one in files])
        self._look(page, start.id)
        page.get_by_role("button", name="Mulai pelaksanaan").click()
        expect(page.locator("h1")).to_have_text("Pelaksanaan dimulai")
        with self.office.database.reading() as session:
            self.case = session.scalars(select(Instance.id).order_by(Instance.id.desc())).first() or 0

    def _do(self, task: Task) -> None:
        actor = self._performer(task)
        page = self.page_of(actor.username)
        with self.office.database.reading() as session:
            posted, files = self._fill(session, actor, task.form_id, instances.tasks_of(session, self.case), task.element)
        self._open(page, task)
        self._type(page, posted, [one.key for one in files])
        self._look(page, task.element)
        self._send(page, posted, task)
        receivers = self.drawing.elements[task.element].properties.get("penerima", "")
        if task.item and receivers:
            self._accept(PEOPLE[receivers.split(",")[0].strip()], task)

    def _open(self, page: Page, task: Task) -> None:
        """From the inbox, by the name of the step; a leader finds the document itself there."""
        for box in sorted(("", "?kotak=kelompok"), key=lambda box: box != self.boxes.get(page)):  # where their last one lay
            page.goto(f"/tugas{box}")
            self.boxes[page] = box
            if page.locator("article.leader-card").count():
                expect(page.locator("#judul-dokumen")).to_have_text(task.name)
                return
            link = page.locator(f'main a[href="/tugas/{task.id}"]').first
            if link.count():
                expect(link).to_contain_text(task.name)
                link.click()
                expect(page.locator("h1")).to_have_text(task.name)
                return
        raise AssertionError(f"{task.name} is in nobody's inbox")

    def _type(self, page: Page, posted: Texts, files: Sequence[str]) -> None:
        """Twice round: an answer may bring out a field that asks for another."""
        form = page.locator("form[data-autosave]").first
        hidden = [name for name, texts in posted.items() if not _enter(form, name, texts)]
        for name in hidden:
            _enter(form, name, posted[name])
        for key in files:
            place = form.locator(f'input[type="file"][name="{key}"]').first
            place.set_input_files({"name": "dokumen.pdf", "mimeType": "application/pdf", "buffer": PDF})

    def _send(self, page: Page, posted: Texts, task: Task) -> None:
        form = page.locator("form[data-autosave]").first
        decision = next((button for button in form.locator("button[name][value]").all() if _decides(button, posted)), None)
        (decision or form.locator(".send button.btn-primary").first).click()
        try:
            expect(page.locator("h1")).to_have_text(re.compile("Tugas selesai|Terkirim"))
        except AssertionError as error:
            raise AssertionError(f"{task.element} of {self.key}: {page.locator('main').inner_text()[:3000]}") from error
        self._read(page)

    def _accept(self, username: str, task: Task) -> None:
        """On Pantauan, like every paper that comes in."""
        page = self.page_of(username)
        with self.office.database.reading() as session:
            name = session.get_one(OrgUnit, task.item).name
        page.goto(f"/pantauan/{self.case}/{task.element}")
        page.get_by_role("button", name=f"Terima {name}", exact=True).click()
        expect(page.locator(f"#opd-{task.item}")).to_contain_text("Diterima")
        self._read(page)

    def _look(self, page: Page, element: str) -> None:
        self._read(page)
        if name := self.shots.pop(element, ""):
            screenshot(page, f"{self.key}-{name}")

    def _read(self, page: Page) -> None:
        """Whatever no person should have to read: names of our own, and English."""
        text = page.locator("main").inner_text()
        self.strange |= set(RAW_KEY.findall(text)) | set(ENGLISH.findall(text))


def _decides(button: Locator, posted: Texts) -> bool:
    return posted.get(button.get_attribute("name") or "") == [button.get_attribute("value")]


def _enter(form: Locator, name: str, texts: Sequence[str]) -> bool:
    """One field or cell; what the page has worked out itself is not typed. False: the page does not show it."""
    places = form.locator(f'[name="{name}"]:not(button)')
    first = places.first
    if not places.count() or not (first.is_visible() or first.get_attribute("type") in ("radio", "checkbox")):
        return False
    kind = first.evaluate("one => one.tagName == 'INPUT' ? one.type : one.tagName")
    if kind in ("checkbox", "radio"):
        for place in places.all():
            if not place.is_visible():
                continue
            wanted = place.get_attribute("value") in texts
            if wanted != place.is_checked() and (wanted or kind == "checkbox"):
                place.set_checked(wanted)
    elif kind == "SELECT":
        first.select_option(list(texts))
    elif texts and first.is_editable() and first.input_value() != texts[0]:
        first.fill(texts[0])
    return True
