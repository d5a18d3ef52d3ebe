"""Who is the focal point of a field."""

from django import forms
from django.core.exceptions import ValidationError

from schools.models import FocalPoint
from schools.models.people import normal_phone


class FocalPointForm(forms.ModelForm):
    """The leader in charge and the focal point of one field."""

    class Meta:
        model = FocalPoint
        fields = ("leader_name", "leader_post", "name", "post", "email", "phone")

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for name in ("leader_post", "post", "email", "phone"):
            self.fields[name].label = f"{self.fields[name].label} (không bắt buộc)"
        self.fields["email"].error_messages["invalid"] = "Thư điện tử không hợp lệ."

    def clean_phone(self) -> str:
        try:
            return normal_phone(self.cleaned_data["phone"])
        except ValueError as refusal:
            said = "Số điện thoại chỉ gồm chữ số, ví dụ 0912 345 678."
            raise ValidationError(said) from refusal
