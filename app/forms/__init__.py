"""Forms: form-js schemas compiled to a closed JSON Schema; what was posted becomes answers or problems.

No web framework and no engine here. docs/forms.md has the tables of components, conditions and properties.
"""

from app.forms.answering import parse
from app.forms.compiling import compile_form
from app.forms.feel import Condition
from app.forms.model import JSON, Choices, Component, Field, Files, Form, Option, Submitted
from app.forms.showing import as_submitted, date_text, display, initial, number_text, shown, variables

__all__ = [
    "JSON",
    "Choices",
    "Component",
    "Condition",
    "Field",
    "Files",
    "Form",
    "Option",
    "Submitted",
    "as_submitted",
    "compile_form",
    "date_text",
    "display",
    "initial",
    "number_text",
    "parse",
    "shown",
    "variables",
]
