"""Answers back to texts: for the first display, for the engine, for people who read."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from app.forms.model import JSON, Choices, Field, Form
from app.forms.values import MONTHS, WIB

EMPTY: Choices = {}


def initial(
    form: Form, prefill: Mapping[str, JSON] | None = None, choices: Choices = EMPTY, today: date | None = None
) -> dict[str, list[str]]:
    """What the form shows before anybody typed: raw texts in the shape of `parse`'s `submitted`.

    Order of preference: prefill, property `bawaan` (“semua” = every option, also of a source in `choices`; “hari_ini" = `today`),
    default value. A prefilled key that the form does not have is left out, and so are files.
    """
    answers = {f.key: value for f in form.fields if (value := _first(f, prefill or {}, choices, today)) is not None}
    return as_submitted(form, answers)


def _first(field: Field, prefill: Mapping[str, JSON], choices: Choices, today: date | None) -> JSON:
    if prefill.get(field.key) is not None:
        return prefill[field.key]
    match field.properties.get("bawaan"):
        case "semua":
            return [o.value for o in field.options_from(choices)]
        case "hari_ini" if today is not None:
            return today.isoformat()
    return field.default


def as_submitted(form: Form, answers: Mapping[str, JSON]) -> dict[str, list[str]]:
    """Answers (JSON values) as they would have been posted; files are left out, undeclared keys stay, so that `parse` refuses them."""
    files = {f.key for f in form.file_fields}
    return {key: _raw(form.field(key), value) for key, value in answers.items() if key not in files and value is not None}


def _raw(field: Field | None, value: JSON) -> list[str]:
    if isinstance(value, list | tuple):
        return [str(one) for one in value]
    if isinstance(value, bool):
        return ["ya"] if value else []
    if isinstance(value, float):
        return [number_text(value, grouped=False)]
    if field is not None and field.subtype == "datetime":
        # <input type="datetime-local"> knows no time zone: the office's is meant.
        return [str(value).removesuffix("+07:00")]
    return [str(value)]


def variables(form: Form, answers: Mapping[str, JSON], reads: Collection[str]) -> dict[str, JSON]:
    """Every key of the form that the drawing reads; None where it was not answered, so that no value of an earlier round survives."""
    return {f.key: answers.get(f.key) for f in form.fields if f.key in reads}


def display(form: Form, answers: Mapping[str, JSON], choices: Choices = EMPTY) -> list[tuple[str, str]]:
    """[(label, text)] in the order of the form; unanswered fields and files are left out."""
    return [(f.name, shown(f, answers[f.key], choices)) for f in form.fields if not f.is_file and answers.get(f.key) is not None]


def shown(field: Field, value: JSON, choices: Choices = EMPTY) -> str:
    """One value in words: “8 Desember 2017”, “1.234,5”, option labels. A value that no longer fits is shown as it is."""
    labels = {o.value: o.label for o in field.options_from(choices)}
    if isinstance(value, bool):
        return "Ya" if value else "Tidak"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(labels.get(str(one), str(one)) for one in value)
    if isinstance(value, int | float):
        # A year is not an amount: business keys are shown without dots.
        return field.prefix + number_text(value, grouped="kunci" not in field.properties) + field.suffix
    text = str(value)
    return moment_text(field.subtype, text) if field.type == "datetime" else labels.get(text, text)


def number_text(number: int | float, grouped: bool = True) -> str:
    """1234.5 -> “1.234,5”."""
    # By way of its shortest text: 123456789012.35 has no more digits than people typed.
    whole, _, decimals = format(Decimal(str(number)), ",f" if grouped else "f").partition(".")
    text = whole.replace(",", ".")
    return f"{text},{decimals}" if decimals.strip("0") else text


def moment_text(subtype: str, text: str) -> str:
    try:
        if subtype == "time":
            return f"pukul {text[:5].replace(':', '.')} WIB"
        if subtype == "date":
            return date_text(date.fromisoformat(text))
        moment = datetime.fromisoformat(text).astimezone(WIB)
    except ValueError:
        return text
    return f"{date_text(moment.date())} pukul {moment:%H.%M} WIB"


def date_text(day: date) -> str:
    """2017-12-08 -> “8 Desember 2017”."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
