"""A workbook of units or people."""

from django import forms

from schools.forms.documents import CheckedFile
from schools.models import ImportBatch


class ImportForm(forms.Form):
    kind = forms.ChoiceField(label="Nội dung", choices=ImportBatch.Kind.choices)
    file = CheckedFile(label="Tệp Excel (.xlsx)")
