"""Buttons of a table in a form, without scripts: rows added and removed, pasted text, workbooks in and out. Nothing is stored."""

from dataclasses import replace
from io import BytesIO

from flask import Response, flash, request, send_file

from app import forms
from app.forms import WORKBOOK, Form
from app.instances.choosing import choices_for
from app.web.guard import database
from app.web.posting import Posted

MAX_WORKBOOK = 5 * 1_048_576 + 1  # one byte more than the sheet reader takes, so that it can say so
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def table_answer(form: Form, posted: Posted) -> Posted | Response | None:
    """The form to show again, a workbook to download, or None: no button of a table was pressed."""
    uploads = _workbooks(form)
    if not forms.is_reshape(posted.texts, uploads):
        return None
    if wanted := forms.download_of(form, posted.texts):
        table, rows = wanted
        with database().reading() as session:
            content = forms.table_to_xlsx(table, rows, choices_for(session, form))
        return send_file(BytesIO(content), mimetype=XLSX, as_attachment=True, download_name=f"{table.key}.xlsx")
    with database().reading() as session:
        again = forms.reshape(form, posted.texts, uploads, choices_for(session, form))
    if again.notice:
        flash(again.notice)
    return replace(posted, texts=again.submitted, problems={**posted.problems, **again.problems}, focus=again.focus)


def _workbooks(form: Form) -> dict[str, bytes]:
    """{table key: content}; at most a little more than the largest that is read."""
    found = {table.key: request.files.get(f"{table.key}.{WORKBOOK}") for table in form.tables}
    return {key: file.stream.read(MAX_WORKBOOK) for key, file in found.items() if file is not None and file.filename}
