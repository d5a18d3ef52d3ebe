"""Who is the focal point of a field."""

from django import forms
from django.core.exceptions import ValidationError

from schools.forms.account import PHONE
from schools.models import FocalPoint


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
        phone = self.cleaned_data["phone"]
        if phone and not PHONE.fullmatch(phone):
            raise ValidationError("Số điện thoại chỉ gồm chữ số, ví dụ 0912 345 678.")
        return phone
