"""How many queries a page costs; the pages of plans, figures and reports that are counted."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from reporting.actions import rounds

PLAN_PAGES = {  # address → who opens it; about the plan where it takes one
    "plans:plans": "specialist",
    "plans:plan": "specialist",
    "plans:board": "specialist",
    "plans:road_map": "specialist",
    "plans:targets": "specialist",
    "plans:tasks": "specialist",
    "plans:month": "specialist",
    "plans:legal_texts": "focal",
    "plans:plan_issue": "office_head",
    "plans:plan_amend": "office_head",
}
FIGURE_PAGES = {  # address → its arguments about a request
    "reporting:requests": lambda request, office: [],
    "reporting:forms": lambda request, office: [],
    "reporting:request": lambda request, office: [request.pk],
    "reporting:figure": lambda request, office: [request.pk, "hs-tong"],
    "reporting:close": lambda request, office: [request.pk, office.code],
}
REPORT_PAGES = {  # address → its arguments about a round
    "reporting:rounds": lambda round_: [],
    "reporting:round": lambda round_: [round_.pk],
    "reporting:report": lambda round_: [rounds.own_of(round_).pk],
}


def queries(client, url: str) -> tuple[int, str]:
    """How many, after one visit that fills the caches; and which, for the message."""
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        response = client.get(url)
        if response.streaming:
            b"".join(response.streaming_content)
    assert response.status_code == 200
    return len(captured), "\n".join(one["sql"][:200] for one in captured)
