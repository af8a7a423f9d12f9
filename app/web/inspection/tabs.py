"""The pages of one case, in the order of their tabs."""

# (endpoint, words); each endpoint takes instance_id.
TABS: tuple[tuple[str, str], ...] = (
    ("inspection.summary", "Ringkasan"),
    ("replay.show", "Jalur"),
    ("inspection.rows", "Baris SOP"),
    ("inspection.timeline", "Linimasa"),
    ("inspection.files", "Berkas"),
    ("inspection.integrity", "Keutuhan"),
)
