"""
A text cut into tokens as spaCy's tokenizer cuts it, which is only asked about what is not plain.

Most of a text is words of letters with a blank before them and perhaps a mark behind: each is a
token, and so is the mark. So is a plain web address. spaCy is given the rest: compounds, figures
with marks inside, and what the tables of its languages name. No model is needed.
"""

from __future__ import annotations

import functools
import re
import threading
from collections.abc import Iterable
from typing import Final

__all__ = ["Token", "Tokenizer", "tokenizer_of"]

_LETTER: Final = "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u00ff"
_WORD: Final = f"[{_LETTER}]+[0-9]*|[0-9]+"
_MARKS: Final = ",.!?;:"
# Behind its last figure an address has signs of a hexadecimal number only: a unit would be a token.
_SEGMENT: Final = "[A-Za-z]{1,30}|[A-Za-z0-9]{0,60}[0-9][a-f]{0,12}"
_ADDRESS: Final = rf"https?://[a-z]{{2,30}}\.[a-z]{{2,10}}(?:/(?:{_SEGMENT})){{0,8}}"
_CHUNK: Final = re.compile(rf"(?:({_WORD}|{_ADDRESS}(?!\S))([{_MARKS}%]?)(?!\S)|(\S+))(\s*)")
"""A plain word and its mark, or what else stands between blanks; and the blanks behind."""
_HARD: Final = frozenset(".%")
_PIECES: Final = tuple(map(re.compile, (_WORD, f"[{_LETTER}]+", "[0-9]+")))

# spaCy's tokenizer is quadratic in runs of marks and emoji (1,000 of them take 0.3 s): what is
# over this length is blanked, which moves no offset.
_LONGEST_RUN: Final = 8
_MARK_RUN: Final = re.compile(rf"([^\w\s]{{{_LONGEST_RUN}}})([^\w\s]+)")
# Its patterns for addresses are slow as well (100 KB of "http://a." take half a minute): no words
# of a rule stand in what has no blank for so long, so all its signs are blanked.
_LONG_CHUNK: Final = re.compile(r"\S{100,}")
_SIGN: Final = re.compile(r"[^\w'\u2019]")

Token = tuple[str, str, int]
"""What stands in the text, its normal form, and where it starts."""


class Tokenizer:
    """
    Cuts texts of one language. Threads may share it: it keeps nothing of what it reads.

    Args:
        lang: ISO 639-1 code.
        asks_always: True to have spaCy cut everything; the tokens are the same.
    """

    def __init__(self, lang: str, *, asks_always: bool = False) -> None:
        import spacy  # noqa: PLC0415  # half a second that `import guardedpersonalize` must not pay

        self._nlp = spacy.blank(lang)
        # Zones belong to the vocabulary, so two threads must not open one at the same time.
        self._lock = threading.Lock()
        self._asks_always = asks_always
        self.exceptions = frozenset(getattr(self._nlp.tokenizer, "rules", None) or ())
        self._told: frozenset[str] = frozenset(
            piece
            for exception in self.exceptions
            for pieces in _PIECES
            for piece in pieces.findall(exception)
        )
        self._first_of_several = {one.split()[0] for one in self.exceptions if " " in one.strip()}
        self._parts_percent = len(self._asked("7%", 0)) > 1
        self._known: dict[str, list[Token]] = {}

    def learn(self, words: Iterable[str]) -> None:
        """Have spaCy keep *words* for good: it forgets all others of a text after it."""
        with self._lock:
            for word in words:
                self._nlp.vocab[word]  # looked up is made

    def cut(self, text: str) -> list[Token]:
        """Return the tokens of *text*; of white space at least what breaks a line."""
        text = _MARK_RUN.sub(lambda run: run[1] + " " * len(run[2]), text)
        text = _LONG_CHUNK.sub(lambda chunk: _SIGN.sub(" ", chunk[0]), text)
        return self._asked(text, 0) if self._asks_always else self._cut(text)

    def _cut(self, text: str) -> list[Token]:
        # spaCy's exceptions of several tokens are matched across blanks, and may hide each other.
        # So it is asked together about all that may be part of one: the text from *first* on,
        # before which there are *count* tokens. What is part of no exception ends such a stretch.
        tokens: list[Token] = []
        first = count = 0
        is_asked = may_go_on = False
        told = self._told
        at = len(text) - len(text.lstrip())
        for word, mark, other, blank in _CHUNK.findall(text):
            if word and word not in told and (mark not in _HARD or self._is_parted(word, mark)):
                if is_asked:
                    tokens += self._asked(text[first:at], first)
                    is_asked = False
                first, count = at, len(tokens)
                tokens.append((word, word.lower(), at))
                if mark:
                    tokens.append((mark, mark, at + len(word)))
                may_go_on = mark != ""
            elif not is_asked:
                if not may_go_on:
                    first, count = at, len(tokens)
                    may_go_on = True
                found = self._found(word, mark, other)
                if found is None:
                    del tokens[count:]
                    is_asked = True
                else:
                    tokens += [(shown, normal, at + start) for shown, normal, start in found]
            at += len(word) + len(mark) + len(other)
            if not is_asked and "\n" in blank:
                tokens.append((blank, blank, at))
            at += len(blank)
        if is_asked:
            tokens += self._asked(text[first:], first)
        return tokens

    def _found(self, word: str, mark: str, other: str) -> list[Token] | None:
        """Return the tokens of an exception, or of a word that is part of some; None if unknown."""
        chunk = other or word + mark
        if chunk in self._first_of_several:
            return None
        if chunk in self.exceptions or (chunk[-1] in _MARKS and chunk[:-1] in self.exceptions):
            if chunk not in self._known:  # there are only so many of them, and all are public
                self._known[chunk] = self._asked(chunk, 0)
            return self._known[chunk]
        if other or (mark in _HARD and not self._is_parted(word, mark)):
            return None
        return [(word, word.lower(), 0), *([(mark, mark, len(word))] if mark else ())]

    def _is_parted(self, word: str, mark: str) -> bool:
        """Tell whether a full stop or "%" behind *word* is surely a token of its own."""
        if mark == "%":
            return word.isdigit() and self._parts_percent
        # Not after an initial, nor after the number of a day.
        return len(word) > 1 and (
            word[-1].islower() or (word[-2:].isalpha() and word[-2:].isupper())
        )

    def _asked(self, text: str, at: int) -> list[Token]:
        """Return the tokens that spaCy makes of *text*, which starts at *at*."""
        # A memory zone frees the words of each text: without it the vocabulary grows for ever.
        with self._lock, self._nlp.memory_zone():
            return [(one.text, one.norm_, at + one.idx) for one in self._nlp.make_doc(text)]


@functools.cache
def tokenizer_of(lang: str) -> Tokenizer:
    """Return the tokenizer of *lang*; the Indonesian one takes seconds to make."""
    return Tokenizer(lang)
