"""Rows held until the end of the transaction."""

from collections.abc import Iterable
from typing import Any, TypeVar

from django.db import models

from edudx.lib import workflow

Noun = TypeVar("Noun", bound=models.Model, covariant=True)


class LockingQuerySet(models.QuerySet[Noun]):
    """Of every noun that an action changes."""

    def related(self, name: str) -> Any:
        """All rows of the nouns that point here by `name`; their module may import this one's."""
        kind: Any = self.model._meta.get_field(name).related_model
        return kind.objects.all()

    def locked(self, pk: int, **more: object) -> Noun:
        """The row as it is now; nobody else changes it before this transaction ends."""
        return self.select_for_update(of=("self",)).get(pk=pk, **more)

    def all_locked(self, rows: Iterable[models.Model]) -> list[Noun]:
        """These rows as they are now, held from the lowest number on: two who hold some of the same
        never wait for each other in a circle.
        """
        held = self.select_for_update(of=("self",)).filter(pk__in=[one.pk for one in rows])
        return list(held.order_by("pk"))

    def take(self, step: str, **changes: object) -> int:
        """One step in one UPDATE, of the rows that are where it begins; how many they were."""
        transition = workflow.named(workflow.arrows_of(self.model), step)
        return self.filter(state__in=transition.sources).update(state=transition.target, **changes)
