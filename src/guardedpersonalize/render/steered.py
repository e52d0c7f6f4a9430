"""
Steered templates: syntax trees in which what decides is handed to a `Steering`.

What is written, and where, stays as it is, so that the sites of a steered template are those of the
plain one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

from jinja2 import nodes

from guardedpersonalize.render.steering import ALIKE, COMPARE, DERIVED, TRUTH, TURNS
from guardedpersonalize.render.values import words

__all__ = ["steered"]

N = TypeVar("N", bound=nodes.Node)

_NEGATED: Final = {"ne": "eq", "gt": "lteq", "lt": "gteq", "notin": "in"}
_COMPARING: Final = {
    word: kind
    for kind, known in {
        "eq": "== eq equalto",
        "ne": "!= ne",
        "gt": "> gt greaterthan",
        "gteq": ">= ge",
        "lt": "< lt lessthan",
        "lteq": "<= le",
        "in": "in",
    }.items()
    for word in words(known)
}
"""Tests that compare -> the operator, as Jinja's nodes call it."""
_OF_KIND: Final = words("""
    boolean defined float integer iterable mapping none number sequence string undefined
    """)
"""Tests of what kind a value is, which is the same for every value of a slot."""
_AS_TRUE: Final = words("""
    capitalize count e escape join length list lower sort string title trim unique upper
    """)
"""Filters that leave the text or list of a slot as true as it is: none is blank."""
_DEFAULT_GIVEN: Final = 2  # what stands there instead, and whether for empty text as well
_NO_VALUES: Final = words("caller kwargs loop self super varargs")


def steered(tree: nodes.Template, name: str) -> nodes.Template:
    """Return a steered copy of *tree*, which is the template *name*."""
    return _Rewriter(name).copy(tree)


class _Rewriter:
    """Copies one template."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._places = 0
        self._rewrites: Mapping[type, Callable[[Any], Any]] = {
            nodes.And: self._chosen,
            nodes.Assign: lambda node: self.copy(node, node=self._kept(node.node)),
            nodes.AssignBlock: lambda node: self.copy(node, filter=node.filter),
            nodes.Call: self._call,
            nodes.Compare: self._test,
            nodes.CondExpr: self._chosen,
            nodes.Filter: self._chosen,
            nodes.FilterBlock: lambda node: self.copy(node, filter=node.filter),
            nodes.For: self._for,
            nodes.If: lambda node: self.copy(node, test=self._test(node.test)),
            nodes.Keyword: lambda node: self.copy(node, value=self._kept(node.value)),
            nodes.Not: self._test,
            nodes.Or: self._chosen,
            nodes.Test: self._test,
            nodes.With: lambda node: self.copy(node, values=list(map(self._kept, node.values))),
        }

    def copy(self, node: N, /, **made: Any) -> N:  # noqa: ANN401 - what a field holds
        """Return a copy of *node* with everything in it rewritten, but for what is *made*."""
        copied = object.__new__(type(node))
        for key in node.attributes:
            setattr(copied, key, getattr(node, key))
        for key in node.fields:
            is_made = key in made
            value = made[key] if is_made else _each(getattr(node, key), self._rewritten)
            setattr(copied, key, value)
        return copied

    def _rewritten(self, node: Any) -> Any:  # noqa: ANN401 - a node of the same use
        return self._rewrites.get(type(node), self.copy)(node)

    def _for(self, node: nodes.For) -> nodes.For:
        source: Any = node.iter
        test: Any = node.test
        turns = self._asking(TURNS, self._rewritten(source), source)
        return self.copy(node, iter=turns, test=test and self._test(test))

    def _call(self, node: nodes.Call) -> nodes.Node:
        return self.copy(node, args=list(map(self._kept, node.args)))

    # -- values

    def _kept(self, node: nodes.Expr) -> nodes.Expr:
        """Return *node* for a name to keep, which is asked about later: made of which slots?"""
        chosen = self._choice(node, self._kept)
        if chosen is not None:
            return chosen
        made: nodes.Expr = self._rewritten(node)
        if isinstance(node, nodes.Name) or not (near := _names(node)):
            return made
        return _filter(DERIVED, made, [_const(repr(node), node), *near])

    def _chosen(self, node: nodes.Expr) -> nodes.Node:
        return self._choice(node, self._rewritten) or self.copy(node)

    def _choice(
        self, node: nodes.Expr, then: Callable[[nodes.Expr], nodes.Expr]
    ) -> nodes.Expr | None:
        """Return *node* as a choice of two, each rewritten by *then*; None if it is no choice."""
        if isinstance(node, nodes.CondExpr):
            return self._conditional(node, then)
        if isinstance(node, nodes.And):
            return _either(self._test(node.left), then(node.right), then(node.left))
        if (pair := _or(node)) is not None:
            return _either(self._test(pair[0]), then(pair[0]), then(pair[1]))
        return None

    def _conditional(
        self, node: nodes.CondExpr, then: Callable[[nodes.Expr], nodes.Expr]
    ) -> nodes.Expr:
        other = node.expr2 and then(node.expr2)
        return _either(self._test(node.test), then(node.expr1), other)

    # -- what decides

    def _test(self, node: nodes.Expr) -> nodes.Expr:
        """Return an expression that is true or false as *node* is, and is asked about."""
        if isinstance(node, nodes.Not):
            return _not(self._test(node.node))
        if isinstance(node, nodes.And):
            return _either(
                self._test(node.left), self._test(node.right), _const(value=False, node=node)
            )
        if (pair := _or(node)) is not None:
            return _either(self._test(pair[0]), _const(value=True, node=node), self._test(pair[1]))
        if isinstance(node, nodes.CondExpr):
            return self._conditional(node, self._test)
        return self._simple(node)

    def _simple(self, node: nodes.Expr) -> nodes.Expr:
        if isinstance(node, nodes.Compare) and len(node.ops) == 1:
            (only,) = node.ops
            return self._comparison(only.op, node.expr, only.expr, node)
        if isinstance(node, nodes.Test):
            return self._tested(node)
        base = _base(node)
        if base is not node and isinstance(base, nodes.Name):
            return self._asking(ALIKE, self._rewritten(node), node, self.copy(base))
        whole = self.copy(node) if isinstance(node, nodes.Compare) else self._rewritten(node)
        return self._asking(TRUTH, whole, node)

    def _tested(self, node: nodes.Test) -> nodes.Expr:
        if node.name in _OF_KIND:
            return self.copy(node)
        if node.name == "true":
            return self._test(node.node)
        if node.name == "false":
            return _not(self._test(node.node))
        if node.name in _COMPARING and node.args:
            return self._comparison(_COMPARING[node.name], node.node, node.args[0], node)
        return self._asking(TRUTH, self.copy(node), node)

    def _comparison(
        self, kind: str, left: nodes.Expr, right: nodes.Expr, node: nodes.Expr
    ) -> nodes.Expr:
        if kind in _NEGATED:
            return _not(self._comparison(_NEGATED[kind], left, right, node))
        other = self._rewritten(right)
        return self._asking(COMPARE, self._rewritten(left), node, _const(kind, node), other)

    def _asking(
        self, name: str, made: nodes.Expr, node: nodes.Expr, *given: nodes.Expr
    ) -> nodes.Expr:
        """Return *made* in a filter that asks about *node*; constants are not asked about."""
        near = _names(node)
        if not near and not given:
            return made
        self._places += 1
        site = f"{self._name}#{self._places}"
        about = [_const(repr(node), node), _const(site, node)]
        return _filter(name, made, [*given, *about, *near])


def _each(value: Any, change: Callable[[nodes.Node], nodes.Node]) -> Any:  # noqa: ANN401
    if isinstance(value, nodes.Node):
        return change(value)
    if isinstance(value, list | tuple):
        return type(value)(_each(item, change) for item in value)
    return value


def _base(node: nodes.Expr) -> nodes.Expr:
    """Return what the last filters of *node* leave as true as it is."""
    while isinstance(node, nodes.Filter) and node.node and node.name in _AS_TRUE:
        node = node.node
    return node


def _names(node: nodes.Expr) -> list[nodes.Expr]:
    """Return the names whose values are in *node*, each once."""
    own = [node] if isinstance(node, nodes.Name) else []
    found = {each.name: each for each in (*own, *node.find_all(nodes.Name))}
    return [
        nodes.Name(name, "load", lineno=node.lineno, environment=node.environment)
        for name in sorted(found.keys() - _NO_VALUES)
    ]


def _or(node: nodes.Expr) -> tuple[nodes.Expr, nodes.Expr] | None:
    """Return both sides of an `or`, or of a filter that is one: `default("x", true)`."""
    if isinstance(node, nodes.Or):
        return node.left, node.right
    if not isinstance(node, nodes.Filter) or node.node is None:
        return None
    given = [*node.args, *(pair.value for pair in node.kwargs)]
    is_default = node.name in {"d", "default"} and len(given) == _DEFAULT_GIVEN
    is_or = is_default and isinstance(given[1], nodes.Const) and bool(given[1].value)
    return (node.node, given[0]) if is_or else None


def _filter(name: str, made: nodes.Expr, given: list[nodes.Expr]) -> nodes.Expr:
    return nodes.Filter(
        made, name, given, [], None, None, lineno=made.lineno, environment=made.environment
    )


def _const(value: object, node: nodes.Expr) -> nodes.Expr:
    return nodes.Const(value, lineno=node.lineno, environment=node.environment)


def _not(node: nodes.Expr) -> nodes.Expr:
    return nodes.Not(node, lineno=node.lineno, environment=node.environment)


def _either(test: nodes.Expr, yes: nodes.Expr, no: nodes.Expr | None) -> nodes.Expr:
    return nodes.CondExpr(test, yes, no, lineno=test.lineno, environment=test.environment)
