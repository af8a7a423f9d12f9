"""What a compiled form is: plain data, nothing of HTTP, nothing of the engine."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as made
from typing import TypeAlias

from markupsafe import Markup

from app.forms.feel import Condition

JSON: TypeAlias = "str | int | float | bool | Sequence[JSON] | Mapping[str, JSON] | None"
Submitted: TypeAlias = Mapping[str, Sequence[str]]  # raw posted texts, as werkzeug's to_dict(flat=False) gives them
Files: TypeAlias = Mapping[str, Sequence[Mapping[str, JSON]]]  # {field key: [{"id", "nama", "ukuran" in bytes, …}]}
Choices: TypeAlias = Mapping[str, Sequence[tuple[str, str]]]  # {source: [(value, label)]}

ONE_OF = ("radio", "select")
SOME_OF = ("checklist", "taglist")
TEXTS = ("textfield", "textarea")
DECISION_VALUES = frozenset({"ya", "tidak"})
NO_HTML = Markup("")

_REMARK = re.compile(r"\s*\([^()]*\)\s*$")


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Field:
    """One question of a form.

    type: the form-js type; subtype: "date" | "time" | "datetime" for type "datetime", else "".
    required: always, where the field is visible and not `system_set`; required_when: only when this holds.
    visible_when: includes the conditions of the groups around it; a hidden field is not required and its value is dropped.
    options: the ones written in the form; with `source` they come from the `choices` of the call instead.
    minimum, maximum: numbers, inclusive. min_length, max_length: characters. decimals: digits after the comma, None = any.
    accept: as in HTML (".pdf,image/*"). properties: every custom property as written.
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

    @property
    def name(self) -> str:
        """The label without a closing remark in brackets: what a sentence calls the field."""
        return _REMARK.sub("", self.label) or self.label

    @property
    def is_file(self) -> bool:
        return self.type == "filepicker"

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
        """Never read from what is posted: read-only, or filled by the system."""
        return self.readonly or "otomatis" in self.properties or "hitung" in self.properties

    def options_from(self, choices: Choices) -> tuple[Option, ...]:
        if self.source is None:
            return self.options
        return tuple(Option(value, label) for value, label in choices.get(self.source, ()))


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

    @property
    def file_fields(self) -> tuple[Field, ...]:
        return tuple(f for f in self.fields if f.is_file)

    @property
    def keys(self) -> tuple[Field, ...]:
        """The fields that make the business key of a case (property `kunci`)."""
        return tuple(f for f in self.fields if f.properties.get("kunci") == "true")
