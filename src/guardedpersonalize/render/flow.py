"""
What each site of a template may show, and what may decide whether it is there.

The answer is a static union over the syntax trees of every template that a part can reach: names
flow through `set`, `with`, loops, macros, call blocks, includes, imports and inheritance to a
fixpoint; order of execution is ignored, so what is found is never too little. Where a name is
bound lexically for sure (macro parameters, loop targets, `with`), reading it reads nothing else,
and what one call of a macro shows is told from what other calls show.

    values.py        what is known of a value
    cells.py         where it is kept: names, scopes, the state of objects
    macros.py        calls of macros, told apart
    expressions.py   expressions
    flow.py          statements, and the fixpoint
"""

# ruff: noqa: ARG002 - all visitors have one signature
from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from jinja2 import defaults as jinja
from jinja2 import nodes

from guardedpersonalize.render.cells import BLOCK, CONTROL, Cell, Scope, out_of, target_names
from guardedpersonalize.render.expressions import Expressions
from guardedpersonalize.render.macros import SPECIAL
from guardedpersonalize.render.trace import site_id
from guardedpersonalize.render.values import (
    LAZY,
    MARKUP,
    NOTHING,
    OBJECT,
    STATE,
    Held,
    Labels,
    Value,
    as_any_call,
)

__all__ = ["Flow", "Site", "exported_names", "literal_names"]

_BREAKS: Final = "#breaks"
_BLOCK_CONTROL: Final = "#control of block "


@dataclass(slots=True)
class Site:
    """What may be said of the chunks of one site."""

    template: str
    number: int
    line: int
    is_literal: bool
    value: Value = NOTHING

    @property
    def sid(self) -> str:
        """The name that the chunks carry."""
        return site_id(self.template, self.number)


class Flow(Expressions):
    """
    Runs the analysis; read `sites`, `reads`, `reached` and `value_of` afterwards.

    Args:
        trees: Template name -> syntax tree, for every template of the pack.
        root: Name of the template that the part starts from.
        slots: Names that the context will have.
        filters: Filters by name, to find those that read the whole context.
        tests: Tests by name, for the same reason.
        names: Names that are there without the context: range, dict ...

    Attributes:
        sites: Every place that can write output, by the `sid` of its chunks.
        reads: Every place that reads a name that is not bound for sure.
        reached: Templates that the part can reach, in the order of discovery.
        links: `(template, other, whether with context)` for includes, imports and extends.
        bound: Names that some template binds; `bound_in` has the template too, and `exported`
            only those that importing the template gives.
    """

    def __init__(
        self,
        trees: Mapping[str, nodes.Template],
        root: str,
        slots: Iterable[str],
        *,
        filters: Mapping[str, Callable[..., Any]] | None = None,
        tests: Mapping[str, Callable[..., Any]] | None = None,
        names: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(trees, root, slots, jinja.DEFAULT_NAMESPACE if names is None else names)
        self.filters = {} if filters is None else filters
        self.tests = {} if tests is None else tests
        self.sites: dict[str, Site] = {}
        self.reached: dict[str, None] = {root: None}
        self.links: set[tuple[str, str, bool]] = set()
        self._writers: list[Cell] = []
        self._run()

    def _run(self) -> None:
        """Walk everything until nothing new is found; then replace the stand-ins."""
        self._changed = True
        while self._changed:
            self._changed = False
            for name in list(self.reached):
                self._root(name)
        for site in self.sites.values():
            site.value = self._settle(site.value)
        self.values = {key: self._settle(value) for key, value in self.values.items()}

    def _root(self, name: str) -> None:
        tree = self.trees[name]
        self._template = name
        with self._called(out_of(tree), self._cells[id(tree), CONTROL]):
            self._body(tree.body, self._scope(tree, None))

    # -- writers: what collects output

    @contextmanager
    def _called(self, writer: Cell, calls: Value) -> Iterator[None]:
        """Walk a body that runs when it is called: control of the calls is only an effect."""
        saved = self._control, self._effects
        self._control = frozenset() if self._writers else calls.control
        self._effects = calls.labels
        with self._writing(writer), self._unit(writer):
            yield
        self._control, self._effects = saved

    @contextmanager
    def _writing(self, writer: Cell) -> Iterator[None]:
        """Walk a body whose output is collected where it stands."""
        self._writers.append(writer)
        yield
        self._writers.pop()

    def _write(self, value: Value) -> None:
        """Add *value* to what the innermost writer collects."""
        written = value | Value(control=self._control)
        self._join(self._writers[-1], written)

    def _at_site(self, node: nodes.Node, value: Value, *, is_literal: bool = False) -> None:
        number = self._numbers[self._template][id(node)]
        sid = site_id(self._template, number)
        site = self.sites.get(sid)
        if site is None:
            site = Site(self._template, number, node.lineno, is_literal)
            self.sites[sid] = site
        site.value |= value | Value(control=self._control)
        self._write(value.without(LAZY, OBJECT))

    # -- statements

    def _body(self, body: Iterable[nodes.Node], scope: Scope) -> None:
        for node in body:
            handle: Callable[[nodes.Node, Scope], None] = getattr(
                self, f"_stmt_{type(node).__name__.lower()}", self._stmt_other
            )
            handle(node, scope)

    def _stmt_output(self, node: nodes.Output, scope: Scope) -> None:
        for child in node.nodes:
            if isinstance(child, nodes.TemplateData):
                self._at_site(child, NOTHING, is_literal=True)
            else:
                self._at_site(child, self._root_value(child, scope))

    def _stmt_exprstmt(self, node: nodes.ExprStmt, scope: Scope) -> None:
        self._root_value(node.node, scope)

    def _stmt_assign(self, node: nodes.Assign, scope: Scope) -> None:
        self._bind_target(scope, node.target, self._root_value(node.node, scope))

    def _stmt_assignblock(self, node: nodes.AssignBlock, scope: Scope) -> None:
        out = out_of(node)
        with self._writing(out):
            self._body(node.body, scope)
        value = self._cells[out].plus(MARKUP)
        if node.filter is not None:
            value |= self._root_value(node.filter, scope)
        self._bind_target(scope, node.target, value)

    def _stmt_with(self, node: nodes.With, scope: Scope) -> None:
        names = [name for target in node.targets for name in target_names(target)]
        inner = self._scope(node, scope, names)
        for target, value in zip(node.targets, node.values, strict=True):
            self._bind_target(inner, target, self._root_value(value, scope))
        self._body(node.body, inner)

    def _stmt_if(self, node: nodes.If, scope: Scope) -> None:
        tested: Labels = frozenset()
        for branch in (node, *node.elif_):
            tested |= self._tested(branch.test, scope).labels
            with self._under(tested):
                self._body(branch.body, scope)
        with self._under(tested):
            self._body(node.else_, scope)

    def _stmt_for(self, node: nodes.For, scope: Scope) -> None:
        items = self._root_value(node.iter, scope)
        inner = self._scope(node, scope, (*target_names(node.target), "loop"))
        test_scope = self._scope(node, scope, target_names(node.target), part=1)
        calls = self._macro(node, target_names(node.target)).calls
        each_item = items.without(LAZY) if self._gives_plain_items(node.iter) else items
        for each in (inner, test_scope):
            self._bind_target(each, node.target, each_item | calls)
        kept = items.only_control() | calls.only_control()
        if node.test is not None:
            kept |= self._tested(node.test, test_scope).only_control()
        kept |= self._cells[id(node), _BREAKS]
        held = {STATE} | (items.holds & {LAZY})
        if node.recursive:
            held.add(Held("loop", id(node)))
        self._bind(inner, "loop", Value(kept.control | items.shown, kept.control, frozenset(held)))
        self._loop_bodies(node, inner, scope, kept)

    def _loop_bodies(self, node: nodes.For, inner: Scope, scope: Scope, kept: Value) -> None:
        if not node.recursive:
            with self._under(kept.control):
                self._body(node.body, inner)
                self._body(node.else_, scope)
            return
        out = out_of(node)
        calls = self._macro(node, ()).calls
        with self._called(out, calls), self._under(kept.control):
            self._body(node.body, inner)
            self._body(node.else_, scope)
        self._at_site(node, self._cells[out])

    def _stmt_break(self, node: nodes.Node, scope: Scope) -> None:
        """Break and continue decide on the rest of every loop around them."""
        effects = Value(control=self._control | self._effects)
        self._join_state(effects)
        at: Scope | None = scope
        while at is not None:
            self._join((at.key, _BREAKS), effects)
            at = at.parent

    _stmt_continue = _stmt_break

    def _stmt_macro(self, node: nodes.Macro, scope: Scope) -> None:
        self._macro_body(node, scope)
        self._bind(scope, node.name, Value(holds=frozenset({Held("macro", id(node))})))

    def _stmt_callblock(self, node: nodes.CallBlock, scope: Scope) -> None:
        self._macro_body(node, scope)
        caller = Value(holds=frozenset({Held("macro", id(node))}))
        with self._whole() as values:
            values.append(self._call(node.call, scope, caller))
        self._at_site(node, values[0])

    def _macro_body(self, node: nodes.Macro | nodes.CallBlock, scope: Scope) -> None:
        parameters = tuple(arg.name for arg in node.args)
        macro = self._macro(node, parameters)
        inner = self._scope(node, scope, (*parameters, *SPECIAL))
        with self._called(out_of(node), macro.calls):
            self._bind_parameters(macro, inner)
            offset = len(parameters) - len(node.defaults)
            for name, default in zip(parameters[offset:], node.defaults, strict=True):
                self._join_default(macro, name, self._root_value(default, inner))
            self._body(node.body, inner)

    def _stmt_filterblock(self, node: nodes.FilterBlock, scope: Scope) -> None:
        out = out_of(node)
        with self._writing(out):
            self._body(node.body, scope)
        self._at_site(node, self._cells[out].plus(MARKUP) | self._root_value(node.filter, scope))

    def _stmt_block(self, node: nodes.Block, scope: Scope) -> None:
        out, control = (0, BLOCK + node.name), (0, _BLOCK_CONTROL + node.name)
        self._join(control, as_any_call(Value(self._effects, self._control)))
        self._link(out)
        saved, self._block = self._block, node.name
        calls = self._cells[control]
        with self._called(out, calls), self._under(calls.control):
            self._body(node.body, self._scope(node, None))
        self._block = saved
        self._write(self._cells[out])

    def _stmt_include(self, node: nodes.Include, scope: Scope) -> None:
        chosen = self._root_value(node.template, scope).labels
        with self._under(chosen):
            for name in self._targets(node.template):
                self._enter(name, with_context=node.with_context)
                self._write(self._cells[out_of(self.trees[name])])

    def _stmt_extends(self, node: nodes.Extends, scope: Scope) -> None:
        chosen = self._root_value(node.template, scope).labels
        tree = self.trees[self._template]
        with self._under(chosen):
            self._join((id(tree), CONTROL), Value(control=self._control))
            for name in self._targets(node.template):
                self._enter(name, with_context=True)
                self._write(self._cells[out_of(self.trees[name])])

    def _enter(self, name: str, *, with_context: bool) -> None:
        """Note that *name* is rendered here, under the control that holds here."""
        self.links.add((self._template, name, with_context))
        if name not in self.reached:
            self.reached[name] = None
            self._changed = True
        self._link(out_of(self.trees[name]))
        control = as_any_call(Value(self._effects, self._control))
        self._join((id(self.trees[name]), CONTROL), control)

    def _stmt_import(self, node: nodes.Import, scope: Scope) -> None:
        self._bind(scope, node.target, self._module(node, scope))

    def _stmt_fromimport(self, node: nodes.FromImport, scope: Scope) -> None:
        module = self._module(node, scope)
        for pair in node.names:
            name, alias = pair if isinstance(pair, tuple) else (pair, pair)
            self._bind(scope, alias, self._attribute(module, name))

    def _module(self, node: nodes.Import | nodes.FromImport, scope: Scope) -> Value:
        chosen = self._root_value(node.template, scope).labels
        found = Value(control=chosen)
        with self._under(chosen):
            for name in self._targets(node.template):
                self._enter(name, with_context=node.with_context)
                found |= Value(holds=frozenset({Held("module", 0, name)}))
                found |= self._cells[out_of(self.trees[name])].plus(MARKUP)
        return found

    def _stmt_scopedevalcontextmodifier(
        self, node: nodes.ScopedEvalContextModifier, scope: Scope
    ) -> None:
        with self._under(self._options(node, scope)):
            self._body(node.body, scope)

    def _stmt_evalcontextmodifier(self, node: nodes.EvalContextModifier, scope: Scope) -> None:
        labels = self._options(node, scope)
        self._join((id(self.trees[self._template]), CONTROL), Value(control=labels))

    def _options(self, node: nodes.EvalContextModifier, scope: Scope) -> Labels:
        labels: Labels = frozenset()
        for option in node.options:
            labels |= self._root_value(option.value, scope).labels
        return labels

    def _stmt_other(self, node: nodes.Node, scope: Scope) -> None:
        """Whatever extensions bring: everything in it may decide on everything in it."""
        labels: Labels = frozenset()
        for child in node.iter_child_nodes():
            if isinstance(child, nodes.Expr):
                labels |= self._root_value(child, scope).labels
        with self._under(labels):
            self._body((n for n in node.iter_child_nodes() if isinstance(n, nodes.Stmt)), scope)

    def _targets(self, template: nodes.Expr) -> list[str]:
        """Return the templates that an include, import or extends may mean."""
        names = literal_names(template)
        if names is None:
            return sorted(self.trees)
        return [name for name in names if name in self.trees]


def literal_names(template: nodes.Expr) -> list[str] | None:
    """Return the names that *template* spells out, or None where it is not literal."""
    if isinstance(template, nodes.Const):
        value = template.value
        names = list(value) if isinstance(value, list | tuple) else [value]
        return [str(name) for name in names]
    if isinstance(template, nodes.List | nodes.Tuple):
        parts = [literal_names(item) for item in template.items]
        return None if None in parts else [name for part in parts for name in part or ()]
    return None


def exported_names(node: nodes.Node) -> Iterator[str]:
    """Yield the names that *node*, a macro or an import, binds where it stands."""
    if isinstance(node, nodes.Macro):
        yield node.name
    elif isinstance(node, nodes.Import):
        yield node.target
    elif isinstance(node, nodes.FromImport):
        yield from (pair[1] if isinstance(pair, tuple) else pair for pair in node.names)
