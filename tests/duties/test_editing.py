"""Whatever is typed about a duty: a sentence for each text that cannot be, and a trail of what was done."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from app import duties
from app.config import ROOT
from app.duties import events_of
from app.duties.typed import read_details
from app.errors import Conflict, Forbidden, InvalidAnswers, NotFound
from app.models import Duty
from tests.support.agenda import AFTER_EVENT, TYPED, add
from tests.support.office import Office

SURVEY = "sop_07_skm"
SECOND = {"hari_2": "31", "bulan_2": "1", "tahun_2": "1"}


def change(office: Office, duty_id: int, by: str = "admin", edition: int | None = None, is_active: bool = True, **texts: str) -> Duty:
    with office.database.transaction() as session:
        found = duties.edition_of(session, duty_id) if edition is None else edition
        return duties.change_duty(session, office.actor(by), duty_id, {**TYPED, **texts}, is_active, found)


def trail(office: Office, duty_id: int) -> list[tuple[str, str, str | None]]:
    with office.database.reading() as session:
        return [(event.deed, event.detail, name) for event, name in events_of(session, duty_id)]


@pytest.mark.parametrize(
    ("texts", "field", "sentence"),
    [
        ({"nama": ""}, "nama", "Nama kewajiban belum diisi."),
        ({"nama": "a" * 201}, "nama", "paling banyak 200 huruf"),
        ({"nama": "a\x00b"}, "nama", "tidak dapat disimpan"),
        ({"dasar": ""}, "dasar", "Dasar belum diisi."),
        ({"setiap": "0"}, "setiap", "isi angka 1 sampai 20"),
        ({"setiap": "٣"}, "setiap", "isi angka 1 sampai 20"),
        ({"dari_tahun": "1999"}, "dari_tahun", "isi angka 2000 sampai 2100"),
        ({"hari_sebelum": "-1"}, "hari_sebelum", "isi angka 0 sampai 730"),
        ({"sejak": "kemarin"}, "sejak", "“kemarin” bukan tanggal"),
        ({"sejak": "0001-01-01"}, "sejak", "tahun 2000 sampai 2100"),
        ({"kelompok": ""}, "kelompok", "Penanggung jawab belum dipilih."),
        ({"hari_1": "", "bulan_1": ""}, "batas_1", "sedikitnya satu batas waktu"),
        ({"hari_1": "31", "bulan_1": "4"}, "batas_1", "tanggal 1 sampai 30 untuk bulan April"),
        ({"hari_1": "30", "bulan_1": "2"}, "batas_1", "tanggal 1 sampai 29 untuk bulan Februari"),
        ({"hari_1": "31", "bulan_1": "13"}, "batas_1", "Bulan belum dipilih."),
        ({"tahun_1": "7"}, "batas_1", "Pilih tahun batas waktu."),
        ({"periode_1": "Caturwulan"}, "batas_1", "tidak ada pada formulir pembuka"),
        (SECOND, "batas_2", "tanpa periode cukup satu"),
        ({**SECOND, "periode_1": "Semester I", "periode_2": "Semester I"}, "batas_2", "tertulis dua kali"),
    ],
)
def test_a_text_that_cannot_be(texts: dict[str, str], field: str, sentence: str) -> None:
    with pytest.raises(InvalidAnswers) as refused:
        read_details("dates", {**TYPED, **texts}, ["Semester I", "Semester II"])
    assert refused.value.problems.keys() == {field} and sentence in refused.value.problems[field]


def test_an_event_needs_a_name_and_a_length() -> None:
    with pytest.raises(InvalidAnswers) as refused:
        read_details("event", {**TYPED, **AFTER_EVENT, "peristiwa": "", "bulan_sesudah": "999"}, [])
    assert refused.value.problems.keys() == {"peristiwa", "bulan_sesudah"}


@pytest.mark.parametrize(("texts"), [{"kelompok": "tiada"}, {"kelompok": "a\x00"}, {"periode_1": "Caturwulan"}])
def test_a_group_or_a_period_that_nobody_knows(small_office: Office, texts: dict[str, str]) -> None:
    with pytest.raises(InvalidAnswers):
        add(small_office, SURVEY, **texts)


@pytest.mark.parametrize(("key", "rule"), [("tiada", "dates"), ("sop_02_lakip", "kapan-kapan")])
def test_an_sop_or_a_rule_that_is_none(small_office: Office, key: str, rule: str) -> None:
    with pytest.raises(NotFound):
        add(small_office, key, rule)


@pytest.mark.parametrize("by", ["tu", "kabag", "auditor", "analis"])
def test_only_admins_edit(small_office: Office, by: str) -> None:
    duty = add(small_office)
    with pytest.raises(Forbidden):
        change(small_office, duty, by)


def test_one_sop_has_one_duty_of_a_name(office: Office) -> None:
    add(office)
    other = add(office, nama="Laporan lain")
    add(office, SURVEY)  # of another SOP
    for again in (lambda: add(office), lambda: change(office, other)):
        with pytest.raises(InvalidAnswers, match="sudah ada pada SOP ini"):
            again()


def test_every_deed_is_told_once(office: Office) -> None:
    duty = add(office)
    change(office, duty, hari_1="28", bulan_1="2")
    change(office, duty, hari_1="28", bulan_1="2")
    change(office, duty, is_active=False, hari_1="28", bulan_1="2")
    assert trail(office, duty)[:2] == [
        ("disabled", "", "Yusuf Ramadhan"),
        ("changed", "batas waktu: 31 Maret tahun sesudahnya → 28 Februari tahun sesudahnya", "Yusuf Ramadhan"),
    ]
    assert len(trail(office, duty)) == 3


def test_terms_come_and_go(office: Office) -> None:
    duty = add(office, SURVEY, periode_1="Semester I", **SECOND, periode_2="Semester II")
    change(office, duty, periode_1="Semester II", hari_1="15")
    with office.database.reading() as session:
        found = session.scalars(select(Duty)).one()
        assert [(term.period, term.day) for term in found.terms] == [("Semester II", 15)]


def test_a_form_opened_before_somebody_else_s_change_is_refused(small_office: Office) -> None:
    duty = add(small_office)
    change(small_office, duty, dasar="Perpres lain")
    with pytest.raises(Conflict, match="diubah orang lain"):
        change(small_office, duty, edition=1, nama="Nama lain")
    assert change(small_office, duty, edition=1, dasar="Perpres lain").basis == "Perpres lain"  # nothing to change


def wrong_file(**entry: Any) -> str:
    text = (ROOT / "bpmn" / "kewajiban.toml").read_text("utf-8")
    for before, after in entry.values():
        assert before in text
        text = text.replace(before, after)
    return text


def test_a_wrong_shipped_file_says_where(small_office: Office, tmp_path: Any) -> None:
    file = tmp_path / "kewajiban.toml"
    file.write_text(wrong_file(bad=('periode = "Semester I"\n', 'periode = "Caturwulan"\n')), "utf-8")
    said = r"kewajiban\.toml, survei_kepuasan_masyarakat: Periode “Caturwulan”"
    with pytest.raises(InvalidAnswers, match=said), small_office.database.transaction() as session:
        duties.seed_duties(session, file)


def test_a_duty_waits_for_its_sop(small_office: Office, tmp_path: Any) -> None:
    file = tmp_path / "kewajiban.toml"
    file.write_text(wrong_file(later=('sop = "sop_04_rkt"', 'sop = "sop_08"')), "utf-8")
    with small_office.database.transaction() as session:
        assert duties.seed_duties(session, file) == [
            "Kewajiban “Rencana kinerja tahunan kabupaten” menunggu SOP sop_08 dan kelompok kabag_organisasi."
        ]
