"""The templates of a pack: their manifests, their parts, and all sources compiled together."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Final, TypeVar

from guardedpersonalize.errors import GuardError, PackError, Problem
from guardedpersonalize.minimise import SlotSpec, check_spec, compile_plan
from guardedpersonalize.packs.layout import LAYOUTS, Layout
from guardedpersonalize.packs.manifest import SlotTable, TemplateFile
from guardedpersonalize.packs.pack import PackTemplate, generic_name
from guardedpersonalize.packs.toml_file import TomlFile, read_toml
from guardedpersonalize.profile import Catalogue
from guardedpersonalize.render import Entry, PartKind, TemplateSet
from guardedpersonalize.vocabulary import channel, did_you_mean, purpose

__all__ = ["Fields", "Loaded", "load_templates"]

_MANIFEST: Final = "template.toml"
_GENERIC: Final = "generic"

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Fields:
    """
    What fields.toml came to.

    Args:
        catalogue: The fields that could be read.
        unreadable: Names of those that could not: what refers to them is not wrong as well.
    """

    catalogue: Catalogue
    unreadable: frozenset[str]


@dataclass(slots=True)
class Loaded:
    """What came of the `templates` folder; `template_set` is None where something is wrong."""

    templates: dict[str, PackTemplate] = field(default_factory=dict)
    names: tuple[str, ...] = ()
    template_set: TemplateSet | None = None


def load_templates(
    root: Path, fields: Fields, languages: tuple[str, ...], problems: list[Problem]
) -> Loaded:
    """Read every template below *root*; add what is wrong to *problems*."""
    sources = dict(_sources(root, problems))
    folders = sorted(path for path in (root / "templates").glob("*") if path.is_dir())
    loaded = Loaded(names=tuple(folder.name for folder in folders))
    if not folders:
        problems.append(Problem("templates", 0, "GP108", "the pack has no template."))
    entries: dict[str, Entry] = {}
    for folder in folders:
        reader = _Folder(root, folder.name, fields, languages, problems)
        if (template := reader.read(sources)) is not None:
            loaded.templates[template.name] = template
        entries |= reader.entries
    try:
        loaded.template_set = TemplateSet.compile(sources, entries=entries)
    except PackError as err:
        problems += err.problems
    return loaded


def _sources(root: Path, problems: list[Problem]) -> Iterator[tuple[str, str]]:
    """Yield `(name relative to the pack, source)` of every template file, sorted."""
    for folder in ("partials", "templates"):
        for path in sorted((root / folder).rglob("*.j2")):
            name = path.relative_to(root).as_posix()
            try:
                yield name, path.read_text(encoding="utf-8")
            except (OSError, UnicodeDecodeError) as err:
                reason = err.strerror if isinstance(err, OSError) else "it is not UTF-8"
                problems.append(Problem(name, 0, "GP101", f"cannot be read: {reason}."))


class _Folder:
    """Reads `templates/<name>`."""

    def __init__(
        self,
        root: Path,
        name: str,
        fields: Fields,
        languages: tuple[str, ...],
        problems: list[Problem],
    ) -> None:
        self.root = root
        self.name = name
        self.path = f"templates/{name}"
        self.fields = fields
        self.languages = languages
        self.problems = problems
        self.entries: dict[str, Entry] = {}

    def read(self, sources: Mapping[str, str]) -> PackTemplate | None:
        """Return the template, or None after adding what is wrong."""
        shown = f"{self.path}/{_MANIFEST}"
        if not (self.root / shown).exists():
            self.problems.append(Problem(shown, 0, "GP101", "the file is missing."))
            return None
        file = read_toml(self.root / shown, shown, self.problems)
        manifest = file.read(TemplateFile, self.problems) if file else None
        if file is None or manifest is None:
            return None
        return self._template(file, manifest, sources)

    def _template(
        self, file: TomlFile, manifest: TemplateFile, sources: Mapping[str, str]
    ) -> PackTemplate | None:
        before = len(self.problems)
        where = self._term(file, manifest, "channel", channel)
        what = self._term(file, manifest, "purpose", purpose)
        slots = tuple(self._slot(file, name, row) for name, row in manifest.slots.items())
        language = manifest.language or self.languages[0]
        if language not in self.languages:
            message = f"the pack does not list the language {language!r}."
            self.problems.append(file.problem("GP105", message, "language"))
        if where is None:
            return None
        parts = self._parts(LAYOUTS[where], self.path, sources)
        generic = self._parts(LAYOUTS[where], f"{self.path}/{_GENERIC}", sources)
        self._add_entries(file, slots, parts, generic)
        if what is None or self.fields.unreadable or len(self.problems) > before:
            return None
        return PackTemplate(
            name=self.name,
            channel=where,
            purpose=what,
            language=language,
            slots=slots,
            plan=compile_plan(slots, self.fields.catalogue),
            part_files=MappingProxyType({name: source for name, _, source in parts}),
            has_generic=bool(generic),
            offers=manifest.offers,
            written_by_ai=manifest.written_by == "ai",
            required_off=MappingProxyType(dict(manifest.required_off)),
            description=manifest.description,
            digest=_digest(sources, self.path),
        )

    def _term(
        self, file: TomlFile, manifest: TemplateFile, key: str, look_up: Callable[[str], T]
    ) -> T | None:
        try:
            return look_up(getattr(manifest, key))
        except GuardError as err:
            self.problems.append(file.problem_of(err, key))
            return None

    def _slot(self, file: TomlFile, name: str, row: SlotTable) -> SlotSpec:
        spec = SlotSpec(
            name=name,
            field=row.field,
            level=row.minimise,
            type=row.type,
            max_length=row.max_length,
            fallback=row.fallback,
            required=row.required,
        )
        if row.field in self.fields.unreadable:
            return spec
        for fault in check_spec(spec, self.fields.catalogue):
            # A slot's keys are called as in SlotSpec, but for the level, which the file asks for
            # in the imperative.
            key = "minimise" if fault.key == "level" else fault.key
            self.problems.append(
                file.problem(fault.code, fault.message, "slots", name, key, remedy=fault.remedy)
            )
        return spec

    def _parts(
        self, layout: Layout, folder: str, sources: Mapping[str, str]
    ) -> tuple[tuple[str, PartKind, str], ...]:
        """Return `(part, kind, source)` of the files in *folder*, in reading order."""
        found: list[tuple[int, str, PartKind, str]] = []
        for source in sources:
            parent, _, file = source.rpartition("/")
            if parent != folder:
                continue
            if (part := layout.part(file)) is None:
                known = [p.file for p in layout.parts]
                remedy = did_you_mean(file, known) or f"Known: {', '.join(known)}."
                message = "the channel has no part of this name."
                self.problems.append(Problem(source, 0, "GP109", message, remedy))
                continue
            found.append((*part, source))
        self._missing_parts(layout, folder, [file for *_, file in found])
        return tuple((name, kind, source) for _, name, kind, source in sorted(found))

    def _missing_parts(self, layout: Layout, folder: str, files: list[str]) -> None:
        if not files and folder.endswith(f"/{_GENERIC}"):
            return
        names = [file.rpartition("/")[2] for file in files]
        for part in layout.parts:
            if part.required and not any(part.match(name) for name in names):
                path = f"{folder}/{part.file.replace('#', '1')}"
                message = f"the part {part.name.replace('#', '1')!r} is missing."
                self.problems.append(Problem(path, 0, "GP110", message, "Write this file."))

    def _add_entries(
        self,
        file: TomlFile,
        slots: tuple[SlotSpec, ...],
        parts: tuple[tuple[str, PartKind, str], ...],
        generic: tuple[tuple[str, PartKind, str], ...],
    ) -> None:
        manifest = f"{self.path}/{_MANIFEST}"
        types = {spec.name: spec.type for spec in slots}
        lines = {name: file.line("slots", name) for name in types}
        impersonal = {
            spec.name: spec.type
            for spec in slots
            if (held := self.fields.catalogue.get(spec.field)) and not held.category.is_personal
        }
        self.entries[self.name] = Entry(
            self.name, parts, slots=types, manifest=manifest, slot_lines=lines
        )
        if generic:
            name = generic_name(self.name)
            self.entries[name] = Entry(
                name,
                generic,
                slots=impersonal,
                manifest=manifest,
                slot_lines=lines,
                may_leave_unused=True,
            )


def _digest(sources: Mapping[str, str], folder: str) -> str:
    """Hash what a template is made of: its own files, and the partials that it may include."""
    digest = hashlib.sha256()
    for name, source in sorted(sources.items()):
        if name.startswith((f"{folder}/", "partials/")):
            digest.update(f"{name}\0{len(source)}\0{source}".encode())
    return digest.hexdigest()
