"""Which inline styles and simple style rules hide text from the reader."""

from __future__ import annotations

import colorsys
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from guardedpersonalize.check.characters import word_set

__all__ = ["Look", "declarations", "look_of", "style_rules"]

Rgb = tuple[int, int, int]

_BLACK: Final[Rgb] = (0, 0, 0)
_WHITE: Final[Rgb] = (255, 255, 255)
_NAMED: Final[dict[str, Rgb]] = {
    "black": _BLACK,
    "gainsboro": (220, 220, 220),
    "ghostwhite": (248, 248, 255),
    "gray": (128, 128, 128),
    "grey": (128, 128, 128),
    "ivory": (255, 255, 240),
    "lightgray": (211, 211, 211),
    "lightgrey": (211, 211, 211),
    "silver": (192, 192, 192),
    "snow": (255, 250, 250),
    "white": _WHITE,
    "whitesmoke": (245, 245, 245),
}
_HEX: Final = re.compile(r"#(?:([0-9a-f]{3,4})|([0-9a-f]{6})([0-9a-f]{2})?)\Z")
_RGB: Final = re.compile(
    r"rgba?\( ?(\d{1,3}) ?[, ] ?(\d{1,3}) ?[, ] ?(\d{1,3}) ?(?:[,/] ?(\d?\.?\d{1,6})%? ?)?\)\Z"
)
_HSL: Final = re.compile(
    r"hsla?\( ?(\d{1,3})(?:deg)? ?[, ] ?(\d{1,3})% ?[, ] ?(\d{1,3})% ?"
    r"(?:[,/] ?(\d?\.?\d{1,6})%? ?)?\)\Z"
)
_LENGTH: Final = re.compile(r"(-?\d{0,6}\.?\d{0,6})(px|pt|em|rem|%|vw|vh|ex|ch|in|cm|mm)?\Z")
_SPACES: Final = re.compile(r"\s+")
_IMPORTANT: Final = re.compile(r"!\s{0,9}important")
_REMARK: Final = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_FONT_SIZE: Final = re.compile(r"(?:^| )(0|\d{0,6}\.?\d{1,6}(?:px|pt|em|rem|%))(?=[ /]|\Z)")
_NO_SCALE: Final = re.compile(r"scale(?:3d|x|y)?\( ?0?\.?0{1,6} ?[,)]")
_CUT_AWAY: Final = re.compile(r"(?:inset\( ?(?:[5-9]\d|100)% ?\)|circle\( ?0)")
# Declarations that matter here: all others would only be carried along, thousands of them maybe.
_READ: Final = word_set(
    "background background-color background-image clip clip-path color content-visibility "
    "direction display font font-size height left margin-left margin-top max-height max-width "
    "mso-hide opacity overflow position text-indent top transform unicode-bidi visibility "
    "white-space width zoom"
)

_LOWEST_CONTRAST: Final = 1.2
"""
Text whose contrast to its background is below this is taken as hidden.

Source: the ratio is that of WCAG 2.2 (1 is the same colour; text ought to have 4.5); the bound is a
house choice that takes in #f5f5f5 on white (1.09) and leaves #dddddd (1.36).
"""
_SMALLEST_TEXT: Final = 2.0
"""Text of this many pixels or fewer is taken as hidden (house choice; 1px is a preheader trick)."""
_FAR_OFF: Final = -500.0
"""Text moved this many pixels or more to the left or the top is off the screen (house choice)."""


@dataclass(frozen=True, slots=True)
class Look:
    """
    How text would look at a place, as far as it matters for being seen.

    Args:
        gone: An element around it is not laid out, or cannot be seen through; nothing inside
            can undo that.
        unseen: Its visibility is hidden; an element inside can undo that.
        tiny: Its font is too small to read.
        colour: Colour of the text.
        background: Colour behind it; None where an image or an unknown colour is.
        is_pre: White space is kept.
        is_turned: Its characters are shown from the last to the first.
    """

    gone: bool = False
    unseen: bool = False
    tiny: bool = False
    colour: Rgb | None = _BLACK
    background: Rgb | None = _WHITE
    is_pre: bool = False
    is_turned: bool = False

    @property
    def is_hidden(self) -> bool:
        """True where a reader does not see text here."""
        return self.gone or self.unseen or self.tiny or self._blends_in()

    def _blends_in(self) -> bool:
        if self.colour is None or self.background is None:
            return False
        light, dark = sorted((_luminance(self.colour), _luminance(self.background)), reverse=True)
        return (light + 0.05) / (dark + 0.05) < _LOWEST_CONTRAST


def look_of(outer: Look, style: Mapping[str, str]) -> Look:
    """Return the look inside an element with the declarations *style*, in a place of *outer*."""
    if not style:
        return outer
    look = replace(outer, gone=outer.gone or _is_gone(style))
    if "visibility" in style:
        look = replace(look, unseen=style["visibility"] in {"hidden", "collapse"})
    if "font-size" in style:
        look = replace(look, tiny=_is_tiny(style["font-size"], is_tiny=outer.tiny))
    elif font := _FONT_SIZE.search(style.get("font", "")):
        look = replace(look, tiny=_is_tiny(font[1], is_tiny=outer.tiny))
    if "unicode-bidi" in style:
        is_turned = "override" in style["unicode-bidi"] and style.get("direction") == "rtl"
        look = replace(look, is_turned=is_turned)
    if "white-space" in style:
        look = replace(look, is_pre=style["white-space"].startswith(("pre", "break-spaces")))
    return _painted(look, style)


def _painted(look: Look, style: Mapping[str, str]) -> Look:
    if "background-image" in style and style["background-image"] != "none":
        look = replace(look, background=None)
    for name in ("background", "background-color"):
        if name in style and style[name] not in {"transparent", "none", "inherit", "initial"}:
            look = replace(look, background=_colour(style[name]))
    if "color" in style and style["color"] not in {"inherit", "unset", "currentcolor"}:
        if style["color"] == "transparent":
            return replace(look, unseen=True)
        look = replace(look, colour=_colour(style["color"]))
    return look


def _is_gone(style: Mapping[str, str]) -> bool:
    return (
        style.get("display", "") == "none"
        or style.get("mso-hide", "") == "all"
        or style.get("content-visibility", "") == "hidden"
        or _is_zero(style.get("opacity"))
        or _is_zero(style.get("zoom"))
        or _NO_SCALE.search(style.get("transform", "")) is not None
        or _is_clipped(style)
        or _is_off_screen(style)
    )


def _is_clipped(style: Mapping[str, str]) -> bool:
    if style.get("clip", "").replace(" ", "").replace("px", "") in {
        "rect(0,0,0,0)",
        "rect(1,1,1,1)",
    }:
        return True
    if _CUT_AWAY.match(style.get("clip-path", "")):
        return True
    sizes = ("height", "max-height", "width", "max-width")
    return style.get("overflow", "") == "hidden" and any(_is_zero(style.get(k)) for k in sizes)


def _is_off_screen(style: Mapping[str, str]) -> bool:
    moved = ["text-indent"]
    if style.get("position", "") in {"absolute", "fixed"}:
        moved += ["left", "top", "margin-left", "margin-top"]
    lengths = (_pixels(style.get(name, "")) for name in moved)
    return any(length is not None and length <= _FAR_OFF for length in lengths)


def _is_tiny(size: str, *, is_tiny: bool) -> bool:
    pixels = _pixels(size)
    if pixels is None:
        # Keywords such as `medium` are large enough; `inherit` and sizes relative to it keep.
        is_relative = _LENGTH.match(size) is not None
        return is_tiny and (is_relative or size in {"inherit", "smaller", "larger"})
    return pixels <= _SMALLEST_TEXT


def _is_zero(value: str | None) -> bool:
    match = _LENGTH.match(value) if value else None
    return match is not None and _number(match[1]) == 0


def _pixels(value: str) -> float | None:
    """Return an absolute length in pixels; a relative length only if it is zero."""
    match = _LENGTH.match(value)
    number = _number(match[1]) if match else None
    if match is None or number is None:
        return None
    if match[2] in {None, "px", "rem"} or number == 0:
        return number * 16 if match[2] == "rem" else number
    return number * 4 / 3 if match[2] == "pt" else None


def _number(digits: str) -> float | None:
    try:
        return float(digits)
    except ValueError:
        return None


def _colour(value: str) -> Rgb | None:
    """Read a colour; None where it is not one we know, or where it lets the background through."""
    if value in _NAMED:
        return _NAMED[value]
    if match := _HEX.match(value):
        return _hex(match)
    if match := _RGB.match(value):
        if match[4] is not None and _number(match[4]) == 0:
            return None
        red, green, blue = (min(int(part), 255) for part in match.group(1, 2, 3))
        return (red, green, blue)
    return _hsl(match) if (match := _HSL.match(value)) else None


def _hex(match: re.Match[str]) -> Rgb | None:
    if short := match[1]:
        digits, alpha = "".join(digit * 2 for digit in short[:3]), short[3:]
    else:
        digits, alpha = match[2], match[3] or ""
    if alpha and not alpha.strip("0"):
        return None
    red, green, blue = bytes.fromhex(digits)
    return (red, green, blue)


def _hsl(match: re.Match[str]) -> Rgb | None:
    if match[4] is not None and _number(match[4]) == 0:
        return None
    hue, saturation, lightness = (int(part) for part in match.group(1, 2, 3))
    parts = colorsys.hls_to_rgb(hue / 360, min(lightness / 100, 1), min(saturation / 100, 1))
    red, green, blue = (round(255 * part) for part in parts)
    return (red, green, blue)


def _luminance(colour: Rgb) -> float:
    red, green, blue = (_linear(part / 255) for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


_LINEAR_UP_TO: Final = 0.04045  # sRGB


def _linear(part: float) -> float:
    return part / 12.92 if part <= _LINEAR_UP_TO else float(((part + 0.055) / 1.055) ** 2.4)


def declarations(style: str) -> dict[str, str]:
    """Split a style attribute into the lower-cased properties that matter; the last counts."""
    found: dict[str, str] = {}
    if "/*" in style:
        style = _REMARK.sub("", style)
    for declaration in style.lower().split(";"):
        name, colon, value = declaration.partition(":")
        if colon and name.strip() in _READ:
            value = _IMPORTANT.sub("", value)
            found[name.strip()] = _SPACES.sub(" ", value).strip()
    return found


def style_rules(sheet: str) -> dict[str, dict[str, str]]:
    """
    Return the declarations of simple selectors (`.name`, `#name`, `name`) of a style sheet.

    Rules inside `@media` count for some screens only and are left out: what one reader sees is
    read as visible.
    """
    found: dict[str, dict[str, str]] = {}
    at, depth = 0, 0
    selector = ""
    for match in re.finditer(r"[{}]", sheet):
        piece = sheet[at : match.start()]
        at = match.end()
        if match[0] == "{":
            depth += 1
            selector = piece if depth == 1 else ""
        else:
            if depth == 1 and selector:
                _add_rule(found, selector, piece)
            depth, selector = max(depth - 1, 0), ""
    return found


_SELECTOR: Final = re.compile(r"(?:[a-z][a-z0-9]*)?[.#]?[a-z0-9_-]+\Z")


def _add_rule(found: dict[str, dict[str, str]], selectors: str, style: str) -> None:
    if not (read := declarations(style)):
        return
    for selector in selectors.lower().rpartition("*/")[2].split(","):
        name = selector.strip()
        if _SELECTOR.match(name):
            found.setdefault(name, {}).update(read)
