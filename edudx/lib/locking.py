"""Rows held until the end of the transaction."""

from django.db import models

from edudx.lib import workflow


class LockingQuerySet(models.QuerySet):
    """Of every noun that an action changes."""

    def related(self, name: str) -> models.QuerySet:
        """All rows of the nouns that point here by `name`; their module may import this one's."""
        return self.model._meta.get_field(name).related_model.objects.all()

    def locked(self, pk: int, **more):
        """The row as it is now; nobody else changes it before this transaction ends."""
        return self.select_for_update(of=("self",)).get(pk=pk, **more)

    def take(self, step: str, **changes) -> int:
        """One step in one UPDATE, of the rows that are where it begins; how many they were."""
        transition = workflow.named(self.model.transitions, step)
        return self.filter(state__in=transition.sources).update(state=transition.target, **changes)
