"""A task of a plan."""

import re

from django import forms
from django.core.exceptions import ValidationError

from edudx.lib import deadlines
from edudx.lib.text import one_line
from plans.forms.audience import AudienceFields
from plans.models import Task
from schools.models import FocalPoint

CRITERION = re.compile(r"[0-9A-Za-z]{1,20}:[0-9A-Za-z.]{1,20}")


class TaskForm(AudienceFields, forms.ModelForm):
    """A row of the plan; the deadline is read as written, what cannot be read is asked for."""

    criteria_text = forms.CharField(
        label="Tiêu chí liên quan (không bắt buộc)",
        required=False,
        max_length=300,
        help_text="Sản phẩm sẽ được gợi ý làm minh chứng. Ví dụ: 4725:2.1, 3276:2.1.",
    )
    focal_fields = forms.MultipleChoiceField(
        label="Lĩnh vực phải có đầu mối (khi sản phẩm là danh sách đầu mối)",
        choices=FocalPoint.Field.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    years = forms.TypedMultipleChoiceField(
        label="Các năm trong lộ trình (không bắt buộc)",
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    field_order = (
        "section", "code", "title", "content", "phrase", "include_day", "product",
        "focal_fields", "needs_approval", *AudienceFields.AUDIENCE, "years", "criteria_text",
        "source",
    )  # fmt: skip

    class Meta:
        model = Task
        fields = (
            "section", "code", "title", "content", "phrase", "include_day", "product",
            "focal_fields", "needs_approval", "source",
        )  # fmt: skip
        widgets = {
            "title": forms.Textarea(attrs={"rows": 2}),
            "content": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        task = self.instance
        self.fields["section"].queryset = task.plan.sections.order_by("position")
        self.fields["section"].empty_label = "(không thuộc mục nào)"
        self.fields["product"].required = True
        self.initial["criteria_text"] = ", ".join(task.criteria)
        self.offer(task.plan.issuer, task.audience if task.pk else {})
        if not self.fields["section"].queryset:
            del self.fields["section"]
        if task.plan.is_over_years:
            self.fields["years"].choices = [(year, year) for year in task.plan.years]
            self.initial["years"] = task.years
        else:
            del self.fields["years"]

    def clean_title(self) -> str:
        return one_line(self.cleaned_data["title"])

    def clean_criteria_text(self) -> list[str]:
        found = [one.strip() for one in self.cleaned_data["criteria_text"].split(",")]
        found = [one for one in found if one]
        for one in found:
            if not CRITERION.fullmatch(one):
                raise ValidationError(f"«{one}» phải viết như 4725:2.1.")
        return found

    def clean(self) -> dict:
        values = super().clean()
        self.instance.audience = self.audience_of(values)
        self.instance.criteria = values.get("criteria_text") or []
        is_list = values.get("product") == Task.ProductKind.FOCAL_POINTS
        if is_list and not values.get("focal_fields"):
            self.add_error("focal_fields", "Chọn các lĩnh vực mà danh sách phải có đầu mối.")
        self.instance.years = values.get("years") or []
        self.instance.include_day = values.get("include_day", False)
        if values.get("phrase"):
            try:
                self.instance.set_deadline(values["phrase"])
            except deadlines.DeadlineNotUnderstood as fault:
                self.add_error("phrase", str(fault))
        return values
