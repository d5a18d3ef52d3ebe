"""What a constraint of the database says to people when it is hit."""

import logging
import re
from typing import Any

from django.apps import apps
from django.db import IntegrityError
from django.db.models import BaseConstraint, Field, Model, UniqueConstraint

from edudx.lib import caller

log = logging.getLogger(__name__)
NAMED = re.compile(r"constraint failed: (?:index ')?(\w+)'?$")  # as SQLite says it
COLUMNS = re.compile(r"UNIQUE constraint failed: (.+)$")
KEY = re.compile(r"Key \((.+?)\)=")  # as PostgreSQL does
SPOKEN: set[str] = set()  # what triggers say is written for people


def told(fault: IntegrityError) -> str:
    """The sentence of the constraint; without one it is a fault of ours: it is logged with its
    trace and gets a number.
    """
    if sentence := sentence_of(fault):
        return sentence
    log.error("No words for %s", fault, exc_info=fault)
    return (
        "Có lỗi khi ghi nên chưa lưu gì. Lỗi đã được ghi lại, "
        f"mã số {caller.number()}; hãy báo mã này khi cần hỗ trợ."
    )


def sentence_of(fault: IntegrityError) -> str:
    """Empty when nobody has written one."""
    if words := _of_trigger(fault):
        return words
    name, columns = _hit(fault)
    for model in apps.get_models():
        for constraint in model._meta.constraints:
            if constraint.name == name or _is_on(model, constraint, columns):
                return _words(constraint)
        for field in model._meta.local_fields:
            if field.unique and columns == {f"{model._meta.db_table}.{field.column}"}:
                return _words_of_field(model, field)
    return ""


def _of_trigger(fault: IntegrityError) -> str:
    first = str(fault).partition("\n")[0]
    return next((words for words in SPOKEN if words == first), "")


def _hit(fault: IntegrityError) -> tuple[str, set[str]]:
    """(name of the constraint, «table.column» of a unique one), as far as the base says."""
    found = getattr(fault.__cause__, "diag", None)
    if found is not None:  # PostgreSQL
        key = KEY.search(found.message_detail or "")
        columns = key[1].split(", ") if key and found.sqlstate == "23505" else []
        return found.constraint_name or "", {f"{found.table_name}.{one}" for one in columns}
    said = str(fault)
    columns_said, named = COLUMNS.search(said), NAMED.search(said)
    columns = columns_said[1].split(", ") if columns_said else []
    return (named[1] if named else ""), {one.strip() for one in columns}


def _is_on(model: type[Model], constraint: BaseConstraint, columns: set[str]) -> bool:
    if not columns or not isinstance(constraint, UniqueConstraint):
        return False
    fields = [one for one in model._meta.concrete_fields if one.name in constraint.fields]
    return {f"{model._meta.db_table}.{one.column}" for one in fields} == columns


def _words(constraint: BaseConstraint) -> str:
    words = str(constraint.violation_error_message)
    return "" if words == str(BaseConstraint.default_violation_error_message) else words


def _words_of_field(model: type[Model], field: "Field[Any, Any]") -> str:
    named = {"model_name": model._meta.verbose_name, "field_label": field.verbose_name}
    words = str(field.error_messages["unique"] % named)
    return words[:1].upper() + words[1:] + ("" if words.endswith(".") else ".")
