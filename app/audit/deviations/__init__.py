"""What went otherwise than the SOP says, found by itself. Each rule is a small generator; ``RULES`` is the whole list, in sheet order.

A deviation is a fact with a place to see it, never a verdict: what leaders did is told in neutral words.
"""

from collections.abc import Iterable

from app.audit.deviations import of_collecting, of_path, of_people
from app.audit.deviations.finding import Deviation, Found, Place, Rule, is_late, is_paper, last_lines, seat_of, ways_back_count
from app.audit.evidence import Evidence

__all__ = [
    "RULES",
    "Deviation",
    "Found",
    "Place",
    "Rule",
    "counts_of",
    "find_deviations",
    "is_late",
    "is_paper",
    "last_lines",
    "seat_of",
    "ways_back_count",
]

RULES: tuple[Rule, ...] = (
    Rule("tanpa-surat", "Dimulai tanpa surat", of_path.without_letter),
    Rule("tanpa-sk-tim", "Tim tanpa SK yang berlaku", of_people.without_decree),
    Rule("tidak-diminta", "OPD yang tidak diminta", of_collecting.not_asked),
    Rule("dilewati", "OPD yang dilewati", of_collecting.skipped),
    Rule("naskah-fisik", "Keputusan dicatat dari naskah fisik", of_people.on_paper),
    Rule("luar-aplikasi", "Diterima di luar aplikasi", of_collecting.outside),
    Rule("dicatat-kemudian", "Dicatat lebih dari satu hari kerja kemudian", of_people.recorded_late),
    Rule("rangkap-jabatan", "Rangkap jabatan", of_people.two_offices),
    Rule("pelaksana-tugas", "Pelaksana harian atau pelaksana tugas", of_people.acting),
    Rule("norma", "Waktu melebihi norma", of_path.over_norm),
    Rule("perbaikan", "Dikembalikan untuk diperbaiki", of_path.corrections),
    Rule("usulan", "Langkah atau alur usulan terpakai", of_path.undrawn),
    Rule("terlambat", "Dokumen terlambat", of_collecting.received_late),
    Rule("diperpanjang", "Batas waktu diperpanjang", of_collecting.extended),
    Rule("ditarik-kembali", "Ditarik kembali", of_people.recalled),
    Rule("berkas-diganti", "Berkas diganti", of_people.replaced),
    Rule("tindakan-admin", "Tindakan admin atas pelaksanaan", of_people.repaired),
    Rule("gangguan", "Gangguan aplikasi", of_path.faults),
)


def find_deviations(evidence: Evidence) -> list[Found]:
    found = [Found(rule, tuple(rule.find(evidence))) for rule in RULES]
    return [one for one in found if one.deviations]


def counts_of(found: Iterable[Found]) -> dict[str, int]:
    return {one.rule.key: one.count for one in found}
