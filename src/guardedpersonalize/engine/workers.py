"""Work spread over processes, its results in the order of the input, none of them lost."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from itertools import islice
from typing import Final, Generic, TypeVar

from guardedpersonalize.errors import UsageError

__all__ = ["Spread", "cores", "in_order"]

T = TypeVar("T")
R = TypeVar("R")

_CHUNK: Final = 64
_AHEAD: Final = 4
"""Chunks for each process that are under way at a time; no more of the input is read."""


def cores() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class Spread(Generic[T, R]):
    """
    How work is spread.

    Args:
        work: A function of a module, given some of the items at a time; items and results must be
            picklable.
        jobs: How many processes.
        lost: Makes the result of an item at which its process died, once by itself.
        start: Called once in each process before its first work.
        given: What *start* is called with.
    """

    work: Callable[[list[T]], list[R]]
    jobs: int
    lost: Callable[[T], R]
    start: Callable[..., object]
    given: tuple[object, ...] = field(default=(), repr=False)

    def pool(self, jobs: int) -> ProcessPoolExecutor:
        """Return fresh processes."""
        # Spawned, not forked: a fork would copy locks that threads of the parent may hold.
        context = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(jobs, context, _begin, (self.start, self.given))

    def submit(self, pool: ProcessPoolExecutor, chunk: list[T]) -> Future[list[R]]:
        """Give a chunk to *pool*, which may start its processes by it: a Ctrl-C has to wait."""
        if not hasattr(signal, "pthread_sigmask"):  # Windows
            return pool.submit(self.work, chunk)
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            return pool.submit(self.work, chunk)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _begin(start: Callable[..., object], given: tuple[object, ...]) -> None:
    """Leave Ctrl-C to the parent, which lets the processes finish what they have begun."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    start(*given)


def in_order(spread: Spread[T, R], items: Iterable[T]) -> Iterator[R]:
    """
    Yield one result for each of *items*, in their order.

    When a process dies, the items that it had are done again, one at a time, and only the one at
    which a process dies again has a lost result; `work` has to bear an empty list. On Ctrl-C
    nothing new is begun; what has been is finished and yielded, then `KeyboardInterrupt` goes on
    its way.

    Raises:
        UsageError: GP505, if processes die whatever they are given.
    """
    yield from _Run(spread, iter(items)).results()


class _Run(Generic[T, R]):
    """The chunks that are under way, the oldest first."""

    def __init__(self, spread: Spread[T, R], source: Iterator[T]) -> None:
        self._spread = spread
        self._source = source
        self._pool = spread.pool(spread.jobs)
        self._waiting: deque[tuple[list[T], Future[list[R]]]] = deque()
        self._fault: Exception | None = None

    def results(self) -> Iterator[R]:
        try:
            while self._fill():
                chunk, future = self._waiting[0]
                try:
                    found = future.result()
                except BrokenProcessPool:
                    self._prove()
                    found = self._again(chunk)
                    self._waiting[0] = chunk, _done(found)
                    self._restart()
                yield from found
                self._waiting.popleft()
            if self._fault is not None:
                raise self._fault
        except KeyboardInterrupt:
            yield from self._finished()
            raise
        finally:
            self._pool.shutdown(cancel_futures=True)

    def _fill(self) -> bool:
        """Begin as much as is worth it; tell whether anything is under way."""
        while self._fault is None and len(self._waiting) < self._spread.jobs * _AHEAD:
            chunk: list[T] = []
            try:
                chunk.extend(islice(self._source, _CHUNK))
            except Exception as err:  # noqa: BLE001 (what came before it is done first)
                self._fault = err
            if not chunk:
                break
            self._waiting.append((chunk, self._submit(chunk)))
        return bool(self._waiting)

    def _submit(self, chunk: list[T]) -> Future[list[R]]:
        try:
            return self._spread.submit(self._pool, chunk)
        except BrokenProcessPool as err:  # since the last result
            failed: Future[list[R]] = Future()
            failed.set_exception(err)
            return failed

    def _restart(self) -> None:
        """Give what the dead pool has not finished to a new one; the oldest chunk is done."""
        self._pool.shutdown(cancel_futures=True)
        self._pool = self._spread.pool(self._spread.jobs)
        for number, (chunk, future) in enumerate(self._waiting):
            is_finished = future.done() and not future.cancelled() and future.exception() is None
            if number and not is_finished:
                self._waiting[number] = chunk, self._submit(chunk)

    def _prove(self) -> None:
        """
        Raise where a process dies of no item at all: everything would be lost, one by one.

        Raises:
            UsageError: GP505.
        """
        with self._spread.pool(1) as pool:
            try:
                self._spread.submit(pool, []).result()
                return
            except BrokenProcessPool:
                pass
        message = "no process can do the work of this batch."
        remedy = 'Guard the start of a script with `if __name__ == "__main__"`; look at its memory.'
        raise UsageError("GP505", message, remedy=remedy)

    def _again(self, chunk: list[T]) -> list[R]:
        """Do each item of a chunk by itself."""
        found: list[R] = []
        pool = self._spread.pool(1)
        try:
            for item in chunk:
                try:
                    found += self._spread.submit(pool, [item]).result()
                except BrokenProcessPool:
                    found.append(self._spread.lost(item))
                    pool.shutdown()
                    pool = self._spread.pool(1)
        finally:
            pool.shutdown(cancel_futures=True)
        return found

    def _finished(self) -> Iterator[R]:
        """Yield what has been begun, and begin nothing more."""
        # The pool itself cancels what it has not begun: what it begins, it begins in order.
        self._pool.shutdown(wait=False, cancel_futures=True)
        for _, future in self._waiting:
            try:
                found = future.result()
            except (BrokenProcessPool, CancelledError):
                return
            yield from found


def _done(found: list[R]) -> Future[list[R]]:
    future: Future[list[R]] = Future()
    future.set_result(found)
    return future
