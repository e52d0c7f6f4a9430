"""What the tests of the rules share."""

from collections.abc import Callable

import pytest

from guardedpersonalize.check.context import CheckContext
from guardedpersonalize.check.reading import ReadPart, Region, RegionKind
from guardedpersonalize.check.rules import Rule, RuleSet
from guardedpersonalize.check.wordlists import WordLists
from guardedpersonalize.render.draft import Chunk, Part, PartKind
from guardedpersonalize.vocabulary import Channel

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
