"""The file of a legal text."""

from django import forms

from schools import uploads
from schools.forms import CheckedFile


class TextFileForm(forms.Form):
    """The full text of a legal text."""

    file = CheckedFile(label="Toàn văn", help_text=uploads.ALLOWED)
