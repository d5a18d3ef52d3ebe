"""An order for a file, and what its builder says of it: the same for the worker and a shell."""

from dataclasses import dataclass
from pathlib import Path

from django.utils import timezone

from reporting.documents.table import Progress, silent
from reporting.models.export_filters import Filters
from schools.models import OrgUnit, User


def name_of(asked_by: User | None) -> str:
    """As files say it; nobody is a shell."""
    return asked_by.full_name if asked_by else "dòng lệnh"


@dataclass(frozen=True)
class Order:
    """What is built, over which part of the tree, for whom and into which file."""

    filters: Filters
    title: str
    unit: OrgUnit
    format: str
    target: Path
    asked_by: User | None = None
    progress: Progress = silent

    @property
    def header(self) -> list[str]:
        """Time, scope and who asked: in every file that leaves."""
        return [
            self.title,
            f"Phạm vi: {self.unit.name} · Lập lúc {timezone.localtime():%H:%M %d/%m/%Y} · "
            f"Người yêu cầu: {name_of(self.asked_by)}",
        ]


@dataclass(frozen=True)
class Built:
    """The beginning of the file's name, and how many units are in it."""

    stem: str
    units: int
