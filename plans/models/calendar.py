"""The calendar of a province: terms, days off, days worked instead."""

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from edudx.lib import deadlines
from edudx.lib.school_calendar import PLAN_PERIOD, first_year_of
from schools.models import OrgUnit


def validate_period(value: str) -> None:
    """A school year «2024-2025» or a calendar year «2025»."""
    try:
        deadlines.check_period(value)
    except ValueError as fault:
        raise ValidationError(str(fault)) from fault


def validate_plan_period(value: str) -> None:
    """A school year, a calendar year or several years «2025-2030»."""
    found = PLAN_PERIOD.fullmatch(value)
    if not found or (found[2] and not int(found[1]) < int(found[2]) <= int(found[1]) + 20):
        raise ValidationError(
            f"Kỳ «{value[:40]}» chưa đúng; ghi như «2024-2025», «2025» hoặc «2025-2030»."
        )


class SchoolYear(models.Model):
    """The terms of one period in one department's province."""

    department = models.ForeignKey(
        OrgUnit, verbose_name="Sở", on_delete=models.PROTECT, related_name="school_years"
    )
    period = models.CharField("năm học", max_length=9, validators=[validate_period])
    term1_from = models.DateField("học kỳ 1 từ")
    term1_to = models.DateField("học kỳ 1 đến")
    term2_from = models.DateField("học kỳ 2 từ")
    term2_to = models.DateField("học kỳ 2 đến")
    is_confirmed = models.BooleanField("đã có quyết định của UBND tỉnh", default=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "khung thời gian năm học"
        verbose_name_plural = "khung thời gian năm học"
        ordering = ["-period"]
        constraints = [
            models.UniqueConstraint(
                fields=["department", "period"],
                name="school_year_once",
                violation_error_message="Năm học này đã có khung thời gian.",
            ),
            models.CheckConstraint(
                name="terms_in_order",
                condition=Q(term1_from__lt=F("term1_to"))
                & Q(term1_to__lt=F("term2_from"))
                & Q(term2_from__lt=F("term2_to")),
                violation_error_message="Các ngày của hai học kỳ phải theo thứ tự.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.department} · {self.period}"


class Holiday(models.Model):
    """A day off, or a Saturday worked instead: national (no department) or of one province."""

    department = models.ForeignKey(
        OrgUnit,
        verbose_name="Sở",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="holidays",
        help_text="Để trống nếu áp dụng cả nước.",
    )
    on = models.DateField("ngày")
    name = models.CharField("tên", max_length=100)
    is_worked = models.BooleanField(
        "ngày làm bù", default=False, help_text="Thứ Bảy hoặc Chủ nhật đi làm thay ngày nghỉ."
    )
    is_confirmed = models.BooleanField("đã có thông báo chính thức", default=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "ngày nghỉ, ngày làm bù"
        verbose_name_plural = "ngày nghỉ, ngày làm bù"
        ordering = ["on"]
        constraints = [
            models.UniqueConstraint(
                fields=["department", "on"],
                name="holiday_once",
                violation_error_message="Ngày này đã có trong lịch.",
            ),
            models.UniqueConstraint(
                fields=["on"],
                condition=Q(department=None),
                name="national_holiday_once",
                violation_error_message="Ngày này đã có trong lịch cả nước.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.on:%d/%m/%Y})"


def missing_in_calendar(today: date) -> list[str]:
    """What an administrator should load for now and the quarter that comes; empty when all is."""
    soon = today + timedelta(days=92)
    missing = [
        f"Chưa nạp ngày nghỉ năm {year}: Tết và Giỗ Tổ còn được coi là ngày làm việc."
        for year in sorted({today.year, soon.year})
        if not Holiday.objects.filter(on__year=year, is_worked=False).exists()
    ]
    for first in sorted({first_year_of(today), first_year_of(soon)}):
        period = f"{first}-{first + 1}"
        if not SchoolYear.objects.filter(period=period).exists():
            missing.append(
                f"Chưa nạp khung năm học {period}: học kỳ được tính theo khung thông thường."
            )
    return missing


def is_over_years(period: str) -> bool:
    """«2025-2030»: the phrases of such a plan name their years themselves."""
    return int(period[-4:]) - int(period[:4]) > 1


class Calendars:
    """Terms and days off of a unit's province, read once for any number of periods."""

    def __init__(self, unit: OrgUnit) -> None:
        code = unit.department_code
        self.years = {one.period: one for one in SchoolYear.objects.filter(department__code=code)}
        days = Holiday.objects.filter(Q(department=None) | Q(department__code=code))
        rows = list(days.values_list("on", "name", "is_worked"))
        self.holidays = {on: name for on, name, is_worked in rows if not is_worked}
        self.worked = frozenset(on for on, _, is_worked in rows if is_worked)

    def of(self, period: str) -> deadlines.SchoolCalendar:
        """The terms where they are known, and every holiday.

        Of a plan over several years only the days off count.
        """
        if is_over_years(period):
            period = period[:4]
        usual, year = deadlines.default_calendar(period), self.years.get(period)
        return deadlines.SchoolCalendar(
            period,
            (year.term1_from, year.term1_to) if year else None,
            (year.term2_from, year.term2_to) if year else None,
            {**usual.holidays, **self.holidays},
            self.worked,
        )

    def of_reading(self, period: str, on: date) -> deadlines.SchoolCalendar:
        """Of the period; of a plan over years that of the year in which it is read."""
        return self.of(str(on.year) if is_over_years(period) else period)


def calendar_for(unit: OrgUnit, period: str) -> deadlines.SchoolCalendar:
    """The calendar of one period in the unit's province."""
    return Calendars(unit).of(period)


def read_deadline(
    phrase: str, *, issuer: OrgUnit, period: str, issued_on: date | None = None,
    include_day: bool = False, calendars: Calendars | None = None,
) -> deadlines.Deadline:  # fmt: skip
    """The one reading of a phrase: when it is written, checked, issued and put off.

    DeadlineNotUnderstood with a sentence. `calendars` of the issuer: of who reads many phrases.
    """
    issued_on = issued_on or timezone.localdate()
    return deadlines.parse(
        phrase, period=None if is_over_years(period) else period, issued_on=issued_on,
        include_day=include_day,
        calendar=(calendars or Calendars(issuer)).of_reading(period, issued_on),
    )  # fmt: skip
