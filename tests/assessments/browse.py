"""What people send from the pages of a campaign; what the portal answers comes back as it is."""

import re

from django.urls import reverse
from django.utils import timezone

from tests import make

JSON = {"HTTP_ACCEPT": "application/json"}


def url(name: str, *args) -> str:
    return reverse(f"assessments:{name}", args=args)


def criterion(file_, code: str):
    return file_.indicator_set.criteria.get(code=code)


def fresh(row):
    """The row as it is now, without anything cached."""
    return type(row).objects.get(pk=row.pk)


def text(response) -> str:
    """The page without the white space that browsers do not show between its elements."""
    page = re.sub(r"\s+", " ", response.content.decode())
    return page.replace("> <", "><")


def said(response) -> str:
    """What the portal told the person on the page it led to."""
    return " ".join(str(one) for one in response.context["messages"])


def save(client, file_, code: str, *, version=0, as_json: bool = False, **fields):
    """One criterion's form as a browser posts it; numbers as they are typed."""
    one = criterion(file_, code)
    sent = {f"c{one.pk}-version": version} | {f"c{one.pk}-{key}": fields[key] for key in fields}
    headers = JSON if as_json else {}
    return client.post(url("answer_save", file_.pk, one.pk), sent, **headers)


def step(client, file_, name: str, reason: str = ""):
    return client.post(url("move", file_.pk, name), {"reason": reason}, follow=True)


def review(client, file_, code: str, decision: str, **fields):
    one = criterion(file_, code)
    sent = {f"r{one.pk}-decision": decision} | {f"r{one.pk}-{key}": fields[key] for key in fields}
    return client.post(url("review_save", file_.pk, one.pk), sent)


def campaign_form(part, chosen, **changed) -> dict:
    """The form of a campaign as filled in from a real plan."""
    return {
        "title": "Đánh giá mức độ chuyển đổi số",
        "code": "hp-2026-2027",
        "period": "2026-2027",
        "scope": part.pk,
        "sets": [one.pk for one in chosen],
        "opening_phrase": "Từ ngày 01/9/2026",
        "submission_phrase": "Trước ngày 20/5/2027",
        "decision_phrase": "Chậm nhất ngày 25/5/2027",
        "publication_phrase": "Trước ngày 20/6/2027",
        "is_demo": "on",
    } | changed


def decision_form(files, number="12", **changed) -> dict:
    return {
        "school": [one.pk for one in files],
        "number": number,
        "symbol": "QĐ-PGDĐT",
        "signed_on": f"{timezone.localdate():%d/%m/%Y}",
        "authority": "",
        "head_post": "TRƯỞNG PHÒNG",
        "signer_post": "",
        "signer_name": "Trần Thị Hoa",
    } | changed


def reviewed(file_, cast, *, focal=None, head=None, by=None):
    """Filled, submitted and reviewed; the fresh row."""
    file_ = make.submit(file_, focal or cast.focal, head or cast.head)
    return make.review(file_, by or cast.specialist)
