from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import replace

import pytest

from guardedpersonalize.minimise import Context, Product, ProductTree, generalise

Sent = Callable[[object], object]

HEALTH = frozenset({"user.health_and_medical"})


def test_products_become_shelves_and_floors(products: ProductTree) -> None:
    """A SKU is shown by name, category or department."""
    assert products.shown("T-1", "exact") == "Border spade"
    assert products.shown("T-1", "category") == "hand tools"
    assert products.shown("T-1", "department") == "garden"


@pytest.mark.parametrize("sku", ["X-9", "hand tools", "", None, 5])
def test_unknown_products_are_omitted(products: ProductTree, sku: object) -> None:
    """What is not in the tree is never shown as it stands."""
    assert [products.shown(sku, level) for level in ("exact", "category")] == [None, None]


@pytest.mark.parametrize("level", ["exact", "category", "department"])
def test_proxies_are_omitted_unless_allowed(products: ProductTree, level: str) -> None:
    """A product that gives something sensitive away is shown at no level."""
    assert products.shown("W-1", level) is None
    assert products.shown("W-1", level, allowed=HEALTH) is not None
    assert products.shown("W-1", level, allowed=frozenset({"user.childrens"})) is None


def test_one_proxy_marks_its_shelf(products: ProductTree) -> None:
    """An innocent product on a telling shelf is not shown by the shelf's name, nor by its own."""
    assert products.shown("W-2", "category") is None
    assert products.shown("W-2", "exact") is None
    assert products.shown("W-2", "department") == "garden"


def test_floor_of_nothing_but_proxies_is_one(products: ProductTree) -> None:
    """A department is a proxy once each of its shelves is."""
    assert products.shown("H-1", "department") is None
    assert products.department_of("herbs", allowed=frozenset()) is None
    assert products.department_of("herbs", allowed=HEALTH) == "pharmacy"


def test_category_has_a_department(context: Context) -> None:
    """A coarse product can be made coarser, where its shelf stands on one floor."""
    shelf = generalise("product", "T-1", "category", context=context)
    floor = generalise("product", shelf, "department", context=context)
    assert floor is not None
    assert floor.value == "garden"
    torn = ProductTree({"a": Product("A", "tools", "one"), "b": Product("B", "tools", "two")})
    elsewhere = replace(context, products=torn)
    tools = generalise("product", "a", "category", context=elsewhere)
    assert generalise("product", tools, "department", context=elsewhere) is None
    assert torn.department_of("soap", allowed=frozenset()) is None


def test_context_allows_proxies_by_name(context: Context) -> None:
    """The context names the sensitive categories that products may give away."""
    assert generalise("product", "H-1", "category", context=context) is None
    allowing = replace(context, allow_proxies=HEALTH)
    shelf = generalise("product", "H-1", "category", context=allowing)
    assert shelf is not None
    assert shelf.value == "herbs"


def test_tree_is_a_sorted_mapping(products: ProductTree, sent: Sent) -> None:
    """It reads like a mapping, pickles and copies, and its repr is short."""
    assert list(products) == ["H-1", "T-1", "T-2", "W-1", "W-2"]
    assert products["T-2"].name == "Hand fork"
    assert sent(products) == copy.deepcopy(products) == products
    assert repr(products) == "ProductTree(<5 products>)"
    assert len(ProductTree()) == 0
