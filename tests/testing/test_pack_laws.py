"""The laws of a pack: a sound one holds them all, and each sees the fault that it is there for."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from paper_shop import FILES

from guardedpersonalize.check import MessageReader, Report
from guardedpersonalize.consent import Answers, Consent, Reason, Verdict, grant
from guardedpersonalize.consent.readings import Ruling
from guardedpersonalize.engine import Engine
from guardedpersonalize.engine.message import MessageRun
from guardedpersonalize.errors import UsageError
from guardedpersonalize.minimise import Plan, handling, slots
from guardedpersonalize.packs.layout import room_of
from guardedpersonalize.render import environment
from guardedpersonalize.testing import laws, search
from guardedpersonalize.testing.pack_laws import LAWS, hold
from guardedpersonalize.testing.trials import LawBroken, Trial
from guardedpersonalize.vocabulary import Channel

BODY, TITLE = "templates/ink/body.j2", "templates/ink/title.j2"
MANIFEST = "templates/ink/template.toml"
MAIL = {
    MANIFEST: """
channel = "email"
purpose = "essential.service.notifications.email"
[slots.first_name]
field = "first_name"
""",
    BODY: None,
    TITLE: None,
    "templates/ink/subject.j2": "Ink is here",
    "templates/ink/body.txt.j2": "Ink for {{ first_name or 'you' }}.",
    "templates/ink/body.html.j2": "<p>Your ink is here, {{ first_name or 'reader' }}.</p>",
    "partials/macros.j2": None,
    "examples/named.toml": None,
}


def broken(law: str, bench: Any) -> LawBroken:
    """Return what the law says of the pack's template, which breaks it."""
    with pytest.raises(LawBroken) as caught:
        hold(bench.engine, "ink", law, budget_s=5.0)
    return caught.value


@pytest.mark.parametrize("law", LAWS)
def test_a_sound_template_holds_every_law(open_shop: Any, law: str) -> None:
    """And each law says how far it looked."""
    assert hold(open_shop().engine, "ink", law, budget_s=5.0)


def test_a_value_that_nobody_allowed_is_seen(
    open_shop: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Minimisation that ignores the grant: two people are told apart, and a no adds words."""
    allowed = {"verdict": Verdict.ALLOWED, "level": "exact", "reason": Reason.ALLOWED}

    def fault(plan: Plan, answers: Answers, *rest: Any) -> handling.Recipe:
        fields = {name: replace(one, **allowed) for name, one in answers.fields.items()}
        return handling.Recipe(plan, SimpleNamespace(fields=fields), *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(slots, "recipe_of", fault)
    error = broken("non_interference", open_shop())
    assert "The two differ in:\n" in str(error)
    assert "[[consent.records]]" in str(error)


def test_a_refusal_that_opens_a_field_is_seen(
    open_shop: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever closes a channel is taken to have allowed everything."""
    bench = open_shop()
    whole_grant = Engine._grant

    def fault(self: Engine, profile: Any, consent: Consent, *rest: Any) -> Any:
        person = profile.recipient_id
        (whole,) = (each for each in Trial(self, "ink").combinations[:1])
        records = [replace(each, pii_principal_id=person) for each in whole.consent.records]
        said = Consent.of(records) if consent.do_not_contact else consent
        return whole_grant(self, profile, said, *rest)

    monkeypatch.setattr(Engine, "_grant", fault)
    error = broken("monotony_of_consent", bench)
    assert "may be used, and might not before" in error.what
    assert "The other one says less:" in str(error)


OFFER = {
    MANIFEST: FILES[MANIFEST].replace(
        "essential.service.notifications.push", "marketing.communications.push"
    ),
    BODY: (
        "Ink for {{ city }}.{% if code %} Say {{ code }}.{% endif %} "
        "You get this because you asked for news of ink; turn it off under Settings, Messages."
    ),
    "pack.toml": FILES["pack.toml"] + '[policy.vulnerable]\nfields = ["bereaved"]\n',
    "partials/macros.j2": None,
    "examples/named.toml": None,
}


def test_an_offer_keeps_to_what_is_allowed(open_shop: Any) -> None:
    """Objections, closed channels, ages and marks count for marketing."""
    assert hold(open_shop(OFFER).engine, "ink", "permission") == ("41 people were asked",)


def no_right_is_needed(patch: pytest.MonkeyPatch) -> None:
    """Let every message be sent."""
    patch.setattr(grant, "on_message", lambda *_: Ruling(Reason.PERMISSION_NOT_REQUIRED))


def nobody_is_vulnerable(patch: pytest.MonkeyPatch) -> None:
    """Let the engine forget the policy for vulnerable readers."""
    patch.setattr(MessageRun, "_is_vulnerable", lambda _: False)


def values_do_not_age(patch: pytest.MonkeyPatch) -> None:
    """Let values be used however old they are."""
    patch.setattr(grant, "_unfit", lambda *_: None)


def slots_hold_too_much(patch: pytest.MonkeyPatch) -> None:
    """Let the third law fail."""

    def fault(*_: Any) -> None:
        raise AssertionError("law 3")

    patch.setattr(laws, "minimisation", fault)


@pytest.mark.parametrize(
    ("plant", "said"),
    [
        (no_right_is_needed, "A message may be sent to somebody who does not want it."),
        (nobody_is_vulnerable, "A message goes to somebody whom the policy spares."),
        (values_do_not_age, "is filled from the field 'city', which this person does not allow."),
        (slots_hold_too_much, "A slot holds more than it asks for: law 3"),
    ],
)
def test_a_permission_that_is_not_kept_is_seen(
    open_shop: Any,
    monkeypatch: pytest.MonkeyPatch,
    plant: Callable[[pytest.MonkeyPatch], None],
    said: str,
) -> None:
    """By the plain reading of what a persona allows."""
    fields = FILES["fields.toml"].replace("[fields.city]", "[fields.city]\nmax_age_days = 30")
    bench = open_shop(OFFER | {"fields.toml": fields})
    plant(monkeypatch)
    assert said in broken("permission", bench).what


def test_a_value_that_is_not_escaped_is_seen(
    open_shop: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Markup in a name becomes markup in the letter."""
    monkeypatch.setattr(environment, "is_html", lambda _: False)
    error = broken("containment", open_shop(MAIL))
    assert "changes the shape of part 'html'" in str(error)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("Hello {{ first_name }}, your ink.{{ city }}{{ code }}", "space before a comma"),
        ("In {{ city }} ink is here. {{ first_name }}{{ code }}", "two spaces in a row"),
        ("{{ first_name }}, your ink. {{ city }}{{ code }}", "begins with a mark"),
        ("{{ first_name }}{{ city }}Your code: {{ code }}", "an end after a comma or a colon"),
        ("Ink ({{ city }}) {{ first_name }}{{ code }}", "nothing in brackets"),
        ("Ink: {{ city }}. {{ first_name }}{{ code }}", "a mark after a mark"),
        ("Ink.\n\n{{ city }}\n\n{{ first_name }}{{ code }}\n\nBye", "a hole of three"),
        ("Ink {{ city }}\u3002{{ first_name }}{{ code }}", "space before a comma"),
        ("{{ city }}\uff0cyour ink. {{ first_name }}{{ code }}", "begins with a mark"),
        ("{{ first_name }}{{ code }}Ink\uff1a{{ city }}", "an end after a comma or a colon"),
        ("Ink\u3001{{ city }}\u3002{{ first_name }}{{ code }}", "a mark after a mark"),
        ("{{ 'a'[9] }}{{ city }}{{ first_name }}{{ code }}", "cannot be made"),
    ],
)
def test_a_gap_is_seen(open_shop: Any, body: str, said: str) -> None:
    """Of each kind, with the place in the template."""
    error = broken("reads_well", open_shop({BODY: body, "partials/macros.j2": None}))
    assert said in error.what
    assert "templates/ink/body.j2:" in error.what


def test_an_empty_part_is_seen(open_shop: Any) -> None:
    """A message of nothing."""
    body = "{{ city }}{{ first_name }}{{ code }}"
    what = broken("reads_well", open_shop({BODY: body, "partials/macros.j2": None})).what
    assert "part 'body' is empty" in what


def test_an_empty_list_in_html_is_seen(open_shop: Any) -> None:
    """A list of nothing, where everything else reads well."""
    page = "<p>Ink</p><ul>{% if first_name %}<li>{{ first_name }}</li>{% endif %}</ul>"
    error = broken("reads_well", open_shop(MAIL | {"templates/ink/body.html.j2": page}))
    assert "an empty <ul>" in error.what


def test_a_space_before_a_question_mark_is_right_in_french(open_shop: Any) -> None:
    """And wrong in English."""
    files = {BODY: "Encre {{ first_name }}? {{ city }}{{ code }}", "partials/macros.j2": None}
    assert "a space before a mark" in broken("reads_well", open_shop(files)).what
    files["pack.toml"] = FILES["pack.toml"].replace("[sender]", 'languages = ["fr"]\n[sender]')
    assert hold(open_shop(files).engine, "ink", "reads_well")


def test_a_version_that_the_check_holds_back_may_have_a_gap(open_shop: Any) -> None:
    """With the town left out there is a gap, which has a rule, so that it is never sent."""
    body = "{{ first_name }} Ink is in {{ city }}, as ever.{{ code }}"
    bench = open_shop({BODY: body, "partials/macros.j2": None})
    assert hold(bench.engine, "ink", "reads_well")
    trial = Trial(bench.engine, "ink")
    sent = [
        trial.is_sent(persona, version)
        for persona in trial.combinations[:1]
        for version in trial.versions(persona)
    ]
    assert sent == [True, False]


def test_a_value_that_is_too_long_for_the_channel_is_seen(open_shop: Any) -> None:
    """The length is told, and what there is room for."""
    error = broken("fits", open_shop({TITLE: "Ink is here, " * 4 + "{{ first_name }}"}))
    assert "has 72 characters as written; push has room for 65" in error.what
    assert "To see it, save this" in str(error)


def test_a_version_that_a_preview_need_not_show_is_named(open_shop: Any) -> None:
    """A persona who gets the message as written shows nothing of the generic one."""
    files = {
        "templates/ink/generic/title.j2": "Ink is here, " * 6,
        "templates/ink/generic/body.j2": "Ink.",
    }
    said = str(broken("fits", open_shop(files)))
    assert "It is the message generic, which no preview of this persona need show:" in said
    assert "To see it" not in said


def test_a_branch_that_nobody_reaches_is_named(open_shop: Any) -> None:
    """With its file, line and slots; in a macro too."""
    body = "Ink{% if city and not city %} in {{ city }}{% endif %}.{{ first_name }}{{ code }}"
    what = broken("branches", open_shop({BODY: body, "partials/macros.j2": None})).what
    assert "branches: 2 of 4 places" in what
    assert "templates/ink/body.j2:1 (hangs on city): in" in what


def test_an_error_for_an_allowed_combination_is_seen(open_shop: Any) -> None:
    """The rule, the place, and the smallest combination that has it."""
    watched = "{% if not city %} We noticed you looked at our ink.{% endif %}"
    spoilt = {
        BODY: f"Ink.{watched}{{{{ first_name }}}}{{{{ code }}}}",
        MANIFEST: FILES[MANIFEST].replace('fallback = "town"', ""),
        "partials/macros.j2": None,
    }
    error = broken("no_errors", open_shop(spoilt))
    assert "INT2" in error.what
    assert error.persona is not None
    assert error.persona.name == "Without user.contact.address.city"


def test_an_error_for_a_persona_of_the_pack_is_seen(open_shop: Any) -> None:
    """For whom the template says what it says to nobody else; an odd value speaks for itself."""
    watched = "{% if code == 'PAPER' %} We noticed you looked at our ink.{% endif %}"
    body = f"Ink.{watched}{{{{ first_name }}}}{{{{ city }}}}"
    ann = FILES["personas/ann.toml"]
    files = {
        BODY: body,
        "partials/macros.j2": None,
        "personas/bo.toml": ann.replace('"Ann"', '"Bo"').replace("INK", "PAPER"),
    }
    error = broken("no_errors", open_shop(files))
    assert error.persona is not None
    assert error.persona.name == "Bo"
    files["personas/bo.toml"] = ann.replace('first_name = "Ann"', 'first_name = "a@b.example"')
    bench = open_shop(files)
    trial = Trial(bench.engine, "ink")
    refused = trial.render(bench.pack.personas["bo"]).refused
    assert "error" in {finding.severity for finding in refused}
    assert hold(bench.engine, "ink", "no_errors")


def test_every_value_of_a_field_that_has_few_is_gone_through(open_shop: Any) -> None:
    """What is written for one of them alone is reached, and read."""
    fields = FILES["fields.toml"].replace(
        "[fields.visits]",
        """
[fields.topic]
type = "enum"
values = ["art", "travel", "gardening"]
category = "system.operations"
provenance = "provided"
source = "controller"
collected = "overt"
[fields.visits]""",
    )
    files = {
        "fields.toml": fields,
        MANIFEST: FILES[MANIFEST] + '[slots.topic]\nfield = "topic"\n',
        BODY: (
            "Ink.{{ first_name }}{{ city }}{{ code }}"
            "{% if topic == 'travel' %} We noticed you looked at our ink.{% endif %}"
        ),
        "partials/macros.j2": None,
    }
    engine = open_shop(files).engine
    assert hold(engine, "ink", "branches")
    trial = Trial(engine, "ink")
    assert {"topic-value-2", "topic-value-3"} <= set(trial.worst_cases)
    error = broken("no_errors", open_shop(files))
    assert error.persona is not None
    assert error.persona.name == "topic: travel"


def test_the_time_for_a_law_is_kept(open_shop: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A few are read however short it is, and the rest is said to be left out."""
    bench = open_shop()
    monkeypatch.setattr(MessageReader, "check", lambda *_: Report())
    (remark,) = hold(bench.engine, "ink", "no_errors", budget_s=1e-9)
    assert remark.startswith("cut short: 6 of ")
    (remark,) = hold(bench.engine, "ink", "containment", budget_s=1e-9)
    assert remark == "cut short: 8 people were tried in the time that was given"


def test_the_same_seed_finds_the_same_case(open_shop: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where the time is up while the case is made smaller."""
    monkeypatch.setattr(environment, "is_html", lambda _: False)
    bench = open_shop(MAIL)
    found = []
    for budget_s in (5.0, 5.0, 1e-9):
        with pytest.raises(LawBroken) as caught:
            hold(bench.engine, "ink", "containment", seed=7, budget_s=budget_s)
        found.append(str(caught.value))
    assert found[0] == found[1]


def test_where_nobody_may_be_written_to_no_law_is_broken(
    open_shop: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And it is said."""
    monkeypatch.setattr(search, "_sendable", lambda _: [])
    engine = open_shop().engine
    for law in ("monotony_of_consent", "containment"):
        assert hold(engine, "ink", law) == ("nobody may be written to",)


def test_a_template_without_slots_breaks_no_law(open_shop: Any) -> None:
    """There is nothing to search."""
    files = {BODY: "Ink.", TITLE: "Ink", MANIFEST: None, "examples/named.toml": None}
    files[MANIFEST] = 'channel = "push"\npurpose = "essential.service.notifications.push"\n'
    engine = open_shop(files | {"partials/macros.j2": None}).engine
    assert hold(engine, "ink", "containment") == ("no slot takes free text",)
    assert hold(engine, "ink", "non_interference", budget_s=1.0)


def test_an_unknown_law_is_refused(open_shop: Any) -> None:
    """With the nearest one."""
    with pytest.raises(UsageError, match="no law 'containmend'"):
        hold(open_shop().engine, "ink", "containmend")


def test_what_breaks_a_law_goes_to_another_process(open_shop: Any) -> None:
    """As a worker of xdist sends it."""
    trial = Trial(open_shop().engine, "ink")
    error = LawBroken("It breaks.", trial.worst_cases["minor"])
    assert str(pickle.loads(pickle.dumps(error))) == str(error)  # noqa: S301 - our own bytes


def test_parts_have_the_room_of_their_channel() -> None:
    """A numbered part has that of its kind; a letter has none."""
    assert room_of(Channel.AD, "headline-3") == 40
    assert room_of(Channel.EMAIL, "html") is None
