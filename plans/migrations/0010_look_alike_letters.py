"""Ð (U+00D0) is Đ, and invisible letters are none: for rows that were saved before this was so."""

from django.db import migrations

from edudx.lib.fields import derive_anew

MODELS = ("LegalText", "Plan", "Task")


def derive_keys_anew(apps, schema_editor):
    for name in MODELS:
        derive_anew(apps.get_model("plans", name))


class Migration(migrations.Migration):
    dependencies = [("plans", "0009_say_what_constraints_hold")]

    operations = [
        migrations.RunPython(derive_keys_anew, migrations.RunPython.noop),
    ]
