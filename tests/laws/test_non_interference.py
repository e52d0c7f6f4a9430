"""Law 1: profiles that agree on what is allowed get byte-identical messages."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from law_scenes import FEWER, engine_of, fixed_pack, fixed_recipients

from guardedpersonalize.errors import UsageError
from guardedpersonalize.profile import Profile
from guardedpersonalize.testing import laws
from guardedpersonalize.testing.agreement import disagreements
from guardedpersonalize.testing.strategies import AT, Scene, scenes, twins


@st.composite
def scenes_and_twins(draw: st.DrawFn, *, willing: bool | None = True) -> tuple[Scene, Profile]:
    """Draw a scene, and another profile that agrees with its own on what is allowed."""
    scene = draw(scenes(willing=willing))
    pack, grant = scene.pack, scene.grant()
    context = laws.context_of(engine_of(pack), scene.template, scene.at)
    other = draw(twins(scene.profile, grant, catalogue=pack.catalogue, context=context))
    # An age that is not allowed may make the person a child, who is allowed less.
    assume(
        not disagreements(
            scene.profile,
            other,
            grant,
            scene.grant(other),
            catalogue=pack.catalogue,
            context=context,
        )
    )
    return scene, other


@FEWER
@given(scenes_and_twins())
def test_what_is_not_allowed_does_not_change_a_message(drawn: tuple[Scene, Profile]) -> None:
    """Whatever the other fields hold, the bytes are the same."""
    scene, other = drawn
    engine = engine_of(scene.pack)
    laws.non_interference(
        engine, scene.template, scene.profile, scene.consent, scene.at, other=other
    )


@FEWER
@given(scenes_and_twins(willing=False))
def test_nothing_allowed_means_one_message_for_all(drawn: tuple[Scene, Profile]) -> None:
    """The law holds for people who allow little as well."""
    scene, other = drawn
    engine = engine_of(scene.pack)
    laws.non_interference(
        engine, scene.template, scene.profile, scene.consent, scene.at, other=other
    )


def changed(profile: Profile, **values: object) -> Profile:
    """Return *profile* with other values, observed when those of it were."""
    held = {name: profile.reveal(name) for name in profile.fields} | values
    seen = {name: profile.observed_at(name) or AT for name in profile.fields}
    return Profile(profile.recipient_id, held, observed_at=seen)


def test_profiles_that_do_not_agree_are_refused() -> None:
    """The law says nothing of them, and says so; it names the field."""
    one = fixed_recipients()[0]
    other = changed(one.profile, city="York")
    engine = engine_of(fixed_pack())
    with pytest.raises(UsageError, match="allowed: city"):
        laws.non_interference(engine, "mail", one.profile, one.consent, AT, other=other)


def test_a_day_of_birth_does_not_show_in_a_month() -> None:
    """Two people born in one month get the same message."""
    one = fixed_recipients()[0]
    other = changed(one.profile, birth_date=date(1966, 5, 30))
    engine = engine_of(fixed_pack())
    laws.non_interference(engine, "mail", one.profile, one.consent, AT, other=other)
