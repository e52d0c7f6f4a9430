"""Texts of the strategies: known places of identifiers, and every kind of hostile text."""

from __future__ import annotations

import itertools
import unicodedata

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

from guardedpersonalize.check.pii import PatternDetector
from guardedpersonalize.errors import UsageError
from guardedpersonalize.minimise import is_unsafe
from guardedpersonalize.testing.strategies import (
    ENTITIES,
    HOSTILE,
    hostile_texts,
    literals,
    names,
    texts_with,
)

DETECTOR = PatternDetector()
# Whether there is one, not which is the simplest.
OFTEN = settings(max_examples=5_000, phases=[Phase.generate], derandomize=True, database=None)


def luhn(digits: str) -> bool:
    """Tell whether *digits* end in their check digit (ISO/IEC 7812-1)."""
    doubled = [int(d) * (1 + n % 2) for n, d in enumerate(reversed(digits))]
    return sum(d // 10 + d % 10 for d in doubled) % 10 == 0


def mod97(iban: str) -> int:
    """Return what is left of an IBAN (ISO 13616); 1 for a valid one."""
    turned = iban[4:] + iban[:4]
    return int("".join(str(int(char, 36)) for char in turned)) % 97


@pytest.mark.parametrize("entity", ENTITIES)
@given(data=st.data())
def test_the_spans_are_where_the_identifiers_are(entity: str, data: st.DataObject) -> None:
    """In order, apart, and each a valid identifier of its kind."""
    text, spans = data.draw(texts_with(entity))
    assert spans
    assert all(a < b for a, b in spans)
    assert all(one[1] < other[0] for one, other in itertools.pairwise(spans))
    for start, end in spans:
        found = text[start:end]
        bare = "".join(char for char in found if char.isalnum())
        match entity:
            case "CREDIT_CARD":
                assert luhn(bare)
            case "IBAN_CODE":
                assert mod97(bare) == 1
            case "EMAIL_ADDRESS":
                assert found.rpartition("@")[2].endswith(
                    ("example.org", "example.com", "example.net")
                )
            case _:
                assert bare.startswith(("441632960", "447700900", "120255501"))


@pytest.mark.parametrize("entity", ENTITIES)
@given(data=st.data())
def test_the_detector_sees_them(entity: str, data: st.DataObject) -> None:
    """The shipped detector finds something of each of them where it is said to be."""
    text, spans = data.draw(texts_with(entity))
    seen = [d for d in DETECTOR.detect(text, lang="en", regions=("GB", "US")) if d.entity == entity]
    for start, end in spans:
        assert any(each.start < end and each.end > start for each in seen)


@pytest.mark.parametrize("entity", ["EMAIL_ADRESS", "", None, "PERSON"])
def test_an_unknown_entity_is_refused_at_once(entity: str) -> None:
    """Before anything is drawn, with what there is."""
    with pytest.raises(UsageError, match="GP501"):
        texts_with(entity)


def test_a_misspelt_entity_is_helped() -> None:
    """The error names the nearest."""
    with pytest.raises(UsageError, match="'EMAIL_ADDRESS'"):
        texts_with("EMAIL_ADRESS")


def test_no_words_are_no_literal() -> None:
    """Arguments are looked at when the strategy is made."""
    with pytest.raises(UsageError, match="max_words"):
        literals(max_words=0)


@given(literals())
def test_literals_are_plain(text: str) -> None:
    """They may stand in a header, are no syntax, and hold no identifier."""
    assert not is_unsafe(text)
    assert not set(text) & set("{}%#<>@0123456789")


@pytest.mark.parametrize(
    "has",
    [
        lambda text: "<" in text,
        lambda text: "{{" in text,
        lambda text: "\r\n" in text,
        lambda text: "\x00" in text,
        lambda text: any(unicodedata.category(char) == "Cs" for char in text),
        lambda text: "\u202e" in text,
        lambda text: "\u200d" in text,
        lambda text: "%s" in text,
        lambda text: "DROP TABLE" in text,
        lambda text: "\u0430" in text,
        lambda text: len(text) > 10_000,
    ],
    ids=[
        "markup",
        "syntax",
        "lines",
        "nul",
        "half",
        "bidi",
        "joiner",
        "format",
        "sql",
        "look",
        "long",
    ],
)
def test_every_kind_of_hostile_text_is_there(has: object) -> None:
    """Each kind by itself, and within what the strategy draws."""
    assert any(map(has, HOSTILE))  # type: ignore[arg-type]
    assert find(hostile_texts(), has, settings=OFTEN) is not None  # type: ignore[arg-type]


def test_names_shrink_to_ada() -> None:
    """The simplest person has the simplest name."""
    assert find(names(), lambda _: True) == "Ada"
