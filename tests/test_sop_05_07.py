"""SOP 05 (PK) and SOP 07 (SKM) as read from their ratified pages, as test_drawings has SOP 02: the drawings are checked against these."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.test_drawings import (
    BESIDE,
    FLOWS,
    FORMS,
    GATEWAYS,
    IDENTITY,
    LANES,
    NS,
    RECORDERS,
    ROOT,
    STRICT_FLOWS,
    amount,
    camunda,
    flows,
    lane_names,
    load,
    properties,
    steps,
)

AGENDA = "bukti penerimaan, pengagendaan dan pemilahan sesuai dengan jenis dan sifat surat"
DISPOSITION = "Dari TU Bagian Organisasi Surat Edaran naik oleh Kepala Bagian Organisasi disposisi ke Kasubbag untuk ditindaklanjuti"
LETTER = "Konsep surat dinaikkan ke Asisten, disetujui dan diparaf, kemudian naik ke Sekda, ditandatangani atas nama Bupati"
SENT = "Surat dikirim ke seluruh OPD lingkup Pemerintah Kabupaten Bintan dan ditindaklanjuti dengan menyusun"


@dataclass(frozen=True)
class Sop:
    """rows: {row: (norm in the SOP's unit, kelengkapan, keluaran, uraian)}; the rest as in test_drawings. textual: tasks without a mark."""

    key: str
    identity: dict[str, str]
    how_many: dict[str, int]
    rows: dict[str, tuple[str, str, str, str]]
    forms: dict[str, str]
    delegated: dict[str, str]
    diamond_of_asisten: str
    strict_flows: set[str]
    textual: set[str] = field(default_factory=set)

    @property
    def paths(self) -> tuple[Path, Path]:
        """The running drawing and its strict twin."""
        return ROOT / "bpmn" / f"{self.key}.bpmn", ROOT / "bpmn" / "strict" / f"{self.key}.bpmn"


PK = Sop(
    key="sop_05_pk",
    identity={"kode": "05", "singkatan": "PK", "nomor": "05. 061/org/61", "judul": "Penyusunan Perjanjian Kinerja (PK) Kabupaten Bintan"},
    how_many={"dasar_hukum": 4, "kualifikasi": 1, "keterkaitan": 2, "peralatan": 4, "peringatan": 1, "pencatatan": 2},
    rows={
        "1": (
            "0 menit-kerja",
            "SE Menpan",
            "Surat diterima",
            "Surat Edaran MENPAN dan RB RI Penyusunan PK dan Sekda disposisi Kepala Bagian Organisasi",
        ),
        "2": (
            "5 menit-kerja",
            "Surat diregistrasi",
            "Surat diserahkan",
            f"Surat Edaran diproses melalui Tata Usaha Bagian Organisasi dan {AGENDA}",
        ),
        "3": ("15 menit-kerja", "Surat didisposisi", "Surat diarahkan", DISPOSITION),
        "4": (
            "60 menit-kerja",
            "Konsep Surat",
            "Konsep Surat",
            "Kasubbag menindaklanjuti dengan membuat konsep surat permintaan PK OPD, diproses lalu disetujui Kabag Organisasi kemudian "
            "diparaf",
        ),
        "5": ("120 menit-kerja", "Surat dinaikkan", "Surat ditandatangani", LETTER),
        "6": (
            "10 menit-kerja",
            "Surat diberi nomor",
            "Surat diedarkan",
            "Surat kembali ke TU Bagian Organisasi, diberi nomor dan diregistrasi",
        ),
        "7": (
            "30 menit-kerja",
            "Surat dikirim",
            "Surat terkirim dan diterima OPD",
            f"{SENT} PK masing-masing kemudian dikirim ke Bupati Bintan Bagian Organisasi",
        ),
        "8": (
            "60 menit-kerja",
            "PK OPD diterima",
            "PK OPD yang telah diteliti",
            "PK OPD diterima Tim Penyusun yang dibentuk dengan SK Bupati",
        ),
        "9": (
            "10 hari-kerja",
            "PK OPD yang telah diteliti",
            "Draf PK Kab. Bintan tersusun",
            "Tim melaksanakan penyusunan PK OPD Bupati berdasarkan IKU, RKT",
        ),
        "10": (
            "60 menit-kerja",
            "Draf PK dinaikkan",
            "SK PK OPD disetujui",
            "Draf PK diparaf, disetujui Asisten dan Sekda, kemudian ditandatangani Bupati",
        ),
        "11": (
            "1 hari-kerja",
            "SK PK Kab. Bintan",
            "PK Kab. Bintan terkirim",
            "PK Kabupaten Bintan tersusun dalam bentuk dokumen sebagai Laporan Pertanggungjawaban Bupati melalui MENPAN dan RB RI tembusan "
            "KEMENDAGRI dan GUB Prov BPKP di Jakarta dll",
        ),
        "12": ("5 menit-kerja", "Dokumen PK", "Arsip", "Pendokumentasian Perjanjian Kerja Kabupaten Bintan"),  # "Kerja" is printed
    },
    forms=FORMS | {"Start_1": "sm01_pk", "Task_7b": "opd_pk", "Task_9": "dr09_pk", "Task_11": "kp11_pk"},
    delegated={"Task_8": "tu_bagian,tim_penyusun", "Task_11": "tu_bagian"},
    diamond_of_asisten="teks",
    strict_flows=STRICT_FLOWS,
    textual={"Task_10a", "Task_12", "End_12"},  # no mark survives: Asisten in row 10, every column of row 12
)

SKM = Sop(
    key="sop_07_skm",
    identity={
        "kode": "07",
        "singkatan": "SKM",
        "nomor": "07. 061/org/64",
        "tanggal_pengesahan": "2018-01-08",  # after it took effect, as printed
        "judul": "Laporan Survei Kepuasan Masyarakat (SKM) Kabupaten Bintan",
    },
    how_many={"dasar_hukum": 3, "kualifikasi": 1, "keterkaitan": 2, "peralatan": 3, "peringatan": 1, "pencatatan": 1},
    rows={
        "1": (
            "5 menit-kerja",
            "SE Menteri",
            "Surat diterima",
            "Surat Edaran Kementerian Pendayagunaan Aparatur Negara dan Reformasi Birokrasi untuk penyusunan Laporan SKM ke Bupati dan "
            "Setda disposisi Bagian Organisasi",
        ),
        "2": (
            "5 menit-kerja",
            "Surat diregistrasi",
            "Surat diserahkan",
            f"Surat Edaran diproses melalui Tata Usaha diproses Bagian Organisasi dan {AGENDA}",
        ),
        "3": ("15 menit-kerja", "Surat didisposisi", "Surat diarahkan", DISPOSITION),
        "4": (
            "60 menit-kerja",
            "Konsep Surat",
            "Konsep Surat",
            "Kasubbag menindaklanjuti dengan membuat konsep surat permintaan SKM OPD, diproses lalu disetujui Kabag kemudian diparaf",
        ),
        "5": ("120 menit-kerja", "Surat dinaikkan", "Surat ditandatangani", LETTER),
        "6": ("10 menit-kerja", "Surat diberi nomor", "Surat diedarkan", "Surat kembali ke TU, diberi nomor dan diregistrasi"),
        "7": (
            "30 menit-kerja",
            "Surat dikirim",
            "Surat terkirim dan diterima OPD",
            f"{SENT} SKM kemudian dikirim ke Bupati Bintan Bagian Organisasi",
        ),
        "8": ("60 menit-kerja", "SKM OPD diterima", "SKM OPD yang telah diteliti", "Laporan SKM OPD diterima di Bagian Organisasi"),
        "9": (
            "20 hari-kerja",
            "SKM OPD yang telah diteliti",
            "Laporan SKM Kab. Bintan tersusun",
            "Bagian Organisasi penyusunan SKM OPD",
        ),
        "10": (
            "60 menit-kerja",
            "Laporan SKM dinaikkan",
            "SKM OPD disetujui",
            "Laporan SKM diparaf, disetujui Asisten dan Sekda, kemudian ditandatangani Bupati",
        ),
        "11": (
            "1 hari-kerja",
            "Dokumen SKM Kab. Bintan",
            "SKM Kab. Bintan terkirim",
            "Laporan SKM Kabupaten Bintan tersusun dalam bentuk dokumen sebagai Laporan Pertanggungjawaban dan kemudian dikirim ke "
            "Gubernur Prov. Kepri dan Kemenpan RB",
        ),
        "12": ("5 menit-kerja", "Dokumen SKM Kab. Bintan", "Arsip", "Pendokumentasian SKM Kabupaten Bintan"),
    },
    forms=FORMS | {"Start_1": "sm01_skm", "Task_7b": "opd_skm", "Task_9": "dr09_skm", "Task_11": "kp11_skm"},
    delegated={"Task_11": "tu_bagian"},  # row 8 is received "di Bagian Organisasi", not by the Tim
    diamond_of_asisten="gambar",
    strict_flows=STRICT_FLOWS - {"Task_10a Task_10b"} | {"Task_10a Gw_10a", "Gw_10a ya Task_10b", "Gw_10a tidak Task_9"},
)

IN_LANES = {
    "1": ["Menpan & RB"],
    "2": ["TU Bagian"],
    "3": ["Kabag Organisasi", "Kasubbag Tatalaksana"],
    "4": ["Kasubbag Tatalaksana", "Kabag Organisasi"],
    "5": ["Asisten", "Sekda"],
    "6": ["TU Bagian"],
    "7": ["SKPD (OPD)"],
    "8": ["TU Bagian"],
    "9": ["Tim Penyusun"],
    "10": ["Asisten", "Sekda", "Bupati"],
    "11": ["Bupati"],
    "12": ["TU Bagian"],
}

SOPS = (PK, SKM)
each = pytest.mark.parametrize("sop", SOPS, ids=lambda sop: sop.key)
each_twin = pytest.mark.parametrize(
    ("sop", "path"), [(sop, path) for sop in SOPS for path in sop.paths], ids=lambda p: f"{p.parent.name}" if isinstance(p, Path) else p.key
)


@each_twin
def test_the_lanes_of_the_page_stand_in_their_order(sop: Sop, path: Path) -> None:
    assert [(lane.get("name"), properties(lane)) for lane in load(path).findall(".//bpmn:lane", NS)] == LANES


@each_twin
@pytest.mark.parametrize("row", IN_LANES)
def test_a_row_says_what_is_printed(sop: Sop, path: Path, row: str) -> None:
    root = load(path)
    norm, kelengkapan, keluaran, uraian = sop.rows[row]
    of_row = [element for element in steps(root).values() if properties(element).get("baris") == row and "waktu" in properties(element)]
    rows = [properties(element) for element in of_row]
    assert [lane_names(root)[element.get("id")] for element in of_row] == IN_LANES[row]
    assert f"{sum(amount(r['waktu']) for r in rows)} {rows[0]['satuan']}" == norm
    assert {(r["kelengkapan"], r["keluaran"], r["uraian"]) for r in rows} == {(kelengkapan, keluaran, uraian)}


@each
def test_the_flows(sop: Sop) -> None:
    running, strict = (
        {" ".join(filter(None, (f.get("sourceRef"), f.get("name"), f.get("targetRef")))) for f in flows(load(path))} for path in sop.paths
    )
    assert (running, strict) == (FLOWS, sop.strict_flows)


@each_twin
def test_the_questions(sop: Sop, path: Path) -> None:
    root = load(path)
    for gateway in root.iterfind(".//bpmn:exclusiveGateway", NS):
        name, variable, asal = GATEWAYS[gateway.get("id")]
        asal = sop.diamond_of_asisten if gateway.get("id") == "Gw_10a" else asal
        ya = next(flow for flow in flows(root) if flow.get("sourceRef") == gateway.get("id") and flow.get("name") == "ya")
        assert (gateway.get("name"), properties(gateway)["asal"]) == (name, asal)
        assert ya.findtext("bpmn:conditionExpression", namespaces=NS) == f"${{{variable} == 'ya'}}"


@each_twin
def test_the_forms_and_who_may_fill_them_in(sop: Sop, path: Path) -> None:
    root = load(path)
    tasks = {task.get("id"): task for task in root.iterfind(".//bpmn:userTask", NS)}
    assert {step: camunda(element, "formRef") for step, element in steps(root).items() if camunda(element, "formRef")} == sop.forms
    assert {step: properties(task)["pencatat"] for step, task in tasks.items() if "pencatat" in properties(task)} == RECORDERS
    assert {step: camunda(task, "candidateGroups") for step, task in tasks.items() if camunda(task, "candidateGroups")} == sop.delegated


@each_twin
def test_what_every_opd_sends_is_a_column_of_the_register(sop: Sop, path: Path) -> None:
    tasks = {task.get("id"): properties(task) for task in load(path).iterfind(".//bpmn:userTask", NS)}
    collected = {step: (row["register"], row["penerima"], row["terima_sampai"]) for step, row in tasks.items() if "register" in row}
    assert collected == {"Task_7b": (sop.identity["singkatan"], "tu_bagian,tim_penyusun", "Task_9")}


@each_twin
def test_the_identity(sop: Sop, path: Path) -> None:
    root = load(path)
    identity = properties(root.find("bpmn:collaboration/bpmn:participant", NS))
    printed = IDENTITY | sop.identity
    assert printed.items() <= identity.items()
    assert {name: len(text.split("; ")) for name, text in identity.items() if name not in printed | BESIDE} == sop.how_many
    assert root.find("bpmn:process", NS).get("name") == printed["judul"]


@each
def test_the_process_ids(sop: Sop) -> None:
    assert [load(path).find("bpmn:process", NS).get("id") for path in sop.paths] == [sop.key, f"{sop.key}_strict"]


@each_twin
def test_what_has_no_mark_is_told_apart(sop: Sop, path: Path) -> None:
    textual = {step for step, element in steps(load(path)).items() if properties(element)["asal"] == "teks"}
    assert textual - {"Gw_4", "Gw_10a"} == sop.textual


@each_twin
def test_every_return_is_a_proposal(sop: Sop, path: Path) -> None:
    assert {properties(flow)["asal"] for flow in flows(load(path)) if flow.get("name") == "tidak"} == {"usulan"}


@each
def test_the_strict_drawing_has_only_what_is_printed_and_differs_in_nothing_else(sop: Sop) -> None:
    running, strict = (steps(load(path)) for path in sop.paths)
    gateways = {step for step, element in running.items() if element.tag.endswith("exclusiveGateway")}
    assert running.keys() - strict.keys() == {step for step in gateways if properties(running[step])["asal"] != "gambar"}
    assert {step: (properties(e), e.get("name")) for step, e in strict.items()} == {
        step: (properties(running[step]), running[step].get("name")) for step in strict
    }
    assert {f.get("name") for f in flows(load(sop.paths[1])) if properties(f)["asal"] == "usulan"} == {"tidak"}


@each_twin
def test_nothing_of_another_sop_is_left(sop: Sop, path: Path) -> None:
    assert "LAKIP" not in path.read_text("utf-8")
