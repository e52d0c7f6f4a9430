"""Identifiers in disguise are read as a person would read them."""

from __future__ import annotations

import base64
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardedpersonalize.check.gates import Signs
from guardedpersonalize.check.pii import PatternDetector
from guardedpersonalize.check.pii.disguises import Unmasked
from guardedpersonalize.check.pii.disguises import unmask as unmask_with
from guardedpersonalize.check.pii.look_alikes import as_seen

CARD = "4111 1111 1111 1111"
MAIL = "jane.roe@example.org"
ENCODED = base64.b64encode(f"id={MAIL}".encode()).decode()


def unmask(text: str) -> Unmasked | None:
    """Return *text* without its disguises."""
    return unmask_with(text, Signs(text))


def found(text: str) -> list[tuple[str, str]]:
    """Return what is detected in *text*, as entity and text."""
    hits = PatternDetector().detect(text, lang="en", regions=("GB", "US"))
    return [(hit.entity, text[hit.start : hit.end]) for hit in hits]


@pytest.mark.parametrize(
    ("before", "shown", "entity"),
    [
        # Look-alikes and invisible characters
        ("", "j\u0430ne@ex\u0430mple.org", "EMAIL_ADDRESS"),
        ("", "\U0001d423\U0001d41a\U0001d427\U0001d41e@example.org", "EMAIL_ADDRESS"),
        ("NI number ", "\u0410\u0412123456\u0421", "UK_NINO"),
        ("SSN ", "\uff15\uff13\uff16-\uff12\uff12-\uff11\uff12\uff13\uff14", "US_SSN"),
        ("SSN ", "5\ufe0f\u20e33\ufe0f\u20e36\ufe0f\u20e3-22-1234", "US_SSN"),
        ("card ", "4\u03361\u03361\u03361\u0336 1111 1111 1111", "CREDIT_CARD"),
        ("BSN ", "111222\u0417\u0417\u0417", "NL_BSN"),
        ("card ", "4\u200b111 1\u2060111 11\u00ad11 1111", "CREDIT_CARD"),
        ("SIN ", "\u2460\u2462\u24ea692544", "CA_SIN"),
        # Digits as words
        ("SIN ", "one three oh, six nine two, five four four", "CA_SIN"),
        ("ring ", "oh seven seven double oh nine oh oh one two three", "PHONE_NUMBER"),
        ("BSN ", "een een een twee twee twee drie drie drie", "NL_BSN"),
        ("Steuer-ID ", "acht sechs null neun fünf sieben vier zwei sieben eins neun", "DE_TAX_ID"),
        ("card ", "four 1 1 1 one 1 1 1 1 one 1 1 1 1 1 one", "CREDIT_CARD"),
        # Encodings
        ("", "%6A%61ne%40example.org", "EMAIL_ADDRESS"),
        ("", "jane%2540example.org", "EMAIL_ADDRESS"),
        ("", "&#106;ane&#x40;example&period;org", "EMAIL_ADDRESS"),
        ("t=", ENCODED, "EMAIL_ADDRESS"),
        ("t=", ENCODED.rstrip("="), "EMAIL_ADDRESS"),
        ("", MAIL.encode().hex(), "EMAIL_ADDRESS"),
        # Separators
        ("card ", "4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1", "CREDIT_CARD"),
        ("card ", "4-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1", "CREDIT_CARD"),
        ("card ", "4111_1111_1111_1111", "CREDIT_CARD"),
        ("card ", "4111 - 1111 - 1111 - 1111", "CREDIT_CARD"),
        ("SIN ", "1-30 692/5.44", "CA_SIN"),
        ("IBAN ", "D E 8 9 3 7 0 4 0 0 4 4 0 5 3 2 0 1 3 0 0 0", "IBAN_CODE"),
        ("", "j a n e @ e x a m p l e . o r g", "EMAIL_ADDRESS"),
        # Letters for digits
        ("BSN ", "lll222333", "NL_BSN"),
        ("SIN ", "l3O 692 544", "CA_SIN"),
        # Signs of a mail address
        ("", "jane_at_example_dot_org", "EMAIL_ADDRESS"),
        ("", "jane#at#example#dot#org", "EMAIL_ADDRESS"),
        ("", "jane@example dot org", "EMAIL_ADDRESS"),
        ("", "jane AT example DOT org", "EMAIL_ADDRESS"),
        ("", "jane arroba example punto org", "EMAIL_ADDRESS"),
        ("", "jane (ät) example (punkt) org", "EMAIL_ADDRESS"),
        ("", "jane{a}example.org", "EMAIL_ADDRESS"),
        ("mail ", "jane @ example . org", "EMAIL_ADDRESS"),
        ("mail ", "jane.roe at example.org", "EMAIL_ADDRESS"),
    ],
)
def test_a_disguise_is_seen_through(before: str, shown: str, entity: str) -> None:
    """And the span is that of the text as it was written."""
    assert found(f"{before}{shown}, please") == [(entity, shown)]


@pytest.mark.parametrize(
    "text",
    [
        "Pick one, two or three of our four teas in five minutes.",
        "One two three four five, once we caught a fish alive.",
        "Sizes S M L X in stock, colours a b c d e f g h",
        "See you @ shop.example or at shop.example",
        "Walk from a to b at-home dot com",
        "Save 5%20 today &amp; tomorrow",
        "internationalisation, Donaudampfschiff",
        "9d5ed678fe57bcca610140957afab571",
        "Sat 12/05/2026 14:30 - 23:59, doors 13:45:00",
        "1.234.567,89 or 1,234,567.89 or 12.05.2026 or 10.20.30",
        "Seats 527, 6272, row 27, 19/9/2026 22:00",
        "Look-at-me.com and find_me_at_home",
        "10 20 30 40 50 60 70",
        "OO1 I11 lO0",
        "m\u00b2, 10\u00b3 and x\u2074",
    ],
)
def test_ordinary_copy_is_no_disguise(text: str) -> None:
    """Number words, sizes, dates, hashes and long words stay what they are."""
    assert found(text) == []


def test_what_is_in_no_disguise_is_not_read_twice() -> None:
    """The second reading is for texts that have something to undo."""
    assert (
        unmask("Dear Ada, your 3 roses cost \u00a31,299.00 until 31 May 2026. Call 020 7946 0123.")
        is None
    )
    assert unmask("") is None


def test_only_what_is_near_a_disguise_is_read_again() -> None:
    """With enough around it for the words beside."""
    unmasked = unmask("word " * 1000 + "SIN %31%33%30692544" + " word" * 1000)
    assert unmasked is not None
    assert len(unmasked.text) < 400
    assert "SIN 130692544 word" in unmasked.text


def test_a_phone_number_of_joined_digits_needs_a_word() -> None:
    """Dates and prices are joined as well."""
    assert found("0770_0900_123 in stock") == []
    assert found("call 0770_0900_123 now") == [("PHONE_NUMBER", "0770_0900_123")]


@given(st.text())
def test_a_text_as_seen_keeps_its_places(text: str) -> None:
    """Each character stands where it came from."""
    seen, offsets = as_seen(text)
    if offsets is None:
        assert len(seen) == len(text)
    else:
        places = [offsets[at] for at in range(len(seen))]
        assert places == sorted(places)
        assert len(seen) < len(text)


@given(st.text("one two%41&#;=. -_4lO\u200b\u0430@", max_size=60))
def test_rewritten_places_map_back_into_the_text(text: str) -> None:
    """In order, and inside of it."""
    unmasked = unmask(text)
    if unmasked is not None:
        assert len(unmasked.starts) == len(unmasked.ends) == len(unmasked.is_joined) > 0
        for at in range(len(unmasked.text)):
            assert 0 <= unmasked.offsets[at] < unmasked.offsets.stop(at) <= len(text)


@pytest.mark.parametrize(
    "opening",
    [
        "one ",
        "1 ",
        "1-",
        "%41",
        "&#65;",
        "QUJD",
        "41",
        "a ",
        "O0",
        "1 .",
        "one 1 ",
        "%25",
        "\u0417",
    ],
)
def test_unmasking_bears_a_hundred_thousand_characters(opening: str) -> None:
    """In linear time."""
    start = time.process_time()
    unmask((opening * 100_000)[:100_000])
    as_seen((opening * 100_000)[:100_000])
    assert time.process_time() - start < 5
