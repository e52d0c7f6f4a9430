"""
What a pack's templates may not do, found in their syntax: one template at a time.

Jinja can do more than a message needs. What could not be both equal to Jinja and contained (the
same bytes twice, no more than the slots, bounded) is refused when the pack is loaded, with file and
line, and never at send time.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date, datetime
from typing import Final

from jinja2 import nodes
from jinja2.environment import TemplateModule
from jinja2.runtime import BlockReference, LoopContext, Macro
from jinja2.utils import Namespace
from markupsafe import Markup

from guardedpersonalize.errors import Problem
from guardedpersonalize.render.cells import target_names
from guardedpersonalize.render.environment import CALLABLE, METHODS
from guardedpersonalize.render.flow import exported_names, literal_names
from guardedpersonalize.render.values import words
from guardedpersonalize.vocabulary import did_you_mean

__all__ = [
    "FILTERS",
    "RESERVED_NAMES",
    "TESTS",
    "file_names",
    "include_circles",
    "refusals",
    "with_lines",
]

FILTERS: Final = words("""
    abs batch capitalize center count d default dictsort e escape filesizeformat first float
    forceescape format indent int items join last length list lower map max min reject rejectattr
    replace reverse round select selectattr slice sort string striptags sum title trim truncate
    unique upper urlencode wordcount wordwrap
    """)
"""Filters of Jinja that are deterministic and keep a value inside its place."""

TESTS: Final = words("""
    != < <= == > >= boolean defined divisibleby eq equalto even false float ge greaterthan gt in
    integer iterable le lessthan lower lt mapping ne none number odd sequence string true undefined
    upper
    """)
"""Tests of Jinja that are deterministic."""

_REFUSED_NAMES: Final = {
    "cycler": "Use loop.cycle.",
    "joiner": "Use loop.first, or the join filter.",
    "lipsum": "Write the text.",
}
RESERVED_NAMES: Final = words("caller dict kwargs loop namespace range self super varargs")
"""Names that mean something in every template, and that no template may bind."""

_LOOP_DATA: Final = words("""
    depth depth0 first index index0 last length nextitem previtem revindex revindex0
    """)
_DATA: Final = frozenset(["day", "hour", "minute", "month", "second", "year"])
_PLAIN_TYPES: Final = (
    BlockReference,
    LoopContext,
    Macro,
    Markup,
    Namespace,
    TemplateModule,
    bool,
    date,
    datetime,
    dict,
    float,
    int,
    list,
    range,
    str,
    tuple,
)
_METHOD_NAMES: Final = frozenset(
    name for kind in _PLAIN_TYPES for name in dir(kind) if not name.startswith("_")
)

# Where a filter takes the name of an attribute, another filter, or a test: position, or keyword.
_ATTRIBUTE_AT: Final = {
    "join": 1,
    "max": 1,
    "min": 1,
    "rejectattr": 0,
    "selectattr": 0,
    "sort": 2,
    "sum": 0,
    "unique": 1,
}
_TEST_AT: Final = {"reject": 0, "rejectattr": 1, "select": 0, "selectattr": 1}
_BINDERS: Final = (nodes.AssignBlock, nodes.CallBlock, nodes.For, nodes.Macro, nodes.With)
_BUFFERS: Final = (nodes.AssignBlock, nodes.CallBlock, nodes.FilterBlock, nodes.Macro)


def refusals(name: str, tree: nodes.Template, files: Collection[str]) -> Iterator[Problem]:
    """
    Yield what the template *name* may not do.

    Args:
        name: Its name.
        tree: Its syntax tree.
        files: Names of all templates of the pack.
    """
    yield from _Refusals(name, tree, files).found()


def with_lines(tree: nodes.Template) -> nodes.Template:
    """Return *tree* with a line for every node; Jinja leaves some out."""
    waiting: list[nodes.Node] = [tree]
    while waiting:
        node = waiting.pop()
        for child in node.iter_child_nodes():
            if child.lineno is None:
                child.lineno = node.lineno
            waiting.append(child)
    return tree


def file_names(tree: nodes.Template) -> Iterator[tuple[str, int]]:
    """Yield `(name, line)` of each template that *tree* spells out to include or import."""
    kinds = (nodes.Extends, nodes.FromImport, nodes.Import, nodes.Include)
    for node in tree.find_all(kinds):
        for name in literal_names(node.template) or ():  # type: ignore[attr-defined]
            yield name, node.lineno


def include_circles(trees: Mapping[str, nodes.Template]) -> Iterator[Problem]:
    """Yield a problem for each file that leads back to itself."""
    links = {name: dict(reversed(list(file_names(tree)))) for name, tree in trees.items()}
    for name in sorted(trees):
        seen, waiting = set[str](), [(target, line) for target, line in links[name].items()]
        while waiting:
            target, line = waiting.pop()
            if target == name:
                message = "the file includes or extends itself, through others or not."
                yield Problem(name, line, "GP305", message, "Break the circle.")
                break
            if target not in seen and target in links:
                seen.add(target)
                waiting += [(further, line) for further in links[target]]


class _Refusals:
    """Walks one template."""

    def __init__(self, name: str, tree: nodes.Template, files: Collection[str]) -> None:
        self.name = name
        self.tree = tree
        self.files = files
        self.problems: list[Problem] = []
        self.modules = {node.target for node in tree.find_all(nodes.Import)}
        self.namespaces = self._assigned_from(_is_namespace)
        self.loops = {"loop"} | self._assigned_from(_is_loop)
        self.callees = frozenset(id(call.node) for call in tree.find_all(nodes.Call))

    def found(self) -> list[Problem]:
        """Return everything, in the order of the walk."""
        self._extends()
        self._walk(self.tree, is_buffered=False)
        return self.problems

    def _assigned_from(self, matches: Callable[[nodes.Node], bool]) -> set[str]:
        """Return the names that are only ever assigned what *matches*."""
        yes: set[str] = set()
        no: set[str] = set()
        for node in self.tree.find_all(nodes.Assign):
            if isinstance(node.target, nodes.Name):
                (yes if matches(node.node) else no).add(node.target.name)
        for binder in self.tree.find_all(_BINDERS):
            no.update(_bound_by(binder))
        return yes - no

    def _refuse(self, node: nodes.Node, code: str, message: str, remedy: str = "") -> None:
        self.problems.append(Problem(self.name, node.lineno, code, message, remedy))

    # -- statements

    def _extends(self) -> None:
        found = list(self.tree.find_all(nodes.Extends))
        for node in found:
            if node is not found[0] or not any(node is each for each in self.tree.body):
                message = "a template extends one other, and not under a condition."
                self._refuse(node, "GP310", message)

    def _walk(self, node: nodes.Node, *, is_buffered: bool) -> None:
        check: Callable[..., None] | None = getattr(
            self, f"_check_{type(node).__name__.lower()}", None
        )
        if check is not None:
            check(node)
        if isinstance(node, nodes.Include) and not node.with_context and is_buffered:
            message = "an include without context stands where its output is collected."
            self._refuse(node, "GP311", message, "Include it with context, or import a macro.")
        is_recursive = isinstance(node, nodes.For) and node.recursive
        inside = is_buffered or isinstance(node, _BUFFERS) or is_recursive
        for child in node.iter_child_nodes():
            self._walk(child, is_buffered=inside)

    def _check_file(
        self, node: nodes.Extends | nodes.FromImport | nodes.Import | nodes.Include
    ) -> None:
        names = literal_names(node.template)
        if not names:
            message = "the name of the file is not written out."
            self._refuse(node, "GP306", message, "Use if and else around several includes.")
        for name in names or ():
            if name not in self.files:
                message = f"the pack has no file {name!r}."
                self._refuse(node, "GP304", message, did_you_mean(name, self.files))

    _check_include = _check_extends = _check_file

    def _check_import(self, node: nodes.Import | nodes.FromImport) -> None:
        self._check_file(node)
        for name in exported_names(node):
            self._bound(node, name)

    _check_fromimport = _check_import

    def _check_scopedevalcontextmodifier(self, node: nodes.Node) -> None:
        message = "escaping is decided by the name of the file, and cannot be switched."
        self._refuse(node, "GP310", message, "Take the autoescape tags out.")

    # -- expressions

    def _check_name(self, node: nodes.Name) -> None:
        if node.ctx != "load":
            self._bound(node, node.name)
        elif node.name in _REFUSED_NAMES:
            message = f"{node.name!r} is not available in packs."
            self._refuse(node, "GP307", message, _REFUSED_NAMES[node.name])
        elif node.name == "self":
            self._refuse(node, "GP310", "'self' is not available in packs.", "Use a macro.")

    def _bound(self, node: nodes.Node, name: str) -> None:
        if name in RESERVED_NAMES or name in _REFUSED_NAMES:
            message = f"the name {name!r} has a meaning of its own."
            self._refuse(node, "GP310", message, "Use another name.")

    def _check_macro(self, node: nodes.Macro) -> None:
        self._bound(node, node.name)

    def _check_call(self, node: nodes.Call) -> None:
        callee = node.node
        if isinstance(callee, nodes.Getattr):
            self._method(callee)
        elif not isinstance(callee, nodes.Name):
            message = "what is called has no name."
            self._refuse(node, "GP308", message, "Call a macro or a method by its name.")

    def _method(self, node: nodes.Getattr) -> None:
        base = node.node.name if isinstance(node.node, nodes.Name) else ""
        known: Collection[str] = CALLABLE
        if base in self.modules or (base in self.namespaces and node.attr not in _METHOD_NAMES):
            return
        if base in self.loops:
            known = METHODS["loop"]
        elif base == "super":
            known = ["super"]
        if node.attr not in known:
            message = f"the method {node.attr!r} is not available in packs."
            self._refuse(node, "GP308", message, did_you_mean(node.attr, known))

    def _check_getattr(self, node: nodes.Getattr) -> None:
        if node.attr.startswith("_"):
            self._refuse(node, "GP308", f"the attribute {node.attr!r} is private.")
        elif id(node) not in self.callees and not self._is_data(node):
            message = f"the method {node.attr!r} is not called."
            self._refuse(node, "GP309", message, f"Write .{node.attr}() or take it out.")

    def _is_data(self, node: nodes.Getattr) -> bool:
        base = node.node.name if isinstance(node.node, nodes.Name) else ""
        if base in self.modules or base in self.namespaces:
            return True
        if base in self.loops:
            return node.attr in _LOOP_DATA
        return node.attr in _DATA or node.attr not in _METHOD_NAMES

    def _check_getitem(self, node: nodes.Getitem) -> None:
        key = node.arg.value if isinstance(node.arg, nodes.Const) else None
        if isinstance(key, str) and key.startswith("_"):
            self._refuse(node, "GP308", f"the attribute {key!r} is private.")

    def _check_filter(self, node: nodes.Filter) -> None:
        self._known(node, node.name, FILTERS, "filter")
        if node.dyn_args is not None or node.dyn_kwargs is not None:
            message = "the arguments of a filter are not written out."
            self._refuse(node, "GP307", message, "Name each argument.")
        if node.name == "map":
            self._mapped(node)
        if node.name in _ATTRIBUTE_AT:
            self._attribute(node, _argument(node, _ATTRIBUTE_AT[node.name], "attribute"))
        if node.name in _TEST_AT:
            self._named(node, _argument(node, _TEST_AT[node.name], ""), TESTS, "test")

    def _mapped(self, node: nodes.Filter) -> None:
        attribute = _argument(node, -1, "attribute")
        if attribute is not None:
            self._attribute(node, attribute)
        else:
            self._named(node, _argument(node, 0, ""), FILTERS - _HIGHER, "filter")

    def _named(
        self, node: nodes.Filter, given: nodes.Node | None, known: Collection[str], kind: str
    ) -> None:
        """Check the name of a filter or test that is given to a filter."""
        if given is None:
            return
        if isinstance(given, nodes.Const) and isinstance(given.value, str):
            self._known(node, given.value, known, kind)
        else:
            message = f"the {kind} that {node.name!r} uses is not written out."
            self._refuse(node, "GP307", message, "Write its name.")

    def _attribute(self, node: nodes.Filter, given: nodes.Node | None) -> None:
        """Check the name of an attribute that is given to a filter: items, and data, only."""
        if given is None:
            return
        value = given.value if isinstance(given, nodes.Const) else None
        parts = value.replace(",", ".").split(".") if isinstance(value, str) else []
        is_fine = all(not part.startswith("_") for part in parts)
        if not isinstance(value, str | int) or not is_fine:
            message = f"the attribute that {node.name!r} uses is private or not written out."
            self._refuse(node, "GP308", message, "Write its name.")

    def _check_test(self, node: nodes.Test) -> None:
        self._known(node, node.name, TESTS, "test")

    def _known(self, node: nodes.Node, name: str, known: Collection[str], kind: str) -> None:
        if name not in known:
            message = f"the {kind} {name!r} is not available in packs."
            self._refuse(node, "GP307", message, did_you_mean(name, known))


_HIGHER: Final = frozenset(["map", "reject", "rejectattr", "select", "selectattr"])


def _argument(node: nodes.Filter, position: int, keyword: str) -> nodes.Node | None:
    for pair in node.kwargs:
        if pair.key == keyword:
            value: nodes.Node = pair.value
            return value
    return node.args[position] if 0 <= position < len(node.args) else None


def _bound_by(node: nodes.Node) -> Iterator[str]:
    """Yield the names that *node*, one of `_BINDERS`, binds to something unknown."""
    if isinstance(node, nodes.Macro):
        yield node.name
    targets: list[nodes.Node] = []
    if isinstance(node, nodes.Macro | nodes.CallBlock):
        targets += node.args
    elif isinstance(node, nodes.With):
        targets += node.targets
    elif isinstance(node, nodes.For | nodes.AssignBlock):
        targets.append(node.target)
    for target in targets:
        yield from target_names(target)


def _is_namespace(node: nodes.Node) -> bool:
    if not isinstance(node, nodes.Call) or not isinstance(node.node, nodes.Name):
        return False
    return node.node.name == "namespace"


def _is_loop(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Name) and node.name == "loop"
