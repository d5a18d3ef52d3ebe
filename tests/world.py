"""One thing of every kind, for the walks over all pages.

Own school: a file handed in, an empty file in the next round, a document, a membership.
Its sibling: a file certified and published, so a decision and a certificate.
"""

import io

from django.core.files.base import ContentFile
from django.utils import timezone
from openpyxl import Workbook

from assessments.actions import evidence, publication, reviews
from assessments.models import CertifyingRule, IndicatorSet
from plans.exchange import ical
from plans.models import Assignment, Holiday, ReminderRule, SchoolYear
from reporting import tasks
from reporting.actions import exports
from schools import uploads
from schools.actions import documents
from schools.exchange import import_units_people
from schools.models import Delivery, ImportBatch, JobFault
from schools.permissions import Role
from tests import clock, figure_world, make, plan_world, report_world

PEOPLE = (
    "focal", "head", "sibling_focal", "specialist", "office_head", "stranger",
    "stranger_specialist", "stranger_head", "officer", "department_head", "auditor",
    "administrator",
)  # fmt: skip


class World:
    """The cast and what they have made so far."""

    def __init__(self, cast) -> None:
        self.cast = cast
        self.round = make.open_campaign(cast, code="dot-nay")
        self.sets = list(self.round.sets.all())
        self._own_file()
        self._certified_sibling()
        self.next_round = make.open_campaign(
            cast, sets=self.sets, code="dot-sau", period=clock.period(1)
        )
        self.draft_round = make.campaign(cast.department, cast.officer, self.sets, code="dot-nhap")
        self._next_file()
        self._files()
        self.draft_set = IndicatorSet.objects.get(code="T1")
        self.local_set = make.small_set("L1", applies_to=["GDTX"], owner=cast.office)
        self.published_set = make.publish(make.small_set("T3", applies_to=["GDTX"]))
        plan_world.furnish(self)
        figure_world.furnish(self)
        report_world.furnish(self)
        self.delivery = Delivery.objects.first()
        self.job_fault = JobFault.objects.remember(
            JobFault.Job.CLAIM, Assignment, self.free_row.pk, ValueError("hỏng")
        )
        self.feed_key = ical.new_key(cast.focal)
        self.office_assignment = Assignment.objects.get(
            task=self.round.office_task, unit=cast.office
        )

    def _own_file(self) -> None:
        cast = self.cast
        empty = self.round.assessments.get(unit=cast.school)
        self.file = make.submit(empty, cast.focal, cast.head)
        self.criterion = self.file.indicator_set.criteria.get(code="1.2.2")
        reviews.comment(
            self.file, self.criterion, text="Xem lại số liệu", is_internal=False, by=cast.specialist
        )
        colleague = make.person(cast.school, Role.FOCAL_POINT)
        self.membership, self.own_hat = colleague.memberships.get(), cast.focal.memberships.get()

    def _certified_sibling(self) -> None:
        cast = self.cast
        cast.sibling_head = make.person(cast.sibling, "head")
        empty = self.round.assessments.get(unit=cast.sibling)
        ready = make.review(
            make.submit(empty, cast.sibling_focal, cast.sibling_head), cast.specialist
        )
        self.decision = make.certify(ready, self.round, cast.office_head)
        publication.publish(self.round, by=cast.officer)
        self.certificate = self.decision.certificates.get()
        self.certified = type(ready).objects.get(pk=ready.pk)

    def _next_file(self) -> None:
        """A draft with one answer that has its proof, ready to be edited."""
        focal = self.cast.focal
        self.next_file = self.next_round.assessments.get(unit=self.cast.school)
        make.answer(self.next_file, "1.2.2", focal, met=True)
        self.version = self._document()
        self.evidence = evidence.add(self.next_file, self.criterion, self.version, by=focal)

    def _document(self):
        upload = pdf_upload()
        return documents.add(
            unit=self.cast.school, title="Kế hoạch chuyển đổi số", kind="plan", by=self.cast.focal,
            file=upload, facts=uploads.inspect(upload),
        )  # fmt: skip

    def _files(self) -> None:
        """A finished export about the office, an uploaded workbook of units."""
        cast = self.cast
        self.export = exports.request_consolidated(
            campaign=self.round, unit=cast.office, format="xlsx", by=cast.specialist
        )
        tasks.run_export(self.export.pk)
        self.export.refresh_from_db()
        self.batch = ImportBatch.objects.create(
            kind="units", file_name="Đơn vị.xlsx", scope=cast.department,
            file=ContentFile(units_workbook(cast), "don-vi.xlsx"), uploaded_by=cast.officer,
        )  # fmt: skip

    def add_settings(self) -> None:
        """The rows that only the administration pages show."""
        department, today = self.cast.department, timezone.localdate()
        first, last = clock.period().split("-")
        SchoolYear.objects.create(
            department=department, period=clock.period(), term1_from=f"{first}-09-07",
            term1_to=f"{last}-01-16", term2_from=f"{last}-01-18", term2_to=f"{last}-05-29",
        )  # fmt: skip
        ReminderRule.objects.create(
            department=department, kind="product", days_before=[7, 1], days_after=[1]
        )
        Holiday.objects.create(department=department, on=today, name="Ngày hội non sông")
        CertifyingRule.objects.create(
            department=department, school_type="MN", certifier="authority"
        )


def pdf_upload(name: str = "Kế hoạch số.pdf"):
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile(name, make.pdf_bytes(), "application/pdf")


def units_workbook(cast) -> bytes:
    """A new school below the office, in the form of the import."""
    book, out = Workbook(), io.BytesIO()
    sheet = book.active
    sheet.title = import_units_people.UNIT_SHEET
    sheet.append(list(import_units_people.UNIT_COLUMNS.values()))
    row = {
        "code": "0101-050", "name": "Trường Mầm non Hoa Mai", "short_name": "MN Hoa Mai",
        "kind": "Cơ sở giáo dục", "school_type": "Mầm non", "parent": cast.office.code,
        "place": "Tân Thành",
    }  # fmt: skip
    sheet.append([row.get(key, "") for key in import_units_people.UNIT_COLUMNS])
    book.save(out)
    return out.getvalue()
