"""What may run: a drawing with its forms, taken apart without running anything in it.

Knows no database and no web, so that the child process that does it for strangers' files starts quickly (docs/decisions/0007).
"""

from app.checking.apart import check_apart
from app.checking.bundle import Bundle, Called, bundle_from_files, forms_named, oversize, read_bundle
from app.checking.verdict import check

__all__ = ["Bundle", "Called", "bundle_from_files", "check", "check_apart", "forms_named", "oversize", "read_bundle"]
