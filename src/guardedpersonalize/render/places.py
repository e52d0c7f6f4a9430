"""
Walks everything that a part can write, in order, and asks a *machine* what it makes of it.

A machine (`html_place.py`, `text_place.py`) reads the template's own words with a state, as a
browser or a mail client would, and says of each slot whether it may stand where it stands. The
walk takes every branch, goes into includes, blocks and macros where they are used, and follows
names to the set block or the constant behind them. It needs no values: it is done at load.

Source: the idea is that of Go's html/template (contextual escaping, Samuel, Saxena, Song 2011),
turned round: nothing is escaped differently from Jinja, what would have to be is refused.
"""

# ruff: noqa: ARG002 - all visitors have one signature
from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from typing import Any, Final, Generic, TypeVar

from jinja2 import nodes
from markupsafe import escape

from guardedpersonalize.errors import Problem
from guardedpersonalize.render.cells import target_names
from guardedpersonalize.render.environment import is_html
from guardedpersonalize.render.flow import Flow, exported_names, literal_names
from guardedpersonalize.render.machine import Hole, Machine, Place
from guardedpersonalize.render.scopes import Blocks, Bound, Env
from guardedpersonalize.render.values import MARKUP

__all__ = ["Walk"]

_MAX_VISITS: Final = 20_000
"""Statements and expressions walked for one part; beyond it macros are nested to no end."""

S = TypeVar("S")


class Walk(Generic[S]):
    """
    One walk over a part, with one machine.

    Args:
        flow: What the part's values may be.
        machine: Reads the output.
    """

    def __init__(self, flow: Flow, machine: Machine[S]) -> None:
        self.flow = flow
        self.machine = machine
        self._root = next(iter(flow.reached))
        self._is_html = is_html(self._root)
        self._template = self._root
        self._blocks = Blocks()
        self._visits = 0
        self._inside: dict[int, S] = {}
        self._is_silent = False
        self._bounds: dict[int, Bound] = {}
        self._changes = 0
        self._scopes: dict[tuple[int, ...], tuple[Env, object]] = {}
        self._walked: dict[tuple[object, ...], S] = {}
        self._stores: dict[str, list[nodes.Node]] = {}
        self._opaque: set[str] = set()
        for name in flow.reached:
            self._find_stores(flow.trees[name])

    def run(self) -> None:
        """Walk the whole part."""
        state = self._file(self._root, Env(), self.machine.start())
        last = max((node.lineno for node in self.flow.trees[self._root].body), default=1)
        self.machine.end(state, Place(self._root, last))

    def _find_stores(self, tree: nodes.Template) -> None:
        """Find every place that sets a name, and the names that are set in a way not followed."""
        for node in tree.find_all((nodes.Assign, nodes.AssignBlock)):
            target = node.target  # type: ignore[attr-defined]
            if isinstance(target, nodes.Name):
                self._stores.setdefault(target.name, []).append(node)
            else:
                self._opaque.update(target_names(target))
        for node in tree.find_all((nodes.Import, nodes.FromImport, nodes.Macro)):
            self._opaque.update(exported_names(node))

    # -- files and blocks

    def _file(self, name: str, env: Env, state: S) -> S:
        """Walk the file *name* and whatever it extends."""
        blocks = Blocks()
        for template in self._ancestry(name):
            for block in self.flow.trees[template].find_all(nodes.Block):
                blocks.chain.setdefault(block.name, []).append((block, template))
        for template in self._ancestry(name):
            with self._in(template, blocks):
                state = self._body(self.flow.trees[template].body, env, state)
        return state

    def _ancestry(self, name: str) -> list[str]:
        found: list[str] = []
        waiting: str | None = name
        while waiting is not None and waiting not in found and waiting in self.flow.trees:
            found.append(waiting)
            extends = self.flow.trees[waiting].find(nodes.Extends)
            names = literal_names(extends.template) if extends is not None else None
            waiting = names[0] if names else None
        return found

    @contextmanager
    def _in(self, template: str, blocks: Blocks) -> Iterator[None]:
        saved = self._template, self._blocks
        self._template, self._blocks = template, blocks
        yield
        self._template, self._blocks = saved

    @contextmanager
    def _once(self, node: nodes.Node, state: S) -> Iterator[None]:
        """Note that the walk is inside *node*, which it entered with *state*."""
        saved, self._inside = self._inside, self._inside | {id(node): state}
        yield
        self._inside = saved

    @contextmanager
    def _silently(self) -> Iterator[None]:
        """Walk for the names only: nothing is written here."""
        saved, self._is_silent = self._is_silent, True
        yield
        self._is_silent = saved

    def _place(self, node: nodes.Node) -> Place:
        return Place(self._template, node.lineno)

    def _refuse(self, node: nodes.Node, code: str, message: str, remedy: str) -> None:
        problem = Problem(self._template, node.lineno, code, message, remedy)
        self.machine.problems.append(problem)

    # -- statements

    def _body(self, body: Sequence[nodes.Node], env: Env, state: S) -> S:
        for number, node in enumerate(body):
            if not self._may_visit(node):
                break
            handle = getattr(self, f"_stmt_{type(node).__name__.lower()}", None)
            if handle is not None:
                state = handle(node, env, state)
            if isinstance(node, nodes.Extends):
                with self._silently():
                    return self._body(body[number + 1 :], env, state)
        return state

    def _may_visit(self, node: nodes.Node) -> bool:
        self._visits += 1
        if self._visits == _MAX_VISITS:
            message = "macros are nested too often to be checked."
            self._refuse(node, "GP310", message, "Make fewer macros call each other.")
        return self._visits < _MAX_VISITS

    def _literal(self, state: S, text: str, place: Place) -> S:
        return state if self._is_silent else self.machine.literal(state, text, place)

    def _join(self, states: Sequence[S], node: nodes.Node) -> S:
        return states[0] if self._is_silent else self.machine.join(states, self._place(node))

    def _bound_at(self, node: nodes.Node, env: Env) -> Bound:
        return Bound(node, self._template, env, self._blocks)

    def _bind(self, node: nodes.Node, env: Env) -> Bound:
        """Note where *node*, which defines something, was walked last."""
        known = self._bounds.get(id(node))
        if known is None or known.env is not env or known.blocks is not self._blocks:
            known = self._bounds[id(node)] = self._bound_at(node, env)
            self._changes += 1
        return known

    def _scope(self, outer: Env, *place: object) -> Env:
        """Return the names in sight at *place* inside *outer*, the same ones each time."""
        whole = outer, self._blocks, *place  # kept, so that no other gets their ids
        return self._scopes.setdefault(tuple(map(id, whole)), (Env(outer), whole))[0]

    def _stmt_output(self, node: nodes.Output, env: Env, state: S) -> S:
        if self._is_silent:
            return state
        for child in node.nodes:
            if isinstance(child, nodes.TemplateData):
                state = self._literal(state, child.data, self._place(child))
            else:
                state = self._print(child, env, state)
        return state

    def _stmt_if(self, node: nodes.If, env: Env, state: S) -> S:
        bodies = [node.body, *(branch.body for branch in node.elif_), node.else_]
        return self._join([self._body(body, env, state) for body in bodies], node)

    def _stmt_for(self, node: nodes.For, env: Env, state: S) -> S:
        self._bind(node, env)
        inner = self._scope(env, node)
        inner.names.update(dict.fromkeys([*target_names(node.target), "loop"]))
        states = [self._loop(node, inner, state), self._body(node.else_, env, state)]
        return self._join(states, node)

    def _loop(self, node: nodes.For, inner: Env, state: S) -> S:
        """Walk a loop's body until nothing new comes of it; once for each way to enter it."""
        key = id(inner), state, self._changes, self._is_silent, *self._inside.items()
        while key not in self._walked:
            with self._once(node, state) if node.recursive else nullcontext():
                after = self._join([state, self._body(node.body, inner, state)], node)
            if after == state or self._visits >= _MAX_VISITS:
                self._walked[key] = after
            state = after
        return self._walked[key]

    def _stmt_with(self, node: nodes.With, env: Env, state: S) -> S:
        inner = self._scope(env, node)
        for target, value in zip(node.targets, node.values, strict=True):
            if isinstance(target, nodes.Name):
                inner.names[target.name] = self._bound_at(value, env)
            else:
                inner.names.update(dict.fromkeys(target_names(target)))
        return self._body(node.body, inner, state)

    def _stmt_assign(self, node: nodes.Stmt, env: Env, state: S) -> S:
        self._bind(node, env)
        return state

    _stmt_assignblock = _stmt_macro = _stmt_assign

    def _stmt_callblock(self, node: nodes.CallBlock, env: Env, state: S) -> S:
        caller = self._bind(node, env)
        return state if self._is_silent else self._call(node.call, env, state, caller)

    def _stmt_filterblock(self, node: nodes.FilterBlock, env: Env, state: S) -> S:
        return self._body(node.body, env, state)

    def _stmt_block(self, node: nodes.Block, env: Env, state: S) -> S:
        if self._is_silent:
            return state
        return self._block(node.name, 0, state, env if node.scoped else Env())

    def _block(self, name: str, depth: int, state: S, env: Env) -> S:
        chain = self._blocks.chain.get(name, [])
        if depth >= len(chain) or id(chain[depth][0]) in self._inside:
            return state
        block, template = chain[depth]
        with self._once(block, state), self._in(template, self._blocks.at(name, depth)):
            return self._body(block.body, env, state)

    def _stmt_include(self, node: nodes.Include, env: Env, state: S) -> S:
        names = literal_names(node.template) or []
        if self._is_silent or not names or names[0] not in self.flow.trees:
            return state
        return self._file(names[0], env if node.with_context else Env(), state)

    def _stmt_import(self, node: nodes.Import | nodes.FromImport, env: Env, state: S) -> S:
        """Walk a module for what it defines; what it prints goes nowhere."""
        for name in literal_names(node.template) or []:
            if name in self.flow.trees:
                with self._silently():
                    self._file(name, env if node.with_context else Env(), state)
        return state

    _stmt_fromimport = _stmt_import

    # -- what is printed

    def _print(self, node: nodes.Expr, env: Env, state: S) -> S:
        if not self._may_visit(node):
            return state
        handle = getattr(self, f"_print_{type(node).__name__.lower()}", self._print_other)
        printed: S = handle(node, env, state)
        return printed

    def _print_any(self, parts: Sequence[nodes.Expr], node: nodes.Expr, env: Env, state: S) -> S:
        return self._join([self._print(each, env, state) for each in parts], node)

    def _print_const(self, node: nodes.Const, env: Env, state: S) -> S:
        text = str(escape(node.value)) if self._is_html else str(node.value)
        return self._literal(state, text, self._place(node))

    def _print_condexpr(self, node: nodes.CondExpr, env: Env, state: S) -> S:
        states = [self._print(node.expr1, env, state)]
        states.append(state if node.expr2 is None else self._print(node.expr2, env, state))
        return self._join(states, node)

    def _print_or(self, node: nodes.Or, env: Env, state: S) -> S:
        return self._print_any([node.left, node.right], node, env, state)

    def _print_concat(self, node: nodes.Concat, env: Env, state: S) -> S:
        for each in node.nodes:
            state = self._print(each, env, state)
        return state

    def _print_filter(self, node: nodes.Filter, env: Env, state: S) -> S:
        if node.node is not None:
            if self._is_html and self._only_escapes(node):
                return self._print(node.node, env, state)
            if node.name in {"d", "default"} and len(node.args) == 1 and not node.kwargs:
                return self._print_any([node.node, node.args[0]], node, env, state)
        return self._print_other(node, env, state)

    def _only_escapes(self, node: nodes.Filter) -> bool:
        """Whether *node* does what printing its operand does anyway."""
        if node.name == "forceescape" and node.node is not None:
            return MARKUP not in self.flow.value_of(node.node).holds
        return node.name in {"e", "escape"}

    def _print_name(self, node: nodes.Name, env: Env, state: S) -> S:
        found = self._resolve(node.name, env)
        if not found or any(id(bound.node) in self._inside for bound in found):
            return self._print_other(node, env, state)
        states = [self._print_bound(bound, state) for bound in found]
        if node.name in self.flow.slots and not env.holds(node.name):
            states.append(self._print_other(node, env, state))
        return self._join(states, node)

    def _resolve(self, name: str, env: Env) -> list[Bound]:
        """Return everything that *name* may stand for, besides a slot; empty if not known."""
        stores = self._stores.get(name, [])
        if name in self._opaque:
            return []
        if env.holds(name):
            bound = env.find(name)
            return [bound] if bound is not None and not stores else []
        found = [self._bounds.get(id(store)) for store in stores]
        return [] if None in found else [bound for bound in found if bound is not None]

    def _print_bound(self, bound: Bound, state: S) -> S:
        """Print what a name stands for, where the name is printed."""
        node = bound.node
        with self._once(node, state), self._in(bound.template, bound.blocks):
            if isinstance(node, nodes.AssignBlock):
                return self._body(node.body, bound.env, state)
            value: nodes.Expr = node.node if isinstance(node, nodes.Assign) else node  # type: ignore[assignment]
            return self._print(value, bound.env, state)

    # -- macros

    def _print_call(self, node: nodes.Call, env: Env, state: S) -> S:
        return self._call(node, env, state, None)

    def _call(self, node: nodes.Call, env: Env, state: S, caller: Bound | None) -> S:
        callee = node.node
        if isinstance(callee, nodes.Name) and callee.name == "super":
            name, depth = self._blocks.current
            return self._block(name, depth + 1, state, Env())
        targets = self._targets(callee, env)
        if not targets:
            return self._print_other(node, env, state)
        states = [self._macro(target, node, env, state, caller) for target in targets]
        return self._join(states, node)

    def _targets(self, callee: nodes.Expr, env: Env) -> list[Bound]:
        """Return the macros and loops that *callee* may be; empty where one is not known."""
        if isinstance(callee, nodes.Name) and callee.name == "caller":
            caller = env.find("caller")
            return [caller] if caller is not None else []
        held = self.flow.value_of(callee).holds
        keys = [each.key for each in held if each.kind in {"loop", "macro"}]
        found = [self._bounds[key] for key in keys if self._may_be_walked(key)]
        if len(found) < len(keys):
            return []
        return sorted(found, key=lambda bound: (bound.template, bound.node.lineno))

    def _may_be_walked(self, key: int) -> bool:
        """Whether what has the `id` *key* is known, and a loop is only called inside itself."""
        bound = self._bounds.get(key)
        is_loop = bound is not None and isinstance(bound.node, nodes.For)
        return bound is not None and (not is_loop or key in self._inside)

    def _macro(self, bound: Bound, node: nodes.Call, env: Env, state: S, caller: Bound | None) -> S:
        """Walk a macro's body where it is called; one inside itself changes nothing."""
        macro = bound.node
        if id(macro) in self._inside:
            return self._join([state, self._inside[id(macro)]], node)
        inner = self._scope(bound.env, macro, node, env)
        inner.names.update(kwargs=None, varargs=None, caller=caller)
        self._bind_arguments(bound, inner, node, env)
        with self._once(macro, state), self._in(bound.template, bound.blocks):
            return self._body(macro.body, inner, state)  # type: ignore[attr-defined]

    def _bind_arguments(self, bound: Bound, inner: Env, node: nodes.Call, env: Env) -> None:
        macro: Any = bound.node  # a macro or a call block: both have arguments
        parameters = [arg.name for arg in macro.args]
        inner.names.update(dict.fromkeys(parameters))
        if node.dyn_args is not None or node.dyn_kwargs is not None:
            return
        offset = len(parameters) - len(macro.defaults)
        for name, default in zip(parameters[offset:], macro.defaults, strict=True):
            inner.names[name] = Bound(default, bound.template, inner, bound.blocks)
        given = dict(zip(parameters, node.args, strict=False))
        given |= {pair.key: pair.value for pair in node.kwargs if pair.key in parameters}
        for name, value in given.items():
            inner.names[name] = self._bound_at(value, env)

    def _print_other(self, node: nodes.Expr, env: Env, state: S) -> S:
        value = self.flow.value_of(node)
        if self._is_html and MARKUP in value.holds:
            message = "finished markup is changed, or printed under a name that is not clear."
            self._refuse(node, "GP315", message, "Print macros and set blocks as they are.")
            return state
        encoded = node if isinstance(node, nodes.Filter) and node.name == "urlencode" else None
        return self.machine.hole(state, Hole(node, value.shown, encoded), self._place(node))
