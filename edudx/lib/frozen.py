"""Rows that never change or go again, held by the database itself: no shell gets round it.

Only inside `erasure`, which two people open with a reason, may a kept row be deleted.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Protocol

from django.apps import AppConfig
from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.models import Model
from django.db.models.signals import post_migrate, pre_delete
from simple_history.models import HistoricalChanges

from edudx.lib.constraints import SPOKEN

KEPT = "Dữ liệu này phải được lưu giữ, không được xóa"
REFUSED = "23514"  # PostgreSQL's code of a broken check: Django's IntegrityError
# The deed, while it is open: a setting of the transaction; in SQLite a row that is gone before the
# commit, so that no other connection sees it.
LIFTED = {
    "postgresql": "coalesce(current_setting('edudx.deed', true), '') = 'erasure'",
    "sqlite": "EXISTS (SELECT 1 FROM edudx_deed)",
}
OPEN = {
    "postgresql": "SELECT set_config('edudx.deed', 'erasure', true)",
    "sqlite": "INSERT INTO edudx_deed (name) VALUES ('erasure')",
}
CLOSE = {
    "postgresql": "SELECT set_config('edudx.deed', '', true)",
    "sqlite": "DELETE FROM edudx_deed",
}
_is_erasing: ContextVar[bool] = ContextVar("is_erasing", default=False)


class Rule(Protocol):
    """What the database is told about one table after every migration."""

    @property
    def table(self) -> str: ...

    @property
    def message(self) -> str: ...

    @property
    def columns(self) -> tuple[str, ...]: ...

    def statements(self, vendor: str) -> list[str]: ...


@dataclass(frozen=True)
class Frozen:
    """Refuse an UPDATE that changes one of `columns` or the key, or an INSERT where there are none.

    `when` is an SQL condition on OLD (or NEW for inserts) that both databases read alike.
    """

    name: str
    table: str
    columns: tuple[str, ...]
    message: str
    when: str = ""

    def condition(self, vendor: str) -> str:
        differs = "IS DISTINCT FROM" if vendor == "postgresql" else "IS NOT"
        names = ("id", *self.columns) if self.columns else ()
        changed = " OR ".join(f'OLD."{name}" {differs} NEW."{name}"' for name in names)
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
                f"IF {condition} THEN RAISE EXCEPTION '{message}' USING ERRCODE = '{REFUSED}'; "
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


@dataclass(frozen=True)
class Kept:
    """Refuse to DELETE a row (only those of which `when` holds of OLD) or to TRUNCATE the table."""

    table: str
    when: str = ""
    message: str = KEPT
    columns: tuple[str, ...] = ()

    def statements(self, vendor: str) -> list[str]:
        name = f"kept_{self.table}"
        parts = [f"({part})" for part in (self.when, f"NOT {LIFTED[vendor]}") if part]
        condition = " AND ".join(parts)
        if vendor == "postgresql":
            refuse = f"RAISE EXCEPTION '{KEPT}' USING ERRCODE = '{REFUSED}'"
            return [
                f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger AS $$ BEGIN "
                f"IF TG_OP = 'TRUNCATE' THEN IF NOT {LIFTED[vendor]} THEN {refuse}; END IF; "
                f"RETURN NULL; END IF; IF {condition} THEN {refuse}; END IF; "
                "RETURN OLD; END $$ LANGUAGE plpgsql",
                f'DROP TRIGGER IF EXISTS {name} ON "{self.table}"',
                f'CREATE TRIGGER {name} BEFORE DELETE ON "{self.table}" '
                f"FOR EACH ROW EXECUTE FUNCTION {name}()",
                f'DROP TRIGGER IF EXISTS {name}_whole ON "{self.table}"',
                f'CREATE TRIGGER {name}_whole BEFORE TRUNCATE ON "{self.table}" '
                f"FOR EACH STATEMENT EXECUTE FUNCTION {name}()",
            ]
        return [
            "CREATE TABLE IF NOT EXISTS edudx_deed (name text NOT NULL)",
            CLOSE[vendor],
            f"DROP TRIGGER IF EXISTS {name}",
            f'CREATE TRIGGER {name} BEFORE DELETE ON "{self.table}" '
            f"WHEN {condition} BEGIN SELECT RAISE(ABORT, '{KEPT}'); END",
        ]


def install(app: AppConfig, rules: Iterable[Rule], what: str = "frozen") -> None:
    """Put the triggers in place after every migration of the app."""
    told = tuple(rules)
    SPOKEN.update(one.message for one in told)

    def create(using: str, **kwargs: object) -> None:
        connection = connections[using]
        with connection.cursor() as cursor:
            for rule in (one for one in told if _is_there(one, connection, cursor)):
                for statement in rule.statements(connection.vendor):
                    cursor.execute(statement)

    post_migrate.connect(create, sender=app, weak=False, dispatch_uid=f"{what} {app.label}")


def _is_there(rule: Rule, connection: Any, cursor: Any) -> bool:
    """After migrating back a table or a column of the rule may be gone."""
    if rule.table not in connection.introspection.table_names(cursor):
        return False
    cursor.execute(f'SELECT * FROM "{rule.table}" WHERE 1 = 0')  # noqa: S608 a name of our own
    return {one[0] for one in cursor.description}.issuperset(rule.columns)


def never_deleted(
    app: AppConfig,
    models: Iterable[type[Model]],
    allowed: Callable[[Any], bool] = lambda _: False,
    when: str = "",
) -> None:
    """Refuse every deletion of rows for which `allowed` is false; `when` says the same in SQL."""

    def refuse(sender: type[Model], instance: Model, **kwargs: object) -> None:
        if not (_is_erasing.get() or allowed(instance)):
            raise ValidationError(f"Không được xóa «{instance}»: dữ liệu này phải được lưu giữ.")

    kept = tuple(models)
    for model in kept:
        pre_delete.connect(refuse, sender=model, weak=False, dispatch_uid=f"kept {model.__name__}")
    tables = [model._meta.db_table for model in kept]
    install(app, [Kept(one, when) for one in tables], what=f"kept {tables[0]}")


def histories_of(app: AppConfig) -> list[type[Model]]:
    """The tables in which the app keeps what its registers were before."""
    return [one for one in app.get_models() if issubclass(one, HistoricalChanges)]


@contextmanager
def erasure(
    *, by: object, seconded_by: object, reason: str, using: str = DEFAULT_DB_ALIAS
) -> Iterator[None]:
    """The one deed in which kept rows may go: two people, a reason, one transaction."""
    if by == seconded_by or not reason.strip():
        raise ValidationError("Xóa dữ liệu lưu giữ phải có hai người khác nhau và lý do.")
    connection = connections[using]
    with transaction.atomic(using=using):
        token = _is_erasing.set(True)
        try:
            with connection.cursor() as cursor:
                cursor.execute(OPEN[connection.vendor])
                yield
                cursor.execute(CLOSE[connection.vendor])
        finally:
            _is_erasing.reset(token)
