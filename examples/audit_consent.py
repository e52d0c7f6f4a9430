"""
What a recipient allowed, read from the raw files for `verify_output.py`: a second opinion.

It shares no code with the package and knows only the standard library, the files of a pack and the
JSON of a recipient. Where it is unsure it is the more lenient of the two, so that what it calls a
leak is one.
"""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from audit_text import (
    BLANK,
    Levels,
    date_levels,
    plain,
    postcode_levels,
    readings,
    spans,
    text_forms,
    words_of,
)

__all__ = ["ORDER", "Judge", "Pack", "Recipient", "is_blank", "moment"]

# Finest level that a marketing message may show, by generaliser. "exact" where not listed.
FINEST: Final = {
    "amount": "band",
    "birth_date": "birth_month",
    "identifier": "mask",
    "place": "city",
    "postcode": "outward",
    "product": "category",
    "tenure": "band",
    "time": "part_of_day",
}
# Categories whose values grow stale although fields.toml does not say so, in days.
MAX_AGE_DAYS: Final = {
    "user.behavior.browsing_history": 90,
    "user.behavior.cart": 30,
    "user.behavior.purchase_history": 730,
    "user.behavior": 365,
}
# A record covers these only if it names them, and explicitly.
SENSITIVE: Final = (
    "user.biometric", "user.content.private", "user.financial", "user.health_and_medical",
    "user.location.precise", "user.payment",
)  # fmt: skip
PERMISSIONS: Final = frozenset({"opt_in", "double_opt_in", "prior_express_written"})
BASES: Final = frozenset({"consent", "explicit_consent", "legitimate_interests"})
UK_CHILD_YEARS: Final = 13
# Events that take back what was allowed before them, in other records too.
ENDING: Final = frozenset({"refused", "revoked", "unknown", "withdrawn"})

_JINJA: Final = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_QUOTED: Final = re.compile(r'"((?:[^"\\]|\\.)*)"')


class Pack:
    """What the audit needs to know of a pack, read from its files."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.fields: dict[str, dict[str, Any]] = _toml(root / "fields.toml")["fields"]
        products = root / "products.toml"
        self.products: dict[str, dict[str, str]] = {}
        if products.exists():
            table = _toml(products)
            self.products = table.get("products", table)

    @functools.cache  # noqa: B019  # one pack, a handful of templates
    def manifest(self, template: str) -> dict[str, Any]:
        """Return a template's manifest."""
        return _toml(self.root / "templates" / template / "template.toml")

    @functools.cache  # noqa: B019
    def slots(self, template: str) -> dict[str, str]:
        """Return field -> level that the template asks for ("" where it does not say)."""
        slots = self.manifest(template)["slots"].values()
        return {slot["field"]: slot.get("minimise", "") for slot in slots}

    @functools.cache  # noqa: B019
    def copies(self, template: str) -> tuple[tuple[str, ...], ...]:
        """Return readings of the template's own words: as written, and of the generic version."""
        folder = self.root / "templates" / template
        shared = "\n".join(
            _words_in_source(p) for p in sorted((self.root / "partials").glob("*.j2"))
        )
        versions = [folder, folder / "generic"]
        return tuple(
            readings("\n".join([*map(_words_in_source, sorted(v.glob("*.j2"))), shared]))
            for v in versions
        )

    @functools.cache  # noqa: B019
    def copy_words(self, template: str) -> set[str]:
        """Return every word of the template's copy."""
        return {word for copy in self.copies(template) for word in words_of(copy)}

    @functools.cache  # noqa: B019
    def in_copy(self, template: str, form: str) -> int:
        """Return how often the template's own words have *form*."""
        counts = [sum(1 for _ in spans(form, text)) for c in self.copies(template) for text in c]
        return max(counts, default=0)

    def is_personal(self, name: str) -> bool:
        """Tell whether a field is about a person; one that nobody declared is."""
        return not self.fields.get(name, {}).get("category", "").startswith("system")

    def is_proxy(self, sku: object) -> bool:
        """Tell whether a product, or another one of its category, gives something away."""
        category = self.products.get(str(sku), {}).get("category")
        return any("proxy_of" in p for p in self.products.values() if p["category"] == category)

    def levels(self, name: str, raw: object) -> Levels:
        """Return the forms of one value, level by level."""
        if is_blank(raw) or isinstance(raw, bool):
            return []
        if isinstance(raw, list):
            return [("exact", [form for item in raw for form in text_forms(str(item))])]
        text, row = str(raw), self.fields.get(name, {})
        if row.get("generaliser") == "product" and text in self.products:
            return self._product(text)
        if row.get("generaliser") == "postcode":
            return postcode_levels(text)
        if row.get("type") == "date":
            return date_levels(text, is_birth=row.get("generaliser") == "birth_date")
        return [("exact", text_forms(text))]

    def _product(self, sku: str) -> Levels:
        row = self.products[sku]
        quoted = re.findall(r"'([^']+(?:'s [^']+)?)'", row["name"])
        return [
            ("exact", [plain(sku), plain(row["name"]), *map(plain, quoted)]),
            ("category", [plain(row["category"])]),
            ("department", [plain(row["department"])]),
        ]


def is_blank(raw: object) -> bool:
    """Tell whether a raw value stands for none."""
    return raw is None or raw == [] or (isinstance(raw, str) and plain(raw) in BLANK)


def _toml(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _words_in_source(path: Path) -> str:
    """Return a template's literals: what is outside of tags, and the strings inside of them."""
    source = path.read_text(encoding="utf-8")
    return _JINJA.sub(lambda tag: f" {' '.join(_QUOTED.findall(tag[0]))} ", source)


@dataclass(frozen=True)
class Recipient:
    """One raw row."""

    id: str
    values: dict[str, Any]
    observed_at: dict[str, str]
    consent: dict[str, Any]

    @classmethod
    def read(cls, row: Mapping[str, Any]) -> Recipient:
        """Read a row of the recipients' file."""
        consent = row.get("consent") or {}
        observed = row.get("observed_at") or {}
        return cls(str(row["recipient_id"]), dict(row["profile"]), dict(observed), dict(consent))


class Judge:
    """Says for one template and moment what a recipient allowed, from the raw consent alone."""

    def __init__(self, pack: Pack, template: str, at: datetime) -> None:
        self.pack = pack
        self.template = template
        self.at = at
        manifest = pack.manifest(template)
        self.purpose, self.channel = manifest["purpose"], manifest["channel"]

    def may_send(self, person: Recipient) -> bool:
        """Tell whether the recipient may be written to at all."""
        if "direct_marketing" in (person.consent.get("objections") or {}):
            return False
        if self.channel in (person.consent.get("do_not_contact") or ()):
            return False
        return any(
            r.get("channel_permission") in PERMISSIONS
            and self.channel in r.get("channels", ())
            and not self._is_taken_back(person, r, None)
            for r in self._in_force(person)
        )

    def allowed(self, person: Recipient) -> dict[str, str]:
        """Return field -> finest level at which its value may appear; absent fields may not."""
        if not self.may_send(person) or self._is_unpersonal(person):
            return {}
        slots = self.pack.slots(self.template)
        return {
            name: _coarser(slots[name], FINEST.get(self._generaliser(name), "exact"))
            for name in person.values
            if name in slots and self._covers(person, name) and self._is_fresh(person, name)
        }

    def _in_force(self, person: Recipient) -> list[dict[str, Any]]:
        records = person.consent.get("records") or []
        return [r for r in records if self._is_about(r, person.id) and self._stands(r)]

    def _is_about(self, record: Mapping[str, Any], person: str) -> bool:
        named = record.get("purposes") or ()
        wider = record.get("covers_children") and any(
            self.purpose.startswith(f"{p}.") for p in named
        )
        channels = record.get("channels") or (self.channel,)
        mine = record.get("pii_principal_id") == person
        return mine and (self.purpose in named or bool(wider)) and self.channel in channels

    def _stands(self, record: Mapping[str, Any]) -> bool:
        events = [e for e in record.get("events") or () if moment(e["event_time"]) <= self.at]
        if not events or events[-1]["event_state"] not in {"given", "renewed"}:
            return False
        length = events[-1].get("validity_duration")
        return not length or _after(moment(events[-1]["event_time"]), length) > self.at

    def _is_taken_back(
        self, person: Recipient, yes: Mapping[str, Any], category: str | None
    ) -> bool:
        """Tell whether another record says a later no to *category*, or to sending (None)."""
        said = moment(yes["events"][-1]["event_time"])
        return any(
            said <= moment(event["event_time"]) <= self.at
            for record in person.consent.get("records") or ()
            if record["record_id"] != yes["record_id"]
            if self._may_refuse(record, person.id) and _is_about(record, category)
            for event in record.get("events") or ()
            if event["event_state"] in ENDING
        )

    def _may_refuse(self, record: Mapping[str, Any], person: str) -> bool:
        """Tell whether a no of *record* reaches this message; it also reaches what is below."""
        named = record.get("purposes") or ()
        channels = record.get("channels") or (self.channel,)
        reaches = any(_is_within(self.purpose, purpose) for purpose in named)
        return record.get("pii_principal_id") == person and reaches and self.channel in channels

    def _is_unpersonal(self, person: Recipient) -> bool:
        """Tell whether an objection or the recipient's age forbids every personal value."""
        if "profiling" in (person.consent.get("objections") or {}):
            return True
        group = person.consent.get("age_group")
        if group in {"minor", "child"}:
            return True
        born = [v for n, v in person.values.items() if self._generaliser(n) == "birth_date"]
        with suppress(ValueError, IndexError):
            return self.at.date() < _years_after(date.fromisoformat(str(born[0])), UK_CHILD_YEARS)
        return group == "unknown"

    def _generaliser(self, name: str) -> str:
        return str(self.pack.fields.get(name, {}).get("generaliser", ""))

    def _covers(self, person: Recipient, name: str) -> bool:
        row = self.pack.fields[name]
        if not self.pack.is_personal(name):
            return True
        if self._generaliser(name) == "product" and self.pack.is_proxy(person.values[name]):
            return False
        if row["source"] == "third_party" and not row.get("source_recorded"):
            return False
        return any(
            r.get("lawful_basis") in BASES
            and _names(r, row["category"], name)
            and not self._is_taken_back(person, r, row["category"])
            for r in self._in_force(person)
        )

    def _is_fresh(self, person: Recipient, name: str) -> bool:
        row = self.pack.fields[name]
        days = row.get("max_age_days") or _longest(MAX_AGE_DAYS, row["category"])
        if not days:
            return True
        seen = person.observed_at.get(name)
        return seen is not None and self.at - moment(seen) <= timedelta(days=days)


def _names(record: Mapping[str, Any], category: str, name: str) -> bool:
    """Tell whether a record names a category, one above it that is not sensitive, or the field."""
    for about in record.get("pii_information") or ():
        key, only = about["pii_type"], about.get("pii_attribute_id")
        guarded = any(_is_within(category, sensitive) for sensitive in SENSITIVE)
        if guarded and (category != key or record.get("lawful_basis") != "explicit_consent"):
            continue
        if _is_within(category, key) and only in {None, name}:
            return True
    return False


def _is_about(record: Mapping[str, Any], category: str | None) -> bool:
    """Tell whether a no is about *category*, or about the right to send (None)."""
    kinds = [about["pii_type"] for about in record.get("pii_information") or ()]
    if not kinds:
        return True
    if category is None:
        return bool(record.get("channel_permission", "none") != "none")
    return any(_is_within(category, kind) or _is_within(kind, category) for kind in kinds)


def _is_within(key: str, wider: str) -> bool:
    return key == wider or key.startswith(f"{wider}.")


def _longest(table: Mapping[str, int], category: str) -> int:
    fitting = [key for key in table if _is_within(category, key)]
    return table[max(fitting, key=len)] if fitting else 0


ORDER: Final = (
    "exact", "birth_month", "outward", "category", "part_of_day", "mask", "city", "band",
    "birth_quarter", "region", "department", "yes_no",
)  # fmt: skip


def _coarser(one: str, other: str) -> str:
    """Return the coarser of two levels of one generaliser; "" says nothing."""
    return max((level for level in (one, other) if level), key=ORDER.index, default="exact")


def moment(text: str) -> datetime:
    """Return an ISO 8601 time in UTC."""
    return datetime.fromisoformat(text).astimezone(UTC)


def _after(start: datetime, length: str) -> datetime:
    """Add an ISO 8601 duration in years, months, weeks and days; one that is odd ends at once."""
    found = re.fullmatch(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?", length)
    if not found:
        return start
    years, months, weeks, days = (int(part or 0) for part in found.groups())
    # Months of 31 days and years of 366 end late: an expiry is never called a leak by mistake.
    return start + timedelta(days=years * 366 + months * 31 + weeks * 7 + days)


def _years_after(day: date, years: int) -> date:
    return date(day.year + years, day.month, min(day.day, 28))
