"""Reasons, remarks and the office's word on a criterion."""

from django import forms

from assessments.models import Criterion, Review
from edudx.lib.fields import NumberField, YesNoField
from edudx.lib.vietnamese import number


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label="Lý do",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"max_length": "Lý do dài quá 1.000 ký tự."},
    )


class CommentForm(forms.Form):
    text = forms.CharField(
        label="Trao đổi",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={
            "required": "Hãy ghi nội dung trao đổi.",
            "max_length": "Trao đổi dài quá 2.000 ký tự.",
        },
    )
    is_internal = forms.BooleanField(label="Chỉ nội bộ cơ quan thẩm định", required=False)

    def __init__(self, *args, may_be_internal: bool = False, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if not may_be_internal:
            del self.fields["is_internal"]


class ReviewForm(forms.Form):
    """Keep, change or flag; a change needs the score or the answer, and both need a reason."""

    decision = forms.ChoiceField(
        label="Thẩm định", choices=Review.Decision.choices, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label="Lý do / nội dung cần bổ sung",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, data=None, *, criterion: Criterion, review: Review | None) -> None:
        names = ("decision", "points", "met", "reason")
        initial = {name: getattr(review, name) for name in names} if review else {}
        super().__init__(data, initial=initial, prefix=f"r{criterion.pk}")
        if criterion.kind == Criterion.Kind.CONDITION:
            self.fields["met"] = YesNoField(
                label="Thẩm định lại", yes="Đạt", no="Chưa đạt", required=False
            )
        else:
            self.fields["points"] = NumberField(
                label=f"Điểm thẩm định, tối đa {number(criterion.max_points)}",
                required=False,
                most=criterion.max_points,
            )
        self.order_fields(["decision", "points", "met", "reason"])
