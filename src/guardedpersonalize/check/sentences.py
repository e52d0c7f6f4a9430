"""
A text as sentences of normalised words, for the token rules to read.

spaCy's tokenizer cuts the text, or `unspaced` where the language is written without blanks; no
model is needed. Each sentence becomes one *line*: its words
in their normal form, a blank before each and one at the end, as in
`" we have noticed you , ada "`. Patterns are matched on that line. A word may carry marks in
front: one says that it starts with a capital, others that it lies in the value of a slot.
"""

from __future__ import annotations

import functools
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from guardedpersonalize.check.tokenizer import Token, Tokenizer, tokenizer_of
from guardedpersonalize.check.unspaced import cut
from guardedpersonalize.vocabulary import Provenance

if TYPE_CHECKING:
    from guardedpersonalize.check.wordlists import WordLists

__all__ = [
    "CAPITAL",
    "NUMBER",
    "SLOT_MARKS",
    "Sentence",
    "SentenceReader",
    "SlotRange",
]

CAPITAL: Final = "\ue001"
"""Mark of a word with a capital that does not start its sentence."""

SLOT_MARKS: Final = {
    "": "\ue002",
    Provenance.PROVIDED: "\ue003",
    Provenance.OBSERVED: "\ue004",
    Provenance.DERIVED: "\ue005",
    Provenance.INFERRED: "\ue006",
}
"""Marks of words that lie in the value of a slot, by provenance; "" where it is not known."""

NUMBER: Final = re.compile(r"[a-z$]{0,3}\d")
"""How a number starts: "17", "14th", "rs300", "n4,500"."""

# No word of a rule is this long; longer ones are cut in the line, so that a line stays short.
_LONGEST_WORD: Final = 40

_LONGEST_KEPT_LINE: Final = 1000

_ENDS: Final = frozenset({".", "!", "?", "..."})
_CLAUSES: Final = {"(": ",", ")": ",", "[": ",", "]": ",", "\u2013": "-", "\u2014": "-", "--": "-"}
_MARKS: Final = frozenset({",", ";", ":", "-", "%", "$", "&", "/", "+", "@"}) | _ENDS
_QUOTED: Final = re.compile(
    r'"[^"\n]{1,600}"|“[^”\n]{1,600}”|«[^»\n]{1,600}»|„[^“”\n]{1,600}[“”]'
    r"|»[^«\n]{1,600}«|「[^」\n]{1,600}」|『[^』\n]{1,600}』"
)
_INNER_HYPHEN: Final = re.compile(r"(?<=[^\W\d_])-(?=[^\W\d_])")
_PRIVATE: Final = re.compile("[\ue000-\uf8ff]")


class SlotRange(NamedTuple):
    """Where the value of a slot lies in a text: `[start, end)`, and its provenance or ""."""

    start: int
    end: int
    provenance: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """
    One sentence, ready to be matched. Its repr shows its length, never its words.

    Args:
        line: The normalised words, a blank before each and one at the end.
        places: Where each word starts in the line (its blank).
        spans: Where each word lies in the text, half-open.
        quoted: For each word, whether it stands inside quotation marks.
        keys: What a pattern may ask for before it is tried: words, "#" for a number, marks.
    """

    line: str
    places: tuple[int, ...]
    spans: tuple[tuple[int, int], ...]
    quoted: tuple[bool, ...]
    keys: frozenset[str]

    def __repr__(self) -> str:
        return f"Sentence(<{len(self.places)} words>)"

    def _words_of(self, start: int, end: int) -> tuple[int, int]:
        """Return the half-open range of words behind `[start, end)` of the line."""
        return bisect_right(self.places, start) - 1, bisect_right(self.places, end - 1)

    def span_of(self, start: int, end: int) -> tuple[int, int]:
        """Return the span in the text behind `[start, end)` of the line."""
        first, last = self._words_of(start, end)
        return self.spans[first][0], self.spans[last - 1][1]

    def is_quoted(self, start: int, end: int) -> bool:
        """Tell whether all words behind `[start, end)` of the line are quoted."""
        first, last = self._words_of(start, end)
        return all(self.quoted[first:last])


class _Word(NamedTuple):
    """A token that is no white space: normal form, span, and whether it stands right behind one."""

    normal: str
    start: int
    end: int
    is_glued: bool


class SentenceReader:
    """
    Cuts texts into sentences. Threads may share it: it keeps nothing of what it reads.

    Args:
        lists: How the language is respelt.
        lang: ISO 639-1 code, for spaCy's tokenizer.
    """

    def __init__(self, lists: WordLists, lang: str) -> None:
        self._lists = lists
        self._lang = lang

    def read(
        self, text: str, *, slots: Sequence[SlotRange] = (), blocks: bool = False
    ) -> tuple[Sentence, ...]:
        """
        Cut *text* into sentences.

        Args:
            text: Any text; runs of marks are shortened first, so that time is linear in its length.
            slots: Where values of slots lie, in order, not overlapping.
            blocks: True where each line is a block of its own, as in the text of an HTML part;
                else a blank line ends a sentence and a single line break does not.

        Returns:
            The sentences in order; those without words are left out.
        """
        quotes = _Ranges([found.span() for found in _QUOTED.finditer(text)])
        filled = _Ranges([(slot.start, slot.end) for slot in slots])
        sentences = []
        for group in _grouped(self._tokens(_PRIVATE.sub(" ", text)), 1 if blocks else 2):
            kept = [word for i, word in enumerate(group) if _is_kept(group, i)]
            if kept:
                marks = _marks(text, kept, slots, filled)
                sentences.append(_sentence(kept, marks, self._lists, quotes))
        return tuple(sentences)

    def _tokens(self, text: str) -> Iterable[Token]:
        return self._tokenizer.cut(text) if self._lists.spaced else cut(text)

    @functools.cached_property
    def _tokenizer(self) -> Tokenizer:
        """The tokenizer, with the words of the lists known to it for good."""
        made = tokenizer_of(self._lang)
        listed = {
            word
            for words in self._lists.lists.values()
            for entry in words
            for word in entry.split()
        }
        words = sorted({*listed, *self._lists.common})
        made.learn(spelling for word in words for spelling in (word, word.capitalize()))
        return made


class _Ranges:
    """Sorted ranges that do not overlap, to be looked up by a place."""

    def __init__(self, ranges: Sequence[tuple[int, int]]) -> None:
        self._ranges = ranges
        self._starts = [start for start, _ in ranges]

    def __bool__(self) -> bool:
        return bool(self._ranges)

    def at(self, start: int, end: int) -> int | None:
        """Return which range overlaps `[start, end)`, the last if several do, or None."""
        found = bisect_right(self._starts, end - 1) - 1
        return found if found >= 0 and self._ranges[found][1] > start else None


def _grouped(tokens: Iterable[Token], line_breaks: int) -> Iterator[list[_Word]]:
    """Yield the words of each sentence; closing marks stay with the sentence that they close."""
    group: list[_Word] = []
    is_after_break = has_ended = False
    reached = -1
    for token, normal, start in tokens:
        if token.isspace():
            is_after_break = is_after_break or token.count("\n") >= line_breaks
            continue
        is_glued = start == reached
        is_end = normal in _ENDS
        closes = is_end or (is_glued and not normal[:1].isalnum())
        if is_after_break or (has_ended and not closes):
            yield group
            group, has_ended = [], False
        reached = start + len(token)
        group.append(_Word(normal, start, reached, is_glued))
        has_ended = has_ended or is_end
        is_after_break = False
    yield group


def _is_kept(words: Sequence[_Word], i: int) -> bool:
    """Words are kept, and marks that patterns know; not the hyphens inside a compound."""
    normal = words[i].normal
    if normal[:1].isalnum() or (len(normal) > 1 and normal[0] in "'\u2019"):
        return True
    if normal[:1] == "-" and normal[1:2].isalpha():  # French "-vous"
        return True
    is_inside = words[i].is_glued and i + 1 < len(words) and words[i + 1].is_glued
    return _CLAUSES.get(normal, normal) in _MARKS and not (normal == "-" and is_inside)


def _marks(
    text: str, words: Sequence[_Word], slots: Sequence[SlotRange], filled: _Ranges
) -> list[str]:
    """Return the marks in front of each word: the slot's first, then the capital's."""
    is_shouted = text[words[0].start : words[-1].end].isupper()
    marks = ["" if is_shouted or not text[word.start].isupper() else CAPITAL for word in words]
    marks[0] = ""
    if filled:
        for i, (_, start, end, _) in enumerate(words):
            found = filled.at(start, end)
            if found is not None:
                marks[i] = SLOT_MARKS[slots[found].provenance] + marks[i]
    return marks


def _sentence(
    words: Sequence[_Word], marks: Sequence[str], lists: WordLists, quotes: _Ranges
) -> Sentence:
    line: list[str] = []
    places: list[int] = []
    keys = {sign for mark in marks for sign in mark}
    at = 0
    for i, word in enumerate(words):
        normal = word.normal.lower()
        if not normal.isalpha() or len(normal) > _LONGEST_WORD:
            normal = _plain(normal)
        if normal in lists.spellings or normal in lists.ambiguous:
            following = words[i + 1].normal.lower() if i + 1 < len(words) else ""
            normal = lists.respelt(normal, following)
        if normal.isalpha():
            keys.add(normal)
        else:
            keys.update(normal.split())
            if NUMBER.match(normal):
                keys.add("#")
        shown = f" {marks[i]}{normal}"
        places.append(at)
        line.append(shown)
        at += len(shown)
    return Sentence(
        line="".join([*line, " "]),
        places=tuple(places),
        spans=tuple([word[1:3] for word in words]),
        quoted=tuple([bool(quotes) and quotes.at(*word[1:3]) is not None for word in words]),
        keys=frozenset(keys),
    )


def _plain(normal: str) -> str:
    """Return a word or mark in small letters as lines have it."""
    plain = normal.replace("\u2019", "'")[:_LONGEST_WORD]
    if len(plain) > 1 and "-" in plain:
        plain = _INNER_HYPHEN.sub(" ", plain.lstrip("-") or "-")
    return _CLAUSES.get(plain, plain)
