"""Forms of schools: they check input; what may be done is checked by actions."""

import re

from django import forms
from django.contrib.auth.forms import AuthenticationForm, SetPasswordForm
from django.core.exceptions import ValidationError

from edudx.lib.vietnamese import nfc, one_line
from schools import uploads
from schools.models import Document, FocalPoint, ImportBatch, User
from schools.models.people import normal_email
from schools.permissions import KIND_ROLES, Role


class LoginForm(AuthenticationForm):
    """`username` is the e-mail address, compared in its normal form."""

    error_messages = {
        "invalid_login": "Thư điện tử hoặc mật khẩu chưa đúng.",
        "inactive": "Tài khoản này đã bị khóa.",
    }

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = "Thư điện tử"
        self.fields["username"].widget.attrs.update(type="email", autocomplete="username")
        self.fields["password"].label = "Mật khẩu"

    def clean_username(self) -> str:
        """Longer than any address: nobody's, and too long for the record of attempts."""
        if len(self.cleaned_data["username"]) > 254:
            raise ValidationError(self.error_messages["invalid_login"])
        return normal_email(self.cleaned_data["username"])


class LinkRequestForm(forms.Form):
    """Asks for a new link; also serves people whose invitation has expired."""

    email = forms.EmailField(
        label="Thư điện tử",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def clean_email(self) -> str:
        return normal_email(self.cleaned_data["email"])


class ChoosePasswordForm(SetPasswordForm):
    """Django's own, in Vietnamese."""

    error_messages = {"password_mismatch": "Hai lần nhập mật khẩu không giống nhau."}

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new_password1"].label = "Mật khẩu mới"
        self.fields["new_password1"].help_text = "Ít nhất 8 ký tự, không chỉ gồm chữ số."
        self.fields["new_password2"].label = "Nhập lại mật khẩu mới"
        self.fields["new_password2"].help_text = ""


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


class CheckedFile(forms.FileField):
    """An upload that was sniffed and opened; the facts stand in `file.facts`."""

    def clean(self, data, initial=None):
        file = super().clean(data, initial)
        if file:
            file.facts = uploads.inspect(file)
        return file


class VersionForm(forms.Form):
    """A file or a link, with the number and the date of the proof."""

    file = CheckedFile(label="Tệp", required=False, help_text=uploads.ALLOWED)
    link = forms.URLField(
        label="hoặc đường dẫn", max_length=500, required=False, assume_scheme="https"
    )
    official_number = forms.CharField(label="Số, ký hiệu (nếu có)", max_length=60, required=False)
    proof_on = forms.DateField(
        label="Ngày của minh chứng (nếu có)",
        required=False,
        help_text="Ngày/tháng/năm, ví dụ 05/09/2025.",
        error_messages={
            "invalid": "Ngày này không có trong lịch hoặc viết chưa đúng; viết như 05/09/2025."
        },
    )

    def clean_link(self) -> str:
        link = self.cleaned_data["link"]
        if link and not link.startswith(("http://", "https://")):
            raise ValidationError("Đường dẫn phải bắt đầu bằng http:// hoặc https://.")
        return link

    def clean(self) -> dict:
        values = super().clean()
        if not self.errors and bool(values.get("file")) == bool(values.get("link")):
            raise ValidationError("Chọn một tệp hoặc ghi một đường dẫn, không cả hai.")
        return values

    def content(self) -> dict:
        """The arguments of `actions.add_version`."""
        values = dict(self.cleaned_data)
        file = values.get("file")
        values["facts"] = file.facts if file else None
        return values


class DocumentForm(VersionForm):
    title = forms.CharField(label="Tên tài liệu", max_length=200)
    kind = forms.ChoiceField(label="Loại", choices=Document.Kind.choices)
    is_restricted = forms.BooleanField(
        label="Có dữ liệu cá nhân, hạn chế người xem", required=False
    )
    field_order = ["title", "kind", "file", "link", "official_number", "proof_on", "is_restricted"]

    def clean_title(self) -> str:
        return nfc(self.cleaned_data["title"])


PHONE = re.compile(r"\+?[0-9][0-9 .()-]{6,18}")


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
        phone = self.cleaned_data["phone"].strip()
        if phone and not PHONE.fullmatch(phone):
            raise ValidationError("Số điện thoại chỉ gồm chữ số, ví dụ 0912 345 678.")
        return phone

    def clean_leader_name(self) -> str:
        return one_line(self.cleaned_data["leader_name"])

    def clean_name(self) -> str:
        return one_line(self.cleaned_data["name"])


class MessagesForm(forms.ModelForm):
    """How a person wants to be told."""

    class Meta:
        model = User
        fields = ("wants_email", "zalo_id")
        labels = {"zalo_id": "Mã người dùng Zalo OA (không bắt buộc)"}
        help_texts = {"zalo_id": "Chỉ dùng khi cổng đã nối với Zalo OA."}


class ImportForm(forms.Form):
    kind = forms.ChoiceField(label="Nội dung", choices=ImportBatch.Kind.choices)
    file = CheckedFile(label="Tệp Excel (.xlsx)")
