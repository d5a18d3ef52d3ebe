"""A few real PDF documents per demo school; their bytes are stored once and shared."""

import hashlib
from datetime import date

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.template.loader import render_to_string

from edudx.demo.tree import Province
from schools.models import Document, DocumentVersion
from schools.permissions import Role

KINDS = (
    ("Kế hoạch ứng dụng CNTT, chuyển đổi số năm học", "plan", "05/KH"),
    ("Quy chế tổ chức dạy học trực tuyến", "regulation", "12/QC"),
    ("Quyết định thành lập bộ phận phụ trách chuyển đổi số", "decision", "08/QĐ"),
    ("Danh mục học liệu số đã phê duyệt", "list", ""),
)


class Cabinet:
    """Documents of every school, by unit and kind."""

    def __init__(self, province: Province) -> None:
        self.versions: dict[tuple[int, int], DocumentVersion] = {}
        for place, (title, kind, number) in enumerate(KINDS):
            content = self._pdf(title)
            digest = hashlib.sha256(content).hexdigest()
            name = f"documents/demo/{digest}"
            if not default_storage.exists(name):
                default_storage.save(name, ContentFile(content))
            documents = Document.objects.bulk_create(
                (self._document(province, unit, title, kind) for unit in province.schools),
                batch_size=500,
            )
            versions = DocumentVersion.objects.bulk_create(
                (
                    DocumentVersion(
                        document=one, number=1, official_number=number, proof_on=date(2025, 9, 15),
                        file=name, file_name=f"{title}.pdf", content_type="application/pdf",
                        size=len(content), sha256=digest, uploaded_by=one.created_by,
                        unit_path=one.unit.path,
                    )
                    for one in documents
                ),
                batch_size=500,
            )  # fmt: skip
            for version in versions:
                self.versions[version.document.unit_id, place] = version

    @staticmethod
    def _document(province: Province, unit, title: str, kind: str) -> Document:
        by = province.people[unit.pk, Role.FOCAL_POINT]
        return Document(unit=unit, title=title, kind=kind, created_by=by)

    @staticmethod
    def _pdf(title: str) -> bytes:
        import weasyprint

        page = render_to_string("documents/demo_proof.html", {"title": title})
        return weasyprint.HTML(string=page).write_pdf()

    def version(self, unit_id: int, position: int) -> DocumentVersion:
        return self.versions[unit_id, position % len(KINDS)]
