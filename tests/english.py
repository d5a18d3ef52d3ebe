"""Finds English left on a page: only what a person sees or has read aloud is looked at."""

import json
import re
from html.parser import HTMLParser

# Words of English sentences and buttons that are no Vietnamese syllables.
WORDS = frozenset(
    """
    the this that these is are was were be been please required enter select not valid invalid
    and with without your you of must should from for have has add change changed delete deleted
    save view history search filter home user users name password error errors today now ensure
    value values field page pages back next previous all none yes unknown object objects action
    actions run show hide welcome by date time more less close cancel open file choose chosen
    upload submitted least most character characters already exists correct below click here
    toggle theme count entry entries successfully each access attempts group groups permission
    session another available remove clear currently empty number long short too expected found
    forbidden denied locked failed item items selected only when which there it its at or if
    schools plans assessments reporting timeliness historical
    """.split()  # noqa: SIM905 words are read as words
)
ALLOWED = re.compile(
    r"\S+@\S+|https?://\S+|\w+-\w+_FORMS|\w*\d\w*"  # addresses, names of fields, digests
    r"|\bedudx\b|\bExcel\b|\bCSV\b|\bJSON\b|\bYAML\b"
)
SPOKEN = ("title", "placeholder", "aria-label", "aria-description", "alt", "label")
SILENT = ("script", "style")


class Visible(HTMLParser):
    """The text of a page, with the attributes that are shown or spoken."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs) -> None:
        self.silent += tag in SILENT
        values = dict(attrs)
        self.texts += [values[name] for name in SPOKEN if values.get(name)]
        if tag == "input" and values.get("type") in ("submit", "button", "reset"):
            self.texts.append(values.get("value") or "")

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in SILENT

    def handle_data(self, data: str) -> None:
        if not self.silent and data.strip():
            self.texts.append(data)


def visible(html: str) -> list[str]:
    reader = Visible()
    reader.feed(html)
    return [" ".join(text.split()) for text in reader.texts]


def english(html: str) -> list[str]:
    """The texts of a page that have an English word in them."""
    return [text for text in visible(html) if has_english(text)]


def has_english(text: str) -> bool:
    words = re.findall(r"[^\W\d_]+", ALLOWED.sub(" ", text).casefold())
    return bool(WORDS & set(words))


def english_in(response) -> list[str]:
    """Of an HTML or JSON answer; files and redirects have none."""
    kind = response.headers.get("Content-Type", "")
    if response.streaming or not kind.startswith(("text/html", "application/json")):
        return []
    text = response.content.decode()
    if kind.startswith("application/json"):
        return [one for value in leaves(json.loads(text)) for one in english(value)]
    return english(text)


def leaves(value) -> list[str]:
    """Every string in a JSON value, without the names of its fields."""
    if isinstance(value, dict):
        return [one for part in value.values() for one in leaves(part)]
    if isinstance(value, list):
        return [one for part in value for one in leaves(part)]
    return [value] if isinstance(value, str) else []
