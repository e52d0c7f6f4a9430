"""A folder in, a `Pack` out; or everything that is wrong with it, at once and with file:line."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Final, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from guardedpersonalize.check.context import Identity
from guardedpersonalize.check.pii import Identifier
from guardedpersonalize.check.reader import is_installed
from guardedpersonalize.consent import Consent
from guardedpersonalize.decide import Policy
from guardedpersonalize.errors import (
    ConfigError,
    ConsentError,
    GuardError,
    PackError,
    Problem,
    sealed,
)
from guardedpersonalize.minimise import Context, Product, ProductTree
from guardedpersonalize.packs.manifest import (
    AllowFile,
    ExampleFile,
    PackFile,
    PersonaFile,
    PolicyTable,
    ProductTable,
    ReaderTable,
    SenderTable,
)
from guardedpersonalize.packs.pack import Allowed, Pack, Persona, placed
from guardedpersonalize.packs.templates import Fields, load_templates
from guardedpersonalize.packs.toml_file import TomlFile, read_toml
from guardedpersonalize.profile import Catalogue, Field, FieldSpec, FieldType, Profile
from guardedpersonalize.vocabulary import category, did_you_mean

__all__ = ["load_pack"]

_FOLDERS: Final = ("examples", "partials", "personas", "templates")
_BESIDE: Final = ("snapshots", "tests")  # what people approved and try; not of the pack
_FILES: Final = ("allow.toml", "fields.toml", "pack.toml", "products.toml")
_PROSE: Final = (".md", ".txt")
_NO_MOMENT: Final = datetime(1970, 1, 1, tzinfo=UTC)  # each message brings its own

T = TypeVar("T")


@sealed
def load_pack(root: str | Path) -> Pack:
    """
    Read the pack in the folder *root*.

    Raises:
        PackError: with every problem of every file, in the order of files and lines.
    """
    return _Loader(Path(root)).load()


class _Loader:
    """Reads one folder; `problems` fills as it goes, and nothing is raised before the end."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.problems: list[Problem] = []

    def load(self) -> Pack:
        """Read every file, then raise all problems or return the pack."""
        if not self.root.is_dir():
            message = "there is no such folder."
            raise PackError([Problem(self.root.name, 0, "GP101", message, "Give a pack's folder.")])
        self._strange_files()
        manifest = self._manifest()
        fields = self._fields()
        catalogue = fields.catalogue
        products = self._products()
        languages = manifest.languages if manifest else ("en",)
        loaded = load_templates(self.root, fields, languages, self.problems)
        policy = self._policy(manifest.policy, catalogue) if manifest else Policy()
        reader = manifest.reader if manifest else ReaderTable()
        context = self._context(reader, products)
        identifiers = self._identifiers(reader)
        spacy_models = self._spacy_models(reader)
        personas = self._each("personas", lambda id_, file: self._persona(id_, file, catalogue))
        examples = self._each("examples", lambda _, file: self._example(file, loaded.names))
        allowed = self._allowed()
        if self.problems or manifest is None or loaded.template_set is None:
            raise PackError(self.problems)
        return Pack(
            name=manifest.name,
            version=manifest.version,
            languages=manifest.languages,
            identity=_identity(manifest.sender),
            policy=policy,
            catalogue=catalogue,
            context=context,
            identifiers=identifiers,
            spacy_models=spacy_models,
            templates=MappingProxyType(loaded.templates),
            template_set=loaded.template_set,
            personas=personas,
            examples=examples,
            allowed=allowed,
            digest=_digest(self.root),
        )

    def _strange_files(self) -> None:
        """Name what nothing reads: it is a misspelt file or folder."""
        for path in sorted(self.root.iterdir()):
            known = (*_FOLDERS, *_BESIDE) if path.is_dir() else _FILES
            hidden = path.name.startswith((".", "__")) or path.suffix in _PROSE
            if path.name not in known and not hidden:
                message = "nothing in a pack is called so."
                remedy = did_you_mean(path.name, known) or f"Known: {', '.join(known)}."
                self.problems.append(Problem(path.name, 0, "GP106", message, remedy))

    def _read(self, name: str, *, required: bool) -> TomlFile | None:
        path = self.root / name
        if path.exists():
            return read_toml(path, name, self.problems)
        if required:
            self.problems.append(Problem(name, 0, "GP101", "the file is missing."))
        return None

    def _manifest(self) -> PackFile | None:
        file = self._read("pack.toml", required=True)
        return file.read(PackFile, self.problems) if file else None

    def _identifiers(self, table: ReaderTable) -> tuple[Identifier, ...]:
        found = []
        for name, shape in table.identifiers.items():
            try:
                found.append(Identifier.of(shape))
            except GuardError as err:
                file = self._read("pack.toml", required=True)
                keys = ("reader", "identifiers", name, "pattern")
                self.problems += [file.problem_of(err, *keys)] if file else []
        return tuple(found)

    def _spacy_models(self, table: ReaderTable) -> Mapping[str, Path | str]:
        """Return the models: folders beside the pack, or names of packages."""
        found: dict[str, Path | str] = {}
        for lang, name in table.spacy.items():
            folder = (self.root / name).resolve()
            found[lang] = folder if folder.is_dir() else name
            if not is_installed(found[lang]):
                message = f"there is no spaCy model {name!r} here."
                remedy = "Install its package, or give a folder; nothing is downloaded."
                err = ConfigError("GP107", message, remedy=remedy)
                file = self._read("pack.toml", required=True)
                self.problems += [file.problem_of(err, "reader", "spacy", lang)] if file else []
        return MappingProxyType(found)

    def _fields(self) -> Fields:
        file = self._read("fields.toml", required=True)
        rows = file.tables(self.problems, "fields") if file else ()
        read = {name: self._field(file, name) for name in rows if file}
        catalogue = Catalogue.of(field for field in read.values() if field is not None)
        return Fields(catalogue, frozenset(read) - frozenset(catalogue))

    def _field(self, file: TomlFile, name: str) -> Field | None:
        spec = file.read(FieldSpec, self.problems, "fields", name)
        if spec is None:
            return None
        try:
            return spec.field(name)
        except GuardError as err:
            # The error names the term and not its key; the key is the one that holds it.
            key = next((k for k in ("category", "generaliser") if k in err.message), "category")
            self.problems.append(file.problem_of(err, "fields", name, key))
            return None

    def _products(self) -> ProductTree:
        file = self._read("products.toml", required=False)
        rows = file.tables(self.problems, "products") if file else ()
        products = {sku: self._product(file, sku) for sku in rows if file}
        return ProductTree({sku: row for sku, row in products.items() if row is not None})

    def _product(self, file: TomlFile, sku: str) -> Product | None:
        row = file.read(ProductTable, self.problems, "products", sku)
        if row is None:
            return None
        try:
            proxied = category(row.proxy_of).key if row.proxy_of else None
        except GuardError as err:
            self.problems.append(file.problem_of(err, "products", sku, "proxy_of"))
            return None
        return Product(row.name, row.category, row.department, proxied)

    def _policy(self, table: PolicyTable, catalogue: Catalogue) -> Policy:
        vulnerable = table.vulnerable
        for name in vulnerable.fields if vulnerable else ():
            known = [f for f in catalogue if catalogue[f].type is FieldType.BOOL]
            if name not in known:
                message = f"the policy's vulnerable field {name!r} is no yes-or-no field."
                remedy = did_you_mean(name, known)
                self.problems.append(Problem("pack.toml", 1, "GP107", message, remedy))
        chosen = table.model_dump(exclude={"vulnerable"})
        if vulnerable is None:
            return Policy(**chosen)
        return Policy(
            **chosen,
            vulnerable_fields=vulnerable.fields,
            vulnerable_classes=frozenset(vulnerable.purposes),
            vulnerable_outcome=vulnerable.outcome,
        )

    def _context(self, table: ReaderTable, products: ProductTree) -> Context:
        zone = None
        try:
            zone = ZoneInfo(table.time_zone) if table.time_zone else None
        except (ZoneInfoNotFoundError, ValueError, OSError):
            message = f"there is no time zone {table.time_zone!r}."
            remedy = did_you_mean(table.time_zone or "", available_timezones())
            self.problems.append(Problem("pack.toml", 1, "GP105", message, remedy))
        return Context(
            at=_NO_MOMENT,
            products=products,
            country=table.country,
            currency=table.currency,
            hemisphere=table.hemisphere,
            zone=zone,
        )

    def _each(self, folder: str, read: Callable[[str, TomlFile], T | None]) -> Mapping[str, T]:
        """Read every TOML file of *folder* that can be read, by its name without the suffix."""
        found: dict[str, T] = {}
        for path in sorted((self.root / folder).glob("*.toml")):
            file = read_toml(path, f"{folder}/{path.name}", self.problems)
            item = read(path.stem, file) if file else None
            if item is not None:
                found[path.stem] = item
        return MappingProxyType(found)

    def _persona(self, id_: str, file: TomlFile, catalogue: Catalogue) -> Persona | None:
        shape = file.read(PersonaFile, self.problems)
        if shape is None:
            return None
        try:
            profile = Profile(shape.recipient_id, shape.values, observed_at=shape.observed_at)
            catalogue.check(profile)
            consent = Consent.from_json(shape.consent)
        except GuardError as err:
            key = "consent" if isinstance(err, ConsentError) else "values"
            self.problems.append(file.problem_of(err, key))
            return None
        if shape.at.tzinfo is None:
            message = "'at' has no time zone."
            self.problems.append(file.problem("GP204", message, "at", remedy="End it with Z."))
            return None
        return Persona(id_, shape.name, shape.at, profile, consent)

    def _example(self, file: TomlFile, templates: Iterable[str]) -> ExampleFile | None:
        """Read an example; one that names what is not there would never run."""
        shape = file.read(ExampleFile, self.problems)
        if shape is None:
            return None
        personas = [path.stem for path in (self.root / "personas").glob("*.toml")]
        for key, name, known in (
            ("template", shape.template, templates),
            ("persona", shape.persona, personas),
        ):
            if name not in known:
                message = f"there is no {key} {name!r}."
                remedy = did_you_mean(name, known)
                self.problems.append(file.problem("GP107", message, key, remedy=remedy))
        return shape

    def _allowed(self) -> tuple[Allowed, ...]:
        file = self._read("allow.toml", required=False)
        shape = file.read(AllowFile, self.problems) if file else None
        if file is None or shape is None:
            return ()
        return tuple(
            Allowed(row.rule, *placed(row.where), row.because, row.until, file.line("allow", index))
            for index, row in enumerate(shape.allow)
        )


def _identity(table: SenderTable) -> Identity:
    return Identity(**table.model_dump())


def _digest(root: Path) -> str:
    """Hash the names and bytes of every file that a pack is read from."""
    digest = hashlib.sha256()
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        if path.is_file() and name.split("/")[0] in (*_FOLDERS, *_FILES):
            content = path.read_bytes()
            digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()
