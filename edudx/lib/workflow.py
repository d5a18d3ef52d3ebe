"""A state machine is a table of transitions; it drives the guard, the buttons and the diagrams."""

from collections.abc import Iterable
from dataclasses import dataclass


class StepRefused(Exception):
    """A step that cannot be taken. Its text is a sentence for the person who tried."""


@dataclass(frozen=True)
class Transition:
    """One arrow: `name` from any of `sources` to `target`, for those who have `permission`."""

    name: str
    label: str
    sources: tuple[str, ...]
    target: str
    permission: object
    reason_required: bool = False
    is_own: bool = (
        False  # taken by the unit itself; every other step is closed to the unit's people
    )


def named(transitions: Iterable[Transition], name: str) -> Transition:
    for transition in transitions:
        if transition.name == name:
            return transition
    raise StepRefused("Không có bước xử lý này.")


def check(transition: Transition, *, state: str, state_label: str, reason: str) -> None:
    """Refuse a step from the wrong state or without the reason it needs."""
    if state not in transition.sources:
        raise StepRefused(
            f"Không thể «{transition.label}» khi hồ sơ đang ở trạng thái «{state_label}»."
        )
    if transition.reason_required and not reason.strip():
        raise StepRefused(f"Cần ghi lý do khi «{transition.label}».")


def diagram(transitions: Iterable[Transition]) -> str:
    """The arrows as lines `source --name--> target`, for ARCHITECTURE.md."""
    return "\n".join(
        f"{source} --{transition.name}--> {transition.target}"
        for transition in transitions
        for source in transition.sources
    )
