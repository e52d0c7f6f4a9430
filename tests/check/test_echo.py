"""Values that may not be shown are found in whatever spelling."""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC, date, datetime
from decimal import Decimal
from html import escape
from urllib.parse import quote

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from guardedpersonalize.check.context import CheckContext, Identity, KnownValue
from guardedpersonalize.check.echo import Echo, EchoIndex, EchoKind, find_echoes
from guardedpersonalize.check.parts import read_part
from guardedpersonalize.check.reading import ReadPart
from guardedpersonalize.profile import FieldType
from guardedpersonalize.render.draft import Chunk, Origin, Part, PartKind
from guardedpersonalize.vocabulary import Channel

TYPES = {
    str: FieldType.TEXT,
    int: FieldType.INT,
    Decimal: FieldType.DECIMAL,
    float: FieldType.DECIMAL,
    bool: FieldType.BOOL,
    date: FieldType.DATE,
    datetime: FieldType.DATETIME,
    tuple: FieldType.LIST,
}
LITERAL = Origin(template="t")


def known(value: object, field: str = "secret") -> KnownValue:
    """Make a value of a field."""
    return KnownValue(field, TYPES.get(type(value), FieldType.TEXT), value)


def slot(*names: str) -> Origin:
    """Make the origin of an expression."""
    return Origin(frozenset(names), template="t")


def read(*chunks: Chunk | str, kind: PartKind = PartKind.TEXT) -> ReadPart:
    """Read a part; plain strings are text that no template of ours made."""
    made = tuple(Chunk(chunk) if isinstance(chunk, str) else chunk for chunk in chunks)
    return read_part(Part("text", kind, made))


def echoes(
    part: ReadPart | str, *withheld: object, allowed: tuple[object, ...] = (), lang: str = "en"
) -> list[Echo]:
    """Look for *withheld* values in a part, or in a text that no template of ours made."""
    context = CheckContext(
        Channel.EMAIL,
        lang=lang,
        identity=Identity(phone_regions=("GB",)),
        allowed=tuple(known(value, f"allowed{i}") for i, value in enumerate(allowed)),
        withheld=tuple(map(known, withheld)),
    )
    return find_echoes(read(part) if isinstance(part, str) else part, context)


def shown(text: str, *withheld: object, lang: str = "en") -> list[str]:
    """Return what of *text* echoes one of *withheld* in its plain region."""
    return [text[e.start : e.end] for e in echoes(text, *withheld, lang=lang) if e.region == 0]


SPELLINGS: list[tuple[object, str, str, EchoKind]] = [
    ("Ada Lovelace", "ADA  LOVELACE", "ADA  LOVELACE", EchoKind.WHOLE),
    ("Ada Lovelace", "adalovelace", "adalovelace", EchoKind.WHOLE),
    ("Ada Lovelace", "ada-lovelace", "ada-lovelace", EchoKind.WHOLE),
    ("Ada Lovelace", "Lovelace, Ada", "Lovelace, Ada", EchoKind.REVERSED),
    ("Lovelace, Ada", "Ada Lovelace", "Ada Lovelace", EchoKind.REVERSED),
    ("Ada Lovelace", "Dear Ms Lovelace,", "Lovelace", EchoKind.COMPONENT),
    ("Ann-Marie O'Neil", "Ann Marie ONeil", "Ann Marie ONeil", EchoKind.WHOLE),
    ("Jos\xe9", "jose", "jose", EchoKind.WHOLE),
    ("M\xfcller", "Mueller", "Mueller", EchoKind.WHOLE),
    ("山田太郎", "この山田太郎さん", "山田太郎", EchoKind.WHOLE),
    ("山田", "山田さん", "山田", EchoKind.WHOLE),
    (date(1987, 5, 12), "1987-05-12", "1987-05-12", EchoKind.DATE),
    (date(1987, 5, 12), "on 1987-05-12T08:00:00Z", "1987-05-12", EchoKind.DATE),
    (date(1987, 5, 12), "19870512", "19870512", EchoKind.DATE),
    (date(1987, 5, 12), "12/5/87", "12/5/87", EchoKind.DATE),
    (date(1987, 5, 12), "05/12/1987", "05/12/1987", EchoKind.DATE),
    (date(1987, 5, 12), "12. May 1987", "12. May 1987", EchoKind.DATE),
    (date(1987, 5, 12), "the 12th of May, 1987", "12th of May, 1987", EchoKind.DATE),
    (date(1987, 5, 12), "May the 12th '87", "May the 12th '87", EchoKind.DATE),
    (date(1987, 5, 12), "on 12 May", "12 May", EchoKind.DAY_AND_MONTH),
    (date(1987, 9, 3), "Sept 3rd", "Sept 3rd", EchoKind.DAY_AND_MONTH),
    (date(1987, 9, 11), "11th September", "11th September", EchoKind.DAY_AND_MONTH),
    (datetime(1987, 5, 12, 8, tzinfo=UTC), "12 May 1987", "12 May 1987", EchoKind.DATE),
    ("1987-05-12", "12 May 1987", "12 May 1987", EchoKind.DATE),
    ("12/05/1987", "1987-12-05", "1987-12-05", EchoKind.DATE),
    ("+44 1632 960123", "01632 960 123", "01632 960 123", EchoKind.PHONE),
    ("+44 1632 960123", "+44 (0)1632-960123", "44 (0)1632-960123", EchoKind.PHONE),
    ("01632 960123", "0044 1632 960123", "0044 1632 960123", EchoKind.PHONE),
    ("01632 960123", "01632960123", "01632960123", EchoKind.WHOLE),
    ("ann@example.org", "ANN@Example.org", "ANN@Example.org", EchoKind.WHOLE),
    ("ann@example.org", "ann at example dot org", "ann at example dot org", EchoKind.EMAIL),
    ("ann@example.org", "ann (at) example.org", "ann (at) example.org", EchoKind.EMAIL),
    ("lovelace@example.org", "Hi lovelace,", "lovelace", EchoKind.COMPONENT),
    (12345, "12,345 points", "12,345", EchoKind.NUMBER),
    (12345, "12.345,00", "12.345,00", EchoKind.NUMBER),
    (Decimal("1234.50"), "1,234.50", "1,234.50", EchoKind.NUMBER),
    (Decimal("1234.50"), "1 234,5", "1 234,5", EchoKind.NUMBER),
    (412.37, "412.37", "412.37", EchoKind.NUMBER),
    (("ferns", "tree frogs"), "about tree frogs", "tree frogs", EchoKind.ITEM),
    (("+44 1632 960123",), "01632 960123", "01632 960123", EchoKind.PHONE),
    ("12 Garden Lane, Exeter EX4 4QJ", "at 12 garden lane", "12 garden lane", EchoKind.COMPONENT),
    ("12 Garden Lane, Exeter EX4 4QJ", "near EX44QJ", "EX44QJ", EchoKind.COMPONENT),
    ("12 Garden Lane, Exeter EX4 4QJ", "in Exeter", "Exeter", EchoKind.COMPONENT),
    ("https://www.example.org/u/ada1", "example.org/u/ada1", "example.org/u/ada1", EchoKind.WHOLE),
    ("Ada Lovelace", "Ada%20Lovelace", "Ada%20Lovelace", EchoKind.ENCODED),
    ("Ada Lovelace", "Ada%2520Lovelace", "Ada%2520Lovelace", EchoKind.ENCODED),
    ("a.b@example.org", "a%2Eb%40example%2Eorg", "a%2Eb%40example%2Eorg", EchoKind.ENCODED),
    ("O'Neil & Co", "O&#39;Neil &amp; Co", "O&#39;Neil &amp; Co", EchoKind.ENCODED),
    ("Zo\xeb", "Zo&#235;", "Zo&#235", EchoKind.ENCODED),
    ("Ada Lovelace", "?q=QWRhIExvdmVsYWNl&x", "QWRhIExvdmVsYWNl", EchoKind.ENCODED),
    ("0123456", "0123 456; 44 123456", "0123 456", EchoKind.WHOLE),
    ("Rose", "Dear Rose", "Rose", EchoKind.WHOLE),
]  # fmt: skip


@pytest.mark.parametrize(("value", "text", "place", "kind"), SPELLINGS)
def test_a_value_is_found_in_its_usual_spellings(
    value: object, text: str, place: str, kind: EchoKind
) -> None:
    """At its exact place, and with the way in which it shows itself."""
    found = [e for e in echoes(text, value) if e.region == 0]
    assert [(text[e.start : e.end], e.kind) for e in found] == [(place, kind)]
    assert found[0].field == "secret"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("Ada", "Adam and Canada"),
        ("Ada", "ada1 and 1ada"),
        ("Anna", "an na"),
        ("Rose", "a rose is a rose"),
        ("Ada of the Garden", "the garden of the"),
        ("12 Garden Lane, Exeter", "the Garden club, 12 of them, in the lane"),
        ("al", "al dente"),
        ("\u5c71", "\u5c71\u5c71"),
        ("", "nothing"),
        (" \t", "nothing"),
        (None, "None"),
        ("N/A", "n/a"),
        ("yes", "yes, of course"),
        ("42", "42 of 42"),
        (True, "True"),
        (999, "999"),
        (12345, "12345.67 and 1.12345 and 112345"),
        (Decimal("12.99"), "12.99"),
        (Decimal("NaN"), "NaN"),
        (date(1987, 5, 12), "12 and 5 and 1987, 1251987"),
        (date(1987, 5, 12), "12 May 1988th, 12-06-1987"),
        ("01632 960123", "1632 960124"),
        ("info@example.org", "see info on the page"),
        ("Ada", "A   -   d   -   a"),
        ("Ada Lovelace", "\u0410\u0434\u0430"),
        ("Ada Lovelace", "?q=xQWRhIExvdmVsYWNl&q=QWRhIExvdmVsYWNlx"),
        ("2026-13-45", "13 45"),
    ],
)
def test_other_words_and_values_that_are_everywhere_are_not(value: object, text: str) -> None:
    """Whole words only; short and common values are not searched for."""
    assert shown(text, value) == []


def test_months_are_known_in_the_language_of_the_text() -> None:
    """And in English; a language without names of months has English ones."""
    day = date(1987, 3, 12)
    assert shown("12. M\xe4rz 1987", day, lang="de-DE") == ["12. M\xe4rz 1987"]
    assert shown("12 de marzo de 1987", day, lang="es") == ["12 de marzo de 1987"]
    assert shown("12 March 1987", day, lang="xx") == ["12 March 1987"]
    assert shown("12. M\xe4rz 1987", day) == []


def test_pieces_of_a_longer_text_are_found() -> None:
    """Four words in a row, and whatever in it points at a person by itself."""
    note = (
        "Allergic to peanuts, and please always ask for Margaret on 07700900123 or by mail to "
        "maggie@example.org since 1987-05-12, the door is open"
    )
    assert shown("So please always ask for Margaret!", note) == ["please always ask for Margaret"]
    assert shown("peanuts and please always; the door is open", note) == [
        "peanuts and please always",
        "the door is open",
    ]
    assert shown("ring +44 7700 900123", note) == ["44 7700 900123"]
    assert shown("maggie (at) example (dot) org", note) == ["maggie (at) example (dot) org"]
    assert shown("12 May 1987", note) == ["12 May 1987"]
    assert shown("Margaret by the door", note) == []


def test_encoded_forms_of_long_values_are_not_searched() -> None:
    """Their words are."""
    value = "Lovelace%20Ada " * 25 + "Margaret is always here"
    assert shown(quote(value), value) == []
    assert shown("Margaret is always here", value) == ["Margaret is always here"]


def test_hashes_of_an_address_are_found() -> None:
    """The usual three, of the lower-cased address."""
    for digest in (hashlib.md5, hashlib.sha1, hashlib.sha256):
        text = digest(b"ann@example.org", usedforsecurity=False).hexdigest()
        (echo,) = echoes(f"/track/{text}.gif", "Ann@example.org")
        assert echo.kind is EchoKind.HASHED


def test_only_the_longest_place_of_a_field_is_reported() -> None:
    """Each field for itself."""
    assert shown("Ada Lovelace, Ada", "Ada Lovelace") == ["Ada Lovelace", "Lovelace, Ada"]
    assert shown("Ada Lovelace or Ada", "Ada Lovelace") == ["Ada Lovelace", "Ada"]
    assert shown("Ada Lovelace", "Ada Lovelace", "Ada") == ["Ada Lovelace"]
    values = (known("Ada Lovelace", "name"), known("Lovelace", "alias"))
    found = find_echoes(read("Ada Lovelace"), CheckContext(Channel.EMAIL, withheld=values))
    assert [(e.field, e.start) for e in found] == [("name", 0), ("alias", 4)]


def test_every_region_of_a_part_is_read() -> None:
    """Links decoded, attributes, comments, hidden text."""
    source = "<i hidden>ADA</i>x<a href='/?e=a%2564a' title='(Ada)'></a><!-- ada --><img alt=Ada>"
    part = read(source, kind=PartKind.HTML)
    found = echoes(part, "Ada")
    kinds = [part.regions[e.region].kind.value for e in found]
    assert kinds == ["preheader", "link", "title", "comment", "alt"]
    assert [source[slice(*part.regions[e.region].source_span(e.start, e.end))] for e in found] == [
        "ADA", "a%2564a", "Ada", "ada", "Ada",
    ]  # fmt: skip


# Who wrote it


def test_a_templates_own_words_are_no_echo() -> None:
    """They cannot depend on a value."""
    part = read(Chunk("Dear Ada, or ", LITERAL), Chunk("you", slot("greeting")))
    assert echoes(part, "Ada") == []
    assert echoes(read(Chunk("Dear Ada", LITERAL)), "Ada") == []


def test_the_whole_output_of_a_slot_is_what_was_allowed() -> None:
    """Alone, between marks, or together with other whole outputs."""
    assert echoes(read(Chunk("Hi ", LITERAL), Chunk(" Ada! ", slot("first"))), "Ada") == []
    names = (Chunk("Ada", slot("first")), Chunk(" ", LITERAL), Chunk("Lovelace", slot("last")))
    assert echoes(read(*names), "Ada Lovelace") == []
    alt = Chunk("<img alt='Ada'>", LITERAL)
    html = (alt, Chunk("<b>", LITERAL), names[0], Chunk("</b> <i>x</i>", LITERAL))
    assert echoes(read(*html, kind=PartKind.HTML), "Ada") == []


def test_part_of_the_output_of_a_slot_is_an_echo() -> None:
    """A free text may hold what is withheld."""
    note = Chunk("ask for Ada there", slot("note"))
    assert len(echoes(read(Chunk("x ", LITERAL), note), "Ada")) == 1
    assert len(echoes(read(Chunk("x ", LITERAL), Chunk("for Ada", slot("note"))), "Ada")) == 1
    assert len(echoes(read(Chunk("Ada, too", slot("note"))), "Ada")) == 1


def test_a_slot_and_the_template_together_can_make_an_echo() -> None:
    """A date whose year the template spells out is one that was put together."""
    part = read(Chunk("12 May", slot("day")), Chunk(" 1987", LITERAL))
    assert len(echoes(part, date(1987, 5, 12))) == 1


def test_text_of_others_counts_everywhere() -> None:
    """Also beside our own."""
    part = read(Chunk("Dear Ada and ", LITERAL), Chunk("Ada", slot("first")), Chunk(" Ada"))
    assert [e.start for e in echoes(part, "Ada")] == [17]


def test_what_spells_an_allowed_value_is_no_echo() -> None:
    """A first name that may be shown is part of a full name that may not."""
    assert echoes("Hi ADA", "Ada Lovelace", allowed=("Ada",)) == []
    assert len(echoes("Hi Ada Lovelace", "Ada Lovelace", allowed=("Ada",))) == 1
    assert echoes("12 May 1987", "1987-05-12", allowed=(date(1987, 5, 12),)) == []


CHUNKS = st.lists(
    st.tuples(
        st.sampled_from(
            ["Ada", "Lovelace", " ", ", ", "Ada Lovelace", "12", "/05/", "1987", "x", ""]
        ),
        st.sampled_from([LITERAL, slot("a"), slot("b"), slot("a", "b")]),
    ),
    max_size=12,
)


@settings(max_examples=300)
@given(CHUNKS, st.integers(0, 500))
def test_reading_near_slots_is_reading_everything(
    pieces: list[tuple[str, Origin]], padding: int
) -> None:
    """What a template wrote far from any slot need not be searched: the echoes are the same."""
    long = Chunk("and so on " * padding, LITERAL)
    inner = [Chunk(text, origin) for text, origin in pieces]
    values = ("Ada Lovelace", date(1987, 5, 12))
    near = echoes(read(long, *inner, long), *values)
    index = EchoIndex.of(tuple(map(known, values)))
    index.reach = 10**9
    everything = find_echoes(read(long, *inner, long), CheckContext(Channel.EMAIL), index=index)
    assert near == everything


# Laws

PEOPLE = """
Adaline Lovelace Grace-Ann O'Shaughnessy Joséphine Straßer Łukasz Björnsdóttir Анна Ковалёва Ελένη
محمد שָׁרָה नारायण
"""
NAMES = st.sampled_from(PEOPLE.split())
FILLER = st.sampled_from(["", "hello ", "see this: ", "(", "\u201c", "line\n", "a, b; "])
AFTER = st.sampled_from(["", " today", ", then", ")", ".", "\u201d", "\n"])


def planted(before: str, spelt: str, after: str, value: object) -> bool:
    """Plant *spelt* in a text and tell whether *value* is found there, and where exactly."""
    text = before + spelt + after
    found = [(e.start, e.end) for e in echoes(text, value) if e.region == 0]
    return (len(before), len(before) + len(spelt)) in found


@given(NAMES, NAMES, FILLER, AFTER, st.data())
def test_a_planted_name_is_found(
    first: str, last: str, before: str, after: str, data: st.DataObject
) -> None:
    """In any case, with other spaces and hyphens, without accents, reversed, of any script."""
    assume(first != last)
    spelt = data.draw(
        st.sampled_from(
            [
                f"{first} {last}",
                f"{first}-{last}",
                f"{first}  {last}",
                f"{first}{last}".lower(),
                f"{first} {last}".upper(),
                f"{first} {last}".casefold(),
                f"{last}, {first}",
                f"{last} {first}",
                f"{first} {last}".replace("-", " ").replace("'", "\u2019"),
            ]
        )
    )
    assert planted(before, spelt, after, f"{first} {last}")


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)), FILLER, AFTER, st.data())
def test_a_planted_date_is_found(day: date, before: str, after: str, data: st.DataObject) -> None:
    """In numbers of any order and padding, and with the name of the month."""
    formats = [
        "%Y-%m-%d", "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%y", "%m-%d-%y", "%Y/%m/%d", "%Y%m%d",
        "%d%m%Y", "%d %B %Y", "%d. %b %Y", "%B %d, %Y", "%b %d %y", "%d of %B %Y",
        "%dth of %B, %Y", "%d-%b-%Y",
    ]  # fmt: skip
    form = data.draw(st.sampled_from(formats))
    spelt = day.strftime(form)
    if "th" in form:
        ending = {1: "st", 2: "nd", 3: "rd"}.get(day.day % 10 * (day.day not in {11, 12, 13}), "th")
        spelt = spelt.replace(f"{day:%d}th", f"{day.day}{ending}")
    assert planted(before, spelt, after, day)


@given(st.integers(100_000, 999_999), FILLER, AFTER, st.data())
def test_a_planted_phone_number_is_found(
    tail: int, before: str, after: str, data: st.DataObject
) -> None:
    """With other separators, with and without its country code."""
    digits = f"{tail:06}"
    split = f"{digits[:3]} {digits[3:]}"
    forms = [f"01632 {digits}", f"01632-{split}", f"44 1632 {split}", f"0044 1632{digits}",
             f"441632{digits}", f"01632{digits}", f"44 (0)1632 {split}"]  # fmt: skip
    value = data.draw(st.sampled_from([f"+44 1632 {digits}", f"01632 {digits}"]))
    assert planted(before, data.draw(st.sampled_from(forms)), after, value)


LOCALS = st.from_regex(r"[a-z]{3,8}[._][a-z]{2,8}", fullmatch=True)


@given(LOCALS, st.sampled_from(["example.org", "mail.example"]), FILLER, AFTER, st.data())
def test_a_planted_address_is_found(
    local: str, domain: str, before: str, after: str, data: st.DataObject
) -> None:
    """In any case, spelt out, and encoded in the usual ways."""
    address = f"{local}@{domain}"
    spelt = data.draw(
        st.sampled_from(
            [
                address.upper(),
                f"{local} at {domain.replace('.', ' dot ')}",
                f"{local} (at) {domain}",
                f"{local}[at]{domain}",
                quote(address, safe=""),
                quote(quote(address, safe=""), safe=""),
                address.replace("@", "&#64;"),
            ]
        )
    )
    assert planted(before, spelt, after, address)


@given(NAMES, NAMES)
def test_a_value_in_base64_or_escaped_is_found(first: str, last: str) -> None:
    """The exact value, with and without padding, in both alphabets; and in HTML."""
    value = f"{first} & {last}"
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        spelt = encode(value.encode()).decode()
        assert planted("?q=", spelt.rstrip("="), spelt[len(spelt.rstrip("=")) :] + "&", value)
    assert planted("x ", escape(value), " x", value)


@given(
    st.text(max_size=40), st.one_of(st.text(max_size=20), st.integers(), st.floats(), st.dates())
)
def test_nothing_breaks_the_search(text: str, value: object) -> None:
    """Any text, any value; places lie in the text, and echoes do not hold it."""
    for echo in echoes(text + str(value) + text, value):
        assert 0 <= echo.start < echo.end
        assert repr(echo).count("'") == 2 * len(("field",)) + repr(echo.kind).count("'")


@pytest.mark.parametrize("text", ["\ud800", "\x00", "a\ud800b\x00c", "\udfff\ud800 x"])
def test_surrogates_and_nul_can_be_searched_for_and_in(text: str) -> None:
    """A value may hold anything."""
    assert isinstance(echoes(text, text, (text,), f"{text} {text}@example.org"), list)


@pytest.mark.parametrize(
    "piece",
    ["Ada Lovelac ", "hello world 12 ", "12 May ", "\u5c71", "a ", "1 ", "\u200b", "A d a "],
)
def test_a_megabyte_is_searched_in_time_that_grows_with_its_length(piece: str) -> None:
    """A value that is everywhere nearly is no worse than one that is nowhere."""
    text = (piece * 1_000_000)[:1_000_000]
    values = ("Ada Lovelace", date(1987, 5, 12), "+44 1632 960123", "ann@example.org")
    index = EchoIndex.of(tuple(map(known, values)))
    assert isinstance(find_echoes(read(text), CheckContext(Channel.EMAIL), index=index), list)


def test_a_megabyte_can_be_a_value() -> None:
    """Its first words are searched for."""
    value = " ".join(f"word{i}" for i in range(150_000))
    assert shown("so word7 word8 word9 word10 it is", value) == ["word7 word8 word9 word10"]


# The index


def test_an_index_is_made_once_and_shows_nothing() -> None:
    """Its repr counts spellings; with no values it is empty and finds nothing."""
    index = EchoIndex.of((known("Ada Lovelace"),), allowed=(known("Ada"),))
    assert "ada" not in repr(index).lower()
    assert index
    assert not EchoIndex.of(())
    assert index.is_allowed("ADA")
    assert not index.is_allowed("Lovelace")
    context = CheckContext(Channel.EMAIL, withheld=(known("Grace"),))
    assert [e.field for e in find_echoes(read("Lovelace"), context, index=index)] == ["secret"]


def test_echoes_come_in_the_order_of_regions_and_places() -> None:
    """Whatever the order of the values."""
    text = "Ada 1987-05-12 Grace https://x.example/?Grace"
    values = [known("Grace", "b"), known(date(1987, 5, 12), "c"), known("Ada", "a")]
    expected = [("a", 0), ("c", 0), ("b", 0), ("b", 0), ("b", 1)]
    for order in (values, values[::-1]):
        context = CheckContext(Channel.EMAIL, withheld=tuple(order))
        found = find_echoes(read(text), context)
        assert [(e.field, e.region) for e in found] == expected
