"""What a document says of its signing."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from edudx.lib.fields import DayField
from reporting.models import IN_THIS_CENTURY


class Signed(forms.Form):
    """Number, day and who signs for whom, as every document has them."""

    signed_on = DayField(label="Ngày ký", required=False, validators=IN_THIS_CENTURY)

    def clean_number(self) -> str:
        text = self.cleaned_data["number"].strip()
        if text and not re.fullmatch(r"0*[1-9][0-9]{0,5}", text):
            raise ValidationError("Số văn bản chỉ gồm chữ số, từ 1 đến 999999, ví dụ 15.")
        return text.lstrip("0")

    def clean_signed_on(self):
        day = self.cleaned_data["signed_on"]
        if day and day > timezone.localdate():
            raise ValidationError(f"Ngày {day:%d/%m/%Y} ở tương lai.")
        return day

    def clean(self) -> dict:
        values = super().clean()
        if values.get("authority") in ("KT.", "TL.", "TUQ.") and not values.get("signer_post"):
            self.add_error("signer_post", "Ký thay thì ghi chức vụ của người ký.")
        if values.get("signer_post") and not values.get("authority"):
            self.add_error("authority", "Có chức vụ người ký thì chọn KT., TL., TUQ. hoặc TM.")
        return values
