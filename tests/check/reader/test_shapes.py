"""Shapes: the case of the word around each piece."""

import pytest

from guardedpersonalize.check.reader.shapes import shapes


@pytest.mark.parametrize(
    ("text", "offsets", "expected"),
    [
        ("may May MAY mAy 4x4", [(0, 3), (4, 7), (8, 11), (12, 15), (16, 19)], [1, 2, 3, 4, 5]),
        ("Otley", [(0, 2), (2, 5)], [2, 2]),
        ("A, b", [(0, 1), (1, 2), (3, 4)], [2, 0, 1]),
        ("日本", [(0, 1)], [4]),
        ("", [(0, 0)], [0]),
        ("a" * 10_000, [(5000, 5001)], [1]),
    ],
)
def test_a_piece_has_the_shape_of_its_word(text, offsets, expected):
    """Also in the middle of one, and of one without end."""
    assert shapes(text, offsets) == expected
