"""Gateways: a question, a condition on each way but one, and no second business. What bpmnlint calls an error is one here too."""

from collections.abc import Iterator

from app.checking import blocks
from app.checking.subject import Rule, Subject, names_in
from app.diagram import Drawing
from app.diagram.parsing import is_true
from app.errors import Finding

CHOICES = ("exclusiveGateway", "inclusiveGateway")


def ask_and_decide(subject: Subject) -> Iterator[Finding]:
    for gateway in subject.drawing.elements.values():
        exits = subject.drawing.outgoing(gateway.id)
        if gateway.tag not in CHOICES or len(exits) < 2:
            continue
        if not gateway.name.strip():
            yield subject.at(gateway, "pertanyaan", f"Beri nama gerbang {gateway.id} sebagai pertanyaan, misalnya “Disetujui Kabag?”.")
        if gateway.default is None:
            yield subject.at(
                gateway,
                "jalur-bawaan",
                f"Gerbang “{gateway.name}” belum mempunyai jalur bawaan (default): jadikan jalur “tidak” sebagai bawaan.",
            )
        elif gateway.default not in {flow.id for flow in exits}:
            yield subject.at(gateway, "jalur-bawaan", f"Jalur bawaan gerbang “{gateway.name}” bukan panah keluarnya; pilih ulang.")
        for flow in exits:
            if flow.id != gateway.default and not flow.condition:
                yield subject.at(flow, "syarat", f"Jalur “{flow.name or flow.id}” dari gerbang “{gateway.name}” belum mempunyai syarat.")
            if flow.id == gateway.default and flow.condition:
                yield subject.at(flow, "syarat", f"Jalur bawaan gerbang “{gateway.name}” tidak boleh mempunyai syarat; hapus syaratnya.")


def conditions_stand_on_gateways(subject: Subject) -> Iterator[Finding]:
    """Elsewhere a condition would be ignored, and the way taken whatever it says."""
    for flow in subject.drawing.flows.values():
        source = subject.drawing.elements.get(flow.source)
        is_choice = source is not None and source.tag in CHOICES and len(subject.drawing.outgoing(source.id)) > 1
        if flow.condition is not None and not is_choice:
            message = f"Syarat pada panah “{flow.name or flow.id}” tidak dibaca; pindahkan ke gerbang eksklusif atau inklusif."
            yield subject.at(flow, "syarat", message)


def do_one_thing(subject: Subject) -> Iterator[Finding]:
    for gateway in subject.drawing.elements.values():
        if not gateway.tag.endswith("Gateway"):
            continue
        if len(subject.drawing.incoming(gateway.id)) > 1 and len(subject.drawing.outgoing(gateway.id)) > 1:
            yield subject.at(
                gateway,
                "gerbang-ganda",
                f"Gerbang “{gateway.name or gateway.id}” menggabungkan dan memecah sekaligus; pakai dua gerbang.",
            )


def inclusive_ones_meet_again(subject: Subject) -> Iterator[Finding]:
    drawing, joins = subject.drawing, set()
    for split in blocks.splits(drawing):
        name = split.name or split.id
        block = blocks.block_of(drawing, split)
        if block is None:
            message = f"Semua jalur gerbang inklusif “{name}” harus bertemu pada satu gerbang inklusif, tanpa kejadian selesai atau"
            yield subject.at(split, "gerbang-inklusif", f"{message} kejadian batas di antaranya; atau pakai gerbang eksklusif.")
            continue
        joins.add(block.join)
        if blocks.turns_back(drawing, split, block):
            message = f"Gerbang inklusif “{name}” berada dalam putaran; mesin tidak dapat membedakan kedatangan lama dan baru."
            yield subject.at(split, "gerbang-inklusif", f"{message} Pakai gerbang paralel atau eksklusif, atau keluarkan dari putaran.")
    for gateway in drawing.elements.values():
        if gateway.tag == "inclusiveGateway" and len(drawing.incoming(gateway.id)) > 1 and gateway.id not in joins:
            message = f"Gerbang inklusif “{gateway.name or gateway.id}” menggabungkan jalur yang tidak dipecah gerbang inklusif;"
            yield subject.at(gateway, "gerbang-inklusif", f"{message} pakai gerbang paralel atau eksklusif.")


def events_come_next(subject: Subject) -> Iterator[Finding]:
    drawing = subject.drawing
    for gateway in drawing.elements.values():
        if gateway.tag != "eventBasedGateway":
            continue
        name, node = gateway.name or gateway.id, subject.nodes[gateway.id]
        targets = [drawing.elements[flow.target] for flow in drawing.outgoing(gateway.id) if flow.target in drawing.elements]
        if len(targets) < 2:
            yield subject.at(gateway, "gerbang-kejadian", f"Gerbang kejadian “{name}” harus mempunyai sedikitnya dua jalur.")
        if is_true(node.get("instantiate")) or node.get("eventGatewayType") == "Parallel":
            message = f"Gerbang kejadian “{name}” hanya memilih yang pertama terjadi; hapus penanda instantiate atau Parallel."
            yield subject.at(gateway, "gerbang-kejadian", message)
        for target in targets:
            if target.tag != "intermediateCatchEvent" or len(drawing.incoming(target.id)) > 1:
                message = f"Setelah gerbang kejadian “{name}” hanya boleh kejadian penangkap (waktu atau pesan) yang tidak dicapai dari"
                yield subject.at(target, "gerbang-kejadian", f"{message} tempat lain; “{target.name or target.id}” bukan.")


def no_leads_back(subject: Subject) -> Iterator[Finding]:
    """“tidak” of an approval returns the document to somebody who can mend it; going on instead is seldom meant."""
    drawing = subject.drawing
    for gateway in drawing.elements.values():
        default = drawing.flows.get(gateway.default or "")
        is_approval = any(flow.condition and "'ya'" in flow.condition and names_in(flow.condition) for flow in drawing.outgoing(gateway.id))
        if gateway.tag == "exclusiveGateway" and default and is_approval and not _returns(drawing, default.target, gateway.id):
            message = f"Jalur “tidak” gerbang “{gateway.name}” tidak kembali ke langkah sebelumnya; pastikan memang maksudnya."
            yield subject.at(default, "arah-tidak", message, "warning")


def _returns(drawing: Drawing, start: str, goal: str) -> bool:
    waiting, seen = [start], {start}
    while waiting:
        id = waiting.pop()
        if id == goal:
            return True
        new = {flow.target for flow in drawing.outgoing(id)} - seen
        seen |= new
        waiting.extend(new)
    return False


RULES: tuple[Rule, ...] = (
    ask_and_decide,
    conditions_stand_on_gateways,
    do_one_thing,
    inclusive_ones_meet_again,
    events_come_next,
    no_leads_back,
)
