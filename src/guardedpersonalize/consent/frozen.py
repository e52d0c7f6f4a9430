"""What cannot be changed, and pickles, copies and compares."""

from __future__ import annotations

import functools
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import fields
from typing import Any, TypeVar, final

__all__ = ["FrozenMap", "Terse"]

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


@final
class FrozenMap(Mapping[K, V]):
    """
    A read-only copy of a mapping, in the order given. Its repr shows the keys only.

    `types.MappingProxyType` would do, were it not that it cannot be pickled.
    """

    __slots__ = ("_items",)

    _items: dict[K, V]

    def __init__(self, items: Mapping[K, V]) -> None:
        self._items = dict(items)

    def __getitem__(self, key: K) -> V:
        return self._items[key]

    def __iter__(self) -> Iterator[K]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __contains__(self, key: object) -> bool:
        return key in self._items

    def __hash__(self) -> int:
        return hash(frozenset(self._items))  # of the keys, for values need not have one

    def __repr__(self) -> str:
        return f"FrozenMap({', '.join(map(str, self._items))})"

    def __reduce__(self) -> tuple[Callable[..., FrozenMap[K, V]], tuple[dict[K, V]]]:
        return FrozenMap, (self._items,)


class Terse:
    """
    A frozen dataclass whose pickle holds only what is not as it usually is.

    Most of what a record could say is not said, and batches send records to other processes. What
    was looked at when it was made is not looked at again.
    """

    __slots__ = ()

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[object, ...]]:
        told = {}
        for name, usual, _ in _fields_of(type(self)):  # type: ignore[arg-type]  # by identity
            value = getattr(self, name)
            if value is not usual:
                told[name] = value
        return _made_again, (type(self), told)


def _made_again(cls: type[Any], told: Mapping[str, object]) -> Any:  # noqa: ANN401 - of *cls*
    again = object.__new__(cls)
    for name, usual, put in _fields_of(cls):  # type: ignore[arg-type]
        put(again, told.get(name, usual))
    return again


@functools.cache
def _fields_of(cls: type[Any]) -> tuple[tuple[str, object, Callable[..., None]], ...]:
    """Return name, default and setter of each field; the setter goes round the guard of *cls*."""
    return tuple((each.name, each.default, getattr(cls, each.name).__set__) for each in fields(cls))
