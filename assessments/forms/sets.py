"""Indicator sets: a file to load, a publication to answer for."""

from django import forms
from django.core.exceptions import ValidationError

from schools.forms import check_workbook
from schools.models import OrgUnit
from schools.permissions import Permission


class SetFileForm(forms.Form):
    """`owner` is empty for a set of the Ministry, else the unit whose local set it is."""

    owner = forms.ModelChoiceField(
        OrgUnit.objects.none(),
        label="Bộ chỉ số của",
        required=False,
        empty_label="Bộ Giáo dục và Đào tạo (dùng chung)",
        help_text="Bộ chỉ số địa phương chỉ dùng trong phạm vi của đơn vị ban hành.",
    )
    file = forms.FileField(label="Tệp YAML hoặc Excel", help_text="Tối đa 512 kB.")

    def __init__(self, *args, user, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        owner = self.fields["owner"]
        if user.hat:
            owner.queryset = OrgUnit.objects.filter(pk=user.hat.unit_id)
        if not user.may_manage_national(Permission.SET_MANAGE):
            owner.empty_label, owner.required, owner.initial = None, True, user.hat.unit_id

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > 512 * 1024:
            raise ValidationError("Tệp lớn hơn 512 kB.")
        name = file.name.lower()
        if not name.endswith((".yaml", ".yml")):
            is_named_so = name.endswith(".xlsx")
            check_workbook(file, said="" if is_named_so else "Chỉ nhận tệp .yaml, .yml hoặc .xlsx.")
        return file


class SetPublishForm(forms.Form):
    compared_with = forms.CharField(
        label="Đã đối chiếu với văn bản nào?",
        max_length=300,
        help_text="Số, ngày, cơ quan ban hành và bản đã xem (bản giấy, bản ký số).",
    )
    compared_by = forms.CharField(label="Ai đã đối chiếu?", max_length=150)
