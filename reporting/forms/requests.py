"""What whoever asks for figures says: a form, a period, of whom, until when."""

from django import forms

from edudx.lib.fields import MomentField
from plans.forms.audience import AudienceFields
from plans.models import validate_plan_period
from reporting.models import DataForm
from schools.models import OrgUnit


class RequestForm(AudienceFields):
    """Số liệu định kỳ or đột xuất: form, period, two deadlines, whom."""

    form = forms.ModelChoiceField(DataForm.objects.none(), label="Biểu mẫu", empty_label="Chọn")
    title = forms.CharField(label="Tên yêu cầu", max_length=200)
    number = forms.CharField(
        label="Số văn bản yêu cầu (không bắt buộc)", max_length=60, required=False
    )
    period = forms.CharField(
        label="Kỳ", max_length=20, validators=[validate_plan_period],
        help_text="Ví dụ: 2026-2027 (năm học) hoặc 2026 (năm).",
    )  # fmt: skip
    is_on_demand = forms.BooleanField(label="Yêu cầu đột xuất", required=False)
    school_phrase = forms.CharField(
        label="Hạn của trường", max_length=200, help_text="Ví dụ: Trước ngày 16/10/2026."
    )
    office_phrase = forms.CharField(
        label="Hạn của phòng chốt và báo cáo", max_length=200, required=False,
        help_text="Ví dụ: Trước ngày 20/10/2026. Để trống thì cùng hạn với trường.",
    )  # fmt: skip
    field_order = (
        "form", "title", "number", "is_on_demand", "period", "school_phrase", "office_phrase",
    )  # fmt: skip

    def __init__(self, *args, issuer: OrgUnit, user, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.offer(issuer, {"kinds": ["school"]})
        del self.fields["with_own"]
        if issuer.kind == OrgUnit.Kind.OFFICE:  # it closes itself what it asks for
            del self.fields["office_phrase"]
        self.fields["who"].choices = [
            ("schools", "Các trường"), ("units", "Danh sách trường chọn riêng"),
        ]  # fmt: skip
        published = DataForm.objects.visible_to(user).filter(state=DataForm.State.PUBLISHED)
        self.fields["form"].queryset = published
        self.order_fields(self.field_order)

    def clean(self) -> dict:
        values = super().clean()
        values["audience"] = self.audience_of(values)
        values["office_phrase"] = values.get("office_phrase") or values.get("school_phrase", "")
        return values


class ChooseForm(forms.Form):
    form = forms.ModelChoiceField(DataForm.objects.none(), label="Biểu mẫu", empty_label="Chọn")

    def __init__(self, *args, user, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        published = DataForm.objects.visible_to(user).filter(state=DataForm.State.PUBLISHED)
        self.fields["form"].queryset = published


class LockForm(forms.Form):
    at = MomentField(
        label="Khóa nhập từ", ends_day=False,
        help_text="Ví dụ: 17h00 ngày 25/10/2026. Chỉ ghi ngày thì khóa từ đầu ngày đó.",
    )  # fmt: skip
