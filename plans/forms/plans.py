"""A plan, its tasks and targets, an amendment."""

import re

from django import forms
from django.core.exceptions import ValidationError

from edudx.lib import deadlines
from edudx.lib.fields import NumberField
from edudx.lib.vietnamese import one_line
from plans.models import LegalText, Plan, Target, Task
from schools import uploads
from schools.forms import CheckedFile
from schools.models import FocalPoint, OrgUnit

DAY = {"invalid": "Ngày này không có trong lịch hoặc viết chưa đúng; viết như 05/09/2024."}
SECTION = re.compile(r"(?P<code>\S{1,19}?)\.?\s+(?P<title>\S.{0,399})")
CRITERION = re.compile(r"[0-9A-Za-z]{1,20}:[0-9A-Za-z.]{1,20}")


class PlanForm(forms.ModelForm):
    """What the heading of the document says; number, day and signer may come later."""

    issued_on = forms.DateField(
        label="Ngày ban hành",
        required=False,
        help_text="Ngày/tháng/năm, ví dụ 05/09/2024. Ghi khi văn bản đã ký.",
        error_messages=DAY,
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
        """What `planning.save_plan` takes beside the plan itself."""
        values = self.cleaned_data
        return {
            "legal_texts": values["legal_texts"],
            "original": values["original_file"],
            "sections": values["sections_text"],
        }

    def clean_title(self) -> str:
        return one_line(self.cleaned_data["title"])

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


class TextFileForm(forms.Form):
    """The full text of a legal text."""

    file = CheckedFile(label="Toàn văn", help_text=uploads.ALLOWED)


class YamlFileForm(forms.Form):
    file = forms.FileField(label="Tệp YAML", help_text="Tối đa 512 kB.")

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > 512 * 1024:
            raise ValidationError("Tệp lớn hơn 512 kB.")
        if not file.name.lower().endswith((".yaml", ".yml")):
            raise ValidationError("Chỉ nhận tệp .yaml hoặc .yml.")
        return file


class AudienceFields(forms.Form):
    """Whom it is for; `audience` of the cleaned data is the JSON of plans.audience."""

    WHO = (
        ("schools", "Các trường"),
        ("offices", "Các phòng"),
        ("both", "Các phòng và các trường"),
        ("own", "Chính đơn vị"),
        ("units", "Danh sách chọn riêng"),
    )
    who = forms.ChoiceField(label="Giao cho", choices=WHO, initial="schools")
    with_own = forms.BooleanField(label="và cả chính đơn vị ban hành", required=False)
    types = forms.MultipleChoiceField(
        label="Loại trường (để trống là mọi loại)",
        choices=OrgUnit.SchoolType.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    ownership = forms.ChoiceField(
        label="Loại hình",
        choices=[("", "Công lập và ngoài công lập"), *OrgUnit.Ownership.choices],
        required=False,
    )
    areas = forms.ModelMultipleChoiceField(
        OrgUnit.objects.none(), label="Khu vực (để trống là tất cả)", required=False
    )
    units = forms.ModelMultipleChoiceField(
        OrgUnit.objects.none(), label="Các đơn vị chọn riêng", required=False
    )
    AUDIENCE = ("who", "with_own", "types", "ownership", "areas", "units")

    def offer(self, issuer: OrgUnit, audience: dict) -> None:
        """Only units of the issuer's part of the tree; the kept audience as the start."""
        below = OrgUnit.objects.below(issuer).active().exclude(pk=issuer.pk)
        self.fields["areas"].queryset = below.filter(kind=OrgUnit.Kind.OFFICE)
        self.fields["units"].queryset = below
        if issuer.is_school:
            self.fields["who"].choices = [("own", "Chính đơn vị")]
            for name in self.AUDIENCE[1:]:
                del self.fields[name]
            return
        if issuer.kind == OrgUnit.Kind.OFFICE:
            self.fields["who"].choices = [self.WHO[0], *self.WHO[3:]]
            del self.fields["areas"]
        if audience:
            self.initial.update(self._kept(audience))

    @staticmethod
    def _kept(audience: dict) -> dict:
        kinds = set(audience.get("kinds") or ["school"])
        who = "both" if len(kinds) == 2 else f"{next(iter(kinds))}s"
        who = "own" if audience.get("own") else "units" if audience.get("units") else who
        code = OrgUnit.objects.filter
        return {
            "who": who,
            "with_own": audience.get("with_own", False),
            "types": audience.get("types", []),
            "ownership": audience.get("ownership", ""),
            "areas": code(code__in=audience.get("areas", [])),
            "units": code(code__in=audience.get("units", [])),
        }

    def audience_of(self, values: dict) -> dict:
        """The JSON; an empty list of chosen units is a fault."""
        who = values.get("who")
        if who == "own":
            return {"own": True}
        extra = {"with_own": True} if values.get("with_own") else {}
        if who == "units":
            codes = [one.code for one in values.get("units") or ()]
            if not codes:
                self.add_error("units", "Chọn ít nhất một đơn vị.")
            return {"units": codes, **extra}
        kinds = {"schools": ["school"], "offices": ["office"], "both": ["office", "school"]}
        found = {
            "types": list(values.get("types") or ()),
            "ownership": values.get("ownership") or "",
            "areas": [one.code for one in values.get("areas") or ()],
        }
        filled = {key: value for key, value in found.items() if value}
        return {"kinds": kinds.get(who, ["school"]), **filled, **extra}


class TaskForm(AudienceFields, forms.ModelForm):
    """A row of the plan; the deadline is read as written, what cannot be read is asked for."""

    criteria_text = forms.CharField(
        label="Tiêu chí liên quan (không bắt buộc)",
        required=False,
        max_length=300,
        help_text="Sản phẩm sẽ được gợi ý làm minh chứng. Ví dụ: 4725:2.1, 3276:2.1.",
    )
    focal_fields = forms.MultipleChoiceField(
        label="Lĩnh vực phải có đầu mối (khi sản phẩm là danh sách đầu mối)",
        choices=FocalPoint.Field.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    years = forms.TypedMultipleChoiceField(
        label="Các năm trong lộ trình (không bắt buộc)",
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    field_order = (
        "section", "code", "title", "content", "phrase", "include_day", "product",
        "focal_fields", "needs_approval", *AudienceFields.AUDIENCE, "years", "criteria_text",
        "source",
    )  # fmt: skip

    class Meta:
        model = Task
        fields = (
            "section", "code", "title", "content", "phrase", "include_day", "product",
            "focal_fields", "needs_approval", "source",
        )  # fmt: skip
        widgets = {
            "title": forms.Textarea(attrs={"rows": 2}),
            "content": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        task = self.instance
        self.fields["section"].queryset = task.plan.sections.order_by("position")
        self.fields["section"].empty_label = "(không thuộc mục nào)"
        self.fields["product"].required = True
        self.initial["criteria_text"] = ", ".join(task.criteria)
        self.offer(task.plan.issuer, task.audience if task.pk else {})
        if not self.fields["section"].queryset:
            del self.fields["section"]
        if task.plan.is_over_years:
            self.fields["years"].choices = [(year, year) for year in task.plan.years]
            self.initial["years"] = task.years
        else:
            del self.fields["years"]

    def clean_title(self) -> str:
        return one_line(self.cleaned_data["title"])

    def clean_criteria_text(self) -> list[str]:
        found = [one.strip() for one in self.cleaned_data["criteria_text"].split(",")]
        found = [one for one in found if one]
        for one in found:
            if not CRITERION.fullmatch(one):
                raise ValidationError(f"«{one}» phải viết như 4725:2.1.")
        return found

    def clean(self) -> dict:
        values = super().clean()
        self.instance.audience = self.audience_of(values)
        self.instance.criteria = values.get("criteria_text") or []
        is_list = values.get("product") == Task.ProductKind.FOCAL_POINTS
        if is_list and not values.get("focal_fields"):
            self.add_error("focal_fields", "Chọn các lĩnh vực mà danh sách phải có đầu mối.")
        self.instance.years = values.get("years") or []
        self.instance.include_day = values.get("include_day", False)
        if values.get("phrase"):
            try:
                self.instance.set_deadline(values["phrase"])
            except deadlines.DeadlineNotUnderstood as fault:
                self.add_error("phrase", str(fault))
        return values


class TargetForm(AudienceFields, forms.ModelForm):
    """A number to reach, and whose."""

    goal = NumberField(label="Mức cần đạt")
    field_order = (
        "section", "code", "title", "measure", "direction", "goal", "numerator_label",
        "denominator_label", "phrase", *AudienceFields.AUDIENCE, "source", "item",
    )  # fmt: skip

    class Meta:
        model = Target
        fields = (
            "section", "code", "title", "measure", "direction", "goal", "numerator_label",
            "denominator_label", "phrase", "source", "item",
        )  # fmt: skip
        help_texts = {
            "measure": "Với «%», các đơn vị nhập số đạt và tổng số; không lấy trung bình tỉ lệ."
        }

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        target = self.instance
        self.fields["section"].queryset = target.plan.sections.order_by("position")
        self.fields["section"].empty_label = "(không thuộc mục nào)"
        self.offer(target.plan.issuer, target.audience if target.pk else {})

    def clean(self) -> dict:
        values = super().clean()
        self.instance.audience = self.audience_of(values)
        if values.get("measure") == "%":
            for name in ("numerator_label", "denominator_label"):
                if not values.get(name):
                    self.add_error(name, "Chỉ tiêu tỉ lệ phải nói rõ hai số.")
        if values.get("phrase"):
            try:
                self.instance.set_deadline(values["phrase"])
            except deadlines.DeadlineNotUnderstood as fault:
                self.add_error("phrase", str(fault))
        return values


class AmendForm(forms.Form):
    """The document that amends, and per task another deadline or its end."""

    document_number = forms.CharField(label="Số, ký hiệu văn bản sửa đổi", max_length=60)
    signed_on = forms.DateField(label="Ngày ký", help_text="Ngày/tháng/năm.", error_messages=DAY)
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
