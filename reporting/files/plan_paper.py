"""A plan as a document of Nghị định 30/2020/NĐ-CP: grounds, tasks by section, targets."""

from itertools import groupby

from edudx.lib.vietnamese import day_in_words
from plans import audience
from plans.models import LegalText, Plan, Task
from reporting.content import blocks
from reporting.documents import letterhead
from reporting.documents.paper import (
    Appendix,
    Block,
    Column,
    Grid,
    Paper,
    Signature,
    Text,
    own_words,
)

DRAFT = "Dự thảo, chưa ban hành"


def paper(plan: Plan) -> Paper:
    """A draft has dots for what is not known yet."""
    is_letter = plan.kind == Plan.Kind.GUIDANCE
    tasks = _tasks(plan)
    head = letterhead.heading(plan.issuer, "" if is_letter else "KH", day=plan.issued_on)
    if plan.number:
        head["number"] = plan.full_number
    return Paper(
        **head,
        form="letter" if is_letter else "plan",
        kind="" if is_letter else plan.get_kind_display(),
        to=("Các đơn vị được giao nhiệm vụ tại phụ lục",) if is_letter else (),
        about=plan.title, notice=DRAFT if plan.is_draft else "",
        blocks=(*_grounds(plan), *_purpose(plan), *_sections(plan, tasks), *_targets(plan),
                Text(f"{plan.issuer.name} yêu cầu các đơn vị nghiêm túc thực hiện./.")),
        signature=Signature(
            (plan.signer_post or letterhead.head_post(plan.issuer),), plan.signer_name
        ),
        receivers=letterhead.receivers(
            letterhead.superior_to_report(plan.issuer), "Các đơn vị được giao nhiệm vụ"
        ),
        appendices=(_list(tasks, letterhead.attached(plan.get_kind_display(), head)),),
    )  # fmt: skip


def _tasks(plan: Plan) -> list[Task]:
    found = plan.tasks.exclude(state=Task.State.WITHDRAWN).select_related("section", "issuer")
    return list(found.order_by("section__position", "position", "pk"))


def _grounds(plan: Plan) -> list[Text]:
    """Each ends with a semicolon, the last with a full stop."""
    cited = [_cited(one) for one in plan.legal_texts.order_by("issued_on", "pk")]
    if above := plan.superior:
        day = f" {day_in_words(above.issued_on)}" if above.issued_on else ""
        cited.append(
            f"Thực hiện {above.get_kind_display()} số {above.full_number}{day} của "
            f"{above.issuer.name} về {above.title[:1].lower()}{above.title[1:]}"
        )
    ends = [";"] * (len(cited) - 1) + ["."]
    return [
        Text(f"{one.rstrip('.;')}{end}", "ground") for one, end in zip(cited, ends, strict=False)
    ]


KINDS = (
    "Luật", "Nghị quyết", "Nghị định", "Quyết định", "Chỉ thị", "Thông tư liên tịch", "Thông tư",
    "Kế hoạch", "Công văn", "Hướng dẫn", "Chương trình", "Đề án",
)  # fmt: skip


def _cited(text: LegalText) -> str:
    """«Căn cứ Thông tư số … ngày … của … quy định về …», the kind taken from the summary."""
    day = day_in_words(text.issued_on)
    for kind in KINDS:
        if text.summary.startswith(f"{kind} "):
            rest = text.summary.removeprefix(kind).strip()
            return f"Căn cứ {kind} số {text.number} {day} của {text.issuer} {rest}"
    return f"Căn cứ văn bản số {text.number} {day} của {text.issuer} về {text.summary}"


def _purpose(plan: Plan) -> list[Text]:
    opening = Text(f"{plan.issuer.name} ban hành nội dung thực hiện kỳ {plan.period} như sau:")
    if not plan.purpose.strip():
        return [opening]
    return [opening, Text("Mục đích, yêu cầu", "heading"), *own_words(plan.purpose)]


def _sections(plan: Plan, tasks: list[Task]) -> list[Block]:
    by_section = {key: list(rows) for key, rows in groupby(tasks, key=lambda one: one.section)}
    found: list[Block] = []
    for section in plan.sections.order_by("position"):
        found += [Text(str(section), "heading"), *own_words(section.text)]
        found += [one for task in by_section.pop(section, ()) for one in _task(task)]
    rest = [one for rows in by_section.values() for task in rows for one in _task(task)]
    return [*found, Text("Nhiệm vụ", "heading"), *rest] if rest and found else [*found, *rest]


def _whom(task: Task) -> str:
    """«các trường», or the issuer by its name."""
    return str(task.issuer) if task.audience.get("own") else audience.words(task.audience)


def _task(task: Task) -> list[Text]:
    facts = [f"Thời hạn: {task.phrase}", f"thực hiện: {_whom(task)}"]
    if task.product:
        facts.append(f"sản phẩm: {task.get_product_display()}")
    return [
        Text(f"{task.title.rstrip('.')}.", lead=f"{task.code}." if task.code else "-"),
        *own_words(task.content),
        Text(f"{'; '.join(facts)}."),
    ]


def _targets(plan: Plan) -> list[Block]:
    targets = list(plan.targets.order_by("position", "pk"))
    if not targets:
        return []
    has_dates = any(one.phrase for one in targets)
    columns = [
        Column("Mã", 15, True, is_code=True), Column("Chỉ tiêu"), Column("Mức cần đạt", 30, True)
    ] + ([Column("Thời hạn", 34)] if has_dates else [])  # fmt: skip
    rows = tuple(
        (one.code, one.title, blocks.goal_of(one), *([one.phrase] if has_dates else []))
        for one in targets
    )
    return [Text("Chỉ tiêu", "heading"), Grid(tuple(columns), rows)]


def _list(tasks: list[Task], attached: str) -> Appendix:
    columns = (
        Column("Mã", 14, True, is_code=True), Column("Nhiệm vụ"), Column("Thực hiện", 36),
        Column("Thời hạn", 32), Column("Sản phẩm", 28),
    )  # fmt: skip
    rows = tuple(
        (one.code, one.title, _whom(one), one.phrase, one.get_product_display()) for one in tasks
    )
    return Appendix(
        "Danh mục nhiệm vụ, thời hạn và sản phẩm",
        attached,
        (Grid(columns, rows, empty="Chưa có nhiệm vụ nào"),),
    )
