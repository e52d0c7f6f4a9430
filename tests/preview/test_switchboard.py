"""Switches of consent: what they change, and that they never add to it by mistake."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from guardedpersonalize.errors import GuardError, UsageError
from guardedpersonalize.packs import Pack, load_pack
from guardedpersonalize.preview.switchboard import Switchboard
from guardedpersonalize.profile import Profile

PACKS = Path(__file__).parents[2] / "examples" / "packs"


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack(PACKS / "garden-club")


def sent(board: Switchboard, **changes: list[str]) -> dict[str, list[str]]:
    """Return the form as a browser would send it, with some controls changed."""
    form = {
        "template": [board.template.name], "persona": [board.persona.id], "of": [board.persona.id],
        "at": [board.at], "age_group": [board.age_group], "dnc_of": [board.template.channel.value],
        "objections": [kind.value for kind, is_on in board.objections.items() if is_on],
        "dnc": ["on"] if board.do_not_contact else [],
        **{f"value.{value.name}": [value.text] for value in board.values},
    }  # fmt: skip
    for record in board.records:
        form[record.prefix] = [record.record.record_id]
        form[f"{record.prefix}.stood"] = ["on" if record.stood else "off"]
        form[f"{record.prefix}.on"] = ["on"] if record.is_on else []
        form[f"{record.prefix}.pii"] = [key for key, is_on in record.pii_types.items() if is_on]
        form[f"{record.prefix}.channel"] = [key for key, is_on in record.channels.items() if is_on]
        form[f"{record.prefix}.permission"] = [record.permission.value]
        form[f"{record.prefix}.given"] = [record.given]
    changed = {**form, **{name.replace("__", "."): value for name, value in changes.items()}}
    return {name: value for name, value in changed.items() if value}


def everything(pack: Pack, **changes: list[str]) -> Switchboard:
    """Return the switchboard of the person who allowed everything, with controls changed."""
    chosen: Mapping[str, list[str]] = {"template": ["spring-offer"], "persona": ["everything"]}
    return Switchboard(pack, sent(Switchboard(pack, chosen), **changes))


def test_untouched_switches_change_nothing(pack: Pack) -> None:
    """Whatever a persona says goes through the form and back."""
    for name, persona in pack.personas.items():
        for form in ({"persona": [name]}, sent(Switchboard(pack, {"persona": [name]}))):
            profile, consent, at = Switchboard(pack, form).changed()
            assert (profile, consent, at) == (persona.profile, persona.consent, persona.at)


def test_a_record_that_is_not_in_force_was_taken_back(pack: Pack) -> None:
    """It gets one event more, after its last."""
    _, consent, _ = everything(pack, record0__on=[]).changed()
    first, second = consent.records
    assert first.events[-1].event_state == "withdrawn"
    assert second.events[-1].event_state == "given"


@pytest.mark.parametrize("name", ["withdrew-yesterday", "expired"])
def test_consent_that_is_over_can_be_given_again(pack: Pack, name: str) -> None:
    """It is shown as over, and a tick is a new yes at the moment shown."""
    before = Switchboard(pack, {"persona": [name]})
    assert not before.records[0].is_on
    board = Switchboard(pack, sent(before, record0__on=["on"]))
    _, consent, at = board.changed()
    given = consent.records[0].events[-1]
    assert (given.event_time, given.event_state) == (at, "given")
    assert consent.records[0].status_at(at).is_valid
    _, consent, _ = Switchboard(pack, sent(board, record0__on=[])).changed()
    assert consent == before.persona.consent


def test_another_moment_is_no_touch_of_a_switch(pack: Pack) -> None:
    """Consent that had not run out then is in force, without a new event."""
    before = Switchboard(pack, {"persona": ["expired"]})
    board = Switchboard(pack, sent(before, at=["2026-01-01T09:00"]))
    assert board.records[0].is_on
    assert board.changed()[1] == before.persona.consent


def test_line_ends_of_a_form_change_no_value(pack: Pack) -> None:
    """A browser sends two characters for a newline."""
    person = pack.personas["everything"]
    values = {name: person.profile.reveal(name) for name in person.profile.fields}
    profile = Profile("everything", {**values, "pet_name": "one\ntwo"})
    lines = replace(pack, personas={"everything": replace(person, profile=profile)})
    form = sent(Switchboard(lines, {}), value__pet_name=["one\r\ntwo"])
    assert Switchboard(lines, form).changed()[0] == profile
    form["value.pet_name"] = ["one\r\nthree"]
    assert Switchboard(lines, form).changed()[0].reveal("pet_name") == "one\nthree"


def test_what_is_gone_gives_way_to_the_first_and_says_so(pack: Pack) -> None:
    """A file of the pack may be renamed while it is shown."""
    board = Switchboard(pack, {**sent(everything(pack)), "persona": ["nobody"]})
    assert board.persona is next(iter(pack.personas.values()))
    assert (board.template.name, board.missing) == (
        "spring-offer",
        "That person is gone: here is the first.",
    )


def test_data_and_permissions_can_be_taken_off(pack: Pack) -> None:
    """The others stay."""
    changes = {"record0__pii": ["user.name.first"], "record0__permission": ["none"]}
    _, consent, _ = everything(pack, **changes).changed()
    record = consent.records[0]
    assert [entry.pii_type for entry in record.pii_information] == ["user.name.first"]
    assert record.channel_permission == "none"


def test_a_record_without_channels_is_left_out(pack: Pack) -> None:
    """One that names none would be about all of them."""
    _, consent, _ = everything(pack, record0__channel=[]).changed()
    assert len(consent.records) == 1


def test_objections_age_and_dates_can_be_switched(pack: Pack) -> None:
    """An objection that is new holds from the moment of sending."""
    changes = {
        "objections": ["profiling"], "dnc": ["on"], "age_group": ["minor"],
        "at": ["2027-01-01T08:30"], "record0__given": ["2026-12-01T00:00"],
    }  # fmt: skip
    _, consent, at = everything(pack, **changes).changed()
    assert (dict(consent.objections), consent.age_group) == ({"profiling": at}, "minor")
    assert consent.do_not_contact == ("email",)
    assert consent.records[0].events[-1].event_time.month == 12


def test_a_value_can_be_edited_or_emptied(pack: Pack) -> None:
    """What is edited is text, as in a CSV file; what is not keeps its type."""
    changes = {"value__first_name": ["Ida"], "value__postcode": [""]}
    profile, _, _ = everything(pack, **changes).changed()
    before = pack.personas["everything"].profile
    assert profile.reveal("first_name") == "Ida"
    assert profile.reveal("birth_date") == before.reveal("birth_date")
    # An empty control is not sent by this helper; a browser sends it empty.
    form = {**sent(everything(pack)), "value.postcode": [""]}
    assert Switchboard(pack, form).changed()[0].reveal("postcode") is None


def test_what_belongs_to_another_person_is_left_out_of_account(pack: Pack) -> None:
    """Choosing another person starts from what that person said."""
    form = {**sent(everything(pack, value__first_name=["Ida"])), "persona": ["name-only"]}
    profile, consent, _ = Switchboard(pack, form).changed()
    person = pack.personas["name-only"]
    assert (profile, consent) == (person.profile, person.consent)


@pytest.mark.parametrize(
    "changes",
    [
        {"at": ["tomorrow"]}, {"at": [""]},
        {"record0__permission": ["all"]}, {"record0__given": ["9999-99-99T00:00"]},
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_an_error_of_ours(pack: Pack, changes: dict[str, list[str]]) -> None:
    """Coded, and without what was sent."""
    with pytest.raises(GuardError) as caught:
        everything(pack, **changes).changed()
    assert caught.value.code in {"GP501", "GP203", "GP210"}


def test_a_pack_without_people_says_so(pack: Pack) -> None:
    """There is nobody to show."""
    with pytest.raises(UsageError, match="no persona"):
        Switchboard(replace(pack, personas={}), {})
