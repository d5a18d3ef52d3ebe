"""What is refused leaves no bytes behind; who only reads adds nothing."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from schools import uploads
from schools.actions import documents
from schools.models import DocumentVersion, Membership
from schools.permissions import Role
from tests import make
from tests.assessments.browse import text


def pdf(name="a.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, make.pdf_bytes(), "application/pdf")


def stored(settings) -> list:
    return [one for one in Path(settings.MEDIA_ROOT).rglob("*") if one.is_file()]


def test_a_refused_upload_leaves_no_bytes(cast, file_, sign_in, settings):
    sum_ = file_.indicator_set.criteria.get(code="1.2")
    client = sign_in(cast.focal)
    client.post(reverse("assessments:evidence_upload", args=[file_.pk, sum_.pk]), {"file": pdf()})
    make.submit(file_, cast.focal, cast.head)
    client.post(reverse("assessments:minutes_upload", args=[file_.pk]), {"file": pdf()})
    assert stored(settings) == []
    assert not DocumentVersion.objects.exclude(file="").exists()


def test_a_row_that_cannot_be_written_takes_its_bytes_along(cast, settings, monkeypatch):
    upload = pdf()
    monkeypatch.setattr(documents, "record", lambda *a, **k: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        documents.add(
            unit=cast.school, title="x", kind="plan", by=cast.focal,
            file=upload, facts=uploads.inspect(upload),
        )  # fmt: skip
    assert stored(settings) == []


def test_a_huge_body_is_refused_before_it_is_read(cast, sign_in, settings):
    settings.UPLOAD_MAX_BYTES = 1024
    large = {"username": "x" * 5000, "rest": "y" * 1024**2}
    stranger = Client()
    refused = stranger.post(reverse("schools:login"), large)
    assert refused.status_code == 413
    assert "Tệp quá lớn" in text(refused)
    assert sign_in(cast.focal).post(reverse("schools:document_add"), large).status_code == 413


def test_the_hat_that_only_reads_adds_nothing_to_the_cabinet(cast, sign_in):
    version = make.document(cast.school, cast.focal)
    both = make.person(cast.school, Role.AUDITOR)
    Membership.objects.create(user=both, unit=cast.office, role=Role.SPECIALIST)
    page = reverse("schools:version_add", args=[version.document_id])
    assert sign_in(both).get(page).status_code == 403
