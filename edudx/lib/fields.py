"""Form fields that read numbers and yes/no as people in the offices write them."""

from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError

from .vietnamese import decimal_from, number


class NumberField(forms.CharField):
    """«1.234,5» or «7.5» as a Decimal of at most `places` decimals, between 0 and `most`."""

    def __init__(self, *, most: Decimal = Decimal("9999999999"), places: int = 2, **kwargs) -> None:
        super().__init__(max_length=30, **kwargs)
        self.most, self.places = most, places
        self.widget.attrs.update(inputmode="decimal", autocomplete="off")

    def prepare_value(self, value):
        return number(value, self.places) if isinstance(value, Decimal) else value

    def to_python(self, value) -> Decimal | None:
        text = super().to_python(value)
        if text in self.empty_values:
            return None
        try:
            found = decimal_from(text)
        except ValueError as fault:
            raise ValidationError(str(fault)) from fault
        if found < 0:
            raise ValidationError("Số không được âm.")
        if found > self.most:
            raise ValidationError(f"Số lớn nhất được nhận là {number(self.most)}.")
        if found != round(found, self.places):
            raise ValidationError(
                f"Chỉ nhận tối đa {self.places} chữ số thập phân."
                if self.places
                else "Chỉ nhận số nguyên."
            )
        return found

    def run_validators(self, value) -> None:
        """The checks above are all; length limits are for text."""


class YesNoField(forms.TypedChoiceField):
    """Two radio buttons; nothing chosen is None."""

    def __init__(self, *, yes: str = "Có", no: str = "Không", **kwargs) -> None:
        kwargs.setdefault("widget", forms.RadioSelect)
        super().__init__(
            choices=[("1", yes), ("0", no)],
            coerce=lambda text: text == "1",
            empty_value=None,
            **kwargs,
        )

    def prepare_value(self, value):
        return {True: "1", False: "0"}.get(value, value)
