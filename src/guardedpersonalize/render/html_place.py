"""Reads HTML as a browser does, as far as it takes to know where a slot stands."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from jinja2 import nodes

from guardedpersonalize.errors import Problem
from guardedpersonalize.render.addresses import SCHEMES, Address, Stage, read, scheme_of
from guardedpersonalize.render.machine import Hole, Place
from guardedpersonalize.render.values import words

__all__ = ["HtmlMachine", "HtmlState"]


class Mode(StrEnum):
    """States of the tokeniser of the HTML standard, section 13.2.5, as far as they matter."""

    TEXT = "text"
    OPEN = "the beginning of a tag"
    TAG = "the name of a tag"
    INSIDE = "a tag"
    NAME = "the name of an attribute"
    MAYBE_NAME = "the name of an attribute, perhaps"
    AFTER_NAME = "a tag, after an attribute"
    BEFORE_VALUE = "a tag, before a value"
    VALUE = "a value"
    COMMENT = "a comment"
    BOGUS = "a declaration"
    RAW = "raw text"


@dataclass(frozen=True, slots=True)
class HtmlState:
    """
    Where in the HTML the walk is.

    Args:
        mode: Kind of place.
        element: Name of the tag being read, or of the element whose raw text is read.
        attribute: Name of the attribute being read; "?" where branches differ.
        quote: Quote around its value; "" for none.
        address: The value so far, where it is an address.
        tail: Characters kept because what follows decides on what they are.
    """

    mode: Mode = Mode.TEXT
    element: str = ""
    attribute: str = ""
    quote: str = ""
    address: Address = Address()  # noqa: RUF009 - frozen
    tail: str = ""


_EITHER: Final = "?"
"""The name of an attribute that is one in one branch and another in another."""

_RAW: Final = frozenset(["script", "style"])
_READ_AS_TEXT: Final = frozenset(["textarea", "title"])
_REFUSED_ELEMENTS: Final = frozenset(
    ["iframe", "listing", "math", "noembed", "noframes", "plaintext", "svg", "xmp"]
)
"""Elements whose content browsers read by other rules; no mail client shows them."""

_CLOSED_ELEMENTS: Final = words("""
    applet base embed form frame frameset link meta object param script style
    """)
"""Elements whose attributes are instructions, not text: no slot may fill one."""

_ADDRESSES: Final = frozenset(["background", "cite", "href", "longdesc", "poster", "src"])
_TEXTS: Final = words("""
    abbr align alt bgcolor class colspan datetime dir height id label lang name placeholder rowspan
    summary title valign value width
    """)
"""Attributes whose values are text, numbers or names (HTML standard, list of attributes)."""

_TAG_OPEN: Final = re.compile(r"<(?:(?P<tag>/?)[a-zA-Z]|(?P<comment>!--)(?P<empty>-?>)?|[!?]|/)")
_TAG_NAME: Final = re.compile(r"[^\s/>]*")
_ATTRIBUTE: Final = re.compile(r"[^\s/>=]*")
_UNQUOTED: Final = re.compile(r"[^\s>]*")
_SPACE: Final = re.compile(r"[\s/]*")
_COMMENT_END: Final = re.compile(r"--!?>")
_UNCLEAR: Final = frozenset(["<", "<!", "<!-", "<!--", "<!---", "</"])
"""Ends of a run of words that only the next character makes a tag, a comment, or text."""

_UNCLEAR_LENGTH: Final = max(map(len, _UNCLEAR))

Step = tuple[int, "HtmlState"]


class HtmlMachine:
    """Says of each slot whether it may stand where it stands, and reads on."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.segments: list[nodes.Filter] = []
        self._place = Place("", 0)
        self._steps: dict[Mode, Callable[[HtmlState, str, int], Step]] = {
            Mode.TEXT: self._text,
            Mode.TAG: self._tag,
            Mode.INSIDE: self._inside,
            Mode.NAME: self._name,
            Mode.MAYBE_NAME: self._maybe_name,
            Mode.AFTER_NAME: self._after_name,
            Mode.BEFORE_VALUE: self._before_value,
            Mode.VALUE: self._value,
            Mode.COMMENT: self._comment,
            Mode.BOGUS: self._bogus,
            Mode.RAW: self._element,
        }

    def start(self) -> HtmlState:
        """Return the state at the start of a part: text."""
        return HtmlState()

    def _refuse(self, code: str, message: str, remedy: str = "") -> None:
        place = self._place
        self.problems.append(Problem(place.template, place.line, code, message, remedy))

    # -- branches and the end

    def join(self, states: Sequence[HtmlState], place: Place) -> HtmlState:
        """Return the state after branches, which must end in the same place."""
        merged = states[0]
        for state in states[1:]:
            both = _merged(merged, state)
            if both is None:
                self._place = place
                modes = sorted({merged.mode.value, state.mode.value})
                where = " and ".join(modes) if len(modes) > 1 else f"{modes[0]}, but not the same"
                message = f"branches end in different places: {where}."
                self._refuse("GP321", message, "Open and close tags and quotes in each branch.")
                return merged
            merged = both
        return merged

    def end(self, state: HtmlState, place: Place) -> None:
        """Refuse a part that ends inside anything but text."""
        if state.mode is not Mode.TEXT or state.element:
            self._place = place
            self._refuse("GP322", f"the part ends inside {_where(state)}.", "Close it.")

    # -- the template's own words

    def literal(self, state: HtmlState, text: str, place: Place) -> HtmlState:
        """Read words of the template."""
        text = state.tail + text
        line = place.line - state.tail.count("\n")
        if state.mode is Mode.OPEN:
            state = replace(state, mode=_content_mode(state.element))
        state = replace(state, tail="")
        at = 0
        while at < len(text):
            self._place = Place(place.template, line)
            before = at
            at, state = self._steps[state.mode](state, text, at)
            line += text.count("\n", before, at)
        return state

    def _text(self, state: HtmlState, text: str, at: int) -> Step:
        if state.element:
            return self._element(state, text, at)
        opened = text.find("<", at)
        if opened < 0:
            return len(text), state
        if text[opened : opened + _UNCLEAR_LENGTH + 1] in _UNCLEAR:
            return len(text), HtmlState(Mode.OPEN, tail=text[opened:])
        found = _TAG_OPEN.match(text, opened)
        return _opened(found) if found is not None else (opened + 1, state)

    def _element(self, state: HtmlState, text: str, at: int) -> Step:
        """Read the content of an element that only its own end tag ends."""
        if state.element == "script" and text.find("<!--", at) >= 0:
            self._refuse("GP317", "a comment stands in a script.", "Take it out.")
        end = "</" + state.element
        found = re.compile(re.escape(end) + r"(?=[\s/>])", re.IGNORECASE).search(text, at)
        if found is not None:
            return found.end(), HtmlState(Mode.INSIDE, element="/" + state.element)
        opened = text.rfind("<", at)
        if opened >= 0 and end.startswith(text[opened:].lower()):
            return len(text), replace(state, mode=Mode.OPEN, tail=text[opened:])
        return len(text), state

    def _tag(self, state: HtmlState, text: str, at: int) -> Step:
        found = _TAG_NAME.match(text, at)
        end = found.end() if found else at
        state = replace(state, element=state.element + text[at:end].lower())
        if end == len(text):
            return end, state
        if state.element in _REFUSED_ELEMENTS:
            message = f"the element {state.element!r} is not available in packs."
            self._refuse("GP317", message, "Mail clients do not show it.")
        return end, replace(state, mode=Mode.INSIDE)

    def _inside(self, state: HtmlState, text: str, at: int) -> Step:
        found = _SPACE.match(text, at)
        end = found.end() if found else at
        if end == len(text):
            return end, state
        if text[end] == ">":
            return end + 1, _closed(state.element)
        # the first character of a name may be anything, "=" too
        first = text[end].lower()
        return end + 1, replace(state, mode=Mode.NAME, attribute=first)

    def _name(self, state: HtmlState, text: str, at: int) -> Step:
        found = _ATTRIBUTE.match(text, at)
        end = found.end() if found else at
        state = replace(state, attribute=state.attribute + text[at:end].lower())
        if end == len(text):
            return end, state
        if text[end] == "=":
            return end + 1, replace(state, mode=Mode.BEFORE_VALUE)
        return end, replace(state, mode=Mode.AFTER_NAME if text[end].isspace() else Mode.INSIDE)

    def _maybe_name(self, state: HtmlState, text: str, at: int) -> Step:
        if not (text[at].isspace() or text[at] in "/>"):
            self._refuse("GP321", "branches end inside different names.", "Write a space.")
        return at, replace(state, mode=Mode.AFTER_NAME)

    def _after_name(self, state: HtmlState, text: str, at: int) -> Step:
        end = at
        while end < len(text) and text[end].isspace():
            end += 1
        if end == len(text):
            return end, state
        if text[end] != "=":
            return end, replace(state, mode=Mode.INSIDE, attribute="")
        if state.attribute == _EITHER:
            self._refuse("GP321", "it is not clear which attribute gets the value.")
        return end + 1, replace(state, mode=Mode.BEFORE_VALUE)

    def _before_value(self, state: HtmlState, text: str, at: int) -> Step:
        while at < len(text) and text[at].isspace():
            at += 1
        if at == len(text):
            return at, state
        if text[at] == ">":
            return at + 1, _closed(state.element)
        if text[at] in "\"'":
            return at + 1, replace(state, mode=Mode.VALUE, quote=text[at])
        return at, replace(state, mode=Mode.VALUE, quote="")

    def _value(self, state: HtmlState, text: str, at: int) -> Step:
        if state.quote:
            end = text.find(state.quote, at)
            end = len(text) if end < 0 else end
        else:
            found = _UNQUOTED.match(text, at)
            end = found.end() if found else at
        if state.attribute in _ADDRESSES:
            address = read(state.address, html.unescape(text[at:end]))
            state = replace(state, address=address)
        if end == len(text):
            return end, state
        self._check_scheme(state)
        inside = HtmlState(Mode.INSIDE, element=state.element)
        return end + len(state.quote), inside

    def _check_scheme(self, state: HtmlState) -> bool:
        """Refuse an address whose scheme is not allowed; return whether it is."""
        scheme = scheme_of(state.address.text)
        if not scheme or scheme in SCHEMES:
            return True
        message = f"an address has the scheme {scheme!r}."
        self._refuse("GP320", message, f"Allowed: {', '.join(sorted(SCHEMES))}.")
        return False

    def _comment(self, state: HtmlState, text: str, at: int) -> Step:
        found = _COMMENT_END.search(text, at)
        if found is not None:
            return found.end(), HtmlState()
        tail = next((end for end in ("--!", "--", "-") if text.endswith(end, at)), "")
        return len(text), replace(state, tail=tail)

    def _bogus(self, state: HtmlState, text: str, at: int) -> Step:
        end = text.find(">", at)
        return (len(text), state) if end < 0 else (end + 1, HtmlState())

    # -- slots

    def hole(self, state: HtmlState, hole: Hole, place: Place) -> HtmlState:
        """Read an expression: refuse it where it could leave its place."""
        self._place = place
        if state.mode is Mode.TEXT:
            return state
        if state.mode in {Mode.RAW, Mode.COMMENT, Mode.BOGUS}:
            if hole.slots:
                message = f"{_named(hole)} stands in {_where(state)}."
                self._refuse("GP317", message, "Take it out.")
            return replace(state, tail="")
        if state.mode is Mode.VALUE and state.quote:
            return self._hole_in_value(state, hole)
        is_value = state.mode in {Mode.BEFORE_VALUE, Mode.VALUE}
        remedy = "Write quotes around the value." if is_value else "Write the tag out."
        self._refuse("GP316", f"an expression stands in {_where(state)}.", remedy)
        return replace(state, mode=Mode.VALUE, quote="") if is_value else state

    def _hole_in_value(self, state: HtmlState, hole: Hole) -> HtmlState:
        is_address = state.attribute in _ADDRESSES
        if not hole.slots:
            is_started = state.address.stage is not Stage.START
            if not is_address or is_started:
                return state
            self._check_scheme(state)
            return replace(state, address=Address(Stage.UNKNOWN))
        element = state.element.removeprefix("/")
        if element in _CLOSED_ELEMENTS or not (is_address or _is_text(state.attribute)):
            message = f"{_named(hole)} stands in the attribute {state.attribute!r} of {element!r}."
            self._refuse("GP317", message, "Only text and addresses of links may hold slots.")
        elif is_address:
            return self._hole_in_address(state, hole)
        return state

    def _hole_in_address(self, state: HtmlState, hole: Hole) -> HtmlState:
        stage = state.address.stage
        if stage in {Stage.START, Stage.UNKNOWN}:
            if self._check_scheme(state):
                message = f"{_named(hole)} stands where the host of an address is."
                self._refuse("GP318", message, "Begin the address with https:// and the host.")
            return replace(state, address=Address(Stage.PATH))
        if hole.encoded is None:
            message = f"{_named(hole)} in an address is not encoded."
            self._refuse("GP319", message, "End the expression with |urlencode.")
        elif stage is Stage.PATH:
            self.segments.append(hole.encoded)
        return state


def _opened(found: re.Match[str]) -> Step:
    """Return where what a "<" opens begins, and the state there."""
    if found["tag"] is not None:
        return found.end() - 1, HtmlState(Mode.TAG, element=found["tag"])
    if found["comment"] is not None:
        return found.end(), HtmlState(Mode.TEXT if found["empty"] else Mode.COMMENT)
    return found.end(), HtmlState(Mode.BOGUS)


def _named(hole: Hole) -> str:
    names = ", ".join(repr(slot) for slot in sorted(hole.slots))
    return f"slot {names}" if len(hole.slots) == 1 else f"slots {names}"


def _where(state: HtmlState) -> str:
    if state.element and state.mode in {Mode.TEXT, Mode.RAW}:
        return f"the element {state.element!r}"
    if state.mode in {Mode.BEFORE_VALUE, Mode.VALUE} and not state.quote:
        return "a value without quotes"
    return state.mode.value


def _is_text(attribute: str) -> bool:
    return attribute in _TEXTS or attribute.startswith(("aria-", "data-"))


def _content_mode(element: str) -> Mode:
    return Mode.RAW if element in _RAW else Mode.TEXT


def _closed(element: str) -> HtmlState:
    """Return the state after the ">" of a tag."""
    if element in _RAW or element in _READ_AS_TEXT:
        return HtmlState(_content_mode(element), element=element)
    return HtmlState()


def _merged(one: HtmlState, other: HtmlState) -> HtmlState | None:
    """Return the state that both are, or None where they differ."""
    if one == other:
        return one
    if one.element != other.element:
        return None
    modes = {one.mode, other.mode}
    if modes <= {Mode.INSIDE, Mode.AFTER_NAME}:
        return HtmlState(Mode.AFTER_NAME, one.element, _EITHER)
    if modes <= {Mode.TAG, Mode.INSIDE, Mode.AFTER_NAME, Mode.NAME, Mode.MAYBE_NAME}:
        return HtmlState(Mode.MAYBE_NAME, one.element, _EITHER)
    if replace(one, address=other.address) == other and modes == {Mode.VALUE}:
        return replace(one, address=Address(Stage.UNKNOWN))
    return None
