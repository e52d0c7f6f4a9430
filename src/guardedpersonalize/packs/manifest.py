"""The shapes of a pack's files, as strict models: unknown keys are errors."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from guardedpersonalize.check.pii import Shape
from guardedpersonalize.vocabulary import Outcome, Severity

__all__ = [
    "AllowFile",
    "Allowance",
    "ExampleFile",
    "PackFile",
    "PersonaFile",
    "PolicyTable",
    "ProductTable",
    "ReaderTable",
    "SenderTable",
    "SlotTable",
    "TemplateFile",
]

Text = Annotated[str, Field(min_length=1, max_length=2000)]
Texts = tuple[Text, ...]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True, strict=False)


class SenderTable(_Strict):
    """`[sender]`: who sends; allow-listed in the check and required in the message."""

    name: Text
    brands: Texts = ()
    postal_addresses: Texts = ()
    phones: Texts = ()
    emails: Texts = ()
    link_domains: Texts = ()
    signatories: Texts = ()
    phone_regions: Texts = ()
    numbers: Texts = ()


class ReaderTable(_Strict):
    """
    `[reader]`: where the readers are, for amounts, postcodes, seasons and times of day.

    `[reader.identifiers.<name>]` says which numbers and names are personal to them here;
    `[reader.spacy]` names a spaCy model for a language, which finds names besides.
    """

    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] | None = None
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] | None = None
    hemisphere: Literal["north", "south"] = "north"
    time_zone: str | None = None
    identifiers: dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")], Shape] = {}
    spacy: dict[Annotated[str, Field(pattern=r"^[a-z]{2}$")], Text] = {}


class VulnerableTable(_Strict):
    """`[policy.vulnerable]`: readers who are not to be persuaded."""

    fields: Texts
    purposes: tuple[Literal["marketing", "advertising", "personalisation"], ...] = ("marketing",)
    outcome: Outcome = Outcome.BLOCK


class PolicyTable(_Strict):
    """`[policy]`: what findings and scores lead to."""

    review_at: Severity = Severity.WARN
    block_at: Severity = Severity.ERROR
    review_score: Annotated[float, Field(ge=0)] | None = 10.0
    block_score: Annotated[float, Field(ge=0)] | None = 16.0
    rules: dict[str, Outcome] = {}
    vulnerable: VulnerableTable | None = None


class PackFile(_Strict):
    """`pack.toml`."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,63}$")]
    version: Annotated[str, Field(pattern=r"^\d+\.\d+\.\d+([-+.][0-9A-Za-z.-]+)?$")]
    description: str = ""
    languages: Annotated[tuple[Text, ...], Field(min_length=1)] = ("en",)
    sender: SenderTable
    reader: ReaderTable = ReaderTable()
    policy: PolicyTable = PolicyTable()


class ProductTable(_Strict):
    """`[products.<SKU>]` in products.toml: where a product stands in the tree."""

    name: Text
    category: Text
    department: Text
    proxy_of: str | None = None


class SlotTable(_Strict):
    """`[slots.<name>]` in template.toml."""

    field: Text
    minimise: str = ""
    type: Literal["text", "int", "bool", "date", "list"] = "text"
    max_length: int = 60
    fallback: str | None = None
    required: bool = False


class TemplateFile(_Strict):
    """`template.toml`."""

    channel: Text
    purpose: Text
    description: str = ""
    language: str = ""
    offers: Texts = ()
    written_by: Literal["human", "ai"] = "human"
    slots: dict[str, SlotTable] = {}
    required_off: dict[str, Text] = {}


class PersonaFile(_Strict):
    """`personas/<id>.toml`: an invented recipient."""

    name: Text
    at: datetime
    recipient_id: Text
    values: dict[str, object] = {}
    observed_at: dict[str, datetime] = {}
    consent: dict[str, object] = {}


class ExampleFile(_Strict):
    """`examples/<id>.toml`: what a template is expected to say to a persona."""

    claim: Text
    template: Text
    persona: Text
    outcome: Outcome
    rung: Literal["as_written", "omitted", "fallback", "generic", "review", "block"] | None = None
    contains: dict[str, Texts] = {}
    absent: dict[str, Texts] = {}
    findings: Texts = ()


class Allowance(_Strict):
    """`[[allow]]` in allow.toml: a finding accepted on purpose, for a time."""

    rule: Text
    where: Text
    because: Text
    until: date


class AllowFile(_Strict):
    """`allow.toml`."""

    allow: tuple[Allowance, ...] = ()
