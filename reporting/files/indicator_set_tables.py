"""An indicator set as the Excel form that `assessments.exchange.set_yaml.read_xlsx` reads back."""

from assessments.exchange.set_definition import (
    CRITERION_COLUMNS,
    CRITERION_SHEET,
    GROUP_COLUMNS,
    GROUP_SHEET,
    SET_COLUMNS,
    SET_SHEET,
)
from assessments.exchange.set_yaml import steps_text
from assessments.models import IndicatorSet
from edudx.lib.vietnamese import number
from reporting.documents.table import Column, Table

WIDE = {"title": 80, "evidence": 50, "guidance": 60, "numerator": 30, "denominator": 30}


def tables(indicator_set: IndicatorSet) -> list[Table]:
    """Three sheets; every cell is text, numbers as «1.234,5»."""
    return [
        Table(SET_SHEET, _columns(SET_COLUMNS), [_set_row(indicator_set)]),
        Table(
            GROUP_SHEET,
            _columns(GROUP_COLUMNS),
            [
                (one.code, one.title, number(one.max_points))
                for one in indicator_set.groups.order_by("position")
            ],
        ),
        Table(
            CRITERION_SHEET,
            _columns(CRITERION_COLUMNS),
            [_criterion_row(one) for one in indicator_set.tree],
        ),
    ]


def _columns(headings: dict[str, str]) -> list[Column]:
    return [Column(title, WIDE.get(key, 16)) for key, title in headings.items()]


def _set_row(one: IndicatorSet) -> tuple:
    values = {
        "applies_to": ", ".join(one.applies_to),
        "legal_issued_on": f"{one.legal_issued_on:%d/%m/%Y}",
        "level_2_from": number(one.level_2_from),
        "level_3_above": number(one.level_3_above),
    }
    values |= {f"level_{place}_name": name for place, name in one.level_choices}
    return tuple(values.get(key) or getattr(one, key) for key in SET_COLUMNS)


def _criterion_row(one) -> tuple:
    values = {
        "group": one.group.code,
        "parent": one.parent.code if one.parent_id else "",
        "steps": steps_text(one.steps),
        "max_points": number(one.max_points) if one.max_points else "",
    }
    for key in ("full_at", "level_2_from", "level_3_above"):
        values[key] = number(getattr(one, key))
    return tuple(values[key] if key in values else getattr(one, key) for key in CRITERION_COLUMNS)
