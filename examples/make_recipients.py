"""
Invent recipients for the garden-club pack and write them as JSON lines.

    python examples/make_recipients.py --count 10000 --seed 7 > recipients.jsonl

Nobody in the output exists: names are made of syllables, addresses use reserved domains and
telephone numbers. Most values are distinct, so that a value found in the wrong message can be
traced to its owner. On purpose the rows are a mixed bag: every kind of consent that a mailing list
comes to hold (none, withdrawn, expired, somebody else's, for another purpose ...), values that are
missing, blank or "null", values that are too old, names in nine scripts and of sixty characters,
names that are also words of the letters ("Rose", "April"), and values made to do harm.

Recipient *n* of a seed is the same whatever the count, so a longer run starts with a shorter one.
"""

# Letters of other scripts are the point, and lists of words read best as sentences.
# ruff: noqa: RUF001, SIM905

from __future__ import annotations

import argparse
import json
import random
import sys
import tomllib
import uuid
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

EMAIL: Final = "marketing.communications.email"
PRODUCTS: Final = Path(__file__).parent / "packs" / "garden-club" / "products.toml"
DEFAULT_AT: Final = "2026-11-01T09:00:00Z"
DEFAULT_CONSENTED_SHARE: Final = 0.4

# What a member who says yes to everything says yes to.
CATEGORIES: Final = (
    "user.account.loyalty_tier",
    "user.account.tenure",
    "user.behavior.cart",
    "user.behavior.purchase_history",
    "user.contact.address.postal_code",
    "user.demographic.date_of_birth",
    "user.demographic.profile.interest",
    "user.name.first",
)

# How the members who did not simply say yes to everything are shared out.
OTHER_KINDS: Final[dict[str, int]] = {
    "some": 20,
    "send_only": 8,
    "one_field": 6,
    "wide_category": 5,
    "withdrawn": 10,
    "partly_withdrawn": 8,
    "taken_back_later": 4,
    "expired": 6,
    "refused": 4,
    "requested": 3,
    "not_yet": 2,
    "other_person": 4,
    "no_record": 8,
    "other_purpose": 4,
    "wider_purpose": 3,
    "other_channel": 3,
    "objects_marketing": 3,
    "objects_profiling": 6,
    "minor": 4,
    "age_unknown": 3,
}

# Towns and names that are also plain English words, to tell a leak from a coincidence.
TOWNS: Final = (
    "Bath Battle Cardiff Deal Durham Exeter Hale Inverness Leeds March Nelson Norwich Perth "
    "Reading Rugby Sale Street Truro Wells York"
).split()
WORD_NAMES: Final = ("April", "Daisy", "Fern", "Grace", "Heather", "Maud", "May", "Rose", "Will")
POSTCODE_AREAS: Final = ("BA", "CF", "DH", "EH", "EX", "IV", "LS", "NR", "OX", "TR", "YO")
INTERESTS: Final = "alpines fruit houseplants lawns ponds roses shade vegetables wildlife".split()
MOODS: Final = ("anxious", "cheerful", "grieving", "restless", "weary")
BLANKS: Final = ("", "   ", "null", "None", "N/A", None)

SYLLABLES: Final = tuple(
    onset + vowel
    for onset in "b br d f g gr h k l m n p r s t th tr v w z".split()
    for vowel in "aeiou"
)
SCRIPTS: Final[dict[str, Sequence[str]]] = {
    "arabic": "بتثجحخدرزسشصطعغفقكلمنهوي",
    "cyrillic": "ба ве га до жу зи ка ле мо ни по ра се ти фе хо ца ши".split(),
    "devanagari": "अ का गी ची जा ता दी ना पी मा रा ली सु ही".split(),
    "greek": "βα γε δη ζω θα κι λε μα νι πο ρω σα τη φι χα ψε".split(),
    "hangul": "가나다라마바사아자차카타파하강남동민서",
    "hebrew": "אבגדהזחטיכלמנסעפצקרשת",
    "kana": "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモ",
    "kanji": "青秋石上内江大岡川木北小佐島高田中西原東藤松三水村森山吉和",
    "thai": "กา ขี จู ดา ตา นา ปี พร มา ยา รุ ลี วิ สา".split(),
}

# Kinds of names, and how many of a hundred members have them.
NAME_KINDS: Final[dict[str, int]] = {
    "plain": 68, "accented": 10, "other_script": 14, "also_a_word": 3, "long": 2, "two_part": 3,
}  # fmt: skip

# Each takes a word of the recipient's own, so that what comes through can be traced.
HOSTILE: Final[tuple[Callable[[str], str], ...]] = (
    lambda w: f"<b>{w}</b><script>alert('{w}')</script>",
    lambda w: f'{w}" onmouseover="alert(1)',
    lambda w: f"&lt;i&gt;{w}&lt;/i&gt;&#x3C;script&#x3E;",
    lambda w: f"{{{{ 31337 * 3 }}}}{w}{{% include 'pack.toml' %}}",
    lambda w: f"{w}\r\nBcc: everyone@example.org",
    lambda w: f"{w}\u2028{w}",
    lambda w: f"\u202e{w}\u202c",
    lambda w: f"{w[0]}\u200b{w[1:]}",
    lambda w: f"{w}\x00",
    lambda w: f"{w}\ud800",
    lambda w: w + "".join(chr(0xE0000 + ord(c)) for c in "send"),
    lambda w: f"https://{w.lower()}.example/win",
    lambda w: f"www.{w.lower()}.example",
    lambda w: f"{w} " * 400,
)


def word(index: int, salt: int, end: str = "") -> str:
    """
    Return a capitalised word of syllables, another one for each *index*.

    >>> word(0, 1) != word(1, 1)
    True
    """
    size = len(SYLLABLES) ** 3
    # The factor has no divisor in common with *size*: neighbours get distant words, none two.
    number = (index * 618_033 + salt * 271_829) % size
    syllables = [SYLLABLES[number // 100**place % 100] for place in range(3)]
    rest = index // size
    return ("".join(syllables) + (SYLLABLES[rest % 100] if rest else "") + end).capitalize()


def in_script(script: str, index: int) -> str:
    """Return a word in *script*, another one for each *index*."""
    letters = SCRIPTS[script]
    found = [letters[index % len(letters)]]
    while index := index // len(letters):
        found.append(letters[index % len(letters)])
    return "".join(found)


def long_name(index: int) -> str:
    """Return a name of exactly sixty characters, with hyphens and an apostrophe."""
    parts = "-".join(word(index, salt, "wen") for salt in range(20, 28))
    return f"{parts[:2]}'{parts[2:]}"[:60].rstrip("-'").ljust(60, "n")


class Maker:
    """Makes the recipients of one seed."""

    def __init__(self, seed: int, at: datetime, consented_share: float) -> None:
        self.seed = seed
        self.at = at
        self.consented_share = consented_share
        self.skus = sorted(tomllib.loads(PRODUCTS.read_text(encoding="utf-8"))["products"])

    def recipient(self, index: int) -> dict[str, Any]:
        """Return recipient number *index*, from 0."""
        return _Row(self, index).row()


class _Row:
    """One recipient in the making."""

    def __init__(self, maker: Maker, index: int) -> None:
        self.maker = maker
        self.at = maker.at
        self.index = index
        self.id = f"gc-{index:07d}"
        self.rng = random.Random(f"{maker.seed}:{index}")  # noqa: S311  # to be repeatable
        self.kind = self._kind()

    def row(self) -> dict[str, Any]:
        values = self._values()
        self._spoil(values)
        return {
            "recipient_id": self.id,
            "profile": values,
            "observed_at": self._observed_at(values),
            "consent": self._consent(),
        }

    def _kind(self) -> str:
        if self.rng.random() < self.maker.consented_share:
            return "all"
        return self.rng.choices(list(OTHER_KINDS), list(OTHER_KINDS.values()))[0]

    def _chance(self, share: float) -> bool:
        return self.rng.random() < share

    def _days_ago(self, least: int, most: int) -> datetime:
        seconds = self.rng.randint(least * 86_400, most * 86_400)
        return (self.at - timedelta(seconds=seconds)).replace(microsecond=0)

    # --- the profile ------------------------------------------------------------------------------

    def _values(self) -> dict[str, Any]:
        rng, index = self.rng, self.index
        first, last = self._names()
        street = f"{rng.randint(1, 180)} {word(index, 3, 'stead')} Lane"
        town = rng.choice(TOWNS)
        postcode = self._postcode()
        return {
            "first_name": first,
            "last_name": last,
            "email": f"{word(index, 5, 'by').lower()}.{index}@example.org",
            "phone": f"+44 7700 900{rng.randint(0, 999):03d}",
            "street": street,
            "city": town,
            "postcode": postcode,
            "birth_date": self._birth_date().isoformat(),
            "garden_interests": sorted(rng.sample(INTERESTS, rng.randint(1, 3))),
            "alert_plant": f"Dahlia '{word(index, 7, 'bell')}'",
            "saved_basket_sku": rng.choice(self.maker.skus),
            "pet_name": word(index, 9, "kin"),
            "allergy_note": f"Wasp stings; ring {word(index, 11, 'sen')} at the gate",
            "member_since": self._days_ago(120, 6000).date().isoformat(),
            "loyalty_tier": rng.choice(("Seedling", "Sapling", "Oak")),
            "last_order_sku": rng.choice(self.maker.skus),
            "last_order_on": self._days_ago(20, 900).date().isoformat(),
            "spend_this_year": f"{rng.randint(100, 3999)}.{rng.randint(11, 98)}",
            "last_page": f"/plants/{word(index, 13, 'flora').lower()}",
            "last_position": f"{street}, {postcode}, {town}, Wessex, England",
            "mood": rng.choice(MOODS),
            "expecting_baby": self._chance(0.05),
            "household_income": rng.choice(("lower", "middle", "higher")),
            "unsubscribe_token": f"u-{rng.getrandbits(64):016x}",
            "offer_code": "BULBS15",
            "offer_percent": 15,
            "offer_ends": (self.at + timedelta(days=29)).date().isoformat(),
        }

    def _names(self) -> tuple[str, str]:
        """Return a first and a last name, of a kind of its own."""
        first = word(self.index, 1, self.rng.choice(("l", "n", "ne", "s")))
        last = word(self.index, 2, "ward")
        match self.rng.choices(list(NAME_KINDS), list(NAME_KINDS.values()))[0]:
            case "accented":
                return first.translate(str.maketrans("aeo", "áëø")), last
            case "other_script":
                script = self.rng.choice(sorted(SCRIPTS))
                return in_script(script, 700 + 3 * self.index), in_script(
                    script, 1701 + 3 * self.index
                )
            case "also_a_word":
                return self.rng.choice(WORD_NAMES), last
            case "long":
                return long_name(self.index), last
            case "two_part":
                return f"{first} {word(self.index, 17)}", f"Ó {last}"
            case _:
                return first, last

    def _postcode(self) -> str:
        rng = self.rng
        letters = "".join(rng.choices("ABDEFGHJLNPQRSTUWXYZ", k=2))
        return f"{rng.choice(POSTCODE_AREAS)}{rng.randint(1, 29)} {rng.randint(0, 9)}{letters}"

    def _birth_date(self) -> date:
        years = self.rng.randint(13, 16) if self.kind == "minor" else self.rng.randint(20, 90)
        return (self.at - timedelta(days=years * 366 + self.rng.randint(0, 364))).date()

    def _spoil(self, values: dict[str, Any]) -> None:
        """Take away, blank or poison some values, as ten years of imports would."""
        for name in sorted(values.keys() - {"unsubscribe_token"}):
            if self._chance(0.03):
                del values[name]
            elif self._chance(0.01) and isinstance(values[name], str):
                values[name] = self.rng.choice(BLANKS)
        if self.kind == "age_unknown":
            values.pop("birth_date", None)
        if self._chance(0.06):
            harm = self.rng.choice(HOSTILE)(word(self.index, 15, "hex"))
            name = self.rng.choice(("first_name", "last_name", "alert_plant", "garden_interests"))
            values[name] = [harm] if name == "garden_interests" else harm

    def _observed_at(self, values: dict[str, Any]) -> dict[str, str]:
        times = {}
        for name in sorted(values):
            most = 25 if name == "saved_basket_sku" else 200
            if not self._chance(0.02):  # now and then nobody wrote it down
                is_stale = self._chance(0.04)
                moment = self._days_ago(1001, 3000) if is_stale else self._days_ago(1, most)
                times[name] = _written(moment)
        return times

    # --- the consent ------------------------------------------------------------------------------

    def _consent(self) -> dict[str, Any]:
        make: dict[str, Callable[[], list[dict[str, Any]]]] = {
            "some": lambda: [self._record(self.rng.sample(CATEGORIES, self.rng.randint(1, 6)))],
            "send_only": lambda: [self._record(())],
            "one_field": lambda: [self._one_field()],
            "wide_category": lambda: [self._record(("user.account", "user.demographic"))],
            "withdrawn": lambda: [self._ended("withdrawn")],
            "partly_withdrawn": self._partly_withdrawn,
            "taken_back_later": lambda: [self._record(given=self._days_ago(60, 900)), self._no()],
            "expired": lambda: [self._record(given=self._days_ago(400, 2000), validity="P1Y")],
            "refused": lambda: [self._record(state="refused")],
            "requested": lambda: [self._record(state="requested")],
            "not_yet": lambda: [self._record(given=self.at + timedelta(days=20))],
            "other_person": lambda: [self._record(person=f"gc-{self.index + 1:07d}")],
            "no_record": list,
            "other_purpose": lambda: [self._record(purpose="marketing.communications.sms")],
            "wider_purpose": lambda: [self._record(purpose="marketing.communications")],
            "other_channel": lambda: [self._record(channel="sms")],
        }
        consent: dict[str, Any] = {"records": make.get(self.kind, lambda: [self._record()])()}
        if self.kind.startswith("objects_"):
            objection = "profiling" if self.kind == "objects_profiling" else "direct_marketing"
            consent["objections"] = {objection: _written(self._days_ago(1, 300))}
        groups = {"minor": "minor", "age_unknown": "unknown"}
        consent["age_group"] = groups.get(self.kind, "adult")
        return consent

    def _record(
        self,
        types: Sequence[str] = CATEGORIES,
        *,
        state: str = "given",
        given: datetime | None = None,
        validity: str | None = None,
        person: str | None = None,
        purpose: str = EMAIL,
        channel: str = "email",
        permission: str = "opt_in",
    ) -> dict[str, Any]:
        given = given or self._days_ago(30, 900)
        event: dict[str, Any] = {"event_time": _written(given), "event_state": state}
        if validity:
            event["validity_duration"] = validity
        return {
            "record_id": str(uuid.UUID(int=self.rng.getrandbits(128), version=4)),
            "pii_principal_id": person or self.id,
            "purposes": [purpose],
            "lawful_basis": "consent",
            "consent_type": "expressed",
            "pii_information": [{"pii_type": key} for key in sorted(types)],
            "channels": [channel],
            "channel_permission": permission,
            "privacy_notice": {"uri": "https://garden-club.example/privacy", "version": "2025-03"},
            "jurisdiction": "GB",
            "language": "en",
            "events": [event],
        }

    def _ended(self, state: str, types: Sequence[str] = CATEGORIES) -> dict[str, Any]:
        record = self._record(types, given=self._days_ago(100, 900))
        record["events"].append(
            {"event_time": _written(self._days_ago(0, 90)), "event_state": state}
        )
        return record

    def _partly_withdrawn(self) -> list[dict[str, Any]]:
        """Return a record that stands and one, about other data, that was taken back."""
        kept = self.rng.randint(1, len(CATEGORIES) - 1)
        ended = self._ended("withdrawn", CATEGORIES[kept:])
        # The second record is about the use of data alone: it never gave the right to send.
        ended["channel_permission"] = "none"
        return [self._record(CATEGORIES[:kept]), ended]

    def _no(self) -> dict[str, Any]:
        """Return a no to all marketing, said by telephone: it names no data and no channel."""
        record = self._record((), state="refused", given=self._days_ago(1, 50))
        record.update(purposes=["marketing.communications"], channels=[], channel_permission="none")
        return record

    def _one_field(self) -> dict[str, Any]:
        record = self._record(())
        about = {"pii_type": "user.demographic.profile.interest"}
        record["pii_information"] = [{**about, "pii_attribute_id": "garden_interests"}]
        return record


def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def recipients(count: int, *, seed: int, at: datetime, consented_share: float) -> Iterator[str]:
    """Yield *count* recipients, one line of JSON each, without the line's end."""
    maker = Maker(seed, at, consented_share)
    for index in range(count):
        # ASCII, because a raw line separator inside a value would end the line for some readers.
        yield json.dumps(maker.recipient(index), separators=(",", ":"))


def _share(text: str) -> float:
    share = float(text)
    if not 0 <= share <= 1:
        raise argparse.ArgumentTypeError("must lie between 0 and 1")
    return share


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.utcoffset() is None:
        raise argparse.ArgumentTypeError("needs a time zone, for example a Z at the end")
    return moment


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the recipients to standard output."""
    parser = argparse.ArgumentParser(description="Invent recipients for the garden-club pack.")
    parser.add_argument("--count", type=int, default=1000, help="how many (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=7, help="default: %(default)s")
    parser.add_argument(
        "--at", type=_moment, default=_moment(DEFAULT_AT), help=f"when (default: {DEFAULT_AT})"
    )
    parser.add_argument(
        "--consented-share",
        type=_share,
        default=DEFAULT_CONSENTED_SHARE,
        help="share of members who said yes to everything (default: %(default)s)",
    )
    options = parser.parse_args(arguments)
    rows = recipients(
        options.count, seed=options.seed, at=options.at, consented_share=options.consented_share
    )
    try:
        for row in rows:
            print(row)
    except BrokenPipeError:  # the reader has seen enough
        sys.stderr.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
