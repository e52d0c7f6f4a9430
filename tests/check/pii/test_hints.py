"""Words beside a hit that move its score."""

from __future__ import annotations

import pytest

from guardedpersonalize.check.pii.hints import NO_HINTS, Hints, weigh

HINTS = Hints.of("call|phone", "order|code")


def score(text: str, base: float = 0.3) -> float:
    """Weigh the `#` in *text*."""
    at = text.index("#")
    return weigh(text, at, at + 1, base, HINTS)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("see #", 0.3),
        ("call #", 0.65),
        ("CALL us: #", 0.65),
        ("order #", 0.2),
        ("order by phone: #", 0.65),
        ("phone order #", 0.2),
        ("# is my phone", 0.65),
        ("# is my order", 0.2),
        ("#. My phone", 0.3),
        ("#\nphone", 0.3),
        ("# phone or code", 0.65),
        ("# code or phone", 0.2),
        ("promo code phone #", 0.65),
        ("recall #", 0.3),
        ("call_ #", 0.65),
        ("call " + "x" * 70 + " #", 0.3),
    ],
)
def test_the_nearest_word_decides(text: str, expected: float) -> None:
    """Whole words in any case; words after the hit count only within its sentence."""
    assert score(text) == expected


def test_scores_stay_between_their_bounds() -> None:
    """A boost lifts to the threshold at least and to one at most; a doubt never lifts."""
    assert score("call #", 0.01) == 0.4
    assert score("call #", 0.9) == 1.0
    assert score("order #", 0.1) == 0.1


def test_without_hints_a_score_stays() -> None:
    """Kinds that are told by their shape alone have none."""
    assert weigh("call #", 5, 6, 0.3, NO_HINTS) == 0.3
