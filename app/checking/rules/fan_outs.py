"""A step for every OPD: one list, filled in by a form, all at the same time; answers of one never steer the case of all."""

from collections.abc import Iterator

from app.checking.subject import Rule, Subject, names_in
from app.diagram import OPD_GROUP, Element, Flow
from app.errors import Finding


def are_drawn_well(subject: Subject) -> Iterator[Finding]:
    for element in subject.drawing.elements.values():
        if not element.multi_instance:
            if element.is_task and subject.drawing.groups_of(element.id) == (OPD_GROUP,) and not _repeats_around(subject, element):
                yield subject.at(element, "opd", f"Tugas “{element.name}” di kolom OPD harus diulang per OPD (camunda:collection).")
            continue
        if not element.collection or not element.element_variable:
            yield subject.at(
                element,
                "kumpulan",
                f"“{element.name}”: isi camunda:collection dan camunda:elementVariable (bukan loopCardinality atau loopDataInputRef).",
            )
        if _repeats_around(subject, element):
            message = f"“{element.name}”: pengulangan di dalam pengulangan tidak dijalankan; keluarkan dari subproses yang diulang."
            yield subject.at(element, "kumpulan", message)
        if element.tag == "userTask" and element.sequential:
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
        if last and (last not in subject.drawing.elements or not subject.drawing.elements[last].is_task):
            yield subject.at(
                element, "terima-sampai", f"“{element.name}”: terima_sampai menyebut “{last[:60]}”, yang bukan id tugas di sini."
            )


def steer_nothing(subject: Subject) -> Iterator[Finding]:
    read = {name for _thing, text in subject.texts for name in names_in(text)}
    for element in subject.drawing.elements.values():
        form = subject.forms.get(element.form or "")
        if element.collection and element.tag == "userTask" and form:
            for field in form.fields:
                if field.key in read:
                    yield subject.at(element, "kumpulan", f"Isian “{field.label}” diisi tiap OPD, jadi tidak dapat dibaca gerbang.")


def stay_inside(subject: Subject) -> Iterator[Finding]:
    """What is answered inside a repeated sub-process is known there only, each repeat for itself."""
    declared = {field.key for form in subject.forms.values() for field in form.fields}
    for element in subject.drawing.elements.values():
        if element.tag != "subProcess" or not element.multi_instance:
            continue
        if element.element_variable in declared:
            message = f"“{element.name}”: camunda:elementVariable “{element.element_variable}” juga nama isian formulir; beri nama lain."
            yield subject.at(element, "kumpulan", message)
        inside, outside = _keys(subject, element, inside=True), _keys(subject, element, inside=False)
        for thing, text in subject.texts:
            place = subject.drawing.elements.get(thing.source) if isinstance(thing, Flow) else thing
            if place is not None and not _lies_in(subject, place, element) and (names := names_in(text) & (inside - outside)):
                message = f"“{thing.name or thing.id}” membaca “{min(names)}”, yang diisi di dalam pengulangan “{element.name}”"
                yield subject.at(thing, "kumpulan", f"{message} dan hanya dikenal di sana.")


def _keys(subject: Subject, scope: Element, inside: bool) -> set[str]:
    """What the forms of the steps inside a sub-process ask, or those outside it."""
    elements = subject.drawing.elements.values()
    forms = {element.form for element in elements if element.form and _lies_in(subject, element, scope) == inside}
    return {field.key for form in forms if form in subject.forms for field in subject.forms[form].fields}


def _lies_in(subject: Subject, element: Element, scope: Element) -> bool:
    outer: Element | None = element
    while outer is not None and outer.parent != scope.id:
        outer = subject.drawing.elements.get(outer.parent)
    return outer is not None


def _repeats_around(subject: Subject, element: Element) -> bool:
    outer = subject.drawing.elements.get(element.parent)
    while outer is not None and not outer.multi_instance:
        outer = subject.drawing.elements.get(outer.parent)
    return outer is not None


RULES: tuple[Rule, ...] = (are_drawn_well, have_a_list, end_where_drawn, steer_nothing, stay_inside)
