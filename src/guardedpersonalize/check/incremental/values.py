"""What slots wrote, as it is shown, and whether it is plain."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from guardedpersonalize.check.reader.windows import is_abbreviated
from guardedpersonalize.render.draft import PartKind

if TYPE_CHECKING:
    from guardedpersonalize.check.reading import Writer

__all__ = ["copy_shown", "decodes", "is_free", "shown"]

_REFERENCES: Final = {"&amp;": "&", "&lt;": "<", "&gt;": ">", "&#34;": '"', "&#39;": "'"}
"""What values are escaped with, and what it stands for."""
_REFERENCE: Final = re.compile("|".join(_REFERENCES))

_QUOTE: Final = "'\"\u2018\u2019\u201c\u201d"
_LETTERS: Final = r"[^\W\d_]{1,32}"
_WORD: Final = (
    rf"(?:[£$€]?(?:[A-Za-z0-9]{{1,32}}|\d{{1,9}}(?:[,.]\d{{1,9}}){{1,4}}%?)"
    rf"|[{_QUOTE}]?{_LETTERS}(?:['\u2019-]{_LETTERS}){{0,3}}[{_QUOTE}]?)"
)
_WORDS: Final = re.compile(rf"{_WORD}(?: (?:& )?{_WORD}){{0,7}}")
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{1,128}")


def is_free(value: str, *, is_token: bool) -> bool:
    """Tell whether *value*, as it is shown, is plain enough for its chunk to be free."""
    if is_token:
        return _TOKEN.fullmatch(value) is not None
    return _WORDS.fullmatch(value) is not None and not is_abbreviated(f"{value}.", len(value) + 1)


def decodes(kind: PartKind) -> bool:
    """Tell whether parts of *kind* show what the references in them stand for."""
    return kind is PartKind.HTML


def shown(value: str, kind: PartKind) -> str:
    """Return what is shown of a *value* that a slot wrote into a part of *kind*."""
    if "&" not in value or not decodes(kind):
        return value
    return _REFERENCE.sub(lambda found: _REFERENCES[found[0]], value)


def copy_shown(writer: Writer, value: str, source: int, kind: PartKind) -> None:
    """Write what is shown of a *value* that stands at *source* in a part of *kind*."""
    at = 0
    if "&" in value and decodes(kind):
        for found in _REFERENCE.finditer(value):
            start, end = found.span()
            writer.copy(value[at:start], source + at)
            writer.put(_REFERENCES[found[0]], source + start, source + end)
            at = end
    writer.copy(value[at:], source + at)
