"""One engine, many threads."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import cycle, islice

import pytest

from guardedpersonalize.consent import Consent, ConsentRecord
from guardedpersonalize.engine import Engine, Recipient, Result
from guardedpersonalize.minimise import SlotSpec
from guardedpersonalize.profile import Field, FieldType, Profile
from guardedpersonalize.testing import TemplateSource, make_pack
from guardedpersonalize.vocabulary import Provenance, Source, category

AT = datetime(2026, 11, 1, 9, tzinfo=UTC)
THREADS = 16
MESSAGES = 100_000
NAMES = [c + v + d + "o" for c in "BDFGKLMNPR" for v in "aeiou" for d in "bdfgk"]


def engine() -> Engine:
    """Return an engine for a short push message."""
    name = Field(
        "name",
        FieldType.TEXT,
        category("user.name.first"),
        Provenance.PROVIDED,
        Source.DATA_SUBJECT,
    )
    source = TemplateSource(
        files={"title.j2": "The club", "body.j2": "Hello {{ name }}, the tulips are out."},
        slots=(SlotSpec("name", "name", fallback="friend"),),
        channel="push",
        purpose="marketing.communications.push",
    )
    return Engine(make_pack([name], {"spring": source}))


def person(number: int) -> Recipient:
    """Return somebody with another name; every third one allows no use of it."""
    who = f"r-{number}"
    record = ConsentRecord.simple(
        record_id=f"c-{number}",
        person=who,
        purposes=["marketing.communications.push"],
        given_at=datetime(2026, 5, 1, tzinfo=UTC),
        pii_types=["user.name.first"] if number % 3 else [],
        channels=["push"],
        channel_permission="opt_in",
    )
    profile = Profile(who, {"name": NAMES[number]})
    return Recipient(profile, Consent(records=(record,), age_group="adult"))


def told(result: Result) -> tuple[object, ...]:
    """Return what a result says, to be compared."""
    parts = dict(result.message.parts) if result.message else None
    return parts, result.decision, result.refused


@pytest.mark.slow
def test_many_threads_share_an_engine() -> None:
    """The results of a hundred thousand messages by sixteen threads are those of one."""
    people = [person(number) for number in range(len(NAMES))]
    alone = engine()
    expected = [told(alone.render("spring", p.profile, p.consent, at=AT)) for p in people]
    shared = engine()

    def work(first: int) -> int:
        wrong = 0
        turns = islice(cycle(range(len(people))), first, first + MESSAGES // THREADS)
        for number in turns:
            each = people[number]
            result = shared.render("spring", each.profile, each.consent, at=AT)
            wrong += told(result) != expected[number]
        return wrong

    with ThreadPoolExecutor(THREADS) as pool:
        assert sum(pool.map(work, range(THREADS))) == 0
