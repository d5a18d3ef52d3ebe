"""A list of focal points as what a task asks for."""

import pytest
from django.core.exceptions import ValidationError

from edudx.lib.workflow import StepRefused
from plans.actions import hand_ins, tasks
from plans.models import Product
from schools.actions import focal_points
from tests import plan_world
from tests.assessments.browse import text
from tests.plan_world import fresh


def name_focal_point(cast, field: str) -> None:
    facts = {"leader_name": "Lê Hoa", "name": "Trần An", "post": "Giáo viên"}
    focal_points.name(cast.school, field, facts, by=cast.focal)


def test_focal_points_are_themselves_the_product(cast):
    found = plan_world.issued(cast.office, cast.office_head, product="focal_points")
    row = plan_world.row_of(found, cast.school)
    with pytest.raises(StepRefused, match="Chưa ghi đầu mối nào"):
        hand_ins.hand_in(row, by=cast.focal)
    facts = {"leader_name": "Lê Thị Hoa", "name": "Trần An"}
    focal_points.name(cast.school, "cntt", facts, by=cast.focal)
    product = hand_ins.hand_in(row, by=cast.focal)
    assert product.people[0]["name"] == "Trần An"
    focal_points.name(cast.school, "cntt", facts | {"name": "Vũ Bình"}, by=cast.focal)
    kept = cast.school.focal_points.order_by("valid_from").values_list("name", "valid_to")
    assert [name for name, _ in kept] == ["Trần An", "Vũ Bình"]
    assert Product.objects.get().people[0]["name"] == "Trần An"


def test_a_list_of_focal_points_must_name_every_field_the_task_names(cast, sign_in):
    plan = plan_world.issued(
        cast.office, cast.office_head, product="focal_points", focal_fields=["cntt", "thongke"]
    )
    row = plan_world.row_of(plan, cast.school)
    name_focal_point(cast, "cntt")
    client = sign_in(cast.focal)
    page = text(client.get(row.get_absolute_url()))
    assert "Danh sách đầu mối (Công nghệ thông tin, Thống kê giáo dục)" in page
    page = text(client.post(f"{row.get_absolute_url()}nop/", {"note": ""}, follow=True))
    assert "Chưa có đầu mối: Thống kê giáo dục; hãy ghi ở trang đơn vị rồi nộp." in page
    assert fresh(row).handed_in_at is None
    name_focal_point(cast, "thongke")
    page = text(client.post(f"{row.get_absolute_url()}nop/", {"note": ""}, follow=True))
    assert "Thống kê giáo dục: Lê Hoa phụ trách, Trần An (Giáo viên) làm đầu mối" in page


def test_fields_are_asked_for_only_of_a_list_of_focal_points(cast):
    draft = plan_world.plan(cast.office, cast.specialist)
    task = plan_world.task(draft)
    task.focal_fields = ["cntt"]
    with pytest.raises(ValidationError, match="Chỉ ghi khi sản phẩm là danh sách đầu mối"):
        tasks.save(task, by=cast.specialist)
    task.product, task.focal_fields = "focal_points", ["toan"]
    with pytest.raises(ValidationError, match="Lĩnh vực chỉ gồm cds, cntt, thongke"):
        tasks.save(task, by=cast.specialist)


def test_a_list_of_focal_points_is_not_written_without_its_fields(cast, sign_in):
    draft = plan_world.plan(cast.office, cast.specialist)
    sent = {
        "code": "1", "title": "Kiện toàn", "phrase": plan_world.in_days(9),
        "product": "focal_points", "who": "schools",
    }  # fmt: skip
    client, address = sign_in(cast.specialist), f"/ke-hoach/{draft.pk}/nhiem-vu/them/"
    assert "Chọn các lĩnh vực" in text(client.post(address, sent))
    client.post(address, sent | {"focal_fields": ["cntt", "cds"]})
    assert draft.tasks.get().focal_fields == ["cntt", "cds"]


def test_a_list_of_people_has_no_draft_to_approve(cast):
    task = plan_world.task(plan_world.plan(cast.office, cast.specialist))
    task.needs_approval, task.product = True, "focal_points"
    with pytest.raises(ValidationError, match="không có bản trình"):
        tasks.save(task, by=cast.specialist)
