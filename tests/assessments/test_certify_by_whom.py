"""Who certifies which school: the office, the commune's authority or the department."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from assessments.actions import certificates, publication
from assessments.models import Certificate, CertifyingRule, Decision
from edudx.lib.workflow import StepRefused
from reporting.files import decision_paper
from schools.models import Membership
from schools.permissions import Role
from tests import make

from .browse import decision_form, fresh, reviewed, said, text, url


@pytest.fixture
def ready(cast, file_):
    return reviewed(file_, cast)


def rule(cast, school_type: str, certifier: str) -> None:
    CertifyingRule.objects.create(
        department=cast.department, school_type=school_type, certifier=certifier
    )


def preschool(cast, campaign):
    """The preschool's reviewed file."""
    focal = make.person(cast.preschool, Role.FOCAL_POINT)
    head = make.person(cast.preschool, Role.HEAD)
    file_ = campaign.assessments.get(unit=cast.preschool)
    return reviewed(file_, cast, focal=focal, head=head)


def issue(client, campaign, files, **changed):
    return client.post(url("certify", campaign.pk), decision_form(files, **changed), follow=True)


@pytest.mark.parametrize(
    ("who", "status"),
    [("focal", 403), ("head", 403), ("specialist", 403), ("officer", 403), ("auditor", 403),
     ("administrator", 403)],
)  # fmt: skip
def test_others_do_not_certify(cast, campaign, ready, sign_in, who, status):
    client = sign_in(getattr(cast, who))
    assert issue(client, campaign, [ready]).status_code == status
    with pytest.raises(PermissionDenied):
        make.certify(ready, campaign, getattr(cast, who))
    assert not Decision.objects.exists()


def test_an_office_head_certifies_no_neighbours_school(cast, campaign, ready, sign_in):
    client = sign_in(cast.stranger_head)
    response = issue(client, campaign, [ready])
    assert "Có trường đã chọn không còn chờ công nhận" in said(response)
    assert cast.school.name not in text(response)
    with pytest.raises(PermissionDenied, match="không có thẩm quyền công nhận"):
        make.certify(ready, campaign, cast.stranger_head)
    assert not Decision.objects.exists()


def test_without_a_rule_the_department_head_leaves_it_to_the_office(cast, campaign, ready, sign_in):
    page = text(sign_in(cast.department_head).get(url("certify", campaign.pk)))
    assert "Chưa có trường nào đã thẩm định xong và thuộc thẩm quyền" in page
    with pytest.raises(PermissionDenied):
        make.certify(ready, campaign, cast.department_head)


def test_a_type_may_be_the_departments(cast, campaign, ready, sign_in):
    rule(cast, "TH_THCS", "department")
    with pytest.raises(PermissionDenied):
        make.certify(ready, campaign, cast.office_head)
    issue(sign_in(cast.department_head), campaign, [ready], symbol="QĐ-SGDĐT")
    decision = Decision.objects.get()
    assert (decision.issuer, decision.issuer_line) == (cast.department, cast.department.name)
    assert decision.superior_line == "UBND thành phố Hải Phòng"
    assert fresh(ready).state == "certified"


def test_a_high_school_is_certified_by_the_department(cast, campaign, sign_in):
    focal = make.person(cast.high_school, Role.FOCAL_POINT)
    head = make.person(cast.high_school, Role.HEAD)
    file_ = campaign.assessments.get(unit=cast.high_school)
    file_ = reviewed(file_, cast, focal=focal, head=head, by=cast.officer)
    with pytest.raises(PermissionDenied):
        make.certify(file_, campaign, cast.office_head)
    issue(sign_in(cast.department_head), campaign, [file_])
    assert fresh(file_).state == "certified"


@pytest.fixture
def by_authority(cast, campaign, ready):
    cast.office.superior_name = "UBND phường Dương Kinh"
    cast.office.save(update_fields=["superior_name"])
    rule(cast, "TH_THCS", "authority")
    return ready


def test_a_communes_authority_stands_in_the_heading(cast, campaign, by_authority, sign_in):
    client = sign_in(cast.office_head)
    form = client.get(url("certify", campaign.pk)).context["form"]
    assert (form["symbol"].value(), form["authority"].value()) == ("QĐ-UBND", "TM.")
    assert (form["head_post"].value(), form["signer_name"].value()) == ("CHỦ TỊCH", "")
    signed = {"symbol": "QĐ-UBND", "authority": "TM.", "head_post": "CHỦ TỊCH"}
    issue(client, campaign, [by_authority], **signed)
    decision = Decision.objects.get()
    assert (decision.superior_line, decision.issuer_line) == ("", "UBND phường Dương Kinh")
    said_there = decision_paper.paper(decision)
    assert said_there.issuer == "UBND phường Dương Kinh"
    assert said_there.number == "12/QĐ-UBND"
    assert said_there.notice


def test_one_decision_has_one_certifier(cast, campaign, by_authority, sign_in):
    files = [by_authority, preschool(cast, campaign)]
    response = issue(sign_in(cast.office_head), campaign, files)
    assert said(response) == "Các trường thuộc thẩm quyền khác nhau; hãy lập quyết định riêng."
    with pytest.raises(StepRefused):
        certificates.certify(make.decision(campaign, cast.office), files, by=cast.office_head)
    assert not Certificate.objects.exists()


def test_the_heading_follows_the_chosen_schools(cast, campaign, by_authority, sign_in):
    own = preschool(cast, campaign)
    client = sign_in(cast.office_head)
    issue(client, campaign, [own], number="1")
    issue(client, campaign, [by_authority], number="1", symbol="QĐ-UBND")
    assert list(Decision.objects.order_by("pk").values_list("issuer_line", flat=True)) == [
        cast.office.name, "UBND phường Dương Kinh",
    ]  # fmt: skip


def test_nobody_certifies_their_own_unit(cast, campaign, ready, sign_in):
    Membership.objects.create(
        user=cast.office_head, unit=cast.school, role=Role.HEAD, valid_from="2020-01-01"
    )
    response = issue(sign_in(cast.office_head), campaign, [ready])
    assert response.status_code == 403
    with pytest.raises(PermissionDenied, match="Không ai được công nhận hồ sơ do mình"):
        make.certify(ready, campaign, cast.office_head)
    assert not Decision.objects.exists()


def test_only_who_certifies_may_reopen(cast, campaign, ready, sign_in):
    make.certify(ready, campaign, cast.office_head)
    path = url("reopen", ready.pk)
    for who, status in (("specialist", 403), ("head", 403), ("department_head", 403),
                        ("stranger_head", 404)):  # fmt: skip
        assert sign_in(getattr(cast, who)).post(path, {"reason": "x"}).status_code == status
    assert fresh(ready).state == "certified"


def test_a_decision_is_read_where_its_schools_are(cast, campaign, ready, sign_in):
    decision = make.certify(ready, campaign, cast.office_head)
    for who, status in (("focal", 200), ("specialist", 200), ("officer", 200), ("stranger", 404),
                        ("stranger_head", 404), ("sibling_focal", 404)):  # fmt: skip
        assert sign_in(getattr(cast, who)).get(decision.get_absolute_url()).status_code == status


def test_publishing_reaches_only_the_own_part_of_the_tree(cast, campaign, ready, sign_in):
    make.certify(ready, campaign, cast.office_head)
    with pytest.raises(StepRefused, match="Không có kết quả mới nào để công bố"):
        publication.publish(campaign, by=cast.stranger_head)
    assert sign_in(cast.specialist).post(url("campaign_publish", campaign.pk)).status_code == 403
    response = sign_in(cast.office_head).post(url("campaign_publish", campaign.pk), follow=True)
    assert "Đã công bố kết quả của 1 trường." in said(response)
    assert Certificate.objects.get().published_at is not None
    with pytest.raises(StepRefused):
        publication.publish(campaign, by=cast.officer)


def test_a_school_does_not_read_its_neighbours_in_an_unpublished_decision(
    cast, campaign, file_, sign_in
):
    both = [file_, campaign.assessments.get(unit=cast.sibling)]
    sibling_head = make.person(cast.sibling, Role.HEAD)
    ready = [
        make.review(make.submit(one, focal, head), cast.specialist)
        for one, focal, head in zip(
            both, (cast.focal, cast.sibling_focal), (cast.head, sibling_head), strict=True
        )
    ]
    decision = certificates.certify(
        make.decision(campaign, cast.office), ready, by=cast.office_head
    )
    address = reverse("reporting:decision_pdf", args=[decision.pk])
    assert sign_in(cast.focal).get(address).status_code == 403
    assert sign_in(cast.specialist).get(address).status_code == 200
    publication.publish(campaign, by=cast.officer)
    assert sign_in(cast.focal).get(address).status_code == 200
