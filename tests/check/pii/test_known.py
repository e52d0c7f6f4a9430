"""Details of the sender, and what the recipient let us show, give nobody away."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import pytest

from guardedpersonalize.check.context import CheckContext, Detection, Identity, KnownValue
from guardedpersonalize.check.echo import EchoIndex
from guardedpersonalize.check.parts import read_part
from guardedpersonalize.check.pii import is_recipients_own, is_senders_link, is_senders_own
from guardedpersonalize.profile import FieldType
from guardedpersonalize.render.draft import Chunk, Origin, Part, PartKind
from guardedpersonalize.vocabulary import Channel

SENDER = Identity(
    name="Garden Club Ltd",
    brands=("Garden Club",),
    postal_addresses=("Unit 4, 12 Garden Lane, Exeter EX4 4QJ, UK", "1 High Street\nLeeds"),
    phones=("+44 1632 960123",),
    emails=("Hello@garden.example",),
    link_domains=("garden.example", ""),
    signatories=("Ada Lovelace",),
    phone_regions=("GB",),
)


def own(entity: str, marked: str, identity: Identity = SENDER) -> bool:
    """Ask about the stretch of *marked* that stands in double brackets."""
    start, end = marked.index("[["), marked.index("]]") - 2
    text = marked.replace("[[", "").replace("]]", "")
    return is_senders_own(text, Detection(entity, start, end, 1.0), identity)


@pytest.mark.parametrize(
    ("entity", "marked"),
    [
        ("EMAIL_ADDRESS", "[[hello@garden.example]]"),
        ("EMAIL_ADDRESS", "Write to [[HELLO@Garden.Example]]."),
        ("EMAIL_ADDRESS", "[[hello (at) garden [dot] example]]"),
        ("EMAIL_ADDRESS", "mailto:[[hello%40garden.example]]?subject=x"),
        ("PHONE_NUMBER", "[[01632 960 123]]"),
        ("PHONE_NUMBER", "[[+44 (0)1632-960123]], or"),
        ("UK_POSTCODE", "[[ex4 4qj]]"),
        ("STREET_ADDRESS", "[[12 Garden Lane]]"),
        ("STREET_ADDRESS", "[[12 Garden Lane, Exeter]]"),
        ("LOCATION", "[[Exeter, EX4 4QJ, UK]]"),
        ("STREET_ADDRESS", "[[1 High Street]]"),
        ("PERSON", "[[ada lovelace]]"),
        ("ORGANIZATION", "[[Garden Club]]"),
        ("URL", "[[https://shop.garden.example/x]]"),
    ],
)
def test_details_of_the_sender_are_known_in_any_format(entity: str, marked: str) -> None:
    """Addresses, phones, lines of postal addresses, names and links."""
    assert own(entity, marked)


@pytest.mark.parametrize(
    ("entity", "marked"),
    [
        ("EMAIL_ADDRESS", "[[ada@garden.example]]"),
        ("EMAIL_ADDRESS", "[[hello@garden.example]].evil.example"),
        ("EMAIL_ADDRESS", "ada.[[hello@garden.example]]"),
        ("EMAIL_ADDRESS", "x[[hello@garden.example]]"),
        ("PHONE_NUMBER", "[[01632 960124]]"),
        ("PHONE_NUMBER", "[[01632 960123]]4"),
        ("PHONE_NUMBER", "[[960123]]"),
        ("PHONE_NUMBER", "[[none]]"),
        ("UK_POSTCODE", "[[EX4 4QK]]"),
        ("STREET_ADDRESS", "[[112 Garden Lane]]"),
        ("STREET_ADDRESS", "[[Garden]] Lane"),
        ("STREET_ADDRESS", "[[...]]"),
        ("PERSON", "[[Ada]]"),
        ("URL", "[[https://garden.example.evil.example/]]"),
        ("URL_CREDENTIALS", "[[ada:x@garden.example]]"),
        ("IP_ADDRESS", "[[192.0.2.1]]"),
    ],
)
def test_other_details_and_parts_of_longer_ones_are_not(entity: str, marked: str) -> None:
    """Whole values are compared."""
    assert not own(entity, marked)


def test_a_sender_who_names_nothing_owns_nothing() -> None:
    """Empty declarations match no text, not even an empty one."""
    for entity in ("EMAIL_ADDRESS", "PHONE_NUMBER", "STREET_ADDRESS", "PERSON", "URL"):
        assert not own(entity, "[[hello@garden.example]]", Identity())
        assert not own(entity, "[[]]", Identity())


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("https://garden.example", True),
        ("HTTPS://SHOP.Garden.Example./x?y", True),
        ("garden.example/x", True),
        ("https://ada:x@garden.example:8080/", True),
        ("https://mygarden.example", False),
        ("https://evil.example/?garden.example", False),
        ("https://garden.example@evil.example", False),
        ("mailto:hello@garden.example", False),
        ("https://[::1", False),
        ("", False),
    ],
)
def test_links_of_the_sender_lead_to_its_domains(link: str, expected: bool) -> None:
    """To a domain or one below it; what cannot be read leads nowhere."""
    assert is_senders_link(link, SENDER) is expected


# The recipient's own


@dataclass(frozen=True)
class FakeSlot:
    """As much of a slot as is asked for."""

    is_filled: bool


EMAIL = Origin(frozenset({"email"}), template="t")
LITERAL = Origin(template="t")
MAIL = "ann@example.org"


def asked(*chunks: Chunk, filled: bool = True, allowed: str = "", **index: EchoIndex) -> bool:
    """Ask about an e-mail address in a part of *chunks*."""
    read = read_part(Part("text", PartKind.TEXT, chunks))
    at = read.part.text.index(MAIL)
    known = (KnownValue("email", FieldType.TEXT, allowed),) if allowed else ()
    context = CheckContext(Channel.EMAIL, allowed=known)
    context = dataclasses.replace(context, slots={"email": FakeSlot(filled)})  # type: ignore[dict-item]
    hit = Detection("EMAIL_ADDRESS", at, at + len(MAIL), 1.0)
    return is_recipients_own(read, read.regions[0], hit, context, **index)


def test_what_a_filled_slot_wrote_is_the_recipients_own() -> None:
    """All of it by one slot that holds a value of the recipient."""
    assert asked(Chunk("To ", LITERAL), Chunk(MAIL, EMAIL), Chunk(".", LITERAL))
    assert asked(Chunk("x " + MAIL, EMAIL))


def test_what_others_wrote_is_not() -> None:
    """A fallback, a template, two slots, or a slot and a template together."""
    other = Origin(frozenset({"domain"}), template="t")
    assert not asked(Chunk(MAIL, EMAIL), filled=False)
    assert not asked(Chunk(MAIL, LITERAL))
    assert not asked(Chunk("ann", EMAIL), Chunk("@example.org", LITERAL))
    assert not asked(Chunk("ann@", EMAIL), Chunk("example.org", other))
    assert not asked(Chunk(MAIL, other))
    assert not asked(Chunk(MAIL))


def test_an_allowed_value_is_known_by_its_spelling() -> None:
    """In text that no template of ours made; as a whole, not as a part."""
    assert asked(Chunk(MAIL), allowed="Ann@Example.org")
    assert not asked(Chunk(MAIL), allowed="ann@example.org.uk")
    index = EchoIndex.of((), allowed=(KnownValue("e", FieldType.TEXT, MAIL),))
    assert asked(Chunk(MAIL), allowed="other", index=index)
