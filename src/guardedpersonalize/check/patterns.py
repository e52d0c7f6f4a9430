r"""
The pattern language of token rules: one line is one pattern.

A pattern is matched on the words of a sentence (see `sentences`), so case, typographic
apostrophes, contractions ("we've" is `we have`) and line breaks do not matter.

    word            that word
    a|b|c           one of several
    two_words       a blank inside an alternative is written `_`
    @list           a word of a list of rules/lists.<language>.toml; also `@list|word`
    walk*  *ing     a word that starts or ends so
    #               a number in digits ("17", "4,000", "8:14", "6h")
    *               any one word
    !a|b            any one word but these
    [ … ]           may be absent
    ...  ...8       up to 4 (8) words, within a clause
    ^               the sentence starts here; a greeting and a name may stand before
    ~               the sentence or a clause of it starts here
    $               the sentence ends here, but for its closing marks
    , ; : - . ! ?   that mark (round brackets count as `,`)
    <Name>          a word with a capital that does not start the sentence
    <observed>      words in the value of a slot of that provenance; also `<provided>`,
                    `<derived>`, `<inferred>`, and `<slot>` for any

Every pattern is compiled to a regular expression whose repetitions are bounded, so a text of any
kind is read in time linear in its length. spaCy's own `Matcher` was measured against it: 300 such
patterns took 3 ms on a text of 18 words, because sets of words call back into Python for each
word and pattern; alternatives of several words it cannot express in one pattern.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from guardedpersonalize.check.sentences import CAPITAL, NUMBER, SLOT_MARKS, Sentence
from guardedpersonalize.check.wordlists import WordLists
from guardedpersonalize.errors import ConfigError
from guardedpersonalize.vocabulary import Provenance, nearest

__all__ = ["Pattern"]

_MARKS: Final = "[\ue000-\uf8ff]*+"
_END: Final = "(?= )"
_GAP_WORDS: Final = 4
_LONGEST_GAP: Final = 12
_GAP_WORD: Final = rf" (?!{_MARKS}[;:.!?-])[^ ]++"
_NAME: Final = r"[\w&'’]+"
_START: Final = (
    rf"^(?: {_MARKS}[\"'*])?"
    rf"(?: (?:hi|hello|hey|dear|yo)(?: {_MARKS}{_NAME}){{0,3}}? [,!-]| {_MARKS}{_NAME} ,)?+"
)
_CLAUSE: Final = rf"(?:(?:^|(?<= [,;:-]))| {_MARKS}(?:and|but|so|because|or)(?= ))"
_STOP: Final = rf"(?=(?: (?:[.!?,:-]|\.\.\.))*+ $)"
_ATOM: Final = re.compile(r"[\[\]]|[^\s\[\]]+")

# Which words make a poor key for finding the patterns worth trying: they are in every text.
_COMMON: Final = frozenset(
    "a an and are as at be been but by can do for from had has have he i in is it just more "
    "my no not of on one or our out over she so that the they this to up us was we what when "
    "who will with you your , . ? ! : - # 's".split()
)
_COMMON_COST: Final = 100
_COMMON_WEIGHT: Final = 1
_LEAST_WEIGHT: Final = 3  # one rare word or three common ones
_SHORTEST_STEM: Final = 4

_SLOT_WORDS: Final = {
    "<slot>": "[" + "".join(SLOT_MARKS.values()) + "]",
    **{f"<{p.value}>": SLOT_MARKS[p] for p in Provenance},
}

Keys = frozenset[str]


@dataclass(frozen=True, slots=True)
class _Need:
    """
    What one place of a pattern asks for.

    Args:
        keys: One of these is in every sentence that matches; empty where no such list exists.
        weight: How much it narrows: 0 for any word, `_COMMON_WEIGHT` for a word of every text,
            `_LEAST_WEIGHT` for a rarer one.
    """

    keys: Keys
    weight: int


_ANY_WORD: Final = _Need(frozenset(), 0)
_PLACE: Final = _Need(frozenset(), _COMMON_WEIGHT)



@dataclass(frozen=True, slots=True)
class Pattern:
    """
    A parsed pattern.

    Args:
        source: The line as written.
        expression: A regular expression over a sentence's line, not yet compiled.
        keys: The pattern cannot match a sentence that has none of these keys; empty if it may
            match any.
    """

    source: str
    expression: str
    keys: Keys

    @classmethod
    def parse(cls, source: str, lists: WordLists, *, excuses: bool = False) -> Pattern:
        """
        Read one line of the pattern language.

        Args:
            source: The line.
            lists: The word lists that it may name.
            excuses: True for a guard, which may be as broad as it likes.

        Raises:
            ConfigError: GP122, if the line does not follow the language; GP105, if it names a
                list that there is none of.
        """
        parser = _Parser(source, lists)
        expression, needs = parser.sequence(depth=0)
        if not excuses and sum(need.weight for need in needs) < _LEAST_WEIGHT:
            remedy = "Let it need a rarer word, or three common ones, outside brackets."
            raise _bad(source, "it would match nearly any text.", remedy)
        keys = min((need.keys for need in needs), key=_cost, default=frozenset[str]())
        return cls(source, expression, keys)

    def search(self, sentence: Sentence) -> re.Match[str] | None:
        """Return the first match in the line of *sentence*, or None."""
        if self.keys and self.keys.isdisjoint(sentence.keys):
            return None
        return _compiled(self.expression).search(sentence.line)

    def finditer(self, sentence: Sentence) -> Iterator[re.Match[str]]:
        """Return the matches in the line of *sentence*, from the left, not overlapping."""
        return _compiled(self.expression).finditer(sentence.line)


@functools.lru_cache(maxsize=8192)
def _compiled(expression: str) -> re.Pattern[str]:
    """Compile when first asked for: a catalogue has a thousand patterns, most texts need ten."""
    return re.compile(expression)


def _cost(keys: Keys) -> tuple[int, list[str]]:
    """Order sets of keys by how often they will call for the pattern; empty sets come last."""
    if not keys:
        return (10**9, [])
    return (sum(_COMMON_COST if key in _COMMON else 1 for key in keys), sorted(keys))


def _bad(source: str, why: str, remedy: str | None = None) -> ConfigError:
    return ConfigError("GP122", f"the pattern {source!r} cannot be read: {why}", remedy=remedy)


class _Parser:
    """Turns one line into a regular expression, and collects what every match must hold."""

    def __init__(self, source: str, lists: WordLists) -> None:
        self._source = source
        self._lists = lists
        self._atoms = _ATOM.findall(source)
        self._at = 0
        self._has_ended = False

    def sequence(self, depth: int) -> tuple[str, list[_Need]]:
        """Read up to the end of the line, or of the group at *depth*."""
        parts: list[str] = []
        needs: list[_Need] = []
        while self._at < len(self._atoms):
            atom = self._atoms[self._at]
            self._at += 1
            self._check_end(atom)
            if atom == "]":
                if not depth:
                    raise _bad(self._source, "a bracket is closed that was not opened.")
                return "".join(parts), needs
            if atom == "[":
                inner, _ = self.sequence(depth + 1)
                parts.append(f"(?:{inner})?")
                continue
            expression, need = self._atom(atom)
            parts.append(expression)
            if need is not None:
                needs.append(need)
        if depth:
            raise _bad(self._source, "a bracket is not closed.")
        return "".join(parts), needs

    def _check_end(self, atom: str) -> None:
        """A sentence ends at a full stop: what stands behind one can never match."""
        if self._has_ended and any(sign.isalnum() or sign in "@#*<" for sign in atom):
            raise _bad(self._source, "it goes on behind the end of a sentence.")
        is_gap = atom.startswith("...")
        self._has_ended |= not is_gap and set(atom) <= set("|.!?")

    def _atom(self, atom: str) -> tuple[str, _Need | None]:
        """Return the expression of *atom*, and what it needs or None where that is no word."""
        fixed = {"^": _START, "~": _CLAUSE, "$": _STOP}.get(atom)
        if fixed is not None:
            return fixed, _PLACE
        if atom.startswith("..."):
            return f"(?:{_GAP_WORD}){{0,{self._gap(atom[3:])}}}?", None
        if atom == "*":
            return f" {_MARKS}[^ ]++", _ANY_WORD
        if atom.startswith("!") and atom[1:2] not in {"", "|"}:
            inner = "|".join(self._word(word)[0] for word in self._choices(atom[1:]))
            return f" (?!{_MARKS}(?:{inner}){_END})[^ ]++", _ANY_WORD
        if atom in _SLOT_WORDS:
            mark = _SLOT_WORDS[atom]
            return f"(?: {mark}[^ ]++)+", _Need(frozenset(mark.strip("[]")), _LEAST_WEIGHT)
        return self._words(atom)

    def _gap(self, digits: str) -> int:
        if not digits:
            return _GAP_WORDS
        if not digits.isascii() or not digits.isdigit() or not 0 < int(digits) <= _LONGEST_GAP:
            raise _bad(self._source, f"a gap takes 1 to {_LONGEST_GAP} words.")
        return int(digits)

    def _words(self, atom: str) -> tuple[str, _Need]:
        read = [self._word(word) for word in self._choices(atom)]
        expression = "|".join(expression for expression, _ in read)
        keys = [key for _, key in read]
        known = frozenset(key for key in keys if key)
        rare = not any(key == "" or key in _COMMON or key == CAPITAL for key in keys)
        indexed = None not in keys and "" not in keys
        need = _Need(known if indexed else frozenset(), _LEAST_WEIGHT if rare else _COMMON_WEIGHT)
        return f" {_MARKS}(?:{expression}){_END}", need

    def _choices(self, atom: str) -> list[str]:
        """Split *atom* at its bars and put the words of lists in place of their names."""
        if "(" in atom or ")" in atom:
            raise _bad(self._source, "round brackets mean nothing here.", "Optional is [ … ].")
        words: list[str] = []
        for choice in atom.split("|"):
            if not choice:
                raise _bad(self._source, "an alternative is empty.")
            if choice.startswith("@") and len(choice) > 1:
                words += self._lists.words(choice[1:])
            elif choice.startswith("<") and choice != "<Name>":
                known = [*_SLOT_WORDS, "<Name>"]
                close = nearest(choice, known)
                why = f"{choice!r} is no placeholder that may stand here."
                raise _bad(self._source, why, close and f"Did you mean {close!r}?")
            else:
                words.append(choice.replace("_", " "))
        return words

    def _word(self, word: str) -> tuple[str, str | None]:
        """Return the expression of one alternative, and its key as of `_key`."""
        if word == "#":
            return rf"{NUMBER.pattern}[^ ]*+", "#"
        if len(word) > 1 and not word.strip("#"):
            return rf"\d{{{len(word)}}}", "#"
        if word == "<Name>":
            return rf"(?<={CAPITAL})[^ ]++", CAPITAL
        pieces = word.split(" ")
        return f"{_END} {_MARKS}".join(map(_piece, pieces)), _key(pieces)


def _key(words: list[str]) -> str | None:
    """Return the word of an alternative to look for, None for stars, "" for stars alone."""
    plain = [word for word in words if "*" not in word]
    for word in plain:
        if word not in _COMMON:
            return word
    if plain:
        return plain[0]
    return None if max(len(word) for word in words) > _SHORTEST_STEM else ""


def _piece(word: str) -> str:
    """Return the expression of a single word, whose stars stand for any letters."""
    return "[^ ]*".join(re.escape(part) for part in word.split("*"))
