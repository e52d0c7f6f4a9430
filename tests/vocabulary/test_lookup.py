"""Terms of the closed sets: found by name, explained from a table, and the two kept equal."""

from __future__ import annotations

from enum import Enum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardedpersonalize.errors import ConfigError
from guardedpersonalize.vocabulary import (
    Channel,
    ConsentStatus,
    LawfulBasis,
    Outcome,
    Provenance,
    Sensitivity,
    Severity,
    Source,
    category,
    channel,
    did_you_mean,
    dpv_iri,
    meaning,
    nearest,
    term,
    terms,
)
from guardedpersonalize.vocabulary.tables import table

ENUMS = [getattr(terms, name) for name in terms.__all__]


@pytest.mark.parametrize("members", ENUMS, ids=lambda members: members.__name__)
def test_enum_and_table_are_equal(members: type[Enum]) -> None:
    """Every member is explained, in order, and nothing else is."""
    assert list(table("term")[members.__name__]) == [member.name.lower() for member in members]


def test_there_is_a_table_for_each_enum_and_no_other() -> None:
    """A removed enum takes its table along."""
    assert set(table("term")) == set(terms.__all__)


@pytest.mark.parametrize("members", ENUMS, ids=lambda members: members.__name__)
def test_every_meaning_is_a_sentence_with_a_source(members: type[Enum]) -> None:
    """Each is one line that ends in a stop, says where it is from, and has a known DPV term."""
    for member in members:
        said = meaning(member)
        assert said.text.endswith(".")
        assert said.source
        assert said.dpv is None or dpv_iri(said.dpv).startswith("https://w3id.org/dpv")


def test_consent_states_have_their_dpv_terms() -> None:
    """The two valid states, and all others, can be exported."""
    assert meaning(ConsentStatus.GIVEN).dpv == "dpv:ConsentGiven"
    assert meaning(ConsentStatus.RENEWED).dpv == "dpv:RenewedConsentGiven"
    assert all(meaning(status).dpv for status in ConsentStatus)
    assert [status for status in ConsentStatus if status.is_valid] == ["given", "renewed"]


def test_bases_name_their_article() -> None:
    """A lawful basis is an article of the GDPR."""
    assert all("GDPR Art. " in meaning(basis).source for basis in LawfulBasis)


def test_values_are_the_names_in_lower_case() -> None:
    """What a file says and what the code says are the same word."""
    for members in ENUMS:
        for member in members:
            if not isinstance(member, Sensitivity):
                assert member.value == member.name.lower()


def test_the_graver_ranks_higher() -> None:
    """An error is graver than a warning, and to block than to have it looked at."""
    assert [Severity(word).rank for word in ("info", "warn", "error")] == [0, 1, 2]
    assert [Outcome(word).rank for word in ("send", "review", "block")] == [0, 1, 2]


def test_a_term_is_found_by_name_or_by_itself() -> None:
    """Files give names, code gives members."""
    assert term(Provenance, "inferred") is Provenance.INFERRED
    assert term(Source, Source.PUBLIC) is Source.PUBLIC
    assert channel("push") is Channel.PUSH


def test_an_unknown_term_names_its_kind_and_the_nearest() -> None:
    """The kind is in words; the cure is in the remedy."""
    with pytest.raises(ConfigError) as caught:
        term(LawfulBasis, "legitimate_interest")
    assert str(caught.value) == (
        "[GP105] no lawful basis 'legitimate_interest'. Did you mean 'legitimate_interests'?"
    )
    with pytest.raises(ConfigError) as caught:
        channel("e-mail")
    assert caught.value.remedy == "Did you mean 'email'?"


def test_a_term_far_from_all_gets_no_guess() -> None:
    """A wrong suggestion is worse than none."""
    with pytest.raises(ConfigError) as caught:
        channel("qqqqqq")
    assert caught.value.remedy is None


def test_a_meaning_of_a_foreign_enum_is_a_config_error() -> None:
    """The vocabulary explains its own terms only."""

    class Colour(Enum):
        RED = 1

    with pytest.raises(ConfigError) as caught:
        meaning(Colour.RED)
    assert caught.value.code == "GP105"


def test_an_unknown_dpv_prefix_is_a_config_error() -> None:
    """An address is never made up."""
    with pytest.raises(ConfigError) as caught:
        dpv_iri("pdd:BirthDate")
    assert caught.value.remedy == "Did you mean 'pd'?"


@pytest.mark.parametrize(
    "word", ["ada@example.org", "Ada Example", "+44 7700 900123", "1990-05-17", "x" * 81, ""]
)
def test_what_is_no_term_is_not_repeated(word: str) -> None:
    """A value in the place of a term stays out of the message."""
    with pytest.raises(ConfigError) as caught:
        category(word)
    assert not word or word not in str(caught.value)
    assert "of that spelling" in caught.value.message


@given(st.one_of(st.text(), st.integers(), st.none(), st.binary()))
def test_nothing_but_config_errors_leaves_a_lookup(word: object) -> None:
    """Whatever is asked for, the answer is a term or GP105."""
    for look in (category, channel):
        try:
            look(word)  # type: ignore[operator]
        except ConfigError as err:
            assert err.code == "GP105"  # noqa: PT017  # success is fine too


@given(st.permutations(["email", "Email", "EMAIL", "e-mail"]))
def test_suggestions_do_not_depend_on_the_order(known: list[str]) -> None:
    """Ties fall the same way every time."""
    assert nearest("emial", known) == nearest("emial", sorted(known))


def test_a_long_word_is_compared_in_bounded_time() -> None:
    """A megabyte of text is cut before it is compared."""
    assert nearest("email" + "x" * 1_000_000, ["email"]) is None


def test_a_remedy_offers_the_nearest_term_or_nothing() -> None:
    """No remedy is better than a wild guess."""
    assert did_you_mean("emial", ["email", "sms"]) == "Did you mean 'email'?"
    assert did_you_mean("zzz", ["email"]) == ""
