"""The commands as typed in a terminal."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from app import create_app, duties
from app.config import ROOT, Settings
from tests.checking.test_soundness import DEADLOCK
from tests.support.office import CHEAP_HASHING, OPENING, Office

LAKIP = str(ROOT / "bpmn" / "sop_02_lakip.bpmn")


@pytest.fixture
def app(small_office: Office) -> Flask:
    return create_app(small_office.database.settings)


@pytest.fixture
def run(app: Flask) -> FlaskCliRunner:
    return app.test_cli_runner()


def test_check_finds_nothing_in_the_shipped_drawings(run: FlaskCliRunner) -> None:
    result = run.invoke(args=["sop", "check", LAKIP, str(ROOT / "bpmn" / "strict" / "sop_02_lakip.bpmn")])
    assert result.exit_code == 0 and "2 diagram, 0 catatan." in result.output


def test_check_json_lists_findings_and_exits_with_1(run: FlaskCliRunner, tmp_path: Path) -> None:
    broken = tmp_path / "rusak.bpmn"
    broken.write_bytes(Path(LAKIP).read_bytes().replace(b"keputusan_kabag ==", b"keputusan_kabak =="))
    result = run.invoke(args=["sop", "check", str(broken), "--json"])
    (finding,) = json.loads(result.output)
    assert result.exit_code == 1
    assert set(finding) == {"file", "line", "element", "name", "rule", "severity", "message"}
    assert (finding["file"], finding["rule"], finding["element"]) == ("rusak.bpmn", "variabel", "Flow_Gw_4_ya")
    assert finding["line"] > 1


def test_check_looks_at_the_flow_as_a_whole(run: FlaskCliRunner, tmp_path: Path) -> None:
    """A choice that a parallel gateway waits for: every rule is kept, and the case would stand still."""
    for name, content in DEADLOCK.forms.items():
        (tmp_path / f"{name}.form").write_bytes(content)
    drawing = tmp_path / "macet.bpmn"
    drawing.write_bytes(DEADLOCK.bpmn)
    result = run.invoke(args=["sop", "check", str(drawing), "--forms", str(tmp_path)])
    assert result.exit_code == 1
    assert "[error] macet: A_P: Pelaksanaan dapat macet" in result.output or "[error] macet: B_P: Pelaksanaan dapat macet" in result.output
    assert "[error] lint-no-bpmndi: S: “Mulai” tidak tampak pada gambar" in result.output


def test_deploy_without_files_takes_the_shipped_ones(run: FlaskCliRunner, small_office: Office) -> None:
    """And, once, the duties that lie beside them."""
    for _ in range(2):
        assert "sop_02_lakip versi 1" in run.invoke(args=["sop", "deploy"]).output
    with small_office.database.reading() as session:
        assert len(duties.all_duties(session)) == 7


def test_a_broken_drawing_is_not_deployed(run: FlaskCliRunner, tmp_path: Path) -> None:
    broken = tmp_path / "rusak.bpmn"
    broken.write_text("<kosong/>")
    result = run.invoke(args=["sop", "deploy", str(broken)])
    assert result.exit_code == 1 and "tidak diterbitkan" in result.output and "Traceback" not in result.output


def test_list_shows_the_norm_total(run: FlaskCliRunner) -> None:
    assert "11 hari kerja dan 365 menit kerja" in run.invoke(args=["sop", "list"]).output


def test_start_show_and_verify(run: FlaskCliRunner, tmp_path: Path) -> None:
    answers = tmp_path / "isian.json"
    answers.write_text(json.dumps({**OPENING, "surat_menyusul": "true", "alasan_menyusul": "Surat asli masih di Setda."}))
    started = run.invoke(args=["sop", "start", "sop_02_lakip", "--answers", str(answers), "--as", "tu"])
    assert started.exit_code == 0, started.output
    case = started.output.split()[0]
    assert re.search(r"Task_2\s+open", run.invoke(args=["sop", "show", case]).output)
    verified = run.invoke(args=["sop", "verify"])
    assert verified.exit_code == 0 and "1 pelaksanaan diperiksa, 0 tidak utuh." in verified.output


def test_start_with_a_missing_answer_says_which(run: FlaskCliRunner, tmp_path: Path) -> None:
    answers = tmp_path / "isian.json"
    answers.write_text(json.dumps({"hal": "x"}))
    result = run.invoke(args=["sop", "start", "sop_02_lakip", "--answers", str(answers), "--as", "tu"])
    assert result.exit_code == 1 and "Nomor surat" in result.output and "Traceback" not in result.output


def test_verify_names_the_broken_event_and_exits_with_1(run: FlaskCliRunner, small_office: Office) -> None:
    from app.models import Event

    case = small_office.start()
    with small_office.database.transaction() as session:
        session.get_one(Event, (case, 2)).data = "{}"
    result = run.invoke(args=["sop", "verify", str(case)])
    assert result.exit_code == 1 and "peristiwa pertama yang tidak cocok: ke-2, " in result.output
    assert "Peristiwa ke-2 (Langkah selesai, " in result.output and "TIDAK UTUH" in result.output


def test_a_user_is_added_and_a_weak_password_refused(run: FlaskCliRunner) -> None:
    good = run.invoke(args=["user", "add", "budi", "--name", "Budi", "--group", "tu_bagian", "--password", "kuda-laut-biru-77"])
    weak = run.invoke(args=["user", "add", "wati", "--name", "Wati", "--password", "rahasia12345"])
    assert good.exit_code == 0 and weak.exit_code == 1 and "terlalu mudah" in weak.output


def test_a_group_is_added_for_the_lanes_of_a_new_sop(run: FlaskCliRunner) -> None:
    added = run.invoke(args=["group", "add", "kasubbag_kelembagaan", "--name", "Kasubbag Kelembagaan", "--kind", "jabatan"])
    assert added.exit_code == 0
    refused = {
        ("kasubbag_kelembagaan", "jabatan"): "sudah ada",
        ("Kasubbag Kelembagaan", "jabatan"): "huruf kecil",
        ("opd_lain", "opd"): "hanya satu",
    }
    for (key, kind), words in refused.items():
        result = run.invoke(args=["group", "add", key, "--name", "Lain", "--kind", kind])
        assert result.exit_code == 1 and words in result.output
    listed = run.invoke(args=["group", "list"]).output
    assert re.search(r"^kasubbag_kelembagaan +Kasubbag Kelembagaan \(satu pejabat\): 0 orang$", listed, re.MULTILINE)
    assert re.search(r"^tu_bagian .* \(beberapa rekan\): [1-9]", listed, re.MULTILINE)


def test_a_code_is_printed_and_people_are_listed(run: FlaskCliRunner, small_office: Office) -> None:
    from app import accounts

    made = run.invoke(args=["user", "code", "KABAG"])
    assert made.exit_code == 0 and re.fullmatch(r"[2-9A-Z]{4}-[2-9A-Z]{4}\n", made.output)
    with small_office.database.transaction() as session:
        assert accounts.sign_in_with_code(session, "kabag", made.output, "127.0.0.1")
    unknown = run.invoke(args=["user", "code", "tidak.ada"])
    assert unknown.exit_code == 1 and "tidak ada" in unknown.output
    listed = run.invoke(args=["user", "list"]).output
    assert re.search(r"^kabag +Dra. Nurhayati, M.Si.: Kabag Organisasi$", listed, re.MULTILINE)
    assert (
        re.search(r"^auditor .*: Auditor$", listed, re.MULTILINE)
        and "Petugas Dinas Kesehatan: Perangkat Daerah (OPD), Dinas Kesehatan" in listed
    )


def test_seed_is_done_once(run: FlaskCliRunner) -> None:
    assert "sudah ada" in run.invoke(args=["demo", "seed"]).output


def test_an_empty_database_is_brought_up_and_seeded(tmp_path: Path) -> None:
    run = create_app(Settings(instance_dir=tmp_path, **CHEAP_HASHING)).test_cli_runner()
    assert run.invoke(args=["db", "upgrade"]).exit_code == 0
    seeded = run.invoke(args=["demo", "seed"]).output
    assert "39 OPD" in seeded and re.search(r"Kata sandi semua pengguna peragaan: (\w{4}-){3}\w{4}", seeded)


def test_production_refuses_to_start_with_default_secrets() -> None:
    with pytest.raises(ValueError, match="ALUR_SECRET_KEY"):
        Settings(profile="production")
