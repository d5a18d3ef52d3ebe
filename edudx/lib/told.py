"""A step taken on a page: what happened, or why not, in words for the person."""

from collections.abc import Callable
from typing import Protocol
from urllib.parse import urlsplit

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.forms import BaseForm
from django.http import HttpRequest

from edudx.lib import constraints
from edudx.lib.deadlines import DeadlineNotUnderstood
from edudx.lib.workflow import StepRefused


class Happened(Protocol):
    """An event: what it says to the person who made it happen."""

    @property
    def sentence(self) -> str: ...


def told(
    request: HttpRequest,
    step: Callable[[], Happened],
    *,
    done: str = "",
    form: BaseForm | None = None,
) -> bool:
    """Take a step; say what happened or, in its own words, why not. True when it was taken.

    With a form its faults stand at their fields.
    """
    try:
        event = step()
    except (StepRefused, DeadlineNotUnderstood) as refusal:
        messages.error(request, str(refusal))
    except ValidationError as fault:
        if form is not None and hasattr(fault, "error_dict"):
            for name, sentences in fault.message_dict.items():
                form.add_error(name if name in form.fields else None, sentences)
        else:
            messages.error(request, " ".join(fault.messages))
    except IntegrityError as fault:  # two people at once: the database let one of them pass
        messages.error(request, constraints.told(fault))
    else:
        messages.success(request, done or event.sentence)
        return True
    return False


def came_from(request: HttpRequest) -> str:
    """The address in the portal of the page that a form stood on; empty when it is not known."""
    page = urlsplit(request.headers.get("Referer", ""))
    if page.netloc != request.get_host():
        return ""
    return f"{page.path}?{page.query}" if page.query else page.path
