"""The shipped drawings say what the ratified SOPs say.

The tables below are SOP 02 as read from its ratified page, kept here on purpose: the drawing is checked against them, not against itself.
"""

import json
import re
from pathlib import Path

import pytest
from lxml import etree
from SpiffWorkflow.bpmn.parser import BpmnValidator

ROOT = Path(__file__).parents[1]
DRAWINGS = sorted((ROOT / "bpmn").rglob("*.bpmn"))
RUNNING = ROOT / "bpmn" / "sop_02_lakip.bpmn"
STRICT = ROOT / "bpmn" / "strict" / "sop_02_lakip.bpmn"
TEMPLATE = ROOT / "bpmn" / ".camunda" / "element-templates" / "langkah-sop.json"
CAMUNDA = "http://camunda.org/schema/1.0/bpmn"
NS = {"bpmn": "http://www.omg.org/spec/BPMN/20100524/MODEL", "camunda": CAMUNDA}
STEPS = ("startEvent", "userTask", "exclusiveGateway", "endEvent")

LANES = [
    ("TU Bagian", {"grup": "tu_bagian"}),
    ("Kasubbag Tatalaksana", {"grup": "kasubbag_tatalaksana"}),
    ("Kabag Organisasi", {"grup": "kabag_organisasi"}),
    ("SKPD (OPD)", {"grup": "opd"}),
    ("Tim Penyusun", {"grup": "tim_penyusun"}),
    ("Asisten", {"grup": "asisten"}),
    ("Sekda", {"grup": "sekda"}),
    ("Bupati", {"grup": "bupati"}),
    ("Menpan & RB", {"eksternal": "true"}),
]

# row: the lanes with a mark, norm in the SOP's unit, kelengkapan, keluaran, uraian
ROWS = {
    "1": (
        ["Menpan & RB"],
        "0 menit-kerja",
        "SE Menpan",
        "Surat diterima",
        "Surat Edaran MENPAN dan RB RI Penyusunan LAKIP ke Bupati dan Setda disposisi Bagian Organisasi",
    ),
    "2": (
        ["TU Bagian"],
        "5 menit-kerja",
        "Surat diregistrasi",
        "Surat diserahkan",
        "Surat Edaran diproses melalui Tata Usaha diproses Bagian Organisasi dan bukti penerimaan, pengagendaan dan pemilahan sesuai "
        "dengan jenis dan sifat surat",
    ),
    "3": (
        ["Kabag Organisasi", "Kasubbag Tatalaksana"],
        "15 menit-kerja",
        "Surat didisposisi",
        "Surat diarahkan",
        "Dari TU Bagian Organisasi Surat Edaran naik oleh Kepala Bagian Organisasi disposisi ke Kasubbag untuk ditindaklanjuti",
    ),
    "4": (
        ["Kasubbag Tatalaksana", "Kabag Organisasi"],
        "60 menit-kerja",
        "Konsep Surat",
        "Konsep Surat",
        "Kasubbag menindaklanjuti dengan membuat konsep surat permintaan LAKIP OPD, diproses lalu disetujui Kabag kemudian diparaf",
    ),
    "5": (
        ["Asisten", "Sekda"],
        "120 menit-kerja",
        "Surat dinaikkan",
        "Surat ditandatangani",
        "Konsep surat dinaikkan ke Asisten, disetujui dan diparaf, kemudian naik ke Sekda, ditandatangani atas nama Bupati",
    ),
    "6": (
        ["TU Bagian"],
        "10 menit-kerja",
        "Surat diberi nomor",
        "Surat diedarkan",
        "Surat kembali ke TU, diberi nomor dan diregistrasi",
    ),
    "7": (
        ["SKPD (OPD)"],
        "30 menit-kerja",
        "Surat dikirim",
        "Surat terkirim dan diterima OPD",
        "Surat dikirim ke seluruh OPD lingkup Pemerintah Kabupaten Bintan dan ditindaklanjuti dengan menyusun LAKIP masing-masing kemudian "
        "dikirim ke Bupati Bintan Bagian Organisasi",
    ),
    "8": (
        ["TU Bagian"],
        "60 menit-kerja",
        "LAKIP OPD diterima",
        "LAKIP OPD yang telah diteliti",
        "LAKIP diterima Tim Penyusun yang dibentuk dengan SK Bupati",
    ),
    "9": (
        ["Tim Penyusun"],
        "10 hari-kerja",
        "LAKIP OPD yang telah diteliti",
        "Draf LAKIP Kab. Bintan tersusun",
        "Tim melaksanakan penyusunan LAKIP OPD",
    ),
    "10": (
        ["Asisten", "Sekda", "Bupati"],
        "60 menit-kerja",
        "Draf LAKIP dinaikkan",
        "LAKIP OPD disetujui",
        "Draf LAKIP diparaf, disetujui Asisten dan Sekda, kemudian ditandatangani Bupati",
    ),
    "11": (
        ["Bupati"],
        "1 hari-kerja",
        "Dokumen LAKIP Kab. Bintan",
        "LAKIP Kab. Bintan terkirim",
        "LAKIP Kabupaten Bintan tersusun dalam bentuk dokumen sebagai Laporan Pertanggungjawaban Akuntabilitas dan Instansi Pemerintah "
        "kemudian kirim MENPAN dan RB RI tembusan KEMENDAGRI kemudian ke Gubernur Prov. Kepri",
    ),
    "12": (
        ["TU Bagian"],
        "5 menit-kerja",
        "Dokumen LAKIP Kab. Bintan",
        "Arsip",
        "Pendokumentasian LAKIP Kabupaten Bintan",
    ),
}

FLOWS = {
    "Start_1 Task_2",
    "Task_2 Task_3a",
    "Task_3a Task_3b",
    "Task_3b Task_4a",
    "Task_4a Task_4b",
    "Task_4b Gw_4",
    "Gw_4 ya Task_5a",
    "Gw_4 tidak Task_4a",
    "Task_5a Gw_5a",
    "Gw_5a ya Task_5b",
    "Gw_5a tidak Task_4a",
    "Task_5b Gw_5b",
    "Gw_5b ya Task_6",
    "Gw_5b tidak Task_4a",
    "Task_6 Task_7b",
    "Task_7b Task_8",
    "Task_8 Gw_8",
    "Gw_8 ya Task_9",
    "Gw_8 tidak Task_7b",
    "Task_9 Task_10a",
    "Task_10a Gw_10a",
    "Gw_10a ya Task_10b",
    "Gw_10a tidak Task_9",
    "Task_10b Gw_10b",
    "Gw_10b ya Task_10c",
    "Gw_10b tidak Task_9",
    "Task_10c Gw_10c",
    "Gw_10c ya Task_11",
    "Gw_10c tidak Task_9",
    "Task_11 Task_12",
    "Task_12 End_12",
}
STRICT_FLOWS = {
    "Start_1 Task_2",
    "Task_2 Task_3a",
    "Task_3a Task_3b",
    "Task_3b Task_4a",
    "Task_4a Task_4b",
    "Task_4b Task_5a",
    "Task_5a Gw_5a",
    "Gw_5a ya Task_5b",
    "Gw_5a tidak Task_4b",
    "Task_5b Task_6",
    "Task_6 Task_7b",
    "Task_7b Task_8",
    "Task_8 Task_9",
    "Task_9 Task_10a",
    "Task_10a Task_10b",
    "Task_10b Gw_10b",
    "Gw_10b ya Task_10c",
    "Gw_10b tidak Task_9",
    "Task_10c Task_11",
    "Task_11 Task_12",
    "Task_12 End_12",
}
GATEWAYS = {  # name, variable, asal
    "Gw_4": ("Disetujui Kabag?", "keputusan_kabag", "teks"),
    "Gw_5a": ("Disetujui Asisten?", "keputusan_asisten", "gambar"),
    "Gw_5b": ("Ditandatangani Sekda?", "keputusan_sekda", "usulan"),
    "Gw_8": ("Dokumen OPD lengkap?", "keputusan_penerimaan", "usulan"),
    "Gw_10a": ("Disetujui Asisten?", "keputusan_asisten_dok", "teks"),
    "Gw_10b": ("Disetujui Sekda?", "keputusan_sekda_dok", "gambar"),
    "Gw_10c": ("Ditandatangani Bupati?", "keputusan_bupati", "usulan"),
}
FORMS = {
    "Start_1": "sm01",
    "Task_2": "ag02",
    "Task_3a": "ds03",
    "Task_3b": "td03",
    "Task_4a": "ks04",
    "Task_4b": "pf04",
    "Task_5a": "pf05",
    "Task_5b": "tt05",
    "Task_6": "nr06",
    "Task_7b": "opd_lakip",
    "Task_8": "tm08",
    "Task_9": "dr09_lakip",
    "Task_10a": "pf10a",
    "Task_10b": "pf10b",
    "Task_10c": "tt10c",
    "Task_11": "kp11",
    "Task_12": "ar12",
}
RECORDERS = {
    "Task_5a": "tu_bagian",
    "Task_5b": "tu_bagian",
    "Task_10a": "tu_bagian",
    "Task_10b": "tu_bagian",
    "Task_10c": "tu_bagian,ajudan_bupati",
}
IDENTITY = {
    "kode": "02",
    "singkatan": "LAKIP",
    "instansi": "Bagian Organisasi, Sekretariat Daerah Kabupaten Bintan",
    "nomor": "02. 061/org/58",
    "tanggal_pembuatan": "2017-12-08",
    "tanggal_revisi": "-",
    "tanggal_pengesahan": "2017-12-08",
    "tanggal_efektif": "2018-01-01",
    "disahkan_jabatan": "SEKRETARIS DAERAH",
    "disahkan_nama": "Drs. ADI PRIHANTARA, M.M",
    "disahkan_pangkat": "Pembina Utama Madya",
    "disahkan_nip": "19651009 199310 1 002",
    "judul": "Penyusunan Laporan Akuntabilitas Kinerja Instansi Pemerintah (LAKIP) Kabupaten Bintan",
}
BESIDE = {"pemberitahuan": ""}  # told beside the page, not printed on it
HOW_MANY = {"dasar_hukum": 3, "kualifikasi": 1, "keterkaitan": 2, "peralatan": 3, "peringatan": 1, "pencatatan": 3}

each_drawing = pytest.mark.parametrize("path", DRAWINGS, ids=lambda p: str(p.relative_to(ROOT)))
each_sop_02 = pytest.mark.parametrize("path", [RUNNING, STRICT], ids=["running", "strict"])


def load(path: Path) -> etree._Element:
    return etree.parse(path).getroot()


def properties(element: etree._Element) -> dict[str, str]:
    """Those of the element itself; a name given twice is a mistake."""
    found = element.findall("bpmn:extensionElements/camunda:properties/camunda:property", NS)
    names = [entry.get("name") for entry in found]
    assert len(set(names)) == len(names)
    return {entry.get("name"): entry.get("value") for entry in found}


def camunda(element: etree._Element, name: str) -> str | None:
    return element.get(f"{{{CAMUNDA}}}{name}")


def steps(root: etree._Element) -> dict[str, etree._Element]:
    return {element.get("id"): element for kind in STEPS for element in root.iterfind(f"bpmn:process/bpmn:{kind}", NS)}


def flows(root: etree._Element) -> list[etree._Element]:
    return root.findall("bpmn:process/bpmn:sequenceFlow", NS)


def lane_names(root: etree._Element) -> dict[str, str]:
    return {ref.text: lane.get("name") for lane in root.iterfind(".//bpmn:lane", NS) for ref in lane.iterfind("bpmn:flowNodeRef", NS)}


def amount(waktu: str) -> int:
    """The number in a duration of one unit, as the SOP prints it: PT60M, P10D, PT0S."""
    found = re.fullmatch(r"P(?:T(\d+)[MS]|(\d+)D)", waktu)
    assert found, waktu
    return int(found[1] or found[2])


# -- every drawing


@each_drawing
def test_a_drawing_is_valid_bpmn(path: Path) -> None:
    BpmnValidator().validate(load(path), str(path))


@each_drawing
def test_ids_are_unique_and_references_lead_somewhere(path: Path) -> None:
    root = load(path)
    ids = [element.get("id") for element in root.iter("{*}*") if element.get("id")]
    assert len(set(ids)) == len(ids)
    references = [element.text for tag in ("incoming", "outgoing", "flowNodeRef") for element in root.iter(f"{{{NS['bpmn']}}}{tag}")]
    references += [
        element.get(name)
        for name in ("sourceRef", "targetRef", "default", "processRef")
        for element in root.iter("{*}*")
        if element.get(name)
    ]
    assert set(references) <= set(ids)


@each_drawing
def test_incoming_and_outgoing_agree_with_the_flows(path: Path) -> None:
    root = load(path)
    for step, element in steps(root).items():
        assert [e.text for e in element.iterfind("bpmn:incoming", NS)] == [f.get("id") for f in flows(root) if f.get("targetRef") == step]
        assert [e.text for e in element.iterfind("bpmn:outgoing", NS)] == [f.get("id") for f in flows(root) if f.get("sourceRef") == step]


@each_drawing
def test_no_two_flows_join_the_same_pair(path: Path) -> None:
    pairs = [(flow.get("sourceRef"), flow.get("targetRef")) for flow in flows(load(path))]
    assert len(set(pairs)) == len(pairs)


@each_drawing
def test_every_step_stands_in_exactly_one_lane(path: Path) -> None:
    root = load(path)
    laned = [ref.text for ref in root.iter(f"{{{NS['bpmn']}}}flowNodeRef")]
    assert sorted(laned) == sorted(steps(root))


@each_drawing
def test_every_lane_says_who_works_there(path: Path) -> None:
    for lane in load(path).iterfind(".//bpmn:lane", NS):
        assert properties(lane).keys() in ({"grup"}, {"eksternal"})


@each_drawing
def test_everything_drawn_says_where_it_comes_from(path: Path) -> None:
    root = load(path)
    for element in [*steps(root).values(), *flows(root), *root.iterfind(".//bpmn:dataObjectReference", NS)]:
        assert properties(element).get("asal") in ("gambar", "teks", "usulan"), element.get("id")


@each_drawing
def test_no_name_speaks_of_usulan(path: Path) -> None:
    assert [element.get("id") for element in load(path).iter("{*}*") if "usulan" in element.get("name", "")] == []


@each_drawing
def test_a_question_has_ya_with_a_condition_and_tidak_by_default(path: Path) -> None:
    root = load(path)
    for step, element in steps(root).items():
        out = {flow.get("name"): flow for flow in flows(root) if flow.get("sourceRef") == step}
        if not element.tag.endswith("exclusiveGateway"):
            assert out.keys() <= {None}
            continue
        assert element.get("name").endswith("?")
        assert out.keys() == {"ya", "tidak"}
        assert element.get("default") == out["tidak"].get("id")
        assert out["tidak"].find("bpmn:conditionExpression", NS) is None
        assert re.fullmatch(r"\$\{[a-z_]+ == 'ya'\}", out["ya"].findtext("bpmn:conditionExpression", namespaces=NS) or "")


@each_drawing
def test_every_task_has_its_row_data_its_form_and_the_template(path: Path) -> None:
    """What the ratified page leaves blank is left out; a proposal has no words of the SOP."""
    for task in load(path).iterfind(".//bpmn:userTask", NS):
        row = properties(task)
        always = {"baris", "penjelasan", "asal"} | ({"uraian"} if row["asal"] != "usulan" else set())
        blank = {"kelengkapan", "waktu", "satuan", "keluaran"}
        more = {"pencatat", "keterangan", "penerima", "terima_sampai", "register", "register_urutan", "register_menurut", "asal_pelaksana"}
        assert always <= row.keys() <= always | blank | more
        assert all(value.strip() == value and value for value in row.values())
        assert row.get("satuan") == (("hari-kerja" if row["waktu"].endswith("D") else "menit-kerja") if "waktu" in row else None)
        assert camunda(task, "formRef")
        assert camunda(task, "formRefBinding") == "deployment"
        assert camunda(task, "modelerTemplate") == "id.alur.langkah-sop"


@each_drawing
def test_only_what_the_engine_and_the_editor_both_understand_is_drawn(path: Path) -> None:
    kinds = {etree.QName(child).localname for child in load(path).find("bpmn:process", NS)}
    assert kinds <= {*STEPS, "laneSet", "sequenceFlow", "dataObject", "dataObjectReference"}


# -- SOP 02


@each_sop_02
def test_sop_02_has_the_lanes_of_its_page_in_their_order(path: Path) -> None:
    lanes = load(path).findall(".//bpmn:lane", NS)
    assert [(lane.get("name"), properties(lane)) for lane in lanes] == LANES


@each_sop_02
@pytest.mark.parametrize("row", ROWS)
def test_sop_02_row(path: Path, row: str) -> None:
    root = load(path)
    lanes, norm, kelengkapan, keluaran, uraian = ROWS[row]
    of_row = [element for element in steps(root).values() if properties(element).get("baris") == row and "waktu" in properties(element)]
    rows = [properties(element) for element in of_row]
    assert [lane_names(root)[element.get("id")] for element in of_row] == lanes
    assert f"{sum(amount(r['waktu']) for r in rows)} {rows[0]['satuan']}" == norm
    assert {(r["kelengkapan"], r["keluaran"], r["uraian"], r["satuan"]) for r in rows} == {
        (kelengkapan, keluaran, uraian, rows[0]["satuan"])
    }


@pytest.mark.parametrize(("path", "expected"), [(RUNNING, FLOWS), (STRICT, STRICT_FLOWS)], ids=["running", "strict"])
def test_sop_02_flows(path: Path, expected: set[str]) -> None:
    found = {" ".join(filter(None, (f.get("sourceRef"), f.get("name"), f.get("targetRef")))) for f in flows(load(path))}
    assert found == expected


@each_sop_02
def test_sop_02_questions(path: Path) -> None:
    root = load(path)
    for gateway in root.iterfind(".//bpmn:exclusiveGateway", NS):
        name, variable, asal = GATEWAYS[gateway.get("id")]
        ya = next(flow for flow in flows(root) if flow.get("sourceRef") == gateway.get("id") and flow.get("name") == "ya")
        assert (gateway.get("name"), properties(gateway)["asal"]) == (name, asal)
        assert ya.findtext("bpmn:conditionExpression", namespaces=NS) == f"${{{variable} == 'ya'}}"


@each_sop_02
def test_sop_02_forms(path: Path) -> None:
    root = load(path)
    assert {step: camunda(element, "formRef") for step, element in steps(root).items() if camunda(element, "formRef")} == FORMS


@each_sop_02
def test_sop_02_who_may_do_what(path: Path) -> None:
    root = load(path)
    tasks = {task.get("id"): task for task in root.iterfind(".//bpmn:userTask", NS)}
    assert {step: properties(task)["pencatat"] for step, task in tasks.items() if "pencatat" in properties(task)} == RECORDERS
    delegated = {step: camunda(task, "candidateGroups") for step, task in tasks.items() if camunda(task, "candidateGroups")}
    assert delegated == {"Task_8": "tu_bagian,tim_penyusun", "Task_11": "tu_bagian"}
    assert camunda(root.find("bpmn:process", NS), "candidateStarterGroups") == "tu_bagian"


@each_sop_02
def test_sop_02_asks_every_opd_until_the_date_of_the_letter(path: Path) -> None:
    tasks = {task.get("id"): task for task in load(path).iterfind(".//bpmn:userTask", NS)}
    loops = {step: task.find("bpmn:multiInstanceLoopCharacteristics", NS) for step, task in tasks.items()}
    assert [step for step, loop in loops.items() if loop is not None] == ["Task_7b"]
    loop = loops["Task_7b"]
    assert (camunda(loop, "collection"), camunda(loop, "elementVariable"), loop.get("isSequential")) == ("daftar_opd", "opd", None)
    assert {step: camunda(task, "dueDate") for step, task in tasks.items() if camunda(task, "dueDate")} == {"Task_7b": "${batas_waktu_opd}"}


@each_sop_02
def test_sop_02_identity(path: Path) -> None:
    root = load(path)
    identity = properties(root.find("bpmn:collaboration/bpmn:participant", NS))
    assert IDENTITY.items() <= identity.items()
    assert {field: len(text.split("; ")) for field, text in identity.items() if field not in IDENTITY | BESIDE} == HOW_MANY
    assert root.find("bpmn:process", NS).get("name") == IDENTITY["judul"]


@each_sop_02
def test_sop_02_shows_the_document_of_row_11_and_connects_it_to_nothing(path: Path) -> None:
    root = load(path)
    document = root.find(".//bpmn:dataObjectReference", NS)
    assert (document.get("id"), properties(document)["baris"]) == ("Dok_11", "11")
    assert not root.findall(".//bpmn:dataInputAssociation", NS) + root.findall(".//bpmn:dataOutputAssociation", NS)


def test_the_process_ids() -> None:
    assert load(RUNNING).find("bpmn:process", NS).get("id") == "sop_02_lakip"
    assert load(STRICT).find("bpmn:process", NS).get("id") == "sop_02_lakip_strict"


def test_every_return_is_a_proposal() -> None:
    for path in (RUNNING, STRICT):
        assert {properties(flow)["asal"] for flow in flows(load(path)) if flow.get("name") == "tidak"} == {"usulan"}


def test_the_strict_drawing_has_only_what_is_printed() -> None:
    root = load(STRICT)
    assert [step for step, element in steps(root).items() if properties(element)["asal"] == "usulan"] == []
    assert [g.get("id") for g in root.iterfind(".//bpmn:exclusiveGateway", NS)] == ["Gw_5a", "Gw_10b"]
    assert {f.get("name") for f in flows(root) if properties(f)["asal"] == "usulan"} == {"tidak"}


def test_the_strict_drawing_differs_in_nothing_else() -> None:
    running, strict = steps(load(RUNNING)), steps(load(STRICT))
    for step, element in strict.items():
        assert properties(element) == properties(running[step])
        assert element.get("name") == running[step].get("name")


# -- the element template


def test_the_template_binds_what_the_tasks_carry_and_nothing_else() -> None:
    template = json.loads(TEMPLATE.read_text())
    assert (template["id"], template["name"], template["appliesTo"]) == ("id.alur.langkah-sop", "Langkah SOP", ["bpmn:UserTask"])
    assert template["entriesVisible"] is True
    bindings = [entry["binding"] for entry in template["properties"]]
    assert {binding["type"] for binding in bindings} == {"camunda:property"}
    carried = {name for path in DRAWINGS for task in load(path).iterfind(".//bpmn:userTask", NS) for name in properties(task)}
    assert {binding["name"] for binding in bindings} == carried | {"keterangan"}


def test_the_template_offers_the_values_the_drawings_use() -> None:
    entries = {entry["binding"]["name"]: entry for entry in json.loads(TEMPLATE.read_text())["properties"]}
    assert {entry["type"] for entry in entries.values()} == {"String", "Dropdown"}
    for path in DRAWINGS:
        for task in load(path).iterfind(".//bpmn:userTask", NS):
            for name in properties(task).keys() & {"satuan", "asal"}:
                assert properties(task)[name] in {choice["value"] for choice in entries[name]["choices"]}
            for name, value in properties(task).items():
                pattern = entries[name].get("constraints", {}).get("pattern", {}).get("value", ".*")
                assert re.fullmatch(pattern, value)
