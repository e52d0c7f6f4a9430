"""One template for many recipients, by one process or several."""

from __future__ import annotations

import gc
import pickle
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from guardedpersonalize.decide import Cause
from guardedpersonalize.engine.result import Recipient, Result, Told
from guardedpersonalize.engine.workers import Spread, in_order
from guardedpersonalize.errors import DetectorError, GuardError, InternalError, UsageError

if TYPE_CHECKING:
    from guardedpersonalize.engine.engine import Engine

__all__ = ["Job", "results"]

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
        except (DetectorError, InternalError) as err:
            cause = Cause(err.code, err.message)
        except GuardError as err:
            return err
        return self._held(row, cause)

    def told(self, row: Recipient) -> Told | GuardError:
        """Return the same, as another process is told of it."""
        found = self.result(row)
        if isinstance(found, GuardError):
            return found
        return Told.of(found, self.engine.checker.rules_digest)

    def lost(self, row: Recipient) -> Result | GuardError:
        """Return what becomes of a row at which a process died: it is not sent."""
        return self._held(row, _DIED)

    def _held(self, row: Recipient, cause: Cause) -> Result | GuardError:
        try:
            return self.engine.hold(self.template, row.profile, row.consent, cause, at=self.at)
        except GuardError as err:
            return err


_jobs: list[bytes | Job] = []
"""In a worker: its job; as bytes until its first work."""


def _prepare(raw: bytes) -> None:
    _jobs.append(raw)


def _work(rows: list[Recipient]) -> list[Told | Result | GuardError]:
    job = _jobs[-1]
    if isinstance(job, bytes):
        # Not at the start of the process: what goes wrong here is told, and is no death.
        job = _jobs[-1] = pickle.loads(job)  # noqa: S301  # our own
        job.engine.warm_up()
        gc.freeze()  # rules and model stay: the collector need not go through them again and again
    return [job.told(row) for row in rows]


def results(job: Job, rows: Iterable[Recipient], workers: int) -> Iterator[Result]:
    """
    Yield one result a row, in their order; one that fails for a defect of ours is held.

    Args:
        job: What is done for each.
        rows: The recipients.
        workers: How many processes; 1 is this one.

    Raises:
        UsageError: GP501, if the engine cannot be loaded again in another process.
        GuardError: where a row cannot be decided at all, as `Engine.render` does.
    """
    made = map(job.result, rows) if workers == 1 else _shared(job, rows, workers)
    for found in made:
        if isinstance(found, GuardError):
            raise found
        yield found


def _shared(job: Job, rows: Iterable[Recipient], workers: int) -> Iterator[Result | GuardError]:
    """Yield what other processes make of *rows*; a result is put together again here."""
    waiting: deque[Recipient] = deque()  # no ids: a traceback shows what a frame holds
    spread = Spread(_work, workers, job.lost, _prepare, (_pickled(job),))
    for found in in_order(spread, _noted(rows, waiting)):
        row = waiting.popleft()
        yield job.engine.retold(job.template, row, found) if isinstance(found, Told) else found


def _noted(rows: Iterable[Recipient], waiting: deque[Recipient]) -> Iterator[Recipient]:
    """Yield *rows*, and append them to *waiting*."""
    for row in rows:
        waiting.append(row)
        yield row


def _pickled(job: Job) -> bytes:
    try:
        return pickle.dumps(job)
    except (pickle.PicklingError, AttributeError, TypeError):
        pass
    raise UsageError("GP501", "an option of the engine cannot go to another process.")
