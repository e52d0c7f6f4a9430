"""A new pack is whole, clean and holds what it claims."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import pytest

from guardedpersonalize.check import Checker
from guardedpersonalize.engine import Engine
from guardedpersonalize.engine.proofread import proofread
from guardedpersonalize.errors import UsageError
from guardedpersonalize.packs import load_pack
from guardedpersonalize.packs.scaffold import Blueprint, channels, languages, scaffold
from guardedpersonalize.testing.examples import run_example
from guardedpersonalize.testing.pack_laws import hold
from guardedpersonalize.vocabulary import Channel, Severity

EMAIL, SMS = Channel.EMAIL, Channel.SMS
GIVEN = {
    "sender": 'Fern & "Oak" $1',
    "postal_address": "12 Quay Street, Port Example",
    "email": "help@fern.example",
    "domain": "www.fern.example",
}


@pytest.mark.parametrize(
    ("lang", "channel"),
    [
        *(("en", channel.value) for channel in channels()),
        ("de", "email"), ("fr", "sms"), ("es", "email"), ("id", "push"), ("ja", "sms"),
    ],
)  # fmt: skip
def test_a_new_pack_is_clean_and_its_examples_hold(tmp_path: Path, lang: str, channel: str) -> None:
    """`lint` has nothing to say, and every example comes out as it claims."""
    scaffold(tmp_path / "new", Blueprint("my-pack", Channel(channel), lang))
    engine = Engine.from_pack(tmp_path / "new")
    proof = proofread(engine, today=date(2026, 11, 1))
    found = [f for f in proof.findings if f.severity is not Severity.INFO]
    assert (found, proof.problems) == ([], ())
    assert len(engine.pack.examples) == 4
    for example in engine.pack.examples:
        run_example(engine, example)


@pytest.mark.parametrize("channel", channels())
def test_a_new_pack_holds_its_laws(tmp_path: Path, channel: Channel) -> None:
    """In every language, as far as the words decide; those that search are tried elsewhere."""
    reader = Checker()
    for lang in languages():
        scaffold(tmp_path / lang, Blueprint("my-pack", channel, lang))
        engine = Engine.from_pack(tmp_path / lang)
        engine.checker = reader
        for law in ("reads_well", "branches", "fits", "permission"):
            hold(engine, "news", law)


@pytest.mark.parametrize("lang", languages())
def test_every_language_has_every_word(tmp_path: Path, lang: str) -> None:
    """Whatever is asked for can be written, and read again; awkward names are escaped."""
    for channel in channels():
        root = tmp_path / channel.value
        files = scaffold(root, Blueprint("my-pack", channel, lang, **GIVEN))
        assert load_pack(root).identity.name == GIVEN["sender"]
        assert all("${" not in (root / name).read_text() for name in files)


def test_only_what_a_channel_prints_has_to_fit(tmp_path: Path) -> None:
    """A text message names no host, and the host of a long name is cut; capitals become small."""
    scaffold(tmp_path / "sms", Blueprint("a" * 64, SMS, domain="?"))
    scaffold(tmp_path / "long", Blueprint("a" * 64, EMAIL))
    scaffold(tmp_path / "big", Blueprint("b", EMAIL, domain="Example.ORG", email="Ada@Example.org"))
    identity = load_pack(tmp_path / "big").identity
    assert (identity.link_domains, identity.emails) == (("example.org",), ("Ada@example.org",))


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [("sender", "Fern <x>", "< >"), ("domain", "https://x.example", "without https://")],
)
def test_what_does_not_fit_is_told_how_to(tmp_path: Path, key: str, value: str, says: str) -> None:
    """The remedy names what is wrong."""
    with pytest.raises(UsageError, match=says):
        scaffold(tmp_path / "new", Blueprint("b", EMAIL, **{key: value}))


def test_what_is_given_is_not_marked_as_invented(tmp_path: Path) -> None:
    """With all details there is nothing to replace, and each stands where a reader sees it."""
    scaffold(tmp_path / "new", Blueprint("my-pack", EMAIL, **GIVEN))
    assert "invented" not in (tmp_path / "new" / "pack.toml").read_text()
    assert (
        "Fern &amp; &quot;Oak&quot; $1, 12 Quay"
        in (tmp_path / "new" / "partials" / "footer.html.j2").read_text()
    )
    assert 'Fern & "Oak" $1, 12 Quay' in (tmp_path / "new/partials/footer.txt.j2").read_text()


def test_what_is_invented_is_marked_and_hangs_together(tmp_path: Path) -> None:
    """Each made-up line says so; the address for help is at the host that was given."""
    blueprint = Blueprint("my-pack", EMAIL, sender="Fern", domain="fern.example")
    scaffold(tmp_path / "new", blueprint)
    text = (tmp_path / "new" / "pack.toml").read_text()
    marked = [line.split(" = ")[0] for line in text.splitlines() if line.endswith("# invented")]
    assert marked == ["postal_addresses", "emails"]
    assert tomllib.loads(text)["sender"]["emails"] == ["hello@fern.example"]


def test_a_folder_that_holds_anything_is_left_alone(tmp_path: Path) -> None:
    """Nothing is overwritten, and no half pack stays behind."""
    (tmp_path / "new").mkdir()
    scaffold(tmp_path / "new", Blueprint("my-pack", SMS))
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(UsageError, match="GP503"):
        scaffold(tmp_path / "new", Blueprint("my-pack", EMAIL))
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="GP503"):
        scaffold(tmp_path / "file" / "new", Blueprint("my-pack", SMS))
    (tmp_path / "file").unlink()
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("name", "My Pack"), ("name", ""), ("template", "../x"), ("sender", "{{ x }}"),
        ("sender", "a\nb"), ("sender", "a\udcffb"), ("postal_address", " "), ("email", "help"),
        ("email", "a b@x.example"),
        ("domain", "https://x.example"), ("domain", 'x.example"'), ("language", "eo"),
        ("channel", Channel.POST),
    ],
)  # fmt: skip
def test_what_cannot_stand_in_a_pack_is_refused(tmp_path: Path, key: str, value: str) -> None:
    """Before anything is written."""
    wanted = {"name": "my-pack", "channel": EMAIL, key: value}
    with pytest.raises(UsageError, match="GP501"):
        scaffold(tmp_path / "new", Blueprint(**wanted))
    assert list(tmp_path.iterdir()) == []
