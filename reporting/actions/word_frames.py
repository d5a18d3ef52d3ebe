"""The verb of a Word frame: put a new version in force."""

import hashlib

from django.core.files.base import ContentFile
from django.db import transaction

from edudx.lib.workflow import StepRefused
from reporting.documents.word_frames import faults_of
from reporting.models import WordFrame
from schools.models import OrgUnit, User
from schools.models.events import record
from schools.permissions import Permission


@transaction.atomic
def upload(department: OrgUnit, form: str, content: bytes | None, *, by: User) -> WordFrame:
    """The next version of a frame, or, without content, back to the portal's own.

    StepRefused with every fault and its place; nothing is kept of a broken one.
    """
    by.must_in(Permission.FRAME_MANAGE, department)
    if content is not None and (faults := faults_of(content, form)):
        raise StepRefused(" ".join(faults[:8]))
    OrgUnit.objects.locked(department.pk)
    kept = WordFrame.objects.filter(department=department, form=form)
    last = kept.order_by("number").last()
    if content is None and (last is None or not last.file):
        raise StepRefused("Đang dùng mẫu của cổng; không có gì để bỏ.")
    made = WordFrame(department=department, form=form, number=last.number + 1 if last else 1, by=by)
    if content is not None:
        made.sha256 = hashlib.sha256(content).hexdigest()
        made.file.save("mau.docx", ContentFile(content), save=False)
    made.save()
    what = f"Thay {made}" if content is not None else f"Trở lại mẫu của cổng: {made}"
    record(made, "upload", what[:200], by=by)
    return made
