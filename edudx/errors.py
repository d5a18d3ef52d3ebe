"""Pages for what went wrong, in Vietnamese and in the portal's frame."""

from django.http import JsonResponse
from django.shortcuts import render

from edudx.lib import caller
from edudx.lib.autosave import wants_json
from edudx.middleware import came_from


def csrf_failure(request, reason=""):
    """The page is of an earlier signing in: opened anew it has its text and a token that holds."""
    if wants_json(request):
        return JsonResponse({"signed_out": True}, status=403)
    page = {"title": "Phiên làm việc đã hết hạn", "back": came_from(request)}
    return render(request, "csrf.html", page, status=403)


def bad_request(request, exception=None):
    return render(request, "400.html", status=400)


def forbidden(request, exception=None):
    said = {"sentence": str(exception or ""), "number": caller.number()}
    if wants_json(request):
        sentence = said["sentence"] or "Vai trò đang dùng không được phép."
        return JsonResponse({"error": sentence, "kept": True}, status=403)
    return render(request, "403.html", said, status=403)


def not_found(request, exception=None):
    return render(request, "404.html", status=404)


def server_error(request):
    """No context processors here: they may be what failed."""
    return render(None, "500.html", {"number": caller.number()}, status=500)
