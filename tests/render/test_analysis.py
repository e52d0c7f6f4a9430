"""What templates read and write, found without rendering them."""

from __future__ import annotations

from render_packs import compiled

from guardedpersonalize.render import Analysis, OutputSite, PartKind, ReadKind, SlotRead

MAIN = """\
{% from "lib.txt.j2" import greet %}
{{ greet(name) }}{% if vip %}
{{ greet("you") }}{% endif %}{% for i in items if n %}{{ i }}{% endfor %}{{ 'a' if city else 'b' }}
"""
LIB = "{% macro greet(who) %}Hi {{ who }}{% endmacro %}"


def analysed() -> Analysis:
    """Return the analysis of the two."""
    return compiled(MAIN, lib_txt=LIB).analysis("main")


def test_every_read_of_a_slot_is_listed_with_its_place() -> None:
    """Through every branch; shown where the value is used, tested where it only decides."""
    shown, tested = ReadKind.SHOWN, ReadKind.TESTED
    assert analysed().reads == tuple(
        SlotRead(slot, "part", "main.txt.j2", line, kind)
        for slot, line, kind in [
            ("city", 3, tested),
            ("items", 3, shown),
            ("n", 3, tested),
            ("name", 2, shown),
            ("vip", 2, tested),
        ]
    )


def test_every_site_is_listed_with_its_union() -> None:
    """Calls of a macro are told apart; words have their text."""
    sites = [
        (site.sid, sorted(site.origin.slots), sorted(site.origin.control), site.text)
        for site in analysed().part("part").sites
    ]
    assert sites == [
        ("main.txt.j2#0", [], [], "\n"),
        ("main.txt.j2#1", ["name"], [], ""),
        ("main.txt.j2#2", [], ["vip"], "\n"),
        ("main.txt.j2#3", [], ["vip"], ""),
        ("main.txt.j2#4", ["items"], ["items", "n"], ""),
        ("main.txt.j2#5", [], ["city"], ""),
        ("lib.txt.j2#0", [], [], "Hi "),
        ("lib.txt.j2#1", ["name"], [], ""),
    ]


def test_the_files_of_a_part_are_listed() -> None:
    """In the order of discovery, the part's own first."""
    part = analysed().part("part")
    assert (part.source, part.kind) == ("main.txt.j2", PartKind.TEXT)
    assert part.files == ("main.txt.j2", "lib.txt.j2")
    assert isinstance(part.sites[0], OutputSite)
    assert part.sites[0].is_literal
    assert not part.sites[1].is_literal


def test_slots_are_shown_or_only_tested() -> None:
    """A slot may be both."""
    analysis = analysed()
    assert analysis.entry == "main"
    assert analysis.shown == {"name", "items"}
    assert analysis.tested == {"vip", "items", "n", "city"}
