"""The verb of a legal text: attach its file."""

from django.db import transaction

from edudx.lib.workflow import StepRefused
from plans.models import LegalText
from schools.actions import documents
from schools.models import Document, Event, User
from schools.models.events import record
from schools.permissions import Permission


@transaction.atomic
def attach(text: LegalText, file, *, by: User) -> Event:
    """The text itself, kept in the cabinet of whoever attaches it; one before it stays there."""
    by.must_keep(Permission.LEGAL_MANAGE, text.owner)
    if text.owner is None and not by.hats:
        raise StepRefused("Bạn chưa có vai trò ở đơn vị nào để có tủ tài liệu giữ tệp.")
    unit = text.owner or by.hats[0].unit
    text.file = documents.add(
        unit=unit, title=f"{text.number} {text.summary}"[:200], kind=Document.Kind.OTHER, by=by,
        file=file, facts=file.facts, official_number=text.number,
    )  # fmt: skip
    text.save(update_fields=["file"])
    return record(text, "attach", f"Đính kèm toàn văn {text.number}", by=by, unit=unit)
