"""What the portal changed in uploads before it kept them, told to whoever sent them."""

from django.contrib import messages
from django.http import HttpRequest


def tell_changes(request: HttpRequest) -> None:
    """One line a file; called when the files of the request have been kept."""
    for name in request.FILES:
        for file in request.FILES.getlist(name):
            facts = getattr(file, "facts", None)
            if facts and facts.changes:
                messages.info(request, f"«{facts.name}»: {facts.changes}")
