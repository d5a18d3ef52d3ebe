"""Where the actual of a target comes from becomes a key; until now its note began with a prefix."""

import django.db.models.deletion
from django.db import migrations, models
from django.utils import timezone

PREFIX = "Từ «"


def take_over(apps, schema_editor):
    """A note of the program's with the value of a version of that request: the newest such one that
    was there when the figure was written. Anything else was typed by hand and keeps its note.
    """
    Actual = apps.get_model("plans", "TargetActual")
    Source = apps.get_model("reporting", "FigureSource")
    rows = Actual.objects.filter(note__startswith=PREFIX).exclude(target__item="")
    for actual in rows.select_related("target").order_by("pk"):
        if version := _version_of(apps, actual):
            Source.objects.create(
                actual=actual, figure_version=actual.version, sheet_version_id=version
            )
            Actual.objects.filter(pk=actual.pk).update(note="")


def _version_of(apps, actual) -> int | None:
    values = apps.get_model("reporting", "DataValue").objects.filter(
        version__sheet__unit=actual.unit_id, version__at__lte=actual.entered_at,
        key=actual.target.item, number=actual.numerator, whole=actual.denominator,
    ).order_by("-version__at", "-version")  # fmt: skip
    titles = values.values_list("version", "version__sheet__request__title")
    return next((pk for pk, title in titles if actual.note.startswith(f"{PREFIX}{title}»")), None)


def say_in_notes(apps, schema_editor):
    """As it was: the note of a figure that follows hand-ins says so."""
    Actual = apps.get_model("plans", "TargetActual")
    found = apps.get_model("reporting", "FigureSource").objects.filter(
        figure_version=models.F("actual__version")
    )
    for one in found.select_related("sheet_version__sheet__request", "closing__request"):
        if version := one.sheet_version:
            title, said, at = version.sheet.request.title, "nộp", version.at
        else:
            title, said, at = one.closing.request.title, "chốt", one.closing.approved_at
        note = f"{PREFIX}{title}», {said} {timezone.localtime(at):%d/%m/%Y}"
        Actual.objects.filter(pk=one.actual_id).update(note=note)


class Migration(migrations.Migration):

    dependencies = [
        ("plans", "0008_report_kind"),
        ("reporting", "0004_documents"),
    ]

    operations = [
        migrations.CreateModel(
            name="FigureSource",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("figure_version", models.PositiveIntegerField(verbose_name="lần ghi")),
                ("actual", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="sources", to="plans.targetactual")),
                ("closing", models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="figure_sources", to="reporting.closing", verbose_name="lần chốt")),
                ("sheet_version", models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="figure_sources", to="reporting.sheetversion", verbose_name="lần nộp")),
            ],
            options={
                "verbose_name": "nguồn của kết quả chỉ tiêu",
                "verbose_name_plural": "nguồn của kết quả chỉ tiêu",
                "ordering": ["actual", "figure_version"],
                "constraints": [
                    models.UniqueConstraint(fields=("actual", "figure_version"), name="figure_source_once_a_version"),
                    models.CheckConstraint(condition=models.Q(("sheet_version", None), ("closing", None), _connector="XOR"), name="figure_source_is_one", violation_error_message="Một số lấy từ một lần nộp hoặc một lần chốt."),
                ],
            },
        ),
        migrations.RunPython(take_over, say_in_notes),
    ]
