"""
How long the page of a large pack takes, and how long it is: 200 templates, 30 people.

    python -m benchmarks.preview_page
    python -m benchmarks.preview_page --sentences 12 --names 30     # twice the words, more values
    python -m benchmarks.preview_page --templates 20 --out page.html

The pack is made up: half of its templates are letters in text and HTML, the others text messages,
push messages and ads, and none shares a sentence with another. As in a pack's own personas the
consents differ more than the names: some people allow everything, some a few fields, some nothing.
The time is that of one core, from the loaded pack to the finished page. Nearly all of it goes into
reading words that were never read before; a second page of the same engine takes a few seconds.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from guardedpersonalize import Consent, ConsentRecord, Engine, Profile
from guardedpersonalize.check import Identity
from guardedpersonalize.minimise import SlotSpec
from guardedpersonalize.packs import Pack, Persona
from guardedpersonalize.preview import Shown, page_of
from guardedpersonalize.profile import Field, FieldType
from guardedpersonalize.testing import TemplateSource, make_pack
from guardedpersonalize.vocabulary import Provenance, Source, category

AT = datetime(2026, 11, 1, 9, tzinfo=UTC)
ADDRESS = "3 Quay Street, Port Example PX1 2AB"
SENDER = Identity("Larch Books", postal_addresses=(ADDRESS,), link_domains=("larch.example",))
KINDS = {
    "name": "user.name.first", "town": "user.contact.address.city",
    "tier": "user.account.loyalty_tier", "token": "system.operations",
}  # fmt: skip
NAMES = ("Ada", "Bram", "Cleo", "Dara", "Edda", "Finn", "Gwen", "Hugo", "Iris", "Jory")
TOWNS = ("Lisbon", "Leeds", "Turin", "Ghent", "Malmo", "Cadiz", "Lyon", "Graz", "Porto", "Bergen")
TIERS = ("Seedling", "Sapling", "Oak")
GOODS = ("benches", "ladders", "kettles", "lanterns", "baskets", "clocks", "lamps", "rugs", "pots")
WORDS = ("wooden", "plain", "quiet", "narrow", "bright", "old", "green", "tall", "round", "light")
SLOTS = tuple(SlotSpec(kind, kind) for kind in KINDS)
PURPOSE = {
    "email": "marketing.communications.email", "sms": "marketing.communications.sms",
    "push": "marketing.communications.push", "ad": "marketing.advertising.first_party.contextual",
}  # fmt: skip
HELLO = "Hello{% if name %} {{ name }}{% endif %}"
SHOP = "{% if town %}The shop in {{ town }} has them all.{% else %}Every shop has them.{% endif %}"
TIER = "{% if tier %} Your {{ tier }} card counts on each of them.{% endif %}"


def sentences(number: int, count: int) -> list[str]:
    """Return *count* plain sentences that no other template has."""
    return [
        f"Shelf {number} has {WORDS[(number + i) % 10]} {GOODS[(number * 7 + i) % 9]} in the "
        f"{WORDS[(number // 10 + 3 * i) % 10]} corner, {number + i} of them."
        for i in range(count)
    ]


def sources(number: int, count: int) -> TemplateSource:
    """Return the template with this number; a letter has *count* sentences of its own."""
    lines = sentences(number, count)
    if number % 2:
        return letter(number, lines)
    channel = ("sms", "push", "ad")[number // 2 % 3]
    said = f"{HELLO}, {lines[0]} {SHOP}{TIER}"
    files = {
        "sms": {"body.j2": f"Larch Books: {said} Reply STOP to opt out."},
        "push": {"title.j2": f"Shelf {number} is full", "body.j2": said},
        "ad": {"headline-1.j2": f"Shelf {number} is full", "description-1.j2": lines[0]},
    }[channel]
    used = () if channel == "ad" else SLOTS[:3]
    return TemplateSource(files, used, channel=channel, purpose=PURPOSE[channel])


def letter(number: int, lines: list[str]) -> TemplateSource:
    """Return a letter in text and HTML."""
    end = "You get this letter because you subscribed to it."
    link = "https://larch.example/preferences/{{ token|urlencode }}"
    text = f"{HELLO},\n\n" + "\n\n".join([*lines, SHOP + TIER, end])
    cell = '<td style="padding:16px 24px 0 24px;font-size:16px;line-height:25px;color:#2f3a2e;">'
    rows = [f"<tr>{cell}{line}</td></tr>" for line in (f"{HELLO},", *lines, SHOP + TIER, end)]
    ways = "Unsubscribe or manage preferences"
    rows.append(f'<tr>{cell}<a href="{link}">{ways}</a><br>Larch Books, {ADDRESS}</td></tr>')
    body = f"<body><table>{''.join(rows)}</table></body>"
    files = {
        "subject.j2": f"Shelf {number} is full{{% if name %}}, {{{{ name }}}}{{% endif %}}",
        "body.txt.j2": f"{text}\n{ways}:\n{link}\nLarch Books, {ADDRESS}\n",
        "body.html.j2": f'<!DOCTYPE html><html lang="en">{body}</html>',
    }
    return TemplateSource(files, SLOTS)


def field(name: str) -> Field:
    """Return a field of the catalogue."""
    owner = Source.CONTROLLER if name in {"tier", "token"} else Source.DATA_SUBJECT
    return Field(name, FieldType.TEXT, category(KINDS[name]), Provenance.PROVIDED, owner)


def people(count: int, names: int) -> Iterator[Persona]:
    """Yield *count* people; every fifth allows nothing, the others one of eight sets of fields."""
    endings = ("", "line", "bert", "mund")
    for i in range(count):
        id_ = f"p-{i}"
        allowed = [KINDS[kind] for bit, kind in enumerate(("name", "town", "tier")) if i >> bit & 1]
        which = i % names
        name = NAMES[which % len(NAMES)] + endings[which // len(NAMES) % len(endings)]
        town, tier = TOWNS[which % len(TOWNS)], TIERS[which % len(TIERS)]
        values = {"name": name, "town": town, "tier": tier, "token": f"t{i}x"}
        said: dict[str, Any] = {
            "record_id": f"c-{i}", "person": id_, "purposes": list(PURPOSE.values()),
            "given_at": datetime(2026, 5, 1, tzinfo=UTC), "pii_types": allowed,
            "channels": ["email", "sms", "push", "ad"], "channel_permission": "opt_in",
        }  # fmt: skip
        records = () if i % 5 == 4 else (ConsentRecord.simple(**said),)
        consent = Consent(records=records, age_group="adult")  # type: ignore[arg-type]
        yield Persona(id_, f"Person {i}", AT, Profile(id_, values), consent)


def pack_of(count: int, size: int) -> Pack:
    """Return the pack, with *count* templates of *size* sentences."""
    templates = {f"shelf-{number:03}": sources(number, size) for number in range(count)}
    return make_pack(map(field, KINDS), templates, identity=SENDER, name="large")


def main() -> None:
    """Make the page, and say what it cost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--templates", type=int, default=200)
    parser.add_argument("--people", type=int, default=30)
    parser.add_argument("--sentences", type=int, default=6)
    parser.add_argument("--names", type=int, default=4)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    pack = pack_of(options.templates, options.sentences)
    crowd = list(people(options.people, options.names))
    engine = Engine(pack)
    engine.warm_up()
    start = time.process_time()
    shown = [
        Shown(template, one, engine.render(name, one.profile, one.consent, at=AT))
        for name, template in pack.templates.items()
        for one in crowd
    ]
    rendered = time.process_time()
    page = page_of(pack, shown, engine.checker.rules)
    done = time.process_time()
    print(f"{len(pack.templates)} templates x {len(crowd)} people: {len(shown)} messages")
    print(f"rendered and read in {rendered - start:.1f} s, laid out in {done - rendered:.1f} s")
    print(f"together {done - start:.1f} s of one core; {len(page.encode()) / 1e6:.1f} MB")
    if options.out:
        options.out.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
