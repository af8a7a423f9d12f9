"""The event log as XES (IEEE 1849, version 2.0): what ProM, Disco, Celonis and pm4py read.

Extensions: Concept, Time, Organizational, Lifecycle (its standard model). What the standard has no word for stands under ``alur:``.
An event is what somebody or the app did; ``alur:opened`` is when the task it finished had been opened, so that durations can be mined.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from io import BytesIO
from typing import Any

from lxml import etree

from app.clock import WIB
from app.documents.event_log import Entry, Trace

NAMESPACE = "http://www.xes-standard.org/"
EXTENSIONS = (("Concept", "concept"), ("Time", "time"), ("Organizational", "org"), ("Lifecycle", "lifecycle"))
_DEFAULT: Any = {None: NAMESPACE}  # the stubs know no default namespace
CLASSIFIERS = (("Kegiatan", "concept:name"), ("Kegiatan dan peralihan", "concept:name lifecycle:transition"))
# Kinds of events -> transitions of the standard lifecycle model; a kind without one is "unknown", as the standard says.
TRANSITIONS: Mapping[str, str] = {
    "started": "start", "step": "complete", "item": "complete", "submitted": "complete", "accepted": "complete", "late": "complete",
    "claimed": "assign", "released": "reassign", "withdrawn": "withdraw", "closed": "manualskip", "cancelled": "pi_abort",
    "suspended": "suspend", "resumed": "resume", "finished": "complete", "timer": "complete",
}  # fmt: skip


def as_xes(traces: Iterable[Trace], name: str) -> Iterator[bytes]:
    """Case by case. name: of the whole log."""
    target = BytesIO()
    with etree.xmlfile(target, encoding="UTF-8") as writer:
        writer.write_declaration()
        with writer.element(_q("log"), {"xes.version": "2.0", "xes.features": ""}, nsmap=_DEFAULT):
            for node in _head(name):
                writer.write(node)
            for trace in traces:
                writer.write(_trace(trace))
                writer.flush()
                yield _taken(target)
    yield _taken(target)


def _taken(target: BytesIO) -> bytes:
    """What has been written since the last time."""
    written = target.getvalue()
    target.seek(0)
    target.truncate()
    return written


def _head(name: str) -> Iterator[etree._Element]:
    """Extensions, globals, classifiers, attributes of the log: in the order the standard asks for."""
    for title, prefix in EXTENSIONS:
        yield _element("extension", name=title, prefix=prefix, uri=f"{NAMESPACE}{prefix}.xesext")
    trace = _element("global", scope="trace")
    _text(trace, "concept:name", "tanpa nama")
    yield trace
    event = _element("global", scope="event")
    _text(event, "concept:name", "tanpa nama")
    _date(event, "time:timestamp", datetime(1970, 1, 1, tzinfo=WIB))
    _text(event, "lifecycle:transition", "unknown")
    _text(event, "org:resource", "aplikasi")
    yield event
    for title, keys in CLASSIFIERS:
        yield _element("classifier", name=title, keys=keys)
    for key, value in (("concept:name", name), ("lifecycle:model", "standard")):
        yield _element("string", key=key, value=_clean(value))


def _trace(trace: Trace) -> etree._Element:
    instance, definition = trace.instance, trace.definition
    node = _element("trace")
    _text(node, "concept:name", instance.title)
    _number(node, "alur:case", instance.id)
    _text(node, "alur:business_key", instance.business_key)
    _text(node, "alur:sop", definition.name)
    _text(node, "alur:sop_code", definition.code)
    _number(node, "alur:sop_version", definition.version)
    _text(node, "alur:sop_digest", definition.digest)
    _text(node, "alur:state", instance.state)
    _text(node, "alur:started_by", trace.started_by)
    _date(node, "alur:started", instance.started_at)
    if instance.finished_at is not None:
        _date(node, "alur:finished", instance.finished_at)
    for entry in trace.entries:
        node.append(_event(entry))
    return node


def _event(entry: Entry) -> etree._Element:
    event, words = entry.event, entry.words
    node = _element("event")
    _text(node, "concept:name", words.what or words.kind)
    if words.unit:
        _text(node, "concept:instance", words.unit)
    _date(node, "time:timestamp", event.at)
    _text(node, "lifecycle:transition", TRANSITIONS.get(event.kind, "unknown"))
    _text(node, "org:resource", words.actor)
    if words.lane:
        _text(node, "org:role", words.lane)
    _number(node, "alur:seq", event.seq)
    _text(node, "alur:kind", event.kind)
    _optional(node, event.data, words.row, "; ".join(words.more))
    if entry.opened_at is not None:
        _date(node, "alur:opened", entry.opened_at)
    return node


def _optional(node: etree._Element, data: Mapping[str, Any], row: str, more: str) -> None:
    for key, value in (("alur:element", str(data.get("element", ""))), ("alur:row", row), ("alur:note", more)):
        if value:
            _text(node, key, value)
    if isinstance(data.get("round"), int):
        _number(node, "alur:round", data["round"])
    if data.get("happened_on"):
        _text(node, "alur:happened_on", str(data["happened_on"]))


def _text(parent: etree._Element, key: str, value: str) -> None:
    etree.SubElement(parent, _q("string"), {"key": key, "value": _clean(value)})


def _number(parent: etree._Element, key: str, value: int) -> None:
    etree.SubElement(parent, _q("int"), {"key": key, "value": str(value)})


def _date(parent: etree._Element, key: str, at: datetime) -> None:
    etree.SubElement(parent, _q("date"), {"key": key, "value": at.astimezone(WIB).isoformat(timespec="milliseconds")})


def _clean(text: str) -> str:
    """Without what XML cannot carry."""
    return "".join(letter for letter in text if letter in "\n\t" or letter.isprintable())


def _element(tag: str, **attributes: str) -> etree._Element:
    """In the default namespace: readers that look for "trace" do not know prefixes."""
    return etree.Element(_q(tag), attributes, nsmap=_DEFAULT)


def _q(tag: str) -> str:
    return f"{{{NAMESPACE}}}{tag}"
