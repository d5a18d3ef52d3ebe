"""`manage.py load_form [FILE.yaml]`: a data form as a draft; without a file the shipped ones."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from edudx.lib.line_yaml import FileRefused
from reporting.exchange import form_yaml

SHIPPED = Path(__file__).parents[2] / "data_forms"


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser) -> None:
        parser.add_argument("file", nargs="?")

    def handle(self, *args, file: str | None = None, **options) -> None:
        paths = [Path(file)] if file else sorted(SHIPPED.glob("*.yaml"))
        for path in paths:
            try:
                text = path.read_text(encoding="utf-8")
                loaded = form_yaml.save(form_yaml.read(text), by=None)
            except (OSError, UnicodeDecodeError) as fault:
                raise CommandError(f"{path}: {fault}") from fault
            except FileRefused as refusal:
                raise CommandError("\n".join(refusal.faults)) from refusal
            for sentence in loaded.warnings:
                self.stderr.write(sentence)
            self.stdout.write(f"{loaded.form.code}: {loaded.form.fields.count()} dòng")
