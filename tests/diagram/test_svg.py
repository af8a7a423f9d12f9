"""The server's picture: what is drawn, what is refused or left out, and that hostile drawings stay harmless."""

from pathlib import Path

import pytest
from lxml import etree

from app.diagram.svg import Marks, to_svg
from app.errors import InvalidBundle

RAGAM = Path(__file__).with_name("ragam.bpmn").read_bytes()
SVG = {"s": "http://www.w3.org/2000/svg"}
SPACES = (
    'xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:di="http://www.omg.org/spec/BPMN/20100524/DI"'
    ' xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:w="http://www.omg.org/spec/DD/20100524/DI"'
)
MARKS = Marks(
    done=frozenset({"Start_1", "F1", "Task_2b"}),
    current=frozenset({"Task_2b"}),
    returned=frozenset({"F_tidak"}),
    counts={"F_tidak": 3, "Task_2b": 1, "Gw_4": 120},
    proposals=frozenset({"Gw_4"}),
)


def picture(svg: str) -> etree._Element:
    return etree.fromstring(svg)


def drawn(bpmn: bytes = RAGAM, marks: Marks | None = None) -> etree._Element:
    return picture(to_svg(bpmn, marks))


def group(svg: etree._Element, id: str) -> etree._Element:
    (found,) = svg.xpath("//s:g[@data-element=$id]", namespaces=SVG, id=id)
    return found


def classes(svg: etree._Element, id: str) -> set[str]:
    return set(group(svg, id).get("class").split())


def texts(node: etree._Element) -> str:
    return " ".join(node.xpath(".//s:tspan/text()", namespaces=SVG))


def one_task(name: str = "Langkah", bounds: str = 'x="0" y="0" width="100" height="80"', points: str = "") -> bytes:
    """A task with these bounds, and a flow from it to itself with these waypoints."""
    model = f'<process id="p"><userTask id="t" name="{name}"/><sequenceFlow id="f" sourceRef="t" targetRef="t"/></process>'
    shape = f'<di:BPMNShape bpmnElement="t"><dc:Bounds {bounds}/></di:BPMNShape>'
    edge = f'<di:BPMNEdge bpmnElement="f">{points}</di:BPMNEdge>'
    layout = f'<di:BPMNDiagram><di:BPMNPlane bpmnElement="p">{shape}{edge}</di:BPMNPlane></di:BPMNDiagram>'
    return f"<definitions {SPACES}>{model}{layout}</definitions>".encode()


@pytest.fixture(scope="module")
def ragam() -> etree._Element:
    return drawn()


@pytest.fixture(scope="module")
def marked() -> etree._Element:
    return drawn(marks=MARKS)


def test_every_laid_out_element_is_drawn_once(ragam):
    ids = ragam.xpath("//@data-element")
    layout = etree.fromstring(RAGAM).xpath("//@bpmnElement")
    assert sorted(ids) == sorted(set(layout) - {"Collaboration_1"})


def test_it_is_an_image_with_a_title_and_a_description(ragam):
    assert ragam.get("role") == "img"
    assert [ragam.xpath(f"s:{tag}/text()", namespaces=SVG)[0] for tag in ("title", "desc")] == ["Ragam unsur", "4 lajur, 5 langkah."]


def test_title_can_be_given():
    assert picture(to_svg(RAGAM, title="Jalur <LAKIP>\x00")).findtext("s:title", namespaces=SVG) == "Jalur <LAKIP>"


def test_ids_carry_the_prefix():
    ids = picture(to_svg(RAGAM, prefix="kecil")).xpath("//@id")
    assert ids == ["kecil-title", "kecil-desc"]


def test_view_box_has_ten_pixels_of_padding(ragam):
    assert ragam.get("viewBox") == "90 70 1300 740"


def test_names_are_tooltips(ragam):
    assert group(ragam, "Task_11").findtext("s:title", namespaces=SVG) == "Mengirim laporan"


def test_nameless_elements_have_a_tooltip_too(ragam):
    assert group(ragam, "Gw_fork").findtext("s:title", namespaces=SVG) == "Percabangan"


def test_tooltip_of_a_flow_names_its_ends(ragam):
    assert group(ragam, "F_ya").findtext("s:title", namespaces=SVG) == "ya: Konsep surat disetujui Kabag? → Menyusun draf"


def test_long_names_are_wrapped(ragam):
    assert len(group(ragam, "Task_2").findall(".//s:tspan", namespaces=SVG)) > 1


def test_wrapped_names_lose_no_word(ragam):
    assert texts(group(ragam, "Task_2")) == "Memberi nomor dan meregistrasi surat"


def test_lane_titles_are_rotated(ragam):
    assert group(ragam, "Lane_TU").find("s:text", namespaces=SVG).get("transform").startswith("rotate(-90 ")


def test_neighbouring_lanes_are_tinted_in_turn(ragam):
    tints = [("d-even" in classes(ragam, id)) for id in ("Lane_TU", "Lane_Kabag", "Lane_Luar")]
    assert tints == [True, False, True]


def test_event_names_stand_beside_the_event(ragam):
    assert texts(group(ragam, "End_2")) == "dihentikan"


def test_flow_names_are_drawn(ragam):
    assert "tidak" in ragam.xpath("//s:text[contains(@class, 'd-flow-label')]/s:tspan/text()", namespaces=SVG)


def test_default_flow_has_a_slash(ragam):
    assert group(ragam, "F_tidak").xpath("s:path[@class='d-slash']", namespaces=SVG)


def test_other_flows_have_none(ragam):
    assert not group(ragam, "F_ya").xpath("s:path[@class='d-slash']", namespaces=SVG)


def test_boundary_event_that_does_not_interrupt_is_dashed(ragam):
    assert group(ragam, "Batas_1").find("s:circle", namespaces=SVG).get("stroke-dasharray")


def test_boundary_event_lies_upon_its_host(ragam):
    ids = ragam.xpath("//@data-element")
    assert ids.index("Batas_1") > ids.index("Task_10")


def test_what_is_inside_a_sub_process_lies_upon_it(ragam):
    ids = ragam.xpath("//@data-element")
    assert ids.index("SF1") > ids.index("Sub_1")


def test_plain_drawing_has_no_states(ragam):
    assert not ragam.xpath("//*[contains(@class, 'is-done') or contains(@class, 'is-untaken')]")


@pytest.mark.parametrize(
    ("id", "state"),
    [
        ("Start_1", "is-done"),
        ("F1", "is-done"),
        ("Task_2b", "is-current"),
        ("F_tidak", "is-returned"),
        ("F_ya", "is-untaken"),
        ("Task_10", "is-untaken"),
        ("Gw_4", "is-proposal"),
    ],
)
def test_states(marked, id, state):
    assert state in classes(marked, id)


@pytest.mark.parametrize("id", ["Lane_TU", "Dok_1", "Catatan_1"])
def test_what_is_never_traversed_is_never_untaken(marked, id):
    assert "is-untaken" not in classes(marked, id)


def test_nothing_is_untaken_where_only_proposals_are_marked():
    assert "is-untaken" not in to_svg(RAGAM, Marks(proposals=frozenset({"Gw_4"})))


def test_everything_is_untaken_in_a_case_that_has_not_begun():
    assert "is-untaken" in classes(drawn(marks=Marks()), "Start_1")


def test_counts_from_two_on_are_badges(marked):
    badges = {badge.get("data-count-of"): texts(badge) for badge in marked.xpath("//s:g[@data-count-of]", namespaces=SVG)}
    assert badges == {"F_tidak": "3", "Gw_4": "99+"}


def test_description_tells_where_work_waits(marked):
    assert "Posisi saat ini: Memeriksa dan memaraf." in marked.findtext("s:desc", namespaces=SVG)


@pytest.mark.parametrize("marks", [None, MARKS])
def test_nothing_that_a_strict_policy_forbids(marks):
    svg = drawn(marks=marks)
    tags = {etree.QName(node).localname for node in svg.iter()}
    attributes = {name for node in svg.iter() for name in node.attrib}
    assert tags <= {"svg", "g", "title", "desc", "path", "rect", "circle", "text", "tspan"}
    assert not {name for name in attributes if name in ("style", "href") or name.startswith(("on", "{"))}


@pytest.mark.parametrize(
    "name", ["&lt;script&gt;alert(1)&lt;/script&gt;", "&quot; onload=&quot;alert(1)", "&lt;/svg&gt;&lt;img src=x&gt;", "]]&gt;"]
)
def test_hostile_names_are_text(name):
    svg = to_svg(one_task(name))
    assert "<script" not in svg and "<img" not in svg and picture(svg).xpath("count(//@onload)") == 0


def test_hostile_ids_are_text():
    bpmn = one_task().replace(b'"t"', b'"&quot;&gt;&lt;script&gt;"')
    assert "<script" not in to_svg(bpmn)


def test_hostile_prefix_is_text():
    assert "<script" not in to_svg(RAGAM, prefix='"><script>')


def test_direction_changing_characters_are_dropped():
    assert "\u202e" not in to_svg(one_task("abc\u202edef"))


def test_very_long_name_is_cut():
    assert len(to_svg(one_task("panjang " * 100_000))) < 10_000


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e308", "", "abc", "9" * 5000])
def test_shape_with_impossible_numbers_is_left_out(number):
    svg = to_svg(one_task(bounds=f'x="{number}" y="0" width="100" height="80"'))
    assert 'data-element="t"' not in svg


@pytest.mark.parametrize("bounds", ["", 'x="0" y="0"', 'x="0" y="0" width="0" height="80"', 'x="0" y="0" width="-5" height="80"'])
def test_shape_without_size_is_left_out(bounds):
    assert 'data-element="t"' not in to_svg(one_task(bounds=bounds))


@pytest.mark.parametrize("points", ["", '<w:waypoint x="1" y="1"/>', '<w:waypoint x="1" y="1"/><w:waypoint x="NaN" y="1"/>'])
def test_flow_without_usable_points_is_left_out(points):
    assert 'data-element="f"' not in to_svg(one_task(points=points))


def test_flow_whose_points_are_one_is_drawn():
    assert 'data-element="f"' in to_svg(one_task(points='<w:waypoint x="1" y="1"/>' * 3))


@pytest.mark.parametrize("size", ["0.001", "1", "99999"])
def test_any_size_is_drawn(size):
    assert 'data-element="t"' in to_svg(one_task(bounds=f'x="0" y="0" width="{size}" height="{size}"'))


def test_drawing_without_layout_says_so():
    svg = to_svg(f'<definitions {SPACES}><process id="p"><task id="t"/></process></definitions>'.encode())
    assert "belum memiliki tata letak" in texts(picture(svg))


def test_shape_of_an_unknown_element_is_left_out():
    assert "data-element" not in to_svg(one_task().replace(b'bpmnElement="t"', b'bpmnElement="x"').replace(b'="f"', b'="y"', 1))


def test_file_that_is_no_drawing_is_refused():
    with pytest.raises(InvalidBundle):
        to_svg(b"<html/>")
