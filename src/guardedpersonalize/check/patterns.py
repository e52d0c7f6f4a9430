r"""
The pattern language of token rules: one line is one pattern.

A pattern is matched on the words of a sentence (see `sentences`), so case, typographic
apostrophes, contractions ("we've" is `we have`) and line breaks do not matter.

    word            that word
    a|b|c           one of several
    two_words       a blank inside an alternative is written `_`
    Word            that word, if it has a capital or starts the sentence (German `Sie`)
    @list           a word of a list of rules/lists.<language>.toml; also `@list|word`
    walk*  *ing     a word that starts or ends so
    #               a number in digits ("17", "4,000", "8:14", "6h")
    ##              a number of just two digits
    *               any one word
    !a|b            any one word but these
    [ … ]           may be absent
    ...  ...8       up to 4 (8) words, within a clause; up to 10 (8) characters where the
                    language is written without blanks, see `unspaced`
    ^               the sentence starts here; a greeting and a name may stand before
    ~               the sentence or a clause of it starts here
    $               the sentence ends here, but for its closing marks
    , ; : - . ! ?   that mark (round brackets count as `,`)
    <Name>          a word with a capital that does not start the sentence
    <observed>      words in the value of a slot of that provenance; also `<provided>`,
                    `<derived>`, `<inferred>`, and `<slot>` for any

Every pattern becomes a regular expression whose repetitions are bounded or possessive, so a text
of any kind is read in time linear in its length. spaCy's own `Matcher` was measured beside it: 300
such patterns took 3 ms on a text of 18 words, as sets of words call back into Python for each word
and pattern; and alternatives of several words cannot be said in one of its patterns.

A pattern has to ask for something: one rarer word, or three common ones. Words inside `[ … ]` do
not count.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from guardedpersonalize.check.sentences import CAPITAL, NUMBER, SLOT_MARKS, Sentence
from guardedpersonalize.check.wordlists import WordLists
from guardedpersonalize.errors import ConfigError
from guardedpersonalize.vocabulary import Provenance, did_you_mean

__all__ = ["Pattern"]

_MARKS: Final = "[\ue000-\uf8ff]*+"
_END: Final = "(?= )"
_GAP_WORDS: Final = 4
_LONGEST_GAP: Final = 12
_GAP_CHARACTERS: Final = 10
_LONGEST_GAP_OF_CHARACTERS: Final = 30
_GAP_WORD: Final = rf" (?!{_MARKS}[;:.!?-])[^ ]++"
_STOP: Final = r"(?=(?: (?:[.!?,:-]|\.\.\.))*+ $)"
_ATOM: Final = re.compile(r"[\[\]]|[^\s\[\]]+")

_COMMON_COST: Final = 100
_COMMON_WEIGHT: Final = 1
_LEAST_WEIGHT: Final = 3  # one rarer word or three common ones
_SHORTEST_STEM: Final = 4  # letters, the star included, from which "walk*" counts as rarer

_NAME: Final = "<Name>"
_SLOT_WORDS: Final = {
    "<slot>": "[" + "".join(SLOT_MARKS.values()) + "]",
    **{f"<{p.value}>": SLOT_MARKS[p] for p in Provenance},
}

Keys = frozenset[str]


@dataclass(frozen=True, slots=True)
class Pattern:
    """
    A parsed pattern.

    Args:
        source: The line as written.
        expression: A regular expression over a sentence's line, not yet compiled.
        keys: The pattern cannot match a sentence that has none of these keys; empty if it may
            match any.
        others: More sets of keys, one of each of which has to be there.
    """

    source: str
    expression: str
    keys: Keys
    others: tuple[Keys, ...] = ()

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
        sets = sorted({need.keys for need in needs if need.keys}, key=parser.cost)
        return cls(source, expression, sets[0] if sets else frozenset(), tuple(sets[1:]))

    def may_match(self, keys: Keys) -> bool:
        """Tell whether a sentence with these *keys* has one of each set that is asked for."""
        if self.keys and self.keys.isdisjoint(keys):
            return False
        for asked in self.others:  # noqa: SIM110  # a generator would cost more than the rest
            if asked.isdisjoint(keys):
                return False
        return True

    def search(self, sentence: Sentence) -> re.Match[str] | None:
        """Return the first match in the line of *sentence*, or None."""
        if not self.may_match(sentence.keys):
            return None
        return _compiled(self.expression).search(sentence.line)

    def finditer(self, sentence: Sentence) -> Iterator[re.Match[str]]:
        """
        Return the matches in the line of *sentence*, from the left, not overlapping.

        Nothing is asked of its keys before: see `may_match`.
        """
        return _compiled(self.expression).finditer(sentence.line)


@functools.lru_cache(maxsize=8192)
def _compiled(expression: str) -> re.Pattern[str]:
    """Compile when first asked for: a catalogue has a thousand patterns, most texts need ten."""
    return re.compile(expression)


def _bad(source: str, why: str, remedy: str | None = None) -> ConfigError:
    return ConfigError("GP122", f"the pattern {source!r} cannot be read: {why}", remedy=remedy)


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


class _Parser:
    """Turns one line into a regular expression, and collects what every match must hold."""

    def __init__(self, source: str, lists: WordLists) -> None:
        self._source = source
        self._lists = lists
        self._common = frozenset(lists.common)
        self._atoms = _ATOM.findall(source)
        self._at = 0
        self._has_ended = False

    def cost(self, keys: Keys) -> tuple[int, list[str]]:
        """Order sets of keys by how often they call for the pattern."""
        return sum(_COMMON_COST if key in self._common else 1 for key in keys), sorted(keys)

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
            needs.append(need)
        if depth:
            raise _bad(self._source, "a bracket is not closed.")
        return "".join(parts), needs

    def _check_end(self, atom: str) -> None:
        """A sentence ends at a full stop: what stands behind one can never match."""
        if self._has_ended and any(sign.isalnum() or sign in "@#*<" for sign in atom):
            raise _bad(self._source, "it goes on behind the end of a sentence.")
        self._has_ended |= not atom.startswith("...") and set(atom) <= set("|.!?")

    def _atom(self, atom: str) -> tuple[str, _Need]:
        """Return the expression of *atom*, and what it needs."""
        if atom in {"^", "~", "$"}:
            return self._place(atom), _PLACE
        if atom.startswith("..."):
            return f"(?:{_GAP_WORD}){{0,{self._gap(atom[3:])}}}?", _ANY_WORD
        if atom == "*":
            return f" {_MARKS}[^ ]++", _ANY_WORD
        if atom.startswith("!") and atom[1:2] not in {"", "|"}:
            inner = self._any_of(self._choices(atom[1:]))
            return f" (?!{_MARKS}(?:{inner}){_END})[^ ]++", _ANY_WORD
        if atom in _SLOT_WORDS:
            mark = _SLOT_WORDS[atom]
            return f"(?: {mark}[^ ]++)+", _Need(frozenset(mark.strip("[]")), _LEAST_WEIGHT)
        return self._words(atom)

    def _place(self, sign: str) -> str:
        """Return the expression of a place: start of the sentence, of a clause, end."""
        if sign == "$":
            return _STOP
        if sign == "~":
            words = self._any_of(self._lists.conjunctions)
            return rf"(?:(?:^|(?<= [,;:-]))| {_MARKS}(?:{words}){_END})"
        words = self._any_of(self._lists.greetings)
        name = rf" {_MARKS}[\w&']+"
        return rf"^(?: (?:{words})(?:{name}){{0,3}}? [,!-]|{name} ,)?+"

    def _any_of(self, words: Iterable[str]) -> str:
        return "|".join(self._word(word)[0] for word in words) or "(?!)"

    def _gap(self, digits: str) -> int:
        is_spaced = self._lists.spaced
        longest = _LONGEST_GAP if is_spaced else _LONGEST_GAP_OF_CHARACTERS
        if not digits:
            return _GAP_WORDS if is_spaced else _GAP_CHARACTERS
        if not digits.isascii() or not digits.isdigit() or not 0 < int(digits) <= longest:
            raise _bad(self._source, f"a gap takes 1 to {longest} words.")
        return int(digits)

    def _words(self, atom: str) -> tuple[str, _Need]:
        words = sorted(self._choices(atom), key=len, reverse=True)  # "saw" would hide "saw that"
        read = [self._word(word) for word in words]
        expression = "|".join(expression for expression, _ in read)
        keys = [key for _, key in read]
        need = _Need(
            frozenset(key for key in keys if key) if all(keys) else frozenset(),
            min(self._weight(word, key) for word, key in zip(words, keys, strict=True)),
        )
        return f" {_MARKS}(?:{expression}){_END}", need

    def _weight(self, word: str, key: str | None) -> int:
        """Return how much one alternative narrows, given its key as of `_key`."""
        if key in {"", CAPITAL}:
            return _COMMON_WEIGHT
        if key not in self._common:
            return _LEAST_WEIGHT
        return min(len(self._lists.pieces(word)) * _COMMON_WEIGHT, _LEAST_WEIGHT)

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
            elif choice.startswith("<") and choice != _NAME:
                why = f"{choice!r} is no placeholder that may stand here."
                raise _bad(self._source, why, did_you_mean(choice, [*_SLOT_WORDS, _NAME]))
            else:
                words.append(choice.replace("_", " "))
        return words

    def _word(self, word: str) -> tuple[str, str | None]:
        """Return the expression of one alternative, and its key as of `_key`."""
        if len(word) > 1 and not word.strip("#"):
            return rf"\d{{{len(word)}}}", "#"
        if word == _NAME:
            return rf"(?<={CAPITAL})[^ ]++", CAPITAL
        if "*" in word and not self._lists.spaced:
            raise _bad(self._source, "a star stands for nothing in a language without blanks.")
        pieces = self._lists.pieces(word)
        needs = [piece.lower() for piece in pieces]
        return f"{_END} {_MARKS}".join(map(_piece, pieces)), self._key(needs)

    def _key(self, words: list[str]) -> str | None:
        """Return the word of an alternative to look for; None for stars, "" for bare ones."""
        plain = [word for word in words if "*" not in word]
        for word in plain:
            if word not in self._common:
                return word
        if plain:
            return plain[0]
        return None if max(map(len, words)) > _SHORTEST_STEM else ""


def _piece(word: str) -> str:
    """Return the expression of a single word, whose stars stand for any letters."""
    if word == "#":
        return rf"{NUMBER.pattern}[^ ]*+"
    letters = "[^ ]*".join(re.escape(part) for part in word.lower().split("*"))
    return rf"(?:(?<={CAPITAL})|(?<=^ )){letters}" if word[:1].isupper() else letters
