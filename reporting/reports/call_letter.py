"""Công văn đôn đốc: to the units of one part of the tree that are late with a task."""

from datetime import date

from django.utils import timezone

from edudx.lib import deadlines
from plans.models import Assignment, Task
from plans.workflow import WAITING_FOR_UNIT
from reporting.paper import Appendix, Column, Grid, Paper, Signature, Text
from reporting.reports import letterhead
from schools.models import OrgUnit

MOST_NAMED = 4  # units in «Kính gửi»; of more the list in the appendix says them


def late_units(task: Task, unit: OrgUnit) -> list[Assignment]:
    """Those below the unit whose time is over and that have still to hand in, longest first."""
    rows = Assignment.objects.below(unit.path).filter(
        task=task, state__in=WAITING_FOR_UNIT, due_at__lt=timezone.now()
    )
    return list(rows.exclude(unit=unit).select_related("unit").order_by("due_at", "unit__sort_key"))


def paper(
    task: Task, unit: OrgUnit, *, until: str, number: str = "", signed_on: date | None = None,
    authority: str = "", signer_post: str = "", signer_name: str = "",
) -> Paper:  # fmt: skip
    """`until` is the day they are asked to hand in by, as written."""
    rows = late_units(task, unit)
    expected = Assignment.objects.below(unit.path).filter(task=task).counted()
    head = letterhead.heading(unit, "", number=number, day=signed_on)
    names = [one.unit.name for one in rows]
    listed = "Các đơn vị có tên trong danh sách kèm theo"
    posts = letterhead.posts_of(
        authority, body=unit.name, head=letterhead.head_post(unit), signer=signer_post
    )
    return Paper(
        **head,
        form="letter", about=f"đôn đốc thực hiện nhiệm vụ «{task.title}»",
        to=tuple(names) if len(names) <= MOST_NAMED else (listed,), notice=task.notice,
        blocks=(
            Text(_ground(task)),
            Text(
                f"Đến {timezone.localtime():%H:%M ngày %d/%m/%Y} còn {len(rows)} / "
                f"{expected.exclude(unit=unit).count()} đơn vị quá hạn chưa nộp (danh sách kèm "
                "theo)."
            ),
            Text(
                f"{unit.name} đề nghị thủ trưởng các đơn vị có tên trong danh sách khẩn trương "
                f"hoàn thành và nộp trên cổng {until}; đồng thời ghi giải trình lý do chậm."
            ),
            Text("Đề nghị các đơn vị nghiêm túc thực hiện./."),
        ),
        signature=Signature(posts, signer_name),
        receivers=letterhead.receivers("Như trên", letterhead.superior_to_report(unit)),
        appendices=(_list(rows, head["number"], unit),),
    )  # fmt: skip


def _ground(task: Task) -> str:
    source = f" tại {task.plan.title} (số {task.plan.full_number})" if task.plan else ""
    source = source or (f" tại văn bản số {task.source}" if task.source else "")
    return (
        f"Thực hiện nhiệm vụ «{task.title}» do {task.issuer.name} giao{source}, thời hạn: "
        f"{task.phrase[:1].lower()}{task.phrase[1:]};"
    )


def _list(rows: list[Assignment], number: str, unit: OrgUnit) -> Appendix:
    columns = (
        Column("TT", 12, True), Column("Đơn vị"), Column("Hạn nộp", 34, True),
        Column("Đã quá hạn", 30, True),
    )  # fmt: skip
    now = timezone.now()
    cells = tuple(
        (str(place), one.unit.name, f"{timezone.localtime(one.due_at):%d/%m/%Y}",
         f"{deadlines.days_late(now, one.due_at)} ngày")
        for place, one in enumerate(rows, start=1)
    )  # fmt: skip
    return Appendix(
        "Danh sách đơn vị quá hạn chưa nộp", f"(Kèm theo Công văn số {number} của {unit.name})",
        (Grid(columns, cells),),
    )  # fmt: skip
