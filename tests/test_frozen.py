"""What is written down for ever: columns that never change, rows that never go."""

from contextlib import suppress
from io import StringIO

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from assessments.models import Assessment, Comment, IndicatorSet
from edudx.lib import frozen
from plans.models import Assignment, Reminder, ReminderRule
from reporting.models import DataSheet, EntryException, WordFrame
from schools.models import Delivery, Event, Membership, Message, OrgUnit, User
from schools.models.events import record
from tests import make
from tests.conftest import Cast

APPS = ("schools", "plans", "assessments", "reporting")
# Of the tables with frozen columns: what may still change, and nothing else.
MAY_CHANGE = {
    "schools_event": {"search_text", "announced_at"},
    "schools_documentversion": set(),
    "schools_message": {"read_at"},
    "schools_delivery": {"state", "tries", "next_try_at", "lease_until", "sent_at", "fault"},
    "plans_assignment": {
        "given_at", "state", "due_at", "last_handed_in_at", "done_at", "approved_at",
        "explanation",
    },
    "plans_product": set(),
    "plans_planedition": set(),
    "plans_extension": set(),
    "plans_targetactual": {"unit_path", "note", "version", "entered_by_id", "entered_at"},
    "plans_reminder": {"state", "reason", "message_id", "by_id"},
    "assessments_indicatorset": {"search_text"},
    "assessments_group": set(),
    "assessments_criterion": set(),
    "assessments_campaign": {
        "title", "issuer_id", "scope_id", "state", "opening_phrase", "opens_at",
        "submission_phrase", "submission_due_at", "decision_phrase", "decision_due_at",
        "publication_phrase", "publication_due_at", "include_day",
        "school_task_id", "office_task_id",
        "created_by_id", "created_at", "search_text",
    },
    "assessments_certificate": {
        "published_at", "withdrawn_at", "withdrawn_reason", "search_text", "sort_key", "place_key",
    },
    "assessments_certificateline": set(),
    "assessments_decision": {"search_text"},
    "assessments_review": {"superseded_at"},
    "assessments_comment": set(),
    "reporting_dataform": {"search_text"},
    "reporting_datafield": set(),
    "reporting_dataitem": {
        "title", "definition", "measure", "criteria", "owner_id", "search_text",
    },
    "reporting_sheetversion": set(),
    "reporting_datavalue": set(),
    "reporting_entryexception": set(),
    "reporting_closing": set(),
    "reporting_figuresource": set(),
    "reporting_reportversion": set(),
    "reporting_wordtemplate": set(),
}  # fmt: skip


def frozen_columns() -> dict[str, set[str]]:
    """Table → the columns its triggers name."""
    found: dict[str, set[str]] = {}
    for app in APPS:
        module = __import__(f"{app}.apps", fromlist=["FROZEN"])
        for one in module.FROZEN:
            if one.columns:
                found.setdefault(one.table, set()).update(one.columns)
    return found


NOT_KEPT = {"assessments_campaign", "reporting_dataitem"}  # drafts go; others have rows below them
MODELS = {one._meta.db_table: one for one in apps.get_models()}


@pytest.mark.parametrize("table", sorted(frozen_columns()))
def test_every_column_is_frozen_or_named_as_one_that_may_change(table):
    columns = {one.column for one in MODELS[table]._meta.local_concrete_fields} - {"id"}
    held = frozen_columns()[table]
    assert held <= columns, "a trigger names a column that is not there"
    assert not held & MAY_CHANGE[table]
    assert columns - held == MAY_CHANGE[table]


def test_no_row_changes_its_key(cast):
    event = record(cast.school, "move", "Chuyển", by=cast.officer)
    with pytest.raises(IntegrityError, match="không thể sửa"), transaction.atomic():
        Event.objects.filter(pk=event.pk).update(id=event.pk + 1000)
    assert Event.objects.get().pk == event.pk


# Rows that never go


def kept_tables() -> set[str]:
    """As the database says it."""
    triggers = {
        "sqlite": "SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT c.relname, t.tgname FROM pg_trigger t "
        "JOIN pg_class c ON c.oid = t.tgrelid",
    }
    with connection.cursor() as cursor:
        cursor.execute(triggers[connection.vendor])
        return {table for table, name in cursor.fetchall() if name == f"kept_{table}"}


def run(*statements: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for one in statements:
            cursor.execute(one)


def refused(*statements: str) -> None:
    with pytest.raises(IntegrityError, match="phải được lưu giữ"):
        run(*statements)


def erasure(reason: str = "Quyết định 12/QĐ-SGDĐT", second: str = "b"):
    return frozen.erasure(by="a", seconded_by=second, reason=reason)


def test_what_never_changes_never_goes_either(db):
    assert set(frozen_columns()) - NOT_KEPT <= kept_tables()
    found = {one._meta.db_table for app in APPS for one in histories(app)}
    assert len(found) == 10
    assert found <= kept_tables()


def histories(app: str):
    return frozen.histories_of(apps.get_app_config(app))


@pytest.fixture
def province(db):
    """A demo province, and one row of each kind of which it has none."""
    call_command("seed_demo", schools=12, stdout=StringIO())
    person = User.objects.order_by("pk").last()
    file = Assessment.objects.order_by("pk").first()
    Comment.objects.create(
        assessment=file, criterion=file.leaves()[0], text="Hỏi", is_internal=False, by=person
    )
    message = Message.objects.create(
        recipient=person, kind=Message.Kind.CALL, day=timezone.localdate(), subject="Đôn đốc"
    )
    Delivery.objects.create(message=message, channel="email", address=person.email)
    assignment = Assignment.objects.order_by("pk").first()
    Reminder.objects.create(
        assignment=assignment, rung="-7", recipient=person, due_at=assignment.due_at,
        claimed_at=timezone.now(),
    )  # fmt: skip
    sheet = DataSheet.objects.order_by("pk").first()
    EntryException.objects.create(sheet=sheet, until=timezone.now(), reason="Mất điện", by=person)
    WordFrame.objects.create(department=OrgUnit.objects.first(), form="report", number=1, by=person)
    ReminderRule.objects.create(department=OrgUnit.objects.first(), kind="product")
    for register in (User, Membership):
        register.objects.first().save()  # its history
    for one in IndicatorSet.objects.all():
        make.publish(one)
    connection.check_constraints()  # nothing is left for the commit, so tables may be emptied


def rows_of(table: str) -> QuerySet:
    return MODELS[table]._base_manager.all()


def delete(rows: QuerySet) -> int:
    """As SQL alone, past whatever Django asks before."""
    with transaction.atomic():
        return rows._raw_delete("default")


def truncate(table: str) -> None:
    if connection.vendor == "postgresql":
        run(f'TRUNCATE "{table}" CASCADE')


def test_no_row_that_is_kept_is_deleted_by_any_hand(province):
    tables = kept_tables()
    assert len(tables) == 45
    for table in sorted(tables):
        rows = rows_of(table)
        assert rows.exists(), table
        for some in (rows, rows.filter(pk=rows.latest("pk").pk)):
            with pytest.raises(IntegrityError, match="phải được lưu giữ"):
                delete(some)
        if connection.vendor == "postgresql":
            with pytest.raises(IntegrityError, match="phải được lưu giữ"):
                truncate(table)


def test_inside_the_deed_every_row_may_go(province):
    for table in sorted(kept_tables()):
        with suppress(Undone), erasure():
            truncate(table)
            raise Undone
        with suppress(Undone), erasure():
            assert delete(rows_of(table).filter(pk=rows_of(table).latest("pk").pk)) == 1
            raise Undone


class Undone(Exception):
    """Breaks a deed off."""


def test_the_deed_takes_two_people_and_a_reason(cast):
    event = record(cast.school, "move", "Chuyển", by=cast.officer)
    for refusal in (erasure(second="a"), erasure(reason=" ")):
        with pytest.raises(ValidationError, match="hai người"), refusal:
            event.delete()
    with erasure():
        event.delete()
    assert not Event.objects.exists()


def test_the_deed_ends_where_it_ends(cast):
    """After it, and after one that broke off, everything is kept as before."""
    record(cast.school, "move", "Chuyển", by=cast.officer)
    with erasure():
        pass
    refused("DELETE FROM schools_event")
    with suppress(Undone), erasure():
        run("DELETE FROM schools_event")
        raise Undone
    refused("DELETE FROM schools_event")
    with pytest.raises(ValidationError, match="Không được xóa"), transaction.atomic():
        Event.objects.all().delete()
    assert Event.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_base_with_rows_is_not_flushed_by_a_command():
    cast = Cast()
    record(cast.school, "move", "Chuyển", by=cast.officer)
    with pytest.raises(CommandError):
        call_command("flush", interactive=False, verbosity=0, stdout=StringIO())
    assert Event.objects.count() == 1
    assert OrgUnit.objects.filter(pk=cast.school.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_after_a_flush_of_the_suite_rows_are_kept_as_before():
    cast = Cast()
    record(cast.school, "move", "Chuyển", by=cast.officer)
    refused("DELETE FROM schools_event")
