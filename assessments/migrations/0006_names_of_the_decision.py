"""A certificate keeps the names of the day of its decision; those that are there get theirs."""

import json

import edudx.lib.fields
from django.db import migrations, models

NAMES = ("unit_name", "unit_short_name", "unit_type", "unit_place", "office_name")


def fill(apps, schema_editor) -> None:
    """Full names from the snapshot; the rest as the unit's history had it on that day."""
    certificates = apps.get_model("assessments", "Certificate").objects.using(
        schema_editor.connection.alias
    )
    for one in certificates.select_related("assessment__unit").iterator(chunk_size=200):
        facts, then = json.loads(one.snapshot), _unit_of_that_day(apps, one)
        one.unit_name, one.office_name = facts["unit"]["name"], facts["office"]["name"]
        one.unit_short_name, one.unit_type = then.short_name, then.school_type
        one.unit_place = then.place
        one.save(update_fields=[*NAMES, "search_text", "sort_key", "place_key"])


def _unit_of_that_day(apps, certificate):
    history = apps.get_model("schools", "HistoricalOrgUnit").objects
    then = history.filter(
        id=certificate.assessment.unit_id, history_date__lte=certificate.issued_at
    )
    return then.order_by("-history_date", "-history_id").first() or certificate.assessment.unit


def lift(apps, schema_editor) -> None:
    """The trigger that names these columns must not be there without them; it comes back after."""
    on = " ON assessments_certificate" if schema_editor.connection.vendor == "postgresql" else ""
    schema_editor.execute(f"DROP TRIGGER IF EXISTS frozen_certificate{on}")


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0005_look_alike_letters"),
        ("schools", "0001_initial"),
    ]

    operations = [
        migrations.RunPython(lift, lift),
        migrations.AddField(
            model_name="certificate",
            name="unit_name",
            field=models.CharField(
                default="", max_length=200, verbose_name="tên trường trong quyết định"
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="certificate",
            name="unit_short_name",
            field=models.CharField(
                default="", max_length=100, verbose_name="tên ngắn khi công nhận"
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="certificate",
            name="unit_type",
            field=models.CharField(
                default="", max_length=14, verbose_name="loại trường khi công nhận"
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="certificate",
            name="unit_place",
            field=models.CharField(
                default="", max_length=80, verbose_name="địa danh khi công nhận"
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="certificate",
            name="office_name",
            field=models.CharField(
                default="", max_length=200, verbose_name="đơn vị quản lý khi công nhận"
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="certificate",
            name="search_text",
            field=edudx.lib.fields.SearchTextField(
                db_default="",
                editable=False,
                max_length=500,
                of=("unit_name", "unit_short_name", "unit_place"),
            ),
        ),
        migrations.AddField(
            model_name="certificate",
            name="sort_key",
            field=edudx.lib.fields.SortKeyField(
                db_default="", editable=False, max_length=700, of=("unit_short_name",)
            ),
        ),
        migrations.AddField(
            model_name="certificate",
            name="place_key",
            field=edudx.lib.fields.SortKeyField(
                db_default="", editable=False, max_length=500, of=("unit_place",)
            ),
        ),
        migrations.RunPython(fill, lift),
    ]
