"""What a form that saves itself is answered: JSON for static/js/app.js, a page without it."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string

from edudx.lib.workflow import Conflict, StepRefused

Kept = TypeVar("Kept")


def wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")


def refused(
    request: HttpRequest, form: BaseForm, template: str, page: dict[str, Any]
) -> HttpResponse:
    """422: the faults beside their fields; what was typed stays."""
    if not wants_json(request):
        return render(request, template, page | {"form": form}, status=422)
    errors = {form.add_prefix(name): list(faults) for name, faults in form.errors.items()}
    return JsonResponse({"errors": errors}, status=422)


def conflict(request: HttpRequest, panel: str, template: str, page: dict[str, Any]) -> HttpResponse:
    """409: both versions side by side; the person chooses, nothing is lost."""
    if not wants_json(request):
        return render(request, template, page, status=409)
    return JsonResponse({"conflict": render_to_string(panel, page, request)}, status=409)


def keep(
    request: HttpRequest,
    save: Callable[[], Kept],
    *,
    saved: Callable[[Kept], dict[str, Any]],
    conflict: Callable[[Conflict], HttpResponse],
    done: str,
    place: str,
) -> HttpResponse:
    """Keep what was typed and say so: `saved` as JSON, or the page again at its `place`."""
    try:
        kept = save()
    except Conflict as met:
        return conflict(met)
    except StepRefused as refusal:
        if wants_json(request):
            return JsonResponse({"error": str(refusal)}, status=409)
        messages.error(request, str(refusal))
        return redirect(place)
    if wants_json(request):
        return JsonResponse(saved(kept))
    messages.success(request, done)
    return redirect(place)
