"""Values: which are plain, and what is shown of them."""

from __future__ import annotations

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from guardedpersonalize.check.blocks import read_in_blocks
from guardedpersonalize.check.incremental.plan import plan_of
from guardedpersonalize.check.incremental.values import is_free, shown
from guardedpersonalize.render.draft import Chunk, Origin, Part, PartKind


@pytest.mark.parametrize(
    ("value", "is_token", "expected"),
    [
        ("Ada", False, True),
        ("Ada Lund 3", False, True),
        ("A-q_7", True, True),
        ("A-q_7", False, False),
        ("Ada Lund", True, False),
        ("St", False, False),
        ("In St", False, False),
        ("", False, False),
        ("", True, False),
        ("Dahlia 'Ada' & Co", False, True),
        ('"Ada"', False, True),
        ("& Co", False, False),
        ("Ada <3", False, False),
        ("Ada\n", False, False),
        ("Ad\xe4 Anne-Marie O'Neill", False, True),
        ("\u674e", False, True),
        ("Ad\xe4", True, False),
        ("Ada-", False, False),
        ("Ada--Lund", False, False),
        ("Ad\u0430\u0301", False, False),
        ("<b>", False, False),
        ("a" * 33, False, False),
        ("a" * 129, True, False),
    ],
)
def test_plain_values_are_free(value, is_token, expected):
    """Words without an abbreviation at the end, and tokens of usual signs."""
    assert is_free(value, is_token=is_token) is expected


@given(st.text("ab '\"&<>;#39amplt"))
def test_what_escaping_does_to_a_value_is_undone(value):
    """In markup; elsewhere nothing is escaped."""
    escaped = str(escape(value))
    assert shown(escaped, PartKind.HTML) == value == html.unescape(escaped)
    assert shown(escaped, PartKind.TEXT) == escaped


PLACES = (
    "<p>Hi {}, welcome.</p><p>Bye {}.</p>",
    '<img src="https://example.org/a.png" alt="{} in bloom"><p>{}</p>',
    "<title>For {}</title><p title='{}'>Hi &amp; bye</p>",
    '<div style="display:none">News of {}</div><table><tr><td>{}</td></tr></table>',
)


@pytest.mark.parametrize("source", PLACES)
@pytest.mark.parametrize("value", ["O'Neill", "Dahlia 'Ada' & Co", '"Ada"', "Ada", "Zo\xeb"])
def test_a_block_is_drawn_as_it_is_read(source, value):
    """With the places in the source of what stands for references."""
    literal, slot = Origin(template="t"), Origin(frozenset({"s"}), template="t")

    def part_with(said):
        words = source.split("{}")
        chunks = [Chunk(words[0], literal)]
        for word in words[1:]:
            chunks += [Chunk(str(escape(said)), slot), Chunk(word, literal)]
        return Part("body", PartKind.HTML, chunks)

    plan = plan_of(part_with("Bob"), read_in_blocks, (), ())
    assert len(plan.free) == 2
    part = part_with(value)
    for block, region in zip(plan.blocks, read_in_blocks(part).regions, strict=True):
        text, offsets = block.sketch.drawn(part)
        assert text == region.text
        assert [*offsets] == [*region.offsets]
        assert [offsets.stop(i) for i in range(len(text))] == [
            region.offsets.stop(i) for i in range(len(text))
        ]
