"""Sound drawings made by chance: blocks within blocks, each with one way in and one way out, so that every one of them can end.

The same seed gives the same drawing. Conditions read ``v0`` … ``v3``, lists ``daftar``: a walk sets them as it completes tasks.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from app.models import Definition
from tests.support.drawings import drawing

VARIABLES = ("v0", "v1", "v2", "v3")
LIST = "daftar"
AFTER = "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>"
REPEAT = f'<multiInstanceLoopCharacteristics camunda:collection="{LIST}" camunda:elementVariable="opd"{{}}/>'
ROOTS = '<message id="M" name="Jawaban"/><error id="R" name="Gagal" errorCode="gagal"/>'

Ends = tuple[str, str]  # ids of the first and the last node of a block


@dataclass
class _Scope:
    nodes: list[str] = field(default_factory=list)
    arrows: list[str] = field(default_factory=list)


class Maker:
    def __init__(self, random: Random, size: int) -> None:
        self.random = random
        self.left = size  # how many more blocks may hold others
        self.count = 0
        self.scope = _Scope()
        self.kinds: set[str] = set()

    def definition(self) -> Definition:
        first, last = self.block(looped=False, plain=False, repeated=False)
        self.node('<startEvent id="S"/>')
        self.node('<endEvent id="E"/>')
        self.arrow("S", first)
        self.arrow(last, "E")
        made = drawing("".join(self.scope.nodes) + "".join(self.scope.arrows), "")
        bpmn = made.bpmn.replace(b"<process ", ROOTS.encode() + b"<process ")
        return Definition(digest=f"{made.digest}r", file=made.file, bpmn=bpmn)

    def block(self, *, looped: bool, plain: bool, repeated: bool) -> Ends:
        """looped: inside a loop, where no inclusive gateway may stand. plain: inside an inclusive one: no loop, no boundary event."""
        if self.left <= 0:
            return self.task()
        self.left -= 1
        kinds: list[Callable[..., Ends]] = [self.sequence, self.sequence, self.choice, self.parallel, self.events, self.sub]
        if not plain:
            kinds += [self.loop, self.deadline, self.reminder, self.failing]
            if not looped:
                kinds.append(self.inclusive)
        if not repeated:
            kinds += [self.fan_out, self.repeated]
        kind = self.random.choice(kinds)
        self.kinds.add(kind.__name__)
        return kind(looped=looped, plain=plain, repeated=repeated)

    def task(self) -> Ends:
        id = self.new("T")
        self.node(f'<userTask id="{id}" name="{id}"/>')
        return id, id

    def sequence(self, **where: bool) -> Ends:
        first, middle = self.block(**where)
        second, last = self.block(**where)
        self.arrow(middle, second)
        return first, last

    def choice(self, **where: bool) -> Ends:
        split, join = self.gateway("exclusive"), self.gateway("exclusive")
        first = self.branches(split, join, 2, **where)
        self.decide(split, first)
        return self.after_a_task(split), join

    def parallel(self, **where: bool) -> Ends:
        split, join = self.gateway("parallel"), self.gateway("parallel")
        self.branches(split, join, self.random.choice((2, 3)), **where)
        return split, join

    def inclusive(self, **where: bool) -> Ends:
        split, join = self.gateway("inclusive"), self.gateway("inclusive")
        ways = self.branches(split, join, self.random.choice((2, 3)), **{**where, "plain": True})
        self.decide(split, ways)
        return self.after_a_task(split), join

    def events(self, **where: bool) -> Ends:
        split, join = self.gateway("eventBased"), self.gateway("exclusive")
        for number in range(2):
            id = self.new("W")
            inside = AFTER if number else '<messageEventDefinition messageRef="M"/>'
            self.node(f'<intermediateCatchEvent id="{id}" name="{id}">{inside}</intermediateCatchEvent>')
            first, last = self.block(**where)
            self.arrow(split, id)
            self.arrow(id, first)
            self.arrow(last, join)
        return split, join

    def loop(self, **where: bool) -> Ends:
        """A gateway at its end leads back to its beginning."""
        entry, again = self.gateway("exclusive"), self.gateway("exclusive")
        first, last = self.block(**{**where, "looped": True})
        asked, _ = self.task()
        self.arrow(entry, first)
        self.arrow(last, asked)
        self.arrow(asked, again)
        back = self.arrow(again, entry)
        leave = self.gateway("exclusive")
        onward = self.arrow(again, leave)
        self.decide(again, [back, onward])
        return entry, leave

    def deadline(self, **where: bool) -> Ends:
        """A timer that interrupts a task, or a whole sub-process."""
        host, _ = self.random.choice((self.task, lambda: self.sub(**where)))()
        return self.beside(host, AFTER, "", **where)

    def reminder(self, **_where: bool) -> Ends:
        """A timer beside a task: its way has an end of its own."""
        host, _ = self.task()
        event, (told, _) = self.boundary(host, AFTER, ' cancelActivity="false"'), self.task()
        end = self.new("E")
        self.node(f'<endEvent id="{end}"/>')
        self.arrow(event, told)
        self.arrow(told, end)
        return host, host

    def failing(self, **where: bool) -> Ends:
        """A sub-process that may end with an error, caught on its border."""
        outer, self.scope = self.scope, _Scope()
        first, last = self.block(**where)
        split, failed, well = self.gateway("exclusive"), self.new("E"), self.new("E")
        asked, _ = self.task()
        self.arrow(last, asked)
        self.arrow(asked, split)
        self.node(f'<endEvent id="{failed}"><errorEventDefinition errorRef="R"/></endEvent>')
        self.node(f'<endEvent id="{well}"/>')
        self.decide(split, [self.arrow(split, failed), self.arrow(split, well)])
        host = self.close_scope(outer, first)
        return self.beside(host, '<errorEventDefinition errorRef="R"/>', "", **where)

    def beside(self, host: str, inside: str, more: str, **where: bool) -> Ends:
        event = self.boundary(host, inside, more)
        join = self.gateway("exclusive")
        first, last = self.block(**where)
        self.arrow(event, first)
        self.arrow(last, join)
        self.arrow(host, join)
        return host, join

    def sub(self, more: str = "", **where: bool) -> Ends:
        outer, self.scope = self.scope, _Scope()
        first, last = self.block(**where)
        end = self.new("E")
        self.node(f'<endEvent id="{end}"/>')
        self.arrow(last, end)
        id = self.close_scope(outer, first, more)
        return id, id

    def repeated(self, **where: bool) -> Ends:
        return self.sub(REPEAT.format(self.random.choice(("", ' isSequential="true"'))), **{**where, "repeated": True})

    def fan_out(self, **_where: bool) -> Ends:
        id = self.new("F")
        self.node(f'<userTask id="{id}" name="{id}">{REPEAT.format("")}</userTask>')
        return id, id

    # what blocks are made of

    def branches(self, split: str, join: str, many: int, **where: bool) -> list[str]:
        ways = []
        for _ in range(many):
            first, last = self.block(**where)
            ways.append(self.arrow(split, first))
            self.arrow(last, join)
        return ways

    def after_a_task(self, split: str) -> str:
        """So that what it decides by may change with every round."""
        asked, _ = self.task()
        self.arrow(asked, split)
        return asked

    def decide(self, gateway: str, ways: list[str]) -> None:
        """The last way is the default; each other one asks for something of its own."""
        self.scope.nodes = [node.replace(f'id="{gateway}"', f'id="{gateway}" default="{ways[-1]}"') for node in self.scope.nodes]
        for way in ways[:-1]:
            condition = f"<conditionExpression>${{{self.random.choice(VARIABLES)} == 1}}</conditionExpression>"
            self.scope.arrows = [
                arrow.replace("/>", f">{condition}</sequenceFlow>") if f'id="{way}"' in arrow else arrow for arrow in self.scope.arrows
            ]

    def boundary(self, host: str, inside: str, more: str) -> str:
        id = self.new("B")
        self.node(f'<boundaryEvent id="{id}" attachedToRef="{host}"{more}>{inside}</boundaryEvent>')
        return id

    def gateway(self, kind: str) -> str:
        id = self.new("G")
        self.node(f'<{kind}Gateway id="{id}"/>')
        return id

    def close_scope(self, outer: _Scope, first: str, more: str = "") -> str:
        id, start = self.new("P"), self.new("S")
        self.node(f'<startEvent id="{start}"/>')
        self.arrow(start, first)
        inside, self.scope = "".join(self.scope.nodes + self.scope.arrows), outer
        self.node(f'<subProcess id="{id}" name="{id}">{more}{inside}</subProcess>')
        return id

    def node(self, text: str) -> None:
        self.scope.nodes.append(text)

    def arrow(self, source: str, target: str) -> str:
        id = self.new("a")
        self.scope.arrows.append(f'<sequenceFlow id="{id}" sourceRef="{source}" targetRef="{target}"/>')
        return id

    def new(self, letter: str) -> str:
        self.count += 1
        return f"{letter}{self.count}"
