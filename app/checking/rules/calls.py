"""Calls of other SOPs: a deployed one, which does not lead back here. A call that can be made has become a sub-process before this."""

from collections.abc import Iterator

from app.checking.subject import Rule, Subject
from app.errors import Finding


def lead_somewhere(subject: Subject) -> Iterator[Finding]:
    turning = subject.bundle.called.turning if subject.bundle.called else frozenset[str]()
    for element in subject.drawing.elements.values():
        if element.tag != "callActivity":
            continue
        name, key = element.name or element.id, (element.called or "").rpartition(":")[2]
        if not key:
            yield subject.at(element, "panggilan", f"“{name}” belum menyebut SOP yang dipanggil; isi calledElement dengan id prosesnya.")
        elif key == subject.drawing.process_id or key in turning:
            yield subject.at(
                element, "panggilan", f"“{name}” memanggil “{key[:100]}”, yang memanggil SOP ini kembali; putuskan putarannya."
            )
        else:
            yield subject.at(element, "panggilan", f"“{name}” memanggil “{key[:100]}”, yang belum diterbitkan; terbitkan SOP itu dahulu.")


RULES: tuple[Rule, ...] = (lead_somewhere,)
