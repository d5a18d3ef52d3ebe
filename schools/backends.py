"""Login by e-mail address; a switched-off account does not get in."""

from django.conf import settings
from django.contrib.auth.backends import ModelBackend


class EmailBackend(ModelBackend):
    """Django's own, whose look-up already goes through UserManager.get_by_natural_key."""


def client_address(request) -> str:
    """Who asks, for the lock-out: behind PROXY_COUNT proxies the entry that the outermost wrote."""
    proxies = settings.PROXY_COUNT
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    if proxies and len(forwarded) >= proxies:
        return forwarded[-proxies].strip()
    return request.META.get("REMOTE_ADDR", "")
