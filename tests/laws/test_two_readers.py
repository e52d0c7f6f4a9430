"""Law 5: what is known of blocks gives the report that reading everything gives."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from law_scenes import FEWER, engine_of, scenes_and_crowds

from guardedpersonalize.check import Checker
from guardedpersonalize.consent import Consent, ConsentRecord
from guardedpersonalize.engine import Engine, Recipient
from guardedpersonalize.minimise import Context, SlotSpec
from guardedpersonalize.profile import Field, FieldType, Profile
from guardedpersonalize.testing import TemplateSource, make_pack
from guardedpersonalize.testing.laws import two_readers
from guardedpersonalize.testing.strategies import AT, Scene
from guardedpersonalize.vocabulary import Family, Provenance, Source, category

FIELDS = tuple(
    Field(name, FieldType.TEXT, category(key), provenance, Source.DATA_SUBJECT)
    for name, key, provenance in (
        ("name", "user.name.first", Provenance.PROVIDED),
        ("town", "user.contact.address.city", Provenance.PROVIDED),
        ("hobby", "user.demographic.profile.interest", Provenance.OBSERVED),
        ("code", "system.operations", Provenance.PROVIDED),
        ("email", "user.contact.email", Provenance.PROVIDED),
    )
)
SLOTS = ("name", "town", "hobby", "code")

MANY = settings(max_examples=settings.default.max_examples * 25 // 2)
"""500 examples of an ordinary run, 25,000 of a thorough one."""

# Sentences with slots where a value may join what stands beside it.
SEAMS = (
    "Hello NAME,",
    "NAME, we know you like HOBBY.",
    "Is NAME pregnant? Ask CODE.",
    "Since you looked at HOBBY, NAME.",
    "Parcels to TOWN go out on Fridays.",
    "We ship to TOWN.\n\nThe next lorry leaves at ten.",
    "Your number is CODE.",
    "Card 4111 1111 CODE",
    "IBAN GB82 WEST CODE 6543 2198 7654 32",
    "Ring 01632 CODE or write to TOWN.",
    "Born on CODE 1980, NAME.",
    "12 TOWN Street, Exampleton EX1 1AA",
    "Write to NAME@example.org or NAME at example dot org.",
    "See https://example.org/u/CODE for more.",
    "See https://example.org/find?q=HOBBY&page=1",
    "See shop.example/CODE and CODE.com",
    "NAMETOWN and NAME-CODE",
    "NAME TOWN CODE",
    '"NAME said HOBBY", says TOWN.',
    "NAME's HOBBY",
    "It is CODE% off in TOWN (NAME).",
    "As a HOBBY person you, NAME, will want this.",
    "Only CODE left, NAME!",
    "NAME\n\nTOWN\n\nHOBBY",
    "In TOWN.\nIn HOBBY!\n\nNAME",
    "Die Blumen blühen in TOWN, und NAME freut sich darauf.",
    "Unsubscribe, NAME.",
    "Example Garden Club TOWN",
    "Username: NAME, visa CODE",
    "See https://example.org/CODE NAME for more.",
    "See https://example.org/malcolm/CODE for more.",
    "See https://example.org/q/J%6CODE for more.",
    "{{ 'As you are pregnant' if town == 'Bath' else 'As it is spring' }}, TOWN.",
)
HTML_SEAMS = (
    "<p>Hello NAME,</p>",
    "<p>We know you like HOBBY in TOWN.</p><p>NAME</p>",
    '<p><a href="https://example.org/u/CODE">NAME</a> from TOWN</p>',
    '<img src="https://example.org/a.png" alt="NAME in TOWN">',
    '<p title="HOBBY">CODE</p>',
    "<table><tr><td>Phone</td><td>CODE</td></tr><tr><td>NAME</td></tr></table>",
    '<div style="display:none">TOWN, NAME and HOBBY</div>',
    '<p class="NAME">NAME</p>',
    "<p>4111 <b>CODE</b> 1111 NAME</p>",
    "<p>TOWN.</p><p>Next, HOBBY.</p>",
    "<p>Hello &#x4NAME in &#x4TOWN, &#7CODE</p>",
    "<ul><li>HOBBY</li><li>TOWN</li><li>NAME</li></ul>",
)
PIECES = (
    *("Ann", "Bokodi", "Sodama", "Gilofe", "Nabe", "Mira", "TOBALE", "dolemo", "Teris", "Lobed"),
    *("Al", "Jo", "José", "Zoë", "O'Brien", "Mary-Jane", "van", "St", "Dr", "McLeod", "李", "Åsa"),
    *("Port", "Bath", "Leeds", "Gidole", "Reading", "Rose", "Mark", "Visa", "Order", "Hope"),
    *("pregnant", "noticed", "you", "we know", "looking", "baby", "stop", "unsubscribe", "in"),
    *("diabetes", "watching", "since you", "birds", "club", "example", "Garden", "walking"),
    *("4111", "1111", "1111 1111", "12", "5", "1980", "12 May", "960042", "GB82", "zero one two"),
    *("ann@elsewhere.example", "at elsewhere dot example", "www.", "https://", ".com", "mailto"),
    *("<b>", "&amp;", "{{ x }}", "%41%6e", "a\nb", "\u200b", "und die der das", "St."),
    *(
        "u-3f9a2b1c4d5e6f70",
        "id_a1b2c3d4",
        "6f1d0c3a-9b2e-4c47-8a5d-c1e0f2b3a4d5",
        "Zoë-Åsa",
        "Жанна",
    ),
    *("YW5uQGVsc2V3aGVyZS5leGFtcGxl", "u3f9a2b1c4d5e6f70", "AB12", "Quay Street", "Ltd", "!?"),
)
PLAIN = PIECES[:10]


def values(pieces: Sequence[str] = PIECES) -> st.SearchStrategy[str]:
    """Return a strategy for values: a few pieces, joined this way or that."""
    joined = st.builds(
        lambda sign, some: sign.join(some),
        st.sampled_from((" ", " ", "", "-", ". ", ", ")),
        st.lists(st.sampled_from(pieces), min_size=1, max_size=3),
    )
    return st.sampled_from(PLAIN) | st.sampled_from(pieces) | joined


def source_of(fragment: str) -> str:
    """Return *fragment* as a template."""

    def slot(found: re.Match[str]) -> str:
        into = found[2].lower() + "|urlencode" * ("/" in found[1])
        return f"{found[1]}{{{{ {into} }}}}"

    return re.sub(rf"(\S*?)({'|'.join(SLOTS).upper()})", slot, fragment)


def engine_for(seams: Sequence[str], html: Sequence[str]) -> Engine:
    """Return an engine for a mail of these sentences."""
    files = {"subject.j2": "News from the club", "body.txt.j2": source_of("\n".join(seams))}
    if html:
        files["body.html.j2"] = source_of("\n".join(html))
    used = [name for name in SLOTS if any(f"{{ {name}" in text for text in files.values())]
    source = TemplateSource(files=files, slots=tuple(SlotSpec(name, name) for name in used))
    pack = make_pack(FIELDS, {"mail": source}, context=Context(at=AT, country="GB"))
    return engine_of(pack)


@st.composite
def crowds(draw: st.DrawFn) -> list[Recipient]:
    """Return a strategy for people some of whose values are alike."""
    return [
        person(number, {name: draw(values()) for name in SLOTS} | {"email": draw(values())})
        for number in range(draw(st.integers(2, 4)))
    ]


def person(number: int, held: dict[str, str]) -> Recipient:
    """Return somebody who allows everything but the use of the address."""
    recipient = f"r-{number}"
    record = ConsentRecord.simple(
        record_id="c-1",
        person=recipient,
        purposes=["marketing.communications.email"],
        given_at=AT - timedelta(days=30),
        pii_types=[field.category.key for field in FIELDS if field.name != "email"],
        channels=["email"],
        channel_permission="double_opt_in",
    )
    long_ago = dict.fromkeys(held, AT - timedelta(days=3))
    profile = Profile(recipient, held, observed_at=long_ago)
    return Recipient(profile, Consent(records=(record,), age_group="adult"))


@MANY
@given(
    st.lists(st.sampled_from(SEAMS), min_size=1, max_size=4),
    st.lists(st.sampled_from(HTML_SEAMS), max_size=2),
    crowds(),
)
def test_both_readers_find_the_same_at_seams(
    seams: list[str], html: list[str], crowd: list[Recipient]
) -> None:
    """Whatever values complete, continue, split or imitate."""
    two_readers(engine_for(seams, html), "mail", crowd, AT)


CUT = (
    ("See https://example.org/?q=%4CODE for more.", "", {"code": "aones"}, "Jones"),
    ("See https://example.org/q/J%6CODE for more.", "", {"code": "fnes"}, "Jones"),
    ("See https://example.org/CODE NAME for more.", "", {"code": "7", "name": "Al Smith"}, "x al"),
    ("See https://example.org/malcolm/CODE for more.", "", {"code": "7"}, "Malcolm X"),
    ("", "<p>Hello &#x4CODE</p>", {"code": "aones"}, "Jones"),
    ("", "<p>Hello &#7CODE</p>", {"code": "4ones"}, "Jones"),
    ("", "<p>Hello &#x4NAME in &#x4TOWN dear</p>", {"name": "Zokodi"}, "zuzu"),
    ("You ticked: HOBBY, TOWN", "", {"hobby": "moss", "town": "ferns"}, "ticked moss"),
    (
        "Die Blumen bl\u00fchen in TOWN, und NAME freut sich darauf.",
        "",
        {"name": "we know"},
        "x",
    ),
)


@pytest.mark.parametrize(("seam", "html", "held", "email"), CUT)
def test_both_readers_find_the_same_where_they_differed_once(
    seam: str, html: str, held: dict[str, str], email: str
) -> None:
    """As where a character is half a slot's, or a name is a word that tells the language."""
    rest = {"name": "Bokodi", "town": "Gidole", "hobby": "moss", "code": "7", "email": "zuzu"}
    crowd = [person(0, rest), person(1, rest | held | {"email": email}), person(2, rest)]
    two_readers(engine_for([seam] * bool(seam), [html] * bool(html)), "mail", crowd, AT)


FAULTS = {
    "every word is like any other": (
        "guardedpersonalize.check.lexicon.Lexicon.knows",
        lambda self, word: False,
        "As a NAME you will want this.",
        ({"name": "Bokod"}, {"name": "Widow"}),
    ),
    "nothing is ever an echo": (
        "guardedpersonalize.check.incremental.echoes.EchoGuard.suspects",
        lambda self, outputs: [],
        "Hello NAME, it is spring.",
        ({"name": "Nabe", "email": "zuzu"}, {"name": "Nabe", "email": "hello nabe"}),
    ),
    "every value is like any other": (
        "guardedpersonalize.check.incremental.draft_part.Planned.symbols",
        lambda self, texts: [0] * len(self._entries),
        "Card 4111 1111 CODE",
        ({"code": "1111 1112"}, {"code": "1111 1111"}),
    ),
    "what was found stays where it was": (
        "guardedpersonalize.check.incremental.draft_part.DraftPart._placed",
        lambda self, one, block: one.finding,
        "NAME in TOWN.\n\nWe know you like tulips, NAME.",
        ({"name": "Ann", "town": "Ayr"}, {"name": "Ann", "town": "Port Gidole"}),
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_the_law_sees_a_planted_fault(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each is a mistake that an incremental reader could make."""
    target, wrong, seam, values = FAULTS[fault]
    rest = {"name": "Ann", "town": "Gidole", "hobby": "moss", "code": "7", "email": "zuzu"}
    crowd = [person(number, rest | held) for number, held in enumerate(values)]
    two_readers(engine_for([seam], []), "mail", crowd, AT)
    monkeypatch.setattr(target, wrong)
    engine = engine_for([seam], [])
    engine.checker = Checker(rules=engine.checker.rules)  # one that remembers nothing yet
    with pytest.raises(AssertionError, match="law 5"):
        two_readers(engine, "mail", crowd, AT)


SPOKEN = "Hello NAME, {{ 'we know that you like birds' if town == 'Bath' else 'it is spring' }}."


def test_both_readers_hear_what_an_expression_says_without_a_slot() -> None:
    """The path is the same, and so are the slots; the words are the template's own, but others."""
    rest = {"hobby": "moss", "code": "7", "email": "zuzu", "name": "Bokodi"}
    crowd = [person(n, rest | {"town": town}) for n, town in enumerate(("Ayr", "Bath", "Leeds"))]
    engine = engine_for([SPOKEN, "TOWN"], [])
    two_readers(engine, "mail", crowd, AT)
    results = [engine.render("mail", one.profile, one.consent, at=AT) for one in crowd]
    found = [{f.family for f in (*each.refused, *each.findings)} for each in results]
    assert [Family.INTRUSIVE in each for each in found] == [False, True, False]


def test_both_readers_are_heard() -> None:
    """Nearly every draft of plain people is answered from what is known."""
    crowd = [person(n, {"name": name, "town": "Gidole"}) for n, name in enumerate(PLAIN)]
    engine = engine_for(["Hello NAME,", "Parcels to TOWN go out on Fridays."], [])
    assert two_readers(engine, "mail", crowd, AT) >= len(PLAIN)


@FEWER
@given(scenes_and_crowds())
def test_both_readers_find_the_same_in_generated_packs(
    drawn: tuple[Scene, list[Recipient]],
) -> None:
    """For every construct of templates, and any people."""
    scene, crowd = drawn
    two_readers(engine_of(scene.pack), scene.template, crowd, scene.at)
