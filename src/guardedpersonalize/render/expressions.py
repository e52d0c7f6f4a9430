"""What an expression may show: the union over its parts, with calls and modules looked into."""

# ruff: noqa: ARG002 - all visitors have one signature
from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from jinja2 import nodes
from jinja2.utils import _PassArg

from guardedpersonalize.render.cells import Scope
from guardedpersonalize.render.macros import Arguments, Macros, sorted_macros
from guardedpersonalize.render.values import (
    LAZY,
    MARKUP,
    NOTHING,
    OBJECT,
    STATE,
    Held,
    Value,
    as_any_call,
    words,
)

__all__ = ["Expressions"]

_LAZY_FILTERS: Final = words("""
    batch items map reject rejectattr reverse select selectattr slice unique
    """)
_USES_UP: Final = words("count first join last length list max min sort sum")
_MAKES_MARKUP: Final = words("e escape forceescape safe tojson urlize xmlattr")
_MAKES_PLAIN: Final = words("abs count float int length striptags urlencode wordcount")
_GIVES_ITEMS: Final = words("copy get items pop setdefault values")
"""Methods whose result may be a macro that the object holds."""


class Expressions(Macros):
    """Evaluates expressions; `filters` and `tests` tell which of them read the whole context."""

    filters: Mapping[str, Callable[..., Any]]
    tests: Mapping[str, Callable[..., Any]]

    def _root_value(self, node: nodes.Node, scope: Scope) -> Value:
        """Return the value of a whole expression."""
        with self._whole() as values:
            values.append(self._value(node, scope))
        return values[0]

    @contextmanager
    def _whole(self) -> Iterator[list[Value]]:
        """Evaluate a whole expression: one that uses up a generator changes state for others."""
        saved, self._is_using_up = self._is_using_up, False
        values: list[Value] = []
        yield values
        if self._is_using_up:
            labels = values[0].labels | self._control | self._effects
            self._join_state(Value(control=labels))
        self._is_using_up = saved

    def _tested(self, node: nodes.Node, scope: Scope) -> Value:
        saved, self._is_testing = self._is_testing, True
        value = self._root_value(node, scope)
        self._is_testing = saved
        return value

    def _value(self, node: nodes.Node, scope: Scope) -> Value:
        handle: Callable[[nodes.Node, Scope], Value] = getattr(
            self, f"_expr_{type(node).__name__.lower()}", self._expr_other
        )
        value = handle(node, scope)
        self.values[id(node)] = self.values.get(id(node), NOTHING) | value
        return value

    def _expr_other(self, node: nodes.Node, scope: Scope) -> Value:
        value = NOTHING
        for child in node.iter_child_nodes():
            value |= self._value(child, scope)
        return value

    def _expr_name(self, node: nodes.Name, scope: Scope) -> Value:
        return self._with_state(self._lookup(node.name, scope, node.lineno))

    def _expr_condexpr(self, node: nodes.CondExpr, scope: Scope) -> Value:
        chosen = self._tested(node.test, scope).only_control()
        for branch in (node.expr1, node.expr2):
            if branch is not None:
                chosen |= self._value(branch, scope)
        return chosen

    def _expr_compare(self, node: nodes.Compare, scope: Scope) -> Value:
        return self._expr_other(node, scope).plain()

    def _expr_not(self, node: nodes.Not, scope: Scope) -> Value:
        return self._expr_other(node, scope).plain()

    def _expr_test(self, node: nodes.Test, scope: Scope) -> Value:
        return self._expr_other(node, scope).plain() | self._reader(self.tests.get(node.name))

    def _expr_filter(self, node: nodes.Filter, scope: Scope) -> Value:
        value = self._opened(self._expr_other(node, scope))
        value |= self._reader(self.filters.get(node.name))
        if node.name in _USES_UP and self._gives_plain_items(node.node):
            value = value.without(LAZY)
        if node.name in _MAKES_PLAIN:
            value = value.without(MARKUP, LAZY)
        if node.name in _LAZY_FILTERS:
            value = value.plus(LAZY)
        if node.name in _MAKES_MARKUP:
            value = value.plus(MARKUP)
        return value

    def _gives_plain_items(self, node: nodes.Node | None) -> bool:
        """Whether going through *node* gives no generators: it is one itself, over plain things."""
        while isinstance(node, nodes.Filter) and node.name in _LAZY_FILTERS:
            node = node.node
        return node is not None and LAZY not in self.value_of(node).holds

    def _reader(self, function: Any) -> Value:  # noqa: ANN401 - whatever stands under a name
        """Return everything, if *function* is not Jinja's own and reads the whole context."""
        if function is None or (getattr(function, "__module__", "") or "").startswith("jinja2."):
            return NOTHING
        if _PassArg.from_obj(function) is not _PassArg.context:
            return NOTHING
        return self._everything()

    def _expr_contextreference(self, node: nodes.Node, scope: Scope) -> Value:
        return self._everything()

    _expr_derivedcontextreference = _expr_contextreference

    def _expr_getattr(self, node: nodes.Getattr, scope: Scope) -> Value:
        return self._attribute(self._value(node.node, scope), node.attr)

    def _expr_getitem(self, node: nodes.Getitem, scope: Scope) -> Value:
        value = self._value(node.node, scope)
        key = self._value(node.arg, scope)
        if isinstance(node.arg, nodes.Const) and isinstance(node.arg.value, str):
            return self._attribute(value, node.arg.value)
        return self._opened(value) | key

    def _attribute(self, value: Value, name: str) -> Value:
        """Return what `value.name` may be; a module's exports are known by name."""
        modules = _modules(value)
        if modules:
            value = value.without(*modules, MARKUP)
        for module in modules:
            value |= self._cells[id(self.trees[module.name]), name]
        return self._with_state(value)

    def _opened(self, value: Value) -> Value:
        """Return *value* with everything that the modules it may be export."""
        for module in _modules(value):
            key = id(self.trees[module.name])
            for (scope, _), exported in list(self._cells.items()):
                if scope == key:
                    value |= exported
        return self._with_state(value)

    def _expr_call(self, node: nodes.Call, scope: Scope) -> Value:
        return self._call(node, scope, NOTHING)

    def _call(self, node: nodes.Call, scope: Scope, caller: Value) -> Value:
        target = self._opened(self._value(node.node, scope))
        arguments = Arguments(
            [self._value(arg, scope) for arg in node.args],
            {pair.key: self._value(pair.value, scope) for pair in node.kwargs},
            NOTHING,
        )
        for spread in (node.dyn_args, node.dyn_kwargs):
            if spread is not None:
                arguments.spread |= self._value(spread, scope)
        if caller.holds:
            arguments.named["caller"] = arguments.named.get("caller", NOTHING) | caller
        result = self._result(node, scope, target, arguments)
        self._note_effects(node, target, arguments)
        return result

    def _result(self, node: nodes.Call, scope: Scope, target: Value, arguments: Arguments) -> Value:
        macros = sorted_macros(target)
        callee = node.node
        is_named = isinstance(callee, nodes.Name) or (
            isinstance(callee, nodes.Getattr) and callee.attr not in _GIVES_ITEMS
        )
        result = target.without(OBJECT, *(macros if is_named else ()))
        if not macros or target.shown or target.holds & {OBJECT, STATE}:
            result |= arguments.all()
        if isinstance(callee, nodes.Name):
            result |= self._reader(self.names.get(callee.name))
            result = result.plus(*_made_by(callee.name))
        written = NOTHING
        for held in macros:
            written |= self._run_macro(held, arguments)
        if isinstance(callee, nodes.Name) and callee.name == "caller":
            stand_in = self._caller_in_this_call(scope)
            if stand_in is not None:
                written = Value(stand_in.shown, holds=written.holds)
        result |= written
        return as_any_call(result) if STATE in target.holds else result

    def _note_effects(self, node: nodes.Call, target: Value, arguments: Arguments) -> None:
        """Calling a stateful object may change what every stateful object says later."""
        if STATE not in target.holds or _is_pure(node.node):
            return
        labels = arguments.all().labels | self._control | self._effects
        self._join_state(arguments.all() | Value(control=labels))


def _modules(value: Value) -> list[Held]:
    """Return the modules that *value* may be, sorted."""
    return sorted((h for h in value.holds if h.kind == "module"), key=lambda held: held.name)


def _made_by(function: str) -> tuple[Held, ...]:
    """Return what a call of Jinja's own *function* makes, besides plain data."""
    if function == "namespace":
        return (STATE,)
    return (STATE, OBJECT) if function in {"cycler", "joiner"} else ()


def _is_pure(callee: nodes.Node) -> bool:
    """Whether a call on a stateful object is known to leave it as it was: `loop.cycle(...)`."""
    return isinstance(callee, nodes.Getattr) and callee.attr == "cycle"
