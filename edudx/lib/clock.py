"""What time it is for whoever acts: now; in the demo, the moment that is told."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils import timezone

if TYPE_CHECKING:
    MomentColumn = models.DateTimeField[datetime, datetime]
else:
    MomentColumn = models.DateTimeField

_told: ContextVar[datetime | None] = ContextVar("told", default=None)


def now() -> datetime:
    return _told.get() or timezone.now()


def today() -> date:
    return timezone.localdate(now())


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Verbs inside act at this moment. For the demo alone: what people do is done now."""
    token = _told.set(moment)
    try:
        yield
    finally:
        _told.reset(token)


class MomentField(MomentColumn):
    """`auto_now` and `auto_now_add` by this clock; for migrations a DateTimeField."""

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.DateTimeField", args, kwargs

    def pre_save(self, instance: models.Model, add: bool) -> datetime:
        if self.auto_now or (self.auto_now_add and add):
            setattr(instance, self.attname, now())
        moment: datetime = getattr(instance, self.attname)
        return moment
