"""The templates of a pack, compiled and checked together, and rendered to drafts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from types import MappingProxyType, TracebackType
from typing import Any, Final, Self

from jinja2 import TemplateSyntaxError, nodes

from guardedpersonalize.errors import ConfigError, PackError, Problem, RenderError
from guardedpersonalize.render import limits as bounds
from guardedpersonalize.render.analysis import Analysis, PartAnalysis, part_analysis
from guardedpersonalize.render.checks import entry_problems, flow_problems, stateless_modules
from guardedpersonalize.render.draft import Draft, Origin, Part, PartKind
from guardedpersonalize.render.entry import Entry
from guardedpersonalize.render.environment import SEGMENT, PackEnvironment, PackTemplate
from guardedpersonalize.render.flow import Flow
from guardedpersonalize.render.html_place import HtmlMachine
from guardedpersonalize.render.limits import Limits
from guardedpersonalize.render.operands import Misplaced
from guardedpersonalize.render.places import Walk
from guardedpersonalize.render.refusals import include_circles, refusals, with_lines
from guardedpersonalize.render.steered import steered
from guardedpersonalize.render.steering import Steering
from guardedpersonalize.render.text_place import HEADER_MARKS, TextMachine
from guardedpersonalize.vocabulary import Channel, Purpose, did_you_mean

__all__ = ["Entry", "TemplateSet"]

_PLAIN: Final = frozenset([str, int, float, bool, date, datetime])
_LISTS: Final = frozenset([list, tuple])
_TYPES: Final[Mapping[str, frozenset[type]]] = {
    "text": frozenset([str]),
    "int": frozenset([int, float, str]),
    "bool": frozenset([bool, str]),
    "date": frozenset([date, datetime, str]),
    "list": _LISTS | {str},
}
"""Types of values by type of slot; any slot may hold its fallback, or "", which are text."""


@dataclass(frozen=True, slots=True)
class _Part:
    """A part ready to render: its template, and what each of its sites stands for."""

    name: str
    kind: PartKind
    template: PackTemplate
    origins: Mapping[str, Origin]

    @classmethod
    def of(cls, part: PartAnalysis, templates: Mapping[str, PackTemplate]) -> Self:
        """Return *part* ready to render."""
        origins = {site.sid: site.origin for site in part.sites}
        return cls(part.part, part.kind, templates[part.source], origins)


class TemplateSet:
    """
    All templates of a pack. Make one with `TemplateSet.compile`; it never changes.

    Safe to share between threads.
    """

    def __init__(
        self,
        entries: Mapping[str, Entry],
        analyses: Mapping[str, Analysis],
        templates: Mapping[str, PackTemplate],
        limits: Limits,
        trees: Mapping[str, nodes.Template],
    ) -> None:
        self._trees = trees
        self._entries = MappingProxyType(dict(entries))
        self._analyses = analyses
        self._limits = limits
        self._types = {
            name: {slot: _TYPES[kind] for slot, kind in entry.slots.items()}
            for name, entry in entries.items()
        }
        self._parts = {
            name: tuple(_Part.of(part, templates) for part in analysis.parts)
            for name, analysis in analyses.items()
        }

    @classmethod
    def compile(
        cls,
        sources: Mapping[str, str],
        *,
        entries: Mapping[str, Entry],
        limits: Limits = Limits(),  # noqa: B008 - frozen
    ) -> Self:
        """
        Compile and check all templates of a pack.

        Args:
            sources: Every template file, by name relative to the pack, "/" between folders.
            entries: The renderable templates, by name.
            limits: How much one render may cost.

        Raises:
            PackError: GP301 to GP329, everything that is wrong with any of them.
        """
        compiler = _Compiler(sources)
        analyses = {name: compiler.analysis(entry) for name, entry in sorted(entries.items())}
        templates = {} if compiler.problems else compiler.templates()
        if compiler.problems:
            raise PackError(compiler.problems)
        return cls(entries, analyses, templates, limits, compiler.trees)

    @property
    def entries(self) -> Mapping[str, Entry]:
        """The renderable templates, by name."""
        return self._entries

    def analysis(self, entry: str) -> Analysis:
        """
        Return what *entry* reads and writes.

        Raises:
            ConfigError: GP334, if there is no such entry.
        """
        self._known(entry)
        return self._analyses[entry]

    def render(
        self,
        entry: str,
        context: Mapping[str, Any],
        *,
        channel: Channel,
        purpose: Purpose | None,
        seen: set[str] | None = None,
    ) -> Draft:
        """
        Render every part of *entry*.

        Args:
            entry: Name of the entry.
            context: A plain value for each declared slot: text, int, bool, date, or a list of
                these; "" where there is none.
            channel: Where the message will be read.
            purpose: What it is sent for.
            seen: Takes the `sid` of each site that writes on the way, in macros too; those of the
                finished parts are in their paths.

        Raises:
            ConfigError: GP334, if there is no such entry.
            RenderError: GP330 where a template fails, GP331 where a limit is passed, GP332 where
                *context* is not what the entry declares, GP333 where a header would have a line
                break, GP335 where a value would leave its place in an address. None of them says
                anything of a value.
        """
        self._known(entry)
        rendered: list[Part] = []
        error = self._misfit(entry, context) or self._fill(entry, context, rendered, seen)
        if error is not None:
            del context, rendered  # a traceback shows the locals of this frame
            raise error
        return Draft(entry, channel, purpose, tuple(rendered))

    def steered(self, steering: Steering) -> TemplateSet:
        """
        Return the same templates, which ask *steering* what decides, and take marked values.

        Raises:
            RenderError: GP330, if a template is nested too deeply for that.
        """
        environment = PackEnvironment()
        environment.filters.update(steering.filters)
        try:
            trees = {name: steered(tree, name) for name, tree in self._trees.items()}
            environment.serve(trees, stateless_modules(trees))
            return _Steered(self, {name: environment.template(name) for name in trees})
        except (RecursionError, SyntaxError, MemoryError, TemplateSyntaxError):
            pass
        raise RenderError("GP330", "the templates are nested too deeply to be steered.")

    def _fill(
        self,
        entry: str,
        context: Mapping[str, Any],
        rendered: list[Part],
        seen: set[str] | None,
    ) -> RenderError | None:
        """Add the parts to *rendered*; return what went wrong, if anything did."""
        token = bounds.start(self._limits, seen)
        part: _Part | None = None
        try:
            for part in self._parts[entry]:
                rendered.append(_render(part, context))
        except Exception as err:  # noqa: BLE001 - only its type may be told
            return _failure(part, err)
        finally:
            bounds.stop(token)
        return None

    def _known(self, entry: str) -> None:
        if entry not in self._entries:
            raise ConfigError(
                "GP334", f"no template {entry!r}.", remedy=did_you_mean(entry, self._entries)
            )

    def _misfit(self, entry: str, context: Mapping[str, Any]) -> RenderError | None:
        """Return what is wrong with values that are not what the entry declares."""
        types = self._types[entry]
        if context.keys() != types.keys():
            missing = sorted(types.keys() - context.keys())
            extra = len(context.keys() - types.keys())
            message = (
                f"the values do not fit the slots: {len(missing)} missing"
                f" ({', '.join(missing)}), {extra} not declared."
            )
            return RenderError("GP332", message)
        for name, value in context.items():
            kind = type(value)
            if kind not in types[name] or (kind in _LISTS and not _is_flat(value)):
                declared = self._entries[entry].slots[name]
                message = (
                    f"slot {name!r} is of type {declared}, and has a value of type {kind.__name__}."
                )
                return RenderError("GP332", message)
        return None


class _Steered(TemplateSet):
    """Steered templates of a set; see `TemplateSet.steered`."""

    def __init__(self, plain: TemplateSet, templates: Mapping[str, PackTemplate]) -> None:
        vars(self).update(vars(plain))
        self._parts = {
            name: tuple(
                replace(each, template=templates[str(each.template.name)]) for each in parts
            )
            for name, parts in self._parts.items()
        }

    def _misfit(self, entry: str, context: Mapping[str, Any]) -> None:
        """Take every value: those of a steering are plain ones with a mark."""


def _is_flat(items: Iterable[object]) -> bool:
    return all(type(item) in _PLAIN for item in items)


def _render(part: _Part, values: Mapping[str, Any]) -> Part:
    rendered = Part.traced(part.name, part.kind, part.template.pieces(values), part.origins)
    if part.kind is PartKind.HEADER and HEADER_MARKS.search(rendered.text):
        raise _HeaderMark
    return rendered


class _HeaderMark(Exception):  # noqa: N818 - it never leaves this module
    """A header has a character that none may have."""


def _failure(part: _Part | None, err: Exception) -> RenderError:
    """Return what may be said of *err*: its type, or the limit, and the place."""
    name = part.name if part is not None else ""
    where = _place(err.__traceback__) or (str(part.template.name) if part else None)
    if isinstance(err, bounds.Overrun):
        message = f"part {name!r} passes the limit {err.limit}."
        return RenderError("GP331", message, where=where)
    if isinstance(err, _HeaderMark):
        message = f"part {name!r} has a line break, or a control or direction mark."
        return RenderError("GP333", message, where=where)
    if isinstance(err, Misplaced):
        message = f"part {name!r}: a value does not fit into one path segment of an address."
        return RenderError("GP335", message, where=where)
    message = f"part {name!r} fails with {type(err).__name__}."
    return RenderError("GP330", message, where=where)


def _place(traceback: TracebackType | None) -> str:
    """Return `file:line` of the innermost template on *traceback*; "" if there is none."""
    place = ""
    while traceback is not None:
        template = traceback.tb_frame.f_globals.get("__jinja_template__")
        if template is not None:
            place = f"{template.name}:{template.get_corresponding_lineno(traceback.tb_lineno)}"
        traceback = traceback.tb_next
    return place


class _Compiler:
    """Compiles sources and gathers everything that is wrong with them."""

    def __init__(self, sources: Mapping[str, str]) -> None:
        self.environment = PackEnvironment()
        self.problems: list[Problem] = []
        self._segments: list[nodes.Filter] = []
        self.names = frozenset(sources)
        self.trees = dict(self._parse(sources))
        for name, tree in self.trees.items():
            self.problems += refusals(name, tree, self.names)
        circles = list(include_circles(self.trees))
        self.problems += circles
        self._has_circles = bool(circles)

    def _parse(self, sources: Mapping[str, str]) -> Iterator[tuple[str, nodes.Template]]:
        for name, source in sorted(sources.items()):
            try:
                yield name, with_lines(self.environment.parse(source, name, name))
            except TemplateSyntaxError as err:
                self.problems.append(Problem(name, err.lineno, "GP301", err.message or "?"))
            except RecursionError:
                self.problems.append(_too_deep(name))

    def analysis(self, entry: Entry) -> Analysis:
        """Check *entry* and return what it reads and writes."""
        self.problems += entry_problems(entry, self.names, self.environment.globals)
        parts = [
            part
            for name, kind, source in entry.parts
            if source in self.trees and (part := self._part(entry, name, kind, source))
        ]
        if len(parts) == len(entry.parts):
            self.problems += _unused(entry, parts)
        return Analysis(entry.name, tuple(parts))

    def _part(self, entry: Entry, name: str, kind: PartKind, source: str) -> PartAnalysis | None:
        try:
            flow = Flow(self.trees, source, entry.slots, names=self.environment.globals)
            self.problems += flow_problems(flow, entry=entry.name)
            if not self._has_circles:
                self._walk(flow, kind)
            return part_analysis(name, kind, flow)
        except RecursionError:
            self.problems.append(_too_deep(source))
        return None

    def _walk(self, flow: Flow, kind: PartKind) -> None:
        machine: HtmlMachine | TextMachine
        if kind is PartKind.HTML:
            machine = HtmlMachine()
            Walk(flow, machine).run()
        else:
            machine = TextMachine(is_header=kind is PartKind.HEADER)
            Walk(flow, machine).run()
        self.problems += machine.problems
        self._segments += machine.segments

    def templates(self) -> dict[str, PackTemplate]:
        """Compile every file; add what is wrong to the problems."""
        for segment in self._segments:
            segment.name = SEGMENT
        self.environment.serve(self.trees, stateless_modules(self.trees))
        made: dict[str, PackTemplate] = {}
        for name in sorted(self.trees):
            try:
                made[name] = self.environment.template(name)
            except TemplateSyntaxError as err:
                self.problems.append(Problem(name, err.lineno, "GP301", err.message or "?"))
            except (RecursionError, SyntaxError, MemoryError):
                self.problems.append(_too_deep(name))
        return made


def _too_deep(name: str) -> Problem:
    return Problem(name, 0, "GP301", "the template is nested too deeply.", "Make it simpler.")


def _unused(entry: Entry, parts: Iterable[PartAnalysis]) -> Iterator[Problem]:
    if entry.may_leave_unused:
        return
    used = {read.slot for part in parts for read in part.reads}
    for slot in sorted(entry.slots.keys() - used):
        message = f"slot {slot!r} is declared, but no part of {entry.name!r} reads it."
        line = entry.slot_lines.get(slot, 0)
        yield Problem(entry.manifest, line, "GP303", message, "Use it or take it out.")
