"""The home page: at most five things to do, oldest first, for the hat that is on."""

from django.shortcuts import render
from django.utils import timezone

import assessments.todo
import plans.todo
import reporting.todo
from edudx.lib.todo import Todo
from schools.models import OrgUnit

MOST = 5


def home(request):
    """The five that wait longest; `?tat-ca` shows all."""
    user = request.user
    todos = sorted(_todos(user), key=lambda one: one.order) if user.hat else []
    shown = todos if "tat-ca" in request.GET else todos[:MOST]
    page = {"todos": shown, "more": len(todos) - len(shown), "closed": _closed_units(user)}
    return render(request, "home.html", page)


def _closed_units(user) -> list[OrgUnit]:
    """Why somebody who had a post has none any more."""
    if user.hat:
        return []
    today = timezone.localdate()
    posts = user.memberships.open().filter(unit__valid_to__lt=today)
    return list(OrgUnit.objects.filter(memberships__in=posts).distinct())


def _todos(user) -> list[Todo]:
    """Each app says its own."""
    return [
        *assessments.todo.todos(user), *plans.todo.todos(user), *reporting.todo.todos(user),
    ]  # fmt: skip
