"""Opaque tokens: what is one, and that nothing is ever found in one."""

import base64
import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardedpersonalize.check.pii import PatternDetector
from guardedpersonalize.check.pii.opaque import is_opaque, is_unremarkable, labelled
from guardedpersonalize.check.pii.rows import load_rows, speaks_for_a_row

DETECTOR = PatternDetector()
ADDRESS = b"ann@example.org"


@pytest.mark.parametrize(
    "token", ["8fK2mQ7pX4tZ", "k9x2b7q4", "x7K9m2P4q8", "4f3e2a9b1c7d", "a1b2c3d4", "7Qz81Lm4Tw90"]
)
def test_letters_and_digits_that_take_turns_are_opaque(token):
    """As the tokens of mailing tools and shops are."""
    assert is_opaque(token)


@pytest.mark.parametrize(
    "token",
    [
        "07700900123",
        "00447700900123",
        "4111111111111111",
        "GB82WEST12345698765432",
        "DE89370400440532013000",
        "gb12a3b4c5d6e7",
        "22ABCDE1234F1Z5",
        "AB123456C",
        "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
        "0x52908400098527886E0F7030069857D2E4169EE7",
        "0xa1b2c3d4e5f6",
        "00:15:5D:3A:4F:7B",
        "00-15-5D-3A-4F-7B",
        "550e8400-e29b-41d4-a716-446655440000",
        "550e8400e29b41d4a716446655440000",
        "O77OO9OO123",
    ],
)
def test_numbers_that_someone_has_are_not(token):
    """Of phones, cards, accounts, taxes, wallets and devices; they are read each for itself."""
    assert not is_opaque(token)


@pytest.mark.parametrize(
    "token",
    [
        base64.b64encode(ADDRESS).decode(),
        base64.urlsafe_b64encode(b"a1@b2.example").decode().rstrip("="),
        base64.b64encode(b"07700900123").decode(),
        ADDRESS.hex(),
        ADDRESS.hex().upper(),
    ],
)
def test_what_can_be_decoded_is_not(token):
    """Base64 and hexadecimal of a text."""
    assert not is_opaque(token)


@pytest.mark.parametrize(
    "token",
    ["", "a8K2", "Ada1", "bokodi", "Ada1Lund2Rose3", "12345678", "a1-b2-c3-d4", "a1b2" * 16],
)
def test_words_numbers_and_what_is_short_or_long_are_not(token):
    """They say something, or may."""
    assert not is_opaque(token)


LETTERS = st.text(string.ascii_letters, min_size=1, max_size=3)
DIGITS = st.text(string.digits, min_size=1, max_size=7)
TURNS = st.lists(st.tuples(LETTERS, DIGITS).map("".join), min_size=4, max_size=6).map("".join)
TOKENS = st.tuples(st.just("") | DIGITS, TURNS, st.just("") | LETTERS).map("".join)
OPAQUE = TOKENS.filter(is_opaque)
REGIONS = ((), ("DE", "GB", "US", "FR"))
WORDS = sorted({word for row in load_rows() for word in row.words if word.isascii()})
OTHERS = ("phone", "tel", "mobile", "iban", "card", "born", "dob", "age", "user", "street", "key")


@given(OPAQUE)
@pytest.mark.parametrize("regions", REGIONS)
@pytest.mark.parametrize(
    "address", ["https://example.org/u/{}", "https://example.org/?t={}&s=1", "/{}/", "/a#s={}"]
)
def test_nothing_is_found_in_an_opaque_token(address, regions, token):
    """So it need not be looked at."""
    assert DETECTOR.detect(address.format(token), lang="en", regions=regions) == []


@given(st.sampled_from((*OTHERS, *WORDS)), OPAQUE)
@pytest.mark.parametrize("address", ["https://example.org/{}/{}", "https://example.org/?{}={}&s=1"])
def test_nor_beside_a_word_that_speaks_for_no_row(address, word, token):
    """Where one does, tokens are read each for itself."""
    text = address.format(word.replace(" ", "-"), token)
    if not speaks_for_a_row(text):
        for regions in REGIONS:
            assert DETECTOR.detect(text, lang="en", regions=regions) == []


# What is_opaque cannot tell: few turns, long runs, and what begins like an account.
HEX = st.text("0123456789abcdef", min_size=7, max_size=32).map("u{}".format)
UUIDS = st.uuids().map(str) | st.text("0123456789abcdef0123456789", min_size=32, max_size=32).map(
    lambda text: f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
)
ODD = st.lists(
    st.sampled_from(
        (
            *("GB82", "de89", "37040044", "07700900", "4111", "may", "12", "1980", "ext", "x"),
            *("face", "bc1", "0x", "ABCDE", "1234F", "RSSMRA", "85T10", "A562S", "MORGA"),
            *("657054", "SM9IJ"),
        )
    )
    | DIGITS
    | LETTERS,
    min_size=1,
    max_size=6,
).map("".join)
ASKED = (HEX | UUIDS | ODD | TOKENS).filter(is_unremarkable)


@given(ASKED)
@pytest.mark.parametrize("regions", REGIONS)
@pytest.mark.parametrize(
    "address", ["https://example.org/u/{}", "https://example.org/?t={}&s=1", "/{}/", "/a#s={}"]
)
def test_nothing_is_found_in_an_unremarkable_token(address, regions, token):
    """Whatever its letters and digits; of any score."""
    text = address.format(token)
    assert PatternDetector(threshold=0).detect(text, lang="en", regions=regions) == []


@given(st.sampled_from((*OTHERS, *WORDS)), ASKED)
@pytest.mark.parametrize("address", ["https://example.org/{}/{}", "https://example.org/?{}={}&s=1"])
def test_nor_in_one_beside_a_word_that_speaks_for_no_row(address, word, token):
    """Its own words are asked about elsewhere."""
    text = address.format(word.replace(" ", "-"), token)
    if not speaks_for_a_row(text) and not re.search("[A-Za-z]{3}", token):
        for regions in REGIONS:
            assert DETECTOR.detect(text, lang="en", regions=regions) == []


SPEAKING = next(word for word in WORDS if re.fullmatch("[a-z]{3,8}", word))
LABELS = st.sampled_from(("u", "id", "Ref", "sub", "user", "tel", "de", "x")) | st.text(
    string.ascii_letters, min_size=1, max_size=8
)


@given(LABELS, st.sampled_from("-_"), HEX | UUIDS | ODD | TOKENS)
@pytest.mark.parametrize("address", ["https://example.org/u/{}", "https://example.org/?t={}&s=1"])
def test_a_label_before_a_token_changes_nothing(address, word, sign, token):
    """Where it is told apart from it."""
    label, rest = labelled(f"{word}{sign}{token}")
    if label and (is_opaque(rest) or is_unremarkable(rest)):
        text = address.format(f"{label}{rest}")
        assert PatternDetector(threshold=0).detect(text, lang="en", regions=REGIONS[1]) == []


@pytest.mark.parametrize(
    ("token", "label"),
    [
        ("u-4f9a1c07b2d8e63a", "u-"),
        ("4f9a-1c07", ""),
        (f"{SPEAKING}-4f9a1c07b2d8e63a", ""),
        (base64.urlsafe_b64encode(b"~~ann~>?org").decode().rstrip("="), ""),
    ],
)
def test_a_label_is_a_word_that_speaks_for_nothing(token, label):
    """And no piece of a text in base64."""
    assert labelled(token) == (label, token.removeprefix(label))


@pytest.mark.parametrize(
    "token",
    [
        "a7cfe019-3955-403b-90b7-3194f61e029a",
        "de89a704-4044-4532-a013-000a1b2c3d4e",
        "12345678-a1b2-4c3d-8e5f-a1b2c3d4e5f6",
        "GB82WEST12345698765432",
        "u0770090012",
        "07700900123ext12",
        "02079460123x4",
        "0xa1b2c3d4e5f6",
    ],
)
def test_numbers_that_someone_has_are_remarkable(token):
    """In whatever way they are written into an address."""
    assert not is_unremarkable(token)
