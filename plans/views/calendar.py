"""The person's deadlines for a calendar program, at an address of their own."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from plans.exchange import ical


@require_POST
def feed_change(request):
    """A new private calendar address, shown once; or none any more."""
    if "revoke" in request.POST:
        ical.revoke(request.user)
        messages.success(request, "Đã hủy địa chỉ lịch; địa chỉ cũ không mở được nữa.")
    else:
        address = reverse("plans:calendar_feed", args=[ical.new_key(request.user)])
        messages.success(
            request,
            "Chỉ hiện một lần này, hãy chép ngay vào Google Calendar, Outlook hay điện thoại. "
            f"Địa chỉ lịch của bạn: {settings.SITE_URL}{address}",
        )
    return redirect("schools:account")


@login_not_required
def calendar_feed(request, key: str):
    """Deadlines as iCalendar, for whoever holds the private address; nothing else is in it."""
    person = ical.owner_of(key)
    if person is None:
        raise Http404
    response = HttpResponse(ical.build(person), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="edudx.ics"'
    response["Cache-Control"] = "private, no-store"
    return response
