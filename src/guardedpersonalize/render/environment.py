"""Jinja's immutable sandbox, with chunks that know their site; and the strict one for packs."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, MutableMapping
from typing import Any, Final

from jinja2 import BaseLoader, Environment, StrictUndefined, Template, TemplateNotFound, nodes
from jinja2.compiler import Frame
from jinja2.environment import TemplateModule
from jinja2.nodes import EvalContext
from jinja2.runtime import Context, LoopContext, Macro, new_context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import Namespace

from guardedpersonalize.render import limits, operands
from guardedpersonalize.render.trace import TracingCodeGenerator
from guardedpersonalize.render.values import words

__all__ = [
    "CALLABLE",
    "HTML_SUFFIX",
    "METHODS",
    "SEGMENT",
    "PackEnvironment",
    "PackTemplate",
    "TracedSandbox",
    "TracedTemplate",
    "is_html",
]

SEGMENT: Final = "urlencode of a path segment"
"""The filter that takes the place of `urlencode` where a slot fills a path segment; no template
can write its name."""

HTML_SUFFIX: Final = ".html.j2"
"""How the names of templates end whose output is escaped."""


class TracedTemplate(Template):
    """A template whose contexts are made at C speed."""

    def new_context(
        self,
        vars: dict[str, Any] | None = None,  # noqa: A002 - Jinja's signature
        shared: bool = False,  # noqa: FBT001, FBT002 - Jinja's signature
        locals: Mapping[str, Any] | None = None,  # noqa: A002 - Jinja's signature
    ) -> Context:
        """
        Return a new context.

        Jinja copies the template's `ChainMap` of globals name by name in Python, which takes
        longer than rendering a short message. Its maps laid over each other are the same mapping.
        """
        return new_context(
            self.environment, self.name, self.blocks, vars, shared, self._flat_globals(), locals
        )

    def _flat_globals(self) -> dict[str, Any]:
        flat: dict[str, Any] = {}
        for layer in reversed(getattr(self.globals, "maps", [self.globals])):
            flat.update(layer)
        return flat


class TracedSandbox(ImmutableSandboxedEnvironment):
    """
    Jinja's immutable sandbox in every respect, but that each chunk of output has a `sid`.

    It takes all options of Jinja's environments. `TemplateSet` uses a stricter one.
    """

    code_generator_class = TracingCodeGenerator
    template_class: type[Template] = TracedTemplate


class MeteredMacro(Macro):
    """A macro whose calls are counted by depth."""

    def _invoke(self, arguments: list[Any], autoescape: bool) -> str:  # noqa: FBT001 - Jinja's
        try:
            limits.descend(1)
            return super()._invoke(arguments, autoescape)
        finally:
            limits.descend(-1)


MeteredMacro.__name__ = "Macro"  # so that a macro prints as it does in Jinja


class MeteredCodeGenerator(TracingCodeGenerator):
    """The tracing code generator with a counter in every loop, macro, block and file."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Jinja's signature
        super().__init__(*args, **kwargs)
        self._loop_bodies: list[list[nodes.Node]] = []
        self._is_recursion_next = False

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:  # noqa: N802
        """Write the module, with the counters at hand."""
        super().visit_Template(node, frame)
        self.writeline("from guardedpersonalize.render.environment import MeteredMacro")
        self.writeline("from guardedpersonalize.render.limits import deep, fits, tick, turn")

    def write_commons(self) -> None:
        """Count each file and block that is entered."""
        super().write_commons()
        self.writeline("Macro = MeteredMacro")
        self.writeline("tick()")

    def buffer(self, frame: Frame) -> None:
        """Count each macro, call, filter or set block that is entered."""
        super().buffer(frame)
        self.writeline("tick()")
        if self._is_recursion_next:
            self._is_recursion_next = False
            self.writeline("deep(depth)")

    def visit_For(self, node: nodes.For, frame: Frame) -> None:  # noqa: N802
        """Count each turn, and each item that the loop's own filter looks at."""
        self._loop_bodies.append(node.body)
        self._is_recursion_next = node.recursive
        test = node.test
        if test is not None:
            node.test = nodes.And(_name("tick()"), test, lineno=test.lineno)
        super().visit_For(node, frame)
        node.test = test
        self._loop_bodies.pop()

    def blockvisit(self, nodes: Iterable[nodes.Node], frame: Frame) -> None:
        """Write a body; a loop's body begins with its counter."""
        if any(nodes is body for body in self._loop_bodies):
            self.writeline("tick()" if frame.buffer is None else f"turn({frame.buffer})")
        super().blockvisit(nodes, frame)

    def visit_Concat(self, node: nodes.Concat, frame: Frame) -> None:  # noqa: N802
        """Hold what `~` makes to the limits."""
        self.write("fits(")
        super().visit_Concat(node, frame)
        self.write(")")


def _name(code: str) -> nodes.InternalName:
    """Return a node that is written as *code*; Jinja reserves the constructor to its parser."""
    node = object.__new__(nodes.InternalName)
    node.name = code
    return node


METHODS: Final[Mapping[str, frozenset[str]]] = {
    "text": words("""
        capitalize casefold count endswith find index isalnum isalpha isdigit islower isnumeric
        isspace istitle isupper lower lstrip partition removeprefix removesuffix rfind rpartition
        rsplit rstrip split splitlines startswith strip swapcase title upper
        """),
    "date": frozenset(["date", "isoformat", "isoweekday", "strftime", "time", "weekday"]),
    "number": frozenset(["is_integer"]),
    "list": frozenset(["count", "index"]),
    "mapping": frozenset(["get", "items", "keys", "values"]),
    "loop": frozenset(["changed", "cycle"]),
}
"""Methods that a pack's templates may call: pure, bounded by their input, the same in every run."""

_OWN: Final = (LoopContext, Macro, Namespace, TemplateModule)
CALLABLE: Final = frozenset().union(*(METHODS[kind] for kind in METHODS if kind != "loop"))
"""Methods of plain values that a pack's templates may call."""


class PackTemplate(TracedTemplate):
    """A template of a pack: nothing that it keeps outlives a render."""

    is_stateless = False
    _flat: dict[str, Any] | None = None
    _common: tuple[dict[str, Any], dict[str, Any]] | None = None

    def _flat_globals(self) -> dict[str, Any]:
        if self._flat is None:
            self._flat = super()._flat_globals()
        return self._flat

    def pieces(self, values: Mapping[str, Any]) -> list[str]:
        """Render with *values*; return the chunks that have text, in order, each with a `sid`."""
        context = self._context({**self._flat_globals(), **values})
        return list(filter(None, limits.gather(self.root_render_func(context))))

    def _context(self, names: dict[str, Any]) -> Context:
        """
        Return what `Context(self.environment, names, self.name, self.blocks)` is.

        What all contexts of a template have in common is not worked out again, which would take as
        long as rendering a short part does.
        """
        if self._common is None:
            made = Context(self.environment, {}, self.name, self.blocks)
            self._common = vars(made), vars(made.eval_ctx)
        common, of_escaping = self._common
        context = object.__new__(Context)
        escaping = object.__new__(EvalContext)
        escaping.__dict__ = of_escaping.copy()
        context.__dict__ = {
            **common,
            "parent": names,
            "vars": {},
            "eval_ctx": escaping,
            "exported_vars": set(),
            "globals_keys": set(),
            "blocks": {name: [block] for name, block in self.blocks.items()},
        }
        return context

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:
        """
        Return the module for an import without context.

        Jinja caches it for good, with whatever generators it holds. A module that could hold any
        lives as long as the render.
        """
        if self.is_stateless:
            return super()._get_default_module(ctx)
        made = limits.modules()
        name = str(self.name)
        if name not in made:
            made[name] = self.make_module()
        module: TemplateModule = made[name]
        return module


class TreeLoader(BaseLoader):
    """Makes templates from syntax trees, so that what is compiled is what was checked."""

    def __init__(self, trees: Mapping[str, nodes.Template], stateless: Collection[str]) -> None:
        self._trees = trees
        self._stateless = stateless

    def load(
        self,
        environment: Environment,
        name: str,
        globals: MutableMapping[str, Any] | None = None,  # noqa: A002 - Jinja's signature
    ) -> Template:
        """Compile and return the template *name*."""
        if name not in self._trees:
            raise TemplateNotFound(name)
        code = environment.compile(self._trees[name], name, name)
        template = PackTemplate.from_code(environment, code, globals or {})
        template.__dict__["is_stateless"] = name in self._stateless
        return template


class PackEnvironment(TracedSandbox):
    """
    The sandbox for packs: strict, bounded, deterministic, and closed over the pack's own files.

    Whatever a pack may do in it gives the same bytes as Jinja's immutable sandbox with
    `StrictUndefined` and autoescape by name; the load-time checks of `TemplateSet` refuse the rest.

    It parses at once; to render, it needs `serve`.
    """

    code_generator_class = MeteredCodeGenerator
    template_class = PackTemplate
    concat = staticmethod(limits.concat)
    intercepted_binops = frozenset({"+", "*", "**", "%"})

    def __init__(self) -> None:
        super().__init__(
            undefined=StrictUndefined, autoescape=is_html, cache_size=-1, auto_reload=False
        )
        self.filters = operands.bounded_filters(self.filters)
        self.filters[SEGMENT] = operands.segment(self.filters["urlencode"])
        self.globals["range"] = operands.bounded_range

    def serve(self, trees: Mapping[str, nodes.Template], stateless: Collection[str]) -> None:
        """
        Make templates from *trees* from now on.

        Args:
            trees: Template name -> syntax tree, checked.
            stateless: Names of those whose module may be kept from one render to the next.
        """
        self.loader = TreeLoader(trees, stateless)

    def template(self, name: str) -> PackTemplate:
        """Return the template *name*."""
        found = self.get_template(name)
        assert isinstance(found, PackTemplate)  # noqa: S101 - the loader makes no others
        return found

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:  # noqa: ANN401
        """Do what Jinja does, within the limits."""
        operands.check_operands(operator, left, right)
        return super().call_binop(context, operator, left, right)

    def getitem(self, obj: Any, argument: Any) -> Any:  # noqa: ANN401 - Jinja's signature
        """Return an item; attributes are not to be had by subscript."""
        try:
            return obj[argument]
        except (TypeError, LookupError):
            return self.undefined(obj=obj, name=argument)

    def wrap_str_format(self, value: Any) -> None:  # noqa: ANN401 - Jinja's signature
        """Give no way round: `str.format` is like any method that is not listed."""

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:  # noqa: ANN401
        """Allow data, and the methods that are pure and bounded."""
        if not super().is_safe_attribute(obj, attr, value):
            return False
        return not callable(value) or attr in CALLABLE or isinstance(obj, _OWN)


def is_html(name: str | None) -> bool:
    """Whether the output of the template *name* is escaped."""
    return name is not None and name.endswith(HTML_SUFFIX)
