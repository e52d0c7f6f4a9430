"""Law 9: nothing but our own errors leaves the public API, each coded, documented, picklable."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from law_scenes import engine_of, fixed_pack, fixed_recipients

import guardedpersonalize
from guardedpersonalize.consent import Consent, ConsentEvent, ConsentRecord, grant_for
from guardedpersonalize.engine import Engine, Recipient
from guardedpersonalize.errors import CODES
from guardedpersonalize.minimise import PseudonymKey
from guardedpersonalize.packs import load_pack
from guardedpersonalize.profile import Catalogue, Profile
from guardedpersonalize.testing import laws, make_pack
from guardedpersonalize.testing.strategies import (
    AT,
    ENTITIES,
    HOSTILE,
    Scene,
    hostile_texts,
    scenes,
    texts_with,
)

ENGINE = engine_of(fixed_pack())
SOMEBODY = fixed_recipients()[0]
PROFILE, CONSENT = SOMEBODY.profile, SOMEBODY.consent
RECORD = CONSENT.records[0]

plain = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=20),
    st.sampled_from(HOSTILE),
    st.binary(max_size=8),
    st.dates(),
    st.datetimes(),
)
junk = st.recursive(
    plain,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=8), inner, max_size=3)
        | st.tuples(inner)
        | st.just(object())
    ),
    max_leaves=5,
)

# One argument of one public call is junk; the others are as they should be.
CALLS: dict[str, Callable[[object], object]] = {
    "Engine": Engine,
    "Engine.from_pack": Engine.from_pack,
    "render template": lambda x: ENGINE.render(x, PROFILE, CONSENT, at=AT),  # type: ignore[arg-type]
    "render profile": lambda x: ENGINE.render("mail", x, CONSENT, at=AT),  # type: ignore[arg-type]
    "render consent": lambda x: ENGINE.render("mail", PROFILE, x, at=AT),  # type: ignore[arg-type]
    "render at": lambda x: ENGINE.render("mail", PROFILE, CONSENT, at=x),  # type: ignore[arg-type]
    "render_many template": lambda x: list(ENGINE.render_many(x, [SOMEBODY], at=AT)),  # type: ignore[arg-type]
    "render_many recipients": lambda x: list(ENGINE.render_many("mail", x, at=AT)),  # type: ignore[arg-type]
    "render_many row": lambda x: list(ENGINE.render_many("mail", [x], at=AT)),  # type: ignore[list-item]
    "render_many profile": lambda x: list(ENGINE.render_many("mail", [Recipient(x, CONSENT)])),  # type: ignore[arg-type]
    "render_many at": lambda x: list(ENGINE.render_many("mail", [SOMEBODY], at=x)),  # type: ignore[arg-type]
    "check text": ENGINE.check,
    "check channel": lambda x: ENGINE.check("x", channel=x),  # type: ignore[arg-type]
    "check subject": lambda x: ENGINE.check("x", subject=x),  # type: ignore[arg-type]
    "check html": lambda x: ENGINE.check("x", html=x),  # type: ignore[arg-type]
    "check lang": lambda x: ENGINE.check("x", lang=x),  # type: ignore[arg-type]
    "check profile": lambda x: ENGINE.check("x", profile=x),  # type: ignore[arg-type]
    "check complete": lambda x: ENGINE.check("x", complete=x),  # type: ignore[arg-type]
    "Profile id": lambda x: Profile(x, {}),  # type: ignore[arg-type]
    "Profile values": lambda x: Profile("r", x),  # type: ignore[arg-type]
    "Profile value": lambda x: Profile("r", {"a": x}),
    "Profile observed_at": lambda x: Profile("r", {}, observed_at=x),  # type: ignore[arg-type]
    "Profile.from_json": Profile.from_json,
    "Profile.reveal": PROFILE.reveal,
    "Consent records": lambda x: Consent(records=x),  # type: ignore[arg-type]
    "Consent objections": lambda x: Consent(objections=x),  # type: ignore[arg-type]
    "Consent age_group": lambda x: Consent(age_group=x),  # type: ignore[arg-type]
    "Consent jurisdiction": lambda x: Consent(jurisdiction=x),  # type: ignore[arg-type]
    "Consent do_not_contact": lambda x: Consent(do_not_contact=x),  # type: ignore[arg-type]
    "Consent.of": Consent.of,
    "Consent.from_json": Consent.from_json,
    "Consent.with_record": CONSENT.with_record,
    "Consent.with_objection": lambda x: CONSENT.with_objection(x, AT),  # type: ignore[arg-type]
    "Consent.with_objection since": lambda x: CONSENT.with_objection("profiling", x),  # type: ignore[arg-type]
    "ConsentRecord purposes": lambda x: ConsentRecord(
        record_id="c",
        pii_principal_id="r",
        purposes=x,  # type: ignore[arg-type]
    ),
    "ConsentRecord.from_json": ConsentRecord.from_json,
    "ConsentRecord.with_event": RECORD.with_event,
    "ConsentRecord.status_at": RECORD.status_at,
    "ConsentEvent": lambda x: ConsentEvent(event_time=x, event_state="given"),  # type: ignore[arg-type]
    "Catalogue.of": Catalogue.of,
    "Catalogue[]": lambda x: ENGINE.pack.catalogue[x],  # type: ignore[index]
    "Catalogue.check": ENGINE.pack.catalogue.check,
    "Field.parse": lambda x: [each.parse(x) for each in ENGINE.pack.catalogue.values()],
    "PseudonymKey": lambda x: PseudonymKey(x, b"k" * 32),  # type: ignore[arg-type]
    "grant_for profile": lambda x: grant_for(
        x,
        CONSENT,
        "marketing",
        "email",
        AT,
        catalogue=ENGINE.pack.catalogue,  # type: ignore[arg-type]
    ),
    "grant_for purpose": lambda x: grant_for(
        PROFILE,
        CONSENT,
        x,
        "email",
        AT,
        catalogue=ENGINE.pack.catalogue,  # type: ignore[arg-type]
    ),
    "load_pack": load_pack,
    "make_pack": lambda x: make_pack(x, {}),  # type: ignore[arg-type]
}


@pytest.mark.parametrize("name", CALLS)
@given(value=junk)
def test_junk_gives_an_error_of_ours_or_none(name: str, value: object) -> None:
    """Whatever an argument is, the caller catches one class."""
    laws.only_own_errors(lambda: CALLS[name](value))


@given(scenes(hostile=True))
def test_a_render_of_anything_readable_does_not_fail(scene: Scene) -> None:
    """A profile and a consent that could be made can be rendered: no error at all."""
    engine = engine_of(scene.pack)
    failed = laws.only_own_errors(
        lambda: engine.render(scene.template, scene.profile, scene.consent, at=scene.at)
    )
    assert failed is None


@given(st.sampled_from(ENTITIES).flatmap(texts_with).map(lambda drawn: drawn[0]) | hostile_texts())
def test_a_check_of_any_text_does_not_fail(text: str) -> None:
    """Text, header and HTML, beside a profile that holds it."""
    profile = Profile("r-1", {"city": text, "first_name": text})
    call = lambda: ENGINE.check(text, subject=text, html=text, profile=profile)  # noqa: E731
    assert laws.only_own_errors(call) is None


@given(st.data())
def test_a_damaged_consent_gives_an_error_of_ours(data: st.DataObject) -> None:
    """JSON that was whole before one thing in it was replaced or taken out."""
    whole = json.loads(json.dumps(CONSENT.to_json()))
    place = whole
    while isinstance(place, dict | list) and place:
        keys = sorted(place) if isinstance(place, dict) else range(len(place))
        key = data.draw(st.sampled_from(list(keys)))
        if data.draw(st.booleans()) or not isinstance(place[key], dict | list):
            break
        place = place[key]
    if isinstance(place, list) or place:
        place[key] = data.draw(junk)
    laws.only_own_errors(lambda: Consent.from_json(whole))


def test_every_code_in_the_source_is_documented() -> None:
    """`CODES` knows each code that any module raises or lists."""
    root = Path(guardedpersonalize.__file__).parent
    used: set[str] = set()
    for path in sorted(root.rglob("*.py")):
        used |= set(re.findall(r'"(GP\d{3})"', path.read_text(encoding="utf-8")))
    assert sorted(used - set(CODES)) == []


def test_the_law_sees_a_stranger() -> None:
    """An error that is not ours breaks the law."""
    with pytest.raises(AssertionError, match="ZeroDivisionError leaves"):
        laws.only_own_errors(lambda: 1 / 0)


def test_a_moment_is_a_moment() -> None:
    """The moment that scenes play at is one that the engine takes."""
    assert isinstance(AT, datetime)
    assert AT.utcoffset() is not None
