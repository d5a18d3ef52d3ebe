"""A document or its next version: an upload that is looked into, or a link."""

from django import forms
from django.core.exceptions import ValidationError

from edudx.lib import workbooks
from edudx.lib.fields import DayField
from schools import uploads
from schools.models import Document


class CheckedFile(forms.FileField):
    """An upload that was sniffed and opened; the facts stand in `file.facts`."""

    def clean(self, data, initial=None):
        file = super().clean(data, initial)
        if file:
            file.facts = uploads.inspect(file)
        return file


class WorkbookFile(CheckedFile):
    """An Excel workbook; whatever else is refused with what it is and how to save it."""

    def clean(self, data, initial=None):
        file = forms.FileField.clean(self, data, initial)
        if file:
            check_workbook(file)
        return super().clean(data, initial)


def check_workbook(file, *, said: str = "") -> None:
    """ValidationError with what the file is and how to save it, when it is no workbook we read."""
    try:
        workbooks.check(file)
    except workbooks.WorkbookRefused as refusal:
        raise ValidationError(f"{said} {refusal}".strip()) from refusal


class VersionForm(forms.Form):
    """A file or a link, with the number and the date of the proof."""

    file = CheckedFile(label="Tệp", required=False, help_text=uploads.ALLOWED)
    link = forms.URLField(
        label="hoặc đường dẫn", max_length=500, required=False, assume_scheme="https"
    )
    official_number = forms.CharField(label="Số, ký hiệu (nếu có)", max_length=60, required=False)
    proof_on = DayField(
        label="Ngày của minh chứng (nếu có)",
        required=False,
        help_text="Ngày/tháng/năm, ví dụ 05/09/2025.",
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
