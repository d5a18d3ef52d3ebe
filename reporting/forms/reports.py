"""Forms of a periodic report: write a part, say who signs, hand in."""

from django import forms
from django.core.validators import MaxLengthValidator

from edudx.lib.vietnamese import number
from reporting.forms.signing import Signed
from reporting.models import SIGNING, PeriodicReport

MOST_WORDS, MOST_WORDS_COLLECTED = 20_000, 2_000_000  # letters of a part


class PartForm(forms.Form):
    """The unit's own words of one part; `version` is what the person had before them."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    text = forms.CharField(
        label="Nội dung", required=False, strip=True,
        widget=forms.Textarea(attrs={"rows": 6, "class": "form-control"}),
    )  # fmt: skip

    def __init__(self, *args, report: PeriodicReport, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        most = MOST_WORDS_COLLECTED if report.is_consolidated else MOST_WORDS
        self.fields["text"].validators.append(
            MaxLengthValidator(most, f"Mục này dài quá {number(most)} ký tự; hãy rút gọn.")
        )


class SigningForm(Signed, forms.ModelForm):
    """Of a periodic report; what is left empty stays dots in the document."""

    seal = forms.CharField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = PeriodicReport
        fields = SIGNING
        widgets = {"receivers": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "number": "Để trống khi chưa lấy số.",
            "head_post": "Để trống: lấy theo lãnh đạo đơn vị trên cổng.",
            "signer_post": "Ghi khi ký thay (KT., TL., TUQ.), ví dụ PHÓ TRƯỞNG PHÒNG.",
            "receivers": "Mỗi dòng một nơi; để trống thì cổng ghi nơi nhận thường dùng.",
        }

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("seal", self.instance.signing_seal)


class SubmitForm(forms.Form):
    explanation = forms.CharField(
        label="Giải trình vì sao nộp muộn", max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip

    def __init__(self, *args, is_late: bool, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if not is_late:
            del self.fields["explanation"]
