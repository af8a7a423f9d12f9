"""What an OPD agreed on (SOP 05) is where its report of that year begins (SOP 02): its own line, and never of a later year."""

from __future__ import annotations

from app import definitions, instances
from tests.support.office import Office

TWO = {"dinas_kesehatan": "Umur harapan hidup", "dinas_pendidikan": "Rata-rata lama sekolah"}
PK = "sop_05_pk"


def agree(office: Office, year: int, target: int) -> None:
    """Every OPD agrees on one indicator of its own; the case is finished."""
    case = office.start(key=PK, tahun=year)
    office.run_until(case, "Task_7b", opd=TWO)
    for item, indicator in TWO.items():
        agreed = {"pk.1.indikator": indicator, "pk.1.target": target, "pk.1.polaritas": "tinggi"}
        office.accept(office.submit(office.task("Task_7b", item, case), f"opd.{item}", **agreed).id)
    office.finish(case)


def first_rows(office: Office, item: str, year: int) -> object:
    """What the report of that year shows an OPD at first."""
    case = office.start(tahun=year)
    office.run_until(case, "Task_7b", opd=TWO)
    with office.database.reading() as session:
        form = definitions.form_of(session, definitions.latest(session, "sop_02_lakip"), "opd_lakip")
        rows = instances.tasks_of(session, case)
        return instances.first_values(session, office.actor(f"opd.{item}"), form, rows, item).get("capaian")


def test_an_opd_finds_the_targets_of_its_own_agreement(office: Office) -> None:
    agree(office, 2025, 75)
    assert first_rows(office, "dinas_kesehatan", 2025) == [{"indikator": "Umur harapan hidup", "target": 75, "polaritas": "tinggi"}]


def test_the_agreement_of_the_same_year_counts_not_the_one_that_finished_last(small_office: Office) -> None:
    for year, target in ((2025, 75), (2024, 70), (2026, 80)):
        agree(small_office, year, target)
    found = first_rows(small_office, "dinas_pendidikan", 2025)
    assert found == [{"indikator": "Rata-rata lama sekolah", "target": 75, "polaritas": "tinggi"}]


def test_an_agreement_of_a_later_year_says_nothing_of_this_one(small_office: Office) -> None:
    agree(small_office, 2026, 80)
    assert first_rows(small_office, "dinas_kesehatan", 2025) is None


def test_without_one_of_this_year_the_newest_before_it_counts(small_office: Office) -> None:
    agree(small_office, 2024, 70)
    agree(small_office, 2023, 65)
    assert first_rows(small_office, "dinas_kesehatan", 2026) == [{"indikator": "Umur harapan hidup", "target": 70, "polaritas": "tinggi"}]
