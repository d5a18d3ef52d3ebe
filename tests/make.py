"""Makes units, people, sets, campaigns and files for tests; real models, real actions."""

import io
import itertools
from datetime import timedelta
from decimal import Decimal

from django.utils import timezone
from pypdf import PdfWriter

from assessments.actions import answers, campaigns, certificates, evidence, files, reviews
from assessments.models import Campaign, Criterion, Decision, Group, IndicatorSet
from edudx.lib import deadlines
from schools.models import Membership, OrgUnit, User
from schools.permissions import Role
from tests import clock

numbers = itertools.count(1)


def department(code: str = "01", **fields) -> OrgUnit:
    values = {
        "name": "Sở Giáo dục và Đào tạo Hải Phòng",
        "short_name": "Sở GDĐT Hải Phòng",
        "superior_name": "UBND thành phố Hải Phòng",
        "abbreviation": "SGDĐT",
        "place": "Hải Phòng",
    } | fields
    return OrgUnit.objects.create(code=code, kind="department", **values)


def office(parent: OrgUnit, code: str, **fields) -> OrgUnit:
    values = {
        "name": f"Phòng Giáo dục và Đào tạo quận {code}",
        "short_name": f"Phòng GDĐT {code}",
        "superior_name": f"UBND quận {code}",
        "abbreviation": "PGDĐT",
        "place": "Dương Kinh",
    } | fields
    return OrgUnit.objects.create(code=code, kind="office", parent=parent, **values)


def school(parent: OrgUnit, code: str, school_type: str = "TH_THCS", **fields) -> OrgUnit:
    values = {
        "name": f"Trường Tiểu học và Trung học cơ sở {code}",
        "short_name": f"TH&THCS {code}",
        "place": "Tân Thành",
    } | fields
    return OrgUnit.objects.create(
        code=code, kind="school", school_type=school_type, parent=parent, **values
    )


def person(unit: OrgUnit, role: Role, *, post: str = "", email: str = "", name: str = "") -> User:
    number = next(numbers)
    user = User.objects.create_user(
        email or f"nguoi{number}@truong.example", name or f"Nguyễn Văn {number}", "mat-khau-dung"
    )
    Membership.objects.create(
        user=user, unit=unit, role=role, post=post,
        valid_from=timezone.localdate() - timedelta(days=30),
    )  # fmt: skip
    return user


def small_set(code: str = "T1", applies_to=("TH", "THCS", "TH_THCS", "THPT"), **fields):
    """Two groups of 100 points with one criterion of every kind; a draft unless said otherwise."""
    values = {
        "version": "1",
        "title": f"Bộ chỉ số thử {code}",
        "legal_number": "1/QĐ-THU",
        "legal_issued_on": "2024-01-01",
        "legal_issuer": "Bộ Giáo dục và Đào tạo",
        "level_names": ["Chưa đáp ứng", "Cơ bản", "Tốt"],
    } | fields
    found = IndicatorSet.objects.create(code=code, applies_to=list(applies_to), **values)
    first, second = (
        Group.objects.create(
            indicator_set=found, code=number, title=f"Nhóm {number}", max_points=100, position=place
        )
        for place, number in enumerate(("1", "2"))
    )

    def add(group, code, kind, points=0, parent=None, **more):
        return Criterion.objects.create(
            indicator_set=found, group=group, code=code, kind=kind, title=f"Tiêu chí {code}",
            max_points=points, parent=parent, position=found.criteria.count(), **more,
        )  # fmt: skip

    add(first, "1.1", "condition")
    both = add(first, "1.2", "sum", 60)
    add(first, "1.2.1", "graded", 40, both)
    add(first, "1.2.2", "yes_no", 20, both)
    add(first, "1.3", "ratio", 40, numerator="Số đạt", denominator="Tổng số")
    add(second, "2.1", "condition")
    add(second, "2.2", "count", 50, unit="học liệu", full_at=Decimal(100))
    add(second, "2.3", "graded", 50)
    return found


def publish(indicator_set: IndicatorSet) -> IndicatorSet:
    """Published in the database as the action leaves it; reload for a fresh object."""
    indicator_set.state = IndicatorSet.State.PUBLISHED
    indicator_set.compared_with, indicator_set.compared_by = "bản giấy", "Lê Thị Bình"
    indicator_set.published_at = timezone.now()
    indicator_set.save()
    return IndicatorSet.objects.get(pk=indicator_set.pk)


def campaign(issuer: OrgUnit, by: User, sets, *, code: str = "", days: int = 7, **fields):
    """A draft round around today."""
    now = timezone.localdate()
    values = {
        "title": f"Đánh giá mức độ chuyển đổi số năm học {clock.period()}",
        "scope": issuer,
        "period": clock.period(),
        "opening_phrase": f"Từ ngày {clock.written(now - timedelta(days=30))}",
        "opens_at": deadlines.start_of_day(now - timedelta(days=30)),
        "submission_phrase": f"Chậm nhất ngày {clock.written(now + timedelta(days=days))}",
        "submission_due_at": deadlines.end_of_day(now + timedelta(days=days)),
        "decision_phrase": f"Chậm nhất ngày {clock.written(now + timedelta(days=days + 14))}",
        "decision_due_at": deadlines.end_of_day(now + timedelta(days=days + 14)),
        "publication_phrase": f"Chậm nhất ngày {clock.written(now + timedelta(days=days + 30))}",
        "publication_due_at": deadlines.end_of_day(now + timedelta(days=days + 30)),
        "is_demo": True,
        "created_by": by,
    } | fields
    found = Campaign.objects.create(code=code or f"dot-{next(numbers)}", issuer=issuer, **values)
    found.sets.set(sets)
    return found


def open_campaign(cast, *, sets=None, **fields) -> Campaign:
    sets = sets or [small_set(), small_set("T2", applies_to=["MN"])]
    found = campaign(cast.department, cast.officer, sets, **fields)
    campaigns.open(found, by=cast.officer)
    return Campaign.objects.get(pk=found.pk)


VALUES = {
    "condition": {"met": True},
    "yes_no": {"met": True},
    "graded": {"entered_points": Decimal(30)},
    "count": {"count": Decimal(80)},
    "ratio": {"numerator": Decimal(9), "denominator": Decimal(10)},
}
EMPTY = {
    "entered_points": None, "met": None, "numerator": None, "denominator": None, "count": None,
    "is_not_applicable": False, "not_applicable_reason": "", "note": "",
}  # fmt: skip


def answer(file_, code: str, by: User, *, version: int = 0, **values):
    criterion = file_.indicator_set.criteria.select_related("group", "parent").get(code=code)
    return answers.save(file_, criterion, values=EMPTY | values, version=version, by=by)


def fill(file_, by: User) -> None:
    """Answer and prove everything; group 1: 30+20+36 = 86, group 2: 40+30 = 70."""
    version = document(file_.unit, by)
    for criterion in file_.indicator_set.criteria.exclude(kind="sum").select_related(
        "group", "parent", "indicator_set"
    ):
        answers.save(file_, criterion, values=EMPTY | VALUES[criterion.kind], version=0, by=by)
        evidence.add(file_, criterion, version, by=by)


def document(unit: OrgUnit, by: User, title: str = "Kế hoạch chuyển đổi số", **fields):
    from schools.actions import documents

    return documents.add(
        unit=unit, title=title, kind="plan", by=by, link="https://truong.example/ke-hoach", **fields
    )


def submit(file_, cast_focal: User, cast_head: User):
    """Filled, prepared and handed in; the fresh row."""
    fill(file_, cast_focal)
    files.move(file_, "prepare", by=cast_focal)
    files.move(file_, "submit", by=cast_head)
    return type(file_).objects.get(pk=file_.pk)


def review(file_, by: User):
    reviews.accept_rest(file_, by=by)
    files.move(file_, "finish_review", by=by)
    return type(file_).objects.get(pk=file_.pk)


def decision(campaign, issuer: OrgUnit, number: str = "12", **fields) -> Decision:
    """Not saved: `campaigns.certify` saves it."""
    values = {
        "superior_line": issuer.superior_name,
        "issuer_line": issuer.name,
        "symbol": f"QĐ-{issuer.abbreviation}",
        "signed_on": timezone.localdate(),
        "head_post": "TRƯỞNG PHÒNG",
        "signer_name": "Trần Thị Hoa",
    } | fields
    return Decision(campaign=campaign, issuer=issuer, number=number, **values)


def certify(file_, campaign, by: User, number: str = "12"):
    return certificates.certify(decision(campaign, file_.office, number), [file_], by=by)


def pdf_bytes() -> bytes:
    writer, out = PdfWriter(), io.BytesIO()
    writer.add_blank_page(200, 200)
    writer.write(out)
    return out.getvalue()
