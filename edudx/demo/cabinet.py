"""A few real PDF documents per demo unit; their bytes are stored once and shared."""

import hashlib
from datetime import datetime, timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.template.loader import render_to_string
from django.utils import timezone

from edudx.demo.tree import Province
from edudx.lib import clock
from schools.actions import documents
from schools.models import DocumentVersion
from schools.uploads import FileFacts

KINDS = (
    ("Kế hoạch ứng dụng CNTT, chuyển đổi số năm học", "plan", "05/KH"),
    ("Quy chế tổ chức dạy học trực tuyến", "regulation", "12/QC"),
    ("Quyết định thành lập bộ phận phụ trách chuyển đổi số", "decision", "08/QĐ"),
    ("Danh mục học liệu số đã phê duyệt", "list", ""),
)


class Cabinet:
    """Documents of every unit, by unit and kind, kept there since a moment."""

    def __init__(self, province: Province, since: datetime) -> None:
        self.versions: dict[tuple[int, int], DocumentVersion] = {}
        proof_on = timezone.localdate(since) - timedelta(days=10)
        files = [_shared(title) for title, _, _ in KINDS]
        with clock.at(since):
            for unit in province.units:
                by = province.worker(unit)
                for place, (title, kind, number) in enumerate(KINDS):
                    name, facts = files[place]
                    self.versions[unit.pk, place] = documents.add(
                        unit=unit, title=title, kind=kind, by=by, file=name, facts=facts,
                        official_number=number, proof_on=proof_on,
                    )  # fmt: skip

    def version(self, unit_id: int, position: int) -> DocumentVersion:
        return self.versions[unit_id, position % len(KINDS)]


def _shared(title: str) -> tuple[str, FileFacts]:
    """The name of the one stored file with this title, and what it is."""
    content = _pdf(title)
    digest = hashlib.sha256(content).hexdigest()
    name = f"documents/demo/{digest}"
    if not default_storage.exists(name):
        default_storage.save(name, ContentFile(content))
    return name, FileFacts(f"{title}.pdf", len(content), digest, "application/pdf")


def _pdf(title: str) -> bytes:
    import weasyprint

    page = render_to_string("documents/demo_proof.html", {"title": title})
    return weasyprint.HTML(string=page).write_pdf()
