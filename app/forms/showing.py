"""Answers back to texts: for the first display, for the engine, for people who read."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from app.forms.model import JSON, MAX_ROWS, SERVICE_UNITS, UNIT, Choices, Field, Form
from app.forms.rows import cell_name
from app.forms.values import MONTHS, WIB

EMPTY: Choices = {}


def initial(
    form: Form,
    prefill: Mapping[str, JSON] | None = None,
    choices: Choices = EMPTY,
    today: date | None = None,
    now: datetime | None = None,
) -> dict[str, list[str]]:
    """What the form shows before anybody typed: raw texts in the shape of `parse`'s `submitted`.

    Order of preference: prefill; for a table of units of service those in `choices`, a row each; property `bawaan` (“semua” = every
    option, also of a source in `choices`; “hari_ini” = `today`; “tahun_lalu”, “tahun_ini”, “tahun_depan” counted from `today`) and
    `otomatis` = “sekarang” (`now`, a moment with its zone; the day of it where `today` is not given); default value. A prefilled key
    that the form does not have is left out, and so are files.
    """
    day = today or (now.astimezone(WIB).date() if now else None)
    answers = {f.key: value for f in form.fields if (value := _first(f, prefill or {}, choices, day, now)) is not None}
    return as_submitted(form, answers)


_YEARS = {"tahun_lalu": -1, "tahun_ini": 0, "tahun_depan": 1}


def _first(field: Field, prefill: Mapping[str, JSON], choices: Choices, today: date | None, now: datetime | None) -> JSON:
    if prefill.get(field.key) is not None:
        return prefill[field.key]
    if field.lists_service_units:
        return [{UNIT: words} for words, _label in choices.get(SERVICE_UNITS, ())[:MAX_ROWS]]
    wanted = field.properties.get("bawaan", "")
    if wanted == "semua":
        return [o.value for o in field.options_from(choices)]
    if wanted in _YEARS and today is not None:
        return today.year + _YEARS[wanted]
    if wanted == "hari_ini" or field.properties.get("otomatis") == "sekarang":
        return _moment(field.subtype, today, now)
    return field.default


def _moment(subtype: str, today: date | None, now: datetime | None) -> str | None:
    if subtype == "date":
        return today.isoformat() if today else None
    if now is None:
        return None
    here = now.astimezone(WIB).replace(second=0, microsecond=0)
    return here.isoformat() if subtype == "datetime" else here.time().isoformat()


def as_submitted(form: Form, answers: Mapping[str, JSON]) -> dict[str, list[str]]:
    """Answers (JSON values) as they would have been posted; files are left out, undeclared keys stay, so that `parse` refuses them."""
    left_out = {f.key for f in form.fields if not f.is_simple}
    texts = {key: _raw(form.field(key), value) for key, value in answers.items() if key not in left_out and value is not None}
    for table in form.tables:
        rows = answers.get(table.key)
        texts |= _raw_rows(table, rows if isinstance(rows, list | tuple) else ())
    return texts


def _raw_rows(table: Field, rows: Sequence[JSON]) -> dict[str, list[str]]:
    whole = [row for row in rows if isinstance(row, Mapping)]
    return {
        cell_name(table.key, number, column.key): [] if row.get(column.key) is None else _raw(column, row[column.key])
        for number, row in enumerate(whole, 1)
        for column in table.columns
    }


def _raw(field: Field | None, value: JSON) -> list[str]:
    if isinstance(value, list | tuple):
        return [str(one) for one in value]
    if isinstance(value, bool):
        return ["ya"] if value else []
    if isinstance(value, int | float) and field is not None and field.type == "number":
        # Rupiah are read in threes; years and counts are not.
        return [number_text(value, grouped=field.prefix.startswith("Rp"))]
    if isinstance(value, float):
        return [number_text(value, grouped=False)]
    if field is not None and field.subtype == "datetime":
        # <input type="datetime-local"> knows no time zone: the office's is meant.
        return [str(value).removesuffix("+07:00")]
    return [str(value)]


def variables(form: Form, answers: Mapping[str, JSON], reads: Collection[str]) -> dict[str, JSON]:
    """Every key of the form that the drawing reads; None where it was not answered, so that no value of an earlier round survives.

    Tables and files never enter the engine, whatever the drawing reads.
    """
    return {f.key: answers.get(f.key) for f in form.fields if f.key in reads and f.is_simple}


def display(form: Form, answers: Mapping[str, JSON], choices: Choices = EMPTY) -> list[tuple[str, str]]:
    """[(label, text)] in the order of the form; unanswered fields and files are left out, a table says how many rows it has."""
    return [(f.name, shown(f, answers[f.key], choices)) for f in form.fields if not f.is_file and answers.get(f.key) is not None]


def shown(field: Field, value: JSON, choices: Choices = EMPTY) -> str:
    """One value in words: “8 Desember 2017”, “Rp1.250.000”, “85,5%”, option labels. A value that no longer fits is shown as it is."""
    if field.is_table:
        return f"{len(value)} baris" if isinstance(value, list | tuple) else ""
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


@dataclass(frozen=True, slots=True)
class ShownTable:
    """A table to be read. head: [(label, whether its cells are numbers)]; rows: a text for each column, "" where unanswered."""

    label: str
    head: tuple[tuple[str, bool], ...]
    rows: tuple[tuple[str, ...], ...]


def shown_tables(form: Form, answers: Mapping[str, JSON], choices: Choices = EMPTY) -> list[ShownTable]:
    """The answered tables in the order of the form."""
    return [shown_table(f, answers[f.key], choices) for f in form.tables if answers.get(f.key)]


def shown_table(table: Field, value: JSON, choices: Choices = EMPTY) -> ShownTable:
    """Raises nothing: rows that are none are left out."""
    rows = [row for row in value if isinstance(row, Mapping)] if isinstance(value, list | tuple) else []
    head = tuple((column.label, column.type == "number") for column in table.columns)
    return ShownTable(
        table.name, head, tuple(tuple(_cell(column, row.get(column.key), choices) for column in table.columns) for row in rows)
    )


def _cell(column: Field, value: JSON, choices: Choices) -> str:
    return "" if value is None else shown(column, value, choices)


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
