"""Forms: every task has one, it is there, and the opening one says which case this is."""

from collections.abc import Iterator

from app.checking.subject import Rule, Subject
from app.errors import Finding


def are_there(subject: Subject) -> Iterator[Finding]:
    for element in subject.drawing.elements.values():
        if element.form and element.form not in subject.bundle.every_form:
            yield subject.at(element, "formulir", f"Formulir “{element.form}.form” untuk “{element.name}” tidak ada; sertakan berkasnya.")
        elif element.tag == "userTask" and not element.form:
            yield subject.at(element, "formulir", f"Tugas “{element.name}” belum mempunyai formulir (camunda:formRef).")


def are_the_same_where_shared(subject: Subject) -> Iterator[Finding]:
    called = subject.bundle.called
    for form_id, content in subject.bundle.forms.items() if called else ():
        if called and called.forms.get(form_id, content) != content:
            message = f"Formulir “{form_id}” di sini berbeda dari formulir bernama sama pada SOP yang dipanggil; beri id yang lain."
            yield subject.whole("formulir", message)


def are_called_like_their_file(subject: Subject) -> Iterator[Finding]:
    for form_id, form in subject.forms.items():
        if form.id != form_id:
            message = f"Id formulir “{form.id}” harus sama dengan nama berkasnya, “{form_id}”."
            yield Finding(form.file, 0, form.id, form.title, "formulir", "error", message)


def open_the_case(subject: Subject) -> Iterator[Finding]:
    start = subject.drawing.start
    if start is None or start.form is None:
        yield subject.whole("formulir", "Kejadian mulai belum mempunyai formulir pembuka (camunda:formRef).")
    elif start.form in subject.forms and not any(field.properties.get("kunci") == "true" for field in subject.forms[start.form].fields):
        message = "Formulir pembuka belum mempunyai isian kunci (properti kunci=true), misalnya tahun kinerja."
        yield subject.at(start, "kunci", message, "warning")


RULES: tuple[Rule, ...] = (are_there, are_the_same_where_shared, are_called_like_their_file, open_the_case)
