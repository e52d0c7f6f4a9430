"""A pack of one template, written into a folder, to be varied by tests."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from guardedpersonalize.consent import Consent, ConsentRecord
from guardedpersonalize.engine import Engine
from guardedpersonalize.profile import Profile

AT = datetime(2026, 11, 1, 9, tzinfo=UTC)
MAIL = "marketing.communications.email"

FILES = {
    "pack.toml": """
name = "small"
version = "1.0.0"
[sender]
name = "Pebble Ltd"
postal_addresses = ["1 Quay Street, Port Example"]
emails = ["help@pebble.example"]
link_domains = ["pebble.example"]
""",
    "fields.toml": """
[fields.first_name]
type = "text"
category = "user.name.first"
provenance = "provided"
source = "data_subject"
[fields.email]
type = "text"
category = "user.contact.email"
provenance = "provided"
source = "data_subject"
[fields.city]
type = "text"
category = "user.contact.address.city"
provenance = "observed"
source = "controller"
collected = "covert"
generaliser = "text"
[fields.in_debt]
type = "bool"
category = "user.financial"
provenance = "derived"
source = "controller"
generaliser = "text"
[fields.opt_out_token]
type = "text"
category = "system.operations"
provenance = "provided"
source = "controller"
""",
    "templates/note/template.toml": """
channel = "email"
purpose = "marketing.communications.email"
[slots.first_name]
field = "first_name"
fallback = "reader"
[slots.city]
field = "city"
[slots.token]
field = "opt_out_token"
""",
    "templates/note/subject.j2": "News from Pebble",
    "templates/note/body.txt.j2": """Hello {{ first_name }},

here is our list of books.{% if city %} The shop nearest to {{ city }} has them all.{% endif %}

You get this because you signed up for news.
Unsubscribe: https://pebble.example/u/{{ token|urlencode }}
Pebble Ltd, 1 Quay Street, Port Example
""",
    "templates/note/generic/subject.j2": "News from Pebble",
    "templates/note/generic/body.txt.j2": """Hello,

here is our list of books.

You get this because you signed up for news.
Unsubscribe: https://pebble.example/u/{{ token|urlencode }}
Pebble Ltd, 1 Quay Street, Port Example
""",
}
VALUES = {
    "first_name": "Ada",
    "email": "ada@example.org",
    "city": "Lisbon",
    "opt_out_token": "u-1",
}

MakeEngine = Callable[..., Engine]


@pytest.fixture
def make_engine(tmp_path: Path) -> MakeEngine:
    """Return a function that writes the small pack, with some files replaced, and loads it."""

    def make(files: dict[str, str | None] | None = None, **options: object) -> Engine:
        for name, text in (FILES | (files or {})).items():
            path = tmp_path / "small" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if text is not None:
                path.write_text(text, encoding="utf-8")
        return Engine.from_pack(tmp_path / "small", **options)

    return make


def ada(**values: object) -> Profile:
    """Return Ada's profile, with some values replaced."""
    return Profile("r-1", VALUES | values)


def yes(*pii_types: str) -> Consent:
    """Return Ada's consent to mail that uses data of *pii_types*."""
    record = ConsentRecord.simple(
        record_id="c-1",
        person="r-1",
        purposes=[MAIL],
        given_at=datetime(2026, 1, 1, tzinfo=UTC),
        pii_types=pii_types,
        channels=["email"],
        channel_permission="opt_in",
    )
    return Consent(records=(record,), age_group="adult")


ALL = ("user.name.first", "user.contact.address.city")


class Deadly(Engine):
    """An engine that takes its process along at one name, once it is a copy of another."""

    def render(self, template, profile, consent, *, at=None):  # type: ignore[no-untyped-def]
        """Render, or die."""
        if profile.reveal("first_name") == "Ada7" and os.environ.get("DEADLY") != str(os.getpid()):
            os._exit(3)
        return super().render(template, profile, consent, at=at)
