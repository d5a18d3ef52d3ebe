"""Calling units from a board; how the reminders are doing; the calendar feed."""

from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from plans.actions import calls
from plans.exchange import ical
from plans.forms import CallForm
from plans.models import Beat, Task, missing_in_calendar
from schools import outbox
from schools.models import Delivery, User
from schools.permissions import Permission
from schools.views.lists import page_of
from schools.views.units import require

from .access import the_task, told


def call(request, pk: int):
    """«Nhắc các đơn vị chưa nộp»: who would get it and what it says, then one click."""
    task = the_task(request, pk)
    require(request.user, Permission.REMIND)
    if task.state != Task.State.ISSUED:
        raise PermissionDenied("Nhiệm vụ đã kết thúc hoặc chưa giao.")
    called = calls.preview(task, by=request.user)
    initial = {"text": calls.TEXT, "units": [one.assignment.unit_id for one in called]}
    form = CallForm(request.POST or None, called=called, initial=initial)
    posted = request.method == "POST" and form.is_valid()
    if posted and told(
        request,
        lambda: calls.call(task, by=request.user, **form.cleaned_data),
        done="Đã gửi đôn đốc; xem bằng chứng ở từng đơn vị.",
    ):
        return redirect(task)
    returned = sum(one.assignment.is_returned for one in called)
    page = {"task": task, "called": called, "form": form, "returned": returned}
    return render(request, "plans/call.html", page | {"waiting": len(called) - returned})


def operations(request):
    """Last beat, queue, failures, retry: for administrators."""
    require(request.user, Permission.OPERATIONS)
    now = timezone.now()
    people = User.objects.visible_to(request.user)
    rows = Delivery.objects.filter(message__recipient__in=people)
    S = Delivery.State
    troubled = rows.filter(state__in=(S.BOUNCED, S.FAILED)) | rows.filter(
        state=S.QUEUED, tries__gt=0
    )
    counts = dict(rows.values_list("state").annotate(n=Count("pk")).order_by())
    beats = list(Beat.objects.order_by("name"))
    for one in beats:
        one.is_silent = now - one.at > timedelta(minutes=10)
    return render(
        request,
        "plans/operations.html",
        {
            "beats": beats,
            "missing": missing_in_calendar(timezone.localdate(now)),
            "counts": [(label, counts.get(state, 0)) for state, label in Delivery.State.choices],
            "page": page_of(
                troubled.select_related("message__recipient").order_by("-pk"), request, {}
            ),
        },
    )


@require_POST
def delivery_retry(request, pk: int):
    require(request.user, Permission.OPERATIONS)
    people = User.objects.visible_to(request.user)
    delivery = get_object_or_404(Delivery.objects.filter(message__recipient__in=people), pk=pk)
    told(request, lambda: outbox.try_again(delivery), done="Đã đưa lại vào hàng gửi.")
    return redirect("plans:operations")


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
