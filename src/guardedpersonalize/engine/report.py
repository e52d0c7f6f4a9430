"""What became of a batch: counts, and doubts that no single message shows. It holds no value."""

from __future__ import annotations

import secrets
import time
from array import array
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Final

from guardedpersonalize.engine.result import Result
from guardedpersonalize.minimise import Slot
from guardedpersonalize.profile import Catalogue, Profile, is_blank
from guardedpersonalize.vocabulary import EXACT, Severity, SlotOutcome

__all__ = ["BatchReport", "Doubt", "SlotCount", "kind_of"]

_EMAIL: Final = "user.contact.email"
_NAME: Final = "user.name"
_OWN: Final = (
    _EMAIL,
    "user.account.username",
    "user.contact.address.street",
    "user.contact.phone_number",
    "user.device",
    "user.government_id",
    "user.unique_id",
)
"""Categories of which nearly every person has a value of their own."""

_LEAST_ROWS: Final = 50
"""Rows before a share says anything (house choice)."""
_SHARED: Final = {"own": 0.02, "name": 0.2}
"""Share of the filled rows that one value may have: of one's own, and of a name (house choice)."""
_MOSTLY: Final = 0.5
_COUNTERS: Final = 256


@dataclass(frozen=True, slots=True)
class Doubt:
    """
    Something about a batch that is probably a mistake in its data.

    Args:
        code: `same_value`, `mostly_empty` or `shared_email`.
        subject: The slot, or the field.
        count: How many rows it concerns, at least.
        message: What it is, in one sentence without values.
    """

    code: str
    subject: str
    count: int
    message: str


@dataclass(slots=True)
class SlotCount:
    """What became of one slot over the batch."""

    filled: int = 0
    fallback: int = 0
    empty: int = 0
    reasons: Counter[str] = field(default_factory=Counter)

    @property
    def rows(self) -> int:
        """Rows that had the slot."""
        return self.filled + self.fallback + self.empty


class _Frequent:
    """
    The values that come most often, by digest, in fixed memory.

    Source:
        Misra and Gries 1982, "Finding repeated elements": a count is too low by at most the number
        of values over the number of counters.
    """

    __slots__ = ("_counts",)

    def __init__(self) -> None:
        self._counts: dict[int, int] = {}

    def add(self, digest: int) -> None:
        counts = self._counts
        if digest in counts:
            counts[digest] += 1
        elif len(counts) < _COUNTERS:
            counts[digest] = 1
        else:
            self._counts = {key: count - 1 for key, count in counts.items() if count > 1}

    @property
    def most(self) -> int:
        """How often the commonest value came, at least."""
        return max(self._counts.values(), default=0)


class BatchReport:
    """
    Counts of what became of the rows of a batch.

    Memory does not grow with the number of rows, but for eight bytes a row that has an e-mail
    address. Values are told apart by digests under a key that is made here and kept nowhere.

    Args:
        catalogue: The fields of the profiles.
        clock: Returns seconds; for the rate of rows.
    """

    def __init__(
        self, catalogue: Catalogue, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._addresses = [
            name for name, field in catalogue.items() if field.category.is_within(_EMAIL)
        ]
        self._clock = clock
        self._began = clock()
        self._key = secrets.token_bytes(16)
        self._frequent: dict[str, tuple[str, _Frequent]] = {}
        self._emails = array("Q")
        self.outcomes: Counter[str] = Counter()
        self.rungs: Counter[str] = Counter()
        self.rules: Counter[str] = Counter()
        self.causes: Counter[tuple[str, str]] = Counter()
        self.rejected: Counter[tuple[str, str]] = Counter()
        self.scores: Counter[int] = Counter()  # of what was rendered, in whole points, rounded down
        self.slots: dict[str, SlotCount] = {}
        self.worst: Severity | None = None

    def __repr__(self) -> str:
        return f"BatchReport(<{self.rows} rows>)"

    @property
    def rows(self) -> int:
        """Messages that were made or held back; rejected rows are not among them."""
        return self.outcomes.total()

    @property
    def rows_per_second(self) -> float:
        """Rows for each second since the report was begun."""
        return self.rows / max(self._clock() - self._began, 1e-9)

    def add(self, profile: Profile, result: Result) -> None:
        """Count one message; a sent one with a slot that is not filled counts as reduced."""
        decision = result.decision
        self.outcomes[kind_of(result)] += 1
        if result.draft is not None:
            self.scores[int(decision.score.total)] += 1
        self.rungs[decision.rung.value] += 1
        self.causes.update({(cause.code, cause.message) for cause in decision.causes})
        self.rules.update({finding.rule for finding in (*decision.findings, *result.refused)})
        for finding in decision.findings:
            if self.worst is None or finding.severity.rank > self.worst.rank:
                self.worst = finding.severity
        for slot in result.slots.values() if result.slots else ():
            self._slot(slot)
        self._email(profile)

    def reject(self, code: str, message: str) -> None:
        """Count a row that could not be read."""
        self.rejected[code, message] += 1

    def _slot(self, slot: Slot) -> None:
        name = slot.spec.name
        count = self.slots.setdefault(name, SlotCount())
        if slot.is_filled:
            count.filled += 1
            if kind := _own_or_name(slot):
                self._frequent_of(name, kind).add(self._digest(slot.value))
            return
        if slot.outcome is SlotOutcome.FALLBACK:
            count.fallback += 1
        else:
            count.empty += 1
        count.reasons[str(slot.reason)] += 1

    def _frequent_of(self, slot: str, kind: str) -> _Frequent:
        return self._frequent.setdefault(slot, (kind, _Frequent()))[1]

    def _email(self, profile: Profile) -> None:
        """Note the address of a reader, whether or not a message shows it."""
        found = set()
        for name in self._addresses:
            value = profile.reveal(name) if name in profile else None
            if isinstance(value, str) and not is_blank(value):
                found.add(self._digest(value.strip().lower()))
        self._emails.extend(found)

    def _digest(self, value: object) -> int:
        raw = repr(value).encode("utf-8", "surrogatepass")
        return int.from_bytes(blake2b(raw, digest_size=8, key=self._key).digest(), "big")

    def doubts(self) -> tuple[Doubt, ...]:
        """Return what is probably wrong with the data, in a fixed order."""
        found = []
        for name, (kind, frequent) in sorted(self._frequent.items()):
            filled, most = self.slots[name].filled, frequent.most
            if filled >= _LEAST_ROWS and most > filled * _SHARED[kind]:
                message = f"the slot {name!r} has one value for {most} of {filled} people."
                found.append(Doubt("same_value", name, most, message))
        for name, count in sorted(self.slots.items()):
            missing = count.rows - count.filled
            if count.rows >= _LEAST_ROWS and missing > count.rows * _MOSTLY:
                reason, _ = max(count.reasons.items(), key=lambda item: (item[1], item[0]))
                message = (
                    f"the slot {name!r} is not filled for {missing} of {count.rows} people, "
                    f"mostly because of {reason}."
                )
                found.append(Doubt("mostly_empty", name, missing, message))
        shared = self._shared_emails()
        if shared:
            message = f"{shared} people share their e-mail address with another row."
            found.append(Doubt("shared_email", "", shared, message))
        return tuple(found)

    def _shared_emails(self) -> int:
        ordered = sorted(self._emails)
        last = len(ordered) - 1
        return sum(
            (at > 0 and ordered[at - 1] == one) or (at < last and ordered[at + 1] == one)
            for at, one in enumerate(ordered)
        )


def kind_of(result: Result) -> str:
    """Return the outcome, or "reduced" for what is sent with a slot that is not filled."""
    decision = result.decision
    withheld = result.slots.withheld if result.slots else ()
    is_reduced = decision.is_reduced or (decision.is_sendable and bool(withheld))
    return "reduced" if is_reduced else decision.outcome.value


def _own_or_name(slot: Slot) -> str:
    """Return "own" or "name" for what should differ from person to person, else ""."""
    if slot.level != EXACT:
        return ""
    category = slot.field.category
    if any(category.is_within(key) for key in _OWN):
        return "own"
    return "name" if category.is_within(_NAME) else ""
