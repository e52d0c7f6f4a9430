"""Reading the vocabulary's data files, and naming the nearest known term for an unknown one."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Any, Final

from guardedpersonalize.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["is_within", "nearest", "parent_of", "table", "unknown_term"]

# difflib is quadratic, so long words are cut before they are compared.
_COMPARED_CHARACTERS: Final = 80

# What a term can look like. Anything else may be a value in the wrong place and is not repeated.
_SHOWABLE: Final = re.compile(r"[^\W\d]\w*(?:[.:\-]\w+)*")


@functools.cache
def table(name: str) -> dict[str, dict[str, Any]]:
    """Return the rows of the data file *name*`.toml` by key, read once and not to be changed."""
    import tomllib  # noqa: PLC0415  # the enums alone need no tables
    from importlib import resources  # noqa: PLC0415  # the same

    text = resources.files(__package__).joinpath(f"{name}.toml").read_text("utf-8")
    rows: dict[str, dict[str, Any]] = tomllib.loads(text)[name]
    return rows


def is_within(key: str, ancestor: str) -> bool:
    """Tell whether the dotted *key* is *ancestor* or below it."""
    return key == ancestor or key.startswith(f"{ancestor}.")


def parent_of(key: str) -> str | None:
    """Return the dotted *key* without its last word, or None for a root."""
    return key.rpartition(".")[0] or None


def nearest(word: object, known: Iterable[str]) -> str | None:
    """Return the one of *known* that looks most like *word*, or None if none comes close."""
    import difflib  # noqa: PLC0415  # only a mistake needs it

    if not isinstance(word, str):
        return None
    # Reversed, so that of terms that differ only in case the first one wins.
    choices = {term.casefold(): term for term in sorted(known, reverse=True)}
    asked = word[:_COMPARED_CHARACTERS].casefold()
    close = difflib.get_close_matches(asked, list(choices), n=1)
    return choices[close[0]] if close else None


def did_you_mean(word: object, known: Iterable[str]) -> str:
    """Return a remedy that offers the one of *known* nearest to *word*, or "" if none is near."""
    close = nearest(word, known)
    return f"Did you mean {close!r}?" if close else ""


def unknown_term(kind: str, word: object, known: Iterable[str]) -> ConfigError:
    """Return the error GP105 for *word*, which is no *kind*, with the nearest known one."""
    remedy = did_you_mean(word, known) or None
    return ConfigError("GP105", f"no {kind} {_shown(word)}.", remedy=remedy)


def _shown(word: object) -> str:
    if not isinstance(word, str):
        return f"of type {type(word).__name__!r}"
    if len(word) > _COMPARED_CHARACTERS or not _SHOWABLE.fullmatch(word):
        return "of that spelling"
    return repr(word)
