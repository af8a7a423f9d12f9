"""Forms: form-js schemas compiled to a closed JSON Schema; what was posted becomes answers or problems.

No web framework and no engine here. docs/forms.md has the tables of components, conditions and properties.
"""

from app.forms.answering import parse, takes_file
from app.forms.comparing import Change, changes
from app.forms.compiling import compile_form
from app.forms.copying import Filled, fill_from_last_year, fill_from_letter, is_of_letter
from app.forms.csv_files import csv_lines, is_workbook
from app.forms.feel import Condition
from app.forms.loading import form_id_of
from app.forms.model import JSON, MAX_ROWS, SERVICE_UNITS, Call, Choices, Component, Field, Files, Form, Option, Prefill, Submitted
from app.forms.prefilling import prefill
from app.forms.reshaping import ACTION, Reshaped, download_of, fill_row, is_reshape, reshape
from app.forms.rows import RAW_ANSWERS, WORKBOOK, name_of
from app.forms.sheets import NO_RESULT, Refused, lines_of_xlsx, rows_from_xlsx, table_to_xlsx
from app.forms.showing import (
    ShownTable,
    as_submitted,
    date_text,
    display,
    initial,
    number_text,
    shown,
    shown_table,
    shown_tables,
    variables,
)

__all__ = [
    "ACTION",
    "JSON",
    "MAX_ROWS",
    "NO_RESULT",
    "RAW_ANSWERS",
    "SERVICE_UNITS",
    "WORKBOOK",
    "Call",
    "Change",
    "Choices",
    "Component",
    "Condition",
    "Field",
    "Files",
    "Filled",
    "Form",
    "Option",
    "Prefill",
    "Refused",
    "Reshaped",
    "ShownTable",
    "Submitted",
    "as_submitted",
    "changes",
    "compile_form",
    "csv_lines",
    "date_text",
    "display",
    "download_of",
    "fill_from_last_year",
    "fill_from_letter",
    "fill_row",
    "form_id_of",
    "initial",
    "is_of_letter",
    "is_reshape",
    "is_workbook",
    "lines_of_xlsx",
    "name_of",
    "number_text",
    "parse",
    "prefill",
    "reshape",
    "rows_from_xlsx",
    "shown",
    "shown_table",
    "shown_tables",
    "table_to_xlsx",
    "takes_file",
    "variables",
]
