"""Stand-ins: which words have a shape, and what is read in their place."""

import pytest

from guardedpersonalize.check.context import CheckContext, Identity
from guardedpersonalize.check.lexicon import Lexicon
from guardedpersonalize.check.parts import read_part
from guardedpersonalize.check.reader import Reader
from guardedpersonalize.check.stand_ins import Role, StandIns, role_of
from guardedpersonalize.render.draft import Chunk, Origin, Part, PartKind
from guardedpersonalize.vocabulary import Channel, SlotOutcome

SENDER = Identity(
    name="Quellim Seeds",
    brands=("Vintrop",),
    signatories=("Maro Tesk",),
    postal_addresses=("4 Larkham Road, Ostrel",),
    emails=("hello@dunmost.example",),
    link_domains=("zembry.example",),
)
STAND_INS = StandIns(Lexicon(["rose", "reading", "walk*"], ["*ed"]), SENDER)


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("Bokodi", "Xxxxxx"),
        ("Bokodi Sodama", "Xxxxxx Xxxxxx"),
        ("BOKODI", "XXXXXX"),
        ("bokodi", "xxxxxx"),
        ("Da de Ruyv", "Xx xx Xxxx"),
    ],
)
def test_plain_words_have_a_shape(text, shape):
    """Of their lengths and cases."""
    assert STAND_INS.shape(text) == shape


@pytest.mark.parametrize(
    "text",
    [
        "McBokodi",
        "boKodi",
        "Bokodi1",
        "Bokodi-Sodama",
        "Bokodi  Sodama",
        " Bokodi",
        "Bokodi\n",
        "B",
        "Bok\u00f6di",
        "Bokodisodama",
        "Bo Ko Di Ma",
        "",
    ],
)
def test_what_is_not_plain_has_none(text):
    """Mixed case, signs, digits, accents, single letters, long words, and four in a row."""
    assert STAND_INS.shape(text) is None


@pytest.mark.parametrize("text", ["Bo", "BOB", "Bokodi Boll"])
def test_what_may_be_read_as_digits_has_none(text):
    """A word of such letters only may go on with a number beside it."""
    assert STAND_INS.shape(text) is None


@pytest.mark.parametrize("text", ["Rose", "READING", "Bokodi Rose", "Walker", "walk"])
def test_words_that_are_looked_for_have_none(text):
    """One is enough, in any case."""
    assert STAND_INS.shape(text) is None


@pytest.mark.parametrize(
    "text", ["Quellim", "VINTROP", "Maro", "Bokodi Tesk", "Ostrel", "Dunmost", "Zembry"]
)
def test_the_senders_own_words_have_none(text):
    """A rule may ask whether the sender is named."""
    assert STAND_INS.shape(text) is None


@pytest.mark.parametrize(
    ("category", "role"),
    [
        ("user.name.first", Role.PERSON),
        ("user.name", Role.PERSON),
        ("user.contact.address.city", Role.PLACE),
        ("user.location", Role.PLACE),
        ("user.contact.email", None),
        ("user.demographic.gender", None),
    ],
)
def test_only_names_and_places_have_a_role(make_slot, category, role):
    """By their category; the words of any other slot may say anything."""
    assert role_of(make_slot(category=category)) == role


def said(first, city="Sodama", kind=PartKind.TEXT, slots=None, **how):
    """Return the text of a greeting with stand-ins."""
    literal = Origin(template="t")
    chunks = [
        Chunk("Hi ", literal),
        Chunk(first, Origin(frozenset({"first_name"}), template="t")),
        Chunk(", how is ", literal),
        Chunk(city, Origin(frozenset({"city"}), template="t")),
        Chunk("? Bokodi.", literal),
    ]
    read = read_part(Part("part", kind, chunks))
    context = CheckContext(channel=Channel.EMAIL, slots=slots)
    return STAND_INS.text_of(read, read.regions[0], context, **how)


@pytest.fixture
def slots(make_slot):
    """A first name and a town."""
    city = make_slot("city", category="user.contact.address.city")
    return {"first_name": make_slot(), "city": city}


@pytest.mark.parametrize("first", ["Bokodi", "BOKODI", "Da Sodama", "da", "Sodamabokod"])
@pytest.mark.parametrize("kind", PartKind)
def test_a_stand_in_is_as_long_as_the_name(slots, first, kind):
    """All else stays, the template's own words and the places of them too."""
    text = said(first, "Lumo", kind, slots)
    size = len(first)
    assert len(text) == len(f"Hi {first}, how is Lumo? Bokodi.")
    assert (text[:3], text[3 + size :]) == ("Hi ", ", how is Bath? Bokodi.")
    assert [char.isupper() for char in text[3 : 3 + size]] == [char.isupper() for char in first]


def test_names_of_one_shape_are_read_as_one(slots):
    """And those of another as another."""
    assert said("Bokodi", slots=slots) == said("Sodama", slots=slots)
    assert said("Bokodi", slots=slots) != said("BOKODI", slots=slots)


@pytest.mark.parametrize("first", ["Rose", "Vintrop"])
def test_a_name_that_is_looked_for_has_one_too(slots, first):
    """Rules read the name itself; to the model it is a name."""
    assert not said(first, slots=slots).startswith(f"Hi {first},")
    assert len(said(first, slots=slots)) == len(said("x" * len(first), slots=slots))
    assert said(first, slots=slots, only_unknown=True).startswith(f"Hi {first},")


@pytest.mark.parametrize(
    ("first", "read"),
    [
        ("McBokodi", "Margaret"),
        ("Bo-O'Anne", "Catherine"),
        ("ZO\u00cb", "ANN"),
        ("\u0436\u0430\u043d\u043d\u0430 \u041b\u0438", "maria Al"),
        ("\u674e\u4f50\u79cb", "Ann"),
    ],
)
def test_to_the_model_a_name_in_any_letters_is_one(slots, first, read):
    """Words in letters that have no case begin with a capital."""
    assert said(first, slots=slots).startswith(f"Hi {read},")
    assert said(first, slots=slots, only_unknown=True).startswith(f"Hi {first},")


@pytest.mark.parametrize("first", ["a Bokodi, b", "Bokodi 2", "Bokodi-", "Bokodisodamavin"])
def test_what_is_no_plain_word_is_read_as_it_is(slots, first):
    """It may be more than a name."""
    assert said(first, slots=slots).startswith(f"Hi {first},")


def test_other_slots_are_read_as_they_are(slots, make_slot):
    """Of another category, filled by a fallback, or unknown."""
    other = {**slots, "first_name": make_slot(category="user.contact.email")}
    fallback = {**slots, "first_name": make_slot(outcome=SlotOutcome.FALLBACK)}
    for given in (other, fallback, {"city": slots["city"]}):
        assert said("Bokodi", slots=given).startswith("Hi Bokodi, how is London?")
    assert said("Bokodi", slots={}) == "Hi Bokodi, how is Sodama? Bokodi."


def test_the_verdict_on_two_names_of_one_length_is_the_same(slots):
    """The shipped reader never learns which it was."""
    reader = Reader()
    found = [
        reader.detect(said(first, slots=slots), lang="en", regions=())
        for first in ("Bokodi", "Sodama", "Quindo")
    ]
    assert found[0] == found[1] == found[2]
