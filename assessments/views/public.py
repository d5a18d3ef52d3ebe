"""What anyone may read without signing in: certified levels, decision number and date."""

import csv

from django.contrib.auth.decorators import login_not_required
from django.db import models
from django.http import Http404, JsonResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render

from assessments.models import Campaign, Certificate, CertificateLine, Group
from edudx.lib.text import writable
from schools.models import OrgUnit
from schools.views.lists import page_of

SORTABLE = {
    "truong": "sort_key",
    "noi": "place_key",
    "ngay": "decision__signed_on",
}


def _published(campaign: Campaign):
    return (
        Certificate.objects.public()
        .filter(assessment__campaign=campaign)
        .select_related("decision", "assessment__unit", "assessment__campaign")
        .prefetch_related("lines")
    )


def _newest(certificates):
    """The last edition of each school: in force, or the withdrawn one when none follows it."""
    newer = Certificate.objects.public().filter(
        assessment=models.OuterRef("assessment"), edition__gt=models.OuterRef("edition")
    )
    return certificates.filter(~models.Exists(newer)).order_by("sort_key", "pk")


@login_not_required
def campaign_list(request):
    """Periods with published results."""
    found = Campaign.objects.filter(
        assessments__certificates__published_at__isnull=False
    ).distinct()
    return render(
        request,
        "public/campaigns.html",
        {"campaigns": found.select_related("issuer").prefetch_related("sets")},
    )


def _filtered(certificates, query):
    """By name or place, office, type, level of either group; unknown values find nothing."""
    certificates = certificates.search(query.get("tim", ""))
    if query.get("phong"):
        certificates = certificates.filter(assessment__office__code=query["phong"])
    if query.get("loai"):
        certificates = certificates.filter(unit_type=query["loai"])
    for name, level in query.items():
        if name.startswith("muc") and level in ("1", "2", "3"):
            lines = CertificateLine.objects.filter(group_code=name[3:], level=level)
            certificates = certificates.filter(pk__in=lines.values("certificate"))
    return certificates


def _levels(campaign: Campaign, query) -> list[tuple[str, str]]:
    """(group, the level asked for) of every group of the campaign's sets."""
    groups = Group.objects.filter(indicator_set__campaigns=campaign)
    codes = sorted(set(groups.values_list("code", flat=True)))
    return [(code, query.get(f"muc{code}", "")) for code in codes]


@login_not_required
def schools(request, code: str):
    """The public list of one campaign."""
    campaign = _campaign(code)
    found = _filtered(_newest(_published(campaign)), request.GET)
    page = page_of(found, request, SORTABLE)
    offices = OrgUnit.objects.filter(
        assessments_to_review__campaign=campaign,
        assessments_to_review__certificates__published_at__isnull=False,
    ).distinct()
    return render(
        request,
        "public/schools.html",
        {
            "campaign": campaign,
            "page": page,
            "offices": offices,
            "types": OrgUnit.SchoolType.choices,
            "levels": _levels(campaign, request.GET),
        },
    )


def _campaign(code: str) -> Campaign:
    campaign = get_object_or_404(Campaign.objects.prefetch_related("sets"), code=code)
    if not Certificate.objects.public().filter(assessment__campaign=campaign).exists():
        raise Http404
    return campaign


@login_not_required
def school(request, code: str, unit_code: str):
    """The stable address of one school's published results in a campaign, all editions."""
    certificates = list(
        _published(_campaign(code)).filter(assessment__unit__code=unit_code).order_by("-edition")
    )
    if not certificates:
        raise Http404
    return render(
        request,
        "public/school.html",
        {
            "campaign": certificates[0].assessment.campaign,
            "newest": certificates[0],
            "certificates": certificates,
        },
    )


COLUMNS = (
    "ma_dot", "ky", "ma_truong", "ten_truong", "loai_truong", "dia_danh", "phong",
    "nhom", "muc", "so_quyet_dinh", "ngay_quyet_dinh", "tinh_trang", "luu_y",
    "ten_hien_nay",
)  # fmt: skip


def _rows(campaign: Campaign, query):
    """One row per school and group, as the CSV and the JSON give it."""
    for one in _filtered(_newest(_published(campaign)), query).iterator(chunk_size=500):
        for line in one.lines.all():
            yield (
                campaign.code, campaign.period, one.assessment.unit.code, one.unit_name,
                one.unit_type, one.unit_place, one.office_name, line.group_code, line.level,
                one.decision.full_number, one.decision.signed_on.isoformat(),
                "da_thu_hoi" if one.withdrawn_at else "hieu_luc", campaign.notice, one.now_called,
            )  # fmt: skip


class _Echo:
    """csv wants a file; the response wants the text."""

    def write(self, text: str) -> str:
        return text


def safe_cell(value):
    """Text that a spreadsheet would take for a formula is marked as text."""
    text = writable(str(value))
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


@login_not_required
def schools_csv(request, code: str):
    campaign = _campaign(code)
    writer = csv.writer(_Echo())

    def lines():
        yield "\ufeff" + writer.writerow(COLUMNS)
        for row in _rows(campaign, request.GET):
            yield writer.writerow([safe_cell(value) for value in row])

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="cong-nhan-{campaign.code}.csv"'
    return response


@login_not_required
def schools_json(request, code: str):
    campaign = _campaign(code)
    rows = [dict(zip(COLUMNS, row, strict=True)) for row in _rows(campaign, request.GET)]
    return JsonResponse(
        {"dot": campaign.code, "ky": campaign.period, "luu_y": campaign.notice, "ket_qua": rows},
        json_dumps_params={"ensure_ascii": False},
    )
