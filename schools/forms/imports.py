"""A workbook of units or people; what becomes of the work of the units that it closes."""

from django import forms

from schools.forms.documents import WorkbookFile
from schools.models import ImportBatch


class ImportForm(forms.Form):
    kind = forms.ChoiceField(label="Nội dung", choices=ImportBatch.Kind.choices)
    file = WorkbookFile(label="Tệp Excel (.xlsx)")


class ClosingForm(forms.Form):
    """Of one unit that closes: nothing is chosen beforehand."""

    WITHDRAW, HAND_OVER = "withdraw", "hand_over"
    answer = forms.ChoiceField(
        label="Việc chưa xong",
        choices=[(WITHDRAW, "Rút"), (HAND_OVER, "Chuyển cho đơn vị kế thừa")],
        widget=forms.RadioSelect,
        error_messages={"required": "Chọn rút hay chuyển cho đơn vị kế thừa."},
    )
    successor = forms.CharField(label="Mã đơn vị kế thừa", required=False, max_length=30)

    def clean(self) -> dict:
        values = super().clean() or {}
        hands_over = values.get("answer") == self.HAND_OVER
        if hands_over and not values.get("successor"):
            self.add_error("successor", "Ghi mã của đơn vị kế thừa.")
        if values.get("answer") == self.WITHDRAW and values.get("successor"):
            self.add_error("successor", "Đã chọn «Rút»; hãy bỏ mã này hoặc chọn «Chuyển».")
        return values

    def said(self) -> str:
        """«withdraw», or the code of the successor."""
        return self.cleaned_data["successor"] or self.WITHDRAW
