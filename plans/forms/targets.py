"""A target of a plan, and what a unit has reached of it."""

from django import forms

from edudx.lib import deadlines, ratios
from edudx.lib.fields import NumberField
from plans.forms.audience import AudienceFields
from plans.models import Target


class TargetForm(AudienceFields, forms.ModelForm):
    """A number to reach, and whose."""

    goal = NumberField(label="Mức cần đạt", is_percent=True)
    field_order = (
        "section", "code", "title", "measure", "direction", "goal", "numerator_label",
        "denominator_label", "phrase", *AudienceFields.AUDIENCE, "source", "item",
    )  # fmt: skip

    class Meta:
        model = Target
        fields = (
            "section", "code", "title", "measure", "direction", "goal", "numerator_label",
            "denominator_label", "phrase", "source", "item",
        )  # fmt: skip
        help_texts = {
            "measure": "Với «%», các đơn vị nhập số đạt và tổng số; không lấy trung bình tỉ lệ."
        }

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        target = self.instance
        self.fields["section"].queryset = target.plan.sections.order_by("position")
        self.fields["section"].empty_label = "(không thuộc mục nào)"
        self.offer(target.plan.issuer, target.audience if target.pk else {})

    def clean(self) -> dict:
        values = super().clean()
        self.instance.audience = self.audience_of(values)
        if values.get("measure") == "%":
            for name in ("numerator_label", "denominator_label"):
                if not values.get(name):
                    self.add_error(name, "Chỉ tiêu tỉ lệ phải nói rõ hai số.")
        elif "%" in str(self.data.get(self.add_prefix("goal"), "")):
            self.add_error("goal", "Chỉ tiêu này không tính bằng %; hãy ghi một số.")
        if values.get("phrase"):
            try:
                self.instance.set_deadline(values["phrase"])
            except deadlines.DeadlineNotUnderstood as fault:
                self.add_error("phrase", str(fault))
        return values


class ActualForm(forms.Form):
    """A unit's figure: two numbers of a ratio, or one."""

    numerator = NumberField(label="Số đạt")
    denominator = NumberField(label="Tổng số", required=False)
    note = forms.CharField(label="Nguồn, ghi chú", max_length=300, required=False)
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def clean(self) -> dict:
        values = super().clean()
        part, whole = values.get("numerator"), values.get("denominator")
        if whole == 0:
            self.add_error(
                "denominator", "Tổng số bằng 0 thì không tính được; hãy để trống cả hai."
            )
        if ratios.is_share(part, whole):
            self.add_error("numerator", ratios.SHARE)
        elif part is not None and whole is not None and part > whole:
            self.add_error("numerator", "Số đạt không được lớn hơn tổng số.")
        return values
