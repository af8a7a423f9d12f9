"""The shipped drawing of SOP 02 as this package sees it."""

from pathlib import Path

import pytest

from app.diagram import Drawing, NormTotal, norm_total, read
from app.diagram.svg import Marks, to_svg

BPMN = (Path(__file__).parents[2] / "bpmn" / "sop_02_lakip.bpmn").read_bytes()


@pytest.fixture(scope="module")
def lakip() -> Drawing:
    return read(BPMN, "sop_02_lakip.bpmn")


def test_process(lakip):
    assert (lakip.process_id, lakip.executable, lakip.processes, lakip.duplicates) == ("sop_02_lakip", True, 1, ())


def test_nine_lanes_in_order_of_the_sheet(lakip):
    assert [lane.name for lane in lakip.lanes] == [
        "TU Bagian",
        "Kasubbag Tatalaksana",
        "Kabag Organisasi",
        "SKPD (OPD)",
        "Tim Penyusun",
        "Asisten",
        "Sekda",
        "Bupati",
        "Menpan & RB",
    ]


def test_only_the_ministry_is_external(lakip):
    assert [lane.name for lane in lakip.lanes if lane.external] == ["Menpan & RB"]


def test_norm_total_is_that_of_the_sheet(lakip):
    assert norm_total(lakip) == NormTotal(days=11, minutes=365)


def test_no_norm_has_a_problem(lakip):
    assert [task.id for task in lakip.tasks() if task.norm_problem] == []


def test_every_task_has_a_lane(lakip):
    assert [task.id for task in lakip.tasks() if lakip.lane_of(task.id) is None] == []


def test_identity_is_on_the_pool(lakip):
    assert lakip.identity["disahkan_jabatan"] == "SEKRETARIS DAERAH"


def test_picture_shows_every_element_and_flow(lakip):
    svg = to_svg(BPMN)
    assert [id for id in [*lakip.elements, *lakip.flows] if f'data-element="{id}"' not in svg] == []


@pytest.mark.parametrize("marks", [None, Marks(current=frozenset({"Task_2"}))])
def test_picture_has_neither_style_nor_script(marks):
    svg = to_svg(BPMN, marks)
    assert "style=" not in svg and "<style" not in svg and "<script" not in svg
