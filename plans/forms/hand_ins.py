"""Handing in a product: files, documents, an explanation."""

from django import forms

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
