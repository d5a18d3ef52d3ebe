"""Quyết định công nhận as a document of Nghị định 30/2020/NĐ-CP with the list of schools.

Everything comes from rows that never change: the decision and the snapshots of its certificates.
"""

from decimal import Decimal

from assessments.models import Certificate, Decision
from edudx.lib.vietnamese import day_in_words, number, post_of
from reporting.documents import letterhead
from reporting.documents.paper import Appendix, Column, Grid, Paper, Signature, Text

DUTIES = (
    "Các cơ sở giáo dục tại Điều 1 có trách nhiệm duy trì kết quả đã đạt được, khắc phục các nội "
    "dung chưa đạt và lưu giữ hồ sơ minh chứng theo quy định."
)
IN_FORCE = (
    "Quyết định này có hiệu lực kể từ ngày ký. Thủ trưởng các bộ phận liên quan và các cơ sở giáo "
    "dục có tên tại Điều 1 chịu trách nhiệm thi hành Quyết định này./."
)


def paper(decision: Decision) -> Paper:
    certificates = Certificate.objects.filter(decision=decision)
    facts = [one.facts for one in certificates.order_by("sort_key", "pk")]
    period, day = facts[0]["period"], day_in_words(decision.signed_on)
    superior = f"{decision.superior_line} (để b/c)" if decision.superior_line else ""
    return Paper(
        form="decision", kind="Quyết định", superior=decision.superior_line,
        issuer=decision.issuer_line, number=decision.full_number, place=decision.issuer.place,
        day=day, notice=facts[0]["notice"],
        about="Về việc công nhận mức độ chuyển đổi số của các cơ sở giáo dục, "
        f"kỳ {period}",
        blocks=(
            Text(post_of(decision.head_post, decision.issuer_line).upper(), "centre"),
            *_grounds(facts),
            Text("QUYẾT ĐỊNH:", "centre"),
            Text(
                f"Công nhận mức độ chuyển đổi số kỳ {period} của {len(facts)} cơ sở giáo dục theo "
                "danh sách tại Phụ lục kèm theo Quyết định này.", lead="Điều 1.",
            ),
            Text(DUTIES, lead="Điều 2."),
            Text(IN_FORCE, lead="Điều 3."),
        ),
        signature=Signature(
            letterhead.posts_of(
                decision.authority, body=decision.issuer_line, head=decision.head_post,
                signer=decision.signer_post,
            ),
            decision.signer_name,
        ),
        receivers=letterhead.receivers("Như Điều 3", superior),
        appendices=(_list(decision, facts, period, day),),
    )  # fmt: skip


def _grounds(facts: list[dict]) -> list[Text]:
    sets = {one["set"]["code"]: one["set"] for one in facts}
    cited = [
        f"Căn cứ {one['legal_title']} của {one['issuer']} ban hành {one['title']};"
        for _, one in sorted(sets.items())
    ]
    cited.append(
        "Xét hồ sơ tự đánh giá của các cơ sở giáo dục và kết quả thẩm định trong đợt "
        f"«{facts[0]['campaign_title']}»;"
    )
    return [Text(one, "ground") for one in (*cited, "Theo đề nghị của bộ phận thẩm định.")]


def _list(decision: Decision, facts: list[dict], period: str, day: str) -> Appendix:
    groups = sorted({group["code"] for one in facts for group in one["certified"]})
    columns = [
        Column("TT", 9, True),
        Column("Cơ sở giáo dục"),
        Column("Bộ chỉ số", 27, True),
    ]
    for group in groups:
        band = f"Nhóm {group}"
        columns += [Column("Điểm", 17, True, band), Column("Mức", 17, True, band)]
    rows = tuple(_row(place, one, groups) for place, one in enumerate(facts, start=1))
    return Appendix(
        "Danh sách cơ sở giáo dục được công nhận mức độ chuyển đổi số, kỳ " + period,
        f"(Kèm theo Quyết định số {decision.full_number} {day} của {decision.issuer_line})",
        (
            *([Text(facts[0]["notice"], "notice")] if facts[0]["notice"] else []),
            Grid(tuple(columns), rows),
        ),
    )


def _row(place: int, facts: dict, groups: list[str]) -> tuple[str, ...]:
    certified = {one["code"]: one for one in facts["certified"]}
    cells: list[str] = []
    for group in groups:
        found = certified.get(group)
        cells.append(number(Decimal(found["points"])) if found else "")
        cells.append(str(found["level"]) if found and found["level"] is not None else "–")
    return (str(place), facts["unit"]["name"], facts["set"]["number"], *cells)
