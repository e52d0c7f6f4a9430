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
_STEMS: Final = (re.compile(r"[^\W\d_*]+\*?"), re.compile(r"\*?[^\W\d_*]+"))
"""Words of an expression written out, with a star where it leaves letters open."""
_ENDING: Final = re.compile(r"\*[^\W\d_*]+")
_SHORTEST_STEM: Final = 3
_STARRED: Final = re.compile(r"[^\s|!_\[\]]*\*[^\s|_\[\]]*")
_REPEATS: Final = frozenset({"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"})
_ANYTHING: Final = frozenset({"ANY", "NOT_LITERAL"})
_NO_LETTERS: Final = frozenset({"CATEGORY_SPACE", "CATEGORY_DIGIT", "CATEGORY_NOT_WORD"})
_LOOKS: Final = frozenset({"ASSERT", "ASSERT_NOT"})
_DEPTH: Final = 6
_MOST_READINGS: Final = 1_000
"""Strings that one expression is written out into; beyond, its pieces are words of their own."""
_FEW_SIGNS: Final = 6
"""Signs of a class, as in `[ée]`, that are written out one by one."""


class Lexicon:
    """
    The words that are looked for, in small letters.

    Args:
        words: Words; a star stands for any letters, as in "arriv*".
        endings: Endings that patterns look for ("*ing"): by them they tell words apart.
    """

    def __init__(self, words: Iterable[str], endings: Iterable[str] = ()) -> None:
        given = frozenset(word.lower() for word in words)
        starred = sorted(word for word in given if "*" in word)
        self._words = given.difference(starred)
        ways = "|".join(".*".join(map(re.escape, stem.split("*"))) for stem in starred)
        self._starred = re.compile(ways or "(?!)")
        self._endings = tuple(sorted({ending.lower().lstrip("*") for ending in endings}))

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
        words = {word for word in words if "*" not in word or len(word) > _SHORTEST_STEM}
        starred = {star for line in lines for star in _STARRED.findall(line) if star.strip("*")}
        endings = {star for star in starred if _ENDING.fullmatch(star)}
        return cls(words | (starred - endings), endings)

    def knows(self, word: str) -> bool:
        """Tell whether something looks for *word*, in small letters."""
        return word in self._words or self._starred.fullmatch(word) is not None

    def endings(self, word: str) -> tuple[str, ...]:
        """Return the endings that are looked for and that *word*, in small letters, has."""
        if not word.endswith(self._endings):
            return ()
        return tuple([ending for ending in self._endings if word.endswith(ending)])


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
    tokenizer = import_module("guardedpersonalize.check.tokenizer")
    for text in tokenizer.tokenizer_of("en").exceptions:
        words |= _words_of(re.escape(text))
    return frozenset(words)


def _strings(value: object, depth: int = _DEPTH) -> Iterator[str]:
    """Yield the texts inside of *value*."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, re.Pattern):
        yield value.pattern
    elif depth:
        for inner in _inside(value):
            yield from _strings(inner, depth - 1)


def _inside(value: object) -> Iterable[object]:
    """Return what *value* is made of."""
    if isinstance(value, Mapping):
        return [*value, *value.values()]
    if isinstance(value, list | tuple | set | frozenset):
        return value
    if isinstance(value, BaseModel):
        return [inner for _, inner in value]
    if is_dataclass(value) and not isinstance(value, type):
        return [getattr(value, field.name) for field in fields(value)]
    return ()


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
            for stem in _STEMS:
                found.update(stem.findall(reading.lower()))
    return frozenset(found)


def _readings(expression: Any) -> list[str]:  # noqa: ANN401  # re tells no type
    """Return what *expression* may match, a blank or a star for what is not written out."""
    done: list[str] = []
    found = [""]
    for operator, argument in expression:
        ways = _ways(str(operator), argument)
        if len(found) * len(ways) > _MOST_READINGS:
            done, found = [*done, *found], ways
        else:
            found = [start + way for start in found for way in ways]
    return [*done, *found]


def _ways(operator: str, argument: Any) -> list[str]:  # noqa: ANN401  # re tells no type
    """Return what one piece of an expression may match."""
    if operator == "LITERAL":
        ways = [chr(argument)]
    elif operator == "IN":
        signs = [chr(sign) for kind, sign in argument if str(kind) == "LITERAL"]
        is_small = len(signs) == len(argument) <= _FEW_SIGNS
        ways = signs if is_small else [" ", "*"] if _has_letters(argument) else [" "]
    elif operator in _ANYTHING:
        ways = [" ", "*"]
    elif operator == "BRANCH":
        ways = [way for inner in argument[1] for way in _readings(inner)]
    elif operator in _REPEATS:
        least, most, inner = argument
        once = _readings(inner)
        ways = once if most == 1 else [way if way == "*" else f"{way} " for way in once]
        ways = [*ways, ""] if least == 0 else ways
    elif operator in _LOOKS:
        ways = [f" {way} " for way in _readings(argument[1])]
    elif operator == "AT":
        ways = [""]
    else:
        ways = [way for inner in inner_of(argument) for way in _readings(inner)] or [" "]
    return ways


def _has_letters(signs: Any) -> bool:  # noqa: ANN401  # re tells no type
    """Tell whether a class of *signs* may have letters."""
    return any(
        (kind == "RANGE" and chr(sign[1]).isalpha())
        or (kind == "LITERAL" and chr(sign).isalpha())
        or kind == "NEGATE"
        or (kind == "CATEGORY" and str(sign) not in _NO_LETTERS)
        for kind, sign in ((str(kind), sign) for kind, sign in signs)
    )
