"""An invitation."""

from django import forms
from django.core.exceptions import ValidationError

from schools.models.people import normal_email, normal_phone
from schools.permissions import KIND_ROLES, Role


class InviteForm(forms.Form):
    full_name = forms.CharField(label="Họ và tên", max_length=120)
    email = forms.EmailField(label="Thư điện tử", max_length=254)
    phone = forms.CharField(label="Điện thoại (không bắt buộc)", max_length=20, required=False)
    role = forms.ChoiceField(label="Vai trò")
    post = forms.CharField(label="Chức vụ (không bắt buộc)", max_length=80, required=False)

    def __init__(self, *args, unit, user, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        roles = KIND_ROLES[unit.kind] & user.grantable_roles()
        self.fields["role"].choices = [(role, role.label) for role in Role if role in roles]

    def clean_email(self) -> str:
        return normal_email(self.cleaned_data["email"])

    def clean_phone(self) -> str:
        try:
            return normal_phone(self.cleaned_data["phone"])
        except ValueError:
            raise ValidationError("Số điện thoại chỉ gồm chữ số, ví dụ 0912 345 678.") from None
