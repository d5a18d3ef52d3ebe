"""A neighbour's things through side doors: the log, the administration, an old post, an upload."""

from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.actions import evidence, publication
from assessments.models import Assessment, IndicatorSet
from schools import uploads
from schools.actions import documents, people
from schools.exchange import import_units_people
from schools.models import DocumentVersion, Event, Membership, User
from schools.permissions import Role
from tests import make
from tests.assessments.browse import text
from tests.schools.files import TEACHER, people_workbook


@pytest.fixture
def elsewhere(cast):
    """Another Sở with a school; the focal point has left our school to work there."""
    cast.other = make.department(code="77", short_name="Sở khác", name="Sở khác")
    cast.foreign = make.school(cast.other, code="77-001", name="Trường Xa Lạ", short_name="Xa Lạ")
    yesterday = timezone.localdate() - timezone.timedelta(days=1)
    cast.focal.memberships.update(valid_to=yesterday)
    Membership.objects.create(user=cast.focal, unit=cast.foreign, role=Role.FOCAL_POINT)
    cast.focal = User.objects.get(pk=cast.focal.pk)
    return cast


def log_of(sign_in, person) -> str:
    return text(sign_in(person).get(reverse("admin:schools_event_changelist")))


def test_a_person_who_left_takes_nothing_of_the_new_place_along(elsewhere, sign_in):
    cast = elsewhere
    make.document(cast.foreign, cast.focal, title="Danh sách mật")
    assert "Danh sách mật" not in log_of(sign_in, cast.officer)
    shown = text(sign_in(cast.officer).get(reverse("admin:schools_user_changelist")))
    assert cast.focal.email not in shown


def test_the_log_tells_nobody_more_than_the_pages_do(cast, sign_in):
    make.document(cast.school, cast.focal, title="Kế hoạch công khai")
    assert "Kế hoạch công khai" in log_of(sign_in, cast.officer)
    assert "Kế hoạch công khai" not in log_of(sign_in, cast.administrator)


def test_a_restricted_title_stands_in_no_history(cast, file_):
    version = make.document(cast.school, cast.focal, title="CCCD của em An", is_restricted=True)
    criterion = file_.indicator_set.criteria.get(code="1.2.2")
    proof = evidence.add_evidence(file_, criterion, version, by=cast.focal)
    evidence.remove_evidence(proof, by=cast.focal)
    assert not Event.objects.filter(label__contains="CCCD").exists()
    assert Event.objects.filter(label__contains="một tài liệu hạn chế").count() == 2


def test_a_foreign_unit_is_no_successor(elsewhere, sign_in):
    cast = elsewhere
    address = reverse("admin:schools_orgunit_change", args=[cast.school.pk])
    form = {
        "ownership": "public", "name": cast.school.name, "short_name": "X", "place": "Y",
        "school_type": "TH_THCS", "parent": cast.office.pk, "valid_from": "01/01/2000",
        "successors": [cast.foreign.pk],
    }  # fmt: skip
    sign_in(cast.officer).post(address, form)
    assert not cast.school.successors.exists()


def test_a_national_set_is_not_mended_by_one_of_several_departments(elsewhere, sign_in):
    found = make.small_set("QG")
    address = reverse("admin:assessments_indicatorset_change", args=[found.pk])
    sign_in(elsewhere.officer).post(address, {"title": "Đổi", "missed_condition": "no_effect"})
    assert IndicatorSet.objects.get(pk=found.pk).title == found.title


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
        documents.add_document(
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


def test_nobody_chooses_the_auditor_of_their_own_unit(cast):
    auditor = cast.auditor.memberships.get()
    with pytest.raises(PermissionDenied):
        people.end_membership(auditor, by=cast.officer)
    with pytest.raises(PermissionDenied):
        people.invite(
            email="moi@x.example", full_name="M", unit=cast.department, role=Role.AUDITOR,
            by=cast.officer,
        )  # fmt: skip
    assert not cast.officer.may_change(cast.auditor)
    people.end_membership(auditor, by=cast.administrator)


def test_the_hat_that_only_reads_adds_nothing_to_the_cabinet(cast, sign_in):
    version = make.document(cast.school, cast.focal)
    both = make.person(cast.school, Role.AUDITOR)
    Membership.objects.create(user=both, unit=cast.office, role=Role.SPECIALIST)
    page = reverse("schools:version_add", args=[version.document_id])
    assert sign_in(both).get(page).status_code == 403


def test_a_post_ended_on_the_opening_day_still_counts(cast, file_):
    file_.campaign.opens_at = timezone.now()
    file_.campaign.save(update_fields=["opens_at"])
    people.end_membership(cast.focal.memberships.get(), by=cast.head)
    Membership.objects.create(user=cast.focal, unit=cast.office, role=Role.SPECIALIST)
    turned = User.objects.get(pk=cast.focal.pk)
    assert Assessment.objects.get(pk=file_.pk).was_written_by(turned)


def test_a_school_does_not_read_what_the_neighbouring_office_did(cast, round_, sign_in):
    own, theirs = (round_.assessments.get(unit=one) for one in (cast.school, cast.stranger_school))
    cast.stranger_school_head = make.person(cast.stranger_school, Role.HEAD)
    ready = make.review(
        make.submit(theirs, cast.stranger, cast.stranger_school_head), cast.stranger_specialist
    )
    make.certify(ready, round_, cast.stranger_head)
    publication.publish(round_, by=cast.stranger_head)
    assert own.campaign_id == round_.pk
    page = text(sign_in(cast.focal).get(round_.get_absolute_url()))
    assert "Mở «" in page
    assert "Công bố kết quả" not in page
    assert "Công bố kết quả" in text(sign_in(cast.officer).get(round_.get_absolute_url()))


def test_an_import_of_people_names_no_foreign_unit(elsewhere):
    file = people_workbook(TEACHER | {"unit": "77-001", "role": "Lãnh đạo phòng"})
    run = import_units_people.dry_run("people", file, by=elsewhere.officer)
    assert "ngoài phạm vi" in run.problems[0]
    assert "Xa Lạ" not in run.problems[0]


def test_asking_for_a_link_sends_nothing_in_the_request(cast, client, mailoutbox):
    """So the time of the answer does not say whose address is known."""
    client.post(reverse("schools:password_request"), {"email": cast.focal.email})
    assert mailoutbox == []
    assert Event.objects.filter(step="password_link").count() == 1


def test_a_strange_next_is_no_fault(cast, sign_in):
    hat = cast.focal.memberships.get()
    answer = sign_in(cast.focal).post(reverse("schools:hat_choose", args=[hat.pk]), {"next": "abc"})
    assert answer.status_code == 302


def test_an_unfit_role_is_a_sentence(cast):
    with pytest.raises(ValidationError, match="không dùng cho"):
        people.appoint(cast.focal, unit=cast.office, role=Role.HEAD)
