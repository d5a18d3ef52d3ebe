"""What a security reader tried: each of it once worked, none of it does."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from assessments.actions import campaigns, certificates, evidence, files, publication, reviews, sets
from assessments.exchange import set_yaml
from assessments.models import Assessment
from edudx.lib.workflow import StepRefused
from schools.actions import people
from schools.models import Membership, User
from schools.permissions import Role
from schools.tasks import announce
from tests import make


def test_an_officer_cannot_take_over_an_account_by_its_address(cast, sign_in):
    client = sign_in(cast.officer)
    address = reverse("admin:schools_user_change", args=[cast.office_head.pk])
    assert 'name="email"' not in client.get(address).content.decode()
    form = {"full_name": cast.office_head.full_name, "email": "ke-xau@evil.example"}
    client.post(address, form | {"is_active": "on"})
    assert User.objects.get(pk=cast.office_head.pk).email == cast.office_head.email


def test_nobody_gives_themselves_a_role(cast):
    for person, unit, role in (
        (cast.officer, cast.office, Role.OFFICE_HEAD),
        (cast.administrator, cast.department, Role.DEPARTMENT_HEAD),
    ):
        with pytest.raises(ValidationError, match="Không ai tự phân công cho mình"):
            people.invite(email=person.email, full_name="X", unit=unit, role=role, by=person)


def test_a_head_cannot_conscript_people_of_the_office(cast):
    with pytest.raises(ValidationError, match="hãy đề nghị cấp trên phân công"):
        people.invite(
            email=cast.specialist.email, full_name="X", unit=cast.school,
            role=Role.FOCAL_POINT, by=cast.head,
        )  # fmt: skip


def test_a_post_of_ones_own_can_be_ended_but_not_the_last(cast):
    second = Membership.objects.create(user=cast.focal, unit=cast.sibling, role=Role.FOCAL_POINT)
    people.end_membership(second, by=User.objects.get(pk=cast.focal.pk))
    last = cast.focal.memberships.get(unit=cast.school)
    with pytest.raises(ValidationError, match="phân công cuối cùng"):
        people.end_membership(last, by=User.objects.get(pk=cast.focal.pk))


def test_a_password_hash_cannot_be_guessed_letter_by_letter(cast, sign_in):
    address = reverse("admin:schools_user_changelist")
    answer = sign_in(cast.officer).get(f"{address}?password__startswith=md5")
    assert answer.status_code in (302, 400)


def test_an_author_who_changes_sides_stays_an_author(cast, file_):
    make.fill(file_, cast.focal)
    files.move(file_, "prepare", by=cast.focal)
    files.move(file_, "submit", by=cast.head)
    cast.focal.memberships.update(valid_to=timezone.localdate() - timezone.timedelta(days=1))
    Membership.objects.create(user=cast.focal, unit=cast.office, role=Role.SPECIALIST)
    turned = User.objects.get(pk=cast.focal.pk)
    Assessment.objects.filter(pk=file_.pk).update(prepared_by=None)
    file_.answers.update(updated_by=cast.head)
    with pytest.raises(PermissionDenied, match="do mình hoặc đơn vị mình lập"):
        reviews.accept_rest(file_, by=turned)


def test_a_national_set_is_for_all_where_there_are_several_departments(cast):
    shared = make.publish(make.small_set("QG"))
    make.department(code="99", name="Sở khác", short_name="Sở khác")
    with pytest.raises(PermissionDenied):
        sets.retire_set(shared, by=cast.officer, reason="x")
    draft = make.small_set("DP", owner=make.department(code="98"))
    text = "code: DP\nversion: '1'\ngroups: []\n"
    with pytest.raises(set_yaml.SetRefused):
        set_yaml.save(set_yaml.read_yaml(text), by=cast.officer)
    assert type(draft).objects.filter(pk=draft.pk).exists()


def test_the_administration_shows_no_object_of_others_by_its_number(cast, sign_in):
    version = make.document(cast.school, cast.focal)
    for key in (1, version.document_id):
        assert sign_in(cast.officer).get(f"/quan-tri/r/{key}/{version.pk}/").status_code == 404


def test_restricted_evidence_has_no_title_for_an_auditor(cast, file_, sign_in):
    version = make.document(cast.school, cast.focal, title="Danh sách CCCD", is_restricted=True)
    make.answer(file_, "1.1", cast.focal, met=True)
    criterion = file_.indicator_set.criteria.get(code="1.1")
    evidence.add_evidence(file_, criterion, version, by=cast.focal)
    page = sign_in(cast.auditor).get(file_.get_absolute_url()).content.decode()
    assert "Danh sách CCCD" not in page
    assert "Tài liệu hạn chế" in page
    assert (
        "Danh sách CCCD" in sign_in(cast.specialist).get(file_.get_absolute_url()).content.decode()
    )


def test_a_search_of_a_thousand_words_is_answered(cast, round_, file_, sign_in):
    words = "a " * 1000
    make.certify(
        make.review(make.submit(file_, cast.focal, cast.head), cast.specialist),
        round_, cast.office_head,
    )  # fmt: skip
    publication.publish(round_, by=cast.officer)
    client = sign_in(cast.officer)
    for address in (
        f"/cong-khai/{round_.code}/",
        "/don-vi/",
        "/tai-lieu/",
        "/quan-tri/plans/assignment/",
    ):
        key = "q" if "quan-tri" in address else "tim"
        assert client.get(address, {key: words}).status_code == 200, address


def test_a_school_does_not_read_its_neighbours_in_an_unpublished_decision(
    cast, round_, file_, sign_in
):
    both = [file_, round_.assessments.get(unit=cast.sibling)]
    sibling_head = make.person(cast.sibling, Role.HEAD)
    ready = [
        make.review(make.submit(one, focal, head), cast.specialist)
        for one, focal, head in zip(
            both, (cast.focal, cast.sibling_focal), (cast.head, sibling_head), strict=True
        )
    ]
    decision = certificates.certify(make.decision(round_, cast.office), ready, by=cast.office_head)
    address = reverse("reporting:decision_pdf", args=[decision.pk])
    assert sign_in(cast.focal).get(address).status_code == 403
    assert sign_in(cast.specialist).get(address).status_code == 200
    publication.publish(round_, by=cast.officer)
    assert sign_in(cast.focal).get(address).status_code == 200


def test_an_edit_cannot_undo_an_opening(cast):
    """The page was opened while the round was a draft and sent after somebody opened the round."""
    stale = make.campaign(cast.department, cast.officer, [make.small_set()])
    sets = list(stale.sets.all())
    campaigns.open_campaign(stale, by=cast.officer)
    with pytest.raises(StepRefused, match="Đợt đã mở"):
        campaigns.save_campaign(stale, sets, by=cast.officer)


def test_nobody_writes_before_the_round_begins(cast):
    later = make.open_round(
        cast,
        opens_at=timezone.now() + timezone.timedelta(days=1),
        opening_phrase="Từ ngày mai",
    )
    file_ = later.assessments.get(unit=cast.school)
    with pytest.raises(StepRefused, match="đang khóa"):
        make.answer(file_, "1.1", cast.focal, met=True)


def test_the_link_of_a_password_mail_is_the_portals_own(cast, client, mailoutbox, settings):
    settings.ALLOWED_HOSTS = [".so.example"]
    form = {"email": cast.focal.email}
    for _ in range(3):
        client.post(reverse("schools:password_request"), form, headers={"host": "xau.so.example"})
    announce()
    assert len(mailoutbox) == 1
    assert settings.SITE_URL in mailoutbox[0].body
    assert "xau" not in mailoutbox[0].body


def test_behind_a_proxy_the_visitor_counts_not_the_proxy(settings, rf):
    from schools.backends import client_address

    request = rf.get("/", headers={"x-forwarded-for": "6.6.6.6, 203.0.113.9"})
    settings.PROXY_COUNT = 0
    assert client_address(request) == "127.0.0.1"
    settings.PROXY_COUNT = 1
    assert client_address(request) == "203.0.113.9"
