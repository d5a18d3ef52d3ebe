"""Công văn đôn đốc: to the units of one part of the tree that are late with a task."""

from datetime import date

from django.utils import timezone

from edudx.lib import deadlines
from edudx.lib.workflow import StepRefused
from plans.models import Assignment, Task, lateness
from plans.workflow import WAITING_FOR_UNIT
from reporting.documents import letterhead
from reporting.documents.paper import Appendix, Column, Grid, Paper, Signature, Text
from schools.models import OrgUnit

MOST_NAMED = 4  # units in «Kính gửi»; of more the list in the appendix says them


def late_units(task: Task, unit: OrgUnit) -> list[Assignment]:
    """Those below the unit whose time is over and that have never handed in, longest first: who
    was given back what came in time is not late.
    """
    rows = Assignment.objects.below(unit.path).filter(
        lateness.overdue(), task=task, state__in=WAITING_FOR_UNIT
    )
    return list(rows.exclude(unit=unit).select_related("unit").order_by("due_at", "unit__sort_key"))


def paper(
    task: Task, unit: OrgUnit, *, until: str, number: str = "", signed_on: date | None = None,
    authority: str = "", signer_post: str = "", signer_name: str = "",
) -> Paper:  # fmt: skip
    """`until` is the day they are asked to hand in by, as written. StepRefused when nobody is late
    any more.
    """
    rows = late_units(task, unit)
    if not rows:
        raise StepRefused("Mọi đơn vị đã nộp; không còn đơn vị nào quá hạn để đôn đốc.")
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
        appendices=(_list(rows, letterhead.attached("Công văn", head)),),
    )  # fmt: skip


def _ground(task: Task) -> str:
    source = ""
    if task.plan:
        source = f" tại {task.plan.get_kind_display()} số {task.plan.full_number}"
    elif task.source:
        source = f" tại văn bản số {task.source}"
    return (
        f"Nhiệm vụ «{task.title}» do {task.issuer.name} giao{source} có thời hạn: "
        f"{task.phrase[:1].lower()}{task.phrase[1:]}."
    )


def _list(rows: list[Assignment], attached: str) -> Appendix:
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
        "Danh sách đơn vị quá hạn chưa nộp", attached,
        (Grid(columns, cells),),
    )  # fmt: skip
