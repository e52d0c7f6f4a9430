"""One template for many recipients, by several processes."""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from guardedpersonalize.decide import Cause
from guardedpersonalize.engine.result import Recipient, Result
from guardedpersonalize.engine.workers import Spread, in_order
from guardedpersonalize.errors import GuardError

if TYPE_CHECKING:
    from guardedpersonalize.engine.engine import Engine

__all__ = ["Job", "spread_over"]

_DIED: Final = Cause("GP505", "the process that was to make it died.")


@dataclass(frozen=True, slots=True)
class Job:
    """
    What is done for each row.

    Args:
        engine: Each process loads it for itself, from its pack's folder.
        template: Name of the template.
        at: The moment to decide for.
    """

    engine: Engine
    template: str
    at: datetime

    def result(self, row: Recipient) -> Result | GuardError:
        """Return what becomes of a row, or why it cannot be said."""
        try:
            return self.engine.render(self.template, row.profile, row.consent, at=self.at)
        except GuardError as err:
            return err

    def lost(self, row: Recipient) -> Result | GuardError:
        """Return what becomes of a row at which a process died: it is not sent."""
        try:
            return self.engine.hold(self.template, row.profile, row.consent, _DIED, at=self.at)
        except GuardError as err:
            return err


_jobs: list[bytes | Job] = []
"""In a worker: its job; as bytes until its first work."""


def _prepare(raw: bytes) -> None:
    _jobs.append(raw)


def _work(rows: list[Recipient]) -> list[Result | GuardError]:
    job = _jobs[-1]
    if isinstance(job, bytes):
        # Not at the start of the process: what goes wrong here is told, and is no death.
        job = _jobs[-1] = pickle.loads(job)  # noqa: S301  # our own
    return [job.result(row) for row in rows]


def spread_over(job: Job, rows: Iterable[Recipient], workers: int) -> Iterator[Result]:
    """
    Yield one result a row, in their order.

    Raises:
        UsageError: GP501, if the engine cannot be loaded again in another process.
        GuardError: where a row cannot be decided at all, as `Engine.render` does.
    """
    spread = Spread(_work, workers, job.lost, _prepare, (pickle.dumps(job),))
    for found in in_order(spread, rows):
        if isinstance(found, GuardError):
            raise found
        yield found
