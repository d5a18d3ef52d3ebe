"""Form fields that read numbers, days, yes/no as people write them; columns derived from others."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models

from . import days
from .vietnamese import decimal_from, name_sort_key, number, search_key, sort_key

if TYPE_CHECKING:
    TextColumn = models.CharField[str, str]
else:
    TextColumn = models.CharField


class DerivedField(TextColumn):
    """A column computed from the texts of `of` at every save, also in bulk.

    A save with `update_fields` brings it in step only when it is named there.
    """

    def __init__(self, *, of: tuple[str, ...], **kwargs: Any) -> None:
        self.of = of
        super().__init__(**{"editable": False, "db_default": "", **kwargs})

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "of": self.of}

    def derive(self, texts: list[str]) -> str:
        raise NotImplementedError

    def pre_save(self, instance: models.Model, add: bool) -> str:
        value = self.value_of(instance)
        setattr(instance, self.attname, value)
        return value

    def value_of(self, instance: models.Model) -> str:
        texts = [str(getattr(instance, name) or "") for name in self.of]
        return self.derive(texts)[: self.max_length]


class SearchTextField(DerivedField):
    """Lower case without marks: what a search looks in, alike on every database."""

    def derive(self, texts: list[str]) -> str:
        return search_key(*texts)


class SortKeyField(DerivedField):
    """Sorts by the Vietnamese alphabet."""

    def derive(self, texts: list[str]) -> str:
        return sort_key(" ".join(texts))


class NameSortKeyField(DerivedField):
    """Sorts people by given name."""

    def derive(self, texts: list[str]) -> str:
        return name_sort_key(" ".join(texts))


def derive_anew(model: type[models.Model]) -> None:
    """For a migration: the derived columns of every row, where they are derived otherwise now."""
    columns = [one for one in model._meta.concrete_fields if isinstance(one, DerivedField)]
    stale = []
    for row in model._base_manager.iterator(chunk_size=2000):
        fresh = {one.attname: one.value_of(row) for one in columns}
        if any(getattr(row, name) != text for name, text in fresh.items()):
            stale.append((row.pk, fresh))
    for pk, fresh in stale:
        model._base_manager.filter(pk=pk).update(**fresh)


class NumberField(forms.Field):
    """«1.234,5» or «7.5» as a Decimal of at most `places` decimals, between 0 and `most`.

    «50%» is 50 where `is_percent`, and refused where things are counted.
    """

    def __init__(
        self, *, most: Decimal = Decimal("9999999999"), places: int = 2, is_percent: bool = False,
        **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(**kwargs)
        self.most, self.places, self.is_percent = most, places, is_percent
        self.widget.attrs.update(maxlength="30", inputmode="decimal", autocomplete="off")

    def prepare_value(self, value: object) -> object:
        return number(value, self.places) if isinstance(value, Decimal) else value

    def to_python(self, value: object) -> Decimal | None:
        text = "" if value is None else str(value).strip()
        if not text:
            return None
        if text.endswith("%"):
            if not self.is_percent:
                raise ValidationError(f"«{text[:40]}» là tỉ lệ phần trăm; ô này ghi một số.")
            text = text[:-1]
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


class DayField(forms.DateField):
    """A day, read as everywhere in the portal, within the years that make sense."""

    def to_python(self, value: Any) -> date | None:
        if not isinstance(value, str) or not value.strip():
            return super().to_python(value)
        try:
            return days.day_from(value)
        except ValueError as fault:
            raise ValidationError(str(fault), code="invalid") from fault


class MomentField(forms.DateTimeField):
    """A day and an hour; of a day alone its last second (`ends_day`) or its first."""

    def __init__(self, *, ends_day: bool, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.ends_day = ends_day

    def to_python(self, value: Any) -> datetime | None:
        if not isinstance(value, str) or not value.strip():
            return super().to_python(value)
        try:
            return days.moment_from(value, ends_day=self.ends_day)
        except ValueError as fault:
            raise ValidationError(str(fault), code="invalid") from fault


class YesNoField(forms.TypedChoiceField):
    """Two radio buttons; nothing chosen is None."""

    def __init__(self, *, yes: str = "Có", no: str = "Không", **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.RadioSelect)
        super().__init__(
            choices=[("1", yes), ("0", no)],
            coerce=lambda text: text == "1",
            empty_value=None,
            **kwargs,
        )

    def prepare_value(self, value: Any) -> Any:
        return {True: "1", False: "0"}.get(value, value)


def once_a_year(
    *columns: str, on: str, name: str, sentence: str, condition: models.Q | None = None
) -> models.UniqueConstraint:
    """A document's number is used once in the year of the day `on` (Nghị định 30/2020)."""
    return models.UniqueConstraint(
        *columns,
        models.functions.ExtractYear(on),
        condition=condition,
        name=name,
        violation_error_message=sentence,
    )
