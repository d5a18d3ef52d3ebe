"""Forms of a sheet: one per section, built from its fields; handing in, allowing, giving back."""

from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from edudx.lib import ratios
from edudx.lib.fields import MomentField, NumberField
from reporting.arithmetic import Value
from reporting.models import DataField, DataItem

K = DataItem.Kind


class SectionForm(forms.Form):
    """The fields of one section; `version` is what the person had before them."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(
        self, data=None, *, place: int, fields: list[DataField], version: int = 0,
        values: dict[str, Value] | None = None, notes: dict[str, str] | None = None,
    ) -> None:  # fmt: skip
        self.lines = fields
        initial = {"version": version}
        for one in fields:
            for key in one.item.keys:
                initial |= _initial(one, key, (values or {}).get(key, Value()))
            initial[f"{one.pk}-note"] = (notes or {}).get(one.item.keys[0], "")
        super().__init__(data, initial=initial, prefix=f"s{place}")
        for one in fields:
            self._add(one)
        for one in self.fields.values():
            is_choice = isinstance(one.widget, forms.Select)
            one.widget.attrs["class"] = "form-select" if is_choice else "form-control"

    def _add(self, line: DataField) -> None:
        item = line.item
        for key, name in _names(line):
            if item.kind == K.RATIO:
                self.fields[f"{name}-n"] = _number(item, item.part_label)
                self.fields[f"{name}-w"] = _number(item, item.whole_label)
            elif item.kind == K.YES_NO:
                self.fields[name] = forms.TypedChoiceField(
                    label=item.title, choices=[("", "Chọn"), ("1", "Có"), ("0", "Không")],
                    coerce=int, empty_value=None, required=False,
                    error_messages={"invalid_choice": "Chỉ nhận: Có, Không."},
                )  # fmt: skip
            elif item.kind == K.CHOICE:
                choices = [("", "Chọn"), *((one, one) for one in item.choices)]
                self.fields[name] = forms.ChoiceField(
                    label=item.title,
                    choices=choices,
                    required=False,
                    error_messages={"invalid_choice": f"Chỉ nhận: {', '.join(item.choices)}."},
                )
            elif item.kind == K.TEXT:
                self.fields[name] = forms.CharField(
                    label=item.title, required=False, max_length=500,
                    widget=forms.Textarea(attrs={"rows": 2}),
                )  # fmt: skip
            else:
                self.fields[name] = _number(item, item.label_of(key))
        self.fields[f"{line.pk}-note"] = forms.CharField(
            label="Giải thích", required=False, max_length=500
        )

    def clean(self) -> dict:
        values = super().clean()
        if self.errors.pop("version", None):  # hidden: its fault would not be seen beside it
            self.add_error(None, "Trang này đã cũ hoặc bị sửa; hãy mở lại phiếu rồi nhập lại.")
        for line in self.lines:
            if line.item.kind != K.RATIO:
                continue
            part, whole = values.get(f"{line.pk}-n"), values.get(f"{line.pk}-w")
            if ratios.is_share(part, whole):
                self.add_error(f"{line.pk}-n", ratios.SHARE)
            elif part is not None and whole is not None and part > whole:
                self.add_error(
                    f"{line.pk}-n", f"Không được lớn hơn «{line.item.whole_label.lower()}»."
                )
        return values

    def content(self) -> dict:
        """The arguments of `entering.save_section`."""
        cleaned = self.cleaned_data
        values = {
            key: _value(line, name, cleaned) for line in self.lines for key, name in _names(line)
        }
        notes = {line.item.keys[0]: cleaned[f"{line.pk}-note"].strip() for line in self.lines}
        return {"values": values, "notes": notes, "version": cleaned["version"]}

    def rows(self):
        """(field, its bound inputs, its bound note) in printed order."""
        for line in self.lines:
            inputs = [self[one] for one in self.fields if _belongs(one, line)]
            yield line, inputs, self[f"{line.pk}-note"]

    @staticmethod
    def names_of(line: DataField) -> list[tuple[str, str]]:
        """(key of a figure, name of its input without the prefix)."""
        return _names(line)

    def faults_by_key(self) -> list[tuple[str, str]]:
        """(key of the figure, sentence) of every fault, for a file whose rows are keys."""
        keys = {name: key for line in self.lines for key, name in _names(line)}
        keys |= {f"{line.pk}-note": line.item.keys[0] for line in self.lines}
        found = []
        for name, sentences in self.errors.items():
            key = keys.get(name) or keys.get(name.rpartition("-")[0])
            found += [(key, one) for one in sentences if key]
        return found


def _belongs(name: str, line: DataField) -> bool:
    head, _, tail = name.partition("-")
    return head == str(line.pk) and tail != "note"


def _names(line: DataField) -> list[tuple[str, str]]:
    """(key of the figure, name of its input)."""
    if line.item.kind != K.TABLE:
        return [(line.item.code, str(line.pk))]
    return [(key, f"{line.pk}-{key.partition('|')[2].replace('|', '-')}") for key in line.item.keys]


def _number(item: DataItem, label: str) -> NumberField:
    return NumberField(
        label=label, required=False, places=0 if item.is_whole else 2,
        is_percent=item.kind == K.DECIMAL and item.measure == "%",
    )  # fmt: skip


def _initial(line: DataField, key: str, value: Value) -> dict:
    name = dict(_names(line))[key]
    if line.item.kind == K.RATIO:
        return {f"{name}-n": value.number, f"{name}-w": value.whole}
    if line.item.kind == K.YES_NO:
        return {name: "" if value.number is None else int(value.number)}
    return {name: value.text or value.number}


def _value(line: DataField, name: str, cleaned: dict) -> Value:
    kind = line.item.kind
    if kind == K.RATIO:
        return Value(cleaned.get(f"{name}-n"), cleaned.get(f"{name}-w"))
    found = cleaned.get(name)
    if kind in (K.CHOICE, K.TEXT):
        return Value(text=(found or "").strip())
    if kind == K.YES_NO:
        return Value(None if found is None else Decimal(found))
    return Value(found)


class HandInForm(forms.Form):
    """Why it is late; why it is corrected."""

    explanation = forms.CharField(
        label="Giải trình vì sao nộp muộn", max_length=2000, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    reason = forms.CharField(
        label="Lý do điều chỉnh", max_length=1000, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip

    def __init__(self, *args, is_late: bool, is_correction: bool, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if not is_late:
            del self.fields["explanation"]
        if not is_correction:
            del self.fields["reason"]


class AllowForm(forms.Form):
    until = MomentField(
        label="Cho nhập đến", ends_day=True,
        help_text="Ví dụ: 17h00 ngày 27/10/2026. Chỉ ghi ngày thì được nhập đến hết ngày đó.",
    )  # fmt: skip
    reason = forms.CharField(label="Lý do", max_length=500)

    def clean_until(self):
        until = self.cleaned_data["until"]
        if until <= timezone.now():
            raise ValidationError("Thời điểm phải ở sau lúc này.")
        return until


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label="Lý do", max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
