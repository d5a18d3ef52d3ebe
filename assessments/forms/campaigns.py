"""A campaign: phrases become instants, dates are checked."""

import re

from django import forms
from django.db.models import Q

from assessments.models import Campaign, IndicatorSet
from edudx.lib import deadlines
from plans.models import Calendars, read_deadline, validate_period
from schools.models import OrgUnit


class CampaignForm(forms.ModelForm):
    """Four phrases become four instants; what cannot be read is asked for, never guessed."""

    PHRASES = (
        ("opening_phrase", "opens_at"),
        ("submission_phrase", "submission_due_at"),
        ("decision_phrase", "decision_due_at"),
        ("publication_phrase", "publication_due_at"),
    )

    class Meta:
        model = Campaign
        fields = (
            "title",
            "code",
            "period",
            "scope",
            "sets",
            "opening_phrase",
            "submission_phrase",
            "decision_phrase",
            "publication_phrase",
            "include_day",
            "is_demo",
        )
        widgets = {"sets": forms.CheckboxSelectMultiple}
        help_texts = {
            "opening_phrase": "Ví dụ: Từ ngày 01/4/2026.",
            "submission_phrase": "Viết như trong văn bản, ví dụ: Trước ngày 20/5/2026.",
            "decision_phrase": "Ví dụ: Chậm nhất ngày 25/5/2026.",
            "publication_phrase": "Ví dụ: Trước ngày 20/6/2026.",
        }

    def __init__(self, *args, user, issuer: OrgUnit, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.instance.issuer = issuer
        units = OrgUnit.objects.below(issuer).active()
        self.fields["scope"].queryset = units.exclude(kind=OrgUnit.Kind.SCHOOL).order_by("path")
        self.fields["scope"].initial = issuer
        self.fields["scope"].empty_label = None
        self.fields["sets"].queryset = (
            IndicatorSet.objects.visible_to(user)
            .filter(Q(owner=None) | Q(owner__path__in=issuer.paths_above))
            .exclude(state=IndicatorSet.State.RETIRED)
        )
        self.fields["sets"].required = True
        self.fields["sets"].label_from_instance = lambda one: (
            f"{one} – {one.title}{' (dự thảo)' if one.is_draft else ''}"
        )

    def clean_period(self) -> str:
        validate_period(self.cleaned_data["period"])
        return deadlines.check_period(self.cleaned_data["period"])

    def clean(self) -> dict:
        values = super().clean()
        period = values.get("period")
        if period:
            calendars = Calendars(self.instance.issuer)
            for name, moment in self.PHRASES:
                if values.get(name):
                    self._read(name, moment, period, calendars, values)
            self._check_order()
        self._check_sets(values.get("sets") or [])
        return values

    def _read(
        self, name: str, moment: str, period: str, calendars: Calendars, values: dict
    ) -> None:
        phrase = values[name]
        if moment == "opens_at":  # «Từ ngày 01/4/2026» says when it begins, the parser reads ends
            phrase = re.sub(r"^từ\s+", "", phrase, flags=re.IGNORECASE)
        try:
            found = read_deadline(
                phrase, issuer=self.instance.issuer, period=period, calendars=calendars,
                include_day=values.get("include_day", False),
            )  # fmt: skip
        except deadlines.DeadlineNotUnderstood as fault:
            self.add_error(name, str(fault))
            return
        if moment == "opens_at":
            opens = found.opens_at or deadlines.start_of_day(found.due_at.date())
            setattr(self.instance, moment, opens)
        else:
            setattr(self.instance, moment, found.due_at)

    def _check_order(self) -> None:
        """The model's constraint, which leaves out fields that are not in the form."""
        moments = [getattr(self.instance, moment) for _, moment in self.PHRASES]
        if not self.errors and (sorted(moments) != moments or moments[0] == moments[1]):
            self.add_error(None, "Các ngày phải theo thứ tự: mở, trường nộp, công nhận, công bố.")

    def _check_sets(self, sets) -> None:
        claimed: dict[str, IndicatorSet] = {}
        for one in sets:
            for school_type in one.applies_to:
                if school_type in claimed:
                    label = OrgUnit.SchoolType(school_type).label
                    self.add_error(
                        "sets", f"{claimed[school_type]} và {one} cùng áp dụng cho «{label}»."
                    )
                    return
                claimed[school_type] = one

    def _post_clean(self) -> None:
        """Without readable dates the model's own checks would compare nothing."""
        if not self.errors:
            super()._post_clean()
