"""Báo cáo tổng hợp in the form of Nghị định 30/2020/NĐ-CP, from the same Summary as the Excel."""

from django.utils import timezone

from edudx.lib.vietnamese import percent
from reporting.documents import letterhead
from reporting.documents.paper import Chart, Column, Grid, Paper, Text
from reporting.files.maturity_tables import LEVELS, Summary

INCOMPLETE = (
    " Số liệu dưới đây chỉ tính các cơ sở đã có quyết định công nhận; cơ sở chưa công nhận không "
    "được tính vào mức nào."
)


def paper(found: Summary) -> Paper:
    """Every figure comes from the Summary."""
    unit, round_ = found.unit, found.campaign
    made_on = timezone.localtime(found.made_at)
    return Paper(
        **letterhead.heading(unit, "BC", day=made_on.date()),
        form="report", kind="Báo cáo", notice=found.notice,
        about="Tổng hợp kết quả đánh giá mức độ chuyển đổi số của các cơ sở giáo dục, "
        f"kỳ {round_.period}",
        blocks=(
            Text(f"Thực hiện đợt «{round_.title}», {unit.name} tổng hợp kết quả như sau:"),
            *_handed_in(found), *_certified(found),
            Text("3. Kết quả theo đơn vị", "heading"),
            _by_office(found),
            Text(
                "Trên đây là báo cáo tổng hợp kết quả đánh giá mức độ chuyển đổi số kỳ "
                f"{round_.period}./."
            ),
        ),
        signature=letterhead.draft_signature(unit),
        receivers=letterhead.receivers(letterhead.superior_to_report(unit), "Lãnh đạo đơn vị"),
        note=f"Lập lúc {made_on:%H:%M %d/%m/%Y}; bộ chỉ số: "
        f"{', '.join(str(one) for one in round_.sets.all())}; phạm vi: {unit.name}; "
        f"{found.total.expected} trường; người lập: {found.asked_by}.",
    )  # fmt: skip


def _handed_in(found: Summary) -> tuple[Text, ...]:
    total, phrase = found.total, found.campaign.submission_phrase
    return (
        Text("1. Tình hình nộp hồ sơ", "heading"),
        Text(
            f"Số cơ sở giáo dục phải tự đánh giá: {total.expected}. Đã nộp hồ sơ: "
            f"{total.submitted} ({percent(total.submitted, total.expected)}), trong đó đúng hạn "
            f"{total.on_time} ({percent(total.on_time, total.expected)} số phải nộp). "
            f"Hạn nộp: {phrase[:1].lower()}{phrase[1:]}."
        ),
    )


def _certified(found: Summary) -> tuple:
    total = found.total
    return (
        Text("2. Kết quả công nhận", "heading"),
        Text(
            f"Đã công nhận {total.certified} / {total.expected} cơ sở giáo dục "
            f"({percent(total.certified, total.expected)}); {total.level_3_both} cơ sở đạt mức 3 ở "
            f"cả hai nhóm.{'' if found.is_complete else INCOMPLETE}"
        ),
        levels_chart(found),
    )


def levels_chart(found: Summary) -> Chart:
    """One stacked bar per group; the title says the finding."""
    total = found.total
    title = (
        f"{total.level_3_both} trong {total.certified} trường đã công nhận đạt mức 3 ở cả hai nhóm"
        if total.certified
        else "Chưa có trường nào được công nhận mức độ"
    )
    rows = tuple(
        (f"Nhóm {group}", tuple(total.levels.get((group, level), 0) for level in LEVELS))
        for group in found.groups
    )
    return Chart(title, tuple(f"Mức {level}" for level in LEVELS), rows)


def _by_office(found: Summary) -> Grid:
    columns = [Column("Đơn vị", 32)]
    for title in ("Phải nộp", "Đã nộp", "Đúng hạn", "Công nhận"):
        columns.append(Column(title, 0, True, "Số trường"))
    for group in found.groups:
        columns += [Column(str(level), 0, True, f"Nhóm {group}, mức") for level in LEVELS]
    columns.append(Column("Mức 3 cả hai", 0, True))
    rows = [(one.name, one.total) for one in found.offices] + [("Tổng cộng", found.total)]
    cells = tuple(
        (name, *(str(one) for one in line.cells(found.groups)[2:])) for name, line in rows
    )
    return Grid(tuple(columns), cells, totals=1)
