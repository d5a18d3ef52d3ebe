"""Danh mục minh chứng of a self-assessment: per criterion its proofs, for the file on paper."""

from assessments.models import Assessment
from assessments.models.answers import with_proof
from reporting.documents import letterhead
from reporting.documents.paper import Column, Grid, Paper, Text


def paper(assessment: Assessment) -> Paper:
    """A restricted document keeps its title to itself: more people read the list than it."""
    unit, campaign = assessment.unit, assessment.campaign
    rows, count = _rows(assessment)
    columns = (
        Column("TT", 10, True), Column("Tiêu chí", 17, True, is_code=True),
        Column("Minh chứng"),
        Column("Số, ký hiệu", 28), Column("Ngày", 22, True), Column("Mã kiểm tra", 25),
    )  # fmt: skip
    return Paper(
        **letterhead.heading(unit, "") | {"number": "…"},
        form="list", kind="Danh mục", notice=assessment.notice,
        about=f"Minh chứng tự đánh giá mức độ chuyển đổi số, kỳ {campaign.period}",
        blocks=(
            Text(
                f"{unit.name} lập danh mục {count} minh chứng kèm theo hồ sơ tự đánh giá theo "
                f"{assessment.indicator_set} trong đợt «{campaign.title}»:"
            ),
            Grid(columns, rows, empty="Chưa có minh chứng nào"),
            Text("Bản gốc của các minh chứng lưu tại đơn vị và trên cổng./."),
        ),
        signature=letterhead.draft_signature(unit),
        receivers=letterhead.receivers(assessment.office.name),
        note="Mã kiểm tra là 12 ký tự đầu của SHA-256 của tệp.",
    )  # fmt: skip


def _rows(assessment: Assessment) -> tuple[tuple[tuple[str, ...], ...], int]:
    """One row a proof in printed order, and how many different documents they are."""
    answers = with_proof(assessment.answers.all()).order_by("criterion__position", "criterion__pk")
    rows: list[tuple[str, ...]] = []
    documents = set()
    for answer in answers:
        for one in answer.evidence.all():
            documents.add(one.version.document_id)
            rows.append((str(len(rows) + 1), answer.criterion.code, *_proof(one.version)))
    return tuple(rows), len(documents)


def _proof(version) -> tuple[str, str, str, str]:
    if version.document.is_restricted:
        return "Tài liệu hạn chế", "", "", ""
    day = f"{version.proof_on:%d/%m/%Y}" if version.proof_on else ""
    return version.document.title, version.official_number, day, version.sha256[:12]
