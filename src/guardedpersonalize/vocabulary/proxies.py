"""Proxies: shopping that gives away a sensitive category without naming it."""

from __future__ import annotations

import functools
import re
from typing import Final

from guardedpersonalize.vocabulary.categories import category
from guardedpersonalize.vocabulary.tables import table

__all__ = ["product_proxy"]

# A shop's category is a few words; a text longer than this is something else and is cut.
_READ_CHARACTERS: Final = 500


@functools.cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    rows = table("proxy")
    return tuple((_pattern(rows[key]["words"]), rows[key]["category"]) for key in sorted(rows))


def _pattern(words: list[str]) -> re.Pattern[str]:
    # Longest first, so that no word hides behind its own beginning.
    ordered = sorted(words, key=lambda word: (-len(word), word))
    return re.compile(rf"\b(?:{'|'.join(map(_word, ordered))})\b", re.IGNORECASE)


def _word(word: str) -> str:
    stem = r"[\s\-]+".join(map(re.escape, word.rstrip("*").split()))
    return stem + r"\w*" if word.endswith("*") else stem


def product_proxy(name: str) -> str | None:
    """
    Return the sensitive category that a shop's product category or department gives away.

    Args:
        name: Name of a category or department, e.g. "Prescription medicine"; a key such as
            "baby_formula" is understood too.

    Returns:
        Key of the sensitive category, or None if the list has nothing to say. The list is a net
        under the pack's own `proxy_of`, not in its place.

    Source:
        proxy.toml, a house list after CJEU C-184/20, CJEU C-21/23 and RCW 19.373.010.

    >>> product_proxy("Prescription medicine")
    'user.health_and_medical.medications'
    >>> product_proxy("Garden tools") is None
    True
    """
    text = name[:_READ_CHARACTERS].replace("_", " ")
    for pattern, key in _patterns():
        if pattern.search(text):
            return category(key).proxy_of
    return None
