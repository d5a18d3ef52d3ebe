"""The home page: at most five things to do, oldest first, for the hat that is on."""

from django.shortcuts import render

import assessments.todo
import plans.todo
import reporting.todo
from edudx.lib.todo import Todo

MOST = 5


def home(request):
    """The five that wait longest; `?tat-ca` shows all."""
    user = request.user
    todos = sorted(_todos(user), key=lambda one: one.order) if user.hat else []
    shown = todos if "tat-ca" in request.GET else todos[:MOST]
    return render(request, "home.html", {"todos": shown, "more": len(todos) - len(shown)})


def _todos(user) -> list[Todo]:
    """Each app says its own."""
    return [
        *assessments.todo.todos(user), *plans.todo.todos(user), *reporting.todo.todos(user),
    ]  # fmt: skip
