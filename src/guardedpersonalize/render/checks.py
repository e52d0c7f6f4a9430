"""What a part's templates may not do, found in the flow of values through all its files."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Final

from jinja2 import nodes

from guardedpersonalize.errors import Problem
from guardedpersonalize.render.draft import PartKind
from guardedpersonalize.render.entry import SLOT_TYPES, Entry
from guardedpersonalize.render.environment import CALLABLE, is_html
from guardedpersonalize.render.flow import Flow, literal_names
from guardedpersonalize.render.refusals import RESERVED_NAMES, file_names
from guardedpersonalize.render.values import LAZY, OBJECT, words
from guardedpersonalize.vocabulary import did_you_mean

__all__ = ["KEEPS_MARKUP", "entry_problems", "flow_problems", "stateless_modules"]

KEEPS_MARKUP: Final = frozenset(["capitalize", "indent", "lower", "trim", "upper"])
"""Filters that leave what is escaped escaped, and tags tags."""


_RESERVED: Final = RESERVED_NAMES | words(
    "False None True and elif else false if import in is none not or true"
)
"""Names that mean something else in templates."""

_SLOT_NAME: Final = re.compile(r"[a-zA-Z][a-zA-Z0-9_]*")


def entry_problems(
    entry: Entry, files: Collection[str], names: Collection[str]
) -> Iterator[Problem]:
    """
    Yield what is wrong with how *entry* is declared.

    Args:
        entry: The entry.
        files: Names of all templates of the pack.
        names: Names that every template has: range, dict ...
    """
    for slot, kind in sorted(entry.slots.items()):
        line = entry.slot_lines.get(slot, 0)
        if kind not in SLOT_TYPES:
            remedy = f"Known: {', '.join(SLOT_TYPES)}."
            message = f"slot {slot!r} has an unknown type."
            yield Problem(entry.manifest, line, "GP104", message, remedy)
        if slot in _RESERVED or slot in names or not _SLOT_NAME.fullmatch(slot):
            message = f"{slot!r} cannot be the name of a slot."
            remedy = "Use letters, digits and _, and no word that templates know."
            yield Problem(entry.manifest, line, "GP324", message, remedy)
    seen: set[str] = set()
    for part, read_as, source in entry.parts:
        if part in seen:
            yield Problem(source, 0, "GP327", f"{entry.name!r} has two parts {part!r}.")
        seen.add(part)
        if source not in files:
            message = f"part {part!r} of {entry.name!r} has no such file."
            yield Problem(source, 0, "GP327", message, did_you_mean(source, files))
        elif (read_as is PartKind.HTML) != is_html(source):
            message = f"part {part!r} of {entry.name!r} is {read_as.value}, and its file is not."
            yield Problem(source, 0, "GP327", message, "HTML files end in .html.j2, others do not.")


def stateless_modules(trees: Mapping[str, nodes.Template]) -> frozenset[str]:
    """Return the templates that hold nothing but macros, words, constants and others like them."""
    found = frozenset(trees)
    while True:
        kept = frozenset(
            name for name in found if all(_is_still(n, found) for n in trees[name].body)
        )
        if kept == found:
            return kept
        found = kept


def _is_still(node: nodes.Node, stateless: Collection[str]) -> bool:
    if isinstance(node, nodes.Output):
        return all(isinstance(child, nodes.TemplateData) for child in node.nodes)
    if isinstance(node, nodes.Import | nodes.FromImport):
        return all(name in stateless for name in literal_names(node.template) or [""])
    if isinstance(node, nodes.Assign):
        return isinstance(node.node, nodes.Const)
    return isinstance(node, nodes.Macro)


def flow_problems(flow: Flow, *, entry: str) -> Iterator[Problem]:
    """Yield everything that *flow* shows to be wrong with a part of *entry*."""
    root = next(iter(flow.reached))
    yield from _undeclared(flow, entry)
    yield from _out_of_sight(flow)
    for name in flow.reached:
        yield from _mixed(flow, name, root)
        tree = flow.trees[name]
        yield from _printed(flow, name, tree)
        yield from _kept(flow, name, tree)
        yield from _called(flow, name, tree)
        yield from _imported(flow, name, tree)
        if is_html(name):
            yield from _filtered(name, tree)


def _undeclared(flow: Flow, entry: str) -> Iterator[Problem]:
    known = flow.slots | flow.bound | flow.names.keys()
    for read in sorted(flow.reads):
        if read.name not in known:
            message = f"{read.name!r} is not a declared slot of {entry!r}."
            remedy = did_you_mean(read.name, flow.slots) or "Declare it, or correct the name."
            yield Problem(read.template, read.line, "GP302", message, remedy)


def _out_of_sight(flow: Flow) -> Iterator[Problem]:
    """Find reads of slots in files that never see them, and would fail in every render."""
    seeing = _seeing(flow)
    for read in sorted(flow.reads):
        is_bound = (read.template, read.name) in flow.bound_in
        if read.name in flow.slots and read.template not in seeing and not is_bound:
            message = f"slot {read.name!r} cannot be seen in a file imported without context."
            remedy = "Hand it over as an argument, or import with context."
            yield Problem(read.template, read.line, "GP325", message, remedy)


def _seeing(flow: Flow) -> set[str]:
    """Return the templates that some way of reaching them gives the slots to."""
    seeing = {next(iter(flow.reached))}
    while True:
        more = {to for by, to, shares in flow.links if shares and by in seeing} - seeing
        if not more:
            return seeing
        seeing |= more


def _mixed(flow: Flow, name: str, root: str) -> Iterator[Problem]:
    for target, line in file_names(flow.trees[name]):
        if target in flow.trees and is_html(target) != is_html(root):
            kinds = ("an HTML", "a plain") if is_html(root) else ("a plain", "an HTML")
            message = f"{kinds[0]} template uses {kinds[1]} one, {target!r}."
            remedy = "Names of HTML templates end in .html.j2, of others they do not."
            yield Problem(name, line, "GP314", message, remedy)


def _printed(flow: Flow, name: str, tree: nodes.Template) -> Iterator[Problem]:
    """Find what would print an address in memory, which is another one in every process."""
    for output in tree.find_all(nodes.Output):
        for child in output.nodes:
            held = flow.value_of(child).holds
            is_macro = isinstance(child, nodes.Name) and any(h.kind == "macro" for h in held)
            if LAZY in held:
                message, remedy = "a generator is printed.", "Add |join or |list."
            elif OBJECT in held or is_macro:
                message, remedy = "a function is printed.", "Call it, or take it out."
            else:
                continue
            yield Problem(name, child.lineno, "GP309", message, remedy)


def _kept(flow: Flow, name: str, tree: nodes.Template) -> Iterator[Problem]:
    """Find generators under a name: the first use empties them, for whoever comes next."""
    given: list[nodes.Node] = [node.node for node in tree.find_all(nodes.Assign)]
    for binder in tree.find_all((nodes.With, nodes.Macro, nodes.CallBlock)):
        given += getattr(binder, "values", None) or getattr(binder, "defaults", [])
    for call in tree.find_all(nodes.Call):
        given += [*call.args, *(pair.value for pair in call.kwargs)]
        given += [spread for spread in (call.dyn_args, call.dyn_kwargs) if spread is not None]
    for node in given:
        if LAZY in flow.value_of(node).holds:
            message = "a generator is kept; it would be empty after its first use."
            yield Problem(name, node.lineno, "GP326", message, "Add |list.")


def _called(flow: Flow, name: str, tree: nodes.Template) -> Iterator[Problem]:
    """Find call blocks on anything but a macro: what they print is not escaped again."""
    for block in tree.find_all(nodes.CallBlock):
        callee = block.call.node
        is_method = isinstance(callee, nodes.Getattr) and callee.attr in CALLABLE
        held = flow.value_of(callee).holds
        if is_method or not any(each.kind == "macro" for each in held):
            message = "the call block calls something that is not a macro."
            yield Problem(name, block.lineno, "GP313", message, "Call a macro.")


def _imported(flow: Flow, name: str, tree: nodes.Template) -> Iterator[Problem]:
    """Find names that are imported, or read from a module, and that the module does not define."""
    wanted: list[tuple[nodes.Node, nodes.Expr, str]] = []
    for module in tree.find_all(nodes.FromImport):
        named = [pair[0] if isinstance(pair, tuple) else pair for pair in module.names]
        wanted += [(module, module.template, each) for each in named]
    modules = {module.target: module.template for module in tree.find_all(nodes.Import)}
    for read in tree.find_all(nodes.Getattr):
        if isinstance(read.node, nodes.Name) and read.node.name in modules:
            wanted.append((read, modules[read.node.name], read.attr))
    for node, template, each in wanted:
        for file in literal_names(template) or []:
            known = {export for where, export in flow.exported if where == file}
            if file in flow.trees and each not in known:
                message = f"{file!r} defines no {each!r}."
                yield Problem(name, node.lineno, "GP328", message, did_you_mean(each, known))


def _filtered(name: str, tree: nodes.Template) -> Iterator[Problem]:
    """Find filters on blocks of HTML whose result is not escaped again."""
    for node in tree.find_all((nodes.FilterBlock, nodes.AssignBlock)):
        each = node.filter  # type: ignore[attr-defined]
        while isinstance(each, nodes.Filter):
            if each.name not in KEEPS_MARKUP:
                message = f"the filter {each.name!r} on a block does not keep its escaping."
                remedy = f"Known to be safe: {', '.join(sorted(KEEPS_MARKUP))}."
                yield Problem(name, node.lineno, "GP312", message, remedy)
            each = each.node
