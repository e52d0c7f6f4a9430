"""The incremental reader: when it answers, and when it leaves a draft to the full one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from guardedpersonalize.check import CheckContext, Checker, Detection, RuleSet
from guardedpersonalize.check.pii import PatternDetector
from guardedpersonalize.check.reader import Reader
from guardedpersonalize.consent import Consent, ConsentRecord
from guardedpersonalize.engine import Engine, Result
from guardedpersonalize.errors import DetectorError
from guardedpersonalize.minimise import SlotSpec
from guardedpersonalize.profile import Field, FieldType, Profile
from guardedpersonalize.render import Draft, PartKind
from guardedpersonalize.testing import TemplateSource, make_pack
from guardedpersonalize.vocabulary import Channel, Family, Provenance, Source, category

AT = datetime(2026, 11, 1, 9, tzinfo=UTC)
FIELDS = [
    Field(name, FieldType.TEXT, category(key), Provenance.PROVIDED, Source.DATA_SUBJECT)
    for name, key in (("name", "user.name.first"), ("code", "system.operations"))
]


class Numbers:
    """A detector of somebody's own: it says nothing of the words it looks for."""

    name = "numbers"

    def __init__(self) -> None:
        self.is_broken = False

    def detect(self, text: str, *, lang: str, regions: Sequence[str]) -> list[Detection]:
        """Find a twelve, from the start of the text on; fail when told to."""
        if self.is_broken:
            raise DetectorError("GP401", "it is broken.")
        at = text.find("12")
        return [Detection("EMAIL_ADDRESS", 0, at + 2, 1.0)] if at >= 0 else []


def engine(body: str, language: str = "en", **options: object) -> Engine:
    """Return an engine for a push message."""
    source = TemplateSource(
        files={"title.j2": "News", "body.j2": body},
        slots=(SlotSpec("name", "name"), SlotSpec("code", "code")),
        channel="push",
        purpose="marketing.communications.push",
        language=language,
    )
    return Engine(make_pack(FIELDS, {"spring": source}), **options)  # type: ignore[arg-type]


def sent(engine: Engine, name: str, code: str = "seven") -> Result:
    """Render for somebody who allows it."""
    record = ConsentRecord.simple(
        record_id="c-1",
        person="r-1",
        purposes=["marketing.communications.push"],
        given_at=AT - timedelta(days=9),
        pii_types=["user.name.first"],
        channels=["push"],
        channel_permission="opt_in",
    )
    profile = Profile("r-1", {"name": name, "code": code})
    consent = Consent(records=(record,), age_group="adult")
    return engine.render("spring", profile, consent, at=AT)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Collect the texts of the drafts that are read in full."""
    seen: list[str] = []
    fully = Checker.check_fully

    def watched(self: Checker, draft: Draft, context: CheckContext) -> object:
        seen.append(draft.parts[-1].text)
        return fully(self, draft, context)

    monkeypatch.setattr(Checker, "check_fully", watched)
    return seen


def test_drafts_of_templates_are_never_read_in_full(asked: list[str]) -> None:
    """Not even the first one: its blocks are read, and kept."""
    made = engine("Hello {{ name }}, we have the code {{ code }} for you.")
    for name in ("Bokodi", "Sodama", "Rose", "Jos\u00e9", "O'Brien"):
        sent(made, name)
    assert asked == []


def test_other_texts_are_read_in_full(asked: list[str]) -> None:
    """No path leads through them."""
    engine("Hello {{ name }}, {{ code }}").check("Hello Ann, we have something for you.")
    assert len(asked) == 1


def test_what_fails_on_the_way_is_read_in_full(
    asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A defect of the memory costs time and no message."""
    monkeypatch.setattr(
        "guardedpersonalize.check.incremental.reader.plan_of", lambda *_args, **_kwargs: 1 / 0
    )
    assert sent(engine("Hello {{ name }}, we have {{ code }} for you."), "Bokodi").message
    assert len(asked) == 1


def test_a_path_with_too_many_layouts_is_read_in_full(
    asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Values that are never plain would each ask for a layout of their own."""
    monkeypatch.setattr("guardedpersonalize.check.incremental.reader._MOST_LAYOUTS", 4)
    made = engine("Hello {{ name }}, we have {{ code }} for you.")
    for number in range(9):
        sent(made, f"Zo\u00eb{number}")
    assert 0 < len(asked) < 9


def test_what_is_too_long_is_not_known_to_be_fine(monkeypatch: pytest.MonkeyPatch) -> None:
    """The memory does not know better."""
    made = engine("Hello {{ name }}, we have {{ code }} for you.")
    assert sent(made, "Bokodi").message
    monkeypatch.setattr("guardedpersonalize.check.checker.LONGEST_PART", 9)
    assert [f.family for f in sent(made, "Bokodi").findings] == [Family.UNKNOWN]


def test_a_detector_of_ones_own_sees_every_value() -> None:
    """Two tokens of one length are not alike to it."""
    body = "Hello {{ name }}, see https://example.org/{{ code|urlencode }}"
    made = engine(body, detectors=[Numbers()])
    results = [sent(made, "Ann", code) for code in ("a9b8c7d6e5", "a9b8c7d612")]
    found = [(*result.findings, *result.refused) for result in results]
    assert [{f.entity for f in each} for each in found] == [set(), {"EMAIL_ADDRESS"}]


def test_what_a_broken_detector_left_open_is_not_kept() -> None:
    """When it works again, the draft is read again."""
    numbers = Numbers()
    made = engine("Hello {{ name }}, we have {{ code }} for you.", detectors=[numbers])
    numbers.is_broken = True
    assert Family.UNKNOWN in {f.family for f in sent(made, "Bokodi").findings}
    numbers.is_broken = False
    assert sent(made, "Bokodi").findings == ()


def test_the_language_of_a_draft_is_found_out_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """For all names of one shape."""
    calls: list[int] = []
    monkeypatch.setattr(
        "guardedpersonalize.check.incremental.reader.language_of",
        lambda *texts: calls.append(len(texts)) or "de",
    )
    made = engine("Blumen im Garten, {{ name }}, Code {{ code }}, gute Tage.", language="en")
    families = {f.family for f in sent(made, "Bokodi").findings}
    known = len(calls)
    assert Family.UNKNOWN in families
    assert known
    sent(made, "Sodama")
    assert len(calls) == known


def test_a_language_without_rules_stays_one() -> None:
    """However often it is met."""
    checker = Checker(rules=RuleSet.load(), shipped=[PatternDetector()])
    draft = Draft.of_text(
        [("text", PartKind.TEXT, "Tere, kuidas l\u00e4heb?")], channel=Channel.EMAIL
    )
    context = CheckContext(channel=Channel.EMAIL, lang="et")
    first, second = (checker.check(draft, context).findings for _ in "12")
    assert first == second
    assert first[0].family is Family.UNKNOWN


def test_an_engine_can_be_warmed_up() -> None:
    """What the first message would load is loaded."""
    made = engine("Hello {{ name }}, {{ code }}")
    made.warm_up()
    bare = Checker(shipped=[Reader()])
    bare.warm_up()
    assert sent(made, "Bokodi").message
