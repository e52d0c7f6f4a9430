from __future__ import annotations

import hashlib
import hmac
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardedpersonalize.errors import ConfigError
from guardedpersonalize.minimise import PseudonymKey, mask, pseudonym

KEY = PseudonymKey("2026-a", b"k" * 32)
OTHER = PseudonymKey("2026-a", b"l" * 32)


@pytest.mark.parametrize(
    ("value", "masked"),
    [
        ("ada@example.org", "a•••@•••"),
        ("al@example.org", "•••@•••"),
        ("@ada", "•••@•••"),
        ("9ada@example.org", "•••@•••"),
        ("+44 1632 960 042", "•••42"),
        ("555-0142", "•••42"),
        ("12345", "•••"),
        ("123456", "•••56"),
        ("Lovelace", "L•••"),
        ("Ada", "•••"),
        ("Emma", "E•••"),
        ("AB-123456", "A•••"),
        ("7f3c-99aa", "•••"),
        ("", "•••"),
        ("!?", "•••"),
    ],
)
def test_masks_show_a_letter_or_two_digits(value: str, masked: str) -> None:
    """A mask shows a first letter or the last two digits, and never how long the value is."""
    assert mask(value) == masked
    assert mask(masked) == masked


@given(st.text())
def test_mask_shows_next_to_nothing(value: str) -> None:
    """Whatever the value, a mask has a known shape and is its own mask."""
    masked = mask(value)
    assert re.fullmatch(r"[^\W\d_]?•••(@•••)?|•••\d\d", masked)
    assert mask(masked) == masked


@given(st.text(), st.text(min_size=1, max_size=10))
def test_pseudonyms_are_stable(value: str, domain: str) -> None:
    """The same value has the same pseudonym in one domain under one key."""
    first = pseudonym(value, KEY, domain=domain)
    assert first == pseudonym(value, PseudonymKey("2026-a", b"k" * 32), domain=domain)
    assert re.fullmatch(r"2026-a\.[0-9a-f]{32}", first)


@given(st.text(), st.text())
def test_pseudonyms_are_apart(one: str, two: str) -> None:
    """Other values, domains and keys give other pseudonyms, for halves of characters too."""
    own = pseudonym(one, KEY, domain="ads")
    assert own != pseudonym(one, KEY, domain="records")
    assert own != pseudonym(one, OTHER, domain="ads")
    assert (one == two) == (own == pseudonym(two, KEY, domain="ads"))


def test_pseudonym_is_no_plain_hash() -> None:
    """The digest cannot be made from the value without the secret, nor from the secret alone."""
    digest = pseudonym("ada", KEY, domain="ads").partition(".")[2]
    assert not hashlib.sha256(b"ada").hexdigest().startswith(digest)
    assert not hmac.digest(KEY.secret, b"ada", "sha256").hex().startswith(digest)


def test_pseudonym_matches_a_known_answer() -> None:
    """The construction is pinned: records of old stay linkable."""
    label = b"guardedpersonalize pseudonym domain\0ads"
    domain_key = hmac.new(KEY.secret, label, hashlib.sha256).digest()
    expected = hmac.new(domain_key, b"ada", hashlib.sha256).hexdigest()[:32]
    assert pseudonym("ada", KEY, domain="ads") == f"2026-a.{expected}"


@pytest.mark.parametrize("key_id", ["", "A", "a b", "-a", "x" * 33])
def test_key_names_are_checked(key_id: str) -> None:
    """A name that would not read back out of a pseudonym is refused."""
    with pytest.raises(ConfigError, match="GP220"):
        PseudonymKey(key_id, b"k" * 32)


def test_short_secrets_are_refused_silently() -> None:
    """A secret of less than 32 bytes is refused without showing it."""
    with pytest.raises(ConfigError, match="GP220") as caught:
        PseudonymKey("a", b"hunter2")
    assert "hunter2" not in str(caught.value)
    assert "kkk" not in repr(KEY)


def test_pseudonyms_need_a_domain() -> None:
    """A pseudonym for everything would link everything."""
    with pytest.raises(ConfigError, match="GP220"):
        pseudonym("ada", KEY, domain="")
