"""From a `.form` file to a form, or to findings that say what to do."""

import json

import pytest
from jsonschema import Draft202012Validator

from app.forms import compile_form, initial

from .made import choice, compiled, component, decision, document, form_of, rules_of, table


def test_fields_of_groups_are_flattened_in_order():
    group = {"type": "group", "id": "Group_1", "label": "Surat", "components": [component("textfield", "hal")]}
    form = form_of(component("textfield", "nomor"), group, component("number", "tahun"))
    assert [f.key for f in form.fields] == ["nomor", "hal", "tahun"]


def test_the_schema_is_closed_and_valid():
    form = form_of(component("textfield", "hal"), decision())
    Draft202012Validator.check_schema(dict(form.schema))
    assert form.schema["additionalProperties"] is False


def test_the_label_of_a_date_is_its_date_label():
    form = form_of({"type": "datetime", "id": "Field_1", "key": "batas", "subtype": "date", "dateLabel": "Batas waktu"})
    assert form.fields[0].label == "Batas waktu"


def test_the_decision_is_found_by_its_property():
    assert form_of(component("textarea", "catatan"), decision()).decision.key == "keputusan"


def test_a_yes_no_question_without_the_property_is_no_decision():
    assert form_of(choice("radio", "layanan", "ya", "tidak")).decision is None


@pytest.mark.parametrize(
    "broken",
    [
        choice("radio", "keputusan", "setuju", "perbaiki", properties={"tombol": "true"}),
        choice("radio", "keputusan", "ya", "tidak", "mungkin", properties={"tombol": "true"}),
        choice("checklist", "keputusan", "ya", "tidak", properties={"tombol": "true"}),
    ],
)
def test_a_decision_offers_exactly_ya_and_tidak(broken):
    assert rules_of(broken) == {"form-keputusan"}


def test_a_form_has_one_decision():
    assert rules_of(decision("satu"), decision("dua") | {"id": "Field_b"}) == {"form-keputusan"}


def test_business_keys_are_named_by_their_property():
    year = component("number", "tahun", validate={"required": True}, properties={"kunci": "true"})
    assert [f.key for f in form_of(component("textfield", "hal"), year).keys] == ["tahun"]


def test_a_business_key_must_be_required():
    assert rules_of(component("number", "tahun", properties={"kunci": "true"})) == {"form-properti"}


def test_a_finding_names_file_line_element_and_label():
    content = json.dumps(document(component("iframe", "peta", label="Peta")), indent=1).encode()
    _, (finding,) = compile_form(content, "peta.form")
    assert (finding.file, finding.element, finding.name, finding.severity) == ("peta.form", "Field_peta", "Peta", "error")
    assert '"Field_peta"' in content.decode().splitlines()[finding.line - 1]


@pytest.mark.parametrize("kind", ["table", "iframe", "image", "documentPreview", "weird", None, 3, ["text"]])
def test_a_component_that_cannot_be_kept_is_refused(kind):
    assert rules_of({"type": kind, "id": "Field_1", "label": "X"}) == {"form-jenis"}


@pytest.mark.parametrize("key", ["__class__", "", "a.b", "a b", "token", "csrf_token", "null", "x" * 65, None, 7, "1a", "clé"])
def test_a_key_that_cannot_be_stored_is_refused(key):
    assert rules_of(component("textfield", "x") | {"key": key}) == {"form-kunci"}


def test_a_key_used_twice_is_refused():
    assert rules_of(component("textfield", "hal"), component("textfield", "hal") | {"id": "Field_b"}) == {"form-kunci"}


def test_an_id_used_twice_is_refused():
    assert rules_of(component("textfield", "a"), component("textfield", "b") | {"id": "Field_a"}) == {"form-id"}


@pytest.mark.parametrize("label", ["=nama", "Nomor {{nomor}}", "x" * 501, 5, ["a"]])
def test_a_label_is_fixed_text(label):
    assert "form-teks" in rules_of(component("textfield", "hal", label=label))


def test_a_field_without_a_label_is_refused():
    assert rules_of(component("textfield", "hal", label="  ")) == {"form-label"}


def test_a_group_with_a_path_is_refused():
    assert rules_of({"type": "group", "id": "Group_1", "path": "alamat", "components": []}) == {"form-kelompok"}


@pytest.mark.parametrize("values", [[], None, "ya", [{"label": "A"}], [{"value": "a", "label": "A"}] * 2, [3]])
def test_options_are_complete_and_different(values):
    assert rules_of(component("select", "sifat", values=values)) == {"form-pilihan"}


def test_options_from_a_rule_are_refused():
    assert "form-pengaturan" in rules_of(choice("select", "sifat", "a", valuesExpression="=daftar"))


def test_a_source_needs_no_options():
    form = form_of(component("checklist", "daftar_opd", valuesKey="opd", properties={"sumber": "opd"}))
    assert form.fields[0].source == "opd"


@pytest.mark.parametrize(
    ("kind", "value"),
    [("number", "lima"), ("select", "d"), ("checklist", ["a", "d"]), ("checkbox", "ya"), ("textfield", 3), ("number", True)],
)
def test_a_default_fits_its_field(kind, value):
    made = choice(kind, "x", "a", "b") if kind in ("select", "checklist") else component(kind, "x")
    assert rules_of(made | {"defaultValue": value}) == {"form-bawaan"}


@pytest.mark.parametrize(
    "properties",
    [{"kunci": "ya"}, {"sumber": "opd"}, {"bawaan": "semua"}, {"otomatis": "besok"}, {"tombol": 1}, ["a"], {"sumber": "tabel"}],
)
def test_a_property_with_a_wrong_value_is_refused(properties):
    assert rules_of(component("textfield", "x", properties=properties)) >= {"form-properti"}


def test_a_misspelt_property_is_a_warning():
    form, (finding,) = compiled(component("textfield", "x", properties={"wajib_bla": "=true"}))
    assert form is not None and (finding.rule, finding.severity) == ("form-properti", "warning")


def test_properties_of_later_are_kept():
    form = form_of(component("textfield", "x", properties={"isi_dari": "SM01.hal", "pribadi": "true"}))
    assert form.fields[0].properties == {"isi_dari": "SM01.hal", "pribadi": "true"}


def test_a_setting_nobody_reads_is_a_warning():
    form, (finding,) = compiled(component("textfield", "x", kesan="indah"))
    assert form is not None and finding.severity == "warning"


@pytest.mark.parametrize(
    "rules", [{"min": "=batas"}, {"maxLength": -1}, {"required": "=true"}, {"maxLength": 1.5}, {"minLength": True}, ["required"]]
)
def test_limits_are_fixed(rules):
    kind = "number" if isinstance(rules, dict) and "min" in rules else "textfield"
    assert "form-aturan" in rules_of(component(kind, "x", validate=rules))


@pytest.mark.parametrize("pattern", [r"(a+)+$", r"a|b", r"^(?=a)b$", r"a*a*a*b", r"[a", r"\1", "a{1,900}", "x" * 300, 5])
def test_a_pattern_that_may_hang_the_server_is_refused(pattern):
    assert rules_of(component("textfield", "x", validate={"pattern": pattern})) == {"form-aturan"}


@pytest.mark.parametrize("pattern", [r"^[0-9]{18}$", r"^061/org/\d+$", r"^[A-Z]{2}-\d{1,4}$", "KK.+"])
def test_a_plain_pattern_is_kept(pattern):
    assert form_of(component("textfield", "x", validate={"pattern": pattern})).fields[0].pattern == pattern


def test_a_button_of_the_editor_is_left_out_with_a_warning():
    form, (finding,) = compiled({"type": "button", "id": "Button_1", "label": "Kirim", "action": "submit"})
    assert form is not None and form.components == () and finding.severity == "warning"


SERVICES = {"unit_layanan": [("Puskesmas Kijang", "Puskesmas Kijang"), ("Puskesmas Kawal", "Puskesmas Kawal")]}


def test_a_table_may_begin_with_the_units_of_service():
    form = form_of(table("layanan", component("textarea", "unit"), component("number", "nilai"), properties={"sumber": "unit_layanan"}))
    first = initial(form, {}, SERVICES)
    assert (first["layanan.1.unit"], first["layanan.2.unit"]) == (["Puskesmas Kijang"], ["Puskesmas Kawal"])
    assert initial(form, {"layanan": [{"unit": "Lain"}]}, SERVICES)["layanan.1.unit"] == ["Lain"]


def test_such_a_table_needs_a_column_for_them():
    assert "form-properti" in rules_of(table("layanan", component("number", "nilai"), properties={"sumber": "unit_layanan"}))
