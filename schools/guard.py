"""The rows of a periodic job, each on its own: one that fails is written down, the others go on."""

import logging
from collections.abc import Callable, Iterable, Sequence
from typing import Protocol, TypeVar

from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from schools.models import JobFault

log = logging.getLogger(__name__)
MOST_TRACES = 20  # of one run; a line each for those after them


class Numbered(Protocol):
    @property
    def pk(self) -> int: ...


Row = TypeVar("Row", bound=Numbered)


class Guard:
    """One run of a job over rows of a model: knows which rest, remembers which fail."""

    def __init__(self, job: str, model: type[Model]) -> None:
        self.job, self.model, self.failed = job, model, 0
        faults = JobFault.objects.of(job, model)
        self.troubled = set(faults.values_list("subject_id", flat=True))
        self.resting = set(faults.resting(timezone.now()).values_list("subject_id", flat=True))

    def each(self, pks: Iterable[int], do: Callable[[int], int]) -> int:
        """`do` for every row, each in a transaction of its own; the sum of what they say."""
        return sum(self._alone(pk, do) for pk in pks if pk not in self.resting)

    def together(self, rows: Sequence[Row], do: Callable[[Sequence[Row]], int]) -> int:
        """`do` for all of them at once; when that fails in halves, down to the row at fault."""
        return self._halves([row for row in rows if row.pk not in self.resting], do)

    def _alone(self, pk: int, do: Callable[[int], int]) -> int:
        try:
            with transaction.atomic():
                done = do(pk)
        except Exception as fault:
            self._remember(pk, fault)
            return 0
        self._forget([pk])
        return done

    def _halves(self, rows: Sequence[Row], do: Callable[[Sequence[Row]], int]) -> int:
        if not rows:
            return 0
        try:
            with transaction.atomic():
                done = do(rows)
        except Exception as fault:
            if len(rows) == 1:
                self._remember(rows[0].pk, fault)
                return 0
            half = len(rows) // 2
            return self._halves(rows[:half], do) + self._halves(rows[half:], do)
        self._forget([row.pk for row in rows])
        return done

    def _remember(self, pk: int, fault: Exception) -> None:
        """A base that is away fails here once more, and with it the whole run: it comes again."""
        row = JobFault.objects.remember(self.job, self.model, pk, fault)
        self.failed += 1
        trace = fault if self.failed <= MOST_TRACES else None
        log.error(
            "%s: %s %s failed, try %s: %s",
            self.job, self.model.__name__, pk, row.tries, row.fault, exc_info=trace,
        )  # fmt: skip

    def _forget(self, pks: list[int]) -> None:
        if settled := self.troubled.intersection(pks):
            JobFault.objects.of(self.job, self.model).filter(subject_id__in=settled).delete()
            self.troubled -= settled
