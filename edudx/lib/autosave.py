"""What a form that saves itself is answered: JSON for static/js/app.js, a page without it."""

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string


def wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")


def refused(request: HttpRequest, form: BaseForm, template: str, page: dict) -> HttpResponse:
    """422: the faults beside their fields; what was typed stays."""
    if not wants_json(request):
        return render(request, template, page | {"form": form}, status=422)
    errors = {form.add_prefix(name): list(faults) for name, faults in form.errors.items()}
    return JsonResponse({"errors": errors}, status=422)


def conflict(request: HttpRequest, panel: str, template: str, page: dict) -> HttpResponse:
    """409: both versions side by side; the person chooses, nothing is lost."""
    if not wants_json(request):
        return render(request, template, page, status=409)
    return JsonResponse({"conflict": render_to_string(panel, page, request)}, status=409)
