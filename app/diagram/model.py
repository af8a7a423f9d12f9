"""The data of a drawing. Only data travels here; :mod:`app.diagram.reading` fills it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from app.diagram.norms import Norm, read_norm, row_key

OPD_GROUP = "opd"  # the group in which everybody works for their own OPD only
RECEIVING = frozenset({"intermediateCatchEvent", "boundaryEvent"})
PERFORMED = frozenset({"userTask", "manualTask", "task"})  # one without a kind is done outside the app, like a manual one


def split_list(text: str | None, separators: str = ",") -> tuple[str, ...]:
    """The non-empty parts of "a, b" (or, with ";", of "a; b"), without surrounding blanks."""
    return tuple(part.strip() for part in re.split(f"[{separators}]", text or "") if part.strip())


@dataclass(frozen=True, slots=True)
class Lane:
    """A column of the SOP. groups: who works there (property ``grup``). external: nobody signs in there."""

    id: str
    name: str
    groups: tuple[str, ...]
    external: bool


@dataclass(frozen=True, slots=True)
class Flow:
    """A sequence flow. condition: the text of its expression as drawn, None where there is none. asal: gambar, teks, usulan or ""."""

    id: str
    name: str
    source: str
    target: str
    condition: str | None
    asal: str
    line: int


@dataclass(frozen=True, slots=True)
class Element:
    """A flow node, a data object reference or a data store reference.

    tag: local name ("userTask"). line: 1-based. lane: lane id; what lies in a sub-process has the lane of the sub-process, a boundary
    event the lane of its host. parent: id of the process or sub-process. Expressions (due_date, collection) are as drawn.
    interrupting: of a boundary event, whether it ends what it is attached to.
    """

    id: str
    tag: str
    name: str
    line: int
    lane: str | None
    parent: str
    form: str | None = None
    candidate_groups: tuple[str, ...] = ()
    due_date: str | None = None
    properties: Mapping[str, str] = field(default_factory=dict, hash=False)
    multi_instance: bool = False
    collection: str | None = None
    element_variable: str | None = None
    sequential: bool = False
    default: str | None = None
    attached_to: str | None = None
    interrupting: bool = True
    event_definitions: tuple[str, ...] = ()
    called: str | None = None

    @property
    def is_task(self) -> bool:
        """Somebody's work: it waits, and opens a row for those of its lane."""
        return self.tag in PERFORMED or self.is_receipt

    @property
    def is_receipt(self) -> bool:
        """It waits for a message: somebody records that it has arrived."""
        return self.tag == "receiveTask" or (self.tag in RECEIVING and "messageEventDefinition" in self.event_definitions)

    @property
    def sends(self) -> bool:
        """It tells somebody something, and goes on by itself."""
        return self.tag == "sendTask" or (self.tag not in RECEIVING and "messageEventDefinition" in self.event_definitions)

    @property
    def addressees(self) -> tuple[str, ...]:
        """Groups that are told of what it sends (``penerima``); of a step for every OPD, those who accept what comes."""
        return split_list(self.properties.get("penerima"), ",;")

    @property
    def row(self) -> str:
        """Row of the SOP table ("4"), "" outside it."""
        return self._property("baris")

    @property
    def uraian(self) -> str:
        return self._property("uraian")

    @property
    def penjelasan(self) -> str:
        return self._property("penjelasan")

    @property
    def kelengkapan(self) -> tuple[str, ...]:
        return split_list(self.properties.get("kelengkapan"), ";")

    @property
    def keluaran(self) -> str:
        return self._property("keluaran")

    @property
    def keterangan(self) -> str:
        return self._property("keterangan")

    @property
    def asal(self) -> str:
        """Where it comes from: "gambar", "teks", "usulan", or "" where the drawing does not say."""
        return self._property("asal")

    @property
    def recorders(self) -> tuple[str, ...]:
        """Groups that may record here a decision made on paper (``pencatat``)."""
        return split_list(self.properties.get("pencatat"), ",;")

    @property
    def is_leaders(self) -> bool:
        """A leader's step: how long it waits is told, and never judged on the pages of those who wait.

        Drawn as ``pimpinan`` (ya, tidak); without it, a step whose decision others may record from paper.
        """
        drawn = self._property("pimpinan")
        return drawn == "ya" if drawn in ("ya", "tidak") else bool(self.recorders)

    @property
    def norm(self) -> Norm | None:
        """This step's share of its row's time; None where none is given or it cannot be read (then ``norm_problem``)."""
        return read_norm(self.properties.get("waktu", ""), self.properties.get("satuan", ""))[0]

    @property
    def norm_problem(self) -> str:
        """What to correct in ``waktu`` or ``satuan``, in Indonesian; "" if nothing."""
        return read_norm(self.properties.get("waktu", ""), self.properties.get("satuan", ""))[1]

    def _property(self, name: str) -> str:
        return self.properties.get(name, "").strip()


@dataclass(frozen=True, slots=True)
class Drawing:
    """The first process of a drawing with its pool.

    identity: properties of the pool, or of the process where the pool has none. lanes: those without lanes inside, in document order.
    elements, flows: by id, in document order, sub-processes included; of an id used twice the first counts (``duplicates``).
    processes: how many the file has. missing_ids: lines of nodes and flows without an id, which are in no mapping.
    """

    process_id: str
    process_name: str
    executable: bool
    starter_groups: tuple[str, ...]
    identity: Mapping[str, str]
    lanes: tuple[Lane, ...]
    elements: Mapping[str, Element]
    flows: Mapping[str, Flow]
    processes: int
    duplicates: tuple[str, ...]
    missing_ids: tuple[int, ...] = ()
    # Kept so that walking a drawing stays linear.
    _outgoing: dict[str, list[Flow]] = field(init=False, repr=False, compare=False, default_factory=dict)
    _incoming: dict[str, list[Flow]] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        for flow in self.flows.values():
            self._outgoing.setdefault(flow.source, []).append(flow)
            self._incoming.setdefault(flow.target, []).append(flow)

    @property
    def start(self) -> Element | None:
        """The first start event of the process itself."""
        return next((e for e in self.elements.values() if e.tag == "startEvent" and e.parent == self.process_id), None)

    @property
    def notices(self) -> tuple[str, ...]:
        """What a reader must know beside the printed text (property ``pemberitahuan`` of the pool): a regulation that was replaced, say."""
        return split_list(self.identity.get("pemberitahuan"), ";")

    @property
    def lane_groups(self) -> frozenset[str]:
        """Groups that have a lane of their own."""
        return frozenset(group for lane in self.lanes for group in lane.groups)

    def tasks(self) -> tuple[Element, ...]:
        """What people do, in order of the rows of the sheet, then of the document; those without a row last."""
        return tuple(sorted((e for e in self.elements.values() if e.is_task), key=lambda e: row_key(e.row)))

    def lane_of(self, element_id: str) -> Lane | None:
        element = self.elements.get(element_id)
        return next((lane for lane in self.lanes if element and lane.id == element.lane), None)

    def groups_of(self, element_id: str) -> tuple[str, ...]:
        """Who may do it: the element's own candidate groups, else its lane's; () in an external lane, outside lanes, for unknown ids."""
        element, lane = self.elements.get(element_id), self.lane_of(element_id)
        if element and element.candidate_groups:
            return element.candidate_groups
        return lane.groups if lane and not lane.external else ()

    def time_of(self, element_id: str) -> Norm | None:
        """The share of its row's time that a step has from the moment it opens. None: not measured, because it has none, because its
        deadline is drawn, or because every OPD does it for itself, which has a deadline and no norm.
        """
        element = self.elements.get(element_id)
        if element is None or element.due_date or (element.multi_instance and OPD_GROUP in self.groups_of(element_id)):
            return None
        return element.norm if element.norm and (element.norm.days or element.norm.minutes) else None

    def outgoing(self, element_id: str) -> tuple[Flow, ...]:
        return tuple(self._outgoing.get(element_id, ()))

    def incoming(self, element_id: str) -> tuple[Flow, ...]:
        return tuple(self._incoming.get(element_id, ()))

    def flow_between(self, source: str, target: str) -> Flow | None:
        """The first drawn, should there be two (which the checks refuse)."""
        return next((flow for flow in self._outgoing.get(source, ()) if flow.target == target), None)
