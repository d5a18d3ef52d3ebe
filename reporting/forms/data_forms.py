"""A data form as an uploaded file."""

from django import forms
from django.core.exceptions import ValidationError

from schools.forms import check_workbook


class FormFileForm(forms.Form):
    file = forms.FileField(label="Tệp YAML hoặc Excel (.xlsx)", help_text="Tối đa 2 MB.")

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > 2 * 1024**2:
            raise ValidationError("Tệp lớn hơn 2 MB.")
        name = file.name.lower()
        if not name.endswith((".yaml", ".yml")):
            is_named_so = name.endswith(".xlsx")
            check_workbook(file, said="" if is_named_so else "Chỉ nhận tệp .yaml, .yml hoặc .xlsx.")
        return file
