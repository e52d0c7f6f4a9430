"""How a finding is made."""

from guardedpersonalize.check.context import CheckContext
from guardedpersonalize.check.matchers.base import make_finding, slot_ranges
from guardedpersonalize.check.parts import read_part
from guardedpersonalize.check.reading import Region, RegionKind
from guardedpersonalize.render.draft import Chunk, Origin, Part, PartKind
from guardedpersonalize.vocabulary import Channel, Severity

NAME = Origin(slots=frozenset({"first_name"}))
LINE = Origin(template="new.html", line=7)


def make(make_rule, read, span, slots=None, **given):
    context = CheckContext(channel=Channel.EMAIL, slots=slots or {})
    return make_finding(
        make_rule(), Severity.WARN, read, read.regions[0], span, context=context, **given
    )


def test_a_finding_knows_its_template_and_slots(make_rule, make_slot, read_as):
    """The first chunk with a template says the line; all chunks say the slots."""
    read = read_as("Hi Ada!", chunks=(Chunk("Hi "), Chunk("Ada", NAME), Chunk("!", LINE)))
    slots = {"first_name": make_slot()}
    finding = make(make_rule, read, (0, 7), slots, fields=("city",))
    assert (finding.template, finding.line) == ("new.html", 7)
    assert finding.slots == ("first_name",)
    assert finding.fields == ("city", "first_name")
    assert finding.region == ""


def test_a_finding_without_length_is_at_its_place(make_rule, read_as):
    """The chunk at that place is its origin."""
    read = read_as("Hi Ada!", chunks=(Chunk("Hi "), Chunk("Ada", NAME), Chunk("!")))
    finding = make(make_rule, read, (3, 3))
    assert (finding.start, finding.end, finding.slots) == (3, 3, ("first_name",))
    assert finding.fields == ()
    assert (finding.template, finding.line) == ("", 0)


def test_a_finding_in_markup_has_offsets_of_the_source(make_rule):
    """And names the region."""
    read = read_part(Part("html", PartKind.HTML, (Chunk("<p>A &amp; <b>B</b>"),)))
    finding = make(make_rule, read, (0, 5))
    assert read.part.text[finding.start : finding.end] == "A &amp; <b>B"
    assert finding.region == RegionKind.VISIBLE.value


def test_outputs_are_placed_in_the_text_of_a_region():
    """An output that a region does not show is not in it."""
    chunks = (Chunk("<p>Hi "), Chunk("Ada", NAME), Chunk("<!-- "), Chunk("x", NAME), Chunk("-->"))
    read = read_part(Part("html", PartKind.HTML, chunks))
    found = {
        region.kind: [region.text[a:b] for a, b, _ in slot_ranges(read, region)]
        for region in read.regions
    }
    assert found == {RegionKind.VISIBLE: ["Ada"], RegionKind.COMMENT: ["x"]}


def test_an_empty_region_holds_no_output():
    """There is nothing to place."""
    read = read_part(Part("text", PartKind.TEXT, (Chunk("Ada", NAME),)))
    assert list(slot_ranges(read, Region(RegionKind.PLAIN, "", range(1)))) == []
