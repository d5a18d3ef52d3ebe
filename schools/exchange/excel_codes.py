"""Codes that Excel has changed: the zero in front, a tail, an exponent, a date, another case."""

import re
from collections.abc import Iterable

TAIL = re.compile(r"(\d+)\.0+")  # of a number, which a code with dots in it is not
EXPONENT = re.compile(r"\d(?:[.,]\d+)?E\+\d+", re.IGNORECASE)
A_DATE = re.compile(r"\d{1,2}/\d{1,2}/\d{4}|\d{1,2}-(?:thg|[a-z]{3})-?\d{0,4}", re.IGNORECASE)
AS_TEXT = "Hãy định dạng cột mã là Văn bản rồi nhập lại mã."


class CodeBook:
    """The codes of the portal and of the file, and which of them a changed one was.

    `known` are those that may be proposed, `taken` all there are.
    """

    def __init__(
        self, known: Iterable[str], in_file: Iterable[str] = (), taken: Iterable[str] = ()
    ) -> None:
        self.known = set(known)
        self.by_core: dict[str, set[str]] = {}
        for code in self.known | {one for one in in_file if one.startswith("0")}:
            self.by_core.setdefault(_core(code), set()).add(code)
        numbers = [one for codes in self.by_core.values() for one in codes if one.isdecimal()]
        self.by_case = {code.casefold(): code for code in taken}
        self.padded = {len(one) for one in numbers if one.startswith("0")}
        self.plain = {len(one) for one in numbers if not one.startswith("0")}

    def meant_by(self, code: str) -> str:
        """The code that was meant; empty when this one is known or nothing speaks for another."""
        if not code or code in self.known:
            return ""
        if there := self._there(code):
            return there
        bare = _without_tail(code)
        length = len(bare)
        if bare.isdecimal() and length not in self.plain and length + 1 in self.padded:
            bare = bare.zfill(length + 1)  # as its neighbours are
        return bare if bare != code else ""

    def hint(self, code: str) -> str:
        """What to say where a code is of no unit: which there is that looks like it."""
        there = self._there(code)
        return f" Có thể là {there}." if there else ""

    def _there(self, code: str) -> str:
        alike = self.by_core.get(_core(code), set()) - {code}
        if not alike or code in self.known:
            return ""
        return max(alike, key=lambda one: (one in self.known, len(one), one))

    def other_case(self, code: str) -> str:
        """The code of the portal or of a row above that is this one in another case."""
        other = self.by_case.setdefault(code.casefold(), code)
        return other if other != code else ""


def why_no_code(code: str) -> str:
    """What Excel has made of a code so that nobody can tell it any more; empty for any other."""
    if EXPONENT.fullmatch(code):
        return f"mã «{code}» là số đã bị Excel rút gọn, mất các chữ số cuối. {AS_TEXT}"
    if A_DATE.fullmatch(code):
        return f"mã «{code}» đã bị Excel đổi thành ngày. {AS_TEXT}"
    return ""


def _core(code: str) -> str:
    """What Excel leaves of a code: no zeros in front, no tail, and whatever case it is in."""
    return _without_tail(code).lstrip("0").casefold()


def _without_tail(code: str) -> str:
    found = TAIL.fullmatch(code)
    return found[1] if found else code
