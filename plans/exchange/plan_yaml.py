"""Plans as YAML: read → faults with their lines → a draft; and a plan written back as YAML."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import yaml
from django.core.exceptions import ValidationError
from django.db import transaction

from edudx.lib import deadlines, line_yaml
from edudx.lib.line_yaml import LINE
from plans import audience
from plans.models import LegalText, Plan, PlanSection, Target, Task
from schools.models import OrgUnit, User
from schools.models.events import record

PLAN_KEYS = ("kind", "title", "period", "number", "symbol", "issued_on", "signer_name",
             "signer_post", "purpose", "legal_texts")  # fmt: skip
SECTION_KEYS = ("code", "title", "text")
TARGET_KEYS = ("code", "section", "title", "measure", "direction", "goal", "numerator_label",
               "denominator_label", "audience", "phrase", "source", "item")  # fmt: skip
TASK_KEYS = ("code", "section", "title", "content", "phrase", "include_day", "product",
             "needs_approval", "focal_fields", "audience", "criteria", "years", "mentions",
             "source")  # fmt: skip
LEGAL_KEYS = ("number", "issued_on", "issuer", "summary", "link", "replaced_by", "cited")


class PlanRefused(Exception):
    """A file that is no plan. `faults` are sentences, each with its line."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


class Reader(line_yaml.Reader):
    """A file of plans: who a task is for is read here as well."""

    def audience(self, node: dict) -> dict:
        raw = node.get("audience") or {}
        value = {key: raw[key] for key in raw if key != LINE} if isinstance(raw, dict) else raw
        for sentence in audience.faults_of(value):
            self.fault(node, f"{sentence}.")
        if not isinstance(value, dict):
            return {}
        flags = {
            key: str(value[key]).lower() == "true" for key in ("own", "with_own") if key in value
        }
        return value | flags


def read(text: str) -> dict:
    """The root of a plan's file; PlanRefused when it is not YAML of this shape."""
    try:
        root = line_yaml.load(text)
    except line_yaml.YamlRefused as refusal:
        raise PlanRefused([str(refusal)]) from refusal
    if not isinstance(root, dict) or not isinstance(root.get("plan"), dict):
        raise PlanRefused(["Tệp không có mục «plan»."])
    return root


@transaction.atomic
def save(root: dict, *, issuer: OrgUnit, by: User | None) -> Plan:
    """Store as a draft of the issuer. All of it or, with every fault named, nothing."""
    reader = Reader()
    reader.known(root, ("plan", "sections", "targets", "tasks"))
    plan = _plan(reader, root["plan"], issuer, by)
    if reader.faults:
        raise PlanRefused(reader.faults)
    sections = _sections(reader, root, plan)
    for place, node in enumerate(reader.rows(root, "targets", TARGET_KEYS)):
        _target(reader, node, plan, sections, place)
    for place, node in enumerate(reader.rows(root, "tasks", TASK_KEYS)):
        _task(reader, node, plan, sections, place, by)
    if reader.faults:
        raise PlanRefused(reader.faults)
    if by:
        record(plan, "edit", f"Nhập kế hoạch «{plan}» từ tệp"[:200], by=by)
    return plan


def _plan(reader: Reader, node: dict, issuer: OrgUnit, by: User | None) -> Plan:
    reader.known(node, PLAN_KEYS)
    texts = {
        key: reader.text(node, key) for key in PLAN_KEYS if key not in ("issued_on", "legal_texts")
    }
    texts["kind"] = texts["kind"] or Plan.Kind.PLAN
    plan = Plan(
        issuer=issuer, issued_on=reader.day(node, "issued_on"),
        created_by=by or _somebody(issuer), **texts,
    )  # fmt: skip
    wanted = reader.names(node, "legal_texts")
    texts_seen = LegalText.objects.visible_to(by) if by else LegalText.objects.filter(owner=None)
    known = {one.number: one for one in texts_seen.filter(number__in=wanted)}
    for number in wanted:
        if number not in known:
            reader.fault(node, f"văn bản căn cứ «{number}» chưa có trong danh mục.")
    if _clean(reader, node, plan) and not reader.faults:
        plan.save()
        plan.legal_texts.set(known.values())
    return plan


def _somebody(issuer: OrgUnit) -> User:
    """From the shell nobody is signed in: the plan is the first of the issuer's people's."""
    post = issuer.memberships.active().select_related("user").order_by("pk").first()
    if post is None:
        raise PlanRefused([f"«{issuer}» chưa có người dùng nào để đứng tên soạn kế hoạch."])
    return post.user


def _clean(reader: Reader, node: dict, row, exclude=()) -> bool:
    try:
        row.full_clean(exclude=exclude)
    except ValidationError as fault:
        for sentence in fault.messages:
            reader.fault(node, sentence)
        return False
    return True


def _sections(reader: Reader, root: dict, plan: Plan) -> dict[str, PlanSection]:
    sections = {}
    for place, node in enumerate(reader.rows(root, "sections", SECTION_KEYS)):
        row = PlanSection(
            plan=plan, position=place, **{key: reader.text(node, key) for key in SECTION_KEYS}
        )
        if _clean(reader, node, row):
            row.save()
            sections[row.code] = row
    return sections


def _section(reader: Reader, node: dict, sections: dict) -> PlanSection | None:
    code = reader.text(node, "section")
    if code and code not in sections:
        reader.fault(node, f"không có mục «{code}».")
    return sections.get(code)


def _deadline(reader: Reader, node: dict, phrase: str, set_: Callable) -> None:
    try:
        set_(phrase)
    except deadlines.DeadlineNotUnderstood as fault:
        reader.fault(node, str(fault))


def _target(reader: Reader, node: dict, plan: Plan, sections: dict, place: int) -> None:
    texts = {key: reader.text(node, key) for key in TARGET_KEYS
             if key not in ("section", "goal", "audience", "phrase")}  # fmt: skip
    row = Target(
        plan=plan, section=_section(reader, node, sections), position=place,
        goal=reader.number(node, "goal"), audience=reader.audience(node),
        **{key: value for key, value in texts.items() if value},
    )  # fmt: skip
    if phrase := reader.text(node, "phrase"):
        _deadline(reader, node, phrase, row.set_deadline)
    if _clean(reader, node, row):
        row.save()


def _task(reader: Reader, node: dict, plan: Plan, sections: dict, place: int, by) -> None:
    row = Task(
        plan=plan, issuer=plan.issuer, period=plan.period, kind=Task.Kind.PRODUCT,
        state=Task.State.DRAFT, section=_section(reader, node, sections), position=place,
        code=reader.text(node, "code"), title=reader.text(node, "title"),
        content=reader.text(node, "content"), product=reader.text(node, "product"),
        source=reader.text(node, "source"), include_day=reader.flag(node, "include_day"),
        needs_approval=reader.flag(node, "needs_approval"), audience=reader.audience(node),
        focal_fields=reader.names(node, "focal_fields"),
        criteria=reader.names(node, "criteria"), years=_years(reader, node),
        mentions=_mentions(reader, node), created_by=plan.created_by,
    )  # fmt: skip
    before = len(reader.faults)
    _deadline(reader, node, reader.text(node, "phrase"), row.set_deadline)
    if len(reader.faults) == before and _clean(reader, node, row):
        row.save()


def _years(reader: Reader, node: dict) -> list[int]:
    years = reader.names(node, "years")
    is_good = all(one.isdecimal() and len(one) == 4 for one in years)
    if not is_good or len(set(years)) != len(years):
        reader.fault(node, "«years» phải là các năm, mỗi năm một lần, ví dụ [2025, 2026].")
        return []
    return [int(one) for one in years]


def _mentions(reader: Reader, node: dict) -> list[dict]:
    found = node.get("mentions") or []
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        reader.fault(node, "«mentions» phải là một danh sách phrase, source.")
        return []
    return [{key: reader.text(one, key) for key in ("phrase", "source")} for one in found]


@transaction.atomic
def save_legal_texts(text: str) -> int:
    """Texts of a file into the register, matched by number; how many are new."""
    try:
        root = line_yaml.load(text)
    except line_yaml.YamlRefused as refusal:
        raise PlanRefused([str(refusal)]) from refusal
    if not isinstance(root, dict) or not isinstance(root.get("texts"), list):
        raise PlanRefused(["Tệp không có danh sách «texts»."])
    reader, new, replaced = Reader(), 0, []
    for node in root["texts"]:
        reader.known(node, LEGAL_KEYS)
        number, issued_on = reader.text(node, "number"), reader.day(node, "issued_on")
        row = LegalText.objects.filter(number=number, issued_on=issued_on).first()
        new += row is None
        row = row or LegalText(number=number, issued_on=issued_on)
        row.issuer, row.summary = reader.text(node, "issuer"), reader.text(node, "summary")
        row.link, row.source = reader.text(node, "link"), reader.text(node, "cited")
        if _clean(reader, node, row):
            row.save()
            replaced.append((row, reader.text(node, "replaced_by")))
    for row, number in replaced:
        if number:
            row.replaced_by = LegalText.objects.filter(number=number).first()
            row.save(update_fields=["replaced_by"])
    if reader.faults:
        raise PlanRefused(reader.faults)
    return new


# Writing


def dump(plan: Plan) -> str:
    """The plan as the YAML that `save` reads."""
    root = {"plan": _plan_values(plan)}
    sections = list(plan.sections.order_by("position"))
    targets = plan.targets.select_related("section").order_by("position", "pk")
    tasks = plan.tasks.exclude(state=Task.State.WITHDRAWN).select_related("section")
    root["sections"] = [_values(one, SECTION_KEYS) for one in sections]
    root["targets"] = [_values(one, TARGET_KEYS) for one in targets]
    tasks = tasks if plan.is_draft else tasks.issued()  # what an amendment will add is not said yet
    root["tasks"] = [_values(one, TASK_KEYS) for one in tasks.order_by("position", "pk")]
    filled = {key: value for key, value in root.items() if value}
    return yaml.safe_dump(filled, allow_unicode=True, sort_keys=False, width=1000)


def _plan_values(plan: Plan) -> dict:
    values = _values(plan, tuple(key for key in PLAN_KEYS if key != "legal_texts"))
    texts = list(plan.legal_texts.order_by("issued_on", "number").values_list("number", flat=True))
    return values | ({"legal_texts": texts} if texts else {})


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
