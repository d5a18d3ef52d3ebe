"""What a file is asked with: a record a kind, kept as JSON in the row of its export.

A row waits in the queue over an upgrade, so every shape that was ever kept is read: a key that came
later has a default, one that nobody knows is passed over.
"""

import re
from dataclasses import asdict, dataclass
from datetime import date
from typing import ClassVar, Self

from django.db import models

from plans.boards.units import EVERYTHING, BoardFilter


class FileKind(models.TextChoices):
    """The files that are asked for and built at a time; each has its record and its builder."""

    CONSOLIDATED = "consolidated-maturity", "Tổng hợp mức độ chuyển đổi số"
    PLAN_BOARD = "plan-board", "Bảng theo dõi"
    ROAD_MAP = "road-map", "Lộ trình"
    PLAN = "plan", "Kế hoạch"
    MONTH = "month", "Lịch nhiệm vụ"
    FIGURES = "data-rollup", "Tổng hợp số liệu"
    REPORT = "period-report", "Báo cáo định kỳ"
    LETTER = "call-letter", "Công văn đôn đốc"
    EVIDENCE = "evidence-list", "Danh mục minh chứng"


class Across(models.TextChoices):
    """What the rows of a roll-up are."""

    FIGURES = "figures", "Chỉ tiêu"
    OFFICES = "offices", "Đơn vị"


class FiltersUnreadable(ValueError):
    """A row does not say what its kind is asked with; the text is for who waits for the file."""

    def __init__(self, why: str) -> None:
        super().__init__(f"Yêu cầu lập tệp không đọc được ({why}). Hãy yêu cầu lại.")


@dataclass(frozen=True)
class Filters:
    """The record of one kind."""

    kind: ClassVar[FileKind]

    def to_json(self) -> dict:
        return asdict(self)

    @classmethod
    def from_json(cls, kept: dict) -> Self:
        raise NotImplementedError


@dataclass(frozen=True)
class ConsolidatedFilters(Filters):
    """The round by its code."""

    kind = FileKind.CONSOLIDATED
    campaign: str

    @classmethod
    def from_json(cls, kept: dict) -> Self:
        return cls(_text(kept, "campaign"))


@dataclass(frozen=True)
class PlanBoardFilters(Filters):
    """The first rows were of the whole board and said nothing of `chosen`."""

    kind = FileKind.PLAN_BOARD
    plan: int
    chosen: BoardFilter = EVERYTHING

    @classmethod
    def from_json(cls, kept: dict) -> Self:
        chosen = kept.get("chosen", {})
        if not isinstance(chosen, dict):
            raise FiltersUnreadable("sai «chosen»")
        words = {name: _text(chosen, name, "") for name in ("tim", "loai", "loc")}
        return cls(_key(kept, "plan"), BoardFilter.of(words))


@dataclass(frozen=True)
class RoadMapFilters(Filters):
    """Older rows also hold `chosen`, which never changed anything in a road map."""

    kind = FileKind.ROAD_MAP
    plan: int

    @classmethod
    def from_json(cls, kept: dict) -> Self:
        return cls(_key(kept, "plan"))


@dataclass(frozen=True)
class PlanFilters(Filters):
    """The plan itself, as it is signed."""

    kind = FileKind.PLAN
    plan: int

    @classmethod
    def from_json(cls, kept: dict) -> Self:
        return cls(_key(kept, "plan"))


@dataclass(frozen=True)
class MonthFilters(Filters):
    """`first` is the first day of the month, kept as «2026-09»."""

    kind = FileKind.MONTH
    first: date

    def to_json(self) -> dict:
        return {"month": f"{self.first:%Y-%m}"}

    @classmethod
    def from_json(cls, kept: dict) -> Self:
        month = _text(kept, "month")
        if not re.fullmatch(r"20[0-9]{2}-(0[1-9]|1[0-2])", month):
            raise FiltersUnreadable("sai «month»")
        return cls(date.fromisoformat(f"{month}-01"))


@dataclass(frozen=True)
class FiguresFilters(Filters):
    """A data request; the first rows had no `across`, their rows were figures."""

    kind = FileKind.FIGURES
    request: int
    across: Across = Across.FIGURES

    @classmethod
    def from_json(cls, kept: dict) -> Self:
        across = _text(kept, "across", Across.FIGURES.value)
        if across not in Across.values:
            raise FiltersUnreadable("sai «across»")
        return cls(_key(kept, "request"), Across(across))


@dataclass(frozen=True)
class ReportFilters(Filters):
    """A periodic report: what was handed in under this number, or its draft. A row that does not
    say which is refused: a draft is for its writers alone.
    """

    kind = FileKind.REPORT
    report: int
    version: int | None

    @classmethod
    def from_json(cls, kept: dict) -> Self:
        is_draft = "version" in kept and kept["version"] is None
        return cls(_key(kept, "report"), None if is_draft else _key(kept, "version"))


@dataclass(frozen=True)
class LetterFilters(Filters):
    """A task somebody is late with, and what the office says and signs; see LetterForm."""

    kind = FileKind.LETTER
    task: int
    until: str
    number: str = ""
    signed_on: date | None = None
    authority: str = ""
    signer_post: str = ""
    signer_name: str = ""

    def to_json(self) -> dict:
        day = self.signed_on.isoformat() if self.signed_on else ""
        return asdict(self) | {"signed_on": day}

    @classmethod
    def from_json(cls, kept: dict) -> Self:
        words = ("number", "authority", "signer_post", "signer_name")
        return cls(
            task=_key(kept, "task"), until=_text(kept, "until"), signed_on=_day(kept, "signed_on"),
            **{name: _text(kept, name, "") for name in words},
        )  # fmt: skip


@dataclass(frozen=True)
class EvidenceFilters(Filters):
    """A self-assessment."""

    kind = FileKind.EVIDENCE
    assessment: int

    @classmethod
    def from_json(cls, kept: dict) -> Self:
        return cls(_key(kept, "assessment"))


RECORDS: dict[str, type[Filters]] = {
    one.kind: one
    for one in (
        ConsolidatedFilters, PlanBoardFilters, RoadMapFilters, PlanFilters, MonthFilters,
        FiguresFilters, ReportFilters, LetterFilters, EvidenceFilters,
    )
}  # fmt: skip


def read(kind: str, kept: object) -> Filters:
    """The record of a row. FiltersUnreadable when the row says something else."""
    if kind not in RECORDS:
        raise FiltersUnreadable(f"không có loại tệp «{kind}»")
    if not isinstance(kept, dict):
        raise FiltersUnreadable("sai bộ lọc")
    return RECORDS[kind].from_json(kept)


def _key(kept: dict, name: str) -> int:
    found = kept.get(name)
    if type(found) is not int or found < 1:
        raise FiltersUnreadable(f"{'sai' if name in kept else 'thiếu'} «{name}»")
    return found


def _text(kept: dict, name: str, default: str | None = None) -> str:
    found = kept.get(name, default)
    if not isinstance(found, str):
        raise FiltersUnreadable(f"{'sai' if name in kept else 'thiếu'} «{name}»")
    return found


def _day(kept: dict, name: str) -> date | None:
    text = _text(kept, name, "")
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as fault:
        raise FiltersUnreadable(f"sai «{name}»") from fault
