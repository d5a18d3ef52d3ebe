"""Pages for what went wrong, in Vietnamese and in the portal's frame."""

from django.shortcuts import render

from edudx.lib import caller


def csrf_failure(request, reason=""):
    return render(request, "csrf.html", {"title": "Phiên làm việc đã hết hạn"}, status=403)


def bad_request(request, exception=None):
    return render(request, "400.html", status=400)


def forbidden(request, exception=None):
    said = {"sentence": str(exception or ""), "number": caller.number()}
    return render(request, "403.html", said, status=403)


def not_found(request, exception=None):
    return render(request, "404.html", status=404)


def server_error(request):
    """No context processors here: they may be what failed."""
    return render(None, "500.html", {"number": caller.number()}, status=500)
