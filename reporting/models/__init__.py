"""What is counted and what leaves as a file."""

from .data_forms import DataField, DataForm, DataItem
from .exports import LEASE, MAX_ATTEMPTS, Export
from .reports import PeriodicReport, ReportRound, ReportVersion
from .requests import (
    Closing,
    DataRequest,
    DataSheet,
    DataValue,
    EntryException,
    SheetVersion,
)
from .word_templates import WordTemplate

__all__ = [
    "LEASE",
    "MAX_ATTEMPTS",
    "Closing",
    "DataField",
    "DataForm",
    "DataItem",
    "DataRequest",
    "DataSheet",
    "DataValue",
    "EntryException",
    "Export",
    "PeriodicReport",
    "ReportRound",
    "ReportVersion",
    "SheetVersion",
    "WordTemplate",
]
