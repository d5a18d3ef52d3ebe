"""What is counted and what leaves as a file."""

from reporting.models.closings import Closing
from reporting.models.reports import SIGNING, PeriodicReport, ReportVersion
from reporting.models.requests import DataRequest
from reporting.models.rounds import IN_THIS_CENTURY, ReportRound
from reporting.models.sheets import DataSheet, DataValue, EntryException, SheetVersion
from reporting.models.word_frames import WordFrame

from .data_forms import DataField, DataForm, DataItem
from .export_filters import FileKind
from .exports import LEASE, MAX_ATTEMPTS, Export
from .figure_sources import FigureSource

__all__ = [
    "IN_THIS_CENTURY",
    "LEASE",
    "MAX_ATTEMPTS",
    "SIGNING",
    "Closing",
    "DataField",
    "DataForm",
    "DataItem",
    "DataRequest",
    "DataSheet",
    "DataValue",
    "EntryException",
    "Export",
    "FigureSource",
    "FileKind",
    "PeriodicReport",
    "ReportRound",
    "ReportVersion",
    "SheetVersion",
    "WordFrame",
]
