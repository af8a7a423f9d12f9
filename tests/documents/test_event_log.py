"""What leaves the app: CSV for the office's Excel, XES for process mining."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta

import pytest
from lxml import etree
from sqlalchemy import select

from app.audit.told import KINDS
from app.documents import Trace, as_csv, as_xes, traces_of
from app.documents.xes import TRANSITIONS
from app.models import Definition, Instance, Task, User
from tests.instances.test_size import counting
from tests.support import deeds
from tests.support.office import Office

TWO = ["dinas_kesehatan", "setda"]
X = "{http://www.xes-standard.org/}"
TYPES = {"string": str, "date": datetime.fromisoformat, "int": int, "float": float, "boolean": lambda text: {"true": 1, "false": 0}[text]}
# The standard transactional model of the Lifecycle extension (IEEE 1849-2016, 6.2).
STANDARD = {
    "assign", "ate_abort", "autoskip", "complete", "manualskip", "pi_abort", "reassign", "resume", "schedule", "start", "suspend",
    "unknown", "withdraw",
}  # fmt: skip


@pytest.fixture
def case(small_office: Office) -> int:
    case = small_office.start()
    small_office.run_until(case, "Task_4b")
    small_office.do(case, "Task_4b", "tidak")
    small_office.run_until(case, "Task_7b", opd=TWO)
    small_office.accept(deeds.send(small_office, "setda").id)
    deeds.close(small_office, case)
    return case


def exported(office: Office, write: Callable[[Iterable[Trace]], Iterator[bytes]]) -> bytes:
    with office.database.reading() as session:
        cases = session.execute(
            select(Instance, Definition).join(Definition, Instance.definition_id == Definition.id).order_by(Instance.id)
        )
        return b"".join(write(traces_of(session, ((instance, definition) for instance, definition in cases))))


def as_table(office: Office) -> list[dict[str, str]]:
    content = exported(office, lambda traces: as_csv(traces, {"running": "Berjalan"}))
    assert content.startswith(b"\xef\xbb\xbf")  # the mark by which Excel knows UTF-8
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))


def as_log(office: Office) -> etree._Element:
    return etree.fromstring(exported(office, lambda traces: as_xes(traces, "Pelaksanaan SOP")))


def value(node: etree._Element, key: str) -> str | None:
    found = node.xpath("./*[@key=$key]/@value", key=key)
    return found[0] if found else None


# -- CSV --


def test_a_line_for_every_event_in_order(small_office: Office, case: int) -> None:
    rows = as_table(small_office)
    assert [int(row["Nomor peristiwa"]) for row in rows] == [event.seq for event in small_office.events(case)]
    assert {row["Pelaksanaan"] for row in rows} == {"LAKIP 2025"} and rows[0]["Keadaan"] == "Berjalan" and rows[0]["Tahun"] == "2025"


def test_a_line_says_what_who_and_which_opd(small_office: Office, case: int) -> None:
    sent = next(row for row in as_table(small_office) if row["Peristiwa"] == "OPD mengirim")
    assert (sent["OPD"], sent["Oleh"], sent["Baris SOP"]) == ("Sekretariat Daerah", "Petugas Sekretariat Daerah", "7")
    closed = next(row for row in as_table(small_office) if row["Peristiwa"] == "Penerimaan ditutup")
    assert "1 OPD tidak menyampaikan: Dinas Kesehatan" in closed["Keterangan"]


def test_moments_are_those_of_the_office(small_office: Office, case: int) -> None:
    event = small_office.events(case)[0]
    assert as_table(small_office)[0]["Waktu (WIB)"] == f"{event.at + timedelta(hours=7):%Y-%m-%d %H:%M:%S}"


@pytest.mark.parametrize("name", ["=1+1", "+62", "-1", "@SUM(A1)", "\t=1"])
def test_no_cell_is_a_formula(small_office: Office, case: int, name: str) -> None:
    with small_office.database.transaction() as session:
        session.scalars(select(User).where(User.username == "tu")).one().name = name
        session.get_one(Instance, case).title = name
    cells = [cell for row in as_table(small_office) for cell in row.values()]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_a_separator_or_a_quote_in_a_name_stays_in_its_cell(small_office: Office, case: int) -> None:
    with small_office.database.transaction() as session:
        session.get_one(Instance, case).title = 'LAKIP; "2025"'
    assert {row["Pelaksanaan"] for row in as_table(small_office)} == {'LAKIP; "2025"'}


# -- XES --


def test_the_log_has_the_structure_of_the_standard(small_office: Office, case: int) -> None:
    """The order of IEEE 1849: extensions, globals, classifiers, attributes, traces; every attribute of a type with key and value."""
    log = as_log(small_office)
    assert log.tag == f"{X}log" and float(log.get("xes.version", "")) == 2.0 and log.get("xes.features") is not None
    order = [etree.QName(node).localname for node in log]
    rank = {"extension": 0, "global": 1, "classifier": 2, "string": 3, "trace": 4}
    assert [rank[name] for name in order] == sorted(rank[name] for name in order)
    for node in log.iter(f"{X}string", f"{X}date", f"{X}int"):
        assert set(node.attrib) == {"key", "value"} and TYPES[etree.QName(node).localname](node.get("value", "")) is not None
        assert ":" in node.get("key", "")
    assert {node.get("scope") for node in log.findall(f"{X}global")} == {"trace", "event"}


def test_every_prefix_is_declared_or_ours(small_office: Office, case: int) -> None:
    log = as_log(small_office)
    declared = {node.get("prefix") for node in log.findall(f"{X}extension")}
    assert declared == {"concept", "time", "org", "lifecycle"}
    assert all(node.get("uri", "").endswith(f"{node.get('prefix')}.xesext") for node in log.findall(f"{X}extension"))
    assert {str(key).split(":")[0] for key in log.xpath("//@key")} <= declared | {"alur"}


def test_every_trace_and_event_has_what_the_globals_promise(small_office: Office, case: int) -> None:
    log = as_log(small_office)
    for scope in ("trace", "event"):
        promised = [node.get("key") for node in log.xpath(f"./*[local-name()='global'][@scope='{scope}']/*")]
        for node in log.iter(f"{X}{scope}"):
            assert all(value(node, key) is not None for key in promised)


def test_keys_are_unique_within_an_event(small_office: Office, case: int) -> None:
    for event in as_log(small_office).iter(f"{X}event"):
        keys = event.xpath("./*/@key")
        assert len(keys) == len(set(keys))


def test_a_trace_for_every_case_and_an_event_for_every_event(small_office: Office, case: int) -> None:
    other = small_office.start(tahun=2024)
    traces = as_log(small_office).findall(f"{X}trace")
    assert [value(trace, "alur:case") for trace in traces] == [str(case), str(other)]
    for trace, id in zip(traces, (case, other), strict=True):
        assert [int(value(event, "alur:seq") or 0) for event in trace.findall(f"{X}event")] == [one.seq for one in small_office.events(id)]


def test_times_do_not_run_backwards_and_name_their_zone(small_office: Office, case: int) -> None:
    moments = [datetime.fromisoformat(value(event, "time:timestamp") or "") for event in as_log(small_office).iter(f"{X}event")]
    assert moments == sorted(moments) and all(moment.utcoffset() == timedelta(hours=7) for moment in moments)


def test_durations_can_be_mined(small_office: Office, case: int) -> None:
    done = next(node for node in as_log(small_office).iter(f"{X}event") if value(node, "alur:element") == "Task_2")
    with small_office.database.reading() as session:
        task = session.scalars(select(Task).where(Task.instance_id == case, Task.element == "Task_2")).one()
    opened = datetime.fromisoformat(value(done, "alur:opened") or "")
    assert abs(opened - task.opened_at) < timedelta(milliseconds=1)


def test_transitions_are_those_of_the_standard_model() -> None:
    assert set(TRANSITIONS.values()) <= STANDARD and set(TRANSITIONS) <= set(KINDS)


def test_what_xml_cannot_carry_is_left_out(small_office: Office, case: int) -> None:
    with small_office.database.transaction() as session:
        session.get_one(Instance, case).title = 'LAKIP \x01<&"> 2025'
    assert value(as_log(small_office).findall(f"{X}trace")[0], "concept:name") == 'LAKIP <&"> 2025'


def test_events_that_somebody_spoiled_still_leave_the_app(small_office: Office, case: int) -> None:
    from app.models import Event

    with small_office.database.transaction() as session:
        session.get_one(Event, (case, 3)).data = "bukan json"
        session.get_one(Event, (case, 4)).data = json.dumps([1])
    assert len(as_table(small_office)) == len(list(as_log(small_office).iter(f"{X}event")))


def test_statements_do_not_follow_the_number_of_cases(small_office: Office, case: int) -> None:
    few = {}
    for number in (1, 3):
        while len(as_log(small_office).findall(f"{X}trace")) < number:
            small_office.start(tahun=2000 + number + len(few) + len(as_log(small_office).findall(f"{X}trace")))
        with counting(small_office.database) as counts:
            exported(small_office, lambda traces: as_xes(traces, "x"))
        few[number] = counts["statements"]
    assert few[1] == few[3] == 5
