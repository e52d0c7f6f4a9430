"""Work spread over processes, its results in the order of the input."""

from __future__ import annotations

import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import islice
from typing import Final, TypeVar

__all__ = ["cores", "in_order"]

T = TypeVar("T")
R = TypeVar("R")

_CHUNK: Final = 64
_AHEAD: Final = 4


def cores() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def in_order(
    work: Callable[[list[T]], list[R]],
    items: Iterable[T],
    *,
    jobs: int,
    start: Callable[..., None],
    given: tuple[object, ...],
) -> Iterator[R]:
    """
    Yield what *work* makes of *items*, in their order, with *jobs* processes at it.

    No more of the input is read than the processes need to stay busy.

    Args:
        work: A function of a module, given some of the items at a time.
        items: What to work on; must be picklable, and so must the results.
        jobs: How many processes.
        start: Called once in each process before its first work.
        given: What *start* is called with.
    """
    # Spawned, not forked: a fork would copy locks that threads of the parent may hold.
    context = multiprocessing.get_context("spawn")
    waiting: deque[Future[list[R]]] = deque()
    source = iter(items)
    with ProcessPoolExecutor(jobs, context, start, given) as pool:
        while chunk := list(islice(source, _CHUNK)):
            waiting.append(pool.submit(work, chunk))
            if len(waiting) >= jobs * _AHEAD:
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()
