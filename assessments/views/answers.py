"""One criterion of a file: saved as it is typed, confirmed when carried over."""

from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_POST

from assessments import checklist
from assessments.actions import answers
from assessments.forms import AnswerForm
from assessments.views import file_page
from assessments.views.access import the_assessment, the_criterion
from edudx.lib import autosave
from edudx.lib.told import told


@require_POST
def answer_save(request, pk: int, criterion_pk: int):
    """Keep one criterion, as a form or as JSON for the autosave of static/js/app.js."""
    assessment = the_assessment(request, pk)
    criterion = the_criterion(assessment, criterion_pk)
    form = AnswerForm(
        request.POST, criterion=criterion, answer=assessment.answers_by_code.get(criterion.code)
    )
    if not form.is_valid():
        return _refused(request, assessment, criterion, form)
    return autosave.keep(
        request,
        lambda: answers.save(assessment, criterion, **form.values(), by=request.user),
        saved=lambda answer: _saved(request, pk, criterion, answer),
        conflict=lambda met: _conflict(request, assessment, criterion, met),
        done=f"Đã lưu tiêu chí {criterion.code}.",
        place=place_of(assessment, criterion),
    )


def place_of(assessment, criterion) -> str:
    return f"{assessment.get_absolute_url()}?mo={criterion.code}#c-{criterion.code}"


def _saved(request, pk: int, criterion, answer) -> dict:
    """The new version, the time, and the parts of the page that changed."""
    return {
        "version": answer.version,
        "saved": f"Đã lưu {timezone.localtime():%H:%M}",
        "fragments": _fragments(request, the_assessment(request, pk), criterion),
    }


def _fragments(request, assessment, criterion) -> dict[str, str]:
    """Totals, what is missing, the line's state, its score and the sums above it; by element id."""
    page = file_page.FilePage(assessment, request.user)
    item = page.item(criterion.code)

    def part(name: str, **context) -> str:
        return render_to_string(f"assessments/{name}.html", {"page": page, **context}, request)

    missing = checklist.missing_for_submit(assessment)
    lines = page.with_sums_above(item.criterion)
    return {
        "totals": part("_totals"),
        "missing": part("_missing", missing=missing, assessment=assessment),
        f"state-{criterion.code}": part("_item_state", item=item),
        **{f"points-{one.criterion.code}": part("_item_points", item=one) for one in lines},
    }


def _refused(request, assessment, criterion, form):
    page = {"assessment": assessment, "criterion": criterion}
    return autosave.refused(request, form, "assessments/answer_refused.html", page)


def _conflict(request, assessment, criterion, conflict):
    """Both values side by side; the person chooses, nothing is lost."""
    context = {
        "assessment": assessment,
        "criterion": criterion,
        "saved": conflict.saved,
        "rows": file_page.conflict_rows(criterion, conflict.saved, conflict.values),
        "hidden": file_page.hidden_fields(criterion, conflict.values, conflict.saved.version),
    }
    return autosave.conflict(
        request, "assessments/_conflict.html", "assessments/conflict.html", context
    )


@require_POST
def carried_over_confirm(request, pk: int, criterion_pk: int):
    assessment = the_assessment(request, pk)
    criterion = the_criterion(assessment, criterion_pk)
    told(
        request,
        lambda: answers.confirm_carried_over(assessment, criterion, by=request.user),
        done=f"Đã rà soát tiêu chí {criterion.code}.",
    )
    return redirect(place_of(assessment, criterion))
