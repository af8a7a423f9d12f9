"""How the case went: its beginning, its times, its ways back, what the SOP does not draw, faults."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from itertools import groupby

from app.audit.deviations.finding import NAMED, Deviation, Place, listed, step_name, ways_back
from app.audit.evidence import Evidence
from app.audit.timing import passes_of
from app.diagram import Element, Flow, format_norm
from app.words import moment


def without_letter(evidence: Evidence) -> Iterator[Deviation]:
    """A file that the opening form asks for was not there; why, as far as the form asked."""
    start, form = evidence.drawing.start, evidence.opening
    for task in evidence.tasks:
        if form is None or start is None or task.element != start.id:
            continue
        answers = task.answers or {}
        told = [field for field in form.fields if field.type == "textarea" and field.required_when]
        reasons = [str(answers[field.key]) for field in told if answers.get(field.key)]

        because = f": “{' '.join(reasons)}”" if reasons else ""
        for field in form.file_fields:
            if (field.required or field.required_when) and not answers.get(field.key):
                yield Deviation(f"{field.name} tidak dilampirkan saat pelaksanaan dimulai{because}", Place("rows", start.row))


def over_norm(evidence: Evidence) -> Iterator[Deviation]:
    for one in passes_of(evidence):
        if not one.is_over:
            continue
        again = f", perbaikan ke-{one.number - 1}" if one.number > 1 else ""
        lead = "sedikitnya " if one.at_least else ""
        so_far = " sampai saat ini" if one.is_open else ""
        lanes = ", ".join(dict.fromkeys(task.lane for task in one.tasks))
        verb = "menunggu" if one.is_leaders else "dikerjakan"
        text = f"Baris {one.row} ({lanes}){again} {verb} {lead}{format_norm(one.actual)}{so_far}; norma {format_norm(one.norm)}"
        yield Deviation(text, Place("rows", one.row))


def corrections(evidence: Evidence) -> Iterator[Deviation]:
    """Every way back that the case took, and papers of OPD that were sent back."""
    numbers: Counter[str] = Counter()
    told: dict[Flow, list[int]] = {}
    taken = ((seq, flow) for flow, seqs in ways_back(evidence).items() for seq in seqs)
    for _seq, flow in sorted(taken, key=lambda pair: pair[0]):
        numbers[flow.target] += 1
        told.setdefault(flow, []).append(numbers[flow.target])
    for flow, corrections in told.items():
        source, target = evidence.drawing.elements[flow.source], evidence.drawing.elements.get(flow.target)
        which = ", ".join(f"ke-{number}" for number in corrections[:NAMED]) + (" …" if len(corrections) > NAMED else "")
        text = f"{_question(evidence, source)} {flow.name or 'kembali'}: kembali ke “{target.name if target else ''}”, perbaikan {which}"
        yield Deviation(text, Place("events", str(ways_back(evidence)[flow][-1])), len(corrections))
    sent_back = [event for event in evidence.events if event.kind == "returned"]
    if sent_back:
        units = Counter(evidence.names.unit(event.data.get("item")) for event in sent_back)
        names = listed(f"{name} {count} kali" if count > 1 else name for name, count in units.items())
        yield Deviation(f"{len(sent_back)} kiriman OPD dikembalikan: {names}", Place("events", str(sent_back[-1].seq)), len(sent_back))


def undrawn(evidence: Evidence) -> Iterator[Deviation]:
    """Steps and ways that the ratified SOP does not draw. Passing a gateway of ours straight ahead stays on the drawn way."""
    drawing = evidence.drawing
    for step in evidence.path.steps:
        if step.item is None and step.element.asal == "usulan" and step.element.is_task:
            yield Deviation(f"Langkah {step_name(evidence, step.element.id)} tidak tergambar dalam SOP", Place("events", str(step.seq)))
    taken = [(flow, step.seq) for step in evidence.path.steps for flow in step.flows if flow.asal == "usulan"]
    for flow, group in groupby(sorted(taken, key=lambda pair: (pair[0].id, pair[1])), key=lambda pair: pair[0]):
        seqs = [seq for _flow, seq in group]
        ends = [drawing.elements.get(flow.source), drawing.elements.get(flow.target)]
        beside = any(end is not None and "ateway" in end.tag and end.asal == "usulan" for end in ends)
        if flow.id in evidence.path.returned or not beside:
            source, target = ends
            names = f"dari “{source.name if source else ''}” ke “{target.name if target else ''}”"
            text = f"Alur {flow.name} {names} tidak tergambar dalam SOP, {len(seqs)} kali".replace("Alur  ", "Alur ")
            yield Deviation(text, Place("events", str(seqs[-1])), len(seqs))


def faults(evidence: Evidence) -> Iterator[Deviation]:
    for one in evidence.incidents:
        at = f" pada {step_name(evidence, one.element)}" if one.element in evidence.drawing.elements else ""
        end = f", selesai {moment(one.resolved_at)}" if one.resolved_at else ""
        yield Deviation(f"Gangguan K-{1000 + one.id}{at}, {moment(one.at)}{end}", Place("events", _event_before(evidence, one.at)))


def _event_before(evidence: Evidence, at: datetime) -> str:
    return str(next((event.seq for event in reversed(evidence.events) if event.at <= at), 1))


def _question(evidence: Evidence, element: Element) -> str:
    lane = evidence.drawing.lane_of(element.id)
    row = f" (baris {element.row})" if element.row else ""
    return f"{element.name or (lane.name if lane else '')}{row}"
