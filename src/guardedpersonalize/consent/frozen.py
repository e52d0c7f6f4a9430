"""A mapping that cannot be changed, and that pickles, copies and compares."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from typing import TypeVar, final

__all__ = ["FrozenMap"]

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
