"""A small pack for previews: a letter, a text message, a push message, an ad; four people."""

from __future__ import annotations

from pathlib import Path

HOSTILE = "\"><img src=x onerror=alert(1)>'&amp;{{ 7*7 }}"
PURPOSES = (
    *(f"marketing.communications.{channel}" for channel in ("email", "sms", "push")),
    "marketing.advertising.first_party.contextual",
)
MANIFEST = 'channel = "{channel}"\npurpose = "marketing.communications.{channel}"\n'
FIRST_NAME = '[slots.first_name]\nfield = "first_name"\n'
SLOTS = FIRST_NAME + '[slots.city]\nfield = "city"\n'
OPT_OUT = '[slots.token]\nfield = "opt_out_token"\n'
PERSON = """
name = "{name}"
at = 2026-11-01T09:00:00Z
recipient_id = "{id}"
[values]
first_name = {first_name}
city = "Lisbon"
opt_out_token = "u-1"
[consent]
age_group = "adult"
"""
RECORD = """
[[consent.records]]
record_id = "c-{id}"
pii_principal_id = "{id}"
purposes = [{purposes}]
lawful_basis = "consent"
channels = ["email", "sms", "push", "ad"]
channel_permission = "opt_in"
pii_information = [{data}]
events = [{{ event_time = "2026-03-01T10:00:00Z", event_state = "given" }}]
"""
PURPOSES_TOML = ", ".join(f'"{key}"' for key in PURPOSES)
NAME, CITY = '{ pii_type = "user.name.first" }', '{ pii_type = "user.contact.address.city" }'
HELLO = "Hello{% if first_name %} {{ first_name }}{% endif %},"
END = "You get this because you signed up for news. Pebble Ltd, 1 Quay Street, Port Example"

FILES = {
    "pack.toml": """
name = "pebble"
version = "1.0.0"
[sender]
name = "Pebble Ltd"
postal_addresses = ["1 Quay Street, Port Example"]
link_domains = ["pebble.example"]
""",
    "fields.toml": """
[fields.first_name]
type = "text"
category = "user.name.first"
provenance = "provided"
source = "data_subject"
[fields.city]
type = "text"
category = "user.contact.address.city"
provenance = "observed"
source = "controller"
generaliser = "text"
[fields.opt_out_token]
type = "text"
category = "system.operations"
provenance = "provided"
source = "controller"
""",
    "templates/letter/template.toml": MANIFEST.format(channel="email") + SLOTS + OPT_OUT,
    "templates/letter/subject.j2": "News{% if first_name %}, {{ first_name }}{% endif %}",
    "templates/letter/preheader.j2": "Books are in.",
    "templates/letter/body.txt.j2": f"""{HELLO}

books are in.{{% if city %}} The shop nearest to {{{{ city }}}} has them all.{{% endif %}}

{END}
Unsubscribe: https://pebble.example/u/{{{{ token|urlencode }}}}
""",
    "templates/letter/body.html.j2": f"""<!DOCTYPE html><html lang="en"><body>
<img src="https://pebble.example/logo.png" alt="Pebble"><p style="background:url(https://x.example/)">
{HELLO}</p><p>books &amp; maps are in.
{{% if city %}}The shop nearest to <b>{{{{ city }}}}</b> has them.{{% endif %}}</p><p>{END}</p>
<a href="https://pebble.example/u/{{{{ token|urlencode }}}}">Unsubscribe</a></body></html>
""",
    "templates/nosy/template.toml": MANIFEST.format(channel="sms") + SLOTS,
    "templates/nosy/body.j2": "{% if city %}Pebble: we noticed you in {{ city }}."
    "{% else %}Pebble: hello {{ first_name }}.{% endif %} Reply STOP to opt out.",
    "templates/ping/template.toml": MANIFEST.format(channel="push") + FIRST_NAME,
    "templates/ping/title.j2": "Books are in",
    "templates/ping/body.j2": "{% if first_name %}{{ first_name }}, come by.{% else %}Come by."
    "{% endif %} Turn this off in Settings.",
    "templates/search/template.toml": """
channel = "ad"
purpose = "marketing.advertising.first_party.contextual"
""",
    "templates/search/headline-1.j2": "Books, maps, and more books than that",
    "templates/search/description-1.j2": "Printed in Port Example.",
    "personas/ada.toml": PERSON.format(id="ada", name="Ada, all allowed", first_name='"Ada"')
    + RECORD.format(purposes=PURPOSES_TOML, id="ada", data=f"{NAME}, {CITY}"),
    "personas/bram.toml": PERSON.format(
        id="bram", name="Bram <b>, a hostile name", first_name=f"'''{HOSTILE}'''"
    )
    + RECORD.format(purposes=PURPOSES_TOML, id="bram", data=NAME),
    "personas/dora.toml": PERSON.format(id="dora", name="Dora, town only", first_name='"Dora"')
    + RECORD.format(purposes=PURPOSES_TOML, id="dora", data=CITY),
    "personas/cleo.toml": PERSON.format(id="cleo", name="Cleo, nothing", first_name='"Cleo"'),
}


def write_pack(root: Path) -> Path:
    """Write the pack into the folder *root*, and return it."""
    for name, text in FILES.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root
