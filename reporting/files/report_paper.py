"""Báo cáo sơ kết, tổng kết of one unit: its outline filled in, its own words, who signs."""

from dataclasses import replace

from reporting import outline
from reporting.content import blocks, facts, timeliness
from reporting.documents import letterhead
from reporting.documents.paper import (
    Appendix,
    Block,
    Paper,
    Signature,
    Text,
    from_json,
    numbered,
    own_words,
)
from reporting.models import PeriodicReport

APPENDED = {"nhiem-vu": "Tình hình thực hiện nhiệm vụ", "so-lieu": "Số liệu tổng hợp"}


def kept(report: PeriodicReport, number: int | None) -> Paper:
    """As it was handed in under this number, or as its draft is now."""
    if number:
        return from_json(report.versions.get(number=number).paper)
    return replace(paper(report, facts.of(report)), notice="Bản nháp, chưa nộp")


def paper(report: PeriodicReport, found: facts.Facts) -> Paper:
    """What would be handed in now. Whoever wrote it sees the same on the page."""
    round_ = report.round
    body, appendices = _body(report, found)
    return Paper(
        **letterhead.heading(
            report.unit, "BC", number=report.number, day=report.signed_on
        ),
        form="report", kind="Báo cáo", about=round_.title, blocks=body,
        notice=round_.task.notice,
        signature=_signature(report),
        receivers=_receivers(report),
        note=f"Nguồn số liệu: {'; '.join(found.sources)}." if found.sources else "",
        appendices=appendices,
    )  # fmt: skip


def _signature(report: PeriodicReport) -> Signature:
    unit = report.unit
    posts = letterhead.posts_of(
        report.authority, body=unit.name, signer=report.signer_post,
        head=report.head_post or letterhead.head_post(unit),
    )  # fmt: skip
    return Signature(posts, report.signer_name)


def _receivers(report: PeriodicReport) -> tuple[str, ...]:
    lines = [one.strip() for one in report.receivers.splitlines() if one.strip()]
    if lines:
        return tuple(one if one.startswith("-") else f"- {one}" for one in lines)
    above = "" if report.is_consolidated else f"{report.round.issuer.name} (để b/c)"
    return letterhead.receivers(above, letterhead.superior_to_report(report.unit))


def _body(
    report: PeriodicReport, found: facts.Facts
) -> tuple[tuple[Block, ...], tuple[Appendix, ...]]:
    body: list[Block] = []
    appended: list[str] = []
    said = facts.words_of(found, outline.names_in(report.round.outline))
    for place, part in enumerate(report.round.parts):
        if part.title:
            body.append(Text(filled(part.title, said), "heading"))
        body += own_words(report.text_of(place))
        for line in part.lines:
            name = outline.block_of(line)
            if name in APPENDED:
                appended.append(name)
            elif name:
                body += made(name, found)
            else:
                body.append(Text(filled(line, said)))
    return tuple(body), _appendices(report, found, appended)


def filled(line: str, said: dict[str, str]) -> str:
    return outline.FACT.sub(lambda name: said.get(name[1], facts.NOTHING), line)


def made(name: str, found: facts.Facts) -> tuple[Block, ...]:
    """The blocks that the portal makes under this name."""
    if name == "tien-do":
        return timeliness.timeliness(found.offices or timeliness.listed(found.tasks), found.work)
    if name == "muc-do":
        return blocks.levels(found.levels)
    if name == "chi-tieu":
        return tuple(one for plan, rows in found.targets for one in blocks.targets(plan, rows)) or (
            Text("Không có chỉ tiêu nào được giao trong kỳ."),
        )
    if name == "nhiem-vu":
        return (timeliness.work_table(found.tasks, found.work),)
    return tuple(one for each in found.figures for one in blocks.figures(each)) or (
        Text("Chưa có số liệu nào của kỳ này."),
    )


def _appendices(report: PeriodicReport, found: facts.Facts, names: list[str]) -> tuple:
    head = letterhead.heading(report.unit, "BC", number=report.number, day=report.signed_on)
    attached = letterhead.attached("Báo cáo", head)
    return numbered(Appendix(APPENDED[name], attached, made(name, found)) for name in names)
