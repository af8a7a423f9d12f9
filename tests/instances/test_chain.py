"""What one SOP settles is where the next begins: the regency's indicators (SOP 03) become the lines of its plan (SOP 04)."""

from tests.support.driving import Drive, Scenario
from tests.support.office import Office

STRAIGHT = Scenario("Semua setuju pada kali pertama")


def answers_of(office: Office, key: str, element: str) -> dict[str, object]:
    driven = Drive(office, key, STRAIGHT)
    driven.run()
    return next(row.answers or {} for row in office.rows(driven.case) if row.element == element)


def test_the_plan_begins_with_the_indicators_of_the_latest_finished_case(small_office: Office) -> None:
    indicators = answers_of(small_office, "sop_03_iku", "Task_9")["iku_kab"]
    plan = answers_of(small_office, "sop_04_rkt", "Task_9")
    assert isinstance(indicators, list) and len(indicators) == 2
    assert plan["rkt_kab"] == [{key: row[key] for key in ("opd", "indikator", "polaritas")} for row in indicators]


def test_a_plan_without_earlier_indicators_begins_with_what_the_opd_sent(small_office: Office) -> None:
    plan = answers_of(small_office, "sop_04_rkt", "Task_9")
    assert "rkt_kab" not in plan and isinstance(plan["rkt_opd"], list) and len(plan["rkt_opd"]) == 2
