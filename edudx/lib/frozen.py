"""Rows that never change again, held by the database itself: not even the shell gets round it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import AppConfig
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.db.models.signals import post_migrate, pre_delete

from edudx.lib.constraints import SPOKEN


@dataclass(frozen=True)
class Frozen:
    """Refuse an UPDATE that changes one of `columns`, or an INSERT when `columns` is empty.

    `when` is an SQL condition on OLD (or NEW for inserts) that both databases read alike.
    """

    name: str
    table: str
    columns: tuple[str, ...]
    message: str
    when: str = ""

    def condition(self, vendor: str) -> str:
        differs = "IS DISTINCT FROM" if vendor == "postgresql" else "IS NOT"
        changed = " OR ".join(f'OLD."{name}" {differs} NEW."{name}"' for name in self.columns)
        parts = [f"({part})" for part in (self.when, changed) if part]
        return " AND ".join(parts)

    @property
    def event(self) -> str:
        return "UPDATE" if self.columns else "INSERT"

    def statements(self, vendor: str) -> list[str]:
        condition, message = self.condition(vendor), self.message.replace("'", "''")
        if vendor == "postgresql":
            return [
                f"CREATE OR REPLACE FUNCTION {self.name}() RETURNS trigger AS $$ BEGIN "
                f"IF {condition} THEN RAISE EXCEPTION '{message}' USING ERRCODE = '23514'; "
                "END IF; RETURN NEW; END $$ LANGUAGE plpgsql",
                f'DROP TRIGGER IF EXISTS {self.name} ON "{self.table}"',
                f'CREATE TRIGGER {self.name} BEFORE {self.event} ON "{self.table}" '
                f"FOR EACH ROW EXECUTE FUNCTION {self.name}()",
            ]
        return [
            f"DROP TRIGGER IF EXISTS {self.name}",
            f'CREATE TRIGGER {self.name} BEFORE {self.event} ON "{self.table}" '
            f"WHEN {condition} BEGIN SELECT RAISE(ABORT, '{message}'); END",
        ]


def install(app: AppConfig, frozen: Iterable[Frozen]) -> None:
    """Put the triggers in place after every migration of the app."""
    rows = tuple(frozen)
    SPOKEN.update(row.message for row in rows)

    def create(using: str, **kwargs: object) -> None:
        from django.db import connections

        connection = connections[using]
        with connection.cursor() as cursor:
            there = connection.introspection.table_names(cursor)  # fewer after migrating back
            for row in (one for one in rows if one.table in there):
                for statement in row.statements(connection.vendor):
                    cursor.execute(statement)

    post_migrate.connect(create, sender=app, weak=False, dispatch_uid=f"frozen {app.label}")


def never_deleted(
    models: Iterable[type[Model]], allowed: Callable[[Any], bool] = lambda _: False
) -> None:
    """Refuse every deletion through the ORM of rows for which `allowed` is false."""

    def refuse(sender: type[Model], instance: Model, **kwargs: object) -> None:
        if not allowed(instance):
            raise ValidationError(f"Không được xóa «{instance}»: dữ liệu này phải được lưu giữ.")

    for model in models:
        pre_delete.connect(refuse, sender=model, weak=False, dispatch_uid=f"kept {model.__name__}")
