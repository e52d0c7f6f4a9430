"""
Every word that a rule, a list or a recogniser looks for.

A word that stands in none of them is to all of them like any other such word of the same length and
case: no pattern, hint or guard can tell "Bokodi" from "Sodama". The reader of drafts rests on that.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from pydantic import BaseModel

from guardedpersonalize.check.expressions import inner_of, parsed
from guardedpersonalize.check.rule import ANY_LANGUAGE

if TYPE_CHECKING:
    from guardedpersonalize.check.rules import RuleSet

__all__ = ["Lexicon"]

_MODULES: Final = (
    "check.common_words",
    "check.language",
    "check.matchers.entity",
    "check.months",
    "check.pii.births",
    "check.pii.disguises",
    "check.pii.emails",
    "check.pii.hints",
    "check.pii.numbers",
    "check.pii.phones",
    "check.pii.places",
    "check.reader.windows",
    "check.sentences",
    "check.spelt_numbers",
)
"""Modules whose tables and expressions name words."""

_ROW: Final = ("pattern", "words", "needs")
_WORD: Final = re.compile(r"[^\W\d_]+")
_STARRED: Final = re.compile(r"[^\s|!_\[\]]*\*[^\s|_\[\]]*")
_DEPTH: Final = 6
_MOST_READINGS: Final = 4_000
"""Strings that one expression is written out into; beyond, its pieces are words of their own."""
_FEW_SIGNS: Final = 6
"""Signs of a class, as in `[ée]`, that are written out one by one."""


class Lexicon:
    """
    The words that are looked for, in small letters.

    Args:
        words: Words.
        starred: Words with a star for any letters, as in "walk*".
    """

    def __init__(self, words: Iterable[str], starred: Iterable[str] = ()) -> None:
        self._words = frozenset(words)
        stems = sorted({star.lower() for star in starred if _WORD.search(star)})
        ways = "|".join(".*".join(map(re.escape, stem.split("*"))) for stem in stems)
        self._starred = re.compile(ways or "(?!)")

    @classmethod
    @functools.lru_cache(maxsize=16)
    def of(cls, rules: RuleSet, lang: str, extra: tuple[str, ...] = ()) -> Lexicon:
        """
        Gather the words of *rules*, of their lists, and of the shipped recognisers.

        Args:
            rules: The rules in use.
            lang: Language of the texts; rules for any language read them too.
            extra: More texts and expressions whose words are looked for.
        """
        lists = rules.lists.get(lang)
        lines = list(_strings(lists)) if lists else []
        expressions = [*extra]
        for rule in rules.rules:
            if rule.is_active and rule.lang in {ANY_LANGUAGE, lang}:
                is_pattern = rule.match.kind == "tokens"
                (lines if is_pattern else expressions).extend(_strings(rule.match))
        words = set(_of_recognisers())
        words.update(word for line in lines for word in _WORD.findall(line.lower()))
        words.update(word for source in expressions for word in _words_of(source))
        return cls(words, {star for line in lines for star in _STARRED.findall(line)})

    def knows(self, word: str) -> bool:
        """Tell whether something looks for *word*, in small letters."""
        return word in self._words or self._starred.fullmatch(word) is not None


@functools.cache
def _of_recognisers() -> frozenset[str]:
    words: set[str] = set()
    for name in _MODULES:
        module = import_module(f"guardedpersonalize.{name}")
        for key, value in vars(module).items():
            if not key.startswith("__"):
                for text in _strings(value):
                    words |= _words_of(text)
    rows = import_module("guardedpersonalize.check.pii.rows")
    for row in rows.load_rows():
        for key in _ROW:
            for text in _strings(getattr(row, key)):
                words |= _words_of(text)
    spacy = import_module("guardedpersonalize.check.sentences")
    for text in spacy.tokens_of_their_own("en"):
        words |= _words_of(re.escape(text))
    return frozenset(words)


def _strings(value: object, depth: int = _DEPTH) -> Iterator[str]:
    """Yield the texts inside of *value*."""
    if depth == 0:
        return
    if isinstance(value, str):
        yield value
    elif isinstance(value, re.Pattern):
        yield value.pattern
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _strings(key, depth - 1)
            yield from _strings(inner, depth - 1)
    elif isinstance(value, list | tuple | set | frozenset):
        for inner in value:
            yield from _strings(inner, depth - 1)
    elif isinstance(value, BaseModel):
        for _, inner in value:
            yield from _strings(inner, depth - 1)
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from _strings(getattr(value, field.name), depth - 1)


@functools.lru_cache(maxsize=65_536)
def _words_of(text: str) -> frozenset[str]:
    """Return the words of *text*, read as a text and as an expression."""
    found = set(_WORD.findall(text.lower()))
    if not text.isalpha():
        try:
            readings = _readings(parsed(text))
        except (re.error, RecursionError, OverflowError):
            readings = []
        for reading in readings:
            found.update(_WORD.findall(reading.lower()))
    return frozenset(found)


def _readings(expression: Any) -> list[str]:  # noqa: ANN401  # re tells no type
    """Return what *expression* may match, a blank for what is not written out."""
    found = [""]
    for operator, argument in expression:
        ways = _ways(str(operator), argument)
        if len(found) * len(ways) > _MOST_READINGS:
            found = [" ".join([*found, *ways])]
        else:
            found = [start + way for start in found for way in ways]
    return found


def _ways(operator: str, argument: Any) -> list[str]:  # noqa: ANN401  # re tells no type
    if operator == "LITERAL":
        return [chr(argument)]
    if operator == "IN":
        signs = [chr(sign) for kind, sign in argument if str(kind) == "LITERAL"]
        is_small = len(signs) == len(argument) <= _FEW_SIGNS
        return signs if is_small else [" "]
    if operator == "BRANCH":
        return [way for inner in argument[1] for way in _readings(inner)]
    if operator in {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"}:
        least, most, inner = argument
        once = _readings(inner)
        if most == 1:
            return [*([""] if least == 0 else []), *once]
        return [f"{way} " for way in once] + [""] * (least == 0)
    if operator in {"ASSERT", "ASSERT_NOT"}:
        return [f" {way} " for way in _readings(argument[1])]
    if operator == "AT":
        return [""]
    inner = list(inner_of(argument))
    return [way for one in inner for way in _readings(one)] or [" "]
