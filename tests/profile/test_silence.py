"""No repr, format, log, error or traceback shows a value: tried with canary values."""

from __future__ import annotations

import dataclasses
import io
import json
import logging
import pprint
import re
import reprlib
import traceback
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pydantic
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from rich.pretty import pretty_repr

from guardedpersonalize.errors import GuardError
from guardedpersonalize.profile import Catalogue, Field, FieldSpec, FieldType, Profile
from guardedpersonalize.vocabulary import Provenance, Source, category

if TYPE_CHECKING:
    from collections.abc import Callable

PERSON = "canary-person-77"
CANARIES = {
    "first_name": "Canaria",
    "birth_date": date(1971, 3, 29),
    "spent": Decimal("73219.44"),
    "visits": 918273645,
    "score": 0.918273,
    "seen_at": datetime(1971, 3, 29, 4, 5, tzinfo=UTC),
    "tags": ["canary-one", "canary-two"],
    "member": True,
}
ADDRESS = re.compile(r"0x[0-9a-f]+")  # of an object in memory: it may have any digits
TRACES = ["Canaria", "canary", "1971", "73219", "918273", "29"]


def profile() -> Profile:
    """Return the profile with the canaries."""
    return Profile(PERSON, CANARIES, observed_at={"first_name": CANARIES["seen_at"]})


def is_silent(text: str) -> bool:
    """Tell whether no canary, nor a part of one, is in *text*."""
    return not [trace for trace in TRACES if trace in text]


@dataclasses.dataclass
class Holder:
    """A dataclass that somebody puts a profile into."""

    profile: Profile


class Model(pydantic.BaseModel):
    """A model that somebody puts a profile into."""

    model_config = pydantic.ConfigDict(arbitrary_types_allowed=True)

    profile: Profile


def console(held: object) -> str:
    """Return what Rich prints."""
    out = io.StringIO()
    Console(file=out, width=500).print(held, [held], {"p": held})
    return out.getvalue()


WAYS: dict[str, Callable[[Profile], str]] = {
    "repr": repr,
    "str": str,
    "format": format,
    "f-string": lambda held: f"{held} {held!r} {held!s} {held!a} {held:>500}",
    "percent": lambda held: "%s %r" % (held, held),  # noqa: UP031  # a way to print
    "ascii": ascii,
    "reprlib": reprlib.repr,
    "pprint": pprint.pformat,
    "in a list": lambda held: repr([held, (held,), {"p": held}]),
    "dataclass": lambda held: repr(Holder(held)),
    "asdict": lambda held: repr(dataclasses.asdict(Holder(held))),
    "pydantic": lambda held: repr(Model(profile=held)),
    "pydantic dump": lambda held: repr(Model(profile=held).model_dump()),
    "rich": console,
    "rich pretty": pretty_repr,
    "dir": lambda held: repr(dir(held)),
    "bound method": lambda held: repr(held.reveal),
}


@pytest.mark.parametrize("way", sorted(WAYS))
def test_no_way_of_printing_shows_a_value(way: str) -> None:
    """Names and types are all there is to see."""
    text = WAYS[way](profile())
    assert is_silent(text)
    assert "first_name: str" in text or way in {"dir", "reprlib"}  # both are cut short


def test_names_and_types_are_shown_in_order() -> None:
    """The repr is for people who look for a missing field."""
    assert repr(Profile(PERSON, {"b": None, "a": 1})) == "Profile(a: int, b: None)"


def test_a_profile_has_no_dict_and_no_state() -> None:
    """Generic serialisers find nothing to take."""
    with pytest.raises(TypeError):
        vars(profile())
    with pytest.raises(GuardError) as caught:
        profile().__getstate__()
    assert caught.value.code == "GP209"
    assert is_silent(str(caught.value))


def test_a_profile_is_not_iterated_indexed_or_unpacked() -> None:
    """There is one way in, and it is called reveal."""
    held: Any = profile()
    for take in (iter, list, dict, lambda p: p["first_name"], lambda p: {**p}, dataclasses.asdict):
        with pytest.raises(TypeError) as caught:
            take(held)
        assert is_silent(str(caught.value))


def test_json_does_not_dump_it() -> None:
    """The error of the standard library names the type."""
    with pytest.raises(TypeError) as caught:
        json.dumps({"p": profile()})
    assert is_silent(str(caught.value))
    with pytest.raises(pydantic.ValidationError) as found:
        Model.model_validate({"profile": [profile()]})
    assert is_silent(str(found.value) + repr(found.value.errors()))
    with pytest.raises(Exception, match="serialize") as unknown:
        Model(profile=profile()).model_dump_json()
    assert is_silent(str(unknown.value))


def test_logs_are_silent(caplog: pytest.LogCaptureFixture) -> None:
    """A profile in a log line is names and types."""
    with caplog.at_level(logging.DEBUG):
        logging.getLogger("x").warning("got %s %r", profile(), profile(), extra={"p": profile()})
    assert is_silent(caplog.text)
    assert is_silent(repr(vars(caplog.records[0])["p"]))


def shown(err: BaseException) -> str:
    """Return the traceback with the locals of every frame of ours, and all that hangs on it."""
    report = traceback.TracebackException.from_exception(err, capture_locals=True)
    frames = [frame for frame in report.stack if "guardedpersonalize/" in frame.filename]
    assert err.__context__ is None
    assert err.__cause__ is None
    text = f"{err} {err!r} {err.args} {[frame.locals for frame in frames]} {vars(err)}"
    return ADDRESS.sub("", text)


def field(kind: FieldType) -> Field:
    """Return a field of the type *kind*."""
    values = ("bronze",) if kind is FieldType.ENUM else ()
    return Field(
        "note", kind, category("user"), Provenance.PROVIDED, Source.DATA_SUBJECT, values=values
    )


class Stranger:
    """A value of a type that no profile holds, and which prints the canary."""

    def __repr__(self) -> str:
        return "Canaria"


BREAKS: dict[str, Callable[[], object]] = {
    "a value of a foreign type": lambda: Profile(PERSON, {**CANARIES, "x": Stranger()}),
    "a value in a list": lambda: Profile(PERSON, {**CANARIES, "tags": ["canary", 3]}),
    "a name that is a value": lambda: Profile(PERSON, {"Canaria Example": 1, **CANARIES}),
    "a naive time": lambda: Profile(PERSON, CANARIES, observed_at={"spent": "1971-03-29"}),  # type: ignore[dict-item]
    "an id that is no text": lambda: Profile(918273645, CANARIES),  # type: ignore[arg-type]
    "no mapping": lambda: Profile(PERSON, ["Canaria"]),  # type: ignore[arg-type]
    "a field that is not held": lambda: profile().reveal("Canaria"),
    "an assignment": lambda: setattr(profile(), "Canaria", "canary"),
    "broken json": lambda: Profile.from_json('{"recipient_id": "Canaria"'),
    "stray json": lambda: Profile.from_json({**profile().to_json(), "canary": 1}),
    "an undeclared field": lambda: Catalogue.of([field(FieldType.TEXT)]).check(
        Profile(PERSON, {"Canaria": 1})
    ),
    "a field in the place of a name": lambda: Catalogue.of([])["Canaria Example"],
    "a category that is a value": lambda: category("canary@example.org"),
    "a declared name that is a value": lambda: FieldSpec(
        type="text", category="user", provenance="provided", source="public"
    ).field("canary@example.org"),
}


@pytest.mark.parametrize("case", sorted(BREAKS))
def test_no_error_shows_a_value(case: str) -> None:
    """Message, attributes, arguments, locals and causes are all silent."""
    with pytest.raises(GuardError) as caught:
        BREAKS[case]()
    assert is_silent(shown(caught.value))


@pytest.mark.parametrize("kind", sorted(FieldType))
@pytest.mark.parametrize(
    "raw", ["Canaria \x00", b"canary", {"canary": 1}, ["canary", 918273645], "[canary", "1971-3-29"]
)
def test_no_parser_shows_a_value(kind: FieldType, raw: object) -> None:
    """Whatever the type, the error of a misfit names the field."""
    try:
        field(kind).parse(raw)
    except GuardError as err:
        text = shown(err)
    else:
        text = ""
    assert is_silent(text)


canaries = st.text(st.characters(codec="utf-8"), min_size=4).map("Canaria{}".format)


@given(canaries, st.sampled_from(FieldType))
def test_no_canary_is_ever_shown(canary: str, kind: FieldType) -> None:
    """The law of silence, over any text that holds the canary."""
    held = Profile(canary, {"a": canary, "b": [canary]}, observed_at={})
    outs = [way(held) for way in (repr, str, format, pprint.pformat, pretty_repr)]
    attempts: list[Callable[[], object]] = [
        lambda: field(kind).parse(canary),
        lambda: Profile(canary, {canary: canary}),
        lambda: Profile.from_json(canary),
        lambda: Profile(canary, {"a": Stranger()}),
        lambda: held.reveal(canary),
        lambda: Catalogue.of([field(kind)]).check(held),
    ]
    for attempt in attempts:
        try:
            attempt()
        except GuardError as err:
            outs.append(shown(err))
    assert not [out for out in outs if "Canaria" in out]
