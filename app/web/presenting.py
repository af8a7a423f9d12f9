"""What every template may use: dates in words, states with their words, assets, the header by role."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple, TypeVar

from flask import Flask, g, url_for
from sqlalchemy.orm import Session

from app import access, clock, definitions, duties, incidents, instances, words
from app.access import Actor
from app.diagram import format_norm
from app.file_kinds import SHOWN
from app.instances.inbox import Box
from app.instances.reading import PAGE_SIZE
from app.web.guard import database, must_choose_password, settings, signed_in_actor

CASE_STATES: Mapping[str, tuple[str, str]] = {
    "running": ("Berjalan", "berjalan"),
    "finished": ("Selesai", "selesai"),
    "cancelled": ("Dibatalkan", "belum"),
    "suspended": ("Ditangguhkan", "dikembalikan"),
    "incident": ("Ada gangguan", "terlambat"),
}
# Pages without an entry of their own in the menu: {endpoint: the entry they belong to}.
MENU_OF: Mapping[str, str] = {
    "staff.task": "staff.inbox",
    "staff.after": "staff.inbox",
    "staff.submit_task": "staff.inbox",
    "paper.form": "staff.inbox",
    "paper.record": "staff.inbox",
    "staff.start_form": "staff.start_list",
    "staff.start": "staff.start_list",
    "agenda.note_date": "agenda.show",
    "agenda.duties": "agenda.show",
    "agenda.add": "agenda.show",
    "agenda.edit": "agenda.show",
    "cases.show": "cases.list",
    "repairing.show": "cases.list",
    "repairing.confirm": "cases.list",
    "repairing.carry_out": "cases.list",
    "incidents.settle": "incidents.list",
    "cases.recap": "cases.list",
    "replay.show": "inspection.list",
    "bench.sop": "bench.list",
    "bench.version": "bench.list",
    "bench.version_form": "bench.list",
    "bench.compare": "bench.list",
    "bench.new_draft": "bench.list",
    "bench.upload": "bench.list",
    "bench.draft": "bench.list",
    "bench.publish": "bench.list",
    "bench.modeler": "bench.list",
    "bench.form_editor": "bench.list",
    "inspection.summary": "inspection.list",
    "inspection.rows": "inspection.list",
    "inspection.timeline": "inspection.list",
    "inspection.files": "inspection.list",
    "inspection.integrity": "inspection.list",
    "calendar.add": "calendar.show",
    "calendar.edit": "calendar.show",
    "people.add": "people.list",
    "people.show": "people.list",
    "people.edit": "people.list",
    "people.make_code": "people.list",
    "teams.list": "register.show",
    "teams.show": "register.show",
    "teams.add": "register.show",
    "teams.edit": "register.show",
    "units.add": "units.list",
    "units.show": "units.list",
    "units.edit": "units.list",
    "units.end": "units.list",
    "units.add_service": "units.list",
    "units.edit_service": "units.list",
    "collecting.show": "collecting.list",
    "collecting.outside_form": "collecting.list",
    "collecting.receive_outside": "collecting.list",
    "collecting.make_letter": "collecting.list",
    "collecting.letter": "collecting.list",
}
ITEM_STATES: Mapping[str, tuple[str, str]] = {
    "open": ("Belum menyampaikan", "belum"),
    "submitted": ("Dikirim", "berjalan"),
    "done": ("Diterima", "selesai"),
    "returned": ("Dikembalikan", "dikembalikan"),
    "recalled": ("Ditarik kembali", "dikembalikan"),
    "closed": ("Tidak menyampaikan", "belum"),
    "withdrawn": ("Ditarik", "dikembalikan"),
    "cancelled": ("Tidak berlaku", "belum"),
}
# One OPD on Pantauan and in the register, as app.instances.Gathered tells it.
LINE_STATES: Mapping[str, tuple[str, str]] = {
    "dikirim": ("Dikirim", "berjalan"),
    "belum": ("Belum dibuka", "belum"),
    "dibuka": ("Sudah dibuka", "belum"),
    "draf": ("Sedang diisi (draf)", "belum"),
    "dikembalikan": ("Dikembalikan", "dikembalikan"),
    "diterima": ("Diterima", "selesai"),
    "tidak": ("Tidak menyampaikan", "terlambat"),
    "ditarik": ("Ditarik", "belum"),
    "batal": ("Tidak berlaku", "belum"),
}
# What is printed says nothing that may only have gone unrecorded: a browser without scripts does not tell that a page was opened.
REGISTER_STATES: Mapping[str, tuple[str, str]] = {
    **LINE_STATES,
    "belum": ("Belum menyampaikan", "belum"),
    "tanpa": ("Tidak dalam kiriman", "belum"),
}

Row = TypeVar("Row")


@dataclass(frozen=True)
class Header:
    """What the header shows this person. may_start: there is an SOP that they may start. is_open: pages other than one's password are.

    monitors: collecting is their business; to_accept: papers of OPD that wait for them. registers: the register is among their pages.
    inspects: Pemeriksaan is. faults: how many wait, for an admin. agenda: the calendar of duties is.
    """

    actor: Actor
    has_tasks: bool
    may_start: bool
    sees_cases: bool
    waiting: int
    monitors: bool = False
    to_accept: int = 0
    registers: bool = False
    inspects: bool = False
    faults: int = 0
    agenda: bool = False
    is_open: bool = True


class Pages(NamedTuple):
    """One page of a long list."""

    number: int
    last: int
    total: int
    first_row: int
    last_row: int


def register(app: Flask) -> None:
    app.jinja_env.filters.update(
        long_date=words.long_date,
        short_date=words.short_date,
        moment=words.moment,
        clock_time=words.clock_time,
        file_size=words.file_size,
        iso_date=iso_date,
        since=since,
        norm=format_norm,
        round_name=round_name,
        lower_first=lower_first,
        term_words=lambda term: duties.term_words(term.period, term.day, term.month, term.shift),
    )
    app.jinja_env.globals.update(
        asset=asset,
        header=header,
        office_name=office_name,
        menu_of=MENU_OF,
        case_states=CASE_STATES,
        reference_of=incidents.reference_of,
        item_states=ITEM_STATES,
        line_states=LINE_STATES,
        register_states=REGISTER_STATES,
    )
    app.jinja_env.globals["shown_types"] = SHOWN
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True


def box_counts(session: Session, actor: Actor) -> Mapping[Box, int]:
    """Once a request: the header tells one of them, and the inbox all."""
    if "box_counts" not in g:
        g.box_counts = instances.inbox_counts(session, actor)
    counts: Mapping[Box, int] = g.box_counts
    return counts


def header() -> Header | None:
    """None before sign-in. One reading session per request."""
    actor = signed_in_actor()
    if actor is None:
        return None
    if must_choose_password():
        return Header(actor, False, False, False, 0, is_open=False)
    if "header" not in g:
        with database().reading() as session:
            waiting = box_counts(session, actor)["saya"]
            works = not actor.is_opd_only
            drawings = [definitions.spec_of(found).drawing for found in definitions.latest_all(session)] if works else []
            may_start = any(access.may_start(actor, drawing) for drawing in drawings)
            monitors = any(instances.follows_collections(actor, drawing) for drawing in drawings)
            to_accept = instances.waiting_for(session, actor) if monitors else 0
            agenda = works and duties.may_read_agenda(session, actor, may_start)
            faults = incidents.count_open(session) if actor.is_admin else 0
        has_tasks = bool(actor.groups) or not actor.sees_every_case
        g.header = Header(
            actor,
            has_tasks,
            may_start,
            works,
            waiting,
            monitors,
            to_accept,
            monitors or actor.is_auditor,
            access.may_inspect(actor),
            faults,
            agenda,
        )
    found: Header = g.header
    return found


def office_name() -> str:
    return settings().office_name


def asset(name: str) -> str:
    """URL of a built file, with its digest so that a browser may keep it for ever."""
    digest = _manifest().get(name)
    return url_for("static", filename=f"dist/{name}", v=digest) if digest else url_for("static", filename=f"dist/{name}")


@lru_cache(maxsize=1)
def _manifest() -> dict[str, str]:
    file = Path(__file__).resolve().parent.parent / "static" / "dist" / "manifest.json"
    return dict(json.loads(file.read_text())) if file.exists() else {}


def since(at: datetime) -> str:
    """ "hari ini 09.12 WIB", "kemarin 16.05 WIB", else "12 Maret 2026"."""
    days = (clock.today() - at.astimezone(clock.WIB).date()).days
    if days == 0:
        return f"hari ini {words.clock_time(at)}"
    return f"kemarin {words.clock_time(at)}" if days == 1 else words.long_date(at)


def round_name(round: int) -> str:
    """The first time has no name; every return adds one: "Perbaikan ke-1"."""
    return f"Perbaikan ke-{round - 1}" if round > 1 else "Pertama kali"


def lower_first(text: str) -> str:
    """A name of a step within a sentence; an abbreviation keeps its capitals."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def iso_date(text: str) -> str:
    """ "2017-12-08" in words; what is no date (a dash, say) stays as written."""
    try:
        return words.long_date(date.fromisoformat(text.strip()))
    except ValueError:
        return text


def page_number(text: str | None) -> int:
    """What a URL says about pages is a wish: anything odd is the first page."""
    return min(int(text), 100_000) if text and text.isascii() and text.isdigit() and int(text[:9]) > 0 and len(text) < 7 else 1


def page_of(load: Callable[[int], tuple[Sequence[Row], int]], wanted: str | None) -> tuple[Sequence[Row], Pages]:
    """load: page number -> (its rows, how many rows in all). A page past the end is the last one."""
    number = page_number(wanted)
    rows, total = load(number)
    found = pages(number, total)
    return (rows if found.number == number else load(found.number)[0]), found


def pages(number: int, total: int, size: int = PAGE_SIZE) -> Pages:
    last = max(1, -(-total // size))
    number = min(number, last)
    return Pages(number, last, total, min(total, (number - 1) * size + 1), min(total, number * size))
