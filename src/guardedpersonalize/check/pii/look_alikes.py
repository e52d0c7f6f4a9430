"""A text as it looks: invisible characters left out, look-alikes of plain ones as those."""

from __future__ import annotations

import functools
import re
import tomllib
import unicodedata
from pathlib import Path
from typing import Final

from guardedpersonalize.check.characters import plain
from guardedpersonalize.check.reading import Offsets

__all__ = ["as_seen"]

FILE: Final = Path(__file__).parent / "confusables.toml"

_MOST_KEPT: Final = 10_000
_RAISED: Final = ("<super>", "<sub>")
"""Compatibility forms that are read as something else: of m² the 2 is no digit of a number."""


class _Folds(dict[int, str]):
    """Code point -> what it looks like, for `str.translate`; filled as characters come up."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        form = unicodedata.normalize("NFKC", char)
        is_plain = len(form) == 1 and form.isascii() and form.isprintable()
        if not is_plain or unicodedata.decomposition(char).startswith(_RAISED):
            form = char
        if len(self) < _MOST_KEPT:
            self[code] = form
        return form


def as_seen(text: str) -> tuple[str, Offsets | None]:
    """
    Return *text* as `plain` does, and with look-alikes of letters, digits and signs as those.

    Full-width and mathematical letters count, and those of other scripts that UTS #39 lists as
    confusable; one that looks like a digit counts beside a digit only.

    Returns:
        The text, and its offsets in *text*; None where no character was taken away.
    """
    if text.isascii():
        return text, None
    kept, offsets = plain(text)
    if kept.isascii():
        return kept, offsets
    letters, digits, beside = _tables()
    kept = kept.translate(letters)
    return beside.sub(lambda match: "".join(map(digits.__getitem__, match[0])), kept), offsets


@functools.cache
def _tables() -> tuple[_Folds, dict[str, str], re.Pattern[str]]:
    data: dict[str, dict[str, str]] = tomllib.loads(FILE.read_text(encoding="utf-8"))
    letters = _Folds()
    for table in (data["letters"], data["signs"]):
        for looks_like, chars in table.items():
            letters.update(dict.fromkeys(map(ord, chars), looks_like))
    digits = {char: digit for digit, chars in data["digits"].items() for char in chars}
    # What looks like a digit and like a letter stays what it is in words.
    for char in digits:
        letters[ord(char)] = char
    inside = "".join(map(re.escape, digits))
    return letters, digits, re.compile(f"(?<=[0-9])[{inside}]{{1,20}}|[{inside}]{{1,20}}(?=[0-9])")
