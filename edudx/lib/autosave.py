"""What a form that saves itself is answered: JSON for static/js/app.js, a page without it."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.contrib import messages
from django.db import IntegrityError
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string

from edudx.lib import constraints
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


def _not_kept(request: HttpRequest, said: str, place: str) -> HttpResponse:
    if wants_json(request):
        return JsonResponse({"error": said}, status=409)
    messages.error(request, said)
    return redirect(place)


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
        return _not_kept(request, str(refusal), place)
    except IntegrityError as fault:
        return _not_kept(request, constraints.told(fault), place)
    if wants_json(request):
        return JsonResponse(saved(kept))
    messages.success(request, done)
    return redirect(place)
