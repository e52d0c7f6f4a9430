"""Detections that give nobody away: the sender's own details, and what the reader let us show."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from guardedpersonalize.check.context import Detection, Identity
from guardedpersonalize.check.pii.emails import address_of
from guardedpersonalize.check.pii.entities import ENTITIES
from guardedpersonalize.check.pii.phones import national_numbers
from guardedpersonalize.check.pii.places import POSTCODE_SHAPE

if TYPE_CHECKING:
    from guardedpersonalize.check.context import CheckContext
    from guardedpersonalize.check.echo import EchoIndex
    from guardedpersonalize.check.reading import ReadPart, Region

__all__ = ["is_recipients_own", "is_senders_link", "is_senders_own"]

_PLACES: Final = frozenset({"LOCATION", "STREET_ADDRESS", "UK_POSTCODE"})
_NAMES: Final = frozenset({"ORG", "ORGANIZATION", "PERSON"})
_NUMBERED: Final = frozenset({"bank", "business", "state", "wallet"})
_PIECES: Final = re.compile(r"[,;\n|·•]+")
_OTHER_SCHEMES: Final = re.compile(r"(?:mailto|sms|tel):", re.IGNORECASE)
_WORDS: Final = re.compile(r"[^\W_]+")


def is_senders_own(text: str, detection: Detection, identity: Identity) -> bool:
    """
    Tell whether *detection* in *text* is one of the sender's own details.

    Whole values are compared, in a normal form: an e-mail address in any case, a phone number in
    any format, lines of a postal address, names, numbers of banks, taxes and companies however they
    are grouped. A detection that is part of a longer word is not
    the sender's, so `help@shop.example.net` is not `help@shop.example`.
    """
    shown = text[detection.start : detection.end]
    match detection.entity:
        case "EMAIL_ADDRESS":
            own = {address_of(email) for email in identity.emails}
            return address_of(shown) in own and not _goes_on(text, detection)
        case "PHONE_NUMBER":
            return not _goes_on(text, detection) and _is_own_number(shown, identity)
        case "URL":
            return is_senders_link(shown, identity)
        case entity if entity in _PLACES:
            is_in = _is_run if entity == "LOCATION" else _is_lines
            return any(is_in(_words(shown), one) for one in identity.postal_addresses)
        case entity if entity in _NAMES:
            words = _words(shown)
            is_company = any(_is_run(words, name) for name in (identity.name, *identity.brands))
            return is_company or words in {_words(name) for name in identity.signatories if name}
    return _is_own_identifier(shown, detection.entity, identity)


def _is_own_identifier(shown: str, entity: str, identity: Identity) -> bool:
    known = ENTITIES.get(entity)
    if known is None or known.group not in _NUMBERED:
        return False
    return _compact(shown) in {_compact(number) for number in identity.numbers}


def is_senders_link(link: str, identity: Identity) -> bool:
    """Tell whether *link* leads to a domain of the sender or to one below it, on the web."""
    if _OTHER_SCHEMES.match(link.strip()):
        return False
    address = link.strip() if "://" in link else f"//{link.strip()}"
    try:
        host = (urlsplit(address).hostname or "").rstrip(".")
    except ValueError:
        return False
    domains = (domain.lower().strip(".") for domain in identity.link_domains)
    return any(host == domain or host.endswith(f".{domain}") for domain in domains if domain)


def _goes_on(text: str, detection: Detection) -> bool:
    """Tell whether *detection* is part of a longer address or number."""
    before = text[max(0, detection.start - 2) : detection.start]
    after = text[detection.end : detection.end + 2]
    is_word = before[-1:].isalnum() or after[:1].isalnum()
    return (
        is_word
        or (len(after) > 1 and after[0] in "._@-" and after[1].isalnum())
        or (len(before) > 1 and before[1] in "._+@-" and before[0].isalnum())
    )


def _is_own_number(shown: str, identity: Identity) -> bool:
    numbers = set(national_numbers(shown, identity.phone_regions))
    own = (national_numbers(phone, identity.phone_regions) for phone in identity.phones)
    return any(not numbers.isdisjoint(one) for one in own)


def _compact(number: str) -> str:
    return "".join(_words(number))


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.casefold() for word in _WORDS.findall(text))


def _is_run(words: tuple[str, ...], text: str) -> bool:
    """
    Tell whether *words* stand one after the other in *text*.

    The model may see the town of an address alone, or the first word of a company's name.
    """
    size, said = len(words), _words(text)
    return size > 0 and any(said[at : at + size] == words for at in range(len(said) - size + 1))


def _is_lines(words: tuple[str, ...], address: str) -> bool:
    """Tell whether *words* are whole lines of *address*."""
    return words in _lines(address)


def _lines(address: str) -> frozenset[tuple[str, ...]]:
    """Return every run of whole lines of a postal address, its postcode being a line as well."""
    lines = [words for piece in _PIECES.split(address) if (words := list(_cut(piece)))]
    flat = [line for words in lines for line in words]
    return frozenset(
        tuple(word for line in flat[start:end] for word in line)
        for start in range(len(flat))
        for end in range(start + 1, len(flat) + 1)
    )


def _cut(line: str) -> Iterator[tuple[str, ...]]:
    """Yield the words of *line* before its postcode, and those of the postcode."""
    match = POSTCODE_SHAPE.search(line)
    pieces = (line[: match.start()], match[0], line[match.end() :]) if match else (line,)
    yield from filter(None, map(_words, pieces))


def is_recipients_own(
    read: ReadPart,
    region: Region,
    detection: Detection,
    context: CheckContext,
    *,
    index: EchoIndex | None = None,
) -> bool:
    """
    Tell whether *detection* in *region* is a value that this recipient let us show.

    It is if all of it was written by one slot that is filled with a value of the recipient, or if
    it spells an allowed value as a whole (which is how it is known in text that no template of
    ours made).

    Args:
        read: The part.
        region: One of its regions.
        detection: A hit in the text of that region.
        context: Tells the slots and the allowed values.
        index: Made of that context with `EchoIndex.of`; made here if it is needed and not given.
    """
    origins = read.origins(region, detection.start, detection.end)
    slots = {slot for origin in origins for slot in origin.slots}
    if len(slots) == 1 and all(origin.slots for origin in origins):
        slot = context.slots.get(*slots)
        if slot is not None and slot.is_filled:
            return True
    if not context.allowed:
        return False
    if index is None:
        from guardedpersonalize.check.echo import EchoIndex  # noqa: PLC0415 (only if needed)

        regions = context.identity.phone_regions
        index = EchoIndex.of((), allowed=context.allowed, lang=context.lang, regions=regions)
    return index.is_allowed(region.text[detection.start : detection.end])
