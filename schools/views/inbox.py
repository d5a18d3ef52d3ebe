"""The inbox: a person's own messages, with what has been read."""

from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from schools.models import Message

from .lists import page_of


def inbox(request):
    found = Message.objects.visible_to(request.user).select_related("sender")
    unread = found.unread().count()
    only = request.GET.get("loc") == "chua-doc"
    page = page_of(found.unread() if only else found, request, {})
    return render(
        request, "schools/inbox.html", {"page": page, "unread_count": unread, "only": only}
    )


def message(request, pk: int):
    """Opening it is reading it."""
    found = get_object_or_404(Message.objects.visible_to(request.user), pk=pk)
    if found.read_at is None:
        found.read_at = timezone.now()
        found.save(update_fields=["read_at"])
    return render(request, "schools/message.html", {"message_row": found})


@require_POST
def inbox_read(request):
    Message.objects.visible_to(request.user).unread().update(read_at=timezone.now())
    return redirect("schools:inbox")
