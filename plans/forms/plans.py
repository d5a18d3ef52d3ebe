"""A plan, an amendment, a plan as an uploaded file."""

import re

from django import forms
from django.core.exceptions import ValidationError

from edudx.lib.fields import DayField
from plans.models import LegalText, Plan
from schools import uploads
from schools.forms import CheckedFile

SECTION = re.compile(r"(?P<code>\S{1,19}?)\.?\s+(?P<title>\S.{0,399})")


class PlanForm(forms.ModelForm):
    """What the heading of the document says; number, day and signer may come later."""

    issued_on = DayField(
        label="Ngày ban hành",
        required=False,
        help_text="Ngày/tháng/năm, ví dụ 05/09/2024. Ghi khi văn bản đã ký.",
    )

    original_file = CheckedFile(
        label="Bản gốc đã ký (không bắt buộc)", required=False, help_text=uploads.ALLOWED
    )
    sections_text = forms.CharField(
        label="Các phần, mục (không bắt buộc)",
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Mỗi dòng một mục theo thứ tự in, ví dụ: II. Nhiệm vụ, giải pháp.",
    )

    class Meta:
        model = Plan
        fields = (
            "title", "kind", "period", "number", "symbol", "issued_on", "signer_name",
            "signer_post", "purpose", "legal_texts",
        )  # fmt: skip
        widgets = {
            "purpose": forms.Textarea(attrs={"rows": 4}),
            "legal_texts": forms.SelectMultiple(attrs={"size": 8}),
        }

    def __init__(self, *args, user, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["legal_texts"].queryset = LegalText.objects.visible_to(user)
        self.fields["legal_texts"].help_text = "Giữ Ctrl để chọn nhiều văn bản."
        if self.instance.pk:
            rows = self.instance.sections.order_by("position")
            self.initial["sections_text"] = "\n".join(str(one) for one in rows)
        for name in ("number", "symbol", "signer_name"):
            self.fields[name].help_text = f"{self.fields[name].help_text} Cần có khi ban hành."

    def given(self) -> dict:
        """What `plans.save` takes beside the plan itself."""
        values = self.cleaned_data
        return {
            "legal_texts": values["legal_texts"],
            "original": values["original_file"],
            "sections": values["sections_text"],
        }

    def clean_number(self) -> str:
        text = self.cleaned_data["number"].strip().lstrip("0")
        if text and not re.fullmatch(r"[0-9]{1,10}", text):
            raise ValidationError("Số văn bản chỉ gồm chữ số, ví dụ 15.")
        return text

    def clean_sections_text(self) -> list[tuple[str, str]]:
        """(code, title) per line."""
        found: dict[str, str] = {}
        for place, line in enumerate(self.cleaned_data["sections_text"].splitlines(), start=1):
            if not line.strip():
                continue
            parts = SECTION.fullmatch(line.strip())
            if parts is None:
                raise ValidationError(f"Dòng {place} phải viết như «II. Nhiệm vụ, giải pháp».")
            if parts["code"] in found:
                raise ValidationError(f"Dòng {place}: mục «{parts['code']}» đã có ở dòng trên.")
            found[parts["code"]] = parts["title"]
        return list(found.items())


class YamlFileForm(forms.Form):
    file = forms.FileField(label="Tệp YAML", help_text="Tối đa 512 kB.")

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > 512 * 1024:
            raise ValidationError("Tệp lớn hơn 512 kB.")
        if not file.name.lower().endswith((".yaml", ".yml")):
            raise ValidationError("Chỉ nhận tệp .yaml hoặc .yml.")
        return file


class AmendForm(forms.Form):
    """The document that amends, and per task another deadline or its end."""

    document_number = forms.CharField(label="Số, ký hiệu văn bản sửa đổi", max_length=60)
    signed_on = DayField(label="Ngày ký", help_text="Ngày/tháng/năm.")
    reason = forms.CharField(
        label="Lý do", max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args, tasks, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.tasks = list(tasks)
        for task in self.tasks:
            self.fields[f"phrase-{task.pk:d}"] = forms.CharField(
                label=f"Thời hạn mới của {task.code}", max_length=200, required=False
            )
            self.fields[f"withdraw-{task.pk:d}"] = forms.BooleanField(
                label=f"Rút {task.code}", required=False
            )

    def rows(self):
        """(task, its two bound fields) in printed order."""
        return [
            (task, self[f"phrase-{task.pk:d}"], self[f"withdraw-{task.pk:d}"])
            for task in self.tasks
        ]

    def head(self):
        return [self[name] for name in ("document_number", "signed_on", "reason")]
