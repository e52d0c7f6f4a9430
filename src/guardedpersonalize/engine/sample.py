"""A few messages of each kind out of a batch, for a person to look at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from heapq import heappush, heapreplace
from typing import Final

from guardedpersonalize.engine.report import kind_of
from guardedpersonalize.engine.result import Result

__all__ = ["Sample", "Sampled"]

_EACH: Final = 3


@dataclass(frozen=True, slots=True)
class Sampled:
    """
    One message of the sample.

    Args:
        kind: What became of it: send, reduced, review or block.
        person: The recipient's id.
        result: The message. It holds values; neither repr shows one.
    """

    kind: str
    person: str = field(repr=False)
    result: Result


class Sample:
    """
    Up to three messages for each outcome and rung, whatever the size of the batch.

    Which ones is decided by a hash of the recipient's id: the same batch gives the same sample, in
    any order, and nobody chooses.
    """

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], list[tuple[int, str, int, Result]]] = {}
        self._added = 0

    def __repr__(self) -> str:
        return f"Sample(<{sum(map(len, self._kept.values()))} messages>)"

    def add(self, person: str, result: Result) -> None:
        """Keep *result*, or do not; what was not rendered has nothing to show."""
        if result.draft is None:
            return
        kept = self._kept.setdefault((kind_of(result), result.decision.rung.value), [])
        digest = blake2b(person.encode("utf-8", "surrogatepass"), digest_size=8).digest()
        # The heap's top is the one that a smaller hash drives out.
        # The number keeps results, which have no order, from being compared.
        self._added += 1
        item = (-int.from_bytes(digest, "big"), person, -self._added, result)
        if len(kept) < _EACH:
            heappush(kept, item)
        elif item[:2] > kept[0][:2]:
            heapreplace(kept, item)

    def __iter__(self) -> Iterator[Sampled]:
        """Yield the messages, kind by kind, in a fixed order."""
        for (kind, _), kept in sorted(self._kept.items()):
            for _, person, _, result in sorted(kept, key=lambda item: item[:3], reverse=True):
                yield Sampled(kind, person, result)
