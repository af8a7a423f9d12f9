"""Capaian kinerja and serapan anggaran."""

from decimal import Decimal

from app.formulas.bands import TABLES, read_bands

HIGHER = "tinggi"
LOWER = "rendah"
POLARITIES = frozenset({HIGHER, LOWER})
CLASSES = read_bands(TABLES["capaian"])


def capaian(realisasi: Decimal, target: Decimal, polaritas: object = HIGHER) -> Decimal | None:
    """Capaian kinerja in percent, not capped; None where the target is not above zero: then people judge it by hand.

    "tinggi" (higher is better): realisasi / target x 100. "rendah" (lower is better): (2 x target - realisasi) / target x 100.
    A negative target has no share that means anything: with -2 meant and -1 reached, both formulas call the better year half done.
    Source: laporan kinerja under Perpres 29/2014 and PermenPAN-RB 53/2014, lampiran II (perbandingan target dan realisasi); of the
    two usual forms for "rendah" this is the one that stays linear.
    Vectors: 90 of 100 -> 90; 120 of 100 -> 120; lower is better, 8 for at most 10 -> 120; 12 for at most 10 -> 80; 25 for 10 -> -50.
    """
    if target <= 0:
        return None
    reached = 2 * target - realisasi if polaritas == LOWER else realisasi
    return reached / target * 100


def kelas_capaian(realisasi: Decimal, target: Decimal, polaritas: object = HIGHER) -> str | None:
    """The class of a capaian: the true value is printed, above 100 it is simply in the highest class.

    The table of the regulation is in whole per cent (76-90, 91-100) and says nothing of 90.5. So the value is rounded to whole per
    cent first, half up: 90.5 is 91, 90.49 is 90. Below zero it is in the lowest class.
    Source: Permendagri 86/2017, skala nilai peringkat kinerja; `tables.toml`.
    Vectors: 91 -> Sangat tinggi; 90.5 -> Sangat tinggi; 90.49 -> Tinggi; 75.5 -> Tinggi; 65.5 -> Sedang; 50.5 -> Rendah; 50.49, -50 ->
    Sangat rendah; 130 -> Sangat tinggi.
    """
    reached = capaian(realisasi, target, polaritas)
    return None if reached is None else CLASSES.of(reached).words


def serapan(realisasi: Decimal, pagu: Decimal) -> Decimal | None:
    """Budget absorbed, in percent: realisasi / pagu x 100; None where there is no pagu.

    Source: realisasi anggaran in the laporan kinerja, PermenPAN-RB 53/2014, lampiran II, bab III.B.
    Vectors: 950 of 1,000 -> 95; 0 of 1,000 -> 0; 1 of 3 -> 33.33.
    """
    return realisasi / pagu * 100 if pagu > 0 else None
