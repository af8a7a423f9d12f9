"""The drawings of SOP 01 and 06 say what their ratified pages say: six rows, five columns, no diamond, three rows without any mark."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.test_drawings import BESIDE, NS, ROOT, amount, camunda, flows, lane_names, load, properties, steps

LANES = [
    ("Kabag Organisasi", {"grup": "kabag_organisasi"}),
    ("Kasubbag Tatalaksana", {"grup": "kasubbag_tatalaksana"}),
    ("Peng. Adm. Umum", {"grup": "pengadministrasi_umum"}),
    ("Unit Kerja", {"grup": "opd"}),
    ("Tim Monitoring", {"grup": "tim_monitoring"}),
]
KET = "Tiap OPD/Penyelenggara yanblik merespon cepat terhadap hasil Penilaian yanblik"


@dataclass(frozen=True)
class Page:
    """rows: {baris: (lane, days, kelengkapan, keluaran, uraian)}, None where the page leaves the cell blank."""

    rows: dict[str, tuple[str, int | None, str | None, str | None, str]]
    flows: set[str]
    questions: dict[str, tuple[str, str]]
    forms: dict[str, str]
    delegated: dict[str, str]
    collections: dict[str, str]
    deadlines: dict[str, str]
    receivers: dict[str, str]
    identity: dict[str, str]
    how_many: dict[str, int]

    def paths(self) -> tuple[Path, Path]:
        name = {"01": "sop_01_monev", "06": "sop_06_fasilitasi_sop"}[self.identity["kode"]]
        return ROOT / "bpmn" / f"{name}.bpmn", ROOT / "bpmn" / "strict" / f"{name}.bpmn"


BEGUN = {"Start_1 Task_1", "Task_1 Task_2"}
CHECKED = {"Task_2 Task_2k", "Task_2k Gw_2", "Gw_2 ya Task_3", "Gw_2 tidak Task_2"}
FOLLOWED = {"Task_5 Gw_5", "Gw_5 ya Task_6", "Task_6 Task_6t", "Task_6t End_6"}
PRINTED = BEGUN | {"Task_2 Task_3", "Task_3 Task_4", "Task_4 Task_5", "Task_5 Task_6", "Task_6 End_6"}
RATIFIED = {
    "tanggal_pembuatan": "2017-12-08",
    "tanggal_revisi": "-",
    "tanggal_pengesahan": "2017-12-08",
    "tanggal_efektif": "2018-01-01",
    "disahkan_jabatan": "SEKRETARIS DAERAH",
    "disahkan_nama": "Drs. ADI PRIHANTARA, M.M",
    "disahkan_pangkat": "Pembina Utama Madya",
    "disahkan_nip": "19651009 199310 1 002",
    "instansi": "Bagian Organisasi, Sekretariat Daerah Kabupaten Bintan",
}

MONITORING = Page(
    rows={
        "1": (
            "Kabag Organisasi",
            2,
            "Keputusan Tim Monitoring Pelayanan Publik",
            "Keputusan tim Monitoring",
            "Berdasarkan Keputusan Bupati tentang Tim Pembinaan, Monitoring, dan Evaluasi Pelayanan Publik",
        ),
        "2": (
            "Kasubbag Tatalaksana",
            3,
            "Surat Dinas; Kuesioner",
            "Tabel Monitoring yanblik",
            "Membuat kelengkapan administrasi antara lain: 1. Jadwal Kerja Tim; 2. Tabel Penilaian Monitoring dan Evaluasi "
            "Pelayanan Publik; 3. Kebutuhan surat-menyurat",
        ),
        "3": (
            "Peng. Adm. Umum",
            3,
            None,
            "Surat ke OPD",
            "Surat terkait pemberitahuan jadwal Pembinaan, Monitoring, Pelayanan Publik telah diregister dan siap dikirim",
        ),
        "4": (
            "Tim Monitoring",
            30,
            "Tabel Monitoring yanblik",
            "Tabel Pembinaan Monitoring, yanblik yang telah diisi",
            "Melaksanakan proses Pembinaan, Monitoring, Pelayanan Publik pada OPD di lingkungan Pemkab Bintan",
        ),
        "5": (
            "Kasubbag Tatalaksana",
            7,
            "Tabel Pembinaan Monitoring, yanblik yang telah diisi",
            "Penetapan Penilaian Pelayanan Publik dalam bentuk keputusan Sekda",
            "Merekap hasil Pembinaan, Monitoring, Evaluasi Pelayanan Publik untuk kemudian ditetapkan hasil penilaian",
        ),
        "6": (
            "Kasubbag Tatalaksana",
            None,
            "Laporan Progres Penilaian Pelayanan Publik",
            None,
            "Progres hasil Penilaian Pelayanan Publik dilaporkan kepada pimpinan sebagai bahan evaluasi",
        ),
    },
    flows=BEGUN | CHECKED | FOLLOWED | {"Task_3 Task_4", "Task_4 Task_5", "Gw_5 tidak Task_4"},
    questions={"Gw_2": ("Disetujui Kabag?", "keputusan_kabag"), "Gw_5": ("Hasil ditetapkan?", "keputusan_penetapan")},
    forms={
        "Start_1": "ma0",
        "Task_1": "ma1",
        "Task_2": "ma2",
        "Task_2k": "ma2k",
        "Task_3": "ma3",
        "Task_4": "ma4",
        "Task_5": "ma5",
        "Task_6": "ma6",
        "Task_6t": "ma6t",
    },
    delegated={"Task_6": "kasubbag_tatalaksana,kabag_organisasi"},
    collections={"Task_4": "daftar_opd", "Task_6t": "daftar_tindak_lanjut"},
    deadlines={"Task_6t": "${batas_waktu_tindak_lanjut}"},
    receivers={"Task_6t": "kasubbag_tatalaksana,tim_monitoring"},
    identity={
        **RATIFIED,
        "kode": "01",
        "singkatan": "Monev Pelayanan Publik",
        "nomor": "01. 061/org/57",
        "judul": "Pembinaan Monitoring Evaluasi Pelayanan Publik",
    },
    how_many={"dasar_hukum": 5, "kualifikasi": 6, "keterkaitan": 2, "peralatan": 5, "peringatan": 1, "pencatatan": 2},
)
COACHING = Page(
    rows={
        "1": (
            "Kabag Organisasi",
            2,
            "Keputusan Tim Fasilitasi Penyusunan SOP dan SP",
            "Keputusan tim fasilitasi penyusunan SOP dan SP",
            "Berdasarkan SK Tim dan/atau Surat Permintaan dari OPD tentang Penyusunan SOP dan SP",
        ),
        "2": (
            "Kasubbag Tatalaksana",
            3,
            "Surat Dinas; Jadwal Coaching Clinic",
            "Surat kemudian Jadwal Coaching Clinic",
            "Membuat kelengkapan administrasi antara lain: 1. Jadwal Kerja Tim (coaching clinic) SOP dan SP; 2. Tabel; "
            "3. Kebutuhan surat-menyurat",
        ),
        "3": (
            "Peng. Adm. Umum",
            3,
            None,
            "Surat ke OPD",
            "Surat terkait pemberitahuan penyusunan SOP dan SP OPD/penyelenggara publik telah diregister dan siap dikirim",
        ),
        "4": (
            "Tim Monitoring",
            30,
            "Draf",
            "Pembinaan Monitoring serta fasilitasi penyusunan SOP dan SP",
            "Melaksanakan proses fasilitasi Pembinaan, Monitoring, pelayanan SOP dan SP OPD di lingkungan Pemkab Bintan",
        ),
        "5": (
            "Tim Monitoring",
            7,
            "Dokumen",
            "Penetapan Penilaian SOP dan SP OPD",
            "Merekap hasil fasilitasi, monitoring, evaluasi penyusunan SOP kemudian dijadikan dokumen",
        ),
        "6": (
            "Kasubbag Tatalaksana",
            None,
            "Dokumen SOP OPD yang telah ditetapkan yang dengan surat keputusan",
            None,
            "Dokumen SOP dan SP OPD yang telah dibuat masing-masing OPD ditetapkan oleh Keputusan Bupati atau kepada OPD sehingga "
            "dasar SOP dan SP OPD masing-masing",
        ),
    },
    flows=BEGUN | CHECKED | FOLLOWED | {"Task_3 Task_4a", "Task_4a Task_4", "Task_4 Task_5", "Gw_5 tidak Task_4a"},
    questions={"Gw_2": ("Disetujui Kabag?", "keputusan_kabag"), "Gw_5": ("SOP dan SP sesuai?", "keputusan_fasilitasi")},
    forms={
        "Start_1": "fa0",
        "Task_1": "fa1",
        "Task_2": "fa2",
        "Task_2k": "ma2k",
        "Task_3": "ma3",
        "Task_4a": "fa4a",
        "Task_4": "fa4",
        "Task_5": "fa5",
        "Task_6": "fa6",
        "Task_6t": "ma6t",
    },
    delegated={"Task_5": "tim_monitoring,kasubbag_tatalaksana"},
    collections={"Task_4a": "daftar_opd", "Task_4": "daftar_opd", "Task_6t": "daftar_tindak_lanjut"},
    deadlines={"Task_4a": "${batas_waktu_opd}", "Task_6t": "${batas_waktu_tindak_lanjut}"},
    receivers={"Task_4a": "tim_monitoring,kasubbag_tatalaksana", "Task_6t": "kasubbag_tatalaksana,tim_monitoring"},
    identity={
        **RATIFIED,
        "kode": "06",
        "singkatan": "Fasilitasi SOP dan SP",
        "nomor": "06. 061/org/62",
        "judul": "Fasilitasi Penyusunan SOP dan Standar Pelayanan (SP) OPD",
    },
    how_many={"dasar_hukum": 4, "kualifikasi": 6, "keterkaitan": 2, "peralatan": 5, "peringatan": 1, "pencatatan": 1},
)
PAGES = {"01": MONITORING, "06": COACHING}
PROPOSED = {"Task_2k", "Gw_2", "Gw_5", "Task_4a", "Task_6t"}

each_page = pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
each_drawing = pytest.mark.parametrize(
    ("page", "path"),
    [(page, path) for page in PAGES.values() for path in page.paths()],
    ids=[f"{sop}-{kind}" for sop in PAGES for kind in ("running", "strict")],
)


@each_drawing
def test_the_lanes_are_the_columns_of_the_page_in_their_order(page: Page, path: Path) -> None:
    assert [(lane.get("name"), properties(lane)) for lane in load(path).findall(".//bpmn:lane", NS)] == LANES


@each_drawing
@pytest.mark.parametrize("row", [*"123456"])
def test_a_row_is_one_task_with_the_words_of_the_page(page: Page, path: Path, row: str) -> None:
    root = load(path)
    [(task, told)] = [
        (id, found) for id, element in steps(root).items() if (found := properties(element)).get("baris") == row and "uraian" in found
    ]
    days = amount(told["waktu"]) if "waktu" in told else None
    assert (lane_names(root)[task], days, told.get("kelengkapan"), told.get("keluaran"), told["uraian"]) == page.rows[row]
    assert told.get("satuan") == (None if days is None else "hari-kerja")
    assert told.get("keterangan") == (KET if row == "6" else None)


@each_drawing
def test_rows_without_a_mark_say_that_their_column_is_proposed(page: Page, path: Path) -> None:
    told = {id: properties(element) for id, element in steps(load(path)).items()}
    assert {id for id, found in told.items() if found.get("asal_pelaksana") == "usulan"} == {"Task_1", "Task_2", "Task_3"}
    assert {id: told[id]["asal"] for id in ("Start_1", "Task_1", "Task_2", "Task_3")} == dict.fromkeys(
        ("Start_1", "Task_1", "Task_2", "Task_3"), "teks"
    )
    assert {told[id]["asal"] for id in ("Task_4", "Task_5", "Task_6")} == {"gambar"}


@each_page
def test_the_running_drawing_takes_these_ways(page: Page) -> None:
    assert ways(page.paths()[0]) == page.flows


@each_page
def test_the_strict_drawing_is_the_six_rows_and_nothing_else(page: Page) -> None:
    path = page.paths()[1]
    assert ways(path) == PRINTED
    assert {properties(thing)["asal"] for thing in [*steps(load(path)).values(), *flows(load(path))]} == {"gambar", "teks"}


@each_page
def test_what_the_page_does_not_have_is_marked_as_proposed(page: Page) -> None:
    running, strict = (steps(load(path)) for path in page.paths())
    proposed = {id for id, element in running.items() if properties(element)["asal"] == "usulan"}
    assert proposed == running.keys() - strict.keys() == PROPOSED & running.keys()
    assert {properties(flow)["asal"] for flow in flows(load(page.paths()[0])) if flow.get("name") == "tidak"} == {"usulan"}


@each_page
def test_the_strict_drawing_differs_in_nothing_else(page: Page) -> None:
    running, strict = (steps(load(path)) for path in page.paths())
    for id, element in strict.items():
        assert (properties(element), element.get("name")) == (properties(running[id]), running[id].get("name"))


@each_page
def test_the_questions(page: Page) -> None:
    root = load(page.paths()[0])
    conditions = {
        flow.get("sourceRef"): flow.findtext("bpmn:conditionExpression", namespaces=NS) for flow in flows(root) if flow.get("name") == "ya"
    }
    found = {gateway.get("id"): gateway.get("name") for gateway in root.iterfind(".//bpmn:exclusiveGateway", NS)}
    assert found == {id: name for id, (name, _) in page.questions.items()}
    assert conditions == {id: f"${{{variable} == 'ya'}}" for id, (_, variable) in page.questions.items()}


@each_drawing
def test_the_forms_and_who_may_do_what(page: Page, path: Path) -> None:
    root = load(path)
    there = steps(root)
    assert attribute(there, "formRef") == only(page.forms, there)
    assert attribute(there, "candidateGroups") == only(page.delegated, there)
    assert attribute(there, "dueDate") == only(page.deadlines, there)
    assert {id: properties(one)["penerima"] for id, one in there.items() if "penerima" in properties(one)} == only(page.receivers, there)
    assert camunda(root.find("bpmn:process", NS), "candidateStarterGroups") == "tu_bagian,kasubbag_tatalaksana"


@each_drawing
def test_every_opd_is_visited_coached_and_asked_to_respond(page: Page, path: Path) -> None:
    there = steps(load(path))
    loops = {id: loop for id, element in there.items() if (loop := element.find("bpmn:multiInstanceLoopCharacteristics", NS)) is not None}
    assert {id: camunda(loop, "collection") for id, loop in loops.items()} == only(page.collections, there)
    assert {(camunda(loop, "elementVariable"), loop.get("isSequential")) for loop in loops.values()} == {("opd", None)}


@each_drawing
def test_the_identity(page: Page, path: Path) -> None:
    root = load(path)
    identity = properties(root.find("bpmn:collaboration/bpmn:participant", NS))
    assert page.identity.items() <= identity.items()
    assert {field: len(text.split("; ")) for field, text in identity.items() if field not in page.identity | BESIDE} == page.how_many
    process = root.find("bpmn:process", NS)
    assert process.get("name") == page.identity["judul"]
    assert process.get("id") == path.stem + ("_strict" if path.parent.name == "strict" else "")


def ways(path: Path) -> set[str]:
    return {" ".join(filter(None, (f.get("sourceRef"), f.get("name"), f.get("targetRef")))) for f in flows(load(path))}


def attribute(there: dict, name: str) -> dict[str, str]:
    return {id: value for id, element in there.items() if (value := camunda(element, name))}


def only(wanted: dict[str, str], there: dict) -> dict[str, str]:
    return {id: value for id, value in wanted.items() if id in there}
