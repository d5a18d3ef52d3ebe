"""How far a plan is, as a document: by office, by task, its targets, and who is overdue."""

from django.db.models import Count, Q
from django.utils import timezone

from edudx.lib.vietnamese import number, percent
from plans.boards import targets, units
from plans.models import Assignment, Plan, lateness
from reporting.content import blocks, timeliness
from reporting.documents import letterhead
from reporting.documents.paper import Appendix, Column, Grid, Paper, Text
from schools.models import OrgUnit


def paper(
    plan: Plan, unit: OrgUnit, chosen: units.BoardFilter = units.EVERYTHING
) -> tuple[Paper, int]:
    """The document over one part of the tree as the board was filtered, and how many units have
    work there.
    """
    rows = rows_of(plan, unit, chosen)
    work, tasks = timeliness.total(rows), timeliness.by_task(rows)
    of_units = rows.values("unit").distinct().count()
    head = letterhead.heading(unit, "BC")
    period = targets.periods_of(plan)[-1] if not plan.is_over_years else str(_this_year(plan))
    reached = targets.targets_in(plan, targets.below(unit.path), period)
    found = Paper(
        **head,
        form="report", kind="Báo cáo", about=f"Tiến độ thực hiện: {plan.title}",
        blocks=(
            Text(
                f"{unit.name} tổng hợp tiến độ thực hiện kế hoạch số {plan.full_number} của "
                f"{plan.issuer.name} đến {timezone.localtime():%H:%M ngày %d/%m/%Y}: "
                f"{number(work.expected)} lượt nhiệm vụ của {number(of_units)} đơn vị; đã nộp "
                f"{number(work.received)} ({percent(work.received, work.expected)}), đúng hạn "
                f"{number(work.on_time)}, trễ hạn {number(work.late)}, quá hạn chưa nộp "
                f"{number(work.overdue)}."
            ),
            *([Text(f"Chỉ gồm các đơn vị: {chosen.words}.")] if chosen.words else []),
            Text("1. Tiến độ", "heading"),
            *timeliness.timeliness(timeliness.by_office(rows, unit) or tasks, work),
            Text("2. Từng nhiệm vụ", "heading"), timeliness.work_table(tasks, work),
            Text("3. Chỉ tiêu", "heading"),
            *(blocks.targets(plan, reached) if reached
              else (Text("Kế hoạch không có chỉ tiêu."),)),
            Text("Trên đây là báo cáo tiến độ thực hiện kế hoạch./."),
        ),
        signature=letterhead.draft_signature(unit),
        receivers=letterhead.receivers(letterhead.superior_to_report(unit)),
        appendices=(_overdue(rows, letterhead.attached("Báo cáo", head)),),
    )  # fmt: skip
    return found, of_units


def rows_of(plan: Plan, unit: OrgUnit, chosen: units.BoardFilter):
    """The assignments of the units the board shows."""
    rows = Assignment.objects.below(unit.path).filter(task__plan=plan).counted()
    if chosen == units.EVERYTHING:
        return rows
    shown = units.units_on(plan, unit.path, chosen).order_by()
    return rows.filter(unit__in=shown.values("pk"))


def _this_year(plan: Plan) -> int:
    return min(max(timezone.localdate().year, plan.years[0]), plan.years[-1])


def _overdue(rows, attached: str) -> Appendix:
    """Units with something late, those that still owe first."""
    columns = (
        Column("TT", 12, True), Column("Đơn vị"), Column("Trực thuộc", 40),
        Column("Phải nộp", 18, True), Column("Trễ hạn", 18, True),
        Column("Quá hạn chưa nộp", 24, True),
    )  # fmt: skip
    found = (
        rows.values("unit", "unit__name", "unit__parent__short_name").annotate(
            expected=Count("pk"),
            late=Count("pk", filter=lateness.late()),
            overdue=Count("pk", filter=lateness.overdue()),
        )
        .filter(Q(late__gt=0) | Q(overdue__gt=0)).order_by("-overdue", "-late", "unit__sort_key")
    )  # fmt: skip
    cells = tuple(
        (
            str(n),
            one["unit__name"],
            one["unit__parent__short_name"] or "",
            *(number(one[key]) for key in ("expected", "late", "overdue")),
        )
        for n, one in enumerate(found, start=1)
    )
    return Appendix(
        "Đơn vị trễ hạn, quá hạn", attached,
        (Grid(columns, cells, empty="Không có đơn vị nào trễ hạn"),),
    )  # fmt: skip
