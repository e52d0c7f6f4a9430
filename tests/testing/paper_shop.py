"""A pack in a folder, small and quick, whose templates tests can spoil one at a time."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

FILES: Mapping[str, str] = {
    "pack.toml": """
name = "paper-shop"
version = "1.0.0"
[sender]
name = "Paper Shop"
link_domains = ["paper-shop.example"]
""",
    "fields.toml": """
[fields.first_name]
type = "text"
category = "user.name.first"
provenance = "provided"
source = "data_subject"
collected = "overt"
[fields.city]
type = "text"
category = "user.contact.address.city"
provenance = "provided"
source = "data_subject"
collected = "overt"
[fields.bereaved]
type = "bool"
category = "user.health_and_medical.condition"
provenance = "provided"
source = "data_subject"
collected = "overt"
[fields.visits]
type = "int"
category = "user.demographic.profile.interest"
provenance = "provided"
source = "data_subject"
collected = "overt"
[fields.code]
type = "text"
category = "system.operations"
provenance = "provided"
source = "controller"
collected = "overt"
""",
    "templates/ink/template.toml": """
channel = "push"
purpose = "essential.service.notifications.push"
[slots.first_name]
field = "first_name"
max_length = 20
[slots.city]
field = "city"
fallback = "town"
[slots.code]
field = "code"
max_length = 10
""",
    "templates/ink/title.j2": "Ink is here{% if first_name %}, {{ first_name }}{% endif %}",
    "templates/ink/body.j2": (
        '{% from "partials/macros.j2" import quoted %}'
        "Your ink is at the counter in {{ city or 'the shop' }}."
        "{% if code %} Say {{ quoted(code) }}.{% endif %}"
    ),
    "partials/macros.j2": "{% macro quoted(x) %}“{% if x %}{{ x }}{% endif %}”{% endmacro %}",
    "personas/ann.toml": """
name = "Ann"
at = 2026-11-01T09:00:00Z
recipient_id = "ann"
[values]
first_name = "Ann"
city = "Leeds"
code = "INK"
[consent]
age_group = "adult"
[[consent.records]]
record_id = "c-1"
pii_principal_id = "ann"
purposes = ["essential.service.notifications.push"]
lawful_basis = "consent"
channels = ["push"]
channel_permission = "opt_in"
pii_information = [{ pii_type = "user.name.first" }]
events = [{ event_time = "2026-03-01T10:00:00Z", event_state = "given" }]
""",
    "examples/named.toml": """
claim = "a first name stands in the title :: always"
template = "ink"
persona = "ann"
outcome = "send"
[contains]
title = ["Ink is here, Ann"]
""",
}


def write_shop(root: Path, changes: Mapping[str, str | None] | None = None) -> Path:
    """Write the pack into *root*, with some files changed, or left out where None; return it."""
    for name, text in {**FILES, **(changes or {})}.items():
        if text is not None:
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    return root
