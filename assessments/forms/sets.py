"""Indicator sets: a file to load, a publication to answer for."""

from django import forms
from django.core.exceptions import ValidationError


class SetFileForm(forms.Form):
    file = forms.FileField(label="Tệp YAML hoặc Excel", help_text="Tối đa 512 kB.")

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > 512 * 1024:
            raise ValidationError("Tệp lớn hơn 512 kB.")
        if not file.name.lower().endswith((".yaml", ".yml", ".xlsx")):
            raise ValidationError("Chỉ nhận tệp .yaml, .yml hoặc .xlsx.")
        return file


class SetPublishForm(forms.Form):
    compared_with = forms.CharField(
        label="Đã đối chiếu với văn bản nào?",
        max_length=300,
        help_text="Số, ngày, cơ quan ban hành và bản đã xem (bản giấy, bản ký số).",
    )
    compared_by = forms.CharField(label="Ai đã đối chiếu?", max_length=150)
