"""Template tags that every page may use. They show; they never compute a score."""

from datetime import datetime
from decimal import Decimal
from urllib.parse import urlencode

from django import template
from django.template.defaulttags import CsrfTokenNode
from django.utils import timezone
from django.utils.html import format_html, format_html_join

from edudx import __version__
from edudx.lib import caller, deadlines, slots, vietnamese

register = template.Library()


@register.filter
def points(value: Decimal | None) -> str:
    """A score: «7,5»; «–» when there is none."""
    return "–" if value in (None, "") else vietnamese.number(value)


@register.filter
def decimal_text(value: str) -> str:
    """A score that a snapshot keeps as text («67.50») as «67,5»."""
    return vietnamese.number(Decimal(value)) if value else "–"


@register.filter
def moment(value: datetime | None) -> str:
    """«21:41 20/11/2026» in Vietnamese time."""
    return f"{timezone.localtime(value):%H:%M %d/%m/%Y}" if value else ""


@register.filter
def due(value: datetime | None) -> str:
    """«còn 3 ngày · thứ Tư 16/10/2024», or how long it is overdue."""
    if value is None:
        return ""
    local = timezone.localtime(value)
    written = f"{vietnamese.weekday(local.date())} {local:%d/%m/%Y}"
    now = timezone.localtime()
    if deadlines.is_late(now, value):
        return f"quá hạn {deadlines.days_late(now, value)} ngày · {written}"
    left = (local.date() - now.date()).days
    return f"{'hết hạn hôm nay' if left == 0 else f'còn {left} ngày'} · {written}"


@register.filter
def tied(name: str) -> str:
    """The last two words on one line: «… Đào tạo / Hải Phòng», never «… Hải / Phòng»."""
    return "\u00a0".join(name.rsplit(" ", 1))


@register.filter
def lower_first(text: str) -> str:
    """«Trước ngày 20/5» inside a sentence: «trước ngày 20/5»."""
    return text[:1].lower() + text[1:]


@register.filter
def age(value: datetime | None) -> str:
    """How long something has waited: «hôm nay», «9 ngày»."""
    if value is None:
        return ""
    days = (timezone.localdate() - timezone.localtime(value).date()).days
    return f"{days} ngày" if days > 0 else "hôm nay"


@register.filter
def is_past(value: datetime | None) -> bool:
    return value is not None and deadlines.is_late(timezone.now(), value)


@register.filter
def size(value: int | None) -> str:
    """Bytes as «1,2 MB»."""
    if value is None:
        return ""
    for unit, step in (("GB", 1024**3), ("MB", 1024**2), ("kB", 1024)):
        if value >= step:
            return f"{vietnamese.number(Decimal(value) / step, 1)} {unit}"
    return f"{value} B"


@register.filter
def get(mapping, key):
    """The value of a key that is itself a variable."""
    return mapping.get(key)


class FormTokenNode(CsrfTokenNode):
    """Django's own token, and as whom and under which hat the form is shown (schools.hats)."""

    def render(self, context) -> str:
        token, worn = super().render(context), caller.current.get().worn
        if not (token and worn):
            return token
        return token + format_html('<input type="hidden" name="worn" value="{}">', worn)


@register.tag
def csrf_token(parser, token) -> FormTokenNode:
    return FormTokenNode()


@register.simple_tag
def portal_version() -> str:
    return __version__


@register.simple_tag(takes_context=True)
def slot(context, place: str, subject) -> str:
    """What apps above hand in for this place of the page; see edudx/lib/slots.py."""
    return slots.rendered(place, context["request"], subject)


@register.inclusion_tag("components/_crumbs.html")
def crumbs(parent_url: str, parent, here) -> dict:
    """The way back to the page above, and the name of this one."""
    return {"parent_url": parent_url, "parent": parent, "here": here}


@register.simple_tag(takes_context=True)
def sort_by(context, key: str, title: str) -> str:
    """The head of a column as a link that sorts by it, and the other way when it does already."""
    asked = context["request"].GET.get("xep", "")
    mark = {key: " ↑", f"-{key}": " ↓"}.get(asked, "")
    address = query(context, xep=f"-{key}" if asked == key else key, trang=None)
    return format_html('<a class="sort" href="{}">{}{}</a>', address, title, mark)


CHIP_WORDS = {
    "tre": "Trễ, quá hạn",
    "datrinh": "Đã trình",
    "toi": "Đơn vị tôi thẩm định",
}


@register.simple_tag(takes_context=True)
def filter_chips(context, filters: dict) -> str:
    """Each active filter as a chip that takes itself away, in the words of its choice."""
    words = dict(CHIP_WORDS)
    for name in ("types", "kinds", "states", "lists"):
        words |= {one[0]: one[1] for one in context.get(name) or ()}
    active = [(name, words.get(value, value)) for name, value in filters.items() if value]
    return format_html_join(
        " ",
        '<a class="chip go" href="{}"><span class="visually-hidden">Bỏ lọc </span>{} ×</a>',
        ((query(context, **{name: None, "trang": None}), word) for name, word in active),
    )


@register.simple_tag(takes_context=True)
def query(context, **changes) -> str:
    """The page's own query string with some keys changed; None takes a key away."""
    parts = context["request"].GET.copy()
    for key, value in changes.items():
        parts.pop(key, None)
        if value not in (None, ""):
            parts[key] = value
    return "?" + urlencode(list(parts.lists()), doseq=True) if parts else "?"
