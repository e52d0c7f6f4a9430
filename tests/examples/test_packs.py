"""The example packs, read with plain Jinja and TOML: no engine of ours has a say here."""

from __future__ import annotations

import itertools
import re
import tomllib
from collections.abc import Iterator
from datetime import UTC, date, datetime
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from jinja2 import FileSystemLoader, StrictUndefined, meta
from jinja2.sandbox import ImmutableSandboxedEnvironment

PACKS = Path(__file__).parents[2] / "examples" / "packs"
NAMES = ("garden-club", "harbour-bank", "trail-shoes")

# Characters that each part of an ad has room for; description-1 of a social ad is its primary text.
SEARCH = {"headline": 30, "description": 90}
SOCIAL = {"headline": 40, "description": 125}
VOID = {"br", "hr", "img", "meta", "link"}
PUSHY = re.compile(
    r"\bwe(?:'ve)? (?:noticed|saw|miss(?:ed)?|know)\b|hurry|last chance|don.t miss|selling fast|"
    r"only \d+ left|while stocks|act now|before it.s too late|just for you|as someone who|!",
    re.IGNORECASE,
)


def _toml(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _environment(pack: str) -> ImmutableSandboxedEnvironment:
    return ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(PACKS / pack),
        undefined=StrictUndefined,
        autoescape=lambda name: bool(name) and name.endswith(".html.j2"),
    )


TEMPLATES = [
    pytest.param(pack, folder.name, id=f"{pack}/{folder.name}")
    for pack in NAMES
    for folder in sorted((PACKS / pack / "templates").iterdir())
]
each_template = pytest.mark.parametrize(("pack", "template"), TEMPLATES)
each_pack = pytest.mark.parametrize("pack", NAMES)


def _slots(pack: str, template: str) -> dict[str, dict[str, Any]]:
    slots: dict[str, dict[str, Any]] = _toml(
        PACKS / pack / "templates" / template / "template.toml"
    )["slots"]
    return slots


def _system_slots(pack: str, template: str) -> set[str]:
    fields = _toml(PACKS / pack / "fields.toml")["fields"]
    slots = _slots(pack, template)
    return {n for n, s in slots.items() if fields[s["field"]]["category"].startswith("system")}


def _filled(slot: dict[str, Any]) -> object:
    """Return a value as long as the slot takes."""
    if slot.get("type") == "list":
        return ["Wyvern grass", "ponds"]
    plain = {"int": 100, "bool": True, "date": date(2026, 11, 30)}
    return plain.get(slot.get("type", "text"), "W" * slot.get("max_length", 60))


def _blank(slot: dict[str, Any]) -> object:
    return [] if slot.get("type") == "list" else slot.get("fallback", "")


def _parts(pack: str, template: str) -> Iterator[tuple[str, dict[str, object]]]:
    """Yield each part's file with slots to fill it: all, none, and each one missing alone."""
    slots = _slots(pack, template)
    folder = PACKS / pack / "templates" / template
    full, none = ({n: make(s) for n, s in slots.items()} for make in (_filled, _blank))
    cases = [full, none, *({**full, name: none[name]} for name in slots)]
    system = _system_slots(pack, template)
    for values in cases:
        for path in sorted(folder.glob("*.j2")):
            yield path.relative_to(PACKS / pack).as_posix(), values
        for path in sorted((folder / "generic").glob("*.j2")):
            impersonal = {name: value for name, value in values.items() if name in system}
            yield path.relative_to(PACKS / pack).as_posix(), impersonal


def _rendered(pack: str, template: str) -> Iterator[tuple[str, str]]:
    environment = _environment(pack)
    for file, values in _parts(pack, template):
        yield file, environment.get_template(file).render(values)


def _visible(page: str) -> str:
    """Return the words of a page, those that an inbox shows before the letter included."""
    return unescape(re.sub(r"<style>.*?</style>|<[^>]*>", "", page, flags=re.DOTALL))


def _read_by(environment: ImmutableSandboxedEnvironment, file: str) -> set[str]:
    """Return the names that a file and what it includes read."""
    assert environment.loader is not None
    source, _, _ = environment.loader.get_source(environment, file)
    tree = environment.parse(source)
    names = meta.find_undeclared_variables(tree)
    for other in meta.find_referenced_templates(tree):
        assert other is not None, "names of included files are literal"
        if "macros" not in other:
            names |= _read_by(environment, other)
    return names


@each_template
def test_slots_are_declared_and_used(pack: str, template: str) -> None:
    """What is read is declared, what is declared is read, and each reads a known field."""
    environment = _environment(pack)
    folder = PACKS / pack / "templates" / template
    files = [path.relative_to(PACKS / pack).as_posix() for path in sorted(folder.glob("*.j2"))]
    used = set().union(*(_read_by(environment, file) for file in files))
    assert used == set(_slots(pack, template))


@each_template
def test_the_generic_version_knows_nobody(pack: str, template: str) -> None:
    """It is there, has the same parts, and reads only what is about no person."""
    environment = _environment(pack)
    folder = PACKS / pack / "templates" / template
    generic = sorted(path.name for path in (folder / "generic").glob("*.j2"))
    assert generic == sorted(path.name for path in folder.glob("*.j2"))
    for name in generic:
        used = _read_by(environment, f"templates/{template}/generic/{name}")
        assert used <= _system_slots(pack, template)


@each_template
def test_copy_reads_well_whatever_is_missing(pack: str, template: str) -> None:
    """No gap, stray comma or left-over shows where a slot stays empty."""
    for file, text in _rendered(pack, template):
        shown = _visible(text) if file.endswith(".html.j2") else text
        assert not re.search(r"\S  +\S| [,.;:]|,,|\(\)|None|\[\]|\{\{|\{%|: *[.\n]*\Z", shown), file
        if not file.endswith(".html.j2"):
            assert not re.search(r"\n{3}|[ \t]+\n", text), file


@each_template
def test_headers_are_one_line(pack: str, template: str) -> None:
    """Subjects, preheaders, titles and headlines have no line break and are not empty."""
    for file, text in _rendered(pack, template):
        if re.search(r"/(?:subject|preheader|title|headline-\d)\.j2$", file):
            assert text.strip() == text
            assert text
            assert "\n" not in text


@each_template
def test_copy_does_not_push(pack: str, template: str) -> None:
    """No watching, no guilt, no invented urgency, and no exclamation mark."""
    for file, text in _rendered(pack, template):
        shown = _visible(text) if file.endswith(".html.j2") else text
        assert not PUSHY.search(shown), file


@each_template
def test_ads_keep_to_their_room(pack: str, template: str) -> None:
    """Ads fit with values as long as their slots take."""
    manifest = _toml(PACKS / pack / "templates" / template / "template.toml")
    room = SEARCH if "search" in template else SOCIAL
    for file, text in _rendered(pack, template):
        kind = re.search(r"/(headline|description)-\d\.j2$", file)
        assert bool(kind) == (manifest["channel"] == "ad")
        if kind:
            assert len(text) <= room[kind[1]], file


GSM_7 = re.compile(r"[\n !\"#$%&'()*+,\-./0-9:;<=>?@A-Z_a-z£¥èéùìòÇØøÅåÄÖÑÜ§äöñüà]*")


@pytest.mark.parametrize("template", ["branch-hours", "payment-due"])
def test_text_messages_fit_one_sms(template: str) -> None:
    """They keep to the basic alphabet and to 160 characters."""
    for _, text in _rendered("harbour-bank", template):
        assert len(text) <= 160
        assert GSM_7.fullmatch(text)
        assert text.startswith("Harbour Bank: ")


@each_template
def test_marketing_offers_the_way_out(pack: str, template: str) -> None:
    """E-mail has both links and the address, a text message STOP, a push message its settings."""
    manifest = _toml(PACKS / pack / "templates" / template / "template.toml")
    if not manifest["purpose"].startswith("marketing.communications"):
        return
    address = _toml(PACKS / pack / "pack.toml")["sender"]["postal_addresses"][0]
    wanted = {
        "email": ("/unsubscribe/", "/preferences/", "You get this letter because", address),
        "sms": ("Reply STOP to opt out.",),
        "push": ("You get this because", "Settings"),
    }[manifest["channel"]]
    for file, text in _rendered(pack, template):
        if "/body" in file:
            assert all(words in text for words in wanted), file


class _Page(HTMLParser):
    """Collects what a page is made of, and complains of tags that do not match."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.images: list[dict[str, str | None]] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(tag)
        found = dict(attrs)
        self.images += [found] if tag == "img" else []
        self.links += [found["href"] or ""] if "href" in found else []

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("template", [p.values[1] for p in TEMPLATES if p.values[0] == NAMES[0]])
def test_html_is_sound(template: str) -> None:
    """Tags match, pictures have alternative text and a size, links lead home."""
    for file, text in _rendered("garden-club", template):
        if not file.endswith(".html.j2"):
            continue
        page = _Page()
        page.feed(text)
        assert page.open == []
        assert all("alt" in image and int(image["width"] or 0) > 1 for image in page.images)
        home = ("https://garden-club.example/", "mailto:hello@garden-club.example")
        assert all(link.startswith(home) for link in page.links)
        assert 'role="presentation"' in text
        assert "<script" not in text


@pytest.mark.parametrize("template", [p.values[1] for p in TEMPLATES if p.values[0] == NAMES[0]])
def test_the_text_version_is_as_good(template: str) -> None:
    """Whoever reads plain text misses nothing: nearly every word of one is in the other."""
    environment = _environment("garden-club")
    values = {name: _filled(slot) for name, slot in _slots("garden-club", template).items()}
    text, page = (
        environment.get_template(f"templates/{template}/body.{kind}.j2").render(values)
        for kind in ("txt", "html")
    )
    shown = _visible(page)
    shown = shown.replace("\u2019", "'")
    missing = set(re.findall(r"[a-z']{4,}", shown.lower())) - set(
        re.findall(r"[a-z']{4,}", text.lower())
    )
    assert len(missing) <= 25, sorted(missing)


@each_pack
def test_the_personas_that_matter_are_there(pack: str) -> None:
    """Nothing and everything allowed, a withdrawal, a minor, an objection, scripts and length."""
    personas = {
        path.stem: _toml(path) for path in sorted((PACKS / pack / "personas").glob("*.toml"))
    }
    assert {"everything", "minor", "nothing", "objects-to-profiling", "withdrew-yesterday"} <= set(
        personas
    )
    texts = list(itertools.chain.from_iterable(p["values"].values() for p in personas.values()))
    words = "".join(text for text in texts if isinstance(text, str))
    assert re.search("[\u3040-\u9fff]", words)
    assert re.search("[\u0600-\u06ff]", words)
    assert any(isinstance(text, str) and len(text) == 60 for text in texts)
    assert personas["nothing"]["consent"].get("records", []) == []


@each_pack
def test_personas_are_invented(pack: str) -> None:
    """Addresses and numbers are reserved ones, values are of declared fields, times have zones."""
    fields = _toml(PACKS / pack / "fields.toml")["fields"]
    for path in sorted((PACKS / pack / "personas").glob("*.toml")):
        persona = _toml(path)
        values = persona["values"]
        assert values.keys() <= fields.keys()
        assert persona["observed_at"].keys() <= fields.keys()
        assert persona["at"].tzinfo is UTC or persona["at"].utcoffset().total_seconds() == 0
        assert values.get("email", "@example.org").endswith("@example.org")
        assert re.fullmatch(
            r"\+44 (7700 900|1632 960)\d{3}", values.get("phone", "+44 7700 900000")
        )
        moments = [
            e["event_time"] for r in persona["consent"].get("records", []) for e in r["events"]
        ]
        assert all(isinstance(m, datetime) and m.tzinfo and m <= persona["at"] for m in moments)


@each_pack
def test_examples_cover_the_templates(pack: str) -> None:
    """There are ten or more, each of a known template and persona, and one for each template."""
    examples = [_toml(path) for path in sorted((PACKS / pack / "examples").glob("*.toml"))]
    templates = {path.name for path in (PACKS / pack / "templates").iterdir()}
    personas = {path.stem for path in (PACKS / pack / "personas").glob("*.toml")}
    assert len(examples) >= 10
    assert {example["template"] for example in examples} == templates
    assert {example["persona"] for example in examples} <= personas
    assert {example["outcome"] for example in examples} >= {"send", "block"}


@each_pack
def test_each_pack_holds_fields_that_no_template_reads(pack: str) -> None:
    """Health, whereabouts and guesses are on file, and no template asks for them."""
    fields = _toml(PACKS / pack / "fields.toml")["fields"]
    folders = sorted((PACKS / pack / "templates").iterdir())
    read = {slot["field"] for folder in folders for slot in _slots(pack, folder.name).values()}
    delicate = ("user.health_and_medical", "user.location.precise", "user.biometric")
    held = {n for n, row in fields.items() if row["category"].startswith(delicate)}
    guessed = {n for n, row in fields.items() if row["provenance"] == "inferred"}
    assert held
    assert guessed
    assert not read & (held | guessed)
