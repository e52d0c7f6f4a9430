"""
Engines that share one reader, and a fixed cast for the laws that compare processes.

Run as a program it reads pickled recipients from standard input, renders every fixed template for
each, and prints the fingerprints of the results.
"""

from __future__ import annotations

import json
import pickle
import sys
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import settings
from hypothesis import strategies as st

from guardedpersonalize.check import Checker
from guardedpersonalize.consent import Consent, ConsentRecord
from guardedpersonalize.engine import Engine, Recipient
from guardedpersonalize.minimise import Context, Product, ProductTree, SlotSpec
from guardedpersonalize.packs import Pack
from guardedpersonalize.profile import Catalogue, Field, FieldType, Profile
from guardedpersonalize.testing import TemplateSource, make_pack
from guardedpersonalize.testing.laws import fingerprint
from guardedpersonalize.testing.strategies import (
    AT,
    Scene,
    consents,
    profiles,
    scenes,
    willing_consent,
)
from guardedpersonalize.vocabulary import Provenance, Source, category

CHECKER = Checker()

# For laws that render and read each scene several times: half of what the profile asks for.
FEWER = settings(max_examples=max(settings.default.max_examples // 2, 1))

FIELDS = tuple(
    Field(name, kind, category(key), Provenance.PROVIDED, Source.DATA_SUBJECT)
    for name, kind, key in (
        ("first_name", FieldType.TEXT, "user.name.first"),
        ("city", FieldType.TEXT, "user.contact.address.city"),
        ("birth_date", FieldType.DATE, "user.demographic.date_of_birth"),
        ("interests", FieldType.LIST, "user.demographic.profile.interest"),
        ("last_product", FieldType.TEXT, "user.behavior.purchase_history"),
        ("spent", FieldType.DECIMAL, "user.behavior.purchase_history.amount"),
        ("visits", FieldType.INT, "user.behavior.visits"),
        ("is_member", FieldType.BOOL, "user.account.settings"),
        ("email", FieldType.TEXT, "user.contact.email"),
        ("campaign", FieldType.TEXT, "system.operations"),
    )
)
FOOTER = (
    "You get this because you signed up on our website.\n"
    "Unsubscribe: https://example.org/unsubscribe\n"
    "Example Garden Club, 1 Sample Street, Exampleton EX1 1AA\n"
)
BODY = """{% macro quoted(x) %}«{{ x }}»{% endmacro %}Hello {{ first_name }},
{% if birth_date %}{{ birth_date }} is your month.{% elif city %}From {{ city }}.{% endif %}
{% for each in interests %}{{ loop.index }}. {{ each|title }}
{% else %}Nothing yet.
{% endfor %}{% if is_member %}{{ quoted(spent) }}{% endif %} {{ visits }} {{ last_product|upper }}
https://example.org/find?q={{ city|urlencode }}
"""
HTML = """{% macro quoted(x) %}<q>{{ x }}</q>{% endmacro %}<h1>Hello {{ first_name }}</h1>
{% set town %}<b title="{{ city }}">{{ city }}</b>{% endset %}<p>{{ town }}</p>
<ul>{% for each in interests %}<li>{{ each }}</li>{% endfor %}</ul>
<p>{{ quoted(spent) }} {{ visits }} {{ last_product }} {{ birth_date }}</p>
<p><a href="https://example.org/find?q={{ city|urlencode }}">find</a></p>
<p>You get this because you signed up on our website.</p>
<p><a href="https://example.org/unsubscribe">Unsubscribe</a></p>
<p>Example Garden Club, 1 Sample Street, Exampleton EX1 1AA</p>
"""
GENERIC = {"subject.j2": "Spring is here", "body.txt.j2": f"Hello,\n{FOOTER}"}
PRODUCTS = ProductTree(
    {
        "SKU-1": Product("Copper trowel", "Hand tools", "Garden"),
        "SKU-2": Product("Tulip bulbs", "Bulbs", "Garden"),
    }
)


@st.composite
def scenes_and_crowds(draw: st.DrawFn) -> tuple[Scene, list[Recipient]]:
    """Draw a scene, and more people for its template."""
    scene = draw(scenes(willing=True, hostile=draw(st.booleans())))
    chosen = scene.pack.template(scene.template)
    crowd = [Recipient(scene.profile, scene.consent)]
    for number in range(draw(st.integers(0, 3))):
        person = f"r-{number + 2}"
        profile = draw(profiles(scene.pack.catalogue, person=person))
        said = draw(
            consents(
                scene.pack.catalogue,
                person,
                purpose=chosen.purpose,
                channel=chosen.channel,
                willing=True,
            )
        )
        crowd.append(Recipient(profile, said))
    return scene, crowd


def engine_of(pack: Pack, **options: object) -> Engine:
    """Return an engine that shares the reader of all law tests: its rules are prepared once."""
    engine = Engine(pack, **options)  # type: ignore[arg-type]
    if not options:
        engine.checker = CHECKER
    return engine


def slot(name: str, **options: object) -> SlotSpec:
    """Return a slot of the field of its own name."""
    return SlotSpec(name, name, **options)  # type: ignore[arg-type]


def fixed_pack() -> Pack:
    """Return a pack with one e-mail that uses every construct and one push message."""
    specs = (
        slot("first_name", fallback="friend"),
        slot("city"),
        slot("birth_date"),
        slot("interests", type="list"),
        slot("last_product"),
        slot("spent"),
        slot("visits"),
        slot("is_member", type="bool"),
    )
    files = {
        "subject.j2": "{{ first_name }}, spring is here",
        "preheader.j2": "New bulbs in {{ city or 'town' }}",
        "body.txt.j2": BODY + FOOTER,
        "body.html.j2": HTML,
    }
    push = TemplateSource(
        files={"title.j2": "Spring", "body.j2": "Dear {{ first_name }}, see {{ campaign }}"},
        slots=(slot("first_name", required=True), slot("campaign")),
        channel="push",
        purpose="marketing.communications.push",
    )
    context = Context(at=AT, products=PRODUCTS, currency="GBP", country="GB")
    mail = TemplateSource(files=files, slots=specs, generic=GENERIC)
    return make_pack(FIELDS, {"mail": mail, "push": push}, context=context)


def fixed_people() -> list[Profile]:
    """Return people with full, empty, blank, hostile and odd profiles."""
    full = {
        "first_name": "Ada",
        "city": "Leeds",
        "birth_date": date(1971, 5, 3),
        "interests": ["roses", "tulips", "moss"],
        "last_product": "SKU-1",
        "spent": Decimal("73.50"),
        "visits": 4,
        "is_member": True,
        "email": "ada@example.org",
        "campaign": "bulbs",
    }
    hostile = {
        "first_name": "<b>Eve</b>",
        "city": "{{ 7 * 7 }}",
        "interests": ["a\r\nb", "'; DROP TABLE"],
        "spent": -1,
        "visits": "many",
    }
    rows = [full, {}, dict.fromkeys(full), hostile, full | {"city": "\u202eLeeds", "visits": 0}]
    long_ago = AT - timedelta(days=3)
    return [
        Profile(f"r-{n}", row, observed_at=dict.fromkeys(row, long_ago))
        for n, row in enumerate(rows)
    ]


def fixed_recipients() -> list[Recipient]:
    """Return each person with consent for all, for some, and for nothing."""
    catalogue = Catalogue.of(FIELDS)
    found: list[Recipient] = []
    for person in fixed_people():
        who = person.recipient_id
        purposes = ("marketing.communications.email", "marketing.communications.push")
        willing = [
            willing_consent(catalogue, who, purpose=what, channel=what.rpartition(".")[2])
            for what in purposes
        ]
        every = Consent.of(
            ConsentRecord.from_json(record.to_json() | {"record_id": f"c-{n}"})
            for n, consent in enumerate(willing)
            for record in consent.records
        )
        some = ConsentRecord.simple(
            record_id="c-some",
            person=who,
            purposes=purposes[:1],
            given_at=AT - timedelta(days=9),
            pii_types=["user.name.first", "user.demographic.profile.interest"],
            channels=["email"],
            channel_permission="opt_in",
        )
        opposed = every.with_objection("profiling", AT)
        said = (every, Consent.of([some]), opposed, Consent.none())
        found += [Recipient(person, each) for each in said]
    return found


def fingerprints(recipients: Sequence[Recipient]) -> list[str]:
    """Return the fingerprint of every fixed template for each of *recipients*, in order."""
    engine = engine_of(fixed_pack())
    return [
        fingerprint(engine.render(template, each.profile, each.consent, at=AT))
        for template in engine.pack.templates
        for each in recipients
    ]


if __name__ == "__main__":
    given = pickle.load(sys.stdin.buffer)  # noqa: S301  # our own bytes
    json.dump(fingerprints(given), sys.stdout)
