"""
Invented messages with names, places, companies and addresses in them, and with none.

Public texts with marked names are tweets and encyclopaedias; messages look different: a greeting,
a signature, a Title Case product. The frames below are ours; what fills them comes from Faker
(MIT), in the languages of many countries.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from faker import Faker
from faker.config import AVAILABLE_LOCALES

_LOCALES = """
en_GB en_GB en_US en_US en_IE en_IN en_AU en_CA en_NZ en_NG de_DE fr_FR es_ES es_MX it_IT
nl_NL pl_PL pt_BR pt_PT sv_SE da_DK fi_FI no_NO tr_TR ro_RO cs_CZ hu_HU id_ID vi_VN fil_PH
zu_ZA sk_SK hr_HR sl_SI et_EE lt_LT lv_LV de_AT de_CH fr_CA fr_CH es_AR es_CO az_AZ sq_AL ga_IE
"""

FRAMES = r"""
Hi {first}, your order has been shipped.
Hi {first}!
Dear {person},
Dear {title} {last},
Hello {first} {last}, thanks for your note.
Good morning {first}, the table is set for four at seven.
{first}, your ticket for {city} is attached.
{first}: the plumber comes on Monday between 8 and 10.
Hey {lower_first}, quick one about tomorrow
Thanks {first}! See you at the office.
Best wishes,\n{first}\n{org}
Kind regards, {person}, {org}
Warmly, {first} and the team at {org}
Yours sincerely\n{person}\nHead of Lending
Sent by {org}, {address}.
{org}, {address}. Unsubscribe at any time.
Our shop in {city} is open late on Thursdays.
Cheap flights from {city} to {city} this May.
The {city} store moves to a larger place in spring.
Trains between {city} and {city} run every half hour.
New: next-day delivery in {city}, {city} and {city}.
Deliver to: {person}, {address}
Ship to\n{person}\n{address_lines}
Your parcel was left with {person} at {address}.
We sent the kettle to {address}.
Invoice for {person}, {address_lines}
Your appointment with Dr {last} is on 14 June at 10:20.
Nurse {first} {last} will call you back before noon.
Your driver {first} arrives in 4 minutes in a grey saloon.
You are booked with {first} for a cut and colour.
{first} and {first} sent you a card.
How is {first} getting on with the new collar?
Happy birthday, {first}! Cake is on us.
Wish {first} a good start at school.
{first}'s bag is ready to be picked up.
{first}'s favourite biscuits are back.
{person} has shared a folder with you.
{person} invited you to "Budget 2027".
{person} mentioned you in a comment.
You have a new message from {person}.
A talk by {person}, who wrote three books on tides.
Interview: {person} of {org} on slow fashion.
{org} and {org} join forces.
{org} has raised its prices; we have not.
Work at {org}? Bring your badge and save 10%.
Paid to {org} on 3 March: 42.10
Your account with {org} ends in 4417.
The board of {org} met in {city} on Tuesday.
According to {person}, the bridge in {city} will open in May.
{city} weather: light rain until four.
Weekend in {city}, two nights from 119
Homes to rent near {city}, {country}
Best curry in {city}? Try ours.
We ship to {country}, {country} and {country}.
From the hills of {region}, pressed in small lots
Members in {region} can vote until Friday.
Our head office is at {address}.
Visit us: {address}
Meet at {address} at nine sharp.
Come to {street}, we are the blue door.
The works on {street} go on until July.
your new address {lower_address} is saved
{upper_person} - STATEMENT OF ACCOUNT
{upper_first}, YOUR SEAT IS RESERVED
SALE STARTS NOW IN {upper_city}
Text {first} on the usual number.
ask {lower_first} if she can bring the speaker
lol {lower_first} is late again, start without him
did you see {first} at the market
Call {person} to confirm the tour.
Contact: {person}, volunteers' desk
Signed, {first} {initial}. {last}
{initial}. {last} has paid you.
Refund for {last} family, booking of 12 August
{first} (front desk) says hello
Reply to {first}
Re: {first} / {first} lunch
Your teacher {title} {last} left a note.
{first} loved this. So will you.
Recommended by {first} from {city}
"Fits like a glove", says {first}, {city}.
"Lovely people, quick delivery." {first} {initial}., {region}
Rated five stars by {person}
Welcome back to {city}, {first}.
{first}, still thinking about {city}?
Hi {first}, {first} from {org} here.
Hi {first}, this is {first} at {org}. Your car is ready.
{org} runs on {country}'s largest wind farm.
Made in {city} since 1921
Made by hand in {country}
Our buyer {first} spent a week in {region}.
Chef {first} {last} cooks on Saturday
Starring {person} and {person}
{person}: Songs from the Attic (LP)
Next stop {city}
To {city}: platform 4
We are moving from {address} to {address}.
"""

PLAIN = r"""
Grey Wool Throw With Fringe, Large
Mother Of The Bride Dress, Navy, Sizes 8 To 24
Stainless Steel Water Bottle 750 ml
New In: The Linen Edit
Free Delivery On Orders Over 40
Anxiety Workbook For Teens, Paperback
Plus Size Winter Coat In Camel
Smoky Paprika Crisps, Sharing Bag
Spring Sale Now On
Your Daily Rewards Are Waiting
The Big Garden Weekend
Oat Flat White And A Cinnamon Bun
Buy One Get One Half Price
Grilled Aubergine, Harissa, Lemon Yoghurt
Gift Cards From Five Pounds
Save 20% On All Trail Shoes
Early Access For Members
Last Chance To Book Summer Courses
Your code is 448 201. It is good for ten minutes.
Password changed. If that was not you, write to us.
Thanks for your order. We will tell you when it ships.
Doors open at seven, the band starts at eight.
See you on Saturday.
Your trial ends on Friday. Nothing to do if you wish to go on.
We have updated our terms. They apply from 1 January.
Rate your stay in one minute.
Summer is here and so are the sandals.
May we suggest a soup for a cold evening?
Will you be there? Tickets from 12.
Grace period: seven days after the due date.
Rose, lily and jasmine, tied by hand
Olive, amber and ruby: three new shades
Read the guide to bulbs, compost and frost
Choose Your Plan
Download The App
How To Clean A Cast Iron Pan
Chicken Tikka, Pilau Rice, Mango Chutney
Margherita, Marinara, Diavola: every pizza 9 on Mondays
Chelsea boots, Oxford shirts and Cheddar: what goes with what
Jersey bedding in six colours
China plates and crystal, packed with care
A turkey for twelve, ready to roast
Mark your calendar: late opening on the 12th
Bill due on the 4th. Pay in the app.
Jack, plug and cable in one box
Frank talk about pensions, no jargon
Sunny spells, a light wind from the west
Your points: 1,240. They do not expire.
Running Late? Tell Us In The App.
Two For Tuesday: Pick Any Two Mains
Wireless Earbuds, Noise Cancelling, Midnight Blue
Eco Refill Pouch, Fresh Cotton, 1 Litre
Teen Girls' Football Boots, Moulded, Pink
Men's Waterproof Jacket, Olive
Signed-for delivery is two pounds more.
UPDATE: the pool is closed until noon
REMINDER: RENEW YOUR LIBRARY BOOKS
Open Evening: Sixth Form, Thursday, Main Hall
Step 3: Attach The Legs
Meal Kit Box, Four Dinners For Two
Kids Eat Free This Half Term
Happy Hour Every Day From Five To Seven
Best Before: See Lid
Your Basket Is Saved For Seven Days
"""


class Maker:
    """
    Makes texts with their spans.

    Args:
        seed: The same seed makes the same texts.
    """

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._locales = [locale for locale in _LOCALES.split() if locale in AVAILABLE_LOCALES]
        self._fakers: dict[str, Faker] = {}
        for number, locale in enumerate(sorted(set(self._locales))):
            self._fakers[locale] = Faker(locale)
            self._fakers[locale].seed_instance(seed + number)
        self._frames = [line.replace("\\n", "\n") for line in FRAMES.strip().splitlines()]
        self._plain = PLAIN.strip().splitlines()

    def make(self, count: int) -> list[tuple[str, list[tuple[int, int, str]]]]:
        """Return *count* texts, each with its spans (start, end, label)."""
        return [self._text() for _ in range(count)]

    def _text(self) -> tuple[str, list[tuple[int, int, str]]]:
        pieces: list[str] = []
        spans: list[tuple[int, int, str]] = []
        length = 0
        for _ in range(self._random.choice((1, 1, 1, 2, 2, 3))):
            is_plain = self._random.random() < 0.3
            source = self._random.choice(self._plain if is_plain else self._frames)
            text, found = (source, []) if is_plain else self._filled(source)
            if pieces:
                gap = self._random.choice((" ", "\n", "\n\n", " "))
                pieces.append(gap)
                length += len(gap)
            pieces.append(text)
            spans += [(start + length, end + length, label) for start, end, label in found]
            length += len(text)
        return "".join(pieces), spans

    def _filled(self, frame: str) -> tuple[str, list[tuple[int, int, str]]]:
        text = ""
        spans = []
        for piece in re.split(r"(\{\w+\})", frame):
            if not piece.startswith("{"):
                text += piece
                continue
            kind = piece[1:-1]
            value, label = self._value(kind)
            if label:
                spans.append((len(text), len(text) + len(value), label))
            text += value
        return text, spans

    def _value(self, kind: str) -> tuple[str, str]:
        fake = self._fakers[self._random.choice(self._locales)]
        latin = self._fakers["en_GB"]
        way, _, what = kind.rpartition("_")
        changed = {"lower": str.lower, "upper": str.upper}.get(way, str)
        if way not in {"lower", "upper"}:
            what = kind
        value, label = self._of(what, fake, latin)
        return changed(value), label

    def _of(self, what: str, fake: Faker, latin: Faker) -> tuple[str, str]:
        """Return a value of a kind, and the label of its span; "" for none."""
        state = getattr(fake, "state", latin.county)
        makers: dict[str, tuple[Callable[[], str], str]] = {
            "first": (fake.first_name, "PER"),
            "last": (fake.last_name, "PER"),
            "person": (lambda: f"{fake.first_name()} {fake.last_name()}", "PER"),
            "initial": (lambda: self._random.choice("ABCDEFGHJKLMNPRSTVW"), ""),
            "title": (lambda: self._random.choice(("Mr", "Mrs", "Ms", "Dr", "Prof", "Mx")), ""),
            "city": (fake.city, "LOC"),
            "country": (latin.country, "LOC"),
            "region": (lambda: str(state()), "LOC"),
            "org": (lambda: self._company(fake), "ORG"),
            "street": (fake.street_name, "ADDRESS"),
            "address": (lambda: fake.address().replace("\n", ", "), "ADDRESS"),
            "address_lines": (fake.address, "ADDRESS"),
        }
        make, label = makers[what]
        return make(), label

    def _company(self, fake: Faker) -> str:
        first = fake.last_name()
        words = ("Lantern", "Harbour", "Fern", "Copper", "North", "Tide", "Thistle", "Juniper")
        ends = ("Books", "Bakery", "Bank", "Travel", "Energy", "& Sons", "Clinic", "Ltd", "Homes")
        plain = f"{self._random.choice(words)} {self._random.choice(ends)}"
        named = f"{first} {self._random.choice(ends)}"
        return self._random.choice((plain, named, fake.company(), f"{first} & {fake.last_name()}"))
