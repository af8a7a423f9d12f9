"""What leaves the app as a file: the events of cases as a table (CSV) and as an event log for process mining (XES)."""

from app.documents.csv_table import as_csv
from app.documents.event_log import Entry, Trace, traces_of
from app.documents.xes import as_xes

__all__ = ["Entry", "Trace", "as_csv", "as_xes", "traces_of"]
