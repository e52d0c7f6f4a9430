"""The word lists and guards that token rules share: `rules/lists.<language>.toml`."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from guardedpersonalize.check.unspaced import cut
from guardedpersonalize.errors import ConfigError
from guardedpersonalize.vocabulary import unknown_term

__all__ = ["RULES_FOLDER", "Guard", "Reach", "Respelling", "WordLists"]

RULES_FOLDER: Final = Path(__file__).parents[1] / "rules"
"""The shipped catalogue of rules."""

Words = Annotated[tuple[str, ...], Field(min_length=1)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Reach(StrEnum):
    """Where a guard has to stand to excuse a match."""

    SENTENCE = "sentence"
    """Anywhere in the sentence of the match."""
    NEIGHBOURS = "neighbours"
    """In that sentence, the one before or the one after."""
    BEFORE = "before"
    """In that sentence, not after the start of the match: "if you looked at it ..."."""


class Guard(_Strict):
    """
    What excuses a match: a fact of a service, a wish that the reader stated, a condition.

    Args:
        reach: Where it has to stand.
        any: Patterns, one of which has to match.
    """

    reach: Reach = Reach.SENTENCE
    any: Words


class Respelling(_Strict):
    """
    A short spelling with two readings.

    Args:
        usual: The usual one ("ur" for "your").
        otherwise: The one before certain words ("ur getting" for "you are").
        before: Words that call for it; a star stands for any start ("*ing").
    """

    usual: str
    otherwise: str
    before: Words

    def reading(self, following: str) -> str:
        """Return the reading that fits the lower-cased word *following*."""
        fits = any(_fits(following, word) for word in self.before)
        return self.otherwise if fits else self.usual


class WordLists(_Strict):
    """
    Everything of `lists.<language>.toml`.

    Args:
        lists: Name -> words. A word may be several words ("mother in law"), have a star for any
            letters, or be another list ("@parent"). Patterns call a list by `@name`.
        guards: Name -> guard. Rules name the ones that they heed.
        common: Words that are in every text; a pattern needs more than one of them.
        greetings: Words that a letter starts with.
        conjunctions: Words that a clause may start with.
        spellings: Short spelling -> the words it stands for ("u" -> "you"), all in lower case.
        ambiguous: Short spelling -> its two readings.
        preview: True where the rules of the language are in preview.
        spaced: False for a language that is written without blanks, see `check.unspaced`.
    """

    lists: Mapping[str, Words]
    guards: Mapping[str, Guard] = {}
    common: tuple[str, ...] = ()
    greetings: tuple[str, ...] = ()
    conjunctions: tuple[str, ...] = ()
    spellings: Mapping[str, str] = {}
    ambiguous: Mapping[str, Respelling] = {}
    preview: bool = False
    spaced: bool = True

    def pieces(self, word: str) -> list[str]:
        """Return the words that a reader of the language makes of *word*."""
        if self.spaced:
            return word.split(" ")
        return [normal for _, normal, _ in cut(word) if normal.strip()]

    def words(self, name: str) -> tuple[str, ...]:
        """
        Return the words of the list *name* and of the lists inside it, sorted.

        Raises:
            ConfigError: GP105, if there is no such list; GP122, if lists name each other in a ring.
        """
        return tuple(sorted(self._collect(name, ())))

    def _collect(self, name: str, outer: tuple[str, ...]) -> set[str]:
        if name in outer:
            raise ConfigError("GP122", f"the word list {name!r} is part of itself.")
        if name not in self.lists:
            raise unknown_term("word list", name, self.lists)
        found: set[str] = set()
        for word in self.lists[name]:
            inner = word.startswith("@")
            found |= self._collect(word[1:], (*outer, name)) if inner else {word}
        return found

    def guard(self, name: str) -> Guard:
        """Return the guard *name*; GP105 if there is none."""
        if name not in self.guards:
            raise unknown_term("guard", name, self.guards)
        return self.guards[name]

    def respelt(self, word: str, following: str) -> str:
        """Return what the lower-cased *word* stands for, given the word after it."""
        if word in self.ambiguous:
            return self.ambiguous[word].reading(following)
        return self.spellings.get(word, word)


def _fits(word: str, pattern: str) -> bool:
    if pattern.startswith("*"):
        return word.endswith(pattern[1:]) and len(word) >= len(pattern)
    return word == pattern
