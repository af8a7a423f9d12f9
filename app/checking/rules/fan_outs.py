"""A step for every OPD: one list, filled in by a form, all at the same time; answers of one never steer the case of all."""

from collections.abc import Iterator

from app.checking.subject import Rule, Subject, names_in
from app.diagram import OPD_GROUP
from app.errors import Finding


def are_drawn_well(subject: Subject) -> Iterator[Finding]:
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


def have_a_list(subject: Subject) -> Iterator[Finding]:
    """The engine takes a list of OPD ids and nothing else: text, or a list of something else, would stop the case there."""
    fields = {field.key: field for form in subject.forms.values() for field in form.fields}
    for element in subject.drawing.elements.values():
        if not element.collection:
            continue
        field = fields.get(element.collection)
        if field is None:
            yield subject.at(element, "variabel", f"Tidak ada formulir yang mengisi daftar “{element.collection}”.")
        elif not field.is_many or field.source != OPD_GROUP:
            yield subject.at(
                element,
                "daftar",
                f"“{element.name}”: isian “{field.label}” bukan daftar OPD; pakai Checklist atau Tag list dengan properti sumber=opd.",
            )
        elif field.required_when is None and not field.required:
            message = f"“{element.name}”: isian “{field.label}” boleh kosong, padahal langkah ini memerlukan sedikitnya satu OPD; wajibkan."
            yield subject.at(element, "daftar", message, "warning")


def end_where_drawn(subject: Subject) -> Iterator[Finding]:
    for element in subject.drawing.elements.values():
        last = element.properties.get("terima_sampai", "").strip()
        if last and (last not in subject.drawing.elements or subject.drawing.elements[last].tag != "userTask"):
            yield subject.at(
                element, "terima-sampai", f"“{element.name}”: terima_sampai menyebut “{last[:60]}”, yang bukan id tugas di sini."
            )


def steer_nothing(subject: Subject) -> Iterator[Finding]:
    read = {name for _thing, text in subject.texts for name in names_in(text)}
    for element in subject.drawing.elements.values():
        form = subject.forms.get(element.form or "")
        if element.collection and form:
            for field in form.fields:
                if field.key in read:
                    yield subject.at(element, "kumpulan", f"Isian “{field.label}” diisi tiap OPD, jadi tidak dapat dibaca gerbang.")


RULES: tuple[Rule, ...] = (are_drawn_well, have_a_list, end_where_drawn, steer_nothing)
