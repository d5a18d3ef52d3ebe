"""Legal texts: the full text is attached once and read by all."""

from django.core.files.uploadedfile import SimpleUploadedFile

from plans.models import LegalText
from schools.models import DocumentVersion
from tests import plan_world
from tests.assessments.browse import text


def test_the_full_text_is_attached_once_and_read_by_all(cast, sign_in):
    row = LegalText.objects.create(
        number="1/TT", issued_on="2025-01-01", issuer="Bộ GDĐT", summary="Thử"
    )
    client, address = sign_in(cast.officer), row.get_absolute_url()
    bad = SimpleUploadedFile("Toàn văn.exe", b"MZ")
    assert client.post(address, {"file": bad}).status_code == 422
    page = text(client.post(address, {"file": plan_world.pdf_file("Toàn văn.pdf")}, follow=True))
    assert "Toàn văn.pdf" in page
    assert DocumentVersion.objects.get().document.unit == cast.department
    for who in (cast.focal, cast.stranger, cast.specialist):
        answer = sign_in(who).get(f"{address}toan-van/")
        assert b"".join(answer.streaming_content).startswith(b"%PDF")
        assert sign_in(who).post(address, {"file": plan_world.pdf_file()}).status_code == 403
