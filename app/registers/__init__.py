"""Register Dokumen OPD: which OPD has sent which kind of document, by year. "Pencatatan dan Pendataan" of the SOPs."""

from app.registers.reading import Entry, Register, UnitLine, register
from app.registers.workbook import as_workbook, defused

__all__ = ["Entry", "Register", "UnitLine", "as_workbook", "defused", "register"]
