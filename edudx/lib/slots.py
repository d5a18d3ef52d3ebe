"""Places on a page that apps above fill: a lower app names the place, an upper one hands in a part.

So a page of `plans` shows the button of a report without knowing `reporting`. A place is
`<app>.<page>.<what>`; apps fill it in their `ready()`.
"""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.template.backends.utils import csrf_token_lazy
from django.template.loader import render_to_string
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

Part = tuple[str, dict[str, Any]]  # a template and what it takes
Filler = Callable[[HttpRequest, Any], Part | None]
_fillers: dict[str, list[Filler]] = {}


def fill(place: str, filler: Filler) -> None:
    """`filler(request, subject)` gives the part for this place, or None where it has nothing."""
    fillers = _fillers.setdefault(place, [])
    if filler not in fillers:
        fillers.append(filler)


def filled() -> set[str]:
    """The places that some app fills."""
    return set(_fillers)


def rendered(place: str, request: HttpRequest, subject: object) -> SafeString:
    """All parts of the place, in the order of the apps.

    A part takes what its filler gives, `request` and `csrf_token`; the frame is not asked again.
    """
    common = {"request": request, "csrf_token": csrf_token_lazy(request)}
    parts = (filler(request, subject) for filler in _fillers.get(place, ()))
    drawn = ((render_to_string(name, common | takes),) for name, takes in filter(None, parts))
    return format_html_join("", "{}", drawn)
