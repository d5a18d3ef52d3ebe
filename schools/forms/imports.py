"""A workbook of units or people."""

from django import forms

from schools.forms.documents import WorkbookFile
from schools.models import ImportBatch


class ImportForm(forms.Form):
    kind = forms.ChoiceField(label="Nội dung", choices=ImportBatch.Kind.choices)
    file = WorkbookFile(label="Tệp Excel (.xlsx)")
