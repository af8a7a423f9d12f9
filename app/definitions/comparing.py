"""What differs between two bundles, said for people: steps, ways, lanes, identity, fields of forms."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from app import diagram, forms
from app.checking import Bundle
from app.diagram import Drawing, Element, Flow
from app.forms import Field

Kind = Literal["added", "removed", "changed"]
# Tags in the words of an analyst; whatever is not here is told by its tag.
TAGS: Mapping[str, str] = {
    "userTask": "Tugas", "startEvent": "Mulai", "endEvent": "Selesai", "exclusiveGateway": "Gerbang", "parallelGateway": "Gerbang paralel",
    "manualTask": "Tugas manual", "task": "Tugas", "sendTask": "Tugas kirim", "receiveTask": "Tugas terima",
    "callActivity": "Panggilan SOP",
    "inclusiveGateway": "Gerbang inklusif", "eventBasedGateway": "Gerbang kejadian", "intermediateThrowEvent": "Kejadian",
    "intermediateCatchEvent": "Kejadian", "boundaryEvent": "Kejadian tepi", "subProcess": "Subproses",
    "dataObjectReference": "Dokumen", "dataStoreReference": "Simpanan data",
}  # fmt: skip


@dataclass(frozen=True)
class Change:
    """where: "Tugas “Memeriksa”"; what: which fact of it, "" where the whole came or went. element: BPMN id, "" outside the drawing.

    is_cosmetic: a running case would behave the same (names, words of the sheet).
    """

    kind: Kind
    where: str
    what: str = ""
    before: str = ""
    after: str = ""
    element: str = ""
    is_cosmetic: bool = False


def compare(old: Bundle, new: Bundle) -> tuple[Change, ...]:
    """Layout alone is no change. Raises InvalidBundle where one of the drawings cannot be read."""
    before, after = diagram.read(old.bpmn, old.file), diagram.read(new.bpmn, new.file)
    return (
        *_identity(before, after), *_lanes(before, after), *_elements(before, after), *_flows(before, after), *_forms(old, new),
    )  # fmt: skip


def _identity(before: Drawing, after: Drawing) -> Iterator[Change]:
    yield from _facts("Identitas SOP", before.identity, after.identity, cosmetic=True)
    who = {"boleh memulai": ", ".join(before.starter_groups)}, {"boleh memulai": ", ".join(after.starter_groups)}
    yield from _facts("Proses", *who)


def _lanes(before: Drawing, after: Drawing) -> Iterator[Change]:
    old, new = {lane.id: lane for lane in before.lanes}, {lane.id: lane for lane in after.lanes}
    for id in [*old, *(id for id in new if id not in old)]:
        where = f"Lane “{(new.get(id) or old[id]).name}”"
        if id not in new or id not in old:
            yield Change("added" if id in new else "removed", where, element=id)
            continue
        yield from _facts(where, {"nama": old[id].name}, {"nama": new[id].name}, id, cosmetic=True)
        yield from _facts(where, {"grup": ", ".join(old[id].groups)}, {"grup": ", ".join(new[id].groups)}, id)


def _elements(before: Drawing, after: Drawing) -> Iterator[Change]:
    old_names, new_names = ({lane.id: lane.name for lane in drawing.lanes} for drawing in (before, after))
    for id in [*before.elements, *(id for id in after.elements if id not in before.elements)]:
        old, new = before.elements.get(id), after.elements.get(id)
        if old is None or new is None:
            whole = new or old
            if whole is not None:
                yield Change("added" if new else "removed", _named(whole), element=id)
            continue
        yield from _facts(_named(new), {"nama": old.name}, {"nama": new.name}, id, cosmetic=True)
        yield from _facts(_named(new), old.properties, new.properties, id, cosmetic=True)
        yield from _facts(_named(new), _workings(before, old), _workings(after, new), id)
        if old.lane != new.lane:  # by id: a lane that got another name is told once, as a lane
            yield Change("changed", _named(new), "lane", old_names.get(old.lane or "", ""), new_names.get(new.lane or "", ""), id)


def _workings(drawing: Drawing, element: Element) -> dict[str, str]:
    """What changes how a case runs."""
    return {
        "jenis": TAGS.get(element.tag, element.tag),
        "formulir": element.form or "",
        "dikerjakan grup": ", ".join(element.candidate_groups),
        "batas waktu": element.due_date or "",
        "untuk setiap": element.collection or "",
        "jalur bawaan": _flow_words(drawing, element.default),
        "melekat pada": element.attached_to or "",
        "kejadian": ", ".join(element.event_definitions),
    }


def _flows(before: Drawing, after: Drawing) -> Iterator[Change]:
    for id in [*before.flows, *(id for id in after.flows if id not in before.flows)]:
        old, new = before.flows.get(id), after.flows.get(id)
        drawing = after if new else before
        flow = new or old
        if flow is None:
            continue
        where = f"Alur {_flow_words(drawing, flow.id)}"
        if old is None or new is None:
            yield Change("added" if new else "removed", where, element=id)
            continue
        yield from _facts(where, {"nama": old.name, "asal": old.asal}, {"nama": new.name, "asal": new.asal}, id, cosmetic=True)
        yield from _facts(where, _way(before, old), _way(after, new), id)


def _way(drawing: Drawing, flow: Flow) -> dict[str, str]:
    ends = {"dari": flow.source, "ke": flow.target}
    names = {what: drawing.elements[id].name or id if id in drawing.elements else id for what, id in ends.items()}
    return {**names, "syarat": flow.condition or ""}


def _flow_words(drawing: Drawing, flow_id: str | None) -> str:
    flow = drawing.flows.get(flow_id or "")
    if flow is None:
        return flow_id or ""
    ends = [drawing.elements[id].name or id if id in drawing.elements else id for id in (flow.source, flow.target)]
    return f"“{ends[0]}” → “{ends[1]}”" + (f" ({flow.name})" if flow.name else "")


def _forms(old: Bundle, new: Bundle) -> Iterator[Change]:
    for form_id in sorted({*old.forms, *new.forms}):
        where = f"Formulir “{form_id}”"
        if form_id not in old.forms or form_id not in new.forms:
            yield Change("added" if form_id in new.forms else "removed", where)
        elif not _same_json(old.forms[form_id], new.forms[form_id]):
            yield from _form(where, form_id, old.forms[form_id], new.forms[form_id])


def _form(where: str, form_id: str, old: bytes, new: bytes) -> Iterator[Change]:
    (before, _), (after, _) = forms.compile_form(old, f"{form_id}.form"), forms.compile_form(new, f"{form_id}.form")
    if before is None or after is None:
        yield Change("changed", where, "isi", "", "formulir belum dapat disusun; lihat catatan pemeriksaan")
        return
    was, now = {field.key: field for field in before.fields}, {field.key: field for field in after.fields}
    told = 0
    for key in [*was, *(key for key in now if key not in was)]:
        field = now.get(key) or was[key]
        if key not in was or key not in now:
            yield Change("added" if key in now else "removed", f"{where}, isian “{field.name}”")
            told += 1
        elif replace(was[key], id="") != replace(now[key], id=""):
            changes = list(_facts(f"{where}, isian “{field.name}”", _field(was[key]), _field(now[key])))
            yield from changes or [Change("changed", f"{where}, isian “{field.name}”", "aturan isian")]
            told += 1
    if not told:
        yield Change("changed", where, "teks, urutan, atau tampilan", is_cosmetic=True)


def _field(field: Field) -> dict[str, str]:
    return {
        "label": field.label,
        "jenis": field.type,
        "wajib": "ya" if field.required else "tidak",
        "pilihan": ", ".join(option.label for option in field.options),
        "keterangan": field.help,
        **{f"properti {name}": value for name, value in field.properties.items()},
    }


def _facts(where: str, old: Mapping[str, str], new: Mapping[str, str], element: str = "", cosmetic: bool = False) -> Iterator[Change]:
    for what in [*old, *(what for what in new if what not in old)]:
        before, after = old.get(what, ""), new.get(what, "")
        if before != after:
            yield Change("changed", where, what, before, after, element, cosmetic)


def _named(element: Element) -> str:
    return f"{TAGS.get(element.tag, element.tag)} “{element.name or element.id}”"


def _same_json(old: bytes, new: bytes) -> bool:
    try:
        return bool(json.loads(old) == json.loads(new))
    except (ValueError, RecursionError):
        return old == new
