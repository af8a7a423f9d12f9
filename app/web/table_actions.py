"""Buttons of a table in a form, without scripts: rows added and removed, pasted text, workbooks and raw answers read. Nothing is stored."""

from collections.abc import Mapping
from dataclasses import replace
from io import BytesIO

from flask import Response, flash, request, send_file

from app import forms
from app.errors import InvalidAnswers
from app.forms import ACTION, RAW_ANSWERS, WORKBOOK, Field, Form
from app.instances.choosing import choices_for
from app.survey_answers import Survey, read_answers
from app.web.guard import database
from app.web.last_year import Step
from app.web.posting import Posted

MAX_WORKBOOK = 5 * 1_048_576 + 1  # one byte more than the sheet reader takes, so that it can say so
RAW = "jawaban:"  # of `_aksi`, before the key of the table
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def table_answer(form: Form, posted: Posted, step: Step) -> Posted | Response | None:
    """The form to show again, a workbook to download, or None: no button of a table was pressed."""
    uploads, surveyed = _workbooks(form), _surveyed(form, posted)
    if not forms.is_reshape(posted.texts, uploads) and not surveyed:
        return None
    if wanted := forms.download_of(form, posted.texts):
        table, rows = wanted
        with database().reading() as session:
            content = forms.table_to_xlsx(table, rows, choices_for(session, form, step.instance_id, step.item))
        return send_file(BytesIO(content), mimetype=XLSX, as_attachment=True, download_name=f"{table.key}.xlsx")
    with database().reading() as session:
        again = forms.reshape(form, posted.texts, uploads, choices_for(session, form, step.instance_id, step.item))
    if again.notice:
        flash(again.notice)
    posted = replace(posted, texts=again.submitted, problems={**posted.problems, **again.problems}, focus=again.focus)
    for table in surveyed:
        posted = _with_survey(form, table, posted)
    return posted


def _workbooks(form: Form) -> dict[str, bytes]:
    """{table key: content}; at most a little more than the largest that is read."""
    found = {table.key: request.files.get(f"{table.key}.{WORKBOOK}") for table in form.tables}
    return {key: file.stream.read(MAX_WORKBOOK) for key, file in found.items() if file is not None and file.filename}


def _surveyed(form: Form, posted: Posted) -> list[Field]:
    """The tables to fill from raw answers: whose button was pressed, or whose file came with the button that sends."""
    pressed = "".join(posted.texts.get(ACTION, ())[:1])
    tables = [table for table in form.tables if table.takes_raw_answers]
    if pressed:
        return [table for table in tables if pressed == RAW + table.key]
    return [table for table in tables if (file := request.files.get(f"{table.key}.{RAW_ANSWERS}")) and file.filename]


def _with_survey(form: Form, table: Field, posted: Posted) -> Posted:
    """One row filled, or sentences about the file."""
    file = request.files.get(f"{table.key}.{RAW_ANSWERS}")
    try:
        if file is None or not file.filename:
            raise InvalidAnswers({"berkas": "berkas jawaban belum dipilih. Pilih berkasnya, lalu tekan lagi."})
        survey = read_answers(file.stream)
    except InvalidAnswers as error:
        return replace(posted, problems={**posted.problems, **_told(table, error.problems)})
    again, number = forms.fill_row(form, posted.texts, table.key, survey.as_row())
    if not number:
        full = f"{table.name} sudah {forms.MAX_ROWS} baris. Hapus satu baris, lalu unggah lagi."
        return replace(posted, problems={**posted.problems, f"{table.key}.{RAW_ANSWERS}": full})
    flash(_notice(table, number, survey))
    return replace(posted, texts=again.submitted)


def _notice(table: Field, number: int, survey: Survey) -> str:
    people = f"{survey.tally.people:,}".replace(",", ".")
    return " ".join([f"Jawaban {people} responden masuk ke {table.name} baris {number}. Periksa, lalu kirim.", *survey.notes])


def _told(table: Field, problems: Mapping[str, str]) -> dict[str, str]:
    """One about the file, then each wrong cell of it under a name of its own."""
    name = f"{table.key}.{RAW_ANSWERS}"
    if "berkas" in problems:
        return {name: f"{table.name}: {problems['berkas']}"}
    cells = {f"{name}.{number}": sentence for number, sentence in enumerate(problems.values(), 1)}
    return {name: f"{table.name}: berkas jawaban belum dimasukkan, karena ada sel yang keliru.", **cells}
