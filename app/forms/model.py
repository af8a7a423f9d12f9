"""What a compiled form is: plain data, nothing of HTTP, nothing of the engine."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as made
from typing import TYPE_CHECKING, Literal, TypeAlias

from markupsafe import Markup

from app.forms.feel import Condition

if TYPE_CHECKING:
    from app.forms.tables import PageRow

JSON: TypeAlias = "str | int | float | bool | Sequence[JSON] | Mapping[str, JSON] | None"
Submitted: TypeAlias = Mapping[str, Sequence[str]]  # raw posted texts, as werkzeug's to_dict(flat=False) gives them
Files: TypeAlias = Mapping[str, Sequence[Mapping[str, JSON]]]  # {field key: [{"id", "nama", "ukuran" in bytes, …}]}
Choices: TypeAlias = Mapping[str, Sequence[tuple[str, str]]]  # {source: [(value, label)]}

ONE_OF = ("radio", "select")
SOME_OF = ("checklist", "taglist")
TEXTS = ("textfield", "textarea")
SERVICE_UNITS = "unit_layanan"  # the source of what the OPD has registered as its units of service
UNIT = "unit"  # the column of a table with that source
DECISION_VALUES = frozenset({"ya", "tidak"})
MAX_ROWS = 500  # of one table
MAX_RESULT = 500  # characters of a calculated text
NO_HTML = Markup("")

_REMARK = re.compile(r"\s*\([^()]*\)\s*$")


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Call:
    """A value that the application calculates: a name of app.formulas and the keys of the fields it is given, in order."""

    formula: str
    inputs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Prefill:
    """Where a first value comes from (property `isi_dari`).

    source: a form or an element of the case, in small letters with "_" for "-", after "sop:" where another SOP is meant:
    "ks04", "sop_05_pk:dr09_pk". key: of the answer, "" where the items themselves are meant.
    part: "last" = the newest answer; "every" = of all items of a fan-out; "missing" = the items that did not answer.
    """

    source: str
    key: str
    part: Literal["last", "every", "missing"] = "last"

    @property
    def is_of_another_sop(self) -> bool:
        return ":" in self.source


@dataclass(frozen=True, slots=True)
class Field:
    """One question of a form.

    type: the form-js type ("table" for a dynamic list; "number" or "textfield" for an expression, by what its formula gives).
    subtype: "date" | "time" | "datetime" for type "datetime", else "".
    required: always, where the field is visible and not `system_set`; required_when: only when this holds.
    visible_when: includes the conditions of the groups around it; a hidden field is not required and its value is dropped.
    options: the ones written in the form; with `source` they come from the `choices` of the call instead.
    minimum, maximum: numbers, inclusive. min_length, max_length: characters. decimals: digits after the comma, None = any.
    accept: as in HTML (".pdf,image/*"). properties: every custom property as written.
    columns: of a table; its answer is a list of {column key: value}. call: how the value is calculated.
    """

    id: str
    key: str
    type: str
    label: str
    help: str = ""
    subtype: str = ""
    required: bool = False
    required_when: Condition | None = None
    visible_when: Condition | None = None
    options: tuple[Option, ...] = ()
    source: str | None = None
    default: JSON = None
    minimum: int | float | None = None
    maximum: int | float | None = None
    min_length: int | None = None
    max_length: int | None = None
    pattern: str | None = None
    pattern_message: str = ""
    decimals: int | None = None
    prefix: str = ""
    suffix: str = ""
    accept: str = ""
    multiple: bool = False
    readonly: bool = False
    properties: Mapping[str, str] = made(default_factory=dict)
    columns: "tuple[Field, ...]" = ()
    call: Call | None = None
    prefill: Prefill | None = None

    @property
    def name(self) -> str:
        """The label without a closing remark in brackets: what a sentence calls the field."""
        return _REMARK.sub("", self.label) or self.label

    @property
    def is_file(self) -> bool:
        return self.type == "filepicker"

    @property
    def is_table(self) -> bool:
        return self.type == "table"

    @property
    def takes_raw_answers(self) -> bool:
        """A table whose rows may be filled from a file of raw answers to a survey."""
        return self.properties.get("unggah") == "jawaban_survei"

    @property
    def lists_service_units(self) -> bool:
        """A table whose first rows are the registered units of service, one each, in the column `unit`."""
        return self.is_table and self.properties.get("sumber") == SERVICE_UNITS

    @property
    def new_row(self) -> Mapping[str, str]:
        """{column key: first text} of an empty row."""
        return {column.key: column.first_text for column in self.columns if not column.system_set}

    @property
    def first_text(self) -> str:
        """The default as a cell shows it."""
        if isinstance(self.default, bool):
            return "ya" if self.default else ""
        text = "" if self.default is None else str(self.default)
        return text.replace(".", ",") if self.type == "number" else text

    @property
    def is_simple(self) -> bool:
        """One value, or a list of them: what may enter the engine."""
        return not self.is_table and not self.is_file

    @property
    def is_many(self) -> bool:
        """Its value is a list of option values."""
        return self.type in SOME_OF

    @property
    def is_decision(self) -> bool:
        return self.properties.get("tombol") == "true"

    @property
    def is_personal(self) -> bool:
        """Personal data (UU 27/2022): may be erased on request."""
        return self.properties.get("pribadi") == "true"

    @property
    def system_set(self) -> bool:
        """Never read from what is posted: read-only, calculated, or filled by the system."""
        return self.readonly or self.call is not None or self.properties.get("otomatis", "sekarang") != "sekarang"

    def options_from(self, choices: Choices) -> tuple[Option, ...]:
        if self.source is None:
            return self.options
        return tuple(Option(value, label) for value, label in choices.get(self.source, ()))

    def rows_in(self, values: Mapping[str, Sequence[str]], choices: Choices) -> "Sequence[PageRow]":
        """The rows of a table as its page shows them: those in `values`, then empty ones."""
        from app.forms.tables import page_rows  # here: reading cells needs fields; this is the template's way in

        return page_rows(self, values, choices)


@dataclass(frozen=True, slots=True)
class Component:
    """One thing on the page, in order: a field, a block of text, a line, or a group of components.

    type: "field" | "text" | "separator" | "spacer" | "group". html: cleaned, only for "text".
    visible_when: the component's own condition; the page shows it anyway and hands it to the browser's script.
    """

    id: str
    type: str
    label: str = ""
    field: Field | None = None
    html: Markup = NO_HTML
    components: "tuple[Component, ...]" = ()
    visible_when: Condition | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """A form-js schema after compiling. schema: closed JSON Schema 2020-12 of the stored answers."""

    id: str
    title: str
    components: tuple[Component, ...]
    fields: tuple[Field, ...]
    schema: Mapping[str, JSON]
    file: str

    def field(self, key: str) -> Field | None:
        return next((f for f in self.fields if f.key == key), None)

    @property
    def decision(self) -> Field | None:
        """The question answered by the two buttons at the end; its values are "ya" and "tidak"."""
        return next((f for f in self.fields if f.is_decision), None)

    def results_in(self, values: Submitted, choices: Choices) -> Mapping[str, str]:
        """{key: text} of what is calculated outside tables, from what the page shows: the template's way in."""
        from app.forms.answering import results_so_far  # here: reading needs forms

        return results_so_far(self, values, choices)

    @property
    def file_fields(self) -> tuple[Field, ...]:
        return tuple(f for f in self.fields if f.is_file)

    @property
    def tables(self) -> tuple[Field, ...]:
        return tuple(f for f in self.fields if f.is_table)

    @property
    def sources(self) -> frozenset[str]:
        """Every source of options that the form names, columns of tables included."""
        every = (one for f in self.fields for one in (f, *f.columns))
        return frozenset(f.source for f in every if f.source)

    @property
    def keys(self) -> tuple[Field, ...]:
        """The fields that make the business key of a case (property `kunci`)."""
        return tuple(f for f in self.fields if f.properties.get("kunci") == "true")
