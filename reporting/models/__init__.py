"""What is counted and what leaves as a file."""

from reporting.models.word_frames import WordFrame

from .data_forms import DataField, DataForm, DataItem
from .export_filters import FileKind
from .exports import LEASE, MAX_ATTEMPTS, Export
from .figure_sources import FigureSource
from .reports import IN_THIS_CENTURY, SIGNING, PeriodicReport, ReportRound, ReportVersion
from .requests import (
    Closing,
    DataRequest,
    DataSheet,
    DataValue,
    EntryException,
    SheetVersion,
)

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
