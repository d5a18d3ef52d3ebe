"""Rows held until the end of the transaction."""

from django.db import models


class LockingQuerySet(models.QuerySet):
    """Of every noun that an action changes."""

    def locked(self, pk: int, **more):
        """The row as it is now; nobody else changes it before this transaction ends."""
        return self.select_for_update(of=("self",)).get(pk=pk, **more)
