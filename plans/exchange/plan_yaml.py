"""Plans as YAML: read → faults with their lines → a draft; and a plan written back as YAML."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import yaml
from django.db import transaction

from edudx.lib import deadlines, line_yaml, yaml_schema
from edudx.lib.line_yaml import FileRefused
from edudx.lib.yaml_schema import Field, Kind, Node, Section, texts
from plans.models import LegalText, Plan, PlanSection, Target, Task
from schools.models import OrgUnit, User
from schools.models.events import record

PLAN = Section("plan", (
    Field("kind", default=Plan.Kind.PLAN), *texts("title", "period", "number", "symbol"),
    Field("issued_on", Kind.DAY), *texts("signer_name", "signer_post", "purpose"),
    Field("legal_texts", Kind.NAMES),
), required=True)  # fmt: skip
CODE = Field("code", required=True)
SECTION = Section("sections", (CODE, *texts("title", "text")), many=True)
AUDIENCE = Section("audience", (
    Field("own", Kind.FLAG),
    Field("with_own", Kind.FLAG),
    Field("kinds", Kind.NAMES, choices=(OrgUnit.Kind.OFFICE, OrgUnit.Kind.SCHOOL)),
    Field("types", Kind.NAMES, choices=tuple(OrgUnit.SchoolType.values)),
    Field("ownership", choices=tuple(OrgUnit.Ownership.values)),
    Field("areas", Kind.NAMES),
    Field("units", Kind.NAMES),
))  # fmt: skip
TARGET = Section("targets", (
    CODE, *texts("section", "title", "measure", "direction"),
    Field("goal", Kind.NUMBER, required=True, most=10**10),
    *texts("numerator_label", "denominator_label"), AUDIENCE, *texts("phrase", "source", "item"),
), many=True)  # fmt: skip
TASK = Section("tasks", (
    CODE, *texts("section", "title", "content"), Field("phrase", required=True),
    Field("include_day", Kind.FLAG), *texts("product"), Field("needs_approval", Kind.FLAG),
    Field("focal_fields", Kind.NAMES), AUDIENCE, Field("criteria", Kind.NAMES),
    Field("years", Kind.NAMES), Section("mentions", texts("phrase", "source"), many=True),
    *texts("source"),
), many=True)  # fmt: skip
FILE = Section("", (PLAN, SECTION, TARGET, TASK))
LEGAL_TEXT = Section("texts", (
    *texts("number", "issuer", "summary", "link", "replaced_by", "cited"),
    Field("issued_on", Kind.DAY),
), many=True, required=True)  # fmt: skip


def read(content: str | bytes) -> Node:
    """The root of a plan's file; FileRefused when it is not YAML of this shape."""
    return yaml_schema.read(line_yaml.load(content), FILE)


@transaction.atomic
def save(root: Node, *, issuer: OrgUnit, by: User | None) -> Plan:
    """Store as a draft of the issuer. All of it or, with every fault named, nothing."""
    plan = _plan(root["plan"], issuer, by)
    if plan.pk is None:
        root.refuse_faults()
    sections = {node["code"]: _section(node, plan, at) for at, node in enumerate(root["sections"])}
    for place, node in enumerate(root["targets"]):
        _target(node, plan, sections, place)
    for place, node in enumerate(root["tasks"]):
        _task(node, plan, sections, place)
    root.refuse_faults()
    if by:
        record(plan, "edit", f"Nhập kế hoạch «{plan}» từ tệp"[:200], by=by)
    return plan


def _plan(node: Node, issuer: OrgUnit, by: User | None) -> Plan:
    values = {key: value for key, value in node.values.items() if key != "legal_texts"}
    plan = Plan(issuer=issuer, created_by=by or _somebody(issuer), **values)
    wanted = node["legal_texts"]
    texts_seen = LegalText.objects.visible_to(by) if by else LegalText.objects.filter(owner=None)
    known = {one.number: one for one in texts_seen.filter(number__in=wanted)}
    for number in wanted:
        if number not in known:
            node.fault(f"văn bản căn cứ «{number[:60]}» chưa có trong danh mục.")
    if node.saves(plan):
        plan.legal_texts.set(known.values())
    return plan


def _somebody(issuer: OrgUnit) -> User:
    """From the shell nobody is signed in: the plan is the first of the issuer's people's."""
    post = issuer.memberships.active().select_related("user").order_by("pk").first()
    if post is None:
        raise FileRefused([f"«{issuer}» chưa có người dùng nào để đứng tên soạn kế hoạch."])
    return post.user


def _section(node: Node, plan: Plan, place: int) -> PlanSection | None:
    row = PlanSection(plan=plan, position=place, **node.values)
    return row if node.saves(row) else None


def _in(node: Node, sections: dict) -> PlanSection | None:
    code = node["section"]
    if code and code not in sections:
        node.fault(f"không có mục «{code[:30]}».")
    return sections.get(code)


def _set_deadline(node: Node, set_: Callable) -> None:
    """The instants that a phrase in doubt does not give are no faults of their own."""
    if "phrase" not in node.wrong:
        try:
            set_(node["phrase"])
        except deadlines.DeadlineNotUnderstood as fault:
            node.fault(str(fault), "phrase")
    node.wrong |= {"opens_at", "due_at"} if "phrase" in node.wrong else set()


def _target(node: Node, plan: Plan, sections: dict, place: int) -> None:
    written = node.some("code", "title", "measure", "direction", "numerator_label",
                        "denominator_label", "source", "item")  # fmt: skip
    row = Target(
        plan=plan, section=_in(node, sections), position=place, goal=node["goal"],
        audience=node["audience"].written,
        **{key: value for key, value in written.items() if value},
    )  # fmt: skip
    if node["phrase"]:
        _set_deadline(node, row.set_deadline)
    node.saves(row)


def _task(node: Node, plan: Plan, sections: dict, place: int) -> None:
    row = Task(
        plan=plan, issuer=plan.issuer, period=plan.period, kind=Task.Kind.PRODUCT,
        state=Task.State.DRAFT, section=_in(node, sections), position=place,
        audience=node["audience"].written, years=_years(node), created_by=plan.created_by,
        mentions=[one.values for one in node["mentions"]],
        **node.some("code", "title", "content", "product", "source", "include_day",
                    "needs_approval", "focal_fields", "criteria"),
    )  # fmt: skip
    _set_deadline(node, row.set_deadline)
    node.saves(row)


def _years(node: Node) -> list[int]:
    years = node["years"]
    is_good = all(one.isdecimal() and len(one) == 4 for one in years)
    if not is_good or len(set(years)) != len(years):
        node.fault("«years» phải là các năm, mỗi năm một lần, ví dụ [2025, 2026].", "years")
        return []
    return [int(one) for one in years]


@transaction.atomic
def save_legal_texts(content: str) -> int:
    """Texts of a file into the register, matched by number; how many are new."""
    root = yaml_schema.read(line_yaml.load(content), Section("", (LEGAL_TEXT,)))
    new, replaced = 0, []
    for node in root["texts"]:
        named = node.some("number", "issued_on")
        row = LegalText.objects.filter(**named).first()
        new += row is None
        row = row or LegalText(**named)
        row.issuer, row.summary, row.link = node["issuer"], node["summary"], node["link"]
        row.source = node["cited"]
        if node.saves(row) and node["replaced_by"]:
            replaced.append((row, node["replaced_by"]))
    for row, number in replaced:
        row.replaced_by = LegalText.objects.filter(number=number).first()
        row.save(update_fields=["replaced_by"])
    root.refuse_faults()
    return new


# Writing


def dump(plan: Plan) -> str:
    """The plan as the YAML that `save` reads."""
    root = {"plan": _plan_values(plan)}
    sections = list(plan.sections.order_by("position"))
    targets = plan.targets.select_related("section").order_by("position", "pk")
    tasks = plan.tasks.exclude(state=Task.State.WITHDRAWN).select_related("section")
    root["sections"] = [_values(one, SECTION.keys) for one in sections]
    root["targets"] = [_values(one, TARGET.keys) for one in targets]
    tasks = tasks if plan.is_draft else tasks.issued()  # what an amendment will add is not said yet
    root["tasks"] = [_values(one, TASK.keys) for one in tasks.order_by("position", "pk")]
    filled = {key: value for key, value in root.items() if value}
    return yaml.safe_dump(filled, allow_unicode=True, sort_keys=False, width=1000)


def _plan_values(plan: Plan) -> dict:
    values = _values(plan, tuple(key for key in PLAN.keys if key != "legal_texts"))
    cited = list(plan.legal_texts.order_by("issued_on", "number").values_list("number", flat=True))
    return values | ({"legal_texts": cited} if cited else {})


def _values(row, keys: tuple[str, ...]) -> dict:
    """What is filled in, as plain values."""
    found = {}
    for key in keys:
        value = getattr(row, key)
        if isinstance(value, PlanSection):
            value = value.code
        elif isinstance(value, date):
            value = value.isoformat()
        elif isinstance(value, Decimal):
            value = f"{value:f}".rstrip("0").rstrip(".") if "." in f"{value:f}" else f"{value:f}"
        elif isinstance(value, str):
            value = str(value)
        if value not in (None, "", [], {}, False):
            found[key] = value
    return found
