"""From consent to decision: one message through the whole engine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from small_pack import ALL, AT, FILES, MakeEngine, ada, yes

from guardedpersonalize.check import CheckContext, Detection, Region
from guardedpersonalize.check.block_reader import BlockReader
from guardedpersonalize.consent import Consent
from guardedpersonalize.decide import Rung
from guardedpersonalize.engine import Engine, Recipient
from guardedpersonalize.errors import ConsentError, DetectorError, ProfileError, UsageError
from guardedpersonalize.profile import Profile
from guardedpersonalize.render import Part
from guardedpersonalize.vocabulary import Objection, Outcome

BODY = "templates/note/body.txt.j2"


def body(text: str) -> dict[str, str | None]:
    """Return the small pack's body with *text* where the list of books is announced."""
    return {BODY: FILES[BODY].replace("here is our list of books.", text)}


def codes(engine: Engine, profile: Profile, consent: Consent) -> list[str]:
    result = engine.render("note", profile, consent, at=AT)
    return [cause.code for cause in result.decision.causes]


def test_what_is_allowed_is_shown(make_engine: MakeEngine) -> None:
    """A name and a city that may be used are used."""
    result = make_engine().render("note", ada(), yes(*ALL), at=AT)
    assert (result.decision.outcome, result.decision.rung) == (Outcome.SEND, Rung.AS_WRITTEN)
    assert result.message is not None
    assert result.message["text"].startswith("Hello Ada,")
    assert "nearest to Lisbon" in result.message["text"]


def test_what_is_not_allowed_is_not_shown(make_engine: MakeEngine) -> None:
    """Without leave the name falls back and the city goes, with the words around it."""
    result = make_engine().render("note", ada(), yes(), at=AT)
    assert result.message is not None
    assert result.message["text"].startswith("Hello reader,")
    assert "nearest" not in result.message["text"]


def test_what_a_grant_does_not_speak_of_may_not_be_shown(make_engine: MakeEngine) -> None:
    """Only what is allowed exactly as it is held is not looked for in the message."""
    engine = make_engine()
    answers = engine.render("note", ada(), yes(*ALL), at=AT).grant.answers
    assert [name for name, _ in engine.workshop.hidden(answers)] == ["email", "in_debt"]
    fields = {name: one for name, one in answers.fields.items() if name != "city"}
    assert "city" in dict(engine.workshop.hidden(replace(answers, fields=fields)))


def test_what_was_read_ahead_is_not_read_again(
    make_engine: MakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the blocks in which the first message differs from a skeleton are left."""
    cold, warm = make_engine(), make_engine()
    warm.warm_up(ahead=True)
    read: list[str] = []
    block = BlockReader.read

    def watched(self: BlockReader, part: Part, region: Region, context: CheckContext) -> object:
        read.append(region.text)
        return block(self, part, region, context)

    monkeypatch.setattr(BlockReader, "read", watched)
    counts = []
    for engine in (cold, warm):
        read.clear()
        assert engine.render("note", ada(), yes(*ALL), at=AT).message
        counts.append(len(read))
    assert counts[1] < counts[0]


def test_an_allowance_ends_though_the_message_was_judged_before(make_engine: MakeEngine) -> None:
    """What is kept of a judgement is that of its day."""
    allowance = """
[[allow]]
rule = "INT101"
where = "templates/note/body.txt.j2"
because = "The reader asked for it."
until = 2026-11-01
"""
    engine = make_engine({**body("We know you love books."), "allow.toml": allowance})
    days = [AT, AT, AT + timedelta(days=1), AT]
    found = [engine.render("note", ada(), yes(*ALL), at=day) for day in days]
    severities = [
        [f.severity.value for f in result.refused or result.findings if f.rule == "INT101"]
        for result in found
    ]
    assert severities == [["info"], ["info"], ["error"], ["info"]]


def test_without_the_right_to_send_nothing_is_rendered(make_engine: MakeEngine) -> None:
    """The reason is the grant's, and no slot is ever filled."""
    result = make_engine().render("note", ada(), Consent.none(), at=AT)
    assert result.decision.outcome is Outcome.BLOCK
    assert [cause.code for cause in result.decision.causes] == ["no_record"]
    assert (result.message, result.draft, result.slots) == (None, None, None)


def test_an_objection_to_profiling_leaves_an_unpersonalised_message(
    make_engine: MakeEngine,
) -> None:
    """The person still gets the letter, and nothing of them is in it."""
    consent = replace(
        yes(*ALL), objections={Objection.PROFILING: datetime(2026, 10, 1, tzinfo=UTC)}
    )
    result = make_engine().render("note", ada(), consent, at=AT)
    assert result.message is not None
    assert "Ada" not in result.message["text"]
    assert "Lisbon" not in result.message["text"]


def test_words_that_stand_there_because_of_a_slot_go_with_it(make_engine: MakeEngine) -> None:
    """A claim to have watched, made only where the city is known, goes when the city goes."""
    engine = make_engine(body("{% if city %}We noticed you in {{ city }}.{% endif %} Books!"))
    result = engine.render("note", ada(), yes(*ALL), at=AT)
    assert (result.decision.outcome, result.decision.rung) == (Outcome.SEND, Rung.OMITTED)
    assert result.message is not None
    assert "noticed" not in result.message["text"]
    assert "Hello Ada" in result.message["text"]
    assert result.decision.is_reduced
    assert result.refused


def test_words_of_the_template_itself_bring_the_generic_version(make_engine: MakeEngine) -> None:
    """Where no slot is to blame, the version that uses none is sent."""
    result = make_engine(body("We noticed you on our site.")).render(
        "note", ada(), yes(*ALL), at=AT
    )
    assert (result.decision.outcome, result.decision.rung) == (Outcome.SEND, Rung.GENERIC)
    assert result.message is not None
    assert result.message["text"].startswith("Hello,\n")


def test_without_a_generic_version_the_message_is_blocked(make_engine: MakeEngine) -> None:
    """The end of the ladder is a block, with the reasons of the version as written."""
    files = body("We noticed you on our site.") | {
        "templates/note/generic/subject.j2": None,
        "templates/note/generic/body.txt.j2": None,
    }
    result = make_engine(files).render("note", ada(), yes(*ALL), at=AT)
    assert (result.decision.outcome, result.decision.rung) == (Outcome.BLOCK, Rung.BLOCK)
    assert result.message is None
    assert result.decision.causes


def test_a_required_slot_that_is_not_filled_brings_the_generic_version(
    make_engine: MakeEngine,
) -> None:
    """A message that makes no sense without its slot is not sent without it."""
    manifest = FILES["templates/note/template.toml"].replace(
        'field = "city"', 'field = "city"\nrequired = true'
    )
    engine = make_engine({"templates/note/template.toml": manifest})
    result = engine.render("note", ada(), yes("user.name.first"), at=AT)
    assert result.decision.rung is Rung.GENERIC
    assert [cause.code for cause in result.decision.causes] == ["required_slot"]


def test_a_template_that_fails_for_one_reader_brings_the_generic_version(
    make_engine: MakeEngine,
) -> None:
    """A fault is a reason, not an exception, and names the line."""
    engine = make_engine(body("{{ city|length // (city|length - 6) }}"))
    result = engine.render("note", ada(), yes(*ALL), at=AT)
    assert result.decision.rung is Rung.OMITTED
    assert [cause.code for cause in result.decision.causes] == ["GP330"]


def test_an_echo_is_withheld_and_not_reduced(make_engine: MakeEngine) -> None:
    """A city that holds the withheld e-mail address stops the message."""
    result = make_engine().render("note", ada(city="Lisbon ada@example.org"), yes(*ALL), at=AT)
    assert (result.decision.outcome, result.message) == (Outcome.BLOCK, None)


class Broken:
    """A detector that cannot tell."""

    name = "broken"

    def detect(self, text: str, *, lang: str, regions: Sequence[str]) -> Sequence[Detection]:
        raise DetectorError("GP401", "it is broken.")


class Crashing(Broken):
    """A detector with a defect, whose message quotes what it read."""

    def detect(self, text: str, *, lang: str, regions: Sequence[str]) -> Sequence[Detection]:
        raise ValueError(text)


@pytest.mark.parametrize("detector", [Broken(), Crashing()])
def test_a_detector_that_fails_stops_the_message(make_engine: MakeEngine, detector: Broken) -> None:
    """Not knowing is a finding of its own family."""
    result = make_engine(detectors=[detector]).render("note", ada(), yes(*ALL), at=AT)
    assert result.decision.outcome is Outcome.BLOCK
    assert "unknown" in {finding.family.value for finding in result.findings}
    assert "Ada" not in "".join(str(finding) for finding in result.findings)


VULNERABLE = FILES["pack.toml"] + '[policy.vulnerable]\nfields = ["in_debt"]\n'


@pytest.mark.parametrize(
    ("value", "outcome"),
    [(True, Outcome.BLOCK), (False, Outcome.SEND), ("perhaps", Outcome.BLOCK)],
)
def test_a_vulnerable_reader_is_not_persuaded(
    make_engine: MakeEngine, value: object, outcome: Outcome
) -> None:
    """The flag protects without leave to use it, and one that cannot be read counts as set."""
    engine = make_engine({"pack.toml": VULNERABLE})
    result = engine.render("note", ada(in_debt=value), yes(*ALL), at=AT)
    assert result.decision.outcome is outcome


def test_a_reader_without_the_flag_is_not_vulnerable(make_engine: MakeEngine) -> None:
    """A field that the profile does not hold marks nobody."""
    engine = make_engine({"pack.toml": VULNERABLE})
    assert engine.render("note", ada(), yes(*ALL), at=AT).decision.outcome is Outcome.SEND


def test_a_batch_gives_what_single_renders_give(make_engine: MakeEngine) -> None:
    """Rows come in order, decided alike."""
    engine = make_engine()
    rows = [Recipient(ada(first_name=name), yes(*ALL)) for name in ("Ada", "Bo", "Cy")]
    batch = list(engine.render_many("note", rows, at=AT))
    single = [engine.render("note", row.profile, row.consent, at=AT) for row in rows]
    assert [b.record for b in batch] == [s.record for s in single]
    assert [b.message for b in batch] == [s.message for s in single]


def test_the_engines_clock_tells_the_moment(make_engine: MakeEngine) -> None:
    """Without a moment of its own a message is decided for now."""
    engine = make_engine(clock=lambda: AT)
    assert engine.render("note", ada(), yes()).record.at == "2026-11-01T09:00:00Z"


def test_neither_result_nor_record_shows_a_value(make_engine: MakeEngine) -> None:
    """Reprs, findings, records and explanations hold names of fields only."""
    result = make_engine().render("note", ada(), yes(*ALL), at=AT)
    shown = repr(result) + result.record.to_json() + str(result.explanation) + str(result.findings)
    for value in ("Ada", "Lisbon", "ada@example.org", "u-1", "r-1"):
        assert value not in shown


def test_the_explanation_names_what_was_used_and_how_to_stop_it(make_engine: MakeEngine) -> None:
    """The reader is told the kind of data, where it came from and why."""
    lines = str(make_engine().render("note", ada(), yes(*ALL), at=AT).explanation)
    assert "because you agreed to it" in lines
    assert "which we recorded" in lines
    assert "say no" in lines


def test_an_unknown_template_offers_the_nearest(make_engine: MakeEngine) -> None:
    """A slip is answered with what was meant."""
    with pytest.raises(UsageError, match="Did you mean 'note'"):
        make_engine().render("noet", ada(), yes(), at=AT)


def test_an_undeclared_field_is_refused(make_engine: MakeEngine) -> None:
    """The catalogue says what an organisation holds; there is no more."""
    with pytest.raises(ProfileError):
        make_engine().render("note", ada(shoe_size="7"), yes(), at=AT)


def test_a_moment_without_a_zone_is_refused(make_engine: MakeEngine) -> None:
    """When consent ran out cannot be told without one."""
    with pytest.raises(ConsentError):
        make_engine().render("note", ada(), yes(), at=datetime(2026, 11, 1))  # noqa: DTZ001


def test_an_engine_without_a_pack_only_checks() -> None:
    """Any text can be read without a pack; there is nothing to render."""
    engine = Engine()
    assert engine.check("We noticed you looked at prams.").outcome is Outcome.BLOCK
    with pytest.raises(UsageError):
        engine.render("note", ada(), yes())
