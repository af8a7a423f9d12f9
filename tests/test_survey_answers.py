"""Raw answers of a survey: read in every shape an office sends them, refused with sentences, never kept."""

import io
import random
import time
import tracemalloc
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from app.errors import InvalidAnswers
from app.formulas import calculate
from app.formulas.satisfaction import index_of, tally
from app.survey_answers import MAX_BYTES, MAX_PROBLEMS, read_answers

from .test_satisfaction import ANSWERS, EXAMPLE

HEAD = [f"U{place}" for place in range(1, 10)]
GOOD = ["3"] * 9


def text_of(rows=ANSWERS, head=HEAD, mark=";"):
    return "\n".join(mark.join(map(str, line)) for line in [head, *rows]) + "\n"


def read(content, encoding="utf-8"):
    return read_answers(io.BytesIO(content.encode(encoding) if isinstance(content, str) else content))


def problems(content):
    with pytest.raises(InvalidAnswers) as caught:
        read(content)
    return caught.value.problems


def refusal(content):
    found = problems(content)
    assert list(found) == ["berkas"]
    return found["berkas"]


def workbook(*rows, head=HEAD):
    book = Workbook()
    for line in [head, *rows]:
        book.active.append(list(line))
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


# -- shapes --


@pytest.mark.parametrize("mark", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_the_worked_example_in_every_shape(mark, encoding, ending):
    content = text_of(mark=mark).replace("\n", ending)
    assert read(content, encoding).tally == tally(ANSWERS)


def test_the_example_fills_the_row_of_a_form():
    row = read(text_of()).as_row()
    assert row == {"responden": 10, "u1": 3.3, "u2": 3.1, "u3": 2.9, "u4": 3.9, "u5": 3.2, "u6": 3.4, "u7": 3.6, "u8": 3.1, "u9": 3.1}
    assert calculate("ikm", [row[f"u{place}"] for place in range(1, 10)]) == 82.22


def test_the_example_as_a_workbook():
    assert read(workbook(*ANSWERS)).tally == tally(ANSWERS)


def test_a_decimal_comma_is_a_comma():
    rows = [[f"{score},0" for score in person] for person in ANSWERS]
    assert read(text_of(rows)).tally == tally(ANSWERS)
    assert read(text_of(rows, mark="\t")).tally == tally(ANSWERS)
    assert read(text_of([[f'"{cell}"' for cell in row] for row in rows], mark=",")).tally == tally(ANSWERS)


def test_excel_says_what_stands_between_cells():
    assert read("sep=,\n" + text_of(mark=",")).tally == tally(ANSWERS)
    assert list(problems("sep=;\n" + text_of([[5, *GOOD[1:]]]))) == ["3.U1"]


def test_a_title_may_stand_above_the_heading():
    assert read("Survei Kepuasan; Dinas Kesehatan\n\n" + text_of()).tally.people == 10


@pytest.mark.parametrize(
    "head",
    [
        [f"u{n}" for n in range(1, 10)],
        [f"Unsur {n}" for n in range(1, 10)],
        [f"U{n}. Pertanyaan" for n in range(1, 10)],
        ["persyaratan", "prosedur", "waktu", "biaya", "produk", "kompetensi", "perilaku", "sarana", "pengaduan"],
    ],
)
def test_headings_people_write(head):
    assert read(text_of(head=head)).tally.sums == tally(ANSWERS).sums


def test_columns_may_stand_in_any_order():
    turned = [person[::-1] for person in ANSWERS]
    assert read(text_of(turned, HEAD[::-1])).tally == tally(ANSWERS)


def test_an_unsur_goes_by_its_name_where_the_number_says_another():
    head = [*HEAD[:7], "U8 Penanganan Pengaduan", "U9 Sarana dan Prasarana"]
    found = read(text_of([[*GOOD[:7], 1, 4]], head)).tally
    assert found.sums[7:] == (4, 1)  # sarana, then pengaduan


def test_a_time_stamp_is_no_unsur():
    found = read(text_of([["12/03/2026 10.42", *GOOD]], ["Waktu", *HEAD]))
    assert found.tally.sums == (3,) * 9
    assert found.notes == ("Kolom yang tidak dipakai: Waktu.",)


# -- what is kept --


def test_traits_are_counted_alike():
    head = ["Jenis Kelamin", "Usia", "Pendidikan", "Pekerjaan", *HEAD]
    rows = [["L", 34, "S1", "PNS", *GOOD], ["laki-laki", "38 tahun", "s1", "petani", *GOOD], ["Perempuan", 17, "", "Petani", *GOOD]]
    assert read(text_of(rows, head)).traits == {
        "jenis_kelamin": {"Laki-laki": 2, "Perempuan": 1},
        "usia": {"30–39 tahun": 2, "di bawah 20 tahun": 1},
        "pendidikan": {"S1": 2, "Tidak diisi": 1},
        "pekerjaan": {"Petani": 2, "PNS": 1},
    }


def test_a_blank_answer_is_told_and_leaves_the_denominator_of_its_unsur():
    found = read(text_of([["", *GOOD[1:]], [4, *GOOD[1:]], [2, *GOOD[1:]]]))
    assert found.tally.means == (3,) * 9
    assert found.notes == ("Jawaban kosong: U1 1. Tiap unsur dibagi dengan jumlah jawabannya sendiri.",)


def test_a_row_without_answers_is_no_respondent():
    found = read(text_of([["L", *GOOD], ["P", *[""] * 9], ["", *[""] * 9]], ["Jenis kelamin", *HEAD]))
    assert (found.tally.people, found.traits["jenis_kelamin"]) == (1, {"Laki-laki": 1})
    assert found.notes == ("1 baris tanpa satu pun jawaban tidak dihitung sebagai responden.",)


# -- what is refused --


@pytest.mark.parametrize("wrong", ["0", "5", "3,5", "baik", "-1", "44", ",0", "1e0", "٣", "=3", "3" + " " * 30, "x" * 200])
def test_a_value_that_is_no_score_is_named_by_line_and_column(wrong):
    (sentence,) = problems(text_of([GOOD, [*GOOD[:2], wrong, *GOOD[3:]]])).values()
    assert sentence.startswith("Baris 3, kolom U3: “") and sentence.endswith("” bukan nilai 1, 2, 3, atau 4.")
    assert len(sentence) < 100


def test_all_wrong_cells_are_counted_and_the_first_told():
    found = problems(text_of([[5] * 9] * 10))
    assert len(found) == MAX_PROBLEMS + 1 and list(found)[:2] == ["2.U1", "2.U2"]
    assert found["lagi"] == "Dan 70 lagi. Perbaiki di berkasnya, lalu unggah lagi."


def test_a_line_is_the_line_of_the_file():
    quoted = text_of([['"dua\nbaris"', *GOOD], ["x", 9, *GOOD[1:]]], ["Pendidikan", *HEAD])
    assert list(problems(quoted)) == ["4.U1"]
    assert list(problems(workbook([], GOOD, [None] * 9, [7, *GOOD[1:]]))) == ["5.U1"]


def test_missing_columns_are_named():
    assert refusal(text_of(head=[*HEAD[:6], "X", "Y", "U9"])) == (
        "Baris 1: kolom U7 (Perilaku Pelaksana), U8 (Sarana dan Prasarana) tidak ada. Kesembilan unsur harus ada."
    )


def test_a_column_there_twice_is_named():
    assert refusal(text_of([[*GOOD, 3]], [*HEAD, "u4"])) == "Baris 1: kolom U4 ada dua kali. Hapus salah satunya."


def test_without_a_heading_nothing_is_guessed():
    assert refusal(text_of(head=ANSWERS[0])).startswith("Judul kolom tidak ditemukan.")
    assert refusal("").startswith("Judul kolom tidak ditemukan.")


@pytest.mark.parametrize(
    "heading",
    ["Nama", "NAMA RESPONDEN", "nama_lengkap", "No. HP", "No WA", "Telepon", "Telp.", "Nomor WhatsApp", "E-mail", "Alamat Email", "NIK",
     "No. KTP", "Alamat", "NIP", "Kontak"],
)  # fmt: skip
def test_columns_that_say_who_somebody_is_are_refused(heading):
    sentence = refusal(text_of([["x", *GOOD]], [heading, *HEAD]))
    assert f"“{heading}” memuat data pribadi responden" in sentence and "UU 27/2022" in sentence


@pytest.mark.parametrize("heading", ["Nama Unit Layanan", "Nama OPD", "Jenis Layanan", "Kategori"])
def test_columns_about_the_service_are_skipped(heading):
    assert read(text_of([["x", *GOOD]], [heading, *HEAD])).notes == (f"Kolom yang tidak dipakai: {heading}.",)


@pytest.mark.parametrize("value", ["081234567890", "+62 812-3456-7890", "0812 3456 7890", "2171010101900001", "siti@example.id"])
@pytest.mark.parametrize("heading", ["Kolom 1", "Pekerjaan"])
def test_a_phone_number_under_another_heading_is_refused(heading, value):
    sentence = refusal(text_of([["", *GOOD], [value, *GOOD]], [heading, *HEAD]))
    assert sentence.startswith("Baris 3: kolom ") and value not in sentence


def test_free_words_are_no_trait():
    found = problems(text_of([[f"orang {n}", *GOOD] for n in range(201)], ["Pekerjaan", *HEAD]))
    assert list(found) == ["202.pekerjaan"] and "lebih dari 200 jawaban" in found["202.pekerjaan"]


def test_more_cells_than_headings_are_told():
    """ "3,0" between commas."""
    (sentence,) = problems(text_of([[*GOOD, 0]], mark=",")).values()
    assert sentence == "Baris 2, kolom terakhir: ada 10 sel, judulnya 9. Untuk koma desimal, pisahkan sel dengan titik koma."


def test_nobody_answered():
    assert refusal(text_of([])).startswith("Berkas ini belum berisi jawaban.")
    assert refusal(text_of([[""] * 9, [" "] * 9])).startswith("Berkas ini belum berisi jawaban.")
    assert refusal(text_of([[*GOOD[:3], "", *GOOD[4:]]])).startswith("Tidak ada satu pun jawaban untuk U4.")


# -- hostile files --


@pytest.mark.parametrize(
    "content",
    [
        b"\x00" * 100,
        b"\x81\x8d\x8f" * 10,
        b"\xff\xfeU",
        b"\xff\xfe\x00\xd8\x00\xd8",
        text_of().encode() + b'"' + b"3;" * 5000,
        text_of().encode() + b'"' + b"3\n" * 5000,
        text_of().encode() + b'"a"b;3\n',
        b"U1;U2;" + b";" * 30_000,
        b"PK\x03\x04" + b"\x00" * 100,
    ],
)
def test_what_is_no_table_is_refused_in_words(content):
    assert refusal(content).startswith(("Berkas ini tidak dapat dibaca", "Berkas Excel ini tidak dapat dibaca", "Judul kolom tidak"))


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_any_bytes_give_answers_or_sentences(content):
    for whole in (content, text_of().encode() + content):
        try:
            read(whole)
        except InvalidAnswers as error:
            assert error.problems and all(error.problems.values())


def test_a_file_too_large_is_not_read():
    class Large(io.BytesIO):
        def seek(self, offset, whence=0):
            return MAX_BYTES + 1 if whence == 2 else super().seek(offset, whence)

    with pytest.raises(InvalidAnswers, match="Paling besar 25 MB"):
        read_answers(Large())


def test_the_file_stays_open():
    file = io.BytesIO(text_of().encode())
    read_answers(file)
    assert not file.closed


# -- large files --


def large(rows, chance):
    people = [chance.choices((1, 2, 3, 4), (1, 2, 5, 4), k=9) for _ in range(rows)]
    head = ["Jenis kelamin", "Usia", *HEAD]
    return people, text_of([[chance.choice("LP"), chance.randint(17, 80), *person] for person in people], head).encode()


def test_a_hundred_thousand_rows_in_a_few_seconds():
    people, content = large(100_000, random.Random(7))
    started = time.process_time()
    found = read(content)
    assert time.process_time() - started < 5  # of CPU; a third of a second on a quiet machine
    assert index_of(found.tally.means) == Fraction(sum(map(sum, people)) * 25, 900_000)


def test_rows_pass_through_memory_one_at_a_time():
    _people, content = large(20_000, random.Random(7))
    file = io.BytesIO(content)
    tracemalloc.start()
    read_answers(file)
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < len(content) // 2 < 400_000  # the cells of all rows would be twenty times that


def test_one_row_more_than_allowed_is_told(monkeypatch):
    monkeypatch.setattr("app.survey_answers.MAX_ROWS", 10)
    monkeypatch.setattr("app.survey_answers.MAX_WORKBOOK_ROWS", 10)
    assert read(text_of()).tally.people == read(workbook(*ANSWERS)).tally.people == 10
    assert "lebih dari 10 baris" in refusal(text_of([*ANSWERS, GOOD]))
    assert refusal(workbook(*ANSWERS, GOOD)).endswith("Simpan sebagai CSV, lalu unggah lagi.")


def test_a_file_of_nothing_but_blank_lines_is_not_read_to_its_end():
    assert refusal(text_of([]) + "\n" * 1_100_000).startswith("Berkas ini memuat terlalu banyak baris kosong.")


def test_ten_thousand_rows_fit_a_workbook():
    people = [list(map(int, str(EXAMPLE[n % 10]))) for n in range(10_000)]
    started = time.process_time()
    assert read(workbook(*people)).tally.sums == tuple(1000 * total for total in tally(ANSWERS).sums)
    assert time.process_time() - started < 20
