"""What a reader expects of a drawing, as geometry: asked of every drawing that ships, and of drawings made up here."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations, pairwise
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from app.layout import layout
from app.layout.text import TASK_FONT, TASK_LINE, width, wrap
from tests.support.drawings import drawing_bytes
from tests.support.generated import Maker

ROOT = Path(__file__).parents[1]
SHIPPED = sorted((ROOT / "bpmn").rglob("*.bpmn"))
NS = {
    "bpmn": "http://www.omg.org/spec/BPMN/20100524/MODEL",
    "bpmndi": "http://www.omg.org/spec/BPMN/20100524/DI",
    "dc": "http://www.omg.org/spec/DD/20100524/DC",
    "di": "http://www.omg.org/spec/DD/20100524/DI",
}
ICON = 27  # the symbol in the upper left corner of a user task covers this much of the width and the height
PADDING = 5

Point = tuple[int, int]


@dataclass(frozen=True)
class Box:
    x: int
    y: int
    width: int
    height: int

    @property
    def middle(self) -> Point:
        return self.x + self.width // 2, self.y + self.height // 2

    def overlaps(self, other: "Box") -> bool:
        across = self.x < other.x + other.width and other.x < self.x + self.width
        return across and self.y < other.y + other.height and other.y < self.y + self.height

    def holds(self, other: "Box") -> bool:
        across = self.x <= other.x and other.x + other.width <= self.x + self.width
        return across and self.y <= other.y and other.y + other.height <= self.y + self.height


@dataclass
class Picture:
    shapes: dict[str, Box] = field(default_factory=dict)
    edges: dict[str, list[Point]] = field(default_factory=dict)
    labels: dict[str, Box] = field(default_factory=dict)
    lanes: dict[str, list[str]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    flows: dict[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def nodes(self) -> dict[str, Box]:
        return {key: box for key, box in self.shapes.items() if self.kinds[key] not in ("lane", "participant")}

    def is_return(self, flow: str) -> bool:
        return self.names[flow] == "tidak"


def picture_of(bpmn: bytes) -> Picture:
    root = etree.fromstring(bpmn)
    picture = Picture()
    for element in root.iter("{*}*"):
        if key := element.get("id"):
            picture.names[key], picture.kinds[key] = element.get("name", ""), etree.QName(element).localname
    for lane in root.iterfind(".//bpmn:lane", NS):
        picture.lanes[lane.get("id")] = [ref.text for ref in lane.iterfind("bpmn:flowNodeRef", NS)]
    for flow in root.iterfind(".//bpmn:sequenceFlow", NS):
        picture.flows[flow.get("id")] = flow.get("sourceRef"), flow.get("targetRef")
    for shape in root.iterfind(".//bpmndi:BPMNShape", NS):
        picture.shapes[shape.get("bpmnElement")] = bounds(shape)
    for edge in root.iterfind(".//bpmndi:BPMNEdge", NS):
        picture.edges[edge.get("bpmnElement")] = [(int(p.get("x")), int(p.get("y"))) for p in edge.iterfind("di:waypoint", NS)]
    for label in root.iterfind(".//bpmndi:BPMNLabel", NS):
        picture.labels[label.getparent().get("bpmnElement")] = bounds(label)
    return picture


def bounds(element: etree._Element) -> Box:
    found = element.find("dc:Bounds", NS)
    return Box(*(int(found.get(side)) for side in ("x", "y", "width", "height")))


def pieces(points: Sequence[Point], thick: int = 0) -> Iterator[Box]:
    for (x1, y1), (x2, y2) in pairwise(points):
        yield Box(min(x1, x2) - thick, min(y1, y2) - thick, abs(x1 - x2) + 2 * thick, abs(y1 - y2) + 2 * thick)


def semantics(bpmn: bytes) -> bytes:
    root = etree.fromstring(bpmn, etree.XMLParser(remove_blank_text=True))
    for diagram in root.findall("bpmndi:BPMNDiagram", NS):
        root.remove(diagram)
    return etree.tostring(root, method="c14n")


@dataclass(frozen=True)
class Step:
    """One step of a made-up drawing: where a gateway's *tidak* leads, None for a task."""

    lane: int
    back_to: int | None = None


def drawing(steps: Sequence[Step], lanes: int) -> bytes:
    """A chain of steps with returns, as the SOPs have them, between a start and an end."""
    kinds = ["startEvent", *("userTask" if step.back_to is None else "exclusiveGateway" for step in steps), "endEvent"]
    where = [steps[0].lane, *(step.lane for step in steps), steps[-1].lane]
    laned = "".join(
        f'<bpmn:lane id="L{lane}" name="Kepala Bagian">'
        + "".join(f"<bpmn:flowNodeRef>N{n}</bpmn:flowNodeRef>" for n, at in enumerate(where) if at == lane)
        + "</bpmn:lane>"
        for lane in range(lanes)
    )
    nodes = "".join(f'<bpmn:{kind} id="N{n}" name="Memeriksa berkas {n}?" />' for n, kind in enumerate(kinds))
    flows = "".join(f'<bpmn:sequenceFlow id="F{n}" name="ya" sourceRef="N{n}" targetRef="N{n + 1}" />' for n in range(len(kinds) - 1))
    backs = "".join(
        f'<bpmn:sequenceFlow id="B{n}" name="tidak" sourceRef="N{n}" targetRef="N{step.back_to}" />'
        for n, step in enumerate(steps, start=1)
        if step.back_to is not None
    )
    return (
        f'<bpmn:definitions xmlns:bpmn="{NS["bpmn"]}" targetNamespace="urn:t"><bpmn:collaboration id="C">'
        f'<bpmn:participant id="P" name="SOP" processRef="X" /></bpmn:collaboration><bpmn:process id="X"><bpmn:laneSet id="S">{laned}'
        f"</bpmn:laneSet>{nodes}{flows}{backs}</bpmn:process></bpmn:definitions>"
    ).encode()


@st.composite
def drawings(draw: st.DrawFn) -> bytes:
    lanes = draw(st.integers(1, 9))
    steps: list[Step] = [Step(draw(st.integers(0, lanes - 1)))]
    tasks = [1]
    for number in range(2, draw(st.integers(3, 22))):
        if steps[-1].back_to is None and draw(st.booleans()):
            steps.append(Step(steps[-1].lane, draw(st.sampled_from(tasks[-4:]))))  # a decision stands where the work before it is done
        else:
            steps.append(Step(draw(st.integers(0, lanes - 1))))
            tasks.append(number)
    return drawing(steps, lanes)


MONITORING = drawing([Step(0), Step(1), Step(0), Step(0, 2), Step(2), Step(4), Step(1), Step(1, 7), Step(0), Step(3)], 5)  # like SOP 01


@pytest.fixture(
    scope="module", params=[*SHIPPED, MONITORING], ids=lambda p: str(p.relative_to(ROOT)) if isinstance(p, Path) else "monitoring"
)
def picture(request: pytest.FixtureRequest) -> Picture:
    return picture_of(request.param.read_bytes() if isinstance(request.param, Path) else layout(request.param))


def test_there_are_drawings() -> None:
    assert SHIPPED


@pytest.mark.parametrize("path", SHIPPED, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_shipped_drawing_is_laid_out_and_laying_out_again_changes_no_byte(path: Path) -> None:
    assert layout(path.read_bytes()) == path.read_bytes()


@pytest.mark.parametrize("path", SHIPPED, ids=lambda p: str(p.relative_to(ROOT)))
def test_the_old_picture_has_no_influence(path: Path) -> None:
    bpmn = path.read_bytes()
    assert layout(bpmn.replace(b'y="', b'y="9')) == bpmn


@pytest.mark.parametrize("path", SHIPPED, ids=lambda p: str(p.relative_to(ROOT)))
def test_only_the_picture_changes(path: Path) -> None:
    bpmn = path.read_bytes()
    assert semantics(layout(bpmn)) == semantics(bpmn)


def test_everything_is_drawn(picture: Picture) -> None:
    drawn = {
        key
        for key, kind in picture.kinds.items()
        if kind.endswith(("Task", "Event", "Gateway", "Reference")) or kind in ("lane", "participant")
    }
    assert picture.shapes.keys() == drawn
    assert picture.edges.keys() == picture.flows.keys()
    named_outside = {key for key in picture.nodes if picture.names[key] and not picture.kinds[key].endswith("Task")}
    assert picture.labels.keys() == named_outside | {flow for flow in picture.flows if picture.names[flow]}


def test_every_step_stands_in_its_lane(picture: Picture) -> None:
    for lane, steps in picture.lanes.items():
        assert all(picture.shapes[lane].holds(picture.shapes[step]) for step in steps)


def test_lanes_are_stacked_without_gaps_inside_the_pool(picture: Picture) -> None:
    pool = next(box for key, box in picture.shapes.items() if picture.kinds[key] == "participant")
    lanes = [picture.shapes[lane] for lane in picture.lanes]
    assert [lane.y for lane in lanes] == [pool.y, *(lane.y + lane.height for lane in lanes[:-1])]
    assert lanes[-1].y + lanes[-1].height == pool.y + pool.height
    assert {(lane.x, lane.x + lane.width) for lane in lanes} == {(pool.x + 30, pool.x + pool.width)}


def test_shapes_do_not_overlap(picture: Picture) -> None:
    assert [pair for pair in combinations(picture.nodes, 2) if picture.nodes[pair[0]].overlaps(picture.nodes[pair[1]])] == []


def test_flows_are_orthogonal_without_idle_points(picture: Picture) -> None:
    for points in picture.edges.values():
        horizontal = [y1 == y2 for (_, y1), (_, y2) in pairwise(points)]
        assert all((x1 == x2) != (y1 == y2) for (x1, y1), (x2, y2) in pairwise(points))
        assert all(one != other for one, other in pairwise(horizontal))


def test_flows_start_and_end_on_the_borders_and_leave_outwards(picture: Picture) -> None:
    for flow, (source, target) in picture.flows.items():
        points = picture.edges[flow]
        for box, kind, end, beyond in (
            (picture.shapes[source], picture.kinds[source], points[0], points[1]),
            (picture.shapes[target], picture.kinds[target], points[-1], points[-2]),
        ):
            right_or_left = end[0] in (box.x, box.x + box.width) and box.y <= end[1] <= box.y + box.height
            top_or_bottom = end[1] in (box.y, box.y + box.height) and box.x <= end[0] <= box.x + box.width
            assert right_or_left or top_or_bottom
            assert kind.endswith("Task") or box.middle[0] == end[0] or box.middle[1] == end[1]  # a diamond's corner
            assert not Box(box.x + 1, box.y + 1, box.width - 2, box.height - 2).overlaps(next(pieces([end, beyond])))


def test_no_flow_runs_through_a_shape(picture: Picture) -> None:
    for flow, points in picture.edges.items():
        for key, box in picture.nodes.items():
            around = 0 if key in picture.flows[flow] else 8
            hull = Box(box.x + 1 - around, box.y + 1 - around, box.width - 2 + 2 * around, box.height - 2 + 2 * around)
            assert not any(hull.overlaps(piece) for piece in pieces(points)), (flow, key)


def test_no_flow_runs_along_another(picture: Picture) -> None:
    assert shared_pieces(picture) == []


def shared_pieces(picture: Picture) -> list[tuple[str, str]]:
    """Pairs of flows that run within 5 px of each other in the same direction; crossing is no offence."""
    found = []
    for one, other in combinations(picture.edges, 2):
        for a in pieces(picture.edges[one]):
            for b in pieces(picture.edges[other]):
                upright = not a.width and not b.width and abs(a.x - b.x) < 5 and min(a.y + a.height, b.y + b.height) > max(a.y, b.y)
                level = not a.height and not b.height and abs(a.y - b.y) < 5 and min(a.x + a.width, b.x + b.width) > max(a.x, b.x)
                if upright or level:
                    found.append((one, other))
    return found


def test_no_flow_runs_along_a_border_of_a_lane(picture: Picture) -> None:
    borders = {y for lane in picture.lanes for y in (picture.shapes[lane].y, picture.shapes[lane].y + picture.shapes[lane].height)}
    assert [flow for flow, points in picture.edges.items() for piece in pieces(points) if not piece.height and piece.y in borders] == []


def test_labels_are_clear_of_everything(picture: Picture) -> None:
    borders = [Box(box.x, y, box.width, 0) for key in picture.lanes for box in [picture.shapes[key]] for y in (box.y, box.y + box.height)]
    for owner, label in picture.labels.items():
        assert not any(label.overlaps(box) for box in picture.nodes.values()), owner
        assert not any(label.overlaps(piece) for points in picture.edges.values() for piece in pieces(points, thick=1)), owner
        assert not any(label.overlaps(other) for key, other in picture.labels.items() if key != owner), owner
        assert not any(label.overlaps(border) for border in borders), owner


def test_labels_lie_in_the_lanes_beside_their_titles(picture: Picture) -> None:
    lanes = [picture.shapes[lane] for lane in picture.lanes]
    for label in picture.labels.values():
        assert any(Box(lane.x + 30, lane.y, lane.width - 30, lane.height).holds(label) for lane in lanes)


def test_labels_stay_near_what_they_name(picture: Picture) -> None:
    for owner, label in picture.labels.items():
        target = Box(label.x - 30, label.y - 30, label.width + 60, label.height + 60)
        near = pieces(picture.edges[owner]) if owner in picture.edges else [picture.shapes[owner]]
        assert any(target.overlaps(box) for box in near), owner


def test_the_answer_stands_where_the_question_is(picture: Picture) -> None:
    for flow in picture.flows:
        if flow in picture.labels:
            (x, y), (at_x, at_y) = picture.edges[flow][0], picture.labels[flow].middle
            assert abs(x - at_x) + abs(y - at_y) < 60, flow


def test_names_fit_their_tasks_clear_of_the_symbol(picture: Picture) -> None:
    for key, box in picture.nodes.items():
        if picture.kinds[key].endswith("Task"):
            lines = wrap(picture.names[key], box.width - 2 * PADDING, TASK_FONT)
            assert all(width(line, TASK_FONT) <= box.width - 2 * PADDING for line in lines), picture.names[key]
            assert len(lines) * TASK_LINE <= box.height - 2 * ICON + 1, picture.names[key]


def test_names_fit_their_lanes(picture: Picture) -> None:
    for lane in picture.lanes:
        lines = wrap(picture.names[lane], picture.shapes[lane].height - 2 * PADDING, TASK_FONT)
        assert len(lines) * TASK_LINE <= 30


def test_the_flow_runs_from_left_to_right_but_for_returns(picture: Picture) -> None:
    for flow, (source, target) in picture.flows.items():
        forward = picture.shapes[source].middle[0] <= picture.shapes[target].middle[0]
        assert forward or picture.is_return(flow), flow


@settings(max_examples=25, deadline=None, derandomize=True)
@given(drawings())
def test_made_up_drawings_are_tidy_too(bpmn: bytes) -> None:
    once = layout(bpmn)
    assert layout(once) == once
    assert semantics(once) == semantics(bpmn)
    picture = picture_of(once)
    test_everything_is_drawn(picture)
    test_every_step_stands_in_its_lane(picture)
    test_lanes_are_stacked_without_gaps_inside_the_pool(picture)
    test_shapes_do_not_overlap(picture)
    test_flows_are_orthogonal_without_idle_points(picture)
    test_flows_start_and_end_on_the_borders_and_leave_outwards(picture)
    test_no_flow_runs_through_a_shape(picture)
    test_no_flow_runs_along_another(picture)
    test_no_flow_runs_along_a_border_of_a_lane(picture)
    test_the_flow_runs_from_left_to_right_but_for_returns(picture)


@pytest.mark.parametrize(
    ("bpmn", "complaint"),
    [
        (b"<bpmn:definitions", "not well-formed"),
        (b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', "DOCTYPE"),
        (b"<a/>", "one process"),
        (drawing([Step(0)], 1).replace(b'targetRef="N1"', b'targetRef="nowhere"'), "does not connect"),
        (drawing([Step(0)], 1).replace(b"userTask", b"transaction"), "transaction N1 cannot be laid out"),
        (drawing([Step(0)], 1).replace(b"</bpmn:lane>", b'<bpmn:childLaneSet id="K" /></bpmn:lane>'), "lanes within lanes"),
    ],
)
def test_it_says_what_it_cannot_lay_out(bpmn: bytes, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        layout(bpmn)


def test_a_process_without_pool_and_lanes_is_laid_out() -> None:
    bpmn = drawing([Step(0), Step(0, 1), Step(0)], 1)
    root = etree.fromstring(bpmn)
    root.remove(root.find("bpmn:collaboration", NS))
    process = root.find("bpmn:process", NS)
    process.remove(process.find("bpmn:laneSet", NS))
    picture = picture_of(layout(etree.tostring(root)))
    assert picture.shapes.keys() == {f"N{n}" for n in range(5)}


def planted() -> Picture:
    return picture_of(layout(MONITORING))


def test_the_checks_notice_a_flow_on_top_of_another() -> None:
    picture = planted()
    picture.edges["F1"] = [(x + 3, y + 3) for x, y in picture.edges["F2"]]
    assert ("F1", "F2") in shared_pieces(picture)


def test_the_checks_notice_a_flow_on_a_border() -> None:
    picture = planted()
    border = picture.shapes["L0"].y + picture.shapes["L0"].height
    picture.edges["F1"] = [(400, border), (600, border)]
    with pytest.raises(AssertionError):
        test_no_flow_runs_along_a_border_of_a_lane(picture)


def test_the_checks_notice_a_flow_through_a_shape_and_a_label_on_it() -> None:
    picture = planted()
    x, y = picture.shapes["N5"].middle
    picture.edges["F1"] = [(x - 200, y), (x + 200, y)]
    picture.labels["F1"] = Box(x - 10, y - 10, 20, 20)
    for check in (test_no_flow_runs_through_a_shape, test_labels_are_clear_of_everything):
        with pytest.raises(AssertionError):
            check(picture)


NESTED = (
    '<startEvent id="S"/><userTask id="T" name="T"/><boundaryEvent id="W" attachedToRef="T" cancelActivity="false"/>'
    '<userTask id="R" name="R"/><endEvent id="F"/><subProcess id="P" name="P"><startEvent id="s"/><userTask id="A" name="A"/>'
    '<endEvent id="e"/><sequenceFlow id="s_A" sourceRef="s" targetRef="A"/><sequenceFlow id="A_e" sourceRef="A" targetRef="e"/>'
    "</subProcess>"
    '<boundaryEvent id="X" attachedToRef="P"/><boundaryEvent id="Y" attachedToRef="P"/><endEvent id="G"/><endEvent id="H"/>'
    '<endEvent id="E"/>'
)


def shapes_of(bpmn: bytes) -> dict[str, tuple[float, float, float, float]]:
    return {
        shape.get("bpmnElement", ""): tuple(float(bounds.get(name, "")) for name in ("x", "y", "width", "height"))  # type: ignore[misc]
        for shape in etree.fromstring(bpmn).iter("{*}BPMNShape")
        for bounds in [shape.find("{*}Bounds")]
        if bounds is not None
    }


def test_sub_processes_hold_what_is_theirs_and_events_sit_on_their_border() -> None:
    laid = layout(drawing_bytes(NESTED, "S>T T>P W>R R>F P>E X>G Y>H"))
    assert layout(laid) == laid
    at = shapes_of(laid)
    x, y, width, height = at["P"]
    for inner in ("s", "A", "e"):
        left, top, wide, high = at[inner]
        assert x < left and left + wide < x + width and y < top and top + high < y + height
    for event, host in (("W", "T"), ("X", "P"), ("Y", "P")):
        left, top, wide, high = at[event]
        assert top + high / 2 == at[host][1] + at[host][3] and at[host][0] <= left + wide / 2 <= at[host][0] + at[host][2]
    outside = [at[id] for id in ("S", "T", "R", "F", "P", "G", "H", "E")]
    for number, (left, top, wide, high) in enumerate(outside):
        for other in outside[number + 1 :]:
            assert left + wide <= other[0] or other[0] + other[2] <= left or top + high <= other[1] or other[1] + other[3] <= top


def test_a_sub_process_that_holds_much_is_as_large_as_it_must_be() -> None:
    many = "".join(f'<userTask id="A{number}" name="A"/>' for number in range(12))
    chain = pairwise(["s", *(f"A{number}" for number in range(12)), "e"])
    arrows = "".join(f'<sequenceFlow id="{a}_{b}" sourceRef="{a}" targetRef="{b}"/>' for a, b in chain)
    inside = f'<startEvent id="s"/>{many}<endEvent id="e"/>{arrows}'
    at = shapes_of(layout(drawing_bytes(f'<startEvent id="S"/><subProcess id="P">{inside}</subProcess><endEvent id="E"/>', "S>P P>E")))
    assert at["P"][2] > 12 * 150


@pytest.mark.parametrize("seed", range(8))
def test_drawings_made_by_chance_are_laid_out_and_stay_so(seed: int) -> None:
    """With sub-processes in sub-processes, events on their borders, everything that runs."""
    laid = layout(Maker(Random(seed), 6).definition().bpmn)
    assert layout(laid) == laid
