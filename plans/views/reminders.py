"""How the sending of messages is doing, for whoever operates the portal."""

from django.contrib import messages
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from edudx.lib.told import told
from plans.models import Beat, missing_in_calendar
from schools import outbox
from schools.models import Delivery, JobFault, User
from schools.permissions import Permission
from schools.views.lists import page_of

MOST_FAULTS = 100


def operations(request):
    """Last beat, queue, failures, retry: for administrators."""
    request.user.must(Permission.OPERATIONS)
    now = timezone.now()
    people = User.objects.visible_to(request.user)
    rows = Delivery.objects.filter(message__recipient__in=people)
    S = Delivery.State
    given_up, waiting = Q(state__in=(S.BOUNCED, S.FAILED)), Q(state=S.QUEUED, tries__gt=0)
    troubled = rows.filter(given_up | waiting).select_related("message__recipient").order_by("-pk")
    faults = JobFault.objects.visible_to(request.user)
    counts = dict(rows.values_list("state").annotate(n=Count("pk")).order_by())
    return render(
        request,
        "plans/operations.html",
        {
            "beats": Beat.objects.order_by("name"),
            "missing": missing_in_calendar(timezone.localdate(now)),
            "faults": faults[:MOST_FAULTS],
            "all_faults": faults.count(),
            "counts": [(label, counts.get(state, 0)) for state, label in Delivery.State.choices],
            "page": page_of(troubled, request, {}),
        },
    )


@require_POST
def delivery_retry(request, pk: int):
    request.user.must(Permission.OPERATIONS)
    people = User.objects.visible_to(request.user)
    delivery = get_object_or_404(Delivery.objects.filter(message__recipient__in=people), pk=pk)
    told(request, lambda: outbox.try_again(delivery), done="Đã đưa lại vào hàng gửi.")
    return redirect("plans:operations")


@require_POST
def job_fault_retry(request, pk: int):
    request.user.must(Permission.OPERATIONS)
    fault = get_object_or_404(JobFault.objects.visible_to(request.user), pk=pk)
    fault.try_again()
    messages.success(request, "Việc này sẽ được làm lại ở lượt chạy tới.")
    return redirect("plans:operations")
