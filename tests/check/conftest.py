"""What the tests of the rules share."""

from collections.abc import Callable, Iterable

import pytest

from guardedpersonalize.check.context import CheckContext
from guardedpersonalize.check.finding import Finding
from guardedpersonalize.check.reading import ReadPart, Region, RegionKind
from guardedpersonalize.check.rules import Rule, RuleSet
from guardedpersonalize.check.wordlists import WordLists
from guardedpersonalize.minimise.slots import Slot
from guardedpersonalize.minimise.spec import SlotSpec
from guardedpersonalize.profile import Field, FieldType
from guardedpersonalize.render.draft import Chunk, Part, PartKind
from guardedpersonalize.vocabulary import EXACT, Channel, SlotOutcome, Technique

EXAMPLES = {
    "must_match": ["[[We saw you]] leave.", "[[We saw you]]."],
    "must_not_match": ["We saw it.", "You saw us."],
}


@pytest.fixture(scope="session")
def catalogue() -> RuleSet:
    """The shipped rules."""
    return RuleSet.load()


@pytest.fixture(scope="session")
def lists(catalogue: RuleSet) -> WordLists:
    """The shipped English word lists."""
    return catalogue.lists["en"]


@pytest.fixture
def make_rule() -> Callable[..., Rule]:
    """Return a maker of rules; any key may be given."""

    def make(**given: object) -> Rule:
        table = {
            "id": "INT201",
            "name": "watched-you",
            "family": "intrusive",
            "category": "surveillance",
            "severity": "error",
            "status": "stable",
            "since": "0.1.0",
            "message": "states that the reader was watched",
            "rationale": "Nobody likes it.",
            "sources": ["a study"],
            "match": {"kind": "tokens", "any": ["we saw you"]},
            "examples": EXAMPLES,
            "lang": "en",
        }
        return Rule.model_validate({**table, **given})

    return make


@pytest.fixture
def read_as() -> Callable[..., ReadPart]:
    """Return a reader of one region, whose offsets are those of the part."""

    def read(
        text: str,
        *,
        kind: RegionKind = RegionKind.PLAIN,
        part: str = "text",
        chunks: tuple[Chunk, ...] | None = None,
    ) -> ReadPart:
        made = Part(part, PartKind.TEXT, chunks or (Chunk(text),))
        return ReadPart(made, (Region(kind, text, range(len(text) + 1)),))

    return read


@pytest.fixture
def context() -> CheckContext:
    """A passage of an e-mail about which nothing else is known."""
    return CheckContext(channel=Channel.EMAIL)


@pytest.fixture
def spans_of() -> Callable[..., list[tuple[str, str]]]:
    """Return what turns findings into pairs of rule and text found."""

    def spans(findings: Iterable[Finding], text: str) -> list[tuple[str, str]]:
        return [(finding.rule, text[finding.start : finding.end]) for finding in findings]

    return spans


@pytest.fixture(scope="session")
def make_slot() -> Callable[..., Slot]:
    """Return a maker of filled slots: a provided first name, unless told otherwise."""

    def make(
        name: str = "first_name",
        *,
        category: str = "user.name.first",
        provenance: str = "provided",
        source: str = "data_subject",
        level: str = EXACT,
        outcome: SlotOutcome = SlotOutcome.ALLOW,
        **field: object,
    ) -> Slot:
        kind = FieldType(field.pop("type", FieldType.TEXT))
        return Slot(
            spec=SlotSpec(name, name),
            outcome=outcome,
            value="",
            level=level,
            technique=Technique.NONE,
            reason="allowed",
            field=Field(name, kind, category, provenance, source, **field),
            record_id=None,
            event_index=None,
            basis=None,
        )

    return make
