"""Packs made in memory are what the same files on disk would be."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path

import pytest

from guardedpersonalize.engine import Engine
from guardedpersonalize.errors import ConfigError, PackError
from guardedpersonalize.minimise import SlotSpec
from guardedpersonalize.packs import Pack, PackTemplate, load_pack
from guardedpersonalize.profile import Field, FieldType, Profile
from guardedpersonalize.testing import SENDER, TemplateSource, laws, make_pack
from guardedpersonalize.testing.strategies import AT, willing_consent
from guardedpersonalize.vocabulary import Provenance, Source, category

NAME = Field(
    "first_name",
    FieldType.TEXT,
    category("user.name.first"),
    Provenance.PROVIDED,
    Source.DATA_SUBJECT,
)
SEASON = replace(NAME, name="season", category=category("system.operations"))
SLOTS = (SlotSpec("first_name", "first_name", fallback="friend"), SlotSpec("season", "season"))
SOURCE = TemplateSource(
    files={
        "subject.j2": "{{ season or 'News' }}",
        "body.txt.j2": "Hello {{ first_name }}\n{% include 'partials/end.j2' %}",
    },
    slots=SLOTS,
    generic={"subject.j2": "{{ season }}", "body.txt.j2": "Hello"},
    offers=("garden",),
    written_by_ai=True,
    required_off={"REQ101": "a test"},
)
MANIFEST = """
channel = "email"
purpose = "marketing.communications.email"
offers = ["garden"]
written_by = "ai"
required_off = { REQ101 = "a test" }
[slots.first_name]
field = "first_name"
fallback = "friend"
[slots.season]
field = "season"
"""
FIELDS = """
[fields.first_name]
type = "text"
category = "user.name.first"
provenance = "provided"
source = "data_subject"
[fields.season]
type = "text"
category = "system.operations"
provenance = "provided"
source = "data_subject"
"""
PACK = """
name = "made-in-memory"
version = "1.0.0"
[sender]
name = "Example Garden Club"
postal_addresses = ["1 Sample Street, Exampleton EX1 1AA"]
emails = ["help@example.org"]
link_domains = ["example.org"]
"""


@pytest.fixture
def made() -> Pack:
    """Return the pack made in memory."""
    return make_pack([NAME, SEASON], {"hello": SOURCE}, partials={"end.j2": "Bye"})


@pytest.fixture
def loaded(tmp_path: Path) -> Pack:
    """Return the same pack, written to a folder and loaded."""
    files = {
        "pack.toml": PACK,
        "fields.toml": FIELDS,
        "partials/end.j2": "Bye",
        "templates/hello/template.toml": MANIFEST,
        **{f"templates/hello/{name}": text for name, text in SOURCE.files.items()},
        **{f"templates/hello/generic/{name}": text for name, text in SOURCE.generic.items()},
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return load_pack(tmp_path)


def test_a_template_is_what_the_loader_makes_of_it(made: Pack, loaded: Pack) -> None:
    """In every respect, whatever a template will have."""
    one, other = made.template("hello"), loaded.template("hello")
    assert one.plan.slots == other.plan.slots  # a plan equals itself only
    names = {each.name for each in fields(PackTemplate)} - {"plan"}
    assert {name: getattr(one, name) for name in names} == {
        name: getattr(other, name) for name in names
    }


def test_a_pack_is_what_the_loader_makes_of_it(made: Pack, loaded: Pack) -> None:
    """Catalogue, sender, policy, entries: all but the hash of files that are not there."""
    for name in ("name", "version", "languages", "identity", "policy", "catalogue", "allowed"):
        assert getattr(made, name) == getattr(loaded, name)
    # A manifest that is not on disk has no lines.
    entries = [
        {name: replace(entry, slot_lines={}) for name, entry in pack.template_set.entries.items()}
        for pack in (made, loaded)
    ]
    assert entries[0] == entries[1]
    assert made.identity == SENDER


def test_a_message_is_the_same(made: Pack, loaded: Pack) -> None:
    """The draft of a pack in memory is that of the pack on disk."""
    said = willing_consent(
        made.catalogue, "r-1", purpose="marketing.communications.email", channel="email"
    )
    profile = Profile("r-1", {"first_name": "Ada", "season": "Spring"})
    drafts = [Engine(pack).render("hello", profile, said, at=AT).draft for pack in (made, loaded)]
    assert drafts[0] is not None
    assert drafts[0] == drafts[1]
    assert [part.text for part in drafts[0].parts] == ["Spring", "Hello Ada\nBye"]


def test_a_pack_in_memory_keeps_the_rules_of_packs() -> None:
    """A misspelt part, a missing one, a stray slot and a stray channel are refused."""
    with pytest.raises(PackError) as caught:
        make_pack([NAME], {"a": replace(SOURCE, files={"subjet.j2": "x"}, generic={})})
    assert [problem.code for problem in caught.value.problems] == ["GP110", "GP110", "GP109"]
    with pytest.raises(PackError, match="GP302"):
        make_pack([NAME], {"a": TemplateSource({"body.j2": "{{ x }}"}, channel="sms")})
    with pytest.raises(ConfigError, match="GP105"):
        make_pack([NAME], {"a": replace(SOURCE, channel="pigeon")})
    with pytest.raises(ConfigError, match="GP223"):
        make_pack([NAME], {"a": SOURCE})


def test_the_digest_follows_the_sources(made: Pack) -> None:
    """Two packs with other words have other hashes."""
    other = replace(SOURCE, files=SOURCE.files | {"subject.j2": "Other"}, slots=SLOTS[:1])
    changed = make_pack(
        [NAME, SEASON], {"hello": replace(other, generic={})}, partials={"end.j2": "Bye"}
    )
    assert changed.digest != made.digest
    assert changed.template("hello").digest != made.template("hello").digest


def test_two_templates_share_their_partials() -> None:
    """A pack may have many templates, of many channels."""
    push = TemplateSource({"title.j2": "Hi", "body.j2": "x"}, channel="push", purpose="personalize")
    pack = make_pack([NAME, SEASON], {"hello": SOURCE, "push": push}, partials={"end.j2": "Bye"})
    assert [*pack.templates] == ["hello", "push"]
    assert laws.context_of(Engine(pack), "push", AT).locale == "en"
