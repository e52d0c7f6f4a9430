"""The guard of echoes: it never says no where there is one, and says no where it can."""

from __future__ import annotations

import base64
import hashlib
from datetime import date
from decimal import Decimal
from urllib.parse import quote

import pytest
from hypothesis import event, example, given, settings
from hypothesis import strategies as st

from guardedpersonalize.check.blocks import in_blocks
from guardedpersonalize.check.context import CheckContext, Identity, KnownValue
from guardedpersonalize.check.echo import find_echoes
from guardedpersonalize.check.incremental.echoes import EchoGuard
from guardedpersonalize.check.incremental.letters import Letters
from guardedpersonalize.check.incremental.outputs import Output
from guardedpersonalize.check.incremental.plan import UNKNOWN, plan_of
from guardedpersonalize.check.incremental.values import is_free, shown
from guardedpersonalize.check.parts import read_part
from guardedpersonalize.check.spellings import spelt as spellings_of
from guardedpersonalize.profile import FieldType
from guardedpersonalize.render.draft import Chunk, Origin, Part, PartKind
from guardedpersonalize.vocabulary import Channel

REGIONS = ("GB",)
LITERAL = Origin(template="t")


def known(*values):
    """Make values that may not be shown; the guard does not ask for their types."""
    return tuple(KnownValue(f"f{i}", FieldType.TEXT, value) for i, value in enumerate(values))


def part_of(*pieces, kind=PartKind.TEXT):
    """Return a part of *pieces*, the template's and a slot's in turns."""
    chunks = [
        Chunk(piece, Origin(frozenset({f"slot{i}"}), template="t") if i % 2 else LITERAL)
        for i, piece in enumerate(pieces)
        if piece
    ]
    return Part("part", kind, chunks)


def read(part):
    """Read *part* as the incremental reader does."""
    return in_blocks(read_part(part))


def outputs(part):
    """Return what slots wrote in *part*, with the words that its plan tells."""
    plan = plan_of(part, read, (), ())
    stuck = {
        i
        for i, is_token in plan.free
        if not is_free(shown(part.texts[i], part.kind), is_token=is_token)
    } | plan.fixed
    return [
        Output.of(part.texts[chunk], part, beside)
        for chunk, beside, is_masked in plan_of(part, read, (), stuck).written
        if not is_masked
    ]


def echoes(part, withheld, lang="en"):
    """Return the echoes that a full search finds."""
    context = CheckContext(
        Channel.EMAIL, lang=lang, identity=Identity(phone_regions=REGIONS), withheld=withheld
    )
    return find_echoes(read(part), context)


def suspects(part, withheld, lang="en"):
    """Return the fields that the guard names for *part*; all of one without a plan."""
    if plan_of(part, read, (), ()) is None:
        return {known.field for known in withheld}
    guard = EchoGuard(withheld, lang=lang, regions=REGIONS)
    return {known.field for known in guard.suspects(outputs(part))}


def may_echo(part, withheld, lang="en"):
    """Tell whether the guard names any."""
    return bool(suspects(part, withheld, lang))


# What stands beside an output


def test_words_of_slots_side_by_side_are_whole_outputs():
    """A list of words is no echo of one of them; with the template's word before it, it may be."""
    part = part_of("You ticked: ", "moss", ", ", "ferns", ", ", "larches", ".")
    assert not may_echo(part, known("ferns"))
    assert not may_echo(part, known("moss ferns larches"))
    assert may_echo(part, known("ticked moss"))


def test_the_nearest_word_of_another_slot_counts():
    """Where one of the two wrote more than a word, an echo may be half of each."""
    part = part_of("For ", "Ada Byron", " ", "King", ".")
    assert may_echo(part, known("Byron King"))
    assert not may_echo(part, known("Augusta King"))
    assert may_echo(part_of("For ", "a@b", " ", "12 to 40", "."), known("9940 1240"))
    assert not may_echo(part_of("For ", "Zo\xeb", " ", "12 to 40", "."), known("9940 1240"))


def test_base64_goes_through_an_output_as_a_whole():
    """A short word stands in the base64 of many a value."""
    encoded = base64.b64encode(b"ann@example.org").decode()
    assert not may_echo(part_of("It is ", encoded[3:5], " on Friday."), known("ann@example.org"))
    assert may_echo(part_of("It is ", encoded, " on Friday."), known("ann@example.org"))


# What must not be missed

NAMES = ["Ada Lovelace", "Lovelace, Ada", "Jo Li", "Ann-Marie O'Neil", "Zo\xeb M\xfcller", "Rose"]
ODD = ["\u0416\u0430\u043d\u043d\u0430 \u041b\u0438", "\u5409\u4f50", "Dahlia 'Ada' & Co"]
ADDRESSES = ["12 Garden Lane, Exeter EX4 4QJ", "Flat 2\n4 The Mews\nYork", "Lindenstr. 7, Ulm"]
EMAILS = ["ann@example.org", "ada.lovelace99@mail.example", "j-li@example.com", "info@a.example"]
PHONES = ["+44 1632 960123", "01632 960 123", "(01632) 960-124"]
LISTS = [("ferns", "tree frogs"), ("+44 1632 960123", "Ada Byron"), ("ann@example.org",)]
NUMBERS = [12345, 1234.5, Decimal("2500.00"), 42]
VALUES = st.one_of(
    st.sampled_from([*NAMES, *ODD, *ADDRESSES, *EMAILS, *PHONES, *LISTS, *NUMBERS]),
    st.dates(date(1930, 1, 1), date(2029, 12, 31)),
    st.dates(date(1930, 1, 1), date(2029, 12, 31)).map(lambda day: day.strftime("%d/%m/%Y")),
)


def spelt(value):
    """Return some ways to say *value*."""
    if isinstance(value, date):
        forms = ("%Y-%m-%d", "%d/%m/%y", "%d %B %Y", "%B %dth, %Y", "%d %b", "%Y%m%d", "%d of %B")
        return [value.strftime(form) for form in forms]
    if isinstance(value, tuple):
        return [form for one in value for form in spelt(one)]
    if not isinstance(value, str):
        return [str(value), f"{value:,}", f"{value:.2f}", f"{value:,.2f}", f"\xa3{value}"]
    words = value.split()
    raw = value.encode()
    return [
        *(value, value.upper(), value.lower().replace(" ", ""), value.replace(" ", "-"), *words),
        " ".join([words[-1], *words[:-1]]),
        " ".join([*words[1:], words[0]]),
        " ".join(words[:2]),
        value.replace("@", " at ").replace(".", " dot "),
        value.partition("@")[0],
        quote(value),
        quote(quote(value, safe=""), safe=""),
        base64.b64encode(raw).decode().rstrip("="),
        base64.urlsafe_b64encode(raw).decode(),
        *([f"0{value.replace(' ', '')[-10:]}", "0044 1632 960123"] if value[-3:].isdigit() else []),
    ]


BESIDE = st.sampled_from(
    [
        "",
        " ",
        "Hi ",
        "for Ada ",
        "x",
        "7 ",
        "12 ",
        "May ",
        "st ",
        "of ",
        "- ",
        "/",
        "?q=",
        ", ",
        ".",
    ]
)
AFTER = st.sampled_from(
    [
        "",
        " ",
        " now",
        ", hi",
        " Lovelace",
        "s",
        " 7",
        " 1987",
        "th",
        " May",
        ".com",
        "/",
        "&s=1",
        ".",
    ]
)


@st.composite
def scenes(draw):
    """A withheld value, and a part whose slot wrote a piece of something like it."""
    value = draw(VALUES)
    said = draw(st.sampled_from(spelt(value)))
    text = draw(BESIDE) + said + draw(AFTER)
    cuts = sorted(draw(st.tuples(*[st.integers(0, len(text))] * 2)))
    kind = draw(st.sampled_from([PartKind.TEXT, PartKind.HTML]))
    before, after = draw(BESIDE), draw(AFTER)
    pieces = (before + text[: cuts[0]], text[cuts[0] : cuts[1]], text[cuts[1] :] + after)
    return value, part_of(*pieces, kind=kind)


@settings(max_examples=400, deadline=None)
@given(scenes(), st.lists(VALUES, max_size=2))
@example(("Ada Lovelace", part_of("Hi Ada ", "Lovelace", ".")), [])
def test_no_echo_is_missed(scene, others):
    """Whatever is withheld besides, and wherever the template ends and the slot begins."""
    value, part = scene
    withheld = known(value, *others)
    shown = {echo.field for echo in echoes(part, withheld)}
    event("an echo" if shown else "none")
    assert shown <= suspects(part, withheld)


def case(value, *pieces, lang="en"):
    return pytest.param(value, part_of(*pieces), lang, id="|".join(map(repr, pieces)))


@pytest.mark.parametrize(
    ("value", "part", "lang"),
    [
        case("Ada Lovelace", "Hi ", "Ada Byron", "."),
        case("Ada Lovelace", "Hi Ada ", "Lovelace", "."),
        case("Ada Lovelace", "Hi ", "Ada", " Lovelace."),
        case("Ada Lovelace", "", "Ms Ada", " ", "Lovelace", "."),
        case("Ada Lovelace", "/?q=", "x QWRhIExvdmVsYWNl"),
        case("ann@example.org", "Write to ", "ann", " at example dot org."),
        case(date(1987, 5, 12), "Since ", "12", " May."),
        case(date(1987, 5, 12), "Since 12 ", "May", "."),
        case(date(1987, 5, 12), "At ", "1987-05-12T08:00", "."),
        case("01632 960123", "Ring 01632 ", "960123", "."),
        case("https://www.example.org/u/ada1", "At ", "us example.org/u/ada1", "."),
        # What slots write may be without any letter.
        case("Ada Lovelace", "Ada", "-", "Lovelace"),
        case("Ada Lovelace", "Ada", " ", "Lovelace"),
        # Numbers among words, with their separators.
        case(12345, "", "12,345 points", "."),
        case(Decimal("1234.50"), "Paid: ", "GBP 1,234.50", "."),
        case(Decimal("1E+5"), "", "100,000 points", "."),
        # A date and a time, without separators.
        case(date(1987, 5, 12), "Ref ", "19870512T0800", "."),
        case(date(1987, 5, 12), "Ref ", "19870512T080000Z", "."),
        # Accents may be left out.
        case(date(1987, 2, 12), "Le ", "12", " fevr.", lang="fr"),
        case(date(1987, 8, 12), "Le ", "12", " aout 1987.", lang="fr"),
        case(date(1987, 3, 12), "Am ", "12", ". Marz.", lang="de"),
        # A month may begin in a slot.
        case(date(2000, 1, 1), "01", " J", "anuary 2000"),
        # Two characters, where each is a word.
        case("\u5409\u4f50", "", "\u5409\u4f50\u79cb", "."),
        # A form without digits, of signs or of characters that have no case.
        case("&&&", "", "Ada amp amp amp", "."),
        case("\ufeef\ufeef", "", "Ada efbbafefbbaf", "."),
        # Hashes of an address, which share no letters with it.
        case("ann@example.org", "/", f"id-{hashlib.md5(b'ann@example.org').hexdigest()}", "/"),  # noqa: S324
        case("ann@example.org", "ID ", f"id {hashlib.sha256(b'ann@example.org').hexdigest()}", "."),
    ],
)
def test_an_echo_of_any_kind_may_be_one(value, part, lang):
    """A full search finds it; so the guard asks for one."""
    withheld = known(value)
    assert echoes(part, withheld, lang)
    assert may_echo(part, withheld, lang)


@given(st.text("abcx12 ,.&-'%@\xe9", min_size=3, max_size=16))
@example("bo, 12, ka")
@example("ab.. 1, cd")
@example("1x&")
def test_the_letters_of_a_value_hold_each_of_its_spellings(value):
    """However it is encoded, and whatever it begins with."""
    (held,) = known(value)
    texts = list(spellings_of(held, lang="en", regions=REGIONS))
    letters = Letters((held,), lambda _: texts)
    for text in texts:
        assert letters.may_hold(Output(text, ("", None)))


@pytest.mark.parametrize("value", [Decimal("NaN"), float("nan"), Decimal("Infinity"), "", (), True])
def test_a_value_that_cannot_be_spelt_is_no_echo(value):
    """Nor is it a failure."""
    assert not may_echo(part_of("Hi ", "Ada", "."), known(value))


@pytest.mark.parametrize("text", ["", " ", "-", "?!"])
def test_an_output_without_letters_can_be_asked_about(text):
    """Beside other words, or none."""
    held = known("kira@example.org")
    guard = EchoGuard(held, lang="en", regions=REGIONS)
    for beside in [("", ""), ("hi", ""), ("", "hi"), UNKNOWN]:
        assert guard.suspects([Output(text, beside)]) in ([], [*held])


def test_what_is_not_known_may_be_one():
    """The words beside a slot, where another slot may have written them."""
    guard = EchoGuard(known("Ada Lovelace"), lang="en", regions=REGIONS)
    assert guard.suspects([Output("Ada", UNKNOWN)])
    assert not guard.suspects([Output("Bokodi", UNKNOWN)])


def test_one_output_is_enough():
    """And none is not."""
    guard = EchoGuard(known("Ada Lovelace"), lang="en", regions=REGIONS)
    bad, good = Output("Ada Byron", ("hi", "")), Output("Bokodi", ("hi", ""))
    assert guard.suspects([good, bad])
    assert not guard.suspects([good, good])
    assert not guard.suspects([])


# What need not be searched for


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("kira@example.org", "Ada"),
        ("kira@example.org", "Ada Lund"),
        ("kira@example.org", "8fK2mQ7pX4tZ"),
        ("kira@example.org", "8fK2mQ7pX4tZ9wL3aB"),
        ("Kira Bokodi", "Ada"),
        ("Kira Bokodi", "7"),
        ("Kira Bokodi", "8fK2mQ7pX4tZ"),
        ("12 Garden Lane, Exeter", "Ada"),
        ("12 Garden Lane, Exeter", "7"),
        (date(1987, 5, 12), "Ada"),
        (date(1987, 5, 12), "7"),
        ("+44 1632 960123", "Ada"),
        ("+44 1632 960123", "3"),
        (12345, "Ada"),
        (12345, "7"),
        (("ferns", "tree frogs"), "Ada"),
        ("Ada Lund", "Ada"),
    ],
)
def test_most_outputs_are_told_to_be_none(value, text):
    """A name, a number among words and an opaque token, of other letters than what is withheld."""
    assert not may_echo(part_of("We have news, ", text, " beans came."), known(value))
