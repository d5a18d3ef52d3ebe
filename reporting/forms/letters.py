"""What an office says in a letter that presses late units."""

from django import forms

from assessments.models import Decision
from reporting.forms.signing import Signed


class LetterForm(Signed):
    """What the portal does not know of a letter to late units."""

    until = forms.CharField(
        label="Đề nghị hoàn thành", max_length=100, initial="trong 03 ngày làm việc",
        help_text="Ví dụ: trước ngày 25/10/2026.",
    )  # fmt: skip
    number = forms.CharField(
        label="Số", max_length=20, required=False, help_text="Để trống khi chưa lấy số."
    )
    authority = forms.ChoiceField(
        label="Quyền hạn ký", choices=Decision.Authority.choices, required=False
    )
    signer_post = forms.CharField(
        label="Chức vụ người ký", max_length=80, required=False,
        help_text="Ghi khi ký thay (KT., TL., TUQ.), ví dụ PHÓ TRƯỞNG PHÒNG.",
    )  # fmt: skip
    signer_name = forms.CharField(label="Người ký", max_length=120, required=False)

    field_order = ("until", "number", "signed_on", "authority", "signer_post", "signer_name")
