"""More time: asked for, answered."""

from django import forms


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
