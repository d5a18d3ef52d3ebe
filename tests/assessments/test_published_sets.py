"""A published set never changes again, whoever tries and however; a draft says what it is."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction

from assessments.actions import campaigns, sets
from assessments.models import Criterion, Group, IndicatorSet
from edudx.lib.workflow import StepRefused
from schools.models import Event
from tests import make

from .browse import fresh, said, text, url


@pytest.fixture
def published(db):
    return make.publish(make.small_set("P1"))


def refused(change) -> None:
    """The change must fail, in the database itself."""
    with pytest.raises(DatabaseError), transaction.atomic():
        change()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", "Khác"), ("code", "X"), ("version", "9"), ("level_2_from", Decimal(40)),
        ("level_3_above", Decimal(80)), ("missed_condition", "no_effect"), ("applies_to", ["MN"]),
        ("level_names", ["a", "b", "c"]), ("legal_number", "0"), ("legal_issuer", "X"),
        ("compared_with", "bản khác"), ("compared_by", "người khác"), ("published_at", None),
        ("legal_issued_on", "2020-01-01"),
    ],
)  # fmt: skip
def test_no_field_of_a_published_set_changes(published, field, value):
    setattr(published, field, value)
    refused(published.save)
    refused(lambda: IndicatorSet.objects.filter(pk=published.pk).update(**{field: value}))


@pytest.mark.parametrize(
    ("field", "value"), [("code", "9"), ("title", "Khác"), ("max_points", 90), ("position", 7)]
)
def test_no_field_of_its_groups_changes(published, field, value):
    group = published.groups.first()
    setattr(group, field, value)
    refused(group.save)
    refused(lambda: Group.objects.filter(pk=group.pk).update(**{field: value}))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("code", "9.9"), ("kind", "yes_no"), ("title", "Khác"), ("max_points", 41), ("unit", "x"),
        ("full_at", 5), ("steps", [{"label": "a", "points": "40"}]), ("numerator", "x"),
        ("denominator", "x"), ("evidence", "x"), ("guidance", "x"), ("source", "verified"),
        ("position", 70), ("level_2_from", 1), ("level_3_above", 2), ("parent", None),
    ],
)  # fmt: skip
def test_no_field_of_its_criteria_changes(published, field, value):
    criterion = published.criteria.get(code="1.2.1")
    setattr(criterion, field, value)
    refused(criterion.save)
    refused(lambda: Criterion.objects.filter(pk=criterion.pk).update(**{field: value}))


def test_criteria_do_not_move_to_another_set(published):
    other = make.small_set("P2")
    criterion = published.criteria.get(code="1.1")
    refused(lambda: Criterion.objects.filter(pk=criterion.pk).update(indicator_set=other))
    theirs = other.criteria.get(code="1.1")
    refused(lambda: Criterion.objects.filter(pk=theirs.pk).update(indicator_set=published))


@pytest.mark.parametrize("table", ["indicatorset", "group", "criterion"])
def test_raw_sql_changes_nothing(published, table):
    def change():
        with connection.cursor() as cursor:
            cursor.execute(f"UPDATE assessments_{table} SET title = 'x'")  # noqa: S608

    refused(change)


def test_nothing_is_added_to_a_published_set(published):
    group = published.groups.first()
    row = {"indicator_set": published, "title": "Thêm"}
    refused(lambda: Group.objects.create(code="3", max_points=100, **row))
    more = {**row, "group": group, "kind": "condition"}
    refused(lambda: Criterion.objects.create(code="9.1", **more))
    refused(lambda: Criterion.objects.bulk_create([Criterion(code="9.2", **more)]))
    refused(lambda: Criterion.objects.bulk_update(
        [Criterion(pk=published.criteria.first().pk, title="x")], ["title"]
    ))  # fmt: skip


def test_nothing_of_a_published_set_is_deleted(published):
    for rows in (
        IndicatorSet.objects.all(), Group.objects.all(), Criterion.objects.all(),
        published, published.groups.first(), published.criteria.first(),
    ):  # fmt: skip
        with pytest.raises(ValidationError, match="Không được xóa"), transaction.atomic():
            rows.delete()
    assert (IndicatorSet.objects.count(), Group.objects.count()) == (1, 2)
    assert Criterion.objects.count() == 8


def test_a_draft_may_be_changed_and_deleted(db):
    draft = make.small_set("D1")
    draft.criteria.filter(code="1.1").update(title="Sửa")
    draft.delete()
    assert not Criterion.objects.exists()


def test_published_goes_to_retired_and_never_back(published):
    refused(lambda: IndicatorSet.objects.update(state="draft"))
    IndicatorSet.objects.update(state="retired")
    refused(lambda: IndicatorSet.objects.update(state="published"))
    refused(lambda: IndicatorSet.objects.update(state="draft"))
    refused(lambda: IndicatorSet.objects.update(title="Khác"))
    refused(lambda: Criterion.objects.update(title="Khác"))


# Publishing and retiring on the pages


def test_publishing_asks_who_compared_with_what_and_keeps_the_answer(cast, sign_in):
    draft, client = make.small_set("W1"), sign_in(cast.officer)
    assert "Ai đã đối chiếu?" in text(client.get(url("set_publish", draft.pk)))
    answer = {"compared_with": "bản ký số 4725/QĐ-BGDĐT", "compared_by": "Lê Thị Bình"}
    response = client.post(url("set_publish", draft.pk), answer, follow=True)
    found = fresh(draft)
    assert (found.state, found.published_by) == ("published", cast.officer)
    assert (found.compared_with, found.compared_by) == tuple(answer.values())
    assert "Lê Thị Bình đã đối chiếu với: bản ký số 4725/QĐ-BGDĐT" in text(response)
    event = Event.objects.about(found).get()
    assert (event.from_state, event.to_state, event.by) == ("draft", "published", cast.officer)
    assert event.reason == "Lê Thị Bình đối chiếu với bản ký số 4725/QĐ-BGDĐT"


@pytest.mark.parametrize("missing", ["compared_with", "compared_by"])
def test_without_an_answer_it_stays_a_draft(cast, sign_in, missing):
    draft = make.small_set("W2")
    answer = {"compared_with": "bản giấy", "compared_by": "Bình"} | {missing: "  "}
    response = sign_in(cast.officer).post(url("set_publish", draft.pk), answer)
    assert missing in response.context["form"].errors
    assert fresh(draft).is_draft
    with pytest.raises(ValidationError, match="Ghi ai đã đối chiếu"):
        sets.publish(draft, by=cast.officer, **answer)


def test_publishing_twice_is_refused(cast, sign_in):
    found = make.publish(make.small_set("W3"))
    answer = {"compared_with": "x", "compared_by": "y"}
    response = sign_in(cast.officer).post(url("set_publish", found.pk), answer, follow=True)
    assert said(response) == "Không thể «Công bố» khi đang ở trạng thái «Đã công bố»."
    assert fresh(found).compared_with == "bản giấy"


@pytest.mark.parametrize("who", ["focal", "specialist", "office_head", "department_head"])
def test_others_neither_publish_nor_retire(cast, sign_in, who):
    draft, published = make.small_set("W4"), make.publish(make.small_set("W5"))
    client = sign_in(getattr(cast, who))
    answer = {"compared_with": "x", "compared_by": "y"}
    assert client.post(url("set_publish", draft.pk), answer).status_code == 403
    assert client.post(url("set_retire", published.pk), {"reason": "x"}).status_code == 403


def test_retiring_needs_a_reason(cast, sign_in):
    found, client = make.publish(make.small_set("W6")), sign_in(cast.officer)
    assert (
        said(client.post(url("set_retire", found.pk), follow=True))
        == "Cần ghi lý do khi «Cho hết hiệu lực»."
    )
    client.post(url("set_retire", found.pk), {"reason": "Có bộ mới"})
    assert fresh(found).state == "retired"
    again = client.post(url("set_retire", found.pk), {"reason": "Lại"}, follow=True)
    assert "Không thể «Cho hết hiệu lực» khi đang ở trạng thái" in said(again)


# Which campaigns a set may open


def test_a_draft_opens_no_real_campaign(cast):
    real = make.campaign(cast.department, cast.officer, [make.small_set()], is_demo=False)
    with pytest.raises(StepRefused, match="còn là dự thảo nên chỉ dùng được cho đợt dùng thử"):
        campaigns.open(real, by=cast.officer)
    assert fresh(real).state == "draft"
    assert not real.assessments.exists()


def test_a_draft_opens_a_demo_campaign(cast, campaign):
    assert campaign.is_open
    assert campaign.notice == "Bộ chỉ số chưa được đối chiếu với văn bản gốc"


def test_a_published_set_opens_a_real_campaign_without_a_notice(cast):
    sets = [make.publish(make.small_set())]
    real = make.open_campaign(cast, sets=sets, is_demo=False)
    assert (real.is_open, real.notice) == (True, "")


def test_one_draft_among_published_sets_is_enough_to_refuse(cast):
    sets = [make.publish(make.small_set()), make.small_set("T2", applies_to=["MN"])]
    real = make.campaign(cast.department, cast.officer, sets, is_demo=False)
    with pytest.raises(StepRefused, match=r"T2 \(phiên bản 1\) còn là dự thảo"):
        campaigns.open(real, by=cast.officer)


def test_a_retired_set_opens_no_campaign_and_a_running_campaign_keeps_it(cast):
    found = make.publish(make.small_set())
    running = make.open_campaign(cast, sets=[found], is_demo=False)
    sets.retire(found, by=cast.officer, reason="Có bộ mới")
    assert running.assessments.first().indicator_set.state == "retired"
    later = make.campaign(cast.department, cast.officer, [found], is_demo=True)
    with pytest.raises(StepRefused, match="đã hết hiệu lực"):
        campaigns.open(later, by=cast.officer)
