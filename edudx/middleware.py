"""What every request passes: who has to sign in; no body of hundreds of MB, no invisible letter in
what was typed; and no file without a row is left behind.
"""

from functools import partial
from unicodedata import normalize
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.core.exceptions import BadRequest
from django.http import JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse

from edudx.lib import stored_files
from edudx.lib.autosave import wants_json
from edudx.lib.text import typed
from edudx.lib.told import came_from

STRANGER_BYTES = 1024**2  # the door needs no more
composed = partial(normalize, "NFC")


class WatchFilesMiddleware:
    """Files that a request wrote go again when the rows that name them were rolled back."""

    def __init__(self, get_response) -> None:
        self.get_response = get_response

    def __call__(self, request):
        with stored_files.watched():
            return self.get_response(request)


class SignInMiddleware(LoginRequiredMiddleware):
    """Everybody signs in first. A form that meets an ended session leads back to the page it stood
    on, where static/js/unsent.js puts the text back; a form that saves itself is told so.
    """

    def handle_no_permission(self, request, view_func):
        if request.method in ("GET", "HEAD"):
            return super().handle_no_permission(request, view_func)
        if wants_json(request):
            return JsonResponse({"signed_out": True}, status=401)
        asked = {"next": came_from(request) or reverse("home"), "het-phien": 1}
        return redirect(f"{reverse(settings.LOGIN_URL)}?{urlencode(asked)}")


class RefuseHugeMiddleware:
    """Answer 413 before anything reads the body: the check of the form token would spool it.

    People of the portal get four uploads' worth, so that the form can say which file is too large.
    """

    def __init__(self, get_response) -> None:
        self.get_response = get_response

    def __call__(self, request):
        most = 4 * settings.UPLOAD_MAX_BYTES if request.user.is_authenticated else STRANGER_BYTES
        if int(request.META.get("CONTENT_LENGTH") or 0) > most:
            return render(request, "413.html", status=413)
        return self.get_response(request)


class CleanTextMiddleware:
    """What is typed into forms, search boxes and addresses comes through the door for text.

    A form knows more of its boxes and cleans them once more (edudx/lib/typed_forms.py); here is
    what views read without one. A NUL in the path of an address is answered with 400.
    """

    def __init__(self, get_response) -> None:
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs) -> None:
        if "\0" in request.path:
            raise BadRequest("NUL character")
        if request.GET:
            request.GET = self._cleaned(request.GET)
        if request.POST:
            request.POST = self._cleaned(request.POST)

    @staticmethod
    def _cleaned(sent: QueryDict) -> QueryDict:
        """Passwords, whose every character counts, only composed."""
        fields = sent.copy()
        for name, texts in fields.lists():
            clean = composed if "password" in name else typed
            fields.setlist(name, [clean(one) for one in texts])
        fields._mutable = False
        return fields
