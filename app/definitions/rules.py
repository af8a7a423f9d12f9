"""The rules a bundle must keep before it runs. Each is a small generator of findings; ``RULES`` is the whole list.

The element whitelist is docs/bpmn-subset.md. Every sentence names the element and what to do.
"""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from app import diagram, engine, forms
from app.access import OPD_GROUP
from app.definitions.bundle import Bundle
from app.diagram import Drawing, Element, Flow
from app.engine import expressions
from app.engine.parser import is_expression, validate_xsd
from app.errors import EngineFault, Finding, InvalidBundle, Severity
from app.forms import Form
from app.models import Definition

RUNS = frozenset({
    "startEvent", "endEvent", "userTask", "exclusiveGateway", "parallelGateway", "subProcess", "intermediateCatchEvent", "boundaryEvent",
})  # fmt: skip
DRAWN_ONLY = frozenset({"dataObjectReference", "dataStoreReference"})
EVENTS_THAT_RUN = frozenset({"timerEventDefinition", "terminateEventDefinition"})
MAX_ELEMENTS = 300


@dataclass(frozen=True)
class Subject:
    """What every rule looks at: the bundle, its drawing, the forms that compiled."""

    bundle: Bundle
    drawing: Drawing
    forms: dict[str, Form]

    def at(self, thing: Element | Flow, rule: str, message: str, severity: Severity = "error") -> Finding:
        return Finding(self.bundle.file, thing.line, thing.id, thing.name, rule, severity, message)

    def whole(self, rule: str, message: str, severity: Severity = "error") -> Finding:
        return Finding(self.bundle.file, 0, "", "", rule, severity, message)


def check(bundle: Bundle) -> tuple[Finding, ...]:
    """Every finding, errors and warnings; never raises for what is in the bundle."""
    try:
        drawing = diagram.read(bundle.bpmn, bundle.file)
        findings = list(validate_xsd(diagram.parse(bundle.bpmn, bundle.file), bundle.file))
    except InvalidBundle as error:
        return error.findings
    if findings:
        return tuple(findings)
    compiled: dict[str, Form] = {}
    for form_id, content in bundle.forms.items():
        form, problems = forms.compile_form(content, f"{form_id}.form")
        findings += problems
        if form is not None:
            compiled[form_id] = form
    subject = Subject(bundle, drawing, compiled)
    for rule in RULES:
        findings += rule(subject)
    if not any(finding.severity == "error" for finding in findings):
        findings += _engine(subject)
    return tuple(findings)


def _process(subject: Subject) -> Iterator[Finding]:
    drawing = subject.drawing
    if drawing.processes != 1:
        yield subject.whole("satu-proses", f"Satu berkas memuat satu proses; berkas ini memuat {drawing.processes}.")
    if not drawing.executable:
        yield subject.whole("dapat-dijalankan", "Tandai proses “Executable” (isExecutable) pada panel properti.")
    if len(drawing.elements) > MAX_ELEMENTS:
        yield subject.whole(
            "ukuran", f"Diagram memuat {len(drawing.elements)} elemen; paling banyak {MAX_ELEMENTS}. Pecah menjadi beberapa SOP."
        )
    for line in drawing.missing_ids:
        yield Finding(subject.bundle.file, line, "", "", "id", "error", "Elemen pada baris ini tidak mempunyai id.")
    for id in drawing.duplicates:
        yield Finding(subject.bundle.file, 0, id, "", "id", "error", f"Id “{id}” dipakai lebih dari satu kali; beri id yang berbeda.")
    starts = [element for element in drawing.elements.values() if element.tag == "startEvent" and element.parent == drawing.process_id]
    if len(starts) != 1:
        yield subject.whole("mulai", f"SOP mempunyai tepat satu kejadian mulai; diagram ini mempunyai {len(starts)}.")
    if not drawing.starter_groups:
        yield subject.whole("pemulai", "Sebutkan siapa yang boleh memulai: candidateStarterGroups pada proses.")


def _elements(subject: Subject) -> Iterator[Finding]:
    for element in subject.drawing.elements.values():
        if element.tag not in RUNS | DRAWN_ONLY:
            yield subject.at(
                element, "elemen", f"Elemen {element.tag} “{element.name}” tidak dijalankan di sini; ganti dengan tugas pengguna."
            )
        for kind in element.event_definitions:
            if kind not in EVENTS_THAT_RUN or element.tag == "startEvent":
                yield subject.at(element, "kejadian", f"Kejadian “{element.name}” ({kind}) tidak dijalankan di sini.")
        if element.multi_instance and element.tag != "userTask":
            yield subject.at(element, "banyak-pelaksana", f"“{element.name}”: pengulangan per OPD hanya pada tugas pengguna.")
        if element.tag == "userTask" and not element.name.strip():
            yield subject.at(element, "nama", f"Beri nama pada tugas {element.id}.")


def _flows(subject: Subject) -> Iterator[Finding]:
    drawing = subject.drawing
    seen: set[tuple[str, str]] = set()
    for flow in drawing.flows.values():
        if flow.source not in drawing.elements or flow.target not in drawing.elements:
            yield subject.at(flow, "panah", "Panah ini tidak menghubungkan dua elemen; hapus atau sambungkan.")
        if (flow.source, flow.target) in seen:
            yield subject.at(
                flow, "panah-ganda", "Dua panah menghubungkan pasangan elemen yang sama; jalur yang ditempuh tidak dapat dibedakan."
            )
        seen.add((flow.source, flow.target))
        if drawing.start and flow.target == drawing.start.id:
            yield subject.at(flow, "mulai", "Panah tidak boleh kembali ke kejadian mulai; arahkan ke tugas pertama.")
    for element in drawing.elements.values():
        if element.tag not in RUNS:
            continue
        if not drawing.incoming(element.id) and element.tag not in ("startEvent", "boundaryEvent"):
            yield subject.at(element, "terhubung", f"“{element.name}” tidak dapat dicapai: tidak ada panah masuk.")
        if not drawing.outgoing(element.id) and element.tag != "endEvent":
            yield subject.at(element, "terhubung", f"“{element.name}” tidak mempunyai panah keluar; sambungkan sampai kejadian selesai.")
        if len(drawing.outgoing(element.id)) > 1 and not element.tag.endswith("Gateway"):
            yield subject.at(element, "panah-keluar", f"“{element.name}” mempunyai lebih dari satu panah keluar; pakai gerbang.")


def _can_end(subject: Subject) -> Iterator[Finding]:
    """From every element some way must lead to an end, else a case can never finish."""
    drawing = subject.drawing
    reached = deque(element.id for element in drawing.elements.values() if element.tag == "endEvent")
    ends = set(reached)
    while reached:
        for flow in drawing.incoming(reached.popleft()):
            source = drawing.elements.get(flow.source)
            for id in (flow.source, source.attached_to if source and source.attached_to else flow.source):
                if id not in ends:
                    ends.add(id)
                    reached.append(id)
    for element in drawing.elements.values():
        if element.tag in RUNS and element.id not in ends and drawing.outgoing(element.id):
            yield subject.at(element, "sampai-selesai", f"Dari “{element.name}” tidak ada jalan sampai kejadian selesai.")


def _lanes(subject: Subject) -> Iterator[Finding]:
    for element in subject.drawing.tasks():
        lane = subject.drawing.lane_of(element.id)
        if lane is None:
            yield subject.at(element, "pelaksana", f"Letakkan tugas “{element.name}” di dalam kolom (lane) pelaksana.")
        elif not subject.drawing.groups_of(element.id):
            yield subject.at(
                element,
                "pelaksana",
                f"Tugas “{element.name}” tidak mempunyai pelaksana: isi properti “grup” pada lane “{lane.name}” atau candidateGroups.",
            )


def _fan_outs(subject: Subject) -> Iterator[Finding]:
    for element in subject.drawing.elements.values():
        if not element.multi_instance:
            if element.tag == "userTask" and subject.drawing.groups_of(element.id) == (OPD_GROUP,):
                yield subject.at(element, "opd", f"Tugas “{element.name}” di kolom OPD harus diulang per OPD (camunda:collection).")
            continue
        if not element.collection or not element.element_variable:
            yield subject.at(
                element,
                "kumpulan",
                f"“{element.name}”: isi camunda:collection dan camunda:elementVariable (bukan loopCardinality atau loopDataInputRef).",
            )
        if element.sequential:
            yield subject.at(element, "kumpulan", f"“{element.name}”: pengulangan per OPD harus sejajar, bukan berurutan.")


def _gateways(subject: Subject) -> Iterator[Finding]:
    for gateway in subject.drawing.elements.values():
        exits = subject.drawing.outgoing(gateway.id)
        if gateway.tag != "exclusiveGateway" or len(exits) < 2:
            continue
        if not gateway.name.strip():
            yield subject.at(
                gateway, "pertanyaan", f"Beri nama gerbang {gateway.id} sebagai pertanyaan, misalnya “Disetujui Kabag?”.", "warning"
            )
        if gateway.default is None:
            yield subject.at(
                gateway,
                "jalur-bawaan",
                f"Gerbang “{gateway.name}” belum mempunyai jalur bawaan (default): jadikan jalur “tidak” sebagai bawaan.",
            )
        for flow in exits:
            if flow.id != gateway.default and not flow.condition:
                yield subject.at(flow, "syarat", f"Jalur “{flow.name or flow.id}” dari gerbang “{gateway.name}” belum mempunyai syarat.")


def _expressions(subject: Subject) -> Iterator[Finding]:
    for thing, text in _texts(subject.drawing):
        try:
            expressions.parse(text)
        except engine.ExprError as error:
            yield subject.at(thing, "ungkapan", str(error))


def _names(subject: Subject) -> Iterator[Finding]:
    """A variable that no form declares would be null for ever: the gateway would always send the document back."""
    declared = {field.key for form in subject.forms.values() for field in form.fields if field.is_simple}
    for thing, text in _texts(subject.drawing):
        try:
            unknown = expressions.names(text) - declared
        except engine.ExprError:
            continue
        for name in sorted(unknown):
            yield subject.at(thing, "variabel", f"Tidak ada formulir yang mengisi “{name}”; periksa ejaan atau tambahkan isian itu.")
    for element in subject.drawing.elements.values():
        if element.collection and element.collection not in declared:
            yield subject.at(element, "variabel", f"Tidak ada formulir yang mengisi daftar “{element.collection}”.")


def _forms(subject: Subject) -> Iterator[Finding]:
    start = subject.drawing.start
    for element in subject.drawing.elements.values():
        if element.form and element.form not in subject.bundle.forms:
            yield subject.at(element, "formulir", f"Formulir “{element.form}.form” untuk “{element.name}” tidak ada; sertakan berkasnya.")
        elif element.tag == "userTask" and not element.form:
            yield subject.at(element, "formulir", f"Tugas “{element.name}” belum mempunyai formulir (camunda:formRef).")
    for form_id, form in subject.forms.items():
        if form.id != form_id:
            yield Finding(
                form.file,
                0,
                form.id,
                form.title,
                "formulir",
                "error",
                f"Id formulir “{form.id}” harus sama dengan nama berkasnya, “{form_id}”.",
            )
    if start is None or start.form is None:
        yield subject.whole("formulir", "Kejadian mulai belum mempunyai formulir pembuka (camunda:formRef).")
    elif start.form in subject.forms and not any(field.properties.get("kunci") == "true" for field in subject.forms[start.form].fields):
        yield subject.at(
            start, "kunci", "Formulir pembuka belum mempunyai isian kunci (properti kunci=true), misalnya tahun kinerja.", "warning"
        )


def _decisions(subject: Subject) -> Iterator[Finding]:
    """A field that a gateway compares with 'ya' may offer nothing but ya and tidak."""
    compared = {
        name
        for flow in subject.drawing.flows.values()
        if flow.condition and "'ya'" in flow.condition
        for name in _safe_names(flow.condition)
    }
    for form in subject.forms.values():
        for field in form.fields:
            if field.key in compared and {option.value for option in field.options} != {"ya", "tidak"}:
                yield Finding(
                    form.file,
                    0,
                    field.key,
                    field.label,
                    "keputusan",
                    "error",
                    f"Isian “{field.label}” menentukan jalur: pilihannya harus tepat “ya” dan “tidak”.",
                )


def _fan_out_variables(subject: Subject) -> Iterator[Finding]:
    """Answers of one OPD never steer the case of all."""
    read = {name for _thing, text in _texts(subject.drawing) for name in _safe_names(text)}
    for element in subject.drawing.elements.values():
        form = subject.forms.get(element.form or "")
        if element.collection and form:
            for field in form.fields:
                if field.key in read:
                    yield subject.at(element, "kumpulan", f"Isian “{field.label}” diisi tiap OPD, jadi tidak dapat dibaca gerbang.")


def _norms(subject: Subject) -> Iterator[Finding]:
    for element in subject.drawing.tasks():
        if element.norm_problem:
            yield subject.at(element, "waktu", f"“{element.name}”: {element.norm_problem}", "warning")


def _engine(subject: Subject) -> Iterator[Finding]:
    """The engine's own parser, and a dry start with nothing filled in."""
    try:
        engine.start(Definition(digest=f"coba:{subject.bundle.digest}", bpmn=subject.bundle.bpmn, file=subject.bundle.file), {})
    except InvalidBundle as error:
        yield from error.findings
    except EngineFault as error:
        yield Finding(subject.bundle.file, 0, error.element, "", "coba-jalan", "error", f"Diagram tidak dapat dimulai: {error}")


def _texts(drawing: Drawing) -> Iterator[tuple[Element | Flow, str]]:
    for flow in drawing.flows.values():
        if flow.condition is not None:
            yield flow, flow.condition
    for element in drawing.elements.values():
        if element.due_date and is_expression(element.due_date):
            yield element, element.due_date


def _safe_names(text: str) -> frozenset[str]:
    try:
        return expressions.names(text)
    except engine.ExprError:
        return frozenset()


RULES: tuple[Callable[[Subject], Iterator[Finding]], ...] = (
    _process, _elements, _flows, _can_end, _lanes, _fan_outs, _gateways, _expressions, _names, _forms, _decisions, _fan_out_variables,
    _norms,
)  # fmt: skip
