"""SOP 03 (IKU) and SOP 04 (RKT) as read from their ratified pages. Their flow is that of SOP 02; what differs stands here.

Kept apart from the drawings on purpose: a drawing is checked against its page, not against itself.
"""

from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.test_drawings import (
    BESIDE,
    FLOWS,
    FORMS,
    GATEWAYS,
    HOW_MANY,
    IDENTITY,
    LANES,
    NS,
    RECORDERS,
    ROOT,
    ROWS,
    STRICT_FLOWS,
    amount,
    camunda,
    flows,
    lane_names,
    load,
    properties,
    steps,
)

Row = tuple[list[str], str, str, str, str]  # lanes, norm, kelengkapan, keluaran, uraian
LETTER = (["TU Bagian"], "10 menit-kerja", "Surat diberi nomor", "Surat diedarkan")


@dataclass(frozen=True)
class Sheet:
    """named: the forms that are its own, by element. read: elements whose place follows from the text, not from a mark on the scan."""

    key: str
    identity: dict[str, str]
    how_many: dict[str, int]
    rows: dict[str, Row]
    named: dict[str, str]
    read: set[str]


SHEETS = [
    Sheet(
        "sop_03_iku",
        {
            "kode": "03",
            "singkatan": "IKU",
            "nomor": "03. 061/org/59",
            "judul": "Penyusunan Penetapan Indikator Kinerja Utama (IKU) Kabupaten Bintan",
            "keterkaitan": "SOP Internal dan Administratif; SOP Eksternal yaitu SOP IKU OPD",
            "peralatan": "Perangkat Komputer; Alat Tulis Kantor; IKU OPD; Lemari Arsip",
            "pencatatan": "IKU RPJMD (Indikator Kinerja Pemerintah Daerah)",
        },
        HOW_MANY | {"dasar_hukum": 4, "peralatan": 4, "pencatatan": 1},
        ROWS
        | {
            "1": (
                *ROWS["1"][:4],
                "Surat Edaran MENPAN dan RB RI Penyusunan Indikator Kinerja Utama ke Bupati dan Setda disposisi Bagian Organisasi",
            ),
            "4": (
                *ROWS["4"][:4],
                "Kasubbag menindaklanjuti dengan membuat konsep surat permintaan IKU OPD, dengan tetap memperhatikan RPJMD dan Indikator "
                "Kinerja Utama Pemda, diproses lalu disetujui Kabag kemudian diparaf",
            ),
            "6": (*LETTER, "Surat kembali ke TU Bagian Organisasi, diberi nomor dan diregistrasi"),
            "7": (*ROWS["7"][:4], ROWS["7"][4].replace("LAKIP", "IKU")),
            "8": (
                ["TU Bagian"],
                "60 menit-kerja",
                "IKU OPD diterima",
                "IKU OPD yang telah diteliti",
                "IKU OPD diterima Tim Penyusun yang dibentuk dengan SK Bupati",
            ),
            "9": (
                ["Tim Penyusun"],
                "10 hari-kerja",
                "IKU OPD yang telah diteliti",
                "Draf IKU Kab. Bintan tersusun",
                "Tim melaksanakan penyusunan IKU OPD Kabupaten Bintan berdasarkan RPJMD dan IKU OPD",
            ),
            "10": (
                ["Asisten", "Sekda", "Bupati"],
                "60 menit-kerja",
                "Draf IKU dinaikkan",
                "SK IKU OPD disetujui",
                "Draf IKU diparaf, disetujui Asisten dan Sekda, kemudian ditandatangani Bupati",
            ),
            "11": (
                ["Bupati"],
                "1 hari-kerja",
                "SK IKU Kab. Bintan",
                "IKU Kab. Bintan terkirim",
                "Indikator Kinerja Utama (IKU) Kabupaten tersusun dalam bentuk dokumen dan ditembuskan kepada Bappeda dan Inspektorat",
            ),
            "12": (["TU Bagian"], "5 menit-kerja", "SK IKU Kab. Bintan & OPD", "Arsip", "Pendokumentasian IKU Kabupaten Bintan"),
        },
        {"Start_1": "sm01_iku", "Task_7b": "opd_iku", "Task_9": "dr09_iku", "Task_11": "kp11_iku"},
        {"Task_9", "Task_12"},
    ),
    Sheet(
        "sop_04_rkt",
        {
            "kode": "04",
            "singkatan": "RKT",
            "nomor": "04. 061/org/60",
            "judul": "Penyusunan Rencana Kinerja Tahunan (RKT) Kabupaten Bintan",
            "keterkaitan": "SOP Internal dan Administratif; SOP Eksternal yaitu SOP RKT OPD",
            "peralatan": "Perangkat Komputer; Alat Tulis Kantor; RKT OPD; Lemari Arsip",
            "pencatatan": "IKU Kabupaten; RKT Kabupaten",
        },
        HOW_MANY | {"dasar_hukum": 4, "peralatan": 4, "pencatatan": 2},
        ROWS
        | {
            "1": (*ROWS["1"][:4], "Surat Edaran MENPAN dan RB RI Penyusunan RKT dan Setda disposisi Kepala Bagian Organisasi"),
            "4": (
                *ROWS["4"][:4],
                "Kasubbag menindaklanjuti dengan membuat konsep surat permintaan RKT OPD, diproses lalu disetujui Kabag Organisasi",
            ),
            "6": (*LETTER, "Surat kembali ke TU Bagian Organisasi, diberi nomor dan diregistrasi"),
            "7": (*ROWS["7"][:4], ROWS["7"][4].replace("LAKIP", "RKT")),
            "8": (
                ["TU Bagian"],
                "60 menit-kerja",
                "RKT OPD diterima",
                "RKT OPD yang telah diteliti",
                "RKT OPD diterima Tim Penyusun yang dibentuk dengan SK Bupati",
            ),
            "9": (
                ["Tim Penyusun"],
                "10 hari-kerja",
                "RKT OPD yang telah diteliti",
                "Draf RKT Kab. Bintan tersusun",
                "Tim melaksanakan penyusunan RKT OPD berdasarkan IKU Kabupaten dan masuk RKT OPD",
            ),
            "10": (
                ["Asisten", "Sekda", "Bupati"],
                "60 menit-kerja",
                "Draf RKT dinaikkan",
                "SK RKT OPD disetujui",
                "Draf RKT diparaf, disetujui Asisten dan Sekda, kemudian ditandatangani Bupati",
            ),
            "11": (
                ["Bupati"],
                "1 hari-kerja",
                "SK RKT Kab. Bintan",
                "RKT Kab. Bintan terkirim",
                "RKT Kabupaten Bintan tersusun dalam bentuk dokumen sebagai Laporan Pertanggungjawaban Bupati kemudian kirim ke Presiden "
                "melalui MENPAN dan RB RI tembusan KEMENDAGRI dan GUB Prov BPKP di Jakarta dll",
            ),
            "12": (["TU Bagian"], "5 menit-kerja", "SK RKT Kab. Bintan & OPD", "Arsip", "Pendokumentasian RKT Kabupaten Bintan"),
        },
        {"Start_1": "sm01_rkt", "Task_7b": "opd_rkt", "Task_9": "dr09_rkt", "Task_11": "kp11_rkt"},
        {"Task_10a", "Task_12"},
    ),
]
DRAWN = [(sheet, folder) for sheet in SHEETS for folder in ("", "strict")]

each = pytest.mark.parametrize(("sheet", "folder"), DRAWN, ids=[f"{sheet.key} {folder}" for sheet, folder in DRAWN])


def path_of(sheet: Sheet, folder: str) -> Path:
    return ROOT / "bpmn" / folder / f"{sheet.key}.bpmn"


@each
def test_it_is_the_process_of_its_file(sheet: Sheet, folder: str) -> None:
    process = load(path_of(sheet, folder)).find("bpmn:process", NS)
    assert process.get("id") == sheet.key + ("_strict" if folder else "")
    assert camunda(process, "candidateStarterGroups") == "tu_bagian"


@each
def test_its_identity_is_that_of_its_page(sheet: Sheet, folder: str) -> None:
    block = properties(load(path_of(sheet, folder)).find(".//bpmn:participant", NS))
    assert {name: block[name] for name in IDENTITY | sheet.identity} == IDENTITY | sheet.identity
    assert {name: len(block[name].split("; ")) for name in sheet.how_many} == sheet.how_many
    assert block.keys() == IDENTITY.keys() | sheet.how_many.keys() | BESIDE.keys()


@each
def test_its_lanes_are_the_columns_of_the_page(sheet: Sheet, folder: str) -> None:
    lanes = load(path_of(sheet, folder)).findall(".//bpmn:lane", NS)
    assert [(lane.get("name"), properties(lane)) for lane in lanes] == LANES


@pytest.mark.parametrize("row", ROWS)
@each
def test_a_row_is_that_of_its_page(sheet: Sheet, folder: str, row: str) -> None:
    root = load(path_of(sheet, folder))
    lanes, norm, *words = sheet.rows[row]
    of_row = [element for element in steps(root).values() if properties(element).get("baris") == row and "waktu" in properties(element)]
    data = [properties(element) for element in of_row]
    assert [lane_names(root)[element.get("id")] for element in of_row] == lanes
    assert f"{sum(amount(one['waktu']) for one in data)} {data[0]['satuan']}" == norm
    assert all([one["kelengkapan"], one["keluaran"], one["uraian"]] == words for one in data)


@each
def test_its_flows_are_those_of_the_page(sheet: Sheet, folder: str) -> None:
    drawn = flows(load(path_of(sheet, folder)))
    found = {" ".join(filter(None, (flow.get("sourceRef"), flow.get("name"), flow.get("targetRef")))) for flow in drawn}
    assert found == (STRICT_FLOWS if folder else FLOWS)


@each
def test_its_questions_say_where_they_come_from(sheet: Sheet, folder: str) -> None:
    root = load(path_of(sheet, folder))
    for gateway in root.iterfind(".//bpmn:exclusiveGateway", NS):
        name, variable, asal = GATEWAYS[gateway.get("id")]
        ya = next(flow for flow in flows(root) if flow.get("sourceRef") == gateway.get("id") and flow.get("name") == "ya")
        assert (gateway.get("name"), properties(gateway)["asal"]) == (name, asal)
        assert ya.findtext("bpmn:conditionExpression", namespaces=NS) == f"${{{variable} == 'ya'}}"


@each
def test_a_step_without_a_mark_on_the_scan_is_read_from_the_text(sheet: Sheet, folder: str) -> None:
    tasks = load(path_of(sheet, folder)).iterfind(".//bpmn:userTask", NS)
    assert {task.get("id") for task in tasks if properties(task)["asal"] != "gambar"} == sheet.read


@each
def test_each_step_has_its_form_and_its_people(sheet: Sheet, folder: str) -> None:
    found = steps(load(path_of(sheet, folder)))
    assert {step: camunda(element, "formRef") for step, element in found.items() if camunda(element, "formRef")} == FORMS | sheet.named
    assert {step: properties(one)["pencatat"] for step, one in found.items() if "pencatat" in properties(one)} == RECORDERS
    delegated = {step: camunda(one, "candidateGroups") for step, one in found.items() if camunda(one, "candidateGroups")}
    assert delegated == {"Task_8": "tu_bagian,tim_penyusun", "Task_11": "tu_bagian"}


@each
def test_what_every_opd_sends_is_collected_until_the_date_of_the_letter(sheet: Sheet, folder: str) -> None:
    task = steps(load(path_of(sheet, folder)))["Task_7b"]
    loop = task.find("bpmn:multiInstanceLoopCharacteristics", NS)
    assert (camunda(loop, "collection"), camunda(loop, "elementVariable")) == ("daftar_opd", "opd")
    assert camunda(task, "dueDate") == "${batas_waktu_opd}"
    row = properties(task)
    assert (row["penerima"], row["terima_sampai"], row["register"]) == ("tu_bagian,tim_penyusun", "Task_9", sheet.identity["singkatan"])
