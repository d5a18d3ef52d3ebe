"""A campaign on a draft set says so on every page and in every document."""

import pytest
from django.urls import reverse

from assessments.actions import publication
from reporting.files import decision_paper, maturity_tables
from tests import make

from .browse import fresh, reviewed, text, url

NOTICE = "Bộ chỉ số chưa được đối chiếu với văn bản gốc"


@pytest.fixture
def certified(cast, campaign, file_):
    """The school certified and published; its neighbour in the queue submitted, one reviewed."""
    file_ = reviewed(file_, cast)
    found = make.certify(file_, campaign, cast.office_head)
    publication.publish(campaign, by=cast.officer)
    return found


def pages_of(cast, campaign, certified) -> dict[str, tuple]:
    """(person, address) of every page on which such a campaign is spoken of."""
    file_ = campaign.assessments.get(unit=cast.school)
    sibling = campaign.assessments.get(unit=cast.sibling)
    public = {"code": campaign.code}
    return {
        "campaign": (cast.officer, campaign.get_absolute_url()),
        "campaign of a school": (cast.focal, campaign.get_absolute_url()),
        "queue": (cast.specialist, url("queue", campaign.pk)),
        "file": (cast.focal, file_.get_absolute_url()),
        "review": (cast.specialist, url("review", sibling.pk)),
        "check": (cast.focal, url("check", file_.pk)),
        "certify": (cast.office_head, url("certify", campaign.pk)),
        "decision": (cast.office_head, certified.get_absolute_url()),
        "certificate": (cast.focal, url("certificate", certified.certificates.get().pk)),
        "summary": (cast.officer, reverse("reporting:summary", args=[campaign.pk])),
        "campaigns": (None, reverse("public:campaigns")),
        "public list": (None, reverse("public:schools", kwargs=public)),
        "public school": (None, certified.certificates.get().public_url()),
        "json": (None, reverse("public:json", kwargs=public)),
        "set": (cast.officer, sibling.indicator_set.get_absolute_url()),
        "home": (cast.sibling_focal, "/"),
        "tasks": (cast.sibling_focal, reverse("plans:tasks")),
        "board": (cast.officer, campaign.school_task.get_absolute_url()),
        "comments": (cast.focal, url("comments", file_.pk, file_.leaves()[0].pk)),
        "evidence": (cast.sibling_focal, url("evidence_add", sibling.pk, sibling.leaves()[0].pk)),
        "exports": (cast.officer, reverse("reporting:exports")),
    }


def body(response) -> str:
    return response.getvalue().decode() if response.streaming else text(response)


@pytest.mark.parametrize("place", [
    "campaign", "campaign of a school", "queue", "file", "review", "check", "certify", "decision",
    "certificate", "summary", "campaigns", "public list", "public school", "json", "set", "home",
    "tasks", "board", "comments", "evidence", "exports",
])  # fmt: skip
def test_every_page_says_it(cast, campaign, certified, sign_in, client, place):
    person, address = pages_of(cast, campaign, certified)[place]
    response = (sign_in(person) if person else client).get(address)
    assert response.status_code == 200
    assert NOTICE in text(response)


def test_publishing_the_set_later_does_not_make_it_true(cast, campaign, certified, sign_in, client):
    """What was certified on a draft stays marked, though the set itself has been compared since."""
    for one in campaign.sets.all():
        make.publish(one)
    for place, (person, address) in pages_of(cast, campaign, certified).items():
        said = NOTICE in text((sign_in(person) if person else client).get(address))
        assert said == (place != "set"), place
    assert decision_paper.paper(certified).notice == NOTICE


def test_a_demo_on_compared_sets_is_no_real_campaign(cast, client, sign_in):
    sets = [make.publish(make.small_set("TT"))]
    demo = make.open_campaign(cast, sets=sets)
    assert "Đợt đánh giá dùng thử" in text(sign_in(cast.focal).get(demo.get_absolute_url()))


def test_every_row_of_the_csv_says_it(campaign, certified, client):
    lines = body(client.get(reverse("public:csv", args=[campaign.code]))).splitlines()
    assert all(NOTICE in line for line in lines[1:])
    assert len(lines) == 3


def test_the_decision_says_it(certified):
    assert decision_paper.paper(certified).notice == NOTICE


def test_the_consolidated_report_says_it(cast, campaign, certified):
    found = maturity_tables.summary(campaign, cast.department, asked_by=cast.officer)
    assert found.notice == NOTICE
    assert NOTICE in found.header


def test_a_campaign_on_published_sets_says_nothing(cast, sign_in, client):
    sets = [make.publish(make.small_set())]
    campaign = make.open_campaign(cast, sets=sets, is_demo=False)
    file_ = reviewed(campaign.assessments.get(unit=cast.school), cast)
    certified = make.certify(file_, campaign, cast.office_head)
    publication.publish(campaign, by=cast.officer)
    for place, (person, address) in pages_of(cast, fresh(campaign), certified).items():
        response = (sign_in(person) if person else client).get(address)
        assert response.status_code == 200, place
        assert NOTICE not in text(response), place
    assert decision_paper.paper(certified).notice == ""
