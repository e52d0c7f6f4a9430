"""Windows over long texts."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from guardedpersonalize.check.pii.windows import MARGIN, windows


@given(st.integers(0, 500), st.integers(1, 60), st.integers(0, 40))
def test_every_place_is_kept_once_and_read_with_its_margin(
    length: int, size: int, margin: int
) -> None:
    """The kept stretches follow each other; each window reaches its margin or the text's end."""
    at = 0
    for window in windows(length, size=size, margin=margin):
        assert window.first == at
        assert window.start == max(0, window.first - margin)
        assert window.end == min(length, window.last + margin)
        at = window.last
    assert at == length


def test_the_margin_is_longer_than_what_is_found() -> None:
    """An address of 320 characters and its hints fit into it."""
    assert MARGIN >= 320 + 60 + 30
