"""Fetching what the person may see, and answering refusals in one way."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.shortcuts import get_object_or_404

from edudx.lib.deadlines import DeadlineNotUnderstood
from edudx.lib.workflow import StepRefused
from plans.models import Assignment, Plan, Task
from schools.permissions import Permission


def the_plan(request, pk: int) -> Plan:
    """404 outside the tree, 403 inside it without the right to read plans."""
    plan = get_object_or_404(
        Plan.objects.visible_to(request.user).select_related(
            "issuer", "superior__issuer", "original", "created_by"
        ),
        pk=pk,
    )
    request.user.must(Permission.PLAN_VIEW)
    return plan


def the_task(request, pk: int) -> Task:
    task = get_object_or_404(
        Task.objects.visible_to(request.user).select_related("issuer", "plan__issuer", "section"),
        pk=pk,
    )
    request.user.must(Permission.PLAN_VIEW)
    return task


def the_assignment(request, pk: int) -> Assignment:
    assignment = get_object_or_404(Assignment.objects.visible_to(request.user).for_list(), pk=pk)
    request.user.must(Permission.PLAN_VIEW)
    return assignment


def told(request, step: Callable, *, done: str = "", form=None) -> bool:
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
    except IntegrityError:  # two people at the same instant: the database let one of them pass
        messages.error(request, "Người khác vừa ghi cùng dữ liệu này; hãy xem lại rồi làm lại.")
    else:
        messages.success(request, done or event.sentence)
        return True
    return False
