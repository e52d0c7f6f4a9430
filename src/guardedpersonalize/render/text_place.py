"""Reads plain text and headers word by word, to know whether a slot stands in an address."""

# ruff: noqa: ARG002 - all machines have one signature
from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from jinja2 import nodes

from guardedpersonalize.errors import Problem
from guardedpersonalize.render.addresses import Stage, follow
from guardedpersonalize.render.machine import Hole, Place

__all__ = ["HEADER_MARKS", "TextMachine", "TextState"]

HEADER_MARKS: Final = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
"""
Characters that a header may not have: controls and line breaks (RFC 5322, section 2.2), and marks
that change the direction of text (Unicode UAX 9, section 2).
"""

_WORD: Final = re.compile(r"\s+|\S+")
_KEPT: Final = 300
"""Characters of an address that are kept: more than any host name has (RFC 1035: 255)."""

_KEPT_OF_WORDS: Final = 24
"""Characters of any other word that are kept: more than any scheme has, and enough of a host."""

_WEB: Final = re.compile(r"(?:[a-z][a-z0-9+.-]{0,20}://|\bwww\.)[^\s/?#]*", re.IGNORECASE)
_BARE: Final = re.compile(r"(?<![\w@.-])(?:[a-z0-9-]+\.)+[a-z]{2,24}(?=[/?#])", re.IGNORECASE)
_MAIL: Final = re.compile(r"\w@[\w.-]*$")
_AFTER_SLOT: Final = re.compile(r"[\w.-]*(?:://|\.[a-z]{2,24}/)", re.IGNORECASE)


class Mode(StrEnum):
    """What a word is so far."""

    WORDS = "words"
    ADDRESS = "address"
    HELD = "held"  # a slot stands in it, and it is no address yet
    UNKNOWN = "unknown"  # an address, and the template works out its host


@dataclass(frozen=True, slots=True, order=True)
class Word:
    """The word at the end of what was read: what it is, its text or what follows a slot in it."""

    mode: Mode = Mode.WORDS
    text: str = ""
    stage: Stage = Stage.PATH


TextState = frozenset[Word]
"""What the last word may be: branches may end in different ones."""


class TextMachine:
    """
    Says of each slot whether it may stand where it stands, and reads on.

    Args:
        is_header: Whether the part is a header: one line, without controls or direction marks.
    """

    def __init__(self, *, is_header: bool) -> None:
        self.problems: list[Problem] = []
        self.segments: list[nodes.Filter] = []
        self._is_header = is_header

    def _refuse(self, place: Place, code: str, message: str, remedy: str) -> None:
        self.problems.append(Problem(place.template, place.line, code, message, remedy))

    def start(self) -> TextState:
        """Return the state at the start of a part: no word."""
        return frozenset({Word()})

    def join(self, states: Sequence[TextState], place: Place) -> TextState:
        """Return the state after branches: any of theirs."""
        return frozenset[Word]().union(*states)

    def end(self, state: TextState, place: Place) -> None:
        """Accept the end of the part wherever it is."""

    def literal(self, state: TextState, text: str, place: Place) -> TextState:
        """Read words of the template."""
        if self._is_header and (found := HEADER_MARKS.search(text)):
            line = place.line + text.count("\n", 0, found.start())
            message = "a header has a line break, or a control or direction mark."
            remedy = "Write it on one line; {%- and -%} take line breaks away."
            self._refuse(Place(place.template, line), "GP323", message, remedy)
        for token in _WORD.findall(text):
            if token.isspace():
                state = self.start()
            else:
                state = frozenset(self._longer(word, token, place) for word in sorted(state))
        return state

    def _longer(self, word: Word, text: str, place: Place) -> Word:
        """Return *word* with *text* added."""
        if word.mode is Mode.ADDRESS:
            return Word(Mode.ADDRESS, "", follow(word.stage, text))
        if word.mode is Mode.UNKNOWN:
            return word
        whole = _shortened(word.text + text)
        if word.mode is Mode.HELD:
            if not _AFTER_SLOT.match(whole):
                return Word(Mode.HELD, whole)
            message = "what follows a slot makes it the host of an address."
            self._refuse(place, "GP318", message, "Write the host out, or a space before it.")
            return Word(Mode.ADDRESS)
        found = _last(_WEB, whole) or _last(_BARE, whole)
        if found is None or found.end() == len(whole):
            return Word(Mode.WORDS, whole)
        return Word(Mode.ADDRESS, "", follow(Stage.PATH, whole[found.end() :]))

    def hole(self, state: TextState, hole: Hole, place: Place) -> TextState:
        """Read an expression: refuse it where it could change where an address leads."""
        return frozenset(self._with_hole(word, hole, place) for word in sorted(state))

    def _with_hole(self, word: Word, hole: Hole, place: Place) -> Word:
        is_host = word.mode is Mode.UNKNOWN or _makes_address(hole.node)
        is_host = is_host or (word.mode is Mode.WORDS and _is_host(word.text))
        if not hole.slots:
            if is_host:
                return Word(Mode.UNKNOWN)
            return Word() if word.mode is Mode.WORDS else word
        if is_host:
            message = "a slot stands where the host of an address is."
            self._refuse(place, "GP318", message, "Write the host out.")
            return Word(Mode.ADDRESS)
        if word.mode is not Mode.ADDRESS:
            return Word(Mode.HELD)
        if hole.encoded is None:
            message = "a slot in an address is not encoded."
            self._refuse(place, "GP319", message, "End the expression with |urlencode.")
        elif word.stage is Stage.PATH:
            self.segments.append(hole.encoded)
        return word


def _shortened(text: str) -> str:
    """Return the end of a word, as much as it takes to tell an address."""
    is_address = "@" in text or "://" in text or "www." in text
    return text[-(_KEPT if is_address else _KEPT_OF_WORDS) :]


def _is_host(text: str) -> bool:
    """Whether *text* ends inside the host of a web or mail address."""
    found = _last(_WEB, text)
    return _MAIL.search(text) is not None or (found is not None and found.end() == len(text))


def _makes_address(node: nodes.Node) -> bool:
    """Whether *node* has an address among its constants, which what is shown may be put into."""
    found = (const.value for const in node.find_all(nodes.Const))
    return any(isinstance(text, str) and _WEB.search(text) for text in found)


def _last(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    found = None
    for found in pattern.finditer(text):  # noqa: B007 - the last one is wanted
        pass
    return found
