"""A Word template is called a Word frame; its table keeps its name."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reporting", "0006_name_the_kinds_of_exports"),
    ]

    operations = [
        migrations.AlterModelTable("wordtemplate", "reporting_wordtemplate"),
        migrations.RenameModel("WordTemplate", "WordFrame"),
        migrations.AlterField(
            "wordframe",
            "department",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="word_frames",
                to="schools.orgunit",
                verbose_name="Sở",
            ),
        ),
        migrations.AlterField(
            "wordframe",
            "by",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="word_frames",
                to=settings.AUTH_USER_MODEL,
                verbose_name="người tải lên",
            ),
        ),
    ]
