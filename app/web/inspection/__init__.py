"""Pemeriksaan: the auditor's pages. They read everything and write nothing; even what is checked on demand is a GET."""

from app.web.inspection import exporting
from app.web.inspection.routes import bp

# Routes that have a module of their own; importing it is what adds them.
MORE_PAGES = (exporting,)

__all__ = ["bp"]
