"""A button pressed twice, a page sent again: each form of the portal takes its step once.

Every form has a token that is another one each time it is shown (Django's, against forgery). With
what was typed it is the key of this post; whatever creates holds the key in its own transaction.
"""

import hashlib
import time

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from edudx.lib.autosave import wants_json
from edudx.lib.told import came_from
from schools.models.postings import Form, PostedBefore, Posting, current

TOKEN = "csrfmiddlewaretoken"  # noqa: S105 the name of the field
PATIENCE = 3  # seconds that the second waits for the first's answer
SAID = "Biểu mẫu này đã được ghi từ lần gửi trước; không ghi thêm lần nữa."


class OnceMiddleware:
    """Below the messages and the hats. A form that saves itself has versions instead."""

    def __init__(self, get_response) -> None:
        self.get_response = get_response

    def __call__(self, request):
        before = current.set(None)
        try:
            response = self.get_response(request)
            form = current.get()
        finally:
            current.reset(before)
        if form and form.is_held:
            _of(form).update(
                location=response.get("Location", came_from(request) or reverse("home"))[:500]
            )
        return response

    def process_view(self, request, view, args, kwargs):
        """After the token was found good."""
        is_form = request.method == "POST" and request.user.is_authenticated
        if not is_form or TOKEN not in request.POST or wants_json(request):
            return None
        form = Form(request.user.pk, _key(request))
        if _of(form).exists():
            return _answer_of_the_first(request, form)
        current.set(form)
        return None

    def process_exception(self, request, fault):
        form = current.get()
        if form is None or not isinstance(fault, PostedBefore):
            return None
        return _answer_of_the_first(request, form)


def _of(form: Form):
    return Posting.objects.filter(user=form.user_id, key=form.key)


def _key(request: HttpRequest) -> str:
    """Of the page that was shown and of everything typed into it; of files the name and size."""
    found = hashlib.sha256(request.path.encode())
    fields = sorted((name, texts) for name, texts in request.POST.lists())
    files = sorted(
        (name, [(one.name, one.size) for one in files]) for name, files in request.FILES.lists()
    )
    found.update(repr((fields, files)).encode())
    return found.hexdigest()


def _answer_of_the_first(request: HttpRequest, form: Form) -> HttpResponse:
    """Where the first was led; it may still be on its way."""
    until = time.monotonic() + PATIENCE
    location = ""
    while not location and time.monotonic() < until:
        location = _of(form).values_list("location", flat=True).first() or ""
        if not location:
            time.sleep(0.05)
    messages.info(request, SAID)
    return redirect(location or came_from(request) or reverse("home"))
