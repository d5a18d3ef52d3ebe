"""An answer by the kind of its criterion."""

from decimal import Decimal

from django import forms

from assessments import scoring
from assessments.models import Answer, Criterion
from edudx.lib import ratios
from edudx.lib.fields import NumberField, YesNoField
from edudx.lib.vietnamese import number

NOTE_LENGTH = 5000


class AnswerForm(forms.Form):
    """One criterion's fields, suited to its kind; `version` is what the person had before them."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    note = forms.CharField(
        label="Ghi chú (không bắt buộc)",
        required=False,
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={
            "max_length": f"Ghi chú dài quá {number(NOTE_LENGTH)} ký tự; hãy rút gọn "
            "hoặc đưa vào một tệp minh chứng."
        },
    )
    field_order = ["met", "numerator", "denominator", "count", "entered_points"]

    def __init__(self, data=None, *, criterion: Criterion, answer: Answer | None) -> None:
        self.criterion = criterion
        super().__init__(data, initial=initial_of(answer), prefix=f"c{criterion.pk}")
        add = getattr(self, f"_add_{criterion.kind}")
        add(criterion)
        if criterion.kind != Criterion.Kind.CONDITION:
            self.fields["is_not_applicable"] = forms.BooleanField(
                label="Không áp dụng với trường (không tính điểm)", required=False
            )
            self.fields["not_applicable_reason"] = forms.CharField(
                label="Lý do không áp dụng", required=False, max_length=500
            )
        self.order_fields([*self.field_order, "is_not_applicable", "not_applicable_reason", "note"])

    def _add_sum(self, criterion: Criterion) -> None:
        """Nothing to enter; the action refuses it in words."""

    def _add_condition(self, criterion: Criterion) -> None:
        self.fields["met"] = YesNoField(
            label="Trường có đạt điều kiện này không?", yes="Đạt", no="Chưa đạt", required=False
        )

    def _add_yes_no(self, criterion: Criterion) -> None:
        self.fields["met"] = YesNoField(
            label=f"Có hay không? (Có: {number(criterion.max_points)} điểm)", required=False
        )

    def _add_graded(self, criterion: Criterion) -> None:
        if not criterion.steps:
            self._add_points(criterion, "Điểm tự chấm")
            return
        self.fields["entered_points"] = forms.TypedChoiceField(
            label="Mức đạt được",
            required=False,
            widget=forms.RadioSelect,
            coerce=Decimal,
            empty_value=None,
            choices=[
                (
                    f"{Decimal(step['points']):.2f}",
                    f"{step['label']} ({number(Decimal(step['points']))} điểm)",
                )
                for step in criterion.steps
            ],
        )

    def _add_count(self, criterion: Criterion) -> None:
        self.fields["count"] = NumberField(
            label=f"Số lượng {criterion.unit}".strip(), required=False, places=0
        )
        self._add_points(criterion, "Điểm tự chấm")

    def _add_ratio(self, criterion: Criterion) -> None:
        places = 2 if criterion.unit else 0  # what has no measure is counted
        for name in ("numerator", "denominator"):
            self.fields[name] = NumberField(
                label=getattr(criterion, name), required=False, places=places
            )
        self._add_points(criterion, "Điểm tự chấm (để trống: lấy điểm đề xuất theo tỉ lệ)")

    def _add_points(self, criterion: Criterion, label: str) -> None:
        self.fields["entered_points"] = NumberField(
            label=f"{label}, tối đa {number(criterion.max_points)}",
            required=False,
            most=criterion.max_points,
        )

    def clean(self) -> dict:
        values = super().clean()
        part, whole = values.get("numerator"), values.get("denominator")
        if self.errors.pop("version", None):  # hidden: its fault would not be seen beside it
            self.add_error(None, "Trang này đã cũ hoặc bị sửa; hãy mở lại hồ sơ rồi nhập lại.")
        elif whole == 0 and not values.get("is_not_applicable"):
            self.add_error(
                "denominator",
                "Mẫu số bằng 0 thì không tính được tỉ lệ: chọn «Không áp dụng» và ghi lý do.",
            )
        elif ratios.is_share(part, whole):
            self.add_error("numerator", ratios.SHARE)
        elif part is not None and whole is not None and part > whole:
            self.add_error("numerator", "Tử số không được lớn hơn mẫu số.")
        elif not self.errors:
            self._check_proposed(values)
        return values

    def _check_proposed(self, values: dict) -> None:
        """A school may enter less than the proposal of its own figures, not more."""
        entered = values.get("entered_points")
        figures = {key: values.get(key) for key in ("met", "numerator", "denominator", "count")}
        proposal = scoring.proposed(self.criterion.rule, scoring.Answer(**figures))
        if entered is not None and proposal is not None and entered > proposal:
            self.add_error(
                "entered_points", f"Không vượt quá điểm đề xuất theo số liệu: {number(proposal)}."
            )

    def values(self) -> dict:
        """`values`: every field of an answer, empty where this kind has none; and `version`."""
        cleaned = self.cleaned_data
        empty = initial_of(None)
        values = {key: cleaned.get(key, empty[key]) for key in empty if key != "version"}
        return {"values": values, "version": cleaned["version"]}


def initial_of(answer: Answer | None) -> dict:
    answer = answer or Answer()
    return {
        "version": answer.version,
        "entered_points": answer.entered_points,
        "met": answer.met,
        "numerator": answer.numerator,
        "denominator": answer.denominator,
        "count": answer.count,
        "is_not_applicable": answer.is_not_applicable,
        "not_applicable_reason": answer.not_applicable_reason,
        "note": answer.note,
    }
