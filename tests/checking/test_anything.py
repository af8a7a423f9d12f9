"""Mutated drawings: the checks never raise, and say something or accept. Numbers are seeds: a failure names the file that made it."""

from __future__ import annotations

import json
import random
import re
import time
from collections.abc import Callable
from functools import cache

import pytest

from app import definitions
from app.checking.verdict import stages
from app.config import ROOT
from app.definitions import Bundle
from app.errors import Finding
from tests.checking.test_apart import ANSWERS_WITHIN
from tests.checking.test_good_drawings import GOOD, good
from tests.definitions.test_rules import BAD
from tests.support.bundles import bundle
from tests.support.figures import Figure

SHIPPED = definitions.read_bundle(ROOT / "bpmn" / "sop_02_lakip.bpmn", ROOT / "forms")
SEEDS = [SHIPPED, bundle(), *(good(path) for path in GOOD), BAD["a list that may be empty"][1]]
ID = re.compile(rb'(?<= id=")[^"]+|(?<=Ref=")[^"]+')
ELEMENT = re.compile(rb"<(?:\w+:)?(?:userTask|exclusiveGateway|sequenceFlow|startEvent|endEvent|lane|boundaryEvent)\b[^>]*/>|"
                     rb"<((?:\w+:)?(?:userTask|exclusiveGateway|sequenceFlow|startEvent|endEvent|boundaryEvent|timerEventDefinition))\b[^>]*>"
                     rb".*?</\1>", re.DOTALL)  # fmt: skip
TAGS = [b"userTask", b"exclusiveGateway", b"parallelGateway", b"subProcess", b"callActivity", b"endEvent", b"startEvent", b"boundaryEvent",
        b"intermediateCatchEvent", b"scriptTask", b"lane", b"process"]  # fmt: skip
Chance = random.Random


def flip(content: bytes, chance: Chance) -> bytes:
    held = bytearray(content)
    for _ in range(chance.randint(1, 20)):
        held[chance.randrange(len(held))] = chance.randrange(256)
    return bytes(held)


def cut(content: bytes, chance: Chance) -> bytes:
    first, last = sorted(chance.randrange(len(content)) for _ in range(2))
    return content[:first] + content[last:] if chance.random() < 0.5 else content[:last]


def swap_ids(content: bytes, chance: Chance) -> bytes:
    ids = [found[0] for found in ID.finditer(content)]
    spots = set(chance.sample(range(len(ids)), k=min(len(ids), chance.randint(1, 6))))
    count = iter(range(len(ids)))
    return ID.sub(lambda found: chance.choice(ids) if next(count) in spots else found[0], content)


def double(content: bytes, chance: Chance) -> bytes:
    found = chance.choice(list(ELEMENT.finditer(content)))
    return content[: found.end()] + found[0] * chance.choice([1, 2, 40]) + content[found.end() :]


def drop(content: bytes, chance: Chance) -> bytes:
    found = chance.choice(list(ELEMENT.finditer(content)))
    return content[: found.start()] + content[found.end() :]


def rename(content: bytes, chance: Chance) -> bytes:
    old, new = chance.sample(TAGS, 2)
    return re.sub(rb"(</?(?:\w+:)?)" + old + rb"\b", rb"\1" + new, content, count=chance.choice([0, 2]))


def swell(content: bytes, chance: Chance) -> bytes:
    values = list(re.finditer(rb'(?<==")[^"]*(?=")', content))
    found = chance.choice(values)
    filling = chance.choice([b"a", b"${", b"\xc3\xa9", b"&#10;", b"9", b"(", b"not ", b"'"]) * chance.choice([10, 500, 100_000])
    return content[: found.start()] + filling + content[found.end() :]


def nest(content: bytes, chance: Chance) -> bytes:
    tag = chance.choice([b"subProcess", b"extensionElements", b"documentation"])
    depth = chance.choice([3, 60, 400])
    opening = b"".join(b'<%s id="n%d">' % (tag, level) if tag == b"subProcess" else b"<%s>" % tag for level in range(depth))
    at = content.find(b"</", len(content) // 3)
    return content[:at] + opening + (b"</%s>" % tag) * depth + content[at:]


def declare(content: bytes, chance: Chance) -> bytes:
    entity = chance.choice([b'<!ENTITY x "y">', b'<!ENTITY x SYSTEM "file:///etc/passwd">', b'<!ENTITY % x "y"> %x;'])
    return content.replace(b"<", b"<!DOCTYPE d [" + entity + b"]><", 1).replace(b'name="', b'name="&x;', 3)


def disguise(content: bytes, chance: Chance) -> bytes:
    text = content.decode("utf-8", "replace")
    return chance.choice(
        [text.encode("utf-16"), text.encode("utf-32"), b"PK\x03\x04" + content[:500], b"\xef\xbb\xbf" + content, b"", b"\0"]
    )


MUTATIONS: tuple[Callable[[bytes, Chance], bytes], ...] = (
    flip, cut, swap_ids, swap_ids, double, drop, drop, rename, rename, swell, nest, declare, disguise,
)  # fmt: skip


def mutated(seed: int) -> Bundle:
    chance = Chance(seed)
    made = chance.choice(SEEDS)
    content = made.bpmn
    for _ in range(chance.choice([1, 1, 2])):
        content = chance.choice(MUTATIONS)(content or b"<a/>" * 9, chance) if ELEMENT.search(content) else content
    forms = dict(made.forms)
    if forms and chance.random() < 0.15:
        name = chance.choice(sorted(forms))
        forms[name] = chance.choice([flip, cut])(forms[name], chance)
    return Bundle("acak.bpmn", content, forms)


@cache
def answer_of(seed: int) -> tuple[Finding, ...]:
    found = tuple(finding for _stage, findings in stages(mutated(seed), {"tu_bagian"}) for finding in findings)
    json.dumps([finding.as_dict() for finding in found])
    assert all(finding.message and finding.rule for finding in found)
    return found


@pytest.mark.parametrize("first", range(0, 300, 50))
def test_fifty_mutated_drawings_are_answered(first: int, figure: Figure) -> None:
    refused = sum(any(one.severity == "error" for one in answer_of(seed)) for seed in range(first, first + 50))
    figure("Janji 16", f"50 mutated drawings from seed {first}: {refused} refused, {50 - refused} taken, 0 without an answer")


def test_mutations_are_both_refused_and_accepted() -> None:
    """Else the tests above would only try the door."""
    verdicts = [{finding.rule for finding in answer_of(seed) if finding.severity == "error"} for seed in range(60)]
    assert sum(not verdict for verdict in verdicts) > 3
    assert len({rule for verdict in verdicts for rule in verdict}) > 8


@pytest.mark.parametrize("seed", range(1000, 1010))
def test_a_mutated_drawing_is_answered_by_the_child(seed: int) -> None:
    began = time.monotonic()
    found = definitions.check_apart(mutated(seed))
    assert time.monotonic() - began < ANSWERS_WITHIN
    assert "pemeriksaan" not in {finding.rule for finding in found}, found


@pytest.mark.long
def test_ten_thousand_mutated_drawings_are_answered(figure: Figure) -> None:
    refused = sum(any(one.severity == "error" for one in answer_of.__wrapped__(seed)) for seed in range(2000, 12_000))
    figure("Janji 16", f"10000 mutated drawings: {refused} refused, {10_000 - refused} taken, 0 without an answer")
