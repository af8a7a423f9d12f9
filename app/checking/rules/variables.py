"""Expressions: in our small language, about what some form fills in, with the values that gateways know."""

from collections.abc import Iterator

from app.checking.subject import Rule, Subject, names_in
from app.engine import ExprError, expressions
from app.errors import Finding


def can_be_read(subject: Subject) -> Iterator[Finding]:
    for thing, text in subject.texts:
        try:
            expressions.read(text)
        except ExprError as error:
            yield subject.at(thing, "ungkapan", str(error))


def are_filled_in(subject: Subject) -> Iterator[Finding]:
    """A variable that no form declares would be null for ever: the gateway would always send the document back."""
    declared = {field.key for form in subject.forms.values() for field in form.fields if field.is_simple}
    declared |= {element.element_variable or "" for element in subject.drawing.elements.values() if element.tag == "subProcess"}
    for thing, text in subject.texts:
        for name in sorted(names_in(text) - declared):
            yield subject.at(thing, "variabel", f"Tidak ada formulir yang mengisi “{name}”; periksa ejaan atau tambahkan isian itu.")


def decisions_say_yes_or_no(subject: Subject) -> Iterator[Finding]:
    """A field that a gateway compares with 'ya' may offer nothing but ya and tidak."""
    conditions = [flow.condition for flow in subject.drawing.flows.values() if flow.condition and "'ya'" in flow.condition]
    compared = {name for condition in conditions for name in names_in(condition)}
    for form in subject.forms.values():
        for field in form.fields:
            if field.key in compared and {option.value for option in field.options} != {"ya", "tidak"}:
                message = f"Isian “{field.label}” menentukan jalur: pilihannya harus tepat “ya” dan “tidak”."
                yield Finding(form.file, 0, field.key, field.label, "keputusan", "error", message)


RULES: tuple[Rule, ...] = (can_be_read, are_filled_in, decisions_say_yes_or_no)
