"""Handing in, answering, asking for time, calling units, figures of targets."""

from django import forms
from django.core.exceptions import ValidationError

from edudx.lib.fields import NumberField
from schools.forms import CheckedFile
from schools.models import Document


class ManyFiles(CheckedFile):
    """Several uploads in one field, each sniffed and opened."""

    def __init__(self, **kwargs) -> None:
        class Input(forms.ClearableFileInput):
            allow_multiple_selected = True

        super().__init__(widget=Input(), **kwargs)

    def clean(self, data, initial=None) -> list:
        files = data if isinstance(data, list | tuple) else [data]
        return [found for one in files if (found := super(ManyFiles, self).clean(one, initial))]


class HandInForm(forms.Form):
    """Files of the cabinet, new files, a note; the reason when it is late."""

    files = ManyFiles(label="Tải tệp lên", required=False)
    documents = forms.ModelMultipleChoiceField(
        Document.objects.none(),
        label="hoặc chọn từ tủ tài liệu của đơn vị",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    explanation = forms.CharField(
        label="Giải trình vì sao nộp muộn",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    note = forms.CharField(
        label="Ghi chú cho nơi nhận (không bắt buộc)",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args, unit, needs_files: bool, needs_explanation: bool, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if needs_files:
            found = Document.objects.filter(unit=unit, is_restricted=False)[:30]
            self.fields["documents"].queryset = Document.objects.filter(
                pk__in=[one.pk for one in found]
            )
            if not found:
                del self.fields["documents"]
        else:
            del self.fields["files"], self.fields["documents"]
        if not needs_explanation:
            del self.fields["explanation"]

    def content(self) -> dict:
        """The arguments of `handins.hand_in`."""
        values = self.cleaned_data
        documents = values.get("documents") or ()
        return {
            "uploads": values.get("files") or (),
            "versions": [one.newest for one in documents],
            "note": values["note"],
            "explanation": values.get("explanation", ""),
        }


class ExtensionForm(forms.Form):
    phrase = forms.CharField(
        label="Xin gia hạn đến", max_length=200, help_text="Ví dụ: Chậm nhất ngày 25/01/2025."
    )
    reason = forms.CharField(
        label="Lý do", max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )


class AnswerForm(forms.Form):
    """Yes or no to an extension; `granted` comes from the button."""

    answer = forms.CharField(
        label="Trả lời", max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


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


class ActualForm(forms.Form):
    """A unit's figure: two numbers of a ratio, or one."""

    numerator = NumberField(label="Số đạt")
    denominator = NumberField(label="Tổng số", required=False)
    note = forms.CharField(label="Nguồn, ghi chú", max_length=300, required=False)
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def clean(self) -> dict:
        values = super().clean()
        part, whole = values.get("numerator"), values.get("denominator")
        if whole == 0:
            self.add_error(
                "denominator", "Tổng số bằng 0 thì không tính được; hãy để trống cả hai."
            )
        if part is not None and whole is not None and part > whole:
            self.add_error("numerator", "Số đạt không được lớn hơn tổng số.")
        return values
