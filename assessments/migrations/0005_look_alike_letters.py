"""Ð (U+00D0) is Đ, and invisible letters are none: for rows that were saved before this was so."""

from django.db import migrations

from edudx.lib.fields import derive_anew
from edudx.lib.vietnamese import document_number

MODELS = ("IndicatorSet", "Campaign", "Decision")


def derive_keys_anew(apps, schema_editor):
    decision = apps.get_model("assessments", "Decision")
    decision.full_number = property(lambda one: document_number(one.number, one.symbol))
    for name in MODELS:
        derive_anew(apps.get_model("assessments", name))


class Migration(migrations.Migration):
    dependencies = [("assessments", "0004_say_what_constraints_hold")]

    operations = [
        migrations.RunPython(derive_keys_anew, migrations.RunPython.noop),
    ]
