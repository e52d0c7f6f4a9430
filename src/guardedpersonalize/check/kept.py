"""What is kept between messages: the latest of it only."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Hashable
from itertools import count
from typing import Final, Generic, TypeVar

__all__ = ["Kept", "mark"]

V = TypeVar("V")

_SALT: Final = secrets.token_hex(16)


def mark(value: str) -> int:
    """
    Return what stands for *value* in keys.

    It is a hash with a secret of this process: nobody who sees it can try values out, whatever the
    seed of Python's hashes.
    """
    return hash(_SALT + value)


class Kept(Generic[V]):
    """
    A mapping that drops its oldest entries. Threads may share it.

    Args:
        most: Entries that it holds at most.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._held: dict[Hashable, V] = {}
        self._lock = threading.Lock()
        self._numbers = count(1)
        self.get = self._held.get

    def number(self) -> int:
        """Return a number that was not given out before."""
        return next(self._numbers)

    def put(self, key: Hashable, value: V) -> V:
        """Keep *value* unless something is kept under *key*, and return what is."""
        with self._lock:
            kept = self._held.setdefault(key, value)
            if len(self._held) > self._most:
                del self._held[next(iter(self._held))]
        return kept
