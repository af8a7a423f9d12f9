"""What `read` sees in a drawing; `ragam.bpmn` has one of nearly everything."""

from pathlib import Path

import pytest

from app.diagram import Drawing, Norm, read
from app.errors import InvalidBundle

HERE = Path(__file__).parent
MODEL = 'xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn"'


def with_property(name: str, value: str) -> str:
    row = f'<camunda:property name="{name}" value="{value}"/>'
    return f"<extensionElements><camunda:properties>{row}</camunda:properties></extensionElements>"


def drawn(process: str) -> Drawing:
    return read(f"<definitions {MODEL}>{process}</definitions>".encode())


@pytest.fixture(scope="module")
def ragam() -> Drawing:
    return read((HERE / "ragam.bpmn").read_bytes(), "ragam.bpmn")


def test_names_the_process(ragam):
    assert (ragam.process_id, ragam.process_name, ragam.executable) == ("ragam", "Ragam unsur", True)


def test_who_may_start(ragam):
    assert ragam.starter_groups == ("tu_bagian", "kasubbag")


def test_identity_is_the_pools(ragam):
    assert ragam.identity == {"nomor": "02. 061/org/57", "judul": "Surat Edaran"}


def test_identity_is_the_processs_where_there_is_no_pool():
    assert drawn(f'<process id="p">{with_property("nomor", "1")}</process>').identity == {"nomor": "1"}


def test_lanes_are_the_innermost_in_document_order(ragam):
    assert [lane.id for lane in ragam.lanes] == ["Lane_TU", "Lane_Kabag", "Lane_Luar"]


def test_lane_names_its_groups(ragam):
    assert ragam.lanes[0].groups == ("tu_bagian", "tu_cadangan")


def test_external_lane(ragam):
    assert [lane.external for lane in ragam.lanes] == [False, False, True]


def test_blanks_around_a_flow_node_reference_do_not_matter(ragam):
    assert ragam.lane_of("Task_10").id == "Lane_TU"


def test_nested_elements_have_the_lane_of_their_sub_process(ragam):
    assert (ragam.elements["Sub_task"].lane, ragam.elements["Sub_task"].parent) == ("Lane_Kabag", "Sub_1")


def test_boundary_event_has_the_lane_of_its_host(ragam):
    assert (ragam.elements["Batas_1"].attached_to, ragam.elements["Batas_1"].lane) == ("Task_10", "Lane_TU")


def test_unknown_element_has_no_lane(ragam):
    assert ragam.lane_of("tidak_ada") is None


def test_elements_are_in_document_order_with_those_inside_sub_processes(ragam):
    ids = list(ragam.elements)
    assert ids[:3] == ["Start_1", "Task_10", "Batas_1"] and ids.index("Sub_start") == ids.index("Sub_1") + 1


def test_data_objects_are_elements(ragam):
    assert ragam.elements["Dok_1"].tag == "dataObjectReference"


def test_line_break_in_a_name_is_a_blank(ragam):
    assert ragam.elements["Task_10"].name == "Menyampaikan laporan oleh setiap OPD"


def test_line_is_the_source_line(ragam):
    source = (HERE / "ragam.bpmn").read_text(encoding="utf-8").splitlines()
    assert 'id="Task_10"' in source[ragam.elements["Task_10"].line - 1]


def test_form_and_due_date(ragam):
    task = ragam.elements["Task_10"]
    assert (task.form, task.due_date) == ("OPD-LAKIP", "${batas_waktu_opd}")


def test_a_task_without_form(ragam):
    assert ragam.elements["Task_11"].form is None


def test_row_data(ragam):
    task = ragam.elements["Task_10"]
    assert (task.row, task.uraian, task.penjelasan) == ("10", "Menyampaikan laporan", "Unggah laporan OPD Anda.")
    assert (task.keluaran, task.keterangan, task.asal) == ("Laporan", "softcopy", "gambar")


def test_kelengkapan_is_a_list(ragam):
    assert ragam.elements["Task_10"].kelengkapan == ("Surat edaran", "Format isian")


def test_recorders_is_a_list(ragam):
    assert ragam.elements["Task_10"].recorders == ("tu_bagian", "kasubbag")


def test_sub_process_does_not_collect_the_properties_inside_it(ragam):
    assert ragam.elements["Sub_1"].properties == {}


def test_parallel_step_for_every_opd(ragam):
    task = ragam.elements["Task_10"]
    assert (task.multi_instance, task.collection, task.element_variable, task.sequential) == (True, "daftar_opd", "opd", False)


def test_sequential_multi_instance(ragam):
    assert ragam.elements["Task_2b"].sequential


def test_event_definitions(ragam):
    assert ragam.elements["Batas_1"].event_definitions == ("timerEventDefinition",)


def test_called_element(ragam):
    assert ragam.elements["Call_1"].called == "sop_05_pk"


def test_default_flow_of_a_gateway(ragam):
    assert ragam.elements["Gw_4"].default == "F_tidak"


def test_condition_is_as_drawn(ragam):
    assert ragam.flows["F_ya"].condition == "${keputusan_kabag == 'ya'}"


def test_flow_without_condition(ragam):
    assert ragam.flows["F_tidak"].condition is None


def test_origin_of_a_flow(ragam):
    assert (ragam.flows["F_ya"].asal, ragam.flows["F_tidak"].asal) == ("gambar", "")


def test_flows_inside_sub_processes_are_read(ragam):
    assert ragam.flows["SF1"].target == "Sub_task"


def test_groups_of_a_lane(ragam):
    assert ragam.groups_of("Task_2") == ("tu_bagian", "tu_cadangan")


def test_candidate_groups_delegate_away_from_the_lane(ragam):
    assert ragam.groups_of("Task_2b") == ("kabag_organisasi", "plh_kabag")


def test_nobody_works_in_an_external_lane(ragam):
    assert ragam.groups_of("Call_1") == ()


def test_tasks_are_in_order_of_row_then_document(ragam):
    assert [task.id for task in ragam.tasks()] == ["Task_2", "Task_2b", "Task_10"]


def test_start_is_the_one_of_the_process(ragam):
    assert ragam.start.id == "Start_1"


def test_a_process_without_start():
    inner = '<subProcess id="s"><startEvent id="x"/></subProcess>'
    assert drawn(f'<process id="p">{inner}</process>').start is None


def test_outgoing(ragam):
    assert [flow.id for flow in ragam.outgoing("Gw_4")] == ["F_ya", "F_tidak"]


def test_incoming(ragam):
    assert [flow.id for flow in ragam.incoming("Task_2b")] == ["F5", "F_tidak"]


def test_flow_between(ragam):
    assert ragam.flow_between("Gw_4", "Sub_1").id == "F_ya"


def test_no_flow_between(ragam):
    assert ragam.flow_between("Sub_1", "Gw_4") is None


def test_two_processes_are_counted_and_the_first_is_read():
    drawing = drawn('<process id="a"><startEvent id="s"/></process><process id="b"><startEvent id="t"/></process>')
    assert (drawing.processes, drawing.process_id, list(drawing.elements)) == (2, "a", ["s"])


def test_duplicate_ids_are_named_and_the_first_counts():
    drawing = drawn('<process id="p"><task id="x" name="satu"/><task id="x" name="dua"/></process>')
    assert (drawing.duplicates, drawing.elements["x"].name) == (("x",), "satu")


def test_no_duplicates(ragam):
    assert ragam.duplicates == ()


def test_elements_without_id_are_told_by_line():
    assert drawn('<process id="p">\n<task name="tanpa id"/></process>').missing_ids == (2,)


def test_row_that_is_no_number_comes_last():
    rows = ["99999999999999999999", "", "2", "x"]
    tasks = "".join(f'<userTask id="t{n}">{with_property("baris", row)}</userTask>' for n, row in enumerate(rows))
    assert drawn(f'<process id="p">{tasks}</process>').tasks()[0].id == "t2"


def test_hostile_name_is_kept_as_text():
    drawing = drawn('<process id="p"><task id="x" name="&lt;script&gt;alert(1)&lt;/script&gt;"/></process>')
    assert drawing.elements["x"].name == "<script>alert(1)</script>"


def test_file_without_process_is_refused():
    with pytest.raises(InvalidBundle) as refused:
        read(f"<definitions {MODEL}/>".encode(), "kosong.bpmn")
    assert [(f.file, f.rule) for f in refused.value.findings] == [("kosong.bpmn", "process")]


def test_norm_of_a_task(ragam):
    assert ragam.elements["Task_2b"].norm == Norm(minutes=90)


def test_elements_can_be_kept_in_sets(ragam):
    assert ragam.elements["Task_2"] in {ragam.elements["Task_2"]}
