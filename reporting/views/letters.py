"""Letters of an office to its units."""

from django.shortcuts import render

from plans.models import Task
from plans.views.access import the_task
from reporting.files import call_letter
from reporting.forms import LetterForm
from reporting.models.export_filters import LetterFilters
from reporting.views.asking import asked, own_unit, the_format
from schools.permissions import Permission


def letter(request, pk: int):
    """Công văn đôn đốc to the units of the own part of the tree that are late with a task."""
    task, unit = the_task(request, pk), own_unit(request)
    request.user.must_in(Permission.REMIND, unit)
    late = call_letter.late_units(task, unit)
    form = LetterForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and late and task.state == Task.State.ISSUED:
        return asked(
            request, LetterFilters(task=task.pk, **form.cleaned_data), unit,
            f"Công văn đôn đốc: {task}", format=the_format(request), needs=Permission.REMIND,
        )  # fmt: skip
    page = {"task": task, "late": late, "form": form}
    return render(request, "reporting/letter.html", page, status=422 if form.errors else 200)
