"""Ð (U+00D0) is Đ, and invisible letters are none: for rows that were saved before this was so."""

from django.db import migrations

from edudx.lib.fields import derive_anew
from schools.models.people import normal_email

MODELS = ("User", "OrgUnit", "Document", "Event")


def drop_invisible_letters(apps, schema_editor):
    """An address with an invisible letter let nobody in; one that somebody else has stays."""
    users = apps.get_model("schools", "User").objects
    for pk, email in users.values_list("pk", "email"):
        right = normal_email(email)
        if right != email and not users.filter(email=right).exists():
            users.filter(pk=pk).update(email=right)


def derive_keys_anew(apps, schema_editor):
    for name in MODELS:
        derive_anew(apps.get_model("schools", name))


class Migration(migrations.Migration):
    dependencies = [("schools", "0003_hold_each_form_once")]

    operations = [
        migrations.RunPython(drop_invisible_letters, migrations.RunPython.noop),
        migrations.RunPython(derive_keys_anew, migrations.RunPython.noop),
    ]
