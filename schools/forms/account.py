"""The own account: signing in, a new password, how one is told of things."""

from django import forms
from django.contrib.auth.forms import AuthenticationForm, SetPasswordForm
from django.core.exceptions import ValidationError

from schools.models import User
from schools.models.people import normal_email


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


class MessagesForm(forms.ModelForm):
    """How a person wants to be told."""

    class Meta:
        model = User
        fields = ("wants_email", "zalo_id")
        labels = {"zalo_id": "Mã người dùng Zalo OA (không bắt buộc)"}
        help_texts = {"zalo_id": "Chỉ dùng khi cổng đã nối với Zalo OA."}
