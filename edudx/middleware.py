"""What no person sends: a NUL character in an address or a field, a body of hundreds of MB."""

from unicodedata import normalize
from urllib.parse import unquote

from django.conf import settings
from django.core.exceptions import BadRequest
from django.shortcuts import render

STRANGER_BYTES = 1024**2  # the door needs no more


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
    """Typed text arrives in NFC, so that «ế» is one letter everywhere; NUL is answered with 400.

    PostgreSQL cannot store NUL; SQLite can be misled by it.
    """

    def __init__(self, get_response) -> None:
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs) -> None:
        address = unquote(request.get_full_path())
        if "\0" in address or self._in_fields(request):
            raise BadRequest("NUL character")
        if request.POST:
            fields = request.POST.copy()
            for name, texts in fields.lists():
                fields.setlist(name, [normalize("NFC", text) for text in texts])
            fields._mutable = False
            request.POST = fields

    @staticmethod
    def _in_fields(request) -> bool:
        return any("\0" in text for texts in request.POST.lists() for text in texts[1])
