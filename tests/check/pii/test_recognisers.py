"""The recognisers one by one: shapes, checksums and the words beside."""

from __future__ import annotations

import re
import time
from importlib import import_module

import pytest

from guardedpersonalize.check.pii import PatternDetector
from guardedpersonalize.check.pii.emails import address_of, find_emails
from guardedpersonalize.check.pii.phones import national_numbers
from guardedpersonalize.check.pii.rows import load_rows


def found(text: str, *regions: str) -> list[tuple[str, str]]:
    """Return what is detected in *text*, as entity and text."""
    hits = PatternDetector().detect(text, lang="en", regions=regions or ("GB", "US"))
    return [(hit.entity, text[hit.start : hit.end]) for hit in hits]


def of(entity: str, text: str, *regions: str) -> list[str]:
    """Return what is detected of one kind."""
    return [shown for kind, shown in found(text, *regions) if kind == entity]


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("ann (at) shop [dot] example", "ann (at) shop [dot] example"),
        ("ann[at]example.org", "ann[at]example.org"),
        ("write ann at example dot org now", "ann at example dot org"),
        ("ann at mail dot example dot co dot uk", "ann at mail dot example dot co dot uk"),
        ("ann&#64;example.test", "ann&#64;example.test"),
        ("ann&#x40;example.org", "ann&#x40;example.org"),
        ("?e=ann%40example.co.uk&x", "ann%40example.co.uk"),
        ("email=ann@example.org", "ann@example.org"),
        ("<ann@example.invalid>", "ann@example.invalid"),
        ("mailto:ann_b+tag@xn--mnchen-3ya.de", "ann_b+tag@xn--mnchen-3ya.de"),
        ("j\xf6rg@m\xfcnchen.de", "j\xf6rg@m\xfcnchen.de"),
        ("Ask ann@example.org.Then wait", "ann@example.org"),
        ("ann@corp.internal", "ann@corp.internal"),
        ("eve@foo.unheardof", "eve@foo.unheardof"),
        ("'ann@example.org'", "ann@example.org"),
        ("a" * 70 + "@example.org", "a" * 64 + "@example.org"),
        ("ann\uff20example.org", "ann\uff20example.org"),
    ],
)
def test_addresses_are_found_however_they_are_written(text: str, address: str) -> None:
    """Plain, encoded, spelt out, at reserved and at unknown top-level names."""
    assert of("EMAIL_ADDRESS", text) == [address]


@pytest.mark.parametrize(
    "text",
    [
        "@gardenclub",
        "3@2.50",
        "ann@example",
        "ann@",
        "@example.org",
        "a@b.c",
        "meet us at polka dot cafe",
        "look at dot",
        "ann.@example.org",
        "(at) home",
        "ann@-x.org",
    ],
)
def test_what_only_has_an_at_sign_is_no_address(text: str) -> None:
    """Handles, prices, words."""
    assert of("EMAIL_ADDRESS", text) == []


def test_an_address_of_an_unknown_name_is_less_sure() -> None:
    """The score tells a known suffix from a guess."""
    scores = [d.score for d in find_emails("ann@example.org ann@foo.unheardof ann(at)b.org")]
    assert scores == [1.0, 0.5, 0.85]


def test_the_same_address_has_one_normal_form() -> None:
    """However it is written."""
    spelt = (
        "Ann@Example.org",
        "ann (at) example [dot] org",
        "ann%40example.org",
        "ann&#64;example.org",
    )
    assert {address_of(one) for one in spelt} == {"ann@example.org"}


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("(212) 555-0147", "(212) 555-0147"),
        ("call 555-0147", "555-0147"),
        ("01632 960123", "01632 960123"),
        ("Ring 07700900123", "07700900123"),
        ("+44 (0)1632 960 123", "+44 (0)1632 960 123"),
        ("+999 12345678", "+999 12345678"),
        ("Tel: 0161 555 0170", "0161 555 0170"),
        ("(555) 010-0199", "(555) 010-0199"),
        ("?phone=02079460123", "02079460123"),
        ("Your order is on its way; call Ann on 07700 900123", "07700 900123"),
        ("07700 900123 is your mobile number", "07700 900123"),
        ("call 2125550147", "2125550147"),
    ],
)
def test_phone_numbers_are_found(text: str, number: str) -> None:
    """In the formats of the regions, from abroad, reserved ones too; the nearest word decides."""
    assert of("PHONE_NUMBER", text) == [number]


@pytest.mark.parametrize(
    "text",
    [
        "2125550147",
        "555-0147",
        "$2125550147",
        "call USD 212-555-0147",
        "text 60777",
        "1 2 3 4 5 6 7 8",
        "12 34 56 78",
    ],
)
def test_bare_digits_are_no_phone_number(text: str) -> None:
    """Without a word beside them, or where they are money, short codes or lists."""
    assert of("PHONE_NUMBER", text) == []


def test_national_formats_are_those_of_the_regions() -> None:
    """A Danish number is one where the sender works in Denmark."""
    assert of("PHONE_NUMBER", "32 12 34 56", "DK") == ["32 12 34 56"]
    assert of("PHONE_NUMBER", "32 12 34 56", "GB") == []
    assert of("PHONE_NUMBER", "call 22158 22159", "SH") == []
    assert of("PHONE_NUMBER", "(212) 555-0147", "GB") == []


def test_a_phone_number_is_found_in_a_long_table_of_numbers() -> None:
    """Clusters of digits are cut, and nothing is lost at the cuts."""
    text = "12 34 " * 200 + "call 020 7946 0123 " + "12 34 " * 200
    assert "020 7946 0123" in "".join(of("PHONE_NUMBER", text))


def test_national_numbers_are_taken_apart() -> None:
    """With a country code for each region; what is no number gives none."""
    assert national_numbers("+44 1632 960123", ()) == [("44", "1632960123")]
    assert national_numbers("01632 960123", ("GB", "DE")) == [
        ("44", "1632960123"),
        ("49", "1632960123"),
    ]
    assert national_numbers("none", ("GB",)) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("4111111111111111", ["4111111111111111"]),
        ("\u06641111111 1111 1111", ["\u06641111111 1111 1111"]),
        ("371449635398431", ["371449635398431"]),
        ("2223 0031 2200 3222", ["2223 0031 2200 3222"]),
        ("order 4111 1111 1111 1111", ["4111 1111 1111 1111"]),
        ("order 4111111111111111", []),
        ("4111 1111 1111 1112", []),
        ("1999 9999 9999 9996", []),
        ("4222222222222", []),
        ("Visa 4222222222222", ["4222222222222"]),
    ],
)
def test_cards_need_a_checksum_and_an_issuer(text: str, expected: list[str]) -> None:
    """A grouped number of an issuer is one whatever is said; others need a word beside them."""
    assert of("CREDIT_CARD", text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("DE89 3704 0044 0532 0130 00 2 days from today", ["DE89 3704 0044 0532 0130 00"]),
        ("gb33bukb20201555555555", ["gb33bukb20201555555555"]),
        ("GB34BUKB20201555555555", []),
        ("NL91ABNA0417164300 and", ["NL91ABNA0417164300"]),
        ("KZ86125KZT5004100100", ["KZ86125KZT5004100100"]),
        ("\u212aZ86125KZT5004100100", ["\u212aZ86125KZT5004100100"]),
    ],
)
def test_ibans_need_their_checksum(text: str, expected: list[str]) -> None:
    """Words that follow are left out, case does not matter."""
    assert of("IBAN_CODE", text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("536-22-1234", ["536-22-1234"]),
        ("536 22 1234", []),
        ("social security 536 22 1234", ["536 22 1234"]),
        ("SSN 536221234", ["536221234"]),
        ("536221234", []),
        ("666-22-1234", []),
        ("078-05-1120", []),
        ("ticket 536-22-1234", []),
    ],
)
def test_social_security_numbers(text: str, expected: list[str]) -> None:
    """Hyphens are enough; other forms need a word, and a word can speak against them."""
    assert of("US_SSN", text) == expected


def test_numbers_of_health_services_need_a_word() -> None:
    """One number in eleven passes the check."""
    assert of("UK_NHS", "943 476 5919") == []
    assert of("UK_NHS", "patient 9434765919") == ["9434765919"]
    assert of("UK_NHS", "patient 9434765918") == []


def test_insurance_numbers_of_the_uk() -> None:
    """With or without blanks; not where a code is to be entered."""
    assert of("UK_NINO", "AB123456C") == ["AB123456C"]
    assert of("UK_NINO", "Enter AB123456C") == []
    assert of("UK_NINO", "GB123456C") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2001:db8::ff00:42:8329", ["2001:db8::ff00:42:8329"]),
        ("192.0.2.17/24", ["192.0.2.17/24"]),
        ("127.0.0.1 and 0.0.0.0 and 224.0.0.1", []),
        ("version 10.2.1.4", []),
        ("::1", []),
        ("12:30::45", []),
        ("192.0.2.256", []),
    ],
)
def test_ip_addresses_of_somebody(text: str, expected: list[str]) -> None:
    """Loopback, versions and times are nobody's."""
    assert of("IP_ADDRESS", text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Born 12/05/1987", ["12/05/1987"]),
        ("DOB: 1987-05-12", ["1987-05-12"]),
        ("date of birth 5th of May 1987", ["5th of May 1987"]),
        ("May 5, 1987 is your birthday", ["May 5, 1987"]),
        ("your birthday on 12 May", ["12 May"]),
        ("your birthday, 12.05.87", ["12.05.87"]),
        ("You were born in 1987", ["1987"]),
        ("12 May 1987", []),
        ("your birthday treat, valid until 12 May 2026", []),
        ("a birthday on 12 May", []),
        ("12/05-1987 born", []),
    ],
)
def test_dates_of_birth_need_a_word(text: str, expected: list[str]) -> None:
    """The nearest word decides; a date without its year needs to be somebody's birthday."""
    assert of("DATE_OF_BIRTH", text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("You're 43 years old", ["43"]),
        ("As a 43-year-old, you", ["43"]),
        ("your 7-year-old", ["7"]),
        ("turning 40 this year", ["40"]),
        ("Happy 40th birthday, Ada", ["40"]),
        ("your age: 43", ["43"]),
        ("Ada, aged 43, won", ["43"]),
        ("age: 43", ["43"]),
        ("You will be 15.", ["15"]),
        ("You turned 30 on Monday", ["30"]),
        ("You are 12.", []),
        ("You'll be 15,000 days old", []),
        ("You are 143 today", []),
        ("your 12-year-old single malt", []),
        ("aged 18 or over", []),
        ("Happy 40th birthday to us", []),
    ],
)
def test_ages_are_somebodys(text: str, expected: list[str]) -> None:
    """The number alone is the hit; ranges, goods and companies have no age that matters."""
    assert of("AGE", text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("221B Baker Street", ["221B Baker Street"]),
        ("1600 Garden Avenue NW, Springfield", ["1600 Garden Avenue NW"]),
        ("Flat 3, 12 St John's Road, Exeter", ["Flat 3, 12 St John's Road"]),
        ("You live at 11 Cutler Street to this day", ["11 Cutler Street"]),
        ("12 Garden Lane EX4 4QJ", ["12 Garden Lane"]),
        ("11-13 High Street", ["11-13 High Street"]),
        ("11-6 Civic Green", []),
        ("Springfield, IL 62704-1234", ["Springfield, IL 62704-1234"]),
        ("Gartenstra\xdfe 12", ["Gartenstra\xdfe 12"]),
        ("Am Goethe-Platz, Goethe-Stra\xdfe 5a", ["Goethe-Stra\xdfe 5a"]),
        ("12 rue de la Paix", ["12 rue de la Paix"]),
        ("Calle Mayor 5", ["Calle Mayor 5"]),
        ("Top 10 High Street looks", []),
        ("10 High Street Looks", []),
    ],
)
def test_postal_addresses(text: str, expected: list[str]) -> None:
    """A street with a number at the end of a clause, or a town with state and ZIP code."""
    assert of("STREET_ADDRESS", text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("EX4 4QJ", ["EX4 4QJ"]),
        ("postcode ex44qj", ["ex44qj"]),
        ("GIR 0AA", ["GIR 0AA"]),
        ("ex44qj", []),
        ("S8 8GB", []),
        ("QX4 4QJ", []),
        ("use EX4 4QJ", []),
        ("AQ4 4QJ", []),
    ],
)
def test_postcodes_of_the_uk(text: str, expected: list[str]) -> None:
    """Of an area that exists, in capitals with a space, or beside a word."""
    assert of("UK_POSTCODE", text) == expected


PATTERNS = [
    (module, name, pattern)
    for module in (
        "births",
        "disguises",
        "emails",
        "hints",
        "known",
        "numbers",
        "phones",
        "places",
        "rows",
    )
    for name, value in sorted(vars(import_module(f"guardedpersonalize.check.pii.{module}")).items())
    for pattern in [value]
    if isinstance(value, re.Pattern)
]
PATTERNS += [("rows", f"{row.entity}{number}", row.regex) for number, row in enumerate(load_rows())]
WORDS = """
a. 0. 1_ 1- 1/1/ (1)_ +1_ _at_ a_at_b_dot_ (at) a:b@ ://a: 12_Aa_ Aa_ ab12_ 1: a: 12_May_ born_
you_are_12_ EX4_ \u00e9@ 4111_ Flat_1_ 12_rue_de_ Calle_ Aa- [_ ._dot_ 12-
one_ 1_1_ 1-1- %25 eyJ A&#1; O0 AAAA password:_ user_name_a key- sk- 0x0 bc1q P<A << EL1 xox GA1.1.
"""
OPENINGS = [*"a1 .-@:(/\n\u200b", *(word.replace("_", " ") for word in WORDS.split())]


@pytest.mark.parametrize(
    ("module", "name", "pattern"), PATTERNS, ids=[f"{m}{n}" for m, n, _ in PATTERNS]
)
def test_patterns_bear_a_hundred_thousand_characters_of_anything(
    module: str, name: str, pattern: re.Pattern[str]
) -> None:
    """Each is linear: this takes a few seconds, and minutes with a quadratic one among them."""
    start = time.process_time()
    for opening in OPENINGS:
        text = (opening * 100_000)[:100_000]
        assert sum(1 for _ in pattern.finditer(text)) <= 100_001
    assert time.process_time() - start < 60


@pytest.mark.parametrize("opening", [*OPENINGS, "GB33BUKB", "192.0.2.", "020 7946 0123 ", "a@b."])
def test_the_detector_bears_hostile_texts(opening: str) -> None:
    """All recognisers together, on a text that is nothing but openings."""
    PatternDetector(prefilter=False).detect(opening * (3000 // len(opening)), lang="en", regions=())
