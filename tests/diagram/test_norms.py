"""Mutu baku in numbers and in words."""

from pathlib import Path

import pytest

from app.diagram import Element, Norm, NormTotal, format_norm, norm_total, read, row_norms

RAGAM = Path(__file__).with_name("ragam.bpmn").read_bytes()


def task(waktu: str, satuan: str) -> Element:
    properties = {"waktu": waktu, "satuan": satuan}
    return Element(id="t", tag="userTask", name="", line=1, lane=None, parent="p", properties=properties)


@pytest.mark.parametrize(
    ("waktu", "satuan", "norm"),
    [
        ("PT60M", "menit-kerja", Norm(minutes=60)),
        ("PT1H30M", "menit-kerja", Norm(minutes=90)),
        ("P10D", "hari-kerja", Norm(days=10)),
        (" P1D ", " hari-kerja ", Norm(days=1)),
        ("PT0M", "menit-kerja", Norm(minutes=0)),
    ],
)
def test_good_norms(waktu, satuan, norm):
    assert (task(waktu, satuan).norm, task(waktu, satuan).norm_problem) == (norm, "")


def test_no_norm_is_no_problem():
    assert (task("", "").norm, task("", "").norm_problem) == (None, "")


NO_MINUTES = ["60", "60 menit", "PT", "P", "-PT5M", "PT30S", "P1D", "P1M", "P99999999999Y", "PT" + "9" * 4000 + "M", "P1DT5M"]


@pytest.mark.parametrize("waktu", NO_MINUTES)
def test_bad_minutes(waktu):
    assert task(waktu, "menit-kerja").norm is None and "menit kerja utuh" in task(waktu, "menit-kerja").norm_problem


@pytest.mark.parametrize("waktu", ["PT24H", "P2W", "P1.5D", "P1Y", "-P1D", "10 hari", "P9999999999D", "P1DT0H"])
def test_bad_days(waktu):
    assert task(waktu, "hari-kerja").norm is None and "hari kerja utuh" in task(waktu, "hari-kerja").norm_problem


@pytest.mark.parametrize("satuan", ["", "hari", "jam-kerja"])
def test_unknown_unit(satuan):
    assert task("P1D", satuan).norm is None and "satuan" in task("P1D", satuan).norm_problem


def test_total_keeps_days_and_minutes_apart():
    assert norm_total(read(RAGAM)) == NormTotal(days=10, minutes=150)


def test_shares_of_a_row_add_up():
    assert row_norms(read(RAGAM)) == {"2": Norm(minutes=150), "10": Norm(days=10)}


@pytest.mark.parametrize(
    ("norm", "words"),
    [
        (Norm(minutes=60), "60 menit kerja"),
        (Norm(days=10), "10 hari kerja"),
        (NormTotal(days=11, minutes=365), "11 hari kerja dan 365 menit kerja"),
        (Norm(minutes=1440), "1.440 menit kerja"),
        (Norm(), "-"),
        (NormTotal(days=0, minutes=0), "-"),
        (None, "-"),
    ],
)
def test_norms_in_words(norm, words):
    assert format_norm(norm) == words
