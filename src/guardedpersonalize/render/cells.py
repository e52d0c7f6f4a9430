"""Where the analysis keeps what it knows: one cell a name and scope, joined to a fixpoint."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from jinja2 import nodes

from guardedpersonalize.render.trace import number_sites
from guardedpersonalize.render.values import (
    LAZY,
    MARKUP,
    NOTHING,
    OBJECT,
    STATE,
    Labels,
    Value,
    as_any_call,
)

__all__ = [
    "ANYWHERE",
    "BLOCK",
    "CONTROL",
    "STATE_CELL",
    "Cell",
    "Cells",
    "Read",
    "Scope",
    "out_of",
    "target_names",
]

Cell = tuple[int, str]
"""`id` of a node, or one of the numbers below, and a name; names of other things begin with #."""

ANYWHERE: Final = -1
STATE_CELL: Final = (-2, "#state")
BLOCK: Final = "#block "
CONTROL: Final = "#control"
_OUT: Final = "#out"


@dataclass(frozen=True, slots=True, order=True)
class Read:
    """One place where a template reads a name that nothing in the templates binds for sure."""

    template: str
    line: int
    name: str
    is_tested: bool


@dataclass(frozen=True, slots=True)
class Scope:
    """
    A stretch of template with names of its own.

    Args:
        key: Number of its cells.
        parent: The scope around it; None for a file or a block.
        definite: Names that are bound here for sure: looking further is pointless.
        is_open: Whether includes or scoped blocks can see its names.
    """

    key: int
    parent: Scope | None = None
    definite: frozenset[str] = frozenset()
    is_open: bool = True


def out_of(node: nodes.Node) -> Cell:
    """Return the cell of everything that *node* writes."""
    return id(node), _OUT


class Cells:
    """The cells, the scopes, and where the walk is."""

    def __init__(
        self,
        trees: Mapping[str, nodes.Template],
        root: str,
        slots: Iterable[str],
        names: Mapping[str, object],
    ) -> None:
        self.trees = trees
        self.slots = frozenset(slots)
        self.names = names
        self.reads: set[Read] = set()
        self.bound: set[str] = set()
        self.bound_in: set[tuple[str, str]] = set()
        self.exported: set[tuple[str, str]] = set()
        self.values: dict[int, Value] = {}
        self._numbers = {name: number_sites(tree) for name, tree in trees.items()}
        self._cells: defaultdict[Cell, Value] = defaultdict(lambda: NOTHING)
        self._scopes: dict[tuple[int, int], Scope] = {}
        self._changed = False
        self._template = root
        self._block = ""
        self._control: Labels = frozenset()
        self._effects: Labels = frozenset()
        self._is_testing = False
        self._is_using_up = False
        self._units: list[Cell] = []
        self._edges: defaultdict[Cell, set[Cell]] = defaultdict(set)

    def numbers(self, template: str) -> Mapping[int, int]:
        """Return the numbers of the sites of *template*, by `id` of their node."""
        return self._numbers[template]

    def value_of(self, node: nodes.Node) -> Value:
        """Return what is known of the expression *node*, over all its evaluations."""
        return self.values.get(id(node), NOTHING)

    def _join(self, cell: Cell, value: Value) -> None:
        """Add *value* to *cell*; cells that outlive a macro's call know nothing of this call."""
        old = self._cells[cell]
        new = old | value
        if new != old:
            self._cells[cell] = new
            self._changed = True

    def _join_state(self, value: Value) -> None:
        """Add *value* to what any stateful object may say later."""
        self._join(STATE_CELL, as_any_call(value))

    @contextmanager
    def _under(self, labels: Labels) -> Iterator[None]:
        """Walk what *labels* decide on."""
        saved = self._control
        self._control = saved | labels
        yield
        self._control = saved

    # -- what calls what

    @contextmanager
    def _unit(self, unit: Cell) -> Iterator[None]:
        """Walk the body of *unit*: a file, a block or a macro."""
        self._units.append(unit)
        yield
        self._units.pop()

    def _link(self, unit: Cell) -> None:
        """Note that what is walked may run *unit*."""
        if self._units and unit not in self._edges[self._units[-1]]:
            self._edges[self._units[-1]].add(unit)
            self._changed = True

    def _runs_itself(self, unit: Cell) -> bool:
        """Whether *unit* may run while it runs already."""
        seen: set[Cell] = set()
        waiting = [unit]
        while waiting:
            for further in self._edges.get(waiting.pop(), ()):
                if further == unit:
                    return True
                if further not in seen:
                    seen.add(further)
                    waiting.append(further)
        return False

    # -- scopes and names

    def _scope(
        self, node: nodes.Node, parent: Scope | None, definite: Iterable[str] = (), part: int = 0
    ) -> Scope:
        key = (id(node), part)
        scope = self._scopes.get(key)
        if scope is None:
            is_open = parent is None or _shares_names(node)
            scope = Scope(id(node) + part, parent, frozenset(definite), is_open)
            self._scopes[key] = scope
        return scope

    def _bind(self, scope: Scope, name: str, value: Value) -> None:
        bound = value | Value(control=self._control)
        self.bound.add(name)
        self.bound_in.add((self._template, name))
        if scope.key == id(self.trees[self._template]):
            self.exported.add((self._template, name))
        self._join((scope.key, name), bound)
        if scope.is_open:
            self._join((ANYWHERE, name), as_any_call(bound))

    def _bind_target(self, scope: Scope, target: nodes.Node, value: Value) -> None:
        if isinstance(target, nodes.NSRef):
            which = self._lookup(target.name, scope, target.lineno).labels
            self._join_state(value | Value(control=self._control | self._effects | which))
            return
        for name in target_names(target):
            self._bind(scope, name, value)

    def _lookup(self, name: str, scope: Scope, line: int) -> Value:
        found = NOTHING
        at: Scope | None = scope
        while at is not None:
            found |= self._cells[at.key, name]
            if name in at.definite:
                return found
            at = at.parent
        found |= self._cells[ANYWHERE, name]
        if name == "self":
            return found | self._all_blocks()
        if name == "super" and self._block:
            return found | self._block_value(self._block)
        if name in self.slots:
            found |= Value(shown=frozenset({name}))
        elif name in self.names:
            found |= Value(holds=frozenset({OBJECT}))
        self.reads.add(Read(self._template, line, name, self._is_testing))
        return found

    def _with_state(self, value: Value) -> Value:
        """Return *value* with what any call may have left in the objects that it may be."""
        self._is_using_up |= LAZY in value.holds
        if STATE in value.holds or LAZY in value.holds:
            return as_any_call(value) | self._cells[STATE_CELL]
        return value

    def _everything(self) -> Value:
        """Return all that a function with access to the whole context can read."""
        everything = Value(shown=self.slots) | self._cells[STATE_CELL]
        for (scope, _), value in list(self._cells.items()):
            if scope == ANYWHERE:
                everything |= value
        return everything

    # -- blocks

    def _all_blocks(self) -> Value:
        value = NOTHING
        for scope, name in list(self._cells):
            if scope == 0 and name.startswith(BLOCK):
                value |= self._block_value(name.removeprefix(BLOCK))
        return value.plus(MARKUP)

    def _block_value(self, name: str) -> Value:
        self._link((0, BLOCK + name))
        return self._cells[0, BLOCK + name].plus(MARKUP)


def target_names(target: nodes.Node) -> list[str]:
    """Return the names that an assignment to *target* binds."""
    found = [target, *target.find_all(nodes.Name)]
    return [node.name for node in found if isinstance(node, nodes.Name)]


def _shares_names(node: nodes.Node) -> bool:
    """Whether other templates or scoped blocks can see the names bound in *node*."""
    for inner in node.find_all((nodes.Include, nodes.Import, nodes.FromImport, nodes.Block)):
        if isinstance(inner, nodes.Block):
            if inner.scoped:
                return True
        elif inner.with_context:  # type: ignore[attr-defined]
            return True
    return False
