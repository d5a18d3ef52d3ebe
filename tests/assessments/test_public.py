"""Anyone reads the published levels without signing in, and nothing else."""

import csv
import io
import json

import pytest
from django.urls import reverse

from assessments.actions import certificates, files, publication, reviews
from assessments.models import Certificate
from schools.permissions import Role
from tests import make

from .browse import criterion, fresh, reviewed, text


def page(name: str, *args) -> str:
    return reverse(f"public:{name}", args=args)


@pytest.fixture
def sibling_file(cast, campaign):
    head = make.person(cast.sibling, Role.HEAD)
    file_ = campaign.assessments.get(unit=cast.sibling)
    return reviewed(file_, cast, focal=cast.sibling_focal, head=head)


@pytest.fixture
def published(cast, campaign, file_, sibling_file):
    """The school certified and published; its sibling certified and not published."""
    file_ = make.submit(file_, cast.focal, cast.head)
    one = criterion(file_, "2.3")
    reviews.review(file_, one, decision="change", points=5, reason="Thiếu tệp", by=cast.specialist)
    make.certify(make.review(file_, cast.specialist), campaign, cast.office_head)
    publication.publish(campaign, by=cast.officer)
    make.certify(sibling_file, campaign, cast.office_head, "13")
    return Certificate.objects.public().get()


@pytest.fixture
def both(cast, campaign, published):
    """Both schools published."""
    publication.publish(campaign, by=cast.officer)
    return campaign


def rows_of(client, campaign, query: str = "") -> list[dict]:
    content = client.get(page("csv", campaign.code) + query).getvalue().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(content)))


def found(client, campaign, query: str = "") -> list[str]:
    response = client.get(page("schools", campaign.code) + query)
    return [one.assessment.unit.code for one in response.context["page"]]


def test_only_what_is_certified_and_published_is_seen(cast, campaign, published, client):
    assert found(client, campaign) == ["0101-001"]
    assert {one["ma_truong"] for one in rows_of(client, campaign)} == {"0101-001"}
    answer = client.get(page("json", campaign.code)).json()
    assert {one["ma_truong"] for one in answer["ket_qua"]} == {"0101-001"}
    assert client.get(page("school", campaign.code, "0101-001")).status_code == 200
    for code in ("0101-002", "0101-003", "khong-co"):
        assert client.get(page("school", campaign.code, code)).status_code == 404


def test_a_campaign_with_nothing_published_is_not_found(campaign, client):
    for name in ("schools", "csv", "json"):
        assert client.get(page(name, campaign.code)).status_code == 404
    assert client.get(page("school", campaign.code, "0101-001")).status_code == 404
    assert client.get(page("schools", "khong-co")).status_code == 404
    assert campaign.title not in text(client.get(page("campaigns")))


def test_the_pages_tell_certified_levels_decision_and_date(campaign, published, client):
    school = text(client.get(published.public_url()))
    for words in ("Mức 3", "Mức 1", "12/QĐ-PGDĐT", f"{published.decision.signed_on:%d/%m/%Y}"):
        assert words in school
    assert "12/QĐ-PGDĐT" in text(client.get(page("schools", campaign.code)))
    assert campaign.title in text(client.get(page("campaigns")))


def test_self_scores_people_and_evidence_never_appear(cast, campaign, published, client):
    cast.head.phone = "0912345678"
    cast.head.save(update_fields=["phone"])
    everything = text(client.get(page("schools", campaign.code)))
    everything += text(client.get(published.public_url()))
    everything += text(client.get(page("json", campaign.code)))
    everything += client.get(page("csv", campaign.code)).getvalue().decode()
    people = (cast.focal, cast.head, cast.specialist, cast.office_head)
    secret = ["70,00", "70 điểm", "70.00", "Thiếu tệp", "Kế hoạch chuyển đổi số", "0912345678",
              "truong.example", published.decision.signer_name, published.sha256]  # fmt: skip
    secret += [one.full_name for one in people] + [one.email for one in people]
    assert [one for one in secret if one in everything] == []


def test_the_pages_need_few_queries(campaign, both, client, django_assert_num_queries):
    with django_assert_num_queries(8):
        client.get(page("schools", campaign.code))


# Search and filters


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("?tim=tieu hoc 001", ["0101-001"]),
        ("?tim=TIỂU HỌC 002", ["0101-002"]),
        ("?tim=tan thanh", ["0101-001", "0101-002"]),
        ("?phong=0101", ["0101-001", "0101-002"]),
        ("?phong=0102", []),
        ("?loai=TH_THCS", ["0101-001", "0101-002"]),
        ("?loai=MN", []),
        ("?loai=khong", []),
        ("?muc1=3", ["0101-001", "0101-002"]),
        ("?muc2=1", ["0101-001"]),
        ("?muc2=2&muc1=3", ["0101-002"]),
        ("?muc2=9", ["0101-001", "0101-002"]),
        ("?trang=khong", ["0101-001", "0101-002"]),
    ],
)
def test_search_and_filters(both, client, query, codes):
    assert found(client, both, query) == codes
    assert sorted({one["ma_truong"] for one in rows_of(client, both, query)}) == codes


# Files


def test_the_csv_has_a_row_per_school_and_group(cast, campaign, published, client):
    response = client.get(page("csv", campaign.code))
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    first, second = rows_of(client, campaign)
    assert first == {
        "ma_dot": campaign.code, "ky": campaign.period, "ma_truong": "0101-001",
        "ten_truong": cast.school.name, "loai_truong": "TH_THCS", "dia_danh": "Tân Thành",
        "phong": cast.office.name, "nhom": "1", "muc": "3",
        "so_quyet_dinh": "12/QĐ-PGDĐT",
        "ngay_quyet_dinh": published.decision.signed_on.isoformat(), "tinh_trang": "hieu_luc",
        "luu_y": "Bộ chỉ số chưa được đối chiếu với văn bản gốc", "ten_hien_nay": "",
    }  # fmt: skip
    assert (second["nhom"], second["muc"]) == ("2", "1")


def test_the_json_says_the_same(campaign, published, client):
    response = client.get(page("json", campaign.code))
    answer = json.loads(response.content)
    assert (answer["dot"], answer["ky"]) == (campaign.code, campaign.period)
    assert answer["luu_y"] == "Bộ chỉ số chưa được đối chiếu với văn bản gốc"
    as_text = [{key: str(value) for key, value in row.items()} for row in answer["ket_qua"]]
    assert as_text == rows_of(client, campaign)


@pytest.mark.parametrize("first", ["=", "+", "-", "@"])
def test_a_name_like_a_formula_is_neutralised(cast, published, client, first):
    cast.school.name = f'{first}HYPERLINK("http://xau.example")'
    cast.school.save(update_fields=["name"])
    campaign = published.assessment.campaign
    assert rows_of(client, campaign)[0]["ten_hien_nay"].startswith(f"'{first}HYPERLINK")


def test_a_name_with_markup_stays_text(cast, published, client):
    cast.school.name = "<script>alert(1)</script>"
    cast.school.save(update_fields=["name"])
    assert "<script>alert(1)" not in text(client.get(published.public_url()))


# Stable addresses, withdrawn certificates


def test_the_address_holds_when_the_school_moves(cast, published, client):
    before = published.public_url()
    cast.school.parent = cast.neighbour
    cast.school.save(update_fields=["parent"])
    assert before == f"/cong-khai/{published.assessment.campaign.code}/0101-001/"
    assert client.get(before).status_code == 200
    assert found(client, published.assessment.campaign, "?phong=0101") == ["0101-001"]


def test_a_withdrawn_certificate_says_so(cast, campaign, published, client):
    certificates.reopen(published.assessment, by=cast.office_head, reason="Nhầm của ông Hòa")
    for address in (published.public_url(), page("schools", campaign.code)):
        assert "Đã thu hồi" in text(client.get(address))
        assert "ông Hòa" not in text(client.get(address))
    assert rows_of(client, campaign)[0]["tinh_trang"] == "da_thu_hoi"


def test_the_next_edition_stands_above_the_withdrawn_one(cast, campaign, published, client):
    certificates.reopen(published.assessment, by=cast.office_head, reason="Nhầm")
    file_ = fresh(published.assessment)
    files.move(file_, "finish_review", by=cast.specialist)
    make.certify(fresh(file_), campaign, cast.office_head, "14")
    assert "14/QĐ-PGDĐT" not in text(client.get(published.public_url()))
    publication.publish(campaign, by=cast.officer)
    shown = text(client.get(published.public_url()))
    assert shown.index("14/QĐ-PGDĐT") < shown.index("12/QĐ-PGDĐT")
    assert "Đã thu hồi" in shown
    own = [one for one in rows_of(client, campaign) if one["ma_truong"] == "0101-001"]
    assert {one["so_quyet_dinh"] for one in own} == {"14/QĐ-PGDĐT"}


# A school that is called otherwise since


@pytest.fixture
def renamed(cast, campaign, published):
    """The published school has got another name, place, type; its office another name."""
    unit = cast.school
    unit.name, unit.short_name = "Trường THCS Tân Thành Mới", "Tân Thành Mới"
    unit.place, unit.school_type = "Bến Mới", "THCS"
    unit.save()
    cast.office.name = "Phòng Văn hóa - Xã hội"
    cast.office.save()
    return Certificate.objects.get(pk=published.pk)


def test_a_renamed_school_keeps_the_names_of_its_decision(cast, campaign, renamed, client, sign_in):
    before = renamed.facts["unit"]["name"]
    assert before != cast.school.name
    own = sign_in(cast.specialist)
    pages = [
        text(client.get(page("schools", campaign.code))),
        text(client.get(renamed.public_url())),
        text(own.get(reverse("assessments:certificate", args=[renamed.pk]))),
        text(own.get(renamed.decision.get_absolute_url())),
    ]
    for one in pages:
        assert before in one
        assert "nay là Trường THCS Tân Thành Mới" in one
    assert "Tân Thành" in pages[0]
    assert "Bến Mới" not in pages[0] + pages[1]
    rows = rows_of(client, campaign)
    for row in [*rows, *client.get(page("json", campaign.code)).json()["ket_qua"]]:
        assert row["ten_truong"] == before
        assert row["ten_hien_nay"] == "Trường THCS Tân Thành Mới"
        assert (row["dia_danh"], row["loai_truong"]) == ("Tân Thành", "TH_THCS")
        assert row["phong"] == renamed.facts["office"]["name"] != cast.office.name


@pytest.mark.parametrize("query", ["?tim=tan thanh moi", "?tim=tieu hoc 001", "?loai=TH_THCS"])
def test_a_renamed_school_is_found_by_either_name(campaign, renamed, client, query):
    assert found(client, campaign, query) == ["0101-001"]


def test_a_school_of_the_same_name_has_no_second_one(campaign, published, client):
    assert "nay là" not in text(client.get(page("schools", campaign.code)))
    assert {row["ten_hien_nay"] for row in rows_of(client, campaign)} == {""}
