"""The public names: what there is, where it comes from, and that none of it shows a value."""

import ast
import enum
import importlib
import inspect
import pickle
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import guardedpersonalize as gp

PACK = Path(__file__).parents[1] / "examples" / "packs" / "garden-club"
AT = datetime(2026, 11, 1, 9, tzinfo=UTC)
CANARY = "Zebedee"
TYPES = [name for name in gp.__all__ if inspect.isclass(getattr(gp, name))]
ERRORS = [name for name in TYPES if issubclass(getattr(gp, name), gp.GuardError)]
ENUMS = [name for name in TYPES if issubclass(getattr(gp, name), enum.Enum)]
PROTOCOLS = [name for name in TYPES if getattr(getattr(gp, name), "_is_protocol", False)]
NOUNS = sorted({*TYPES} - {*ERRORS, *ENUMS, *PROTOCOLS})
HOME = Path(gp.__file__).parent
MODULES = [
    ".".join(("guardedpersonalize", *path.relative_to(HOME).with_suffix("").parts))
    for path in sorted(HOME.rglob("*.py"))
    if path.name not in {"__init__.py", "__main__.py", "_version.py"}
]
SHOWN: dict[str, Callable[[object], str]] = {
    "repr": repr,
    "str": str,
    "format": format,
    "percent": lambda thing: "%s" % (thing,),  # noqa: UP031  # one of the ways
    "in a list": lambda thing: str([thing]),
}


def test_the_public_names_are_sorted() -> None:
    """A reader finds a name where the alphabet puts it."""
    assert gp.__all__ == sorted(set(gp.__all__))


def test_the_public_names_are_what_is_there() -> None:
    """Every listed name can be had, and no other is shown."""
    assert dir(gp) == gp.__all__
    assert [name for name in gp.__all__ if getattr(gp, name, None) is None] == []


def test_type_checkers_see_the_same_names() -> None:
    """Names are loaded when they are used, so what a type checker reads is a list of its own."""
    tree = ast.parse(Path(gp.__file__).read_text(encoding="utf-8"))
    (block,) = [node for node in tree.body if isinstance(node, ast.If)]
    seen = [node for node in block.body if isinstance(node, ast.ImportFrom)]
    homes = {alias.name: node.module for node in seen for alias in node.names}
    assert sorted([*homes, "__version__"]) == gp.__all__
    for name, home in homes.items():
        assert getattr(importlib.import_module(home or ""), name) is getattr(gp, name)


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    """A misspelt name fails as in any module."""
    with pytest.raises(AttributeError, match="Engin"):
        getattr(gp, "Engin")  # noqa: B009  # a type checker would see it


@pytest.mark.parametrize("name", MODULES)
def test_every_module_lists_what_it_gives(name: str) -> None:
    """A module's list names what exists, nothing twice and nothing private."""
    module = importlib.import_module(name)
    listed = module.__all__
    assert len(listed) == len(set(listed))
    assert [name for name in listed if not hasattr(module, name)] == []
    assert [name for name in listed if name.startswith("_") and name != "__version__"] == []


@pytest.mark.parametrize("name", MODULES)
def test_no_module_exports_a_borrowed_name(name: str) -> None:
    """What a module lists was made in this package."""
    module = importlib.import_module(name)
    made = [getattr(getattr(module, name), "__module__", "") for name in module.__all__]
    assert [name for name in made if name.startswith(("jinja2", "pydantic", "spacy"))] == []


@pytest.mark.parametrize("name", ERRORS)
def test_every_public_error_pickles(name: str) -> None:
    """An error crosses a process whole."""
    error = getattr(gp, name)
    if error is gp.PackError:
        from guardedpersonalize.errors import Problem  # noqa: PLC0415

        before = error([Problem("pack.toml", 2, "GP102", "the key 'nmae' is not known here.")])
    else:
        before = error("GP104", "a number is too big.", where="pack.toml:7", remedy="Lower it.")
    after = pickle.loads(pickle.dumps(before))  # noqa: S301  # our own bytes
    assert (type(after), str(after), vars(after)) == (type(before), str(before), vars(before))


@pytest.fixture(scope="module")
def specimens() -> dict[str, Any]:
    """One object of every public type, each made for a person whose values are the canary."""
    engine = gp.Engine.from_pack(PACK, clock=lambda: AT)
    persona = engine.pack.personas["everything"]
    values = {name: persona.profile.reveal(name) for name in persona.profile.fields}
    profile = gp.Profile(
        f"id-{CANARY}",
        values | {"first_name": CANARY},
        observed_at=dict.fromkeys(values, AT),
    )
    records = [
        record.to_json() | {"pii_principal_id": profile.recipient_id}
        for record in persona.consent.records
    ]
    consent = gp.Consent.from_json({"records": records, "age_group": "adult"})
    result = engine.render("spring-offer", profile, consent, at=AT)
    reviewed = engine.check(f"Dear {CANARY}, ring 020 7946 0123.", profile=profile)
    assert result.message is not None
    assert CANARY in result.message["text"]
    finding = reviewed.report.findings[0]
    return {
        "Catalogue": engine.pack.catalogue,
        "Consent": consent,
        "ConsentRecord": consent.records[0],
        "Decision": result.decision,
        "Detection": gp.Detection("EMAIL_ADDRESS", 0, 5, 1.0),
        "Engine": engine,
        "Field": engine.pack.catalogue["first_name"],
        "Finding": finding,
        "Grant": result.grant,
        "Message": result.message,
        "Pack": engine.pack,
        "Policy": engine.policy,
        "Profile": profile,
        "PseudonymKey": gp.PseudonymKey("k", CANARY.encode() * 5),
        "Recipient": gp.Recipient(profile, consent),
        "Report": reviewed.report,
        "Result": result,
        "Reviewed": reviewed,
    }


def test_there_is_a_specimen_of_every_public_type(specimens: dict[str, Any]) -> None:
    """A type that becomes public is looked at by the tests below."""
    assert sorted(specimens) == NOUNS
    assert [n for n, thing in specimens.items() if not isinstance(thing, getattr(gp, n))] == []


@pytest.mark.parametrize("show", SHOWN.values(), ids=SHOWN)
@pytest.mark.parametrize("name", NOUNS)
def test_no_public_type_shows_a_value(
    name: str, show: Callable[[object], str], specimens: dict[str, Any]
) -> None:
    """Whatever way an object is printed, the person is not in it."""
    assert CANARY not in show(specimens[name])
