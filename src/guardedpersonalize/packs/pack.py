"""A loaded pack: everything the engine needs to know, and nothing about any real person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from guardedpersonalize.check.context import Identity
from guardedpersonalize.check.pii import Identifier
from guardedpersonalize.consent import Consent
from guardedpersonalize.decide import Policy
from guardedpersonalize.errors import UsageError
from guardedpersonalize.minimise import Context, Plan, SlotSpec
from guardedpersonalize.packs.manifest import ExampleFile
from guardedpersonalize.profile import Catalogue, Profile
from guardedpersonalize.render import Draft, TemplateSet
from guardedpersonalize.vocabulary import Channel, Purpose, did_you_mean

__all__ = ["Allowed", "Pack", "PackTemplate", "Persona", "generic_name", "placed"]

_DIGITS: Final = 9  # of a line number; Python refuses to read very long ones


def generic_name(template: str) -> str:
    """Return the entry name of a template's generic version."""
    return f"{template}/generic"


@dataclass(frozen=True, slots=True)
class PackTemplate:
    """
    One message of a pack.

    Args:
        name: Name of its folder.
        channel: Where it is read.
        purpose: What it is sent for.
        language: ISO 639-1 code of its text.
        slots: Its declared holes, in the order of the file.
        plan: The same, resolved against the catalogue.
        part_files: Part name -> source file, in reading order.
        has_generic: Whether it has a generic version.
        offers: Kinds of product that it offers, for the soft opt-in of past buyers.
        written_by_ai: True where a language model wrote it.
        required_off: Required-element rules that it switches off, with the reason for each.
        description: What it is for.
        digest: SHA-256 of its sources, in hex.
    """

    name: str
    channel: Channel
    purpose: Purpose
    language: str
    slots: tuple[SlotSpec, ...]
    plan: Plan
    part_files: Mapping[str, str]
    has_generic: bool
    offers: tuple[str, ...]
    written_by_ai: bool
    required_off: Mapping[str, str]
    description: str
    digest: str

    @property
    def versions(self) -> tuple[bool, ...]:
        """Of each of its versions, whether it is the generic one."""
        return (False, True) if self.has_generic else (False,)

    def entry(self, *, is_generic: bool) -> str:
        """Return what a version is called in the pack's `TemplateSet`."""
        return generic_name(self.name) if is_generic else self.name


@dataclass(frozen=True, slots=True)
class Persona:
    """An invented recipient, for previews and tests."""

    id: str
    name: str
    at: datetime
    profile: Profile
    consent: Consent


@dataclass(frozen=True, slots=True)
class Allowed:
    """
    A finding accepted on purpose, for a time.

    Args:
        rule: Id of the rule.
        path: The template file, relative to the pack.
        line: Its line, from 1; 0 for the whole file.
        because: The reason.
        until: The last day.
        at: Where allow.toml says so: its line, from 1.
    """

    rule: str
    path: str
    line: int
    because: str
    until: date
    at: int = 0


def placed(where: str) -> tuple[str, int]:
    """Split `path:line`; 0 where the whole file is meant."""
    path, _, line = where.rpartition(":")
    is_line = line.isdecimal() and len(line) <= _DIGITS
    return (path, int(line)) if path and is_line else (where, 0)


@dataclass(frozen=True, slots=True)
class Pack:
    """
    A folder of templates, read and proved to be well formed.

    Args:
        name: Its name.
        version: Its semantic version.
        languages: ISO 639-1 codes of its texts.
        identity: The sender.
        policy: What findings lead to.
        catalogue: The fields that the organisation holds.
        context: What generalisers may know: the product tree, currency, country, hemisphere. Its
            moment and language are each message's own.
        templates: Template name -> template, sorted.
        template_set: The compiled templates and their generic versions.
        personas: Persona id -> persona, sorted.
        examples: Example id -> example, sorted.
        allowed: Findings accepted on purpose.
        digest: SHA-256 of every file, in hex.
        identifiers: What stands for a person with this sender, such as an order number.
        spacy_models: Language -> a spaCy model that reads it besides.
    """

    name: str
    version: str
    languages: tuple[str, ...]
    identity: Identity
    policy: Policy
    catalogue: Catalogue
    context: Context
    templates: Mapping[str, PackTemplate]
    template_set: TemplateSet
    personas: Mapping[str, Persona]
    examples: Mapping[str, ExampleFile]
    allowed: tuple[Allowed, ...]
    digest: str
    identifiers: tuple[Identifier, ...] = ()
    spacy_models: Mapping[str, Path | str] = field(default_factory=dict)

    def render(
        self,
        template: PackTemplate,
        values: Mapping[str, Any],
        *,
        is_generic: bool = False,
        seen: set[str] | None = None,
    ) -> Draft:
        """
        Render *template*, or its generic version, from a value for each of its slots.

        For *seen* see `TemplateSet.render`.

        Raises:
            RenderError: GP330 to GP335, naming the template's line and the kind of fault only.
        """
        entry = template.entry(is_generic=is_generic)
        declared = self.template_set.entries[entry].slots
        return self.template_set.render(
            entry,
            {name: value for name, value in values.items() if name in declared},
            channel=template.channel,
            purpose=template.purpose,
            seen=seen,
        )

    def template(self, name: str) -> PackTemplate:
        """
        Return the template called *name*.

        Raises:
            UsageError: GP501, if the pack has none; it offers the nearest.
        """
        if name in self.templates:
            return self.templates[name]
        message = f"pack {self.name!r} has no template {name!r}."
        raise UsageError("GP501", message, remedy=did_you_mean(name, self.templates))
