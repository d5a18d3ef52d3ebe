"""What the cells of an import mean: a choice, a day, a telephone number."""

import re
from datetime import date

from edudx.lib import days
from edudx.lib.vietnamese import search_key
from schools.models.people import normal_phone

HOUR_SHOWN = re.compile(r"\d\d:\d\d (?=\d\d/)")  # a cell of Excel may show it beside the day


def choice(text: str, choices, heading: str, problems: list[str]) -> str | None:
    """The value whose code or label was written, without regard to case and marks."""
    wanted = search_key(text).replace("&", "va")
    for value, label in choices.choices:
        if wanted in (search_key(value), search_key(label), search_key(value).replace("_", "va")):
            return value
    allowed = ", ".join(label for _, label in choices.choices)
    problems.append(f"«{heading}» là «{text}»; chỉ nhận: {allowed}.")
    return None


def day(text: str, heading: str, problems: list[str]) -> date | None:
    if not text:
        return None
    try:
        return days.day_from(HOUR_SHOWN.sub("", text))
    except ValueError as fault:
        problems.append(f"«{heading}» là «{text}». {fault}")
        return None


def phone(text: str, problems: list[str]) -> str:
    try:
        return normal_phone(text)
    except ValueError as refusal:
        problems.append(str(refusal))
        return text


def shown(value) -> str:
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value or "")
