"""An official document on its way to a file, as Nghị định 30/2020/NĐ-CP orders it. Plain data.

pdf.py and docx.py write the same Paper, so that the two files cannot say different things; what was
submitted is kept as JSON and can be written again at any time.
"""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field, replace
from dataclasses import fields as dataclass_fields
from typing import Any, ClassVar

from edudx.lib.text import writable


@dataclass(frozen=True)
class Text:
    """A paragraph. look: body, heading, ground, centre, notice, note or item; `lead` is bold."""

    is_text: ClassVar[bool] = True  # what a template asks of a block
    text: str
    look: str = "body"
    lead: str = ""

    @property
    def is_heading(self) -> bool:
        return self.look == "heading"

    @property
    def is_item(self) -> bool:
        return self.look == "item"

    @property
    def is_note(self) -> bool:
        return self.look == "note"

    @property
    def is_notice(self) -> bool:
        return self.look == "notice"


@dataclass(frozen=True)
class Column:
    """width in mm, 0 shares what is left; numbers are centred, and codes such as 1.10, which are
    words; `band` is a heading over several columns.
    """

    title: str
    width: int = 0
    is_number: bool = False
    band: str = ""
    is_code: bool = False


@dataclass(frozen=True)
class Grid:
    """A table of words. A row of one cell is a heading over all columns; the last `totals` rows are
    bold.
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    title: str = ""
    totals: int = 0
    empty: str = "Chưa có số liệu"


@dataclass(frozen=True)
class Chart:
    """Bars of counts by series («Đúng hạn», «Trễ»), or with `goals` of one percentage each.

    The darkest of the series stands last, or first with `is_falling`.
    """

    title: str
    series: tuple[str, ...]
    rows: tuple[tuple[str, tuple[float, ...]], ...]
    goals: tuple[float, ...] = ()
    is_falling: bool = False


Block = Text | Grid | Chart
ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")
NAMES: dict[str, type[Block]] = {"text": Text, "grid": Grid, "chart": Chart}


@dataclass(frozen=True)
class Appendix:
    """What hangs behind the signature, with page numbers of its own."""

    title: str
    attached: str
    blocks: tuple[Block, ...]
    head: str = "Phụ lục"


def legal(text: str) -> str:
    """Without what XML cannot hold, and without the mark of the body in a Word frame."""
    return writable(text).replace("\ue000", "")


def addressed(to: tuple[str, ...]) -> str:
    """Whom a letter is for: one in the line, several each in a line of its own."""
    if len(to) < 2:
        return "".join(to)
    return "\n" + "\n".join(f"- {one}{'.' if one == to[-1] else ';'}" for one in to)


def numbered(appendices: Iterable[Appendix]) -> tuple[Appendix, ...]:
    """«Phụ lục I» and so on when there are several."""
    found = tuple(appendices)
    if len(found) < 2:
        return found
    return tuple(replace(one, head=f"Phụ lục {n}") for n, one in zip(ROMAN, found, strict=False))


@dataclass(frozen=True)
class Signature:
    """`posts` are lines such as «KT. TRƯỞNG PHÒNG» and «PHÓ TRƯỞNG PHÒNG»."""

    posts: tuple[str, ...]
    name: str = ""


@dataclass(frozen=True)
class Paper:
    """form: report, plan, decision, letter or list. A letter has no name of kind but `to`."""

    form: str
    superior: str
    issuer: str
    number: str
    place: str
    day: str
    about: str
    signature: Signature
    kind: str = ""
    to: tuple[str, ...] = ()
    blocks: tuple[Block, ...] = ()
    receivers: tuple[str, ...] = ()
    notice: str = ""
    note: str = ""
    appendices: tuple[Appendix, ...] = field(default=())

    @property
    def title(self) -> str:
        return " ".join(one for one in (self.kind, self.about) if one)

    def grids(self) -> Iterator[Grid]:
        """Every table, in printed order: what leaves as Excel."""
        for blocks in (self.blocks, *(one.blocks for one in self.appendices)):
            yield from (one for one in blocks if isinstance(one, Grid))


def as_json(paper: Paper) -> dict[str, Any]:
    """Blocks carry the name of their kind."""
    kept = asdict(replace(paper, blocks=(), appendices=()))
    kept["blocks"] = _packed(paper.blocks)
    kept["appendices"] = [
        {**asdict(replace(one, blocks=())), "blocks": _packed(one.blocks)}
        for one in paper.appendices
    ]
    return kept


def _packed(blocks: tuple[Block, ...]) -> list[dict[str, Any]]:
    names = {kind: name for name, kind in NAMES.items()}
    return [{"block": names[type(one)], **asdict(one)} for one in blocks]


def from_json(kept: dict[str, Any]) -> Paper:
    """What an earlier release has kept reads, too: fields that are no more are left out."""
    known = {one.name for one in dataclass_fields(Paper)}
    fields = {key: _frozen(value) for key, value in kept.items() if key in known}
    fields["signature"] = Signature(**{k: _frozen(v) for k, v in kept["signature"].items()})
    fields["blocks"] = _unpacked(kept["blocks"])
    fields["appendices"] = tuple(
        Appendix(**{**one, "blocks": _unpacked(one["blocks"])}) for one in kept["appendices"]
    )
    return Paper(**fields)


def _unpacked(blocks: list[dict[str, Any]]) -> tuple[Block, ...]:
    return tuple(_block(**one) for one in blocks)


def _block(block: str, **fields: Any) -> Block:
    if block == "grid":
        fields["columns"] = tuple(Column(**one) for one in fields["columns"])
    kind = NAMES[block]
    return kind(**{key: _frozen(value) for key, value in fields.items()})


def _frozen(value: Any) -> Any:
    """Lists become tuples, at any depth."""
    return tuple(_frozen(one) for one in value) if isinstance(value, list | tuple) else value


MARKS = ("-", "–", "•")


def own_words(text: str) -> list[Text]:
    """A paragraph per line; one that begins with a dash or a bullet and a space is an item."""
    found = []
    for line in text.splitlines():
        mark, _, rest = line.strip().partition(" ")
        if mark in MARKS:
            found += [Text(rest.strip(), "item")] if rest.strip() else []
        elif line.strip():
            found.append(Text(line.strip()))
    return found
