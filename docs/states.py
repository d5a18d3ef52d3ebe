"""`make docs`: docs/states.md, every column of state as a diagram, from the tables of the code."""

from pathlib import Path

import django
from django.apps import apps
from django.db.models import Model

from edudx.lib import workflow

FILE = Path(__file__).parent / "states.md"
APPS = ("schools", "plans", "assessments", "reporting")
HEAD = """# States

Made by `make docs` from the tables in `<app>/workflow.py`; what an arrow asks stands behind it.
"""


def stateful() -> list[type[Model]]:
    """The models that say which arrows their state has."""
    return [
        model
        for app in APPS
        for model in apps.get_app_config(app).get_models()
        if hasattr(model, "transitions")
    ]


def written() -> str:
    """The whole page."""
    parts = [HEAD]
    for model in stateful():
        meta = model._meta
        parts.append(
            f"\n## {meta.app_label}.{model.__name__} ({meta.verbose_name})\n\n"
            f"```\n{workflow.diagram(model.transitions)}\n```\n"
        )
    return "".join(parts)


if __name__ == "__main__":
    django.setup()
    FILE.write_text(written(), encoding="utf-8")
