"""A state machine is a table of transitions; it drives the guard, the buttons and the diagrams."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar, runtime_checkable


class StepRefused(Exception):
    """A step that cannot be taken. Its text is a sentence for the person who tried."""


class Conflict(Exception):
    """Somebody saved it meanwhile: `saved` is theirs, `values` what was being saved, `version` the
    one it has now.
    """

    def __init__(self, saved: Any, values: Any, version: int) -> None:
        super().__init__("Người khác vừa sửa mục này.")
        self.saved, self.values, self.version = saved, values, version


Asked = TypeVar("Asked")  # a permission; this floor does not know which there are


@dataclass(frozen=True)
class Transition(Generic[Asked]):
    """One arrow: `name` from any of `sources` to `target`, for those who have `permission`;
    without one the portal itself takes it.
    """

    name: str
    label: str
    sources: tuple[str, ...]
    target: str
    permission: Asked | None = None
    reason_required: bool = False
    is_own: bool = False  # by the unit itself; every other step is closed to the unit's people

    @property
    def asked(self) -> Asked:
        """The permission a person needs; nobody takes a step of the portal's own."""
        if self.permission is None:
            raise StepRefused(f"Bước «{self.label}» do cổng tự thực hiện.")
        return self.permission


@runtime_checkable
class HasState(Protocol):
    """A noun whose state has arrows."""

    state: Any  # a column of texts

    @property
    def transitions(self) -> tuple[Transition[Any], ...]: ...

    def get_state_display(self) -> str: ...

    def save(self, *, update_fields: Iterable[str] | None = None) -> None: ...


def arrows_of(kind: type) -> tuple[Transition[Any], ...]:
    """The arrows of a kind of noun; a kind without any takes no step."""
    return tuple(vars(kind)["transitions"])


def named(transitions: Iterable[Transition[Asked]], name: str) -> Transition[Asked]:
    for transition in transitions:
        if transition.name == name:
            return transition
    raise StepRefused("Không có bước xử lý này.")


def check(transition: Transition[Any], noun: HasState, reason: str = "") -> None:
    """Refuse a step from the wrong state of the noun or without the reason it needs."""
    if noun.state not in transition.sources:
        label = noun.get_state_display()
        raise StepRefused(f"Không thể «{transition.label}» khi đang ở trạng thái «{label}».")
    if transition.reason_required and not reason.strip():
        raise StepRefused(f"Cần ghi lý do khi «{transition.label}».")


def diagram(transitions: Iterable[Transition[Any]]) -> str:
    """The arrows as lines `source --name--> target: what is asked`, for docs/states.md."""
    return "\n".join(
        f"{source} --{one.name}--> {one.target}: {_asks(one)}"
        for one in transitions
        for source in one.sources
    )


def _asks(transition: Transition[Any]) -> str:
    asks = str(transition.permission or "the portal itself")
    return f"{asks}, with a reason" if transition.reason_required else asks
