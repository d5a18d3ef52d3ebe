"""The search of the top bar: units, plans, tasks, documents, of what the person may see."""

from django.shortcuts import render

from edudx.lib.vietnamese import search_words
from plans.models import Plan, Task
from schools.models import Document, OrgUnit
from schools.permissions import Permission as P

MOST = 10


def search(request):
    """The first ten of each kind; without words, how to ask."""
    text = request.GET.get("tim", "").strip()
    words = search_words(text)
    return render(
        request,
        "search.html",
        {"text": text, "kinds": _kinds(request.user, words) if words else []},
    )


def _kinds(user, words: list[str]) -> list[tuple]:
    """(title, rows, is there more) of the kinds in which something was found."""
    asked = (
        ("Đơn vị", P.UNIT_VIEW, OrgUnit.objects.visible_to(user)),
        ("Kế hoạch", P.PLAN_VIEW, Plan.objects.visible_to(user).select_related("issuer")),
        ("Nhiệm vụ", P.PLAN_VIEW, Task.objects.visible_to(user).issued().select_related("issuer")),
        ("Tài liệu", P.DOCUMENT_VIEW, Document.objects.visible_to(user)),
    )
    found = []
    for title, permission, rows in asked:
        if not user.can(permission):
            continue
        for word in words:
            rows = rows.filter(search_text__contains=word)
        some = list(rows[: MOST + 1])
        if some:
            found.append((title, some[:MOST], len(some) > MOST))
    return found
