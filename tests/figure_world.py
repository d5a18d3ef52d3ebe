"""Data requests for tests: a small form, asked with real actions, filled in as a school does."""

from decimal import Decimal

from reporting import sheet_reading
from reporting.actions import closings, data_forms, requests, sheets
from reporting.arithmetic import Value
from reporting.exchange import form_yaml
from reporting.models import DataForm, DataRequest, DataSheet
from tests import clock, make
from tests.plan_world import in_days

FORM = """
form: {code: thu, title: Số liệu thử, source: Kế hoạch thử}
sections:
  - code: I
    title: Quy mô
    fields:
      - {item: hs-tong, title: Tổng số học sinh, kind: integer, measure: học sinh, change_limit: 20}
      - {item: hs-nu, title: Học sinh nữ, kind: integer, required: false}
      - {item: may-tinh, title: Số máy tính, kind: integer, compared: true, required: false}
  - code: II
    title: Chuyển đổi số
    fields:
      - {item: chu-ky-so, title: Giáo viên có chữ ký số, kind: ratio, part: Có chữ ký số, whole: Tổng số giáo viên}
      - {item: wifi, title: Có wifi, kind: yes_no, required: false}
      - {item: mang, title: Nhà cung cấp, kind: choice, choices: [VNPT, Viettel], required: false}
      - {item: thiet-bi, title: Thiết bị, kind: table, rows: [Để bàn, Xách tay], columns: [Tốt, Hỏng], required: false}
      - {item: hoc-ba-so, title: Học bạ số, kind: integer, types: [TH, TH_THCS], required: false}
      - {item: y-kien, title: Ý kiến, kind: text, required: false}
rules:
  - {at_most: [hs-nu, hs-tong], says: Học sinh nữ không được nhiều hơn tổng số.}
  - {at_most: [may-tinh, hs-tong], says: Máy tính nhiều hơn học sinh., effect: warn}
"""  # noqa: E501


def form(by, text: str = FORM) -> DataForm:
    """Loaded and published."""
    found = form_yaml.save(form_yaml.read(text), by=None).form
    data_forms.publish(found, by=by)
    return DataForm.objects.get(pk=found.pk)


def ask(cast, found: DataForm | None = None, *, days: int = 7, issuer=None, by=None, **fields):
    """Asked of every school of the province, unless another issuer asks its own."""
    request = DataRequest(
        form=found or form(cast.officer), issuer=issuer or cast.department,
        **{"title": "Số liệu đầu năm", "period": clock.period()} | fields,
    )  # fmt: skip
    return requests.ask(
        request, audience={"kinds": ["school"]}, school_phrase=in_days(days),
        office_phrase=in_days(days + 4), by=by or cast.officer,
    )  # fmt: skip


def sheet_of(request: DataRequest, unit) -> DataSheet:
    return DataSheet.objects.for_list().get(request=request, unit=unit)


def numbers(hs: int, part: int | None = None, whole: int | None = None, **more) -> dict[str, Value]:
    """hs-tong and the ratio; further figures by their code with underscores."""
    found = {"hs-tong": Value(Decimal(hs))}
    if whole is not None:
        found["chu-ky-so"] = Value(Decimal(part), Decimal(whole))
    found |= {
        key.replace("_", "-"): one if isinstance(one, Value) else Value(Decimal(one))
        for key, one in more.items()
    }
    return found


def enter(sheet: DataSheet, by, values: dict[str, Value], notes: dict | None = None) -> DataSheet:
    """Into the sections they belong to, over what is there."""
    for section in sheet_reading.sections_of(sheet):
        place = section.place
        keys = [key for one in section.fields for key in one.item.keys]
        sheet.refresh_from_db()
        kept = sheet.draft.get(str(place), {"version": 0, "values": {}})
        mine = sheet_reading.unpacked(kept["values"]) | {
            k: v for k, v in values.items() if k in keys
        }
        sheets.save_section(
            sheet, place, values=mine, notes=notes or {}, version=kept["version"], by=by
        )
    return sheet_of(sheet.request, sheet.unit)


def hand_in(request, unit, by, values, **words):
    sheet = enter(sheet_of(request, unit), by, values)
    return sheets.hand_in(sheet, by=by, **words)


def focal_of(unit):
    """Somebody who enters for the school."""
    post = unit.memberships.filter(role="focal_point").first()
    return post.user if post else make.person(unit, "focal_point")


def furnish(world) -> None:
    """One thing of every kind, for the walk over all pages."""
    cast = world.cast
    world.data_form = form(cast.officer)
    world.draft_form = form_yaml.save(
        form_yaml.read(FORM.replace("code: thu", "code: nhap")), by=None
    ).form
    world.request = ask(cast, world.data_form)
    world.free_sheet = sheet_of(world.request, cast.school)
    world.ready_sheet = enter(sheet_of(world.request, cast.sibling), cast.sibling_focal,
                              numbers(100, 5, 10))  # fmt: skip
    second = ask(cast, world.data_form, title="Số liệu học kỳ 1")
    hand_in(second, cast.school, cast.focal, numbers(100, 5, 10))
    world.sent_sheet = sheet_of(second, cast.school)
    world.second_request = second
    closings.prepare(second, cast.office, by=cast.specialist, reason="Còn thiếu hai trường")
