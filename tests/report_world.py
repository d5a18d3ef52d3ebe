"""Periodic reports for tests: asked on a small outline, written and handed in with real actions."""

from datetime import timedelta

from django.utils import timezone

from reporting.actions import reports, rounds
from reporting.models import DataForm, PeriodicReport, ReportRound
from tests import clock, figure_world
from tests.plan_world import in_days

OUTLINE = """Thực hiện kế hoạch {ky}, {don-vi} báo cáo như sau:
# I. Chỉ đạo
? Văn bản đã ban hành.
Có {viec-giao} lượt nhiệm vụ đến hạn, đúng hạn {viec-dung-han} ({ti-le-dung-han}).
[tien-do]
[nhiem-vu]
# II. Kết quả
Tổng số học sinh: {hs-tong}; chữ ký số: {chu-ky-so}.
[chi-tieu]
# III. Mức độ
[muc-do]
# IV. Kiến nghị
? Với cấp trên.
[so-lieu]
Trên đây là báo cáo của {don-vi}./.
"""


def data_form(cast) -> DataForm:
    """The small form of figures, published once."""
    return DataForm.objects.first() or figure_world.form(cast.officer)


def ask(cast, *, days: int = 7, issuer=None, by=None, kinds=("office",), **fields) -> ReportRound:
    """Asked of every office of the province, unless another issuer asks its own units."""
    data_form(cast)
    today = timezone.localdate()
    round_ = ReportRound(
        issuer=issuer or cast.department,
        **{
            "kind": "half_year", "title": "Sơ kết chuyển đổi số học kỳ I",
            "period": clock.period(), "outline": OUTLINE,
            "since": today - timedelta(days=60), "until": today + timedelta(days=60),
        } | fields,
    )  # fmt: skip
    return rounds.ask(
        round_, audience={"kinds": list(kinds)}, phrase=in_days(days), by=by or cast.officer
    )


def report_of(round_: ReportRound, unit) -> PeriodicReport:
    return PeriodicReport.objects.for_list().get(round=round_, unit=unit)


def write(report: PeriodicReport, by, **texts: str) -> PeriodicReport:
    """`p1="…"` into part 1, over what is there; and a signer."""
    for name, text in texts.items():
        place = int(name[1:])
        version = report_of(report.round, report.unit).version_of(place)
        reports.save_text(report, place, text=text, version=version, by=by)
    sign(report, by)
    return report_of(report.round, report.unit)


def sign(report: PeriodicReport, by, **fields) -> None:
    usual = {
        "number": "", "signed_on": timezone.localdate(), "authority": "", "head_post": "",
        "signer_post": "", "signer_name": "Đặng Thị Ngọc Huyền", "receivers": "",
    }  # fmt: skip
    seal = PeriodicReport.objects.get(pk=report.pk).signing_seal
    reports.save_signing(report, by=by, seal=seal, **usual | fields)


def hand_in(round_: ReportRound, unit, by, **words) -> PeriodicReport:
    texts = {"p1": "Đã ban hành Kế hoạch.\n- Phân công đầu mối.", "p4": "Không."}
    written = write(report_of(round_, unit), by, **texts)
    reports.submit(written, by=by, **words)
    return report_of(round_, unit)


def furnish(world) -> None:
    """One of every kind, for the walk over all pages."""
    cast = world.cast
    world.report_round = ask(cast)
    world.free_report = report_of(world.report_round, cast.office)
    world.sent_report = hand_in(world.report_round, cast.neighbour, cast.stranger_specialist)
    world.own_report = rounds.own_of(world.report_round)
