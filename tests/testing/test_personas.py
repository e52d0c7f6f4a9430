"""Worst-case personas: who is among them, that they read back, and the combinations."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from paper_shop import write_shop

from guardedpersonalize.consent import grant_for
from guardedpersonalize.minimise import Product, ProductTree, SlotSpec
from guardedpersonalize.minimise.context import Context
from guardedpersonalize.packs import Pack, Persona, load_pack
from guardedpersonalize.profile import Field, FieldType
from guardedpersonalize.testing import TemplateSource, make_pack
from guardedpersonalize.testing.persona_file import persona_toml
from guardedpersonalize.testing.personas import combinations, worst_cases
from guardedpersonalize.testing.strategies import AT, HOSTILE
from guardedpersonalize.vocabulary import Provenance, Source, category


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    return load_pack(write_shop(tmp_path_factory.mktemp("shop")))


@pytest.fixture(scope="module")
def cast(pack: Pack) -> dict[str, Persona]:
    return dict(worst_cases(pack))


def allowed(pack: Pack, persona: Persona) -> set[str]:
    """Return what *persona* allows the one template to use; nothing where it may not be sent."""
    (template,) = pack.templates.values()
    grant = grant_for(
        persona.profile,
        persona.consent,
        template.purpose,
        template.channel,
        persona.at,
        catalogue=pack.catalogue,
    )
    names = {name for name, each in grant.fields.items() if each.is_allowed}
    return names & {spec.field for spec in template.slots} if grant.message.is_allowed else set()


@pytest.mark.parametrize(
    ("id_", "fields"),
    [
        ("everything-allowed", {"first_name", "city", "code"}),
        ("nothing-allowed", set()),
        ("without-name-first", {"city", "code"}),
        ("without-contact-address-city", {"first_name", "code"}),
        ("withdrawn-yesterday", set()),
        ("expired-yesterday", set()),
        ("expires-during-the-batch", {"first_name", "city", "code"}),
        ("consent-from-tomorrow", set()),
        ("do-not-contact", set()),
        ("no-values", {"code"}),  # of the campaign: it needs nobody's permission
    ],
)
def test_each_allows_what_its_name_says(
    pack: Pack, cast: dict[str, Persona], id_: str, fields: set[str]
) -> None:
    """By the same grant that a message gets."""
    assert allowed(pack, cast[id_]) == fields


def test_every_kind_that_matters_is_there(cast: dict[str, Persona]) -> None:
    """Values, scripts, directions, ages, marks, objections."""
    wanted = {
        "blank-values", "whitespace-values", "longest-values", "too-long-values",
        "shortest-values", "greek", "cyrillic", "devanagari", "han", "right-to-left", "emoji",
        "apostrophe", "hyphen",
        "single-letter", "all-caps", "minor", "child", "age-unknown", "marked-bereaved",
        "objects-to-direct-marketing", "objects-to-profiling", "no-right-to-send-push",
        "old-values",
    }  # fmt: skip
    assert wanted <= set(cast)
    assert all(id_ == persona.id for id_, persona in cast.items())


def test_values_are_as_long_as_the_slots_take(pack: Pack, cast: dict[str, Persona]) -> None:
    """And no longer: a value that is too long is never shown."""
    longest = cast["longest-values"].profile
    lengths = {spec.field: spec.max_length for spec in pack.templates["ink"].slots}
    assert {name: len(str(longest.reveal(name))) for name in lengths} == lengths


def test_usual_values_are_those_of_the_packs_own_personas(cast: dict[str, Persona]) -> None:
    """A number that no persona has is invented; a mark is no."""
    profile = cast["everything-allowed"].profile
    assert [profile.reveal(name) for name in ("first_name", "code")] == ["Ann", "INK"]
    assert profile.reveal("visits") == 3
    assert profile.reveal("bereaved") is False
    assert cast["marked-bereaved"].profile.reveal("bereaved") is True


def test_a_persona_reads_back_from_its_file(
    pack: Pack, cast: dict[str, Persona], tmp_path: Path
) -> None:
    """What is printed for a counter-example can be pasted."""
    files = {f"personas/{id_}.toml": persona_toml(each) for id_, each in cast.items()}
    read = load_pack(write_shop(tmp_path, files)).personas
    assert {id_: read[id_] for id_ in cast} == cast


def test_hostile_values_read_back_from_a_file(cast: dict[str, Persona]) -> None:
    """Whatever a value holds, the file is TOML; half characters alone are lost."""
    profile = cast["everything-allowed"].profile
    for text in HOSTILE:
        held = type(profile)("r", {"first_name": text})
        written = persona_toml(replace(cast["everything-allowed"], profile=held))
        whole = text.encode("utf-8", "replace").decode("utf-8")
        assert tomllib.loads(written)["values"]["first_name"] == whole


def test_combinations_begin_with_all_and_end_with_none(pack: Pack) -> None:
    """Three slots make eight, each once."""
    found = [
        frozenset(allowed(pack, each)) & set(each.profile.fields)
        for each in combinations(pack, "ink")
    ]
    assert len(found) == len(set(found)) == 8
    assert found[0] == {"first_name", "city", "code"}
    assert found[-1] == set()


FIELDS = tuple(
    Field(name, kind, category(key), Provenance.PROVIDED, Source.DATA_SUBJECT, values=values)
    for name, kind, key, values in (
        ("age", FieldType.INT, "user.demographic.age", ()),
        ("born", FieldType.DATE, "user.demographic.date_of_birth", ()),
        ("bought", FieldType.LIST, "user.behavior.cart", ()),
        ("tier", FieldType.ENUM, "user.account.loyalty_tier", ("Seedling", "Oak")),
        ("name", FieldType.TEXT, "user.name", ()),
        ("family", FieldType.TEXT, "user.name.last", ()),
        ("likes", FieldType.LIST, "user.demographic.profile.interest", ()),
        ("ends", FieldType.DATE, "system.operations", ()),
        ("places", FieldType.INT, "system.operations", ()),
    )
)


def test_a_pack_without_personas_has_invented_people() -> None:
    """Values of every type; ages that make a minor; more combinations than are all tried."""
    kinds = {"age": "text", "bought": "list", "likes": "list", "ends": "date", "places": "int"}
    slots = tuple(
        SlotSpec(each.name, each.name, type=kinds.get(each.name, "text"))
        for each in FIELDS  # type: ignore[arg-type]
    )
    body = "".join(f"{{{{ {each.name} }}}}" for each in FIELDS)
    source = TemplateSource({"body.j2": body}, slots, channel="sms", purpose="essential.service")
    context = Context(at=AT, products=ProductTree({"S-1": Product("Trowel", "Tools", "Garden")}))
    pack = make_pack(FIELDS, {"t": source}, context=context)
    cast = worst_cases(pack, template="t")
    assert cast["everything-allowed"].at == AT
    assert cast["everything-allowed"].profile.reveal("bought") == ("S-1",)
    assert cast["minor"].profile.reveal("age") == 15
    assert cast["child"].profile.reveal("born") == date(2017, 1, 1)
    long, short, han = (cast[id_].profile for id_ in ("longest-values", "shortest-values", "han"))
    assert (long.reveal("tier"), short.reveal("tier")) == ("Seedling", "Oak")
    assert (long.reveal("places"), short.reveal("places")) == (999_999, 0)
    assert len(long.reveal("likes")) == len(set(long.reveal("likes"))) == 20
    assert (han.reveal("name"), han.reveal("family")) == ("明 陳", "陳")
    assert len(list(combinations(pack, "t"))) == 1 + 9 + 36 + 9 + 1
