"""Whom a task or a target is for."""

from django import forms

from schools.models import OrgUnit


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
