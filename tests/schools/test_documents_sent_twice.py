"""A form of the cabinet is sent twice: what it brought is kept once."""

from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse

from schools.models import Document, DocumentVersion, Event
from tests import make
from tests.schools import files

ADD = reverse("schools:document_add")


def add(client, name: str, content: bytes, **fields):
    typed = {"title": "Kế hoạch chuyển đổi số", "kind": "plan"} | fields
    return client.post(ADD, typed | {"file": files.upload(name, content)})


@pytest.fixture
def focal(cast, sign_in):
    return sign_in(cast.focal)


def test_the_same_document_posted_twice_is_kept_once(cast, focal, sign_in):
    content = make.pdf_bytes()
    answers = [add(focal, "Kế hoạch số.pdf", content) for _ in range(4)]
    assert {one.status_code for one in answers} == {302}
    assert len({one["Location"] for one in answers}) == 1
    assert (Document.objects.count(), DocumentVersion.objects.count()) == (1, 1)
    assert len([one for one in Path(settings.MEDIA_ROOT).rglob("*") if one.is_file()]) == 1
    assert Event.objects.filter(step="version").count() == 1
    add(sign_in(cast.stranger), "Kế hoạch số.pdf", content)
    assert DocumentVersion.objects.values("document__unit").distinct().count() == 2


@pytest.mark.parametrize(
    "change", [{"title": "Quy chế"}, {"kind": "decision"}, {"official_number": "12/KH"}]
)
def test_another_paper_of_the_same_bytes_is_another_document(focal, change):
    content = make.pdf_bytes()
    add(focal, "Kế hoạch số.pdf", content)
    add(focal, "Kế hoạch số.pdf", content, **change)
    assert Document.objects.count() == 2


def test_the_same_version_posted_twice_is_kept_once(focal):
    content = make.pdf_bytes()
    add(focal, "Kế hoạch số.pdf", content)
    version = DocumentVersion.objects.get()
    page = reverse("schools:version_add", args=[version.document_id])
    for text in ("sửa", "sửa", "gốc"):
        focal.post(page, {"file": files.upload(f"Kế hoạch {text}.pdf", content)})
    numbers = version.document.versions.order_by("number").values_list("number", "file_name")
    assert list(numbers) == [
        (1, "Kế hoạch số.pdf"), (2, "Kế hoạch sửa.pdf"), (3, "Kế hoạch gốc.pdf"),
    ]  # fmt: skip
