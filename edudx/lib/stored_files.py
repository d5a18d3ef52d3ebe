"""Files on disk and the rows that name them: no bytes stay that no row names.

A file is written before its row is committed, so that there is never a row without its file. When
the transaction fails, the file goes at the end of the request or job; when the process is killed in
between, `sweep` finds it a day later. A file that a row names is never touched.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from django.apps import apps
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import DatabaseError, models

log = logging.getLogger(__name__)
BATCH = 200
DOUBTFUL = 100  # more orphans than this, and than named files: it is the wrong database
written: ContextVar[list[str] | None] = ContextVar("written", default=None)


class WatchedStorage(FileSystemStorage):
    """Notes what a request or job writes, for the look at its rows in the end."""

    def save(self, name: str | None, content: Any, max_length: int | None = None) -> str:
        kept = super().save(name, content, max_length)
        names = written.get()
        if names is not None:
            names.append(kept)
        return kept


@contextmanager
def watched() -> Iterator[None]:
    """Around a request or job: what it wrote and no row names goes when it is over."""
    names: list[str] = []
    token = written.set(names)
    try:
        yield
    finally:
        written.reset(token)
        if names:
            _drop_unnamed(names)


def _drop_unnamed(names: list[str]) -> None:
    try:
        orphans = set(names) - named(names)
    except DatabaseError:  # it is away, or the transaction around is lost: the sweep comes later
        log.warning("Files wait for the sweep: %s", names)
        return
    for name in orphans:
        log.info("A file without its row is removed: %s", name)
        default_storage.delete(name)


def named(names: list[str]) -> set[str]:
    """Those of these files that some row names."""
    found: set[str] = set()
    for start in range(0, len(names), BATCH):
        some = names[start : start + BATCH]
        for model, field in _fields():
            rows = model._base_manager.filter(**{f"{field}__in": some})
            found.update(rows.values_list(field, flat=True))
    return found


def _fields() -> Iterator[tuple[type[models.Model], str]]:
    for model in apps.get_models():
        for field in model._meta.get_fields():
            if isinstance(field, models.FileField):
                yield model, field.name


def sweep(older_than: datetime) -> int:
    """Remove files written before that moment which no row names; how many they were."""
    old = [name for name in _stored("") if _is_older(name, older_than)]
    orphans = set(old) - named(old)
    if len(orphans) > max(DOUBTFUL, len(old) - len(orphans)):
        log.error("%s of %s files have no row: is this the right database?", len(orphans), len(old))
        return 0
    return sum(_remove(name) for name in sorted(orphans))


def _is_older(name: str, moment: datetime) -> bool:
    try:
        return default_storage.get_modified_time(name) < moment
    except OSError:  # gone meanwhile
        return False


def _remove(name: str) -> bool:
    """This file alone: one that cannot be removed stops no other and is met again in an hour."""
    log.warning("A file that no row names is removed: %s", name)
    try:
        default_storage.delete(name)
    except OSError as fault:
        log.error("%s cannot be removed: %s", name, fault)
        return False
    return True


def _stored(folder: str) -> Iterator[str]:
    """Every file below a folder of the storage, but hidden ones."""
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:  # nothing was ever kept
        return
    for name in files:
        if not name.startswith("."):
            yield f"{folder}{name}"
    for name in folders:
        yield from _stored(f"{folder}{name}/")
