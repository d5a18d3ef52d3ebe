"""A decision that certifies."""

import re
from datetime import timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from assessments.models import Decision
from edudx.lib.fields import DayField
from edudx.lib.text import one_line


class DecisionForm(forms.ModelForm):
    """Số, ngày, người ký of a Quyết định công nhận."""

    signed_on = DayField(label="Ngày ký", help_text="Ngày/tháng/năm, ví dụ 25/05/2026.")

    class Meta:
        model = Decision
        fields = (
            "number", "symbol", "signed_on", "authority", "head_post", "signer_post", "signer_name",
        )  # fmt: skip
        help_texts = {
            "signer_post": "Chỉ ghi khi ký thay, ví dụ: PHÓ TRƯỞNG PHÒNG.",
        }

    def clean_symbol(self) -> str:
        return one_line(self.cleaned_data["symbol"]).upper()

    def clean_number(self) -> str:
        text = self.cleaned_data["number"].strip().lstrip("0")
        if not re.fullmatch(r"[0-9]{1,10}", text):
            raise ValidationError("Số quyết định chỉ gồm chữ số, ví dụ 12.")
        return text

    def clean(self) -> dict:
        values = super().clean()
        if values.get("authority") == Decision.Authority.KT and not values.get("signer_post"):
            self.add_error("signer_post", "Ký thay (KT.) phải ghi chức vụ của người ký.")
        signed_on = values.get("signed_on")
        today = timezone.localdate()
        if signed_on and signed_on > today + timedelta(days=1):
            self.add_error("signed_on", "Ngày ký không được ở tương lai.")
        if signed_on and signed_on < timezone.localtime(self.instance.campaign.opens_at).date():
            self.add_error("signed_on", "Ngày ký không được trước ngày mở đợt đánh giá.")
        return values
