"""What whoever asks for periodic reports says: the outline, the window, of whom, until when."""

from datetime import timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from edudx.lib import deadlines
from edudx.lib.fields import DayField
from plans.forms.audience import AudienceFields
from plans.models import read_deadline, validate_period
from reporting import outline
from reporting.actions import rounds
from reporting.models import IN_THIS_CENTURY
from schools.models import OrgUnit

LONGEST = timedelta(days=731)


class RoundForm(AudienceFields):
    """Sơ kết or tổng kết: of which period, until when, on which outline, from whom."""

    title = forms.CharField(
        label="Tên báo cáo (trích yếu)", max_length=200,
        help_text="In dưới chữ BÁO CÁO, ví dụ: Sơ kết chuyển đổi số học kỳ I năm học 2026-2027.",
    )  # fmt: skip
    number = forms.CharField(
        label="Số văn bản yêu cầu (không bắt buộc)", max_length=60, required=False
    )
    period = forms.CharField(
        label="Năm học", max_length=9, validators=[validate_period], help_text="Ví dụ: 2026-2027."
    )
    since = DayField(label="Tính nhiệm vụ có hạn từ ngày", validators=IN_THIS_CENTURY)
    until = DayField(label="Đến hết ngày", validators=IN_THIS_CENTURY)
    phrase = forms.CharField(
        label="Hạn nộp báo cáo", max_length=200, help_text="Ví dụ: Trước ngày 20/01/2027."
    )
    outline = forms.CharField(
        label="Đề cương", max_length=outline.MOST_LENGTH,
        widget=forms.Textarea(attrs={"rows": 22, "class": "form-control code-text"}),
        help_text="# mở một đề mục; ? là điều đơn vị phải viết; {mã} là số cổng tự điền; "
        "[tên] là bảng, biểu đồ cổng tự lập.",
    )  # fmt: skip
    field_order = ("title", "number", "period", "since", "until", "phrase", "who")

    def __init__(self, *args, issuer: OrgUnit, user, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.issuer = user, issuer
        kinds = ["office"] if issuer.kind == OrgUnit.Kind.DEPARTMENT else ["school"]
        self.offer(issuer, {"kinds": kinds})
        del self.fields["with_own"]
        choices = self.fields["who"].choices
        self.fields["who"].choices = [one for one in choices if one[0] != "own"]
        self.order_fields(self.field_order)

    def clean_outline(self) -> str:
        text = self.cleaned_data["outline"]
        if faults := outline.faults_of(text, rounds.codes(self.user)):
            raise ValidationError(faults[:10])
        return text

    def clean(self) -> dict:
        values = super().clean()
        values["audience"] = self.audience_of(values)
        since, until = values.get("since"), values.get("until")
        if since and until and since > until:
            self.add_error("until", "«Đến hết ngày» phải sau «Tính nhiệm vụ có hạn từ ngày».")
        elif since and until and until - since > LONGEST:
            self.add_error("until", "Khoảng tính nhiệm vụ không quá hai năm.")
        self._check_deadline(values)
        return values

    def _check_deadline(self, values: dict) -> None:
        """A report is not asked for by a day that has passed."""
        if not values.get("phrase") or not values.get("period"):
            return
        try:
            found = read_deadline(values["phrase"], issuer=self.issuer, period=values["period"])
        except deadlines.DeadlineNotUnderstood as refusal:
            self.add_error("phrase", str(refusal))
        else:
            if found.due_at <= timezone.now():
                day = f"{timezone.localtime(found.due_at):%H:%M %d/%m/%Y}"
                self.add_error("phrase", f"Hạn này đã qua (hết lúc {day}).")
