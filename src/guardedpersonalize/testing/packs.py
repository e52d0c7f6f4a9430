"""Packs made in memory, from fields and sources, for tests: no folder is needed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Final

from guardedpersonalize.check.context import Identity
from guardedpersonalize.decide import Policy
from guardedpersonalize.errors import PackError, Problem, sealed
from guardedpersonalize.minimise import Context, SlotSpec, compile_plan
from guardedpersonalize.packs import Pack, PackTemplate
from guardedpersonalize.packs.layout import LAYOUTS
from guardedpersonalize.packs.pack import generic_name
from guardedpersonalize.profile import Catalogue, Field
from guardedpersonalize.render import Entry, PartKind, TemplateSet
from guardedpersonalize.vocabulary import Channel, channel, purpose

__all__ = ["SENDER", "TemplateSource", "make_pack"]

SENDER: Final = Identity(
    name="Example Garden Club",
    postal_addresses=("1 Sample Street, Exampleton EX1 1AA",),
    emails=("help@example.org",),
    link_domains=("example.org",),
)
"""The sender of packs that name none."""

_NO_MOMENT: Final = datetime(1970, 1, 1, tzinfo=UTC)  # each message brings its own

Parts = tuple[tuple[str, PartKind, str], ...]


@dataclass(frozen=True, slots=True)
class TemplateSource:
    """
    One template, as a folder of a pack would hold it.

    Args:
        files: File name as in a pack ("subject.j2") -> source.
        slots: Its declared holes.
        channel: Name of the channel.
        purpose: Key of the purpose.
        generic: The same as *files* for the generic version; empty where there is none.
        language: ISO 639-1 code.
        offers: Kinds of product that it offers, for the soft opt-in of past buyers.
        written_by_ai: True where a language model wrote it.
        required_off: Required-element rules that are switched off, with the reason for each.
    """

    files: Mapping[str, str]
    slots: tuple[SlotSpec, ...] = ()
    channel: Channel | str = Channel.EMAIL
    purpose: str = "marketing.communications.email"
    generic: Mapping[str, str] = field(default_factory=dict)
    language: str = "en"
    offers: tuple[str, ...] = ()
    written_by_ai: bool = False
    required_off: Mapping[str, str] = field(default_factory=dict)


@sealed
def make_pack(
    fields: Iterable[Field],
    templates: Mapping[str, TemplateSource],
    *,
    partials: Mapping[str, str] | None = None,
    identity: Identity = SENDER,
    policy: Policy | None = None,
    context: Context | None = None,
    name: str = "made-in-memory",
) -> Pack:
    """
    Return a pack that is not on disk. It is held to the same rules as one that is.

    Args:
        fields: The catalogue.
        templates: Template name -> source.
        partials: File name below `partials/` -> source.
        identity: The sender.
        policy: What findings lead to; the default policy if None.
        context: What generalisers may know, such as the product tree.
        name: The pack's name.

    Raises:
        ConfigError: where a channel, a purpose or a slot is wrong.
        PackError: with everything that is wrong with the templates.
    """
    catalogue = Catalogue.of(fields)
    sources = {f"partials/{file}": text for file, text in (partials or {}).items()}
    made: dict[str, PackTemplate] = {}
    entries: dict[str, Entry] = {}
    for template, source in sorted(templates.items()):
        own = dict(_sources(template, source))
        sources |= own
        made[template] = _template(template, source, catalogue, _digest({**sources, **own}))
        entries |= _entries(template, source, catalogue)
    return Pack(
        name=name,
        version="1.0.0",
        languages=tuple(sorted({source.language for source in templates.values()})) or ("en",),
        identity=identity,
        policy=policy or Policy(),
        catalogue=catalogue,
        context=context or Context(at=_NO_MOMENT),
        templates=MappingProxyType(made),
        template_set=TemplateSet.compile(sources, entries=entries),
        personas=MappingProxyType({}),
        examples=MappingProxyType({}),
        allowed=(),
        digest=_digest({**sources, "fields": repr(catalogue)}),
    )


def _folder(template: str) -> str:
    return f"templates/{template}"


def _sources(template: str, source: TemplateSource) -> Iterator[tuple[str, str]]:
    """Yield `(name relative to the pack, source)` of every file of *template*."""
    for folder, files in (("", source.files), ("generic/", source.generic)):
        for file, text in sorted(files.items()):
            yield f"{_folder(template)}/{folder}{file}", text


def _template(name: str, source: TemplateSource, catalogue: Catalogue, digest: str) -> PackTemplate:
    where = channel(source.channel)
    parts = _parts(_folder(name), source.files, where)
    return PackTemplate(
        name=name,
        channel=where,
        purpose=purpose(source.purpose),
        language=source.language,
        slots=source.slots,
        plan=compile_plan(source.slots, catalogue),
        part_files=MappingProxyType({part: file for part, _, file in parts}),
        has_generic=bool(source.generic),
        offers=source.offers,
        written_by_ai=source.written_by_ai,
        required_off=MappingProxyType(dict(source.required_off)),
        description="",
        digest=digest,
    )


def _entries(name: str, source: TemplateSource, catalogue: Catalogue) -> dict[str, Entry]:
    where = channel(source.channel)
    types = {spec.name: spec.type for spec in source.slots}
    parts = _parts(_folder(name), source.files, where)
    manifest = f"{_folder(name)}/template.toml"
    found = {name: Entry(name, parts, slots=types, manifest=manifest)}
    if source.generic:
        generic = generic_name(name)
        parts = _parts(f"{_folder(name)}/generic", source.generic, where)
        impersonal = {
            spec.name: spec.type
            for spec in source.slots
            if not catalogue[spec.field].category.is_personal
        }
        found[generic] = Entry(
            generic, parts, slots=impersonal, manifest=manifest, may_leave_unused=True
        )
    return found


def _parts(folder: str, files: Mapping[str, str], where: Channel) -> Parts:
    """Return `(part, kind, source)` in reading order, of exactly the files that there may be."""
    layout = LAYOUTS[where]
    found = {file: layout.part(file) for file in files}
    message = "the channel has no part of this name."
    problems = [
        Problem(f"{folder}/{file}", 0, "GP109", message)
        for file, part in sorted(found.items())
        if part is None
    ]
    for each in layout.parts:
        if each.required and not any(map(each.match, files)):
            path = f"{folder}/{each.file.replace('#', '1')}"
            problems.append(Problem(path, 0, "GP110", f"the part {each.name!r} is missing."))
    if problems:
        raise PackError(problems)
    ordered = sorted((*part, f"{folder}/{file}") for file, part in found.items() if part)
    return tuple((part, kind, file) for _, part, kind, file in ordered)


def _digest(sources: Mapping[str, str]) -> str:
    digest = hashlib.sha256()
    for name, text in sorted(sources.items()):
        digest.update(f"{name}\0{len(text)}\0{text}".encode())
    return digest.hexdigest()
