"""Periodic reports: last year's, received and consolidated; this half-year's, on its way."""

from datetime import date, timedelta

from django.utils import timezone

from edudx.demo.tree import Province
from edudx.lib import clock, deadlines
from edudx.lib.school_calendar import first_year_of
from reporting.actions import reports, rounds
from reporting.models import PeriodicReport, ReportRound
from reporting.views.rounds import OUTLINES, SHIPPED

WORDS = {  # a word of the heading → what an office writes there
    "chỉ đạo": "Đã ban hành kế hoạch năm học, phân công lãnh đạo phụ trách và đầu mối ở từng "
    "trường.\n- Quán triệt văn bản của Sở tại hội nghị đầu năm;\n- Tổ chức hai buổi tập huấn cho "
    "đầu mối các trường.",
    "nội dung": "Ba trường dùng kho học liệu chung; một sáng kiến quản lý thư viện được áp dụng.",
    "Tồn tại": "Đường truyền ở một số điểm trường chưa ổn định; giáo viên lớn tuổi còn ngại dùng "
    "hệ thống.",
    "nhiệm vụ": "Hoàn thành số hóa học bạ; kiểm tra việc sử dụng kho học liệu ở các trường.",
    "Kiến nghị": "Đề nghị Sở hỗ trợ kinh phí thay máy tính hỏng.",
}


def tell(province: Province) -> None:
    """Dates follow today's; every step is the portal's own."""
    if not province.offices:
        return
    first = first_year_of(timezone.localdate())
    writer = _Writer(province)
    past = writer.ask(
        "year", f"{first - 1}-{first}", date(first, 5, 31),
        timezone.localdate() - timedelta(days=150),
    )  # fmt: skip
    for office in province.offices:
        writer.hand_in(past, office, is_received=True)
    writer.finish(past)
    running = writer.ask(
        "half_year", f"{first}-{first + 1}", date(first + 1, 1, 15),
        timezone.localdate() + timedelta(days=12),
    )  # fmt: skip
    for place, office in enumerate(province.offices):
        if place % 4 != 0:
            writer.hand_in(running, office, is_received=place % 4 == 2)


class _Writer:
    def __init__(self, province: Province) -> None:
        self.province, self.officer = province, province.worker(province.department)

    def ask(self, kind: str, period: str, until: date, due: date) -> ReportRound:
        label = "Sơ kết học kỳ I" if kind == ReportRound.Kind.HALF_YEAR else "Tổng kết"
        round_ = ReportRound(
            issuer=self.province.department, kind=kind, period=period, until=until,
            title=f"{label} ứng dụng công nghệ thông tin, chuyển đổi số năm học {period}",
            since=date(int(period[:4]), 8, 1), number=f"{due.month + 200}/SGDĐT",
            outline=(OUTLINES / SHIPPED[kind]).read_text(encoding="utf-8"),
        )  # fmt: skip
        phrase = f"Chậm nhất ngày {due:%d/%m/%Y}"
        asked_at = min(deadlines.start_of_day(due), timezone.now()) - timedelta(days=20)
        with clock.at(asked_at):
            return rounds.ask(
                round_, audience={"kinds": ["office"]}, phrase=phrase, by=self.officer
            )

    def hand_in(self, round_: ReportRound, office, *, is_received: bool) -> None:
        """Two days before the deadline, or now."""
        report = PeriodicReport.objects.for_list().get(round=round_, unit=office)
        moment = min(round_.task.due_at - timedelta(days=2), timezone.now() - timedelta(hours=2))
        by = self.province.worker(office)
        with clock.at(moment):
            for place, text in _words(round_):
                reports.save_text(report, place, text=text, version=0, by=by)
            self._sign(report, by, self.province.head(office))
            reports.submit(report, by=by)
        if is_received:
            with clock.at(moment + timedelta(hours=1)):
                reports.decide(report, "complete", by=self.officer)

    def _sign(self, report: PeriodicReport, by, head) -> None:
        reports.save_signing(
            report, by=by, seal=report.signing_seal, number="",
            signed_on=clock.today(), authority="", head_post="", signer_post="",
            signer_name=head.full_name, receivers="",
        )  # fmt: skip

    def finish(self, round_: ReportRound) -> None:
        """The department's own, out of what it has received."""
        own, department = rounds.own_of(round_), self.province.department
        with clock.at(round_.task.due_at + timedelta(days=5)):
            reports.collect(own, by=self.officer)
            self._sign(own, self.officer, self.province.head(department))
            reports.submit(own, by=self.officer)


def _words(round_: ReportRound) -> list[tuple[int, str]]:
    """(place, text) of the parts that must be written."""
    return [
        (place, next(text for word, text in WORDS.items() if word.lower() in part.title.lower()))
        for place, part in enumerate(round_.parts)
        if part.must_be_written
    ]
