"""The product tree that a pack supplies: what a SKU is, and what it would give away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

__all__ = ["Product", "ProductTree"]


@dataclass(frozen=True, slots=True)
class Product:
    """
    Where one product stands in the tree.

    Args:
        name: As a shopper knows it.
        category: Its shelf, e.g. "Hand tools".
        department: Its floor, e.g. "Garden".
        proxy_of: Key of the sensitive data category that it gives away, or None.
    """

    name: str
    category: str
    department: str
    proxy_of: str | None = None


class ProductTree(Mapping[str, Product]):
    """
    Products by SKU, sorted.

    A category counts as a proxy as soon as one product in it is one, a department once every
    category in it is: the shelf "Maternity wear" tells as much as the dress, the floor "Clothing"
    does not.

    Args:
        products: SKU -> product.
    """

    __slots__ = ("_categories", "_departments", "_products")

    _products: Mapping[str, Product]
    _categories: Mapping[str, frozenset[str]]
    _departments: Mapping[str, frozenset[str]]

    def __init__(self, products: Mapping[str, Product] | None = None) -> None:
        self._products = MappingProxyType(dict(sorted((products or {}).items())))
        self._categories = _proxies_of_categories(self._products)
        self._departments = _proxies_of_departments(self._products, self._categories)

    def __getitem__(self, sku: str) -> Product:
        return self._products[sku]

    def __iter__(self) -> Iterator[str]:
        return iter(self._products)

    def __len__(self) -> int:
        return len(self._products)

    def __repr__(self) -> str:
        return f"ProductTree(<{len(self)} products>)"

    def __reduce__(self) -> tuple[type[ProductTree], tuple[dict[str, Product]]]:
        return ProductTree, (dict(self._products),)

    def shown(
        self, sku: object, level: str, *, allowed: frozenset[str] = frozenset()
    ) -> str | None:
        """
        Return the name, category or department of the product *sku*.

        Args:
            sku: A key of the tree.
            level: "exact" (the name), "category" or "department".
            allowed: Sensitive data categories that products may give away.

        Returns:
            None for an unknown SKU, and for what gives away something that is not *allowed*.
        """
        product = self._products.get(sku) if isinstance(sku, str) else None
        if product is None or not self._given_away(product, level) <= allowed:
            return None
        if level == "exact":
            return product.name
        return product.category if level == "category" else product.department

    def department_of(self, category: object, *, allowed: frozenset[str]) -> str | None:
        """Return the department of *category*; None where it is unknown, not one, or a proxy."""
        found = {p.department for p in self._products.values() if p.category == category}
        if len(found) != 1:
            return None
        department = found.pop()
        return department if self._departments[department] <= allowed else None

    def _given_away(self, product: Product, level: str) -> frozenset[str]:
        own = frozenset({product.proxy_of} if product.proxy_of else ())
        if level == "department":
            return own | self._departments[product.department]
        return own | self._categories[product.category]


def _proxies_of_categories(products: Mapping[str, Product]) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for product in products.values():
        own = frozenset({product.proxy_of} if product.proxy_of else ())
        found[product.category] = found.get(product.category, frozenset()) | own
    return found


def _proxies_of_departments(
    products: Mapping[str, Product], categories: Mapping[str, frozenset[str]]
) -> dict[str, frozenset[str]]:
    floors: dict[str, list[frozenset[str]]] = {}
    for product in products.values():
        floors.setdefault(product.department, []).append(categories[product.category])
    return {
        floor: frozenset().union(*shelves) if all(shelves) else frozenset()
        for floor, shelves in floors.items()
    }
