"""Text that may not enter a message, whatever field it comes from."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["has_link", "is_unsafe"]

# Sources: Unicode TR 36 and UAX 9 (bidirectional spoofing), RFC 5322 and RFC 3834 practice (CR and
# LF in headers), Unicode 16 chapter 23 (default-ignorable and tag characters).
_FORBIDDEN: Final = (
    r"\x00-\x1f\x7f-\x9f"  # control characters, CR and LF among them
    r"\u2028\u2029"  # line and paragraph separators
    r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # bidirectional marks, overrides, isolates
    r"\u00ad\u034f\u180e\u200b\u2060-\u2065\u206a-\u206f\ufeff\ufff9-\ufffb"  # invisible
    r"\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"  # invisible, in shorthand and music
    r"\u115f\u1160\u3164\uffa0"  # fillers that look like nothing
    r"\U000e0000-\U000e0fff"  # tags and what is reserved beside them
    r"\ud800-\udfff"  # halves of a character
)
# Joiners belong to scripts and emoji; next to ASCII, doubled or in front they only hide something.
_JOINERS: Final = r"(?:\A|[\x00-\x7f\u200c\u200d])[\u200c\u200d]|[\u200c\u200d][\x00-\x7f]"
_UNSAFE: Final = re.compile(f"[{_FORBIDDEN}]|{_JOINERS}")
_LINK: Final = re.compile(r"://|www\.", re.IGNORECASE)


def is_unsafe(text: str) -> bool:
    r"""
    Tell whether *text* holds characters that break out of its place or hide something.

    Markup and template syntax are fine: they stay text.

    >>> is_unsafe("Ada"), is_unsafe("Ada\r\nBcc: x"), is_unsafe("<b>{{ x }}</b>")
    (False, True, False)
    """
    if text.isascii():
        return not text.isprintable()
    return _UNSAFE.search(text) is not None


def has_link(text: str) -> bool:
    """Tell whether *text* holds what mail programs turn into a link: "://" or "www."."""
    # Most values have neither character, and the search is the dearest part of a plain value.
    return ("/" in text or "." in text) and _LINK.search(text) is not None
