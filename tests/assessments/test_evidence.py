"""A school proves its answers from its filing cabinet, and takes over last year's."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile

from assessments.actions import answers, campaigns, evidence
from assessments.models import Answer, Evidence
from edudx.lib.workflow import StepRefused
from plans.actions import hand_ins
from schools.actions import documents
from schools.models import Document, DocumentVersion, Event
from tests import make, plan_world

from .browse import criterion, fresh, reviewed, said, save, step, text, url


def upload(client, file_, code: str, file):
    path = url("evidence_upload", file_.pk, criterion(file_, code).pk)
    return client.post(path, {"file": file}, follow=True)


def pick(client, file_, code: str, *documents):
    path = url("evidence_add", file_.pk, criterion(file_, code).pk)
    sent = {"pick": "1", "documents": [one.pk for one in documents]}
    return client.post(path, sent, follow=True)


# Evidence


def test_a_file_goes_into_the_cabinet_and_onto_the_criterion(cast, file_, sign_in, pdf):
    response = upload(sign_in(cast.focal), file_, "1.1", pdf)
    assert "Đã thêm minh chứng cho tiêu chí 1.1." in said(response)
    version = Evidence.objects.get().version
    assert (version.document.title, version.document.unit) == ("Kế hoạch số", cast.school)
    assert len(version.sha256) == 64
    assert Answer.objects.get().version == 1


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.pdf", b"", "rỗng"),
        ("a.pdf", b"%PDF-1.7 dang do", "Không mở được «a.pdf»"),
        ("a.pdf", b"khong phai", "Nội dung của «a.pdf» không đúng với đuôi tệp .pdf."),
        ("a.zip", b"PK\x03\x04", "Không nhận loại tệp của «a.zip»."),
        ("a.exe", b"MZ", "Không nhận loại tệp của «a.exe»."),
    ],
)
def test_other_files_are_refused_and_nothing_is_kept(cast, file_, sign_in, name, content, sentence):
    response = upload(sign_in(cast.focal), file_, "1.1", SimpleUploadedFile(name, content))
    assert sentence.lower() in said(response).lower()
    assert not Document.objects.exists()


def test_a_locked_criterion_takes_no_file(cast, file_, sign_in, pdf):
    make.submit(file_, cast.focal, cast.head)
    before = DocumentVersion.objects.count()
    response = upload(sign_in(cast.focal), file_, "1.1", pdf)
    assert said(response) == "Tiêu chí 1.1 đang khóa, không thể sửa."
    assert DocumentVersion.objects.count() == before


@pytest.mark.parametrize(
    ("who", "status"), [("specialist", 403), ("officer", 403), ("stranger", 404)]
)
def test_only_the_school_adds_files(cast, file_, sign_in, pdf, who, status):
    response = upload(sign_in(getattr(cast, who)), file_, "1.1", pdf)
    assert response.status_code == status
    assert not DocumentVersion.objects.exists()


def test_several_documents_are_picked_from_the_cabinet(cast, file_, sign_in):
    first = make.document(cast.school, cast.focal, "Kế hoạch").document
    second = make.document(cast.school, cast.focal, "Quy chế").document
    client = sign_in(cast.focal)
    pick(client, file_, "1.1", first, second)
    pick(client, file_, "1.1", first)  # once more changes nothing
    answer = Answer.objects.get()
    assert [str(one) for one in answer.evidence.all()] == ["Kế hoạch", "Quy chế"]
    assert answer.version == 2


def test_the_newest_version_is_picked(cast, file_, sign_in):
    document = make.document(cast.school, cast.focal).document
    documents.add_version(document, by=cast.focal, link="https://truong.example/ban-2")
    pick(sign_in(cast.focal), file_, "1.1", document)
    assert Evidence.objects.get().version.number == 2


def test_a_document_of_another_school_is_refused(cast, file_, sign_in):
    foreign = make.document(cast.sibling, cast.sibling_focal)
    response = pick(sign_in(cast.focal), file_, "1.1", foreign.document)
    assert response.context["pick"].errors["documents"]
    with pytest.raises(PermissionDenied, match="tủ tài liệu của trường"):
        evidence.add(file_, criterion(file_, "1.1"), foreign, by=cast.focal)
    assert not Evidence.objects.exists()


def test_picking_nothing_gets_a_sentence(cast, file_, sign_in):
    make.document(cast.school, cast.focal)
    page = text(pick(sign_in(cast.focal), file_, "1.1"))
    assert "Chọn ít nhất một tài liệu." in page


def test_a_new_document_with_a_link(cast, file_, sign_in):
    path = url("evidence_add", file_.pk, criterion(file_, "1.1").pk)
    typed = {"title": "Trang của trường", "kind": "other", "link": "https://truong.example/",
             "official_number": "05/KH-TH", "proof_on": "05/12/2026"}  # fmt: skip
    sign_in(cast.focal).post(path, typed)
    version = Evidence.objects.get().version
    assert (version.link, version.official_number) == ("https://truong.example/", "05/KH-TH")
    assert f"{version.proof_on:%d/%m/%Y}" == "05/12/2026"


def test_removing_evidence_keeps_the_document_and_an_event(cast, file_, sign_in):
    version = make.document(cast.school, cast.focal)
    proof = evidence.add(file_, criterion(file_, "1.1"), version, by=cast.focal)
    path = url("evidence_remove", proof.pk)
    assert sign_in(cast.stranger).post(path).status_code == 404
    assert sign_in(cast.specialist).post(path).status_code == 403
    sign_in(cast.focal).post(path)
    assert not Evidence.objects.exists()
    assert DocumentVersion.objects.filter(pk=version.pk).exists()
    event = Event.objects.about(file_).get(step="remove_evidence")
    assert event.label == "Bỏ minh chứng «Kế hoạch chuyển đổi số» khỏi tiêu chí 1.1"


def test_evidence_of_a_locked_file_is_not_removed(cast, file_, sign_in):
    file_ = make.submit(file_, cast.focal, cast.head)
    evidence = Evidence.objects.filter(answer__assessment=file_).first()
    sign_in(cast.focal).post(url("evidence_remove", evidence.pk))
    assert Evidence.objects.filter(pk=evidence.pk).exists()


# Last year's answers


@pytest.fixture
def last_year(cast, campaign, file_):
    """The school's certified file of the earlier round; `next_round` opens this year's."""
    file_ = reviewed(file_, cast)
    make.certify(file_, campaign, cast.office_head)
    return fresh(file_)


@pytest.fixture
def this_year(cast, last_year):
    sets = [last_year.indicator_set]
    later = last_year.campaign.opens_at + timedelta(days=1)
    found = make.campaign(cast.department, cast.officer, sets, opens_at=later)
    campaigns.open(found, by=cast.officer)
    return found.assessments.get(unit=cast.school)


def test_last_years_answers_come_marked(cast, this_year, sign_in):
    client = sign_in(cast.focal)
    assert "Lấy lại kết quả năm trước" in text(client.get(this_year.get_absolute_url()))
    response = client.post(url("take_over", this_year.pk), follow=True)
    assert "Đã lấy lại 7 kết quả" in said(response)
    assert text(response).count("Chưa rà soát lại") >= 7
    assert this_year.answers.filter(is_carried_over=True).count() == 7
    assert Evidence.objects.filter(answer__assessment=this_year).count() == 7
    assert [one.points for one in fresh(this_year).results()] == [86, 70]


def test_what_is_not_looked_over_again_blocks_the_submission(cast, this_year, sign_in):
    client = sign_in(cast.focal)
    client.post(url("take_over", this_year.pk))
    response = step(client, this_year, "prepare")
    assert "còn 7 việc. 1.1: kết quả năm trước chưa rà soát lại." in said(response)
    codes = [one.code for one in this_year.leaves()]
    for code in codes[:-1]:
        one = criterion(this_year, code)
        client.post(url("carried_over_confirm", this_year.pk, one.pk))
    save(client, this_year, codes[-1], entered_points="20", version=1)
    assert not this_year.answers.filter(is_carried_over=True).exists()
    assert fresh(this_year).state == "draft"
    step(client, this_year, "prepare")
    assert fresh(this_year).state == "prepared"


def test_answers_of_this_year_are_not_overwritten(cast, this_year, sign_in):
    client = sign_in(cast.focal)
    save(client, this_year, "1.2.1", entered_points="5")
    client.post(url("take_over", this_year.pk))
    answer = this_year.answers.get(criterion__code="1.2.1")
    assert (answer.points, answer.is_carried_over) == (5, False)


def test_saving_the_same_values_confirms_them(cast, this_year, sign_in):
    client = sign_in(cast.focal)
    client.post(url("take_over", this_year.pk))
    save(client, this_year, "1.2.1", entered_points="30", version=1)
    assert not this_year.answers.get(criterion__code="1.2.1").is_carried_over


def test_without_an_earlier_file_there_is_nothing_to_take(cast, file_, sign_in):
    client = sign_in(cast.focal)
    response = client.post(url("take_over", file_.pk), follow=True)
    assert said(response) == "Không có hồ sơ năm trước để lấy lại kết quả."
    with pytest.raises(StepRefused):
        answers.take_over(file_, by=cast.focal)


@pytest.mark.parametrize(("who", "status"), [("specialist", 403), ("stranger", 404)])
def test_others_take_nothing_over(cast, this_year, sign_in, who, status):
    client = sign_in(getattr(cast, who))
    assert client.post(url("take_over", this_year.pk)).status_code == status
    assert not this_year.answers.exists()


def test_a_finished_product_is_offered_to_the_criterion_it_is_tied_to(cast, file_, sign_in):
    code = file_.indicator_set.code
    plan = plan_world.issued(cast.office, cast.office_head, criteria=[f"{code}:1.1"])
    row, client = plan_world.row_of(plan, cast.school), sign_in(cast.focal)
    plan_world.hand_in(row, cast.focal)
    offer, address = "Sản phẩm trường đã hoàn thành", file_.get_absolute_url()
    assert offer not in text(client.get(address))  # not yet accepted
    hand_ins.review(row, "complete", by=cast.specialist)
    assert text(client.get(address)).count(offer) == 1
    document = row.products.get().versions.get().document
    pick(client, file_, "1.1", document)
    assert Evidence.objects.get().version.document == document
    assert offer not in text(client.get(address))


# Restricted documents


def test_restricted_evidence_has_no_title_for_an_auditor(cast, file_, sign_in):
    version = make.document(cast.school, cast.focal, title="Danh sách CCCD", is_restricted=True)
    make.answer(file_, "1.1", cast.focal, met=True)
    criterion = file_.indicator_set.criteria.get(code="1.1")
    evidence.add(file_, criterion, version, by=cast.focal)
    page = sign_in(cast.auditor).get(file_.get_absolute_url()).content.decode()
    assert "Danh sách CCCD" not in page
    assert "Tài liệu hạn chế" in page
    assert (
        "Danh sách CCCD" in sign_in(cast.specialist).get(file_.get_absolute_url()).content.decode()
    )
