"""Quyết định phân công lãnh đạo phụ trách và đầu mối, in the form of Nghị định 30/2020/NĐ-CP."""

from edudx.lib.vietnamese import post_of
from reporting.documents import letterhead
from reporting.documents.paper import Column, Grid, Paper, Text
from schools.models import FocalPoint, OrgUnit


def paper(unit: OrgUnit) -> Paper:
    """A draft to be numbered and signed: what is not known yet is left as dots."""
    head = letterhead.head_post(unit)
    return Paper(
        **letterhead.heading(unit, "QĐ"),
        form="decision", kind="Quyết định",
        about="Về việc phân công lãnh đạo phụ trách và đầu mối công nghệ thông tin, chuyển đổi số, "
        "thống kê giáo dục",
        blocks=(
            Text(post_of(head, unit.name).upper(), "centre"),
            Text(f"Căn cứ chức năng, nhiệm vụ của {unit.name};", "ground"),
            Text(
                "Căn cứ yêu cầu triển khai nhiệm vụ ứng dụng công nghệ thông tin, chuyển đổi số và "
                "thống kê giáo dục.", "ground",
            ),
            Text("QUYẾT ĐỊNH:", "centre"),
            Text(
                "Phân công các ông, bà có tên sau đây phụ trách và làm đầu mối:", lead="Điều 1."
            ),
            _people(unit),
            Text(
                "Các ông, bà có tên tại Điều 1 có trách nhiệm tổ chức thực hiện nhiệm vụ, báo cáo "
                "đúng thời hạn theo yêu cầu của cấp trên.", lead="Điều 2.",
            ),
            Text(
                "Quyết định này có hiệu lực kể từ ngày ký. Các bộ phận liên quan và các ông, bà có "
                "tên tại Điều 1 chịu trách nhiệm thi hành Quyết định này./.", lead="Điều 3.",
            ),
        ),
        signature=letterhead.draft_signature(unit),
        receivers=letterhead.receivers("Như Điều 3", letterhead.superior_to_report(unit)),
    )  # fmt: skip


def _people(unit: OrgUnit) -> Grid:
    columns = (
        Column("TT", 9, True), Column("Lĩnh vực", 38), Column("Lãnh đạo phụ trách"),
        Column("Đầu mối"),
    )  # fmt: skip
    rows = tuple(
        (str(place), one.get_field_display(), _named(one.leader_name, one.leader_post),
         _named(one.name, one.post))
        for place, one in enumerate(
            FocalPoint.objects.filter(unit=unit).in_office().order_by("field"), start=1
        )
    )  # fmt: skip
    return Grid(columns, rows, empty="Chưa phân công")


def _named(name: str, post: str) -> str:
    return ", ".join(one for one in (name, post) if one)
