"""
Reads plain text and headers word by word, to know whether a slot stands in an address.

What the last word may be is a set of texts. A loop whose body has no white space writes words
without end, and each `if` in a word doubles them, so only a few are kept as they are. Beyond that
each text gives way to *stand-ins*: for each thing that it could become with more behind it (a
scheme, a host, a mail address) a short text that becomes it no later, and one that never does. A
set of stand-ins is so more than the template can write, never less: a slot may be refused that
could stay, and none stays that would be refused. There are few of them, so each loop ends soon.
"""

# ruff: noqa: ARG002 - all machines have one signature
from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
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
_KEPT: Final = 27
"""Characters at the end of a word that are kept: the longest last label, its dot and two before."""

_WEB: Final = re.compile(r"([a-z][a-z0-9+.-]{0,20}://|\bwww\.)[^\s/?#]*", re.IGNORECASE)
_BARE: Final = re.compile(r"(?<![\w@.-])(?:[a-z0-9-]+\.)+[a-z]{2,24}(?=[/?#])", re.IGNORECASE)
_MAIL: Final = re.compile(r"(\w@)[\w.-]*$")
_AFTER_SLOT: Final = re.compile(r"[\w.-]*(?:://|\.[a-z]{2,24}/)", re.IGNORECASE)
_AT_SLOT: Final = re.compile(r"[\w.-]*(?::/?)?")
"""What follows a slot and may still make it a scheme or a host."""

_OVER: Final = re.compile(r".*(?:[?#]|(?<!:)/|:/(?!\Z))")
"""The start of a word that is no address, up to where one may begin."""

_MAX_TEXTS: Final = 32
"""Texts that a word may have before stand-ins take their place: those of five `if` in one word."""

_StandIns = tuple[tuple[re.Pattern[str], str], ...]


def _stand_ins(*rows: tuple[str, str]) -> _StandIns:
    return tuple((re.compile(f"(?:{end})\\Z", re.IGNORECASE), text) for end, text in rows)


_IN_HOST: Final = _stand_ins(
    (r"://.*", "a://"),
    (r"\A(?!.*://).*", "www._"),
    (r"\A(?!.*://).*", "www."),  # which may be a scheme: "www.a://"
    (r"\A(?!.*://).*:", "www.:"),
)
"""Stand-ins of a web address that ends inside its host."""


def _of_both(before: str) -> tuple[tuple[str, str], ...]:
    """Return the rows that both tables below have; *before* is what stands before a host."""
    return (
        # nothing yet, by what may begin behind it
        (r"\w", "_"),
        # www
        (r"\b(?P<rest>w{1,3})", r".\g<rest>"),
        # hosts without a scheme: in a label, behind its dot, in what may be the last one
        (r"[a-z0-9]", f"{before}0"),
        (r"-", f"{before}-"),
        (r"[a-z0-9-]\.", f"{before}0."),
        (r"[a-z0-9-]\.[a-z]", f"{before}0.b"),
        (r"[a-z0-9-]\.[a-z]{2,24}", f"{before}0.bb"),
    )


_IN_WORDS: Final = _stand_ins(
    *_of_both(";"),
    # nothing yet, by what may begin behind it
    (r"[@.-]", "."),
    (r"\A|[^\w@.-]", ";"),
    # schemes
    (r"[a-z][a-z0-9+.-]{0,20}(?P<rest>(?::/?)?)", r"_a\g<rest>"),
    # hosts of mail addresses
    (r"\w@", "0@"),
    (r"\w@[\w.-]*\w", "0@_"),
    (r"\w@[\w.-]*[.-]", "0@."),
)
"""Stand-ins of other words."""

_BEHIND_SLOT: Final = _stand_ins(
    *_of_both(""),
    # nothing yet, by what may begin behind it
    (r"", ""),
    (r"[.-]", "."),
    # schemes
    (r"[a-z][a-z0-9+.-]{0,20}", "_a"),
    (r"(?P<rest>:/?)", r"\g<rest>"),
    # www
    (r"\bwww\..*", "www._"),
    (r"\bwww\..*", "www."),
    # hosts that are the slot's
    (r"\.[a-z]", ".b"),
    (r"\.[a-z]{2,24}", ".bb"),
)
"""Stand-ins of what follows a slot."""


class Mode(StrEnum):
    """What a word is so far."""

    WORDS = "words"
    ADDRESS = "address"
    HELD = "held"  # a slot stands in it, which what follows may still make a host
    UNKNOWN = "unknown"  # an address, and the template works out its host


@dataclass(frozen=True, slots=True, order=True)
class Word:
    """
    The word at the end of what was read.

    Args:
        mode: What it is.
        text: Its end, or of what follows a slot in it.
        stage: How far it has come, where it is an address.
        is_like: Whether *text* only stands for such texts.
    """

    mode: Mode = Mode.WORDS
    text: str = ""
    stage: Stage = Stage.PATH
    is_like: bool = False


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
        return _bounded(frozenset[Word]().union(*states))

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
                longer = (self._longer(word, token, place) for word in sorted(state))
                state = frozenset[Word]().union(*longer)
        return state

    def _longer(self, word: Word, text: str, place: Place) -> TextState:
        """Return what *word* may be with *text* added."""
        if word.mode is Mode.ADDRESS:
            return frozenset({Word(Mode.ADDRESS, "", follow(word.stage, text))})
        if word.mode is Mode.UNKNOWN:
            return frozenset({word})
        longer = self._read(word.mode, word.text + text, place)
        return _like(longer) if word.is_like else frozenset({longer})

    def _read(self, mode: Mode, whole: str, place: Place) -> Word:
        """Return the word that is *whole*."""
        if mode is Mode.HELD and _AFTER_SLOT.match(whole):
            message = "what follows a slot makes it the host of an address."
            self._refuse(place, "GP318", message, "Write the host out, or a space before it.")
            return Word(Mode.ADDRESS)
        found = _last(_WEB, whole) or _last(_BARE, whole)
        if found is not None and found.end() < len(whole):
            return Word(Mode.ADDRESS, "", follow(Stage.PATH, whole[found.end() :]))
        is_held = mode is Mode.HELD and _AT_SLOT.fullmatch(whole)
        return Word(Mode.HELD if is_held else Mode.WORDS, _shortened(whole))

    def hole(self, state: TextState, hole: Hole, place: Place) -> TextState:
        """Read an expression: refuse it where it could change where an address leads."""
        return frozenset(self._with_hole(word, hole, place) for word in sorted(state))

    def _with_hole(self, word: Word, hole: Hole, place: Place) -> Word:
        is_host = word.mode is Mode.UNKNOWN or _makes_address(hole.node)
        is_host = is_host or _host(word.text) is not None
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


def _bounded(state: TextState) -> TextState:
    """Return *state* with stand-ins where it has too many texts, without words that have theirs."""
    if len(state) <= _MAX_TEXTS and not any(word.is_like for word in state):
        return state
    alike = {word: _like(word) for word in state if not word.is_like}
    rest = [word for word, others in alike.items() if word in others or not others <= state]
    if sum(word not in alike[word] for word in rest) <= _MAX_TEXTS:
        return state.difference(alike).union(rest)
    return state.difference(alike).union(*alike.values())


@lru_cache(maxsize=4096)
def _like(word: Word) -> TextState:
    """Return the stand-ins of *word*: itself, if it has no text."""
    if word.mode in {Mode.ADDRESS, Mode.UNKNOWN}:
        return frozenset({word})
    rows, text = _BEHIND_SLOT, word.text
    if word.mode is Mode.WORDS:
        web = _web(text)
        rows, text = (_IN_HOST, web[0]) if web else (_IN_WORDS, text)
    found = ((end.search(text), like) for end, like in rows)
    texts = (match.expand(like) for match, like in found if match)
    return frozenset(Word(word.mode, each, is_like=True) for each in texts)


def _shortened(text: str) -> str:
    """Return of a word that is no address yet as much as it takes to tell one."""
    host = _host(text)
    if host is not None:
        return host[1] + _end(host[0][len(host[1]) :])
    return _OVER.sub("", _end(text))


def _end(text: str) -> str:
    """Return the end of *text*; where that begins inside a name, it still does."""
    if len(text) <= _KEPT:
        return text
    return re.sub(r"\A[\w.-]", "0", text[-_KEPT:])


def _host(text: str) -> re.Match[str] | None:
    """Return the web or mail address inside whose host *text* ends; its group is what leads it."""
    return _web(text) or _MAIL.search(text)


def _web(text: str) -> re.Match[str] | None:
    """Return the web address inside whose host *text* ends."""
    found = _last(_WEB, text)
    return found if found and found.end() == len(text) else None


def _makes_address(node: nodes.Node) -> bool:
    """Whether *node* has an address among its constants, which what is shown may be put into."""
    found = (const.value for const in node.find_all(nodes.Const))
    return any(isinstance(text, str) and _WEB.search(text) for text in found)


def _last(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    found = None
    for found in pattern.finditer(text):  # noqa: B007 - the last one is wanted
        pass
    return found
