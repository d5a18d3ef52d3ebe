"""Which late units are pressed, with what words."""

from django import forms
from django.core.exceptions import ValidationError


class CallForm(forms.Form):
    text = forms.CharField(
        label="Lời nhắn", max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )
    units = forms.TypedMultipleChoiceField(label="Đơn vị", coerce=int, required=False)

    def __init__(self, *args, called, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["units"].choices = [
            (one.assignment.unit_id, str(one.assignment.unit)) for one in called
        ]

    def clean_units(self) -> set[int]:
        if not self.cleaned_data["units"]:
            raise ValidationError("Chọn ít nhất một đơn vị.")
        return set(self.cleaned_data["units"])
