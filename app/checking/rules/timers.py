"""Timers: one time each, that can be read, ahead, and within a working life. ``camunda:dueDate`` likewise."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import isodate

from app import clock
from app.checking.subject import Rule, Subject
from app.diagram import Element
from app.engine.specs import is_expression
from app.errors import Finding

LONGEST = timedelta(days=3660)  # ten years
MAX_LENGTH = 40  # characters; a longer time only keeps the reader busy
EXAMPLE = "misalnya P10D (sepuluh hari), PT4H (empat jam), 2027-03-12, atau ${batas_waktu_opd}"


def say_when(subject: Subject) -> Iterator[Finding]:
    for element in subject.drawing.elements.values():
        if "timerEventDefinition" not in element.event_definitions:
            continue
        name = element.name or element.id
        times = subject.timers_of(element)
        if [kind for kind, _text in times] not in (["timeDate"], ["timeDuration"]) or not times[0][1]:
            message = f"Penghitung waktu “{name}” harus berisi satu tanggal atau satu lama waktu, tidak berulang; {EXAMPLE}."
            yield subject.at(element, "penghitung-waktu", message)
            continue
        ((kind, text),) = times
        if not is_expression(text):
            yield from _duration(subject, element, text) if kind == "timeDuration" else _date(subject, element, text)


def deadlines_can_be_read(subject: Subject) -> Iterator[Finding]:
    for element in subject.drawing.elements.values():
        if element.due_date and not is_expression(element.due_date):
            yield from _date(subject, element, element.due_date)


def _duration(subject: Subject, element: Element, text: str) -> Iterator[Finding]:
    lasting = _read_duration(text)
    if lasting is None or not timedelta(minutes=1) <= lasting <= LONGEST:
        yield subject.at(
            element,
            "penghitung-waktu",
            f"“{element.name or element.id}”: tulis lama waktu dari satu menit sampai sepuluh tahun; {EXAMPLE}.",
        )


def _date(subject: Subject, element: Element, text: str) -> Iterator[Finding]:
    day = _read_date(text)
    if day is None or day > clock.today() + LONGEST:
        yield subject.at(
            element, "penghitung-waktu", f"“{element.name or element.id}”: tanggal “{text[:40]}” tidak dapat dipakai; {EXAMPLE}."
        )
    elif day < clock.today():
        yield subject.at(
            element, "waktu-lampau", f"“{element.name or element.id}”: tanggal {text} sudah lewat; periksa tahunnya.", "warning"
        )


def _read_duration(text: str) -> timedelta | None:
    if len(text) > MAX_LENGTH:
        return None
    try:
        read = isodate.parse_duration(text)
        return read if isinstance(read, timedelta) else read.totimedelta(start=clock.now())  # months and years depend on the day
    except (ValueError, ArithmeticError, KeyError, TypeError):
        return None


def _read_date(text: str) -> date | None:
    if len(text) > MAX_LENGTH:
        return None
    try:
        return datetime.fromisoformat(text).date()
    except ValueError:
        return None


RULES: tuple[Rule, ...] = (say_when, deadlines_can_be_read)
