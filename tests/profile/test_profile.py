"""What a profile holds and does; that it is silent is in test_silence.py."""

from __future__ import annotations

import copy
import json
import pickle
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NoReturn
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardedpersonalize.errors import GuardError, ProfileError
from guardedpersonalize.profile import Profile, is_blank

if TYPE_CHECKING:
    from collections.abc import Mapping

SEEN = datetime(2026, 5, 17, 12, tzinfo=UTC)

names = st.sampled_from(["a", "b", "first_name", "c.d", "größe"])
plain = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.decimals(),
    st.text(max_size=20),
    st.dates(),
    st.datetimes(),
    st.datetimes(timezones=st.timezones()),
    st.lists(st.text(max_size=5), max_size=3),
)
profiles = st.builds(
    Profile,
    st.text(min_size=1, max_size=10).filter(str.strip),
    st.dictionaries(names, plain),
    observed_at=st.dictionaries(names, st.datetimes(timezones=st.timezones())),
)


def test_values_are_opened_by_name() -> None:
    """What was put in comes out, and lists come out frozen."""
    profile = Profile("r-1", {"b": ["x", "y"], "a": Decimal("1.5")}, observed_at={"a": SEEN})
    assert profile.recipient_id == "r-1"
    assert profile.fields == ("a", "b")
    assert profile.reveal("a") == Decimal("1.5")
    assert profile.reveal("b") == ("x", "y")
    assert "a" in profile
    assert "c" not in profile
    assert [] not in profile


def test_times_of_observation_are_in_utc() -> None:
    """One instant, one spelling."""
    local = datetime(2026, 5, 17, 14, tzinfo=ZoneInfo("Europe/Berlin"))
    profile = Profile("r-1", {"a": 1}, observed_at={"a": local})
    assert profile.observed_at("a") == SEEN
    assert profile.observed_at("a").tzinfo is UTC  # type: ignore[union-attr]
    assert profile.observed_at("b") is None


def test_the_ends_of_time_do_not_overflow() -> None:
    """The first day that a date can hold has no UTC before it."""
    first = datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14)))
    profile = Profile("r-1", {"a": first}, observed_at={"a": first})
    assert profile.observed_at("a") == datetime(1, 1, 1, tzinfo=UTC)
    assert profile.reveal("a") == first


def test_a_profile_copies_what_it_is_given() -> None:
    """Changing the source afterwards changes nothing."""
    values: dict[str, Any] = {"a": ["x"]}
    profile = Profile("r-1", values)
    values["a"].append("y")
    values["b"] = 1
    assert profile == Profile("r-1", {"a": ["x"]})


def test_numbers_that_are_none_become_none() -> None:
    """A gap in a table is a gap here, and equal to itself."""
    holes = {"a": float("nan"), "b": Decimal("NaN"), "c": Decimal("sNaN")}
    profile = Profile("r-1", holes)
    assert [profile.reveal(name) for name in profile.fields] == [None, None, None]
    assert profile == Profile("r-1", holes)


def test_a_time_zone_becomes_an_offset_and_the_clock_stays() -> None:
    """Every zone pickles, and half past two stays half past two, even where it comes twice."""
    moment = datetime(2026, 10, 25, 2, 30, fold=1, tzinfo=ZoneInfo("Europe/Berlin"))
    value = Profile("r-1", {"a": moment}).reveal("a")
    assert isinstance(value, datetime)
    assert value.isoformat() == "2026-10-25T02:30:00+01:00"
    assert value.fold == 0
    assert isinstance(value.tzinfo, timezone)


class Stamp(datetime):
    """A time that prints itself in its own way."""


class Shout(str):
    """A text that prints itself in its own way."""

    __slots__ = ()


@pytest.mark.parametrize(
    "value",
    [
        b"x",
        {"x": 1},
        {"x"},
        object(),
        1j,
        [1],
        [None],
        [["x"]],
        Shout("x"),
        [Shout("x")],
        Stamp(2026, 5, 17, tzinfo=UTC),
        True,
        SEEN,
    ],
)
def test_only_plain_values_are_held(value: object) -> None:
    """Anything that could print, escape or hide in its own way is refused."""
    if type(value) in {bool, datetime}:
        assert Profile("r-1", {"a": value}).reveal("a") == value
        return
    with pytest.raises(ProfileError) as caught:
        Profile("r-1", {"a": value})
    assert caught.value.code == "GP202"
    assert caught.value.message.startswith("field 'a' holds a value of type")


@pytest.mark.parametrize(
    ("code", "person", "values", "seen"),
    [
        ("GP204", "r-1", {"a": 1}, {"a": SEEN.replace(tzinfo=None)}),
        ("GP204", "r-1", {"a": 1}, {"a": "yesterday"}),
        ("GP204", "r-1", {"a": 1}, {"a": None}),
        ("GP206", "r-1", {"ada@example.org": 1}, {}),
        ("GP206", "r-1", {3: 1}, {}),
        ("GP206", "r-1", {"a": 1}, {"Ada Example": SEEN}),
        ("GP207", "", {}, {}),
        ("GP207", " \n", {}, {}),
        ("GP207", 3, {}, {}),
        ("GP207", None, {}, {}),
        ("GP207", Shout("r-1"), {}, {}),
        ("GP208", "r-1", [("a", 1)], {}),
        ("GP208", "r-1", None, {}),
        ("GP208", "r-1", {}, ["a"]),
    ],
)
def test_what_is_no_profile_is_refused_with_its_code(
    code: str, person: object, values: object, seen: object
) -> None:
    """Each mistake has its code."""
    with pytest.raises(ProfileError) as caught:
        Profile(person, values, observed_at=seen)  # type: ignore[arg-type]
    assert caught.value.code == code


def test_a_field_that_is_not_held_is_an_error_with_a_count() -> None:
    """Nothing is guessed for it, and no name is shown."""
    with pytest.raises(ProfileError) as caught:
        Profile("r-1", {"a": 1}).reveal("b")
    assert caught.value.code == "GP205"
    assert caught.value.message.endswith("it holds 1 field.")
    with pytest.raises(ProfileError, match="it holds 0 fields"):
        Profile("r-1", {}).reveal(["a"])  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["_values", "recipient_id", "new"])
def test_a_profile_cannot_be_changed(name: str) -> None:
    """Neither set nor deleted, known attribute or new."""
    profile = Profile("r-1", {"a": 1})
    with pytest.raises(ProfileError) as caught:
        setattr(profile, name, {})
    assert caught.value.code == "GP209"
    with pytest.raises(ProfileError):
        delattr(profile, name)
    assert profile == Profile("r-1", {"a": 1})


@given(profiles)
def test_a_profile_survives_copies_and_pickles(profile: Profile) -> None:
    """Spark and worker processes see the same person, types included."""
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        twin = pickle.loads(pickle.dumps(profile, protocol))  # noqa: S301  # our own bytes
        assert twin == profile
    assert copy.copy(profile) is profile
    assert copy.deepcopy([profile])[0] is profile


@given(profiles)
def test_a_profile_survives_json(profile: Profile) -> None:
    """Written, dumped, loaded and read again it writes the same."""
    written = profile.to_json()
    text = json.dumps(written, allow_nan=False)
    assert Profile.from_json(text).to_json() == written
    assert Profile.from_json(written).to_json() == written
    assert Profile.from_json(text.encode()).fields == profile.fields


def test_json_keeps_what_json_knows_and_writes_the_rest_as_text() -> None:
    """Dates, times and decimals are text; field parsers read them alike."""
    values = {
        "a": date(1990, 5, 17),
        "b": Decimal("1.50"),
        "c": ["x"],
        "d": float("inf"),
        "e": None,
    }
    profile = Profile("r-1", values, observed_at={"a": SEEN})
    assert profile.to_json() == {
        "recipient_id": "r-1",
        "values": {"a": "1990-05-17", "b": "1.50", "c": ["x"], "d": "inf", "e": None},
        "observed_at": {"a": "2026-05-17T12:00:00+00:00"},
    }


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "{",
        "[]",
        "3",
        "\ufeff{}",
        b"\xff\xfe\xfd",
        "[" * 100_000,
        '{"recipient_id": "r-1"}',
        '{"values": {}}',
        '{"recipient_id": "r-1", "values": {}, "name": "Ada"}',
        '{"recipient_id": "r-1", "values": {"a": 1, "a": 2}}',
        '{"recipient_id": "r-1", "values": []}',
        '{"recipient_id": "r-1", "values": {"a": ' + "9" * 5000 + "}}",
        {3: 4},
        None,
        7,
    ],
)
def test_json_of_another_shape_is_refused(raw: object) -> None:
    """Broken, doubled, stray or missing: all are GP208."""
    with pytest.raises(ProfileError) as caught:
        Profile.from_json(raw)  # type: ignore[arg-type]
    assert caught.value.code == "GP208"


def test_json_may_leave_out_the_times() -> None:
    """`observed_at` is optional, and null says the same."""
    bare = Profile.from_json('{"recipient_id": "r-1", "values": {"a": 1}}')
    null = Profile.from_json({"recipient_id": "r-1", "values": {"a": 1}, "observed_at": None})
    assert bare == null == Profile("r-1", {"a": 1})


@given(st.recursive(st.one_of(plain, st.binary()), lambda x: st.dictionaries(st.text(), x)))
def test_nothing_but_our_errors_leaves_from_json(raw: object) -> None:
    """Whatever is read, a profile or an error of ours comes out."""
    shapes: list[Any] = [raw, {"recipient_id": raw, "values": raw, "observed_at": raw}]
    shapes += [{"recipient_id": "r-1", "values": {"a": raw}, "observed_at": {"a": raw}}]
    for shape in shapes:
        try:
            Profile.from_json(shape)
        except GuardError as err:
            assert isinstance(err, ProfileError)  # noqa: PT017  # success is fine too


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (Profile("r-1", {"a": 1}), Profile("r-2", {"a": 1})),
        (Profile("r-1", {"a": 1}), Profile("r-1", {"a": 2})),
        (Profile("r-1", {"a": 1}), Profile("r-1", {"b": 1})),
        (Profile("r-1", {"a": 1}), Profile("r-1", {"a": True})),
        (Profile("r-1", {"a": 1}), Profile("r-1", {"a": 1.0})),
        (Profile("r-1", {"a": 1}), Profile("r-1", {"a": 1}, observed_at={"a": SEEN})),
        (Profile("r-1", {"a": 1}), {"a": 1}),
    ],
)
def test_profiles_differ_in_id_values_types_and_times(one: Profile, two: object) -> None:
    """Equal means equal in everything."""
    assert one != two


def test_a_profile_has_no_hash() -> None:
    """A hash would be a fingerprint of the person."""
    with pytest.raises(TypeError):
        hash(Profile("r-1", {}))


class Hostile(dict[str, object]):
    """A mapping that fails, with a message that nobody may see."""

    def items(self) -> NoReturn:
        """Fail."""
        raise RuntimeError("17 May 1990")


def test_a_mapping_that_fails_is_a_defect_without_its_message() -> None:
    """Foreign code that fails names its type and place only."""
    values: Mapping[str, object] = Hostile(a=1)
    with pytest.raises(GuardError) as caught:
        Profile("r-1", values)
    assert caught.value.code == "GP901"
    assert "1990" not in str(caught.value)


@pytest.mark.parametrize(
    "value",
    [
        None,
        "",
        " \t\n\u00a0",
        "NULL",
        "None",
        " nan ",
        "N/A",
        "undefined",
        [],
        (),
        [" ", None, "null"],
        float("nan"),
        Decimal("NaN"),
        Decimal("sNaN"),
    ],
)
def test_these_stand_for_no_value(value: object) -> None:
    """What systems write when they have nothing."""
    assert is_blank(value)


@pytest.mark.parametrize(
    "value",
    ["Nan Goldin", "nullable", "0", 0, 0.0, False, "no", "-", ["", "a"], [[]], {}, "x" * 10**6],
)
def test_these_are_values(value: object) -> None:
    """Zero, false and "no" say something."""
    assert not is_blank(value)
