"""Of what a fan-out answered, the form of one OPD starts from the line of that OPD: nobody reads what the team told another."""

from app import instances
from app.forms import compile_form
from app.models import Task
from tests.support.bundles import form, text
from tests.support.office import Office

FORM, _ = compile_form(form("tanggapan", text("rekomendasi", isi_dari="Task_4.rekomendasi"), text("hal", isi_dari="Task_2.hal")), "x.form")
ROWS = [
    Task(element="Task_2", form_id="ma2", item=None, state="done", answers={"hal": "Jadwal"}),
    Task(element="Task_4", form_id="ma4", item="dinas_sosial", state="done", answers={"rekomendasi": "Pasang maklumat"}),
    Task(element="Task_4", form_id="ma4", item="dinas_kesehatan", state="done", answers={"rekomendasi": "Tambah loket"}),
]


def first(office: Office, item: str | None) -> dict[str, object]:
    assert FORM is not None
    case = office.start()
    for row in ROWS:
        row.instance_id = case
    with office.database.reading() as session:
        return dict(instances.first_values(session, office.actor("tu"), FORM, ROWS, item))


def test_an_opd_starts_from_its_own_line(small_office: Office) -> None:
    assert first(small_office, "dinas_sosial") == {"rekomendasi": "Pasang maklumat", "hal": "Jadwal"}


def test_an_opd_without_a_line_of_its_own_starts_from_none(small_office: Office) -> None:
    assert first(small_office, "setda") == {"hal": "Jadwal"}


def test_a_step_for_all_starts_from_the_newest(small_office: Office) -> None:
    assert first(small_office, None) == {"rekomendasi": "Tambah loket", "hal": "Jadwal"}
