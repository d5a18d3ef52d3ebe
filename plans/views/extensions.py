"""More time: asked for, taken back, answered, on the page of the assignment."""

from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from edudx.lib.told import told
from plans.actions import extensions
from plans.forms import AnswerForm, ExtensionForm
from plans.models import Assignment, Extension
from plans.views.access import the_assignment
from plans.views.assignments import assignment_page


@require_POST
def extension_ask(request, pk: int):
    one = the_assignment(request, pk)
    form = ExtensionForm(request.POST)
    if form.is_valid() and told(
        request,
        lambda: extensions.ask(one, by=request.user, **form.cleaned_data),
        done="Đã gửi đề nghị gia hạn.",
        form=form,
    ):
        return redirect(one)
    return assignment_page(request, one, extension_form=form, is_asking=True, status=422)


@require_POST
def extension_recall(request, pk: int):
    extension = get_object_or_404(
        Extension.objects.filter(assignment__in=Assignment.objects.visible_to(request.user)),
        pk=pk,
    )
    one = the_assignment(request, extension.assignment_id)
    told(request, lambda: extensions.recall(extension, by=request.user))
    return redirect(one)


@require_POST
def extension_answer(request, pk: int):
    extension = get_object_or_404(
        Extension.objects.filter(assignment__in=Assignment.objects.visible_to(request.user)),
        pk=pk,
    )
    one = the_assignment(request, extension.assignment_id)
    form = AnswerForm(request.POST)
    if form.is_valid():
        told(
            request,
            lambda: extensions.answer(
                extension, is_granted="granted" in request.POST, by=request.user,
                answer=form.cleaned_data["answer"],
            ),
        )  # fmt: skip
    return redirect(one)
