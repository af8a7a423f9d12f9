"""Who works where: every task has somebody, every group that is named exists in the office."""

from collections.abc import Iterable, Iterator

from app.checking.subject import Rule, Subject
from app.diagram import OPD_GROUP
from app.errors import Finding


def somebody_may_start(subject: Subject) -> Iterator[Finding]:
    drawing = subject.drawing
    if not drawing.starter_groups:
        yield subject.whole("pemulai", "Sebutkan siapa yang boleh memulai: candidateStarterGroups pada proses.")
    elif unknown := _unknown(subject, drawing.starter_groups):
        yield subject.inside(
            subject.scopes[0],
            "kelompok",
            f"Pemulai menyebut kelompok yang belum ada di kantor ini: {unknown}. Periksa ejaan, atau tambahkan kelompoknya.",
            "warning",
        )


def tasks_have_performers(subject: Subject) -> Iterator[Finding]:
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


def groups_exist(subject: Subject) -> Iterator[Finding]:
    """A warning only: a drawing from elsewhere may name groups this office makes later."""
    for lane in subject.drawing.lanes:
        if unknown := _unknown(subject, lane.groups):
            yield Finding(subject.bundle.file, 0, lane.id, lane.name, "kelompok", "warning",
                          f"Lane “{lane.name}” menyebut kelompok yang belum ada di kantor ini: {unknown}.")  # fmt: skip
    for element in subject.drawing.elements.values():
        if not (element.is_task or element.sends):
            continue
        named = {
            "candidateGroups": element.candidate_groups,
            "pencatat": element.recorders,
            "penerima": element.addressees,
        }
        for where, groups in named.items():
            if unknown := _unknown(subject, groups):
                message = f"“{element.name}”: {where} menyebut kelompok yang belum ada di kantor ini: {unknown}."
                yield subject.at(element, "kelompok", message, "warning")


def _unknown(subject: Subject, groups: Iterable[str]) -> str:
    if subject.groups is None:
        return ""
    return ", ".join(f"“{group}”" for group in groups if group != OPD_GROUP and group not in subject.groups)


RULES: tuple[Rule, ...] = (somebody_may_start, tasks_have_performers, groups_exist)
