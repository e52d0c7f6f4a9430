"""The model of a rule file: one rule, its reasons, and the examples that prove it."""

from __future__ import annotations

from datetime import date, datetime
from types import MappingProxyType
from typing import Annotated, Final, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from guardedpersonalize.check.matchers import Match
from guardedpersonalize.check.matchers.base import MatchModel
from guardedpersonalize.check.reading import RegionKind
from guardedpersonalize.render.draft import PartKind
from guardedpersonalize.vocabulary import Channel, Family, IntrusiveCategory, Severity

__all__ = [
    "ANY_LANGUAGE",
    "BLOCKS",
    "FAMILIES",
    "RANGES",
    "Example",
    "Examples",
    "Rule",
    "Sender",
]

M = TypeVar("M", bound=MatchModel)

ANY_LANGUAGE: Final = "any"
"""Language of rules that read no words, such as those about identifiers."""

FAMILIES: Final = MappingProxyType(
    {
        "INT": Family.INTRUSIVE,
        "ADS": Family.ADS,
        "PII": Family.PII,
        "ECH": Family.ECHO,
        "REQ": Family.REQUIRED,
        "HYG": Family.HYGIENE,
        "UNK": Family.UNKNOWN,
    }
)
"""The letters that the ids of a family start with."""

BLOCKS: Final = MappingProxyType({"en": "", "de": "1", "fr": "2", "es": "3", "ja": "4", "id": "5"})
"""
The languages of the catalogue, and the digits that stand between the letters and the last three
digits of an id. The three say the same in every language: INT1201 is to German what INT201 is to
English.
"""

_C = IntrusiveCategory
RANGES: Final = MappingProxyType(
    {
        _C.KNOWLEDGE_CLAIM: range(101, 200),
        _C.SURVEILLANCE: range(201, 300),
        _C.LOCATION: range(301, 351),
        _C.BIOMETRIC: range(351, 400),
        _C.LIFE_EVENT: range(401, 500),
        _C.SENSITIVE_TRAIT: range(501, 600),
        _C.EMOTION: range(601, 700),
        _C.RELATIONS: range(701, 800),
        _C.ASSUMPTION: range(801, 851),
        _C.OVER_PRECISION: range(851, 900),
        _C.PRESSURE: range(901, 1000),
    }
)
"""The last three digits of intrusive rules, by category."""

_DIGITS: Final = 3

_OFF: Final = "off"
_OTHERS: Final = "others"
_READ_BY_EYE: Final = (
    RegionKind.PLAIN,
    RegionKind.VISIBLE,
    RegionKind.PREHEADER,
    RegionKind.ALT,
)

Text = Annotated[str, Field(min_length=1)]
Texts = Annotated[tuple[Text, ...], Field(min_length=1)]
Value = str | bool | int | float | datetime | date


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Sender(_Strict):
    """Who sends an example; names as in `Identity`."""

    name: str = ""
    brands: tuple[str, ...] = ()
    postal_addresses: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    link_domains: tuple[str, ...] = ()
    signatories: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()


def _as_table(value: object) -> object:
    return {"text": value} if isinstance(value, str) else value


class Example(_Strict):
    """
    A text that a rule finds something in, or does not. A plain string is its `text`.

    In a text, `[[ … ]]` marks what is found, `{slot:observed|garden gnome}` is the value of a
    slot and `{entity:EMAIL_ADDRESS|ada@example.org}` is what a detector saw. They may say more:
    `{slot:observed@third_party user.location.precise exact|…}` names the source, the data category
    and the level too, `{entity:PERSON 0.6|…}` the confidence.

    Args:
        text: The text.
        parts: Name -> text, for a message of several parts; those of one part use `text`.
        part: Name of the one part.
        region: How that part is read.
        html: True where the texts are markup, read as a mail client would.
        channel: Where it is read.
        purpose: What it is sent for.
        complete: True for a whole message.
        written_by_ai: True where a language model wrote it.
        sender: Who sends it.
        withheld: Field -> value that may not be shown.
        allowed: Field -> value that may.
    """

    text: str = ""
    parts: dict[str, str] = {}
    part: str = "text"
    region: RegionKind = RegionKind.PLAIN
    html: bool = False
    channel: Channel = Channel.EMAIL
    purpose: str | None = None
    complete: bool = False
    written_by_ai: bool = False
    sender: Sender = Sender()
    withheld: dict[str, Value] = {}
    allowed: dict[str, Value] = {}

    def texts(self) -> tuple[tuple[str, PartKind, str], ...]:
        """Return name, kind and text of each part, in order."""
        if not self.parts:
            return ((self.part, PartKind.HTML if self.html else PartKind.TEXT, self.text),)
        return tuple((name, self._kind_of(name), text) for name, text in self.parts.items())

    def _kind_of(self, name: str) -> PartKind:
        if name in {"subject", "preheader", "title"}:
            return PartKind.HEADER
        return PartKind.HTML if name == "html" else PartKind.TEXT


Proofs = Annotated[tuple[Annotated[Example, BeforeValidator(_as_table)], ...], Field(min_length=2)]


class Examples(_Strict):
    """Texts that prove a rule; at least two each way, near misses welcome."""

    must_match: Proofs
    must_not_match: Proofs


class Rule(_Strict):
    """
    One rule file.

    Args:
        id: Letters of the family, the block of the language and a number; never used twice.
        name: What it flags, as in the file's name.
        family: The kind of rule.
        category: For intrusive rules one of the eleven categories; else a word of its own, or "".
        severity: How grave a finding is; the policy turns it into an outcome.
        agreed: How grave it is where the reader model reads the same sentence as intrusive too;
            for a rule that is too often wrong by itself.
        status: preview rules are hints, whatever their severity; removed ones are only explained.
        since: Version that brought it.
        message: What is found, in one sentence, without quoting it.
        rationale: Why that matters to the person who reads it.
        fix: What to do about it.
        instead: How it can be said; may be empty.
        sources: Studies, laws and policies behind it.
        channels: Channel -> another severity there, or "off"; `others` stands for the rest.
        regions: Where in a part it reads; what a reader sees unless it says otherwise.
        parts: Names of the only parts that it reads; empty for every part.
        replaced_by: Id of its successor, for a deprecated rule.
        match: What it looks for.
        examples: What it finds and what it does not; None only for rules of kind `unknown`.
        lang: Language of its folder.
    """

    id: Annotated[str, Field(pattern=rf"^(?:{'|'.join(FAMILIES)})\d{{3,5}}$")]
    name: Annotated[str, Field(pattern=r"^[a-z]+(?:-[a-z]+)*$")]
    family: Family
    category: str = ""
    severity: Severity
    agreed: Severity | None = None
    status: Literal["preview", "stable", "deprecated", "removed"]
    since: Annotated[str, Field(pattern=r"^\d+\.\d+\.\d+$")]
    message: Text
    rationale: Text
    fix: str = ""
    instead: str = ""
    sources: Texts
    channels: dict[Channel | Literal["others"], Severity | Literal["off"]] = {}
    regions: Annotated[tuple[RegionKind, ...], Field(min_length=1)] = _READ_BY_EYE
    parts: tuple[str, ...] = ()
    replaced_by: str | None = None
    match: Match
    examples: Examples | None = None
    lang: str = ANY_LANGUAGE

    @model_validator(mode="after")
    def _fits_together(self) -> Rule:
        if FAMILIES[self.id[:3]] is not self.family:
            raise ValueError("the id does not start with the letters of the family")
        if self._block != BLOCKS.get(self.lang, self._block):
            raise ValueError("the number of the id does not start with the block of the language")
        if self.family is Family.INTRUSIVE:
            known = [category.value for category in IntrusiveCategory]
            if self.category not in known:
                raise ValueError(f"an intrusive rule has one of the categories {known}")
            if int(self.id[-_DIGITS:]) not in RANGES[IntrusiveCategory(self.category)]:
                raise ValueError("the number of the id does not lie in the range of the category")
        if self.replaced_by and self.status not in {"deprecated", "removed"}:
            raise ValueError("only a deprecated or removed rule is replaced")
        if (self.examples is None) != (self.match.kind == "unknown"):
            raise ValueError("a rule is proved by examples, one of kind unknown has none")
        return self

    @property
    def _block(self) -> str:
        return self.id[3:-_DIGITS]

    @property
    def sort_key(self) -> tuple[str, str, str]:
        """Family, block of the language, number: a total order of a catalogue."""
        return (self.id[:3], self._block, self.id)

    @property
    def is_active(self) -> bool:
        """False for a removed rule, which is kept so that its id stays taken."""
        return self.status != "removed"

    def severity_on(self, channel: Channel) -> Severity | None:
        """Return how grave a finding is on *channel*; None where the rule is off."""
        found = self.channels.get(channel, self.channels.get("others", self.severity))
        if found == _OFF or not self.is_active:
            return None
        return Severity.INFO if self.status == "preview" else Severity(found)

    def reads(self, part: str, kind: RegionKind) -> bool:
        """Tell whether it reads regions of *kind* in the part called *part*."""
        return kind in self.regions and (not self.parts or part in self.parts)

    def match_as(self, model: type[M]) -> M:
        """Return `match`, which is a *model*."""
        assert isinstance(self.match, model)  # noqa: S101  # the kinds sort the rules
        return self.match
