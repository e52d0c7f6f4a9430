"""Texts: words, texts that want to break out of their place, and texts with an identifier."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

from hypothesis import strategies as st

from guardedpersonalize.errors import UsageError
from guardedpersonalize.vocabulary import did_you_mean

__all__ = ["ENTITIES", "HOSTILE", "Spans", "hostile_texts", "literals", "names", "texts_with"]

Spans: TypeAlias = tuple[tuple[int, int], ...]
"""Half-open spans in characters of a text, in order."""

HOSTILE: Final = (
    "<b>Ada</b>",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</p></div></body></html>",
    "<!-- ",
    "--><h1>",
    "]]><![CDATA[",
    "&lt;b&gt;&#60;&amp;",
    "javascript:alert(1)",
    "https://evil.example/?a=1&b=2#c",
    "//evil.example",
    "www.evil.example",
    "{{ 7 * 7 }}",
    "{{ first_name }}",
    "{% for x in range(9) %}x{% endfor %}",
    "{# gone #}",
    "{{ ''.__class__.__mro__ }}",
    "${7 * 7} #{7 * 7} <%= 7 * 7 %> *|FNAME|* %%first_name%% [[first_name]]",
    "%s %d %(name)s %n {0} {name!r} {:>9}",
    "Ada\r\nBcc: eve@evil.example",
    "Ada\nContent-Type: text/html\n\n<h1>",
    "Ada\rEve",
    "Ada\x00Eve",
    "Ada\x1b[31mEve\x07",
    "Ada\u2028Eve\u2029",
    "Ada\x85Eve",
    "\u202eadA\u202c",
    "\u2066Ada\u2069",
    "A\u200bd\u200da",
    "\ufeffAda\u2060",
    "\U000e0041\U000e0064",
    "Ada\ud800",
    "\udfffAda",
    "A\u0301\u0302\u0303\u0304\u0305da",
    "\u0410d\u0430",  # letters of another alphabet that look like these
    "\uff1cb\uff1e\uff21da",
    "'; DROP TABLE readers; --",
    "' OR '1'='1",
    '=HYPERLINK("https://evil.example")',
    "@SUM(1)",
    "../../etc/passwd",
    "file:///etc/passwd",
    "data:text/html,<h1>",
    "null",
    "undefined",
    "NaN",
    "\t",
    " " * 40,
    "x" * 2_001,
    "<" * 500,
    "&" * 1_000,
    "y" * 20_000,
)
"""Texts that broke out of their place somewhere."""

_NAMES: Final = (
    "Ada",
    "Grace",
    "Bo",
    "Zoë",
    "Jean-Luc",
    "O'Neil",
    "Ásdís",
    "Mary Jane",
    "Łukasz",
    "明",
    "Нина",
    "Rose & Co",
)

# No brace, percent sign or hash, so that a text is no syntax of templates; no digits, "@" or line
# breaks, so that it holds no identifier and may stand in a header.
_WORDS: Final = (
    "Hello",
    "spring is here",
    "new bulbs",
    "for you",
    "and more",
    "tulips",
    "the garden",
    "see you soon",
    "a & b",
    "it's time",
)


def names() -> st.SearchStrategy[str]:
    """Return a strategy for first names, invented; it shrinks to "Ada"."""
    return st.sampled_from(_NAMES)


def literals(*, max_words: int = 3) -> st.SearchStrategy[str]:
    """
    Return a strategy for words that a template may say anywhere, headers included.

    Raises:
        UsageError: GP501, if *max_words* is below 1.
    """
    if max_words < 1:
        raise UsageError("GP501", f"max_words is {max_words}; at least 1 is needed.")
    some = st.lists(st.sampled_from(_WORDS), min_size=1, max_size=max_words)
    return some.map(" ".join)


def hostile_texts() -> st.SearchStrategy[str]:
    """
    Return a strategy for texts that try to leave their place.

    Markup, template syntax, line breaks, NUL and other controls, lone surrogates, direction
    overrides, zero-width characters, look-alike letters, format strings, SQL, addresses, very long
    texts; alone, after a name, or any text at all.
    """
    known = st.sampled_from(HOSTILE)
    any_text = st.text(st.characters(codec=None), max_size=40)
    mixed = st.tuples(names(), known, any_text).map("".join)
    return known | mixed | any_text


def texts_with(entity: str) -> st.SearchStrategy[tuple[str, Spans]]:
    """
    Return a strategy for texts that hold an identifier of the kind *entity*, and where.

    The identifiers have valid checksums and belong to nobody: reserved domains and numbers, the
    card numbers that card schemes publish for tests, bank codes that no bank has.

    Args:
        entity: Presidio's name: CREDIT_CARD, EMAIL_ADDRESS, IBAN_CODE or PHONE_NUMBER.

    Returns:
        A strategy for `(text, spans)`: between one and three identifiers and the span of each.

    Raises:
        UsageError: GP501, for a kind that this does not make, with the nearest it does.
    """
    make = _MAKERS.get(entity) if isinstance(entity, str) else None
    if make is None:
        remedy = did_you_mean(entity, _MAKERS) or f"Known: {', '.join(sorted(_MAKERS))}."
        raise UsageError("GP501", "there are no texts with such an entity.", remedy=remedy)
    pairs = st.lists(st.tuples(_before(), make()), min_size=1, max_size=3)
    return st.tuples(pairs, _after()).map(lambda drawn: _joined(*drawn))


def _before() -> st.SearchStrategy[str]:
    return st.sampled_from(("", "Write to ", "It is (", "\n- ", "call: ", "«")) | literals().map(
        "{} ".format
    )


def _after() -> st.SearchStrategy[str]:
    return st.sampled_from(("", ".", ", please", ")", "\n", " — thanks"))


def _joined(pairs: list[tuple[str, str]], after: str) -> tuple[str, Spans]:
    text, spans = "", []
    for before, found in pairs:
        # Two identifiers without anything between them would be one, or none.
        text += f", {before}" if text else before
        spans.append((len(text), len(text) + len(found)))
        text += found
    return text + after, tuple(spans)


def _emails() -> st.SearchStrategy[str]:
    local = st.sampled_from(("a", "ada", "ada.lovelace", "ada+news", "a_b-c", "x99"))
    domain = st.sampled_from(("example.org", "example.com", "mail.example.net"))
    return st.tuples(local, domain).map("@".join)


def _phones() -> st.SearchStrategy[str]:
    # Ofcom's numbers for drama, and the North American 555-01xx.
    british = ("+44 1632 960{:03}", "+44 7700 900{:03}", "+441632960{:03}")
    american = ("+1 202-555-01{:02}", "+1 (202) 555-01{:02}")
    drama = st.tuples(st.sampled_from(british), st.integers(0, 999))
    films = st.tuples(st.sampled_from(american), st.integers(0, 99))
    return (drama | films).map(lambda drawn: drawn[0].format(drawn[1]))


# Published by card schemes and payment services for tests.
_CARDS: Final = (
    "4111111111111111",
    "4012888888881881",
    "4242424242424242",
    "5555555555554444",
    "5105105105105100",
    "378282246310005",
    "371449635398431",
    "6011111111111117",
    "6011000990139424",
)


def _cards() -> st.SearchStrategy[str]:
    separators = st.sampled_from(("", " ", "-"))
    return st.tuples(st.sampled_from(_CARDS), separators).map(lambda drawn: _grouped(*drawn))


def _grouped(digits: str, separator: str) -> str:
    sizes = (4, 6, 5) if len(digits) == 15 else (4, 4, 4, 4)  # noqa: PLR2004  # American Express
    groups, at = [], 0
    for size in sizes:
        groups.append(digits[at : at + size])
        at += size
    return separator.join(groups)


def _ibans() -> st.SearchStrategy[str]:
    british = st.integers(0, 10**14 - 1).map(lambda number: _iban("GB", f"TEST{number:014}"))
    dutch = st.integers(0, 10**10 - 1).map(lambda number: _iban("NL", f"TEST{number:010}"))
    return st.tuples(british | dutch, st.booleans()).map(
        lambda drawn: _in_fours(drawn[0]) if drawn[1] else drawn[0]
    )


def _iban(country: str, account: str) -> str:
    """Return the IBAN of *account* with its check digits (ISO 7064, MOD 97-10)."""
    digits = "".join(str(int(char, 36)) for char in f"{account}{country}00")
    return f"{country}{98 - int(digits) % 97:02}{account}"


def _in_fours(text: str) -> str:
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


_MAKERS: Final[dict[str, Callable[[], st.SearchStrategy[str]]]] = {
    "CREDIT_CARD": _cards,
    "EMAIL_ADDRESS": _emails,
    "IBAN_CODE": _ibans,
    "PHONE_NUMBER": _phones,
}

ENTITIES: Final = tuple(sorted(_MAKERS))
"""What `texts_with` can make."""
