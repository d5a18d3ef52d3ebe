"""Proofs: from the cabinet, or a new file dropped on a criterion."""

from django import forms

from schools import uploads
from schools.forms import CheckedFile
from schools.models import Document, OrgUnit


class QuickEvidenceForm(forms.Form):
    """A file dropped on a criterion; its name becomes the title."""

    file = CheckedFile(label="Thêm tệp minh chứng", help_text=uploads.ALLOWED)


class DocumentsField(forms.ModelMultipleChoiceField):
    """Keys longer than any database key are no documents, and no overflow either."""

    def clean(self, value):
        return super().clean([one for one in value or () if len(one) < 19])


class EvidencePickForm(forms.Form):
    """Documents of the school's own cabinet."""

    documents = DocumentsField(
        label="Chọn từ tủ tài liệu",
        queryset=Document.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Chọn ít nhất một tài liệu."},
    )

    def __init__(self, *args, unit: OrgUnit, answer=None, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        kept = unit.documents.order_by("sort_key", "pk")
        if answer is not None:
            kept = kept.exclude(versions__evidence__answer=answer)
        self.fields["documents"].queryset = kept
