"""
Chunks that know which expression made them, at next to no cost.

Jinja turns a template into a Python module. The code generator here is Jinja's own with a few
hooks: each output expression gets a `str` subclass of its own, made once when the module is
executed and called around the output; each literal becomes a constant of a `str` subclass. Both
carry `sid`, the name of the *site* in the template that wrote the chunk. What a site may show is
worked out once, from the syntax trees of all templates (`flow.py`): nothing is traced at run time.

Source: the hooks are private to Jinja and equal in 3.1.6 and its main branch; the project pins
jinja2 below 3.2, and `tests/render/test_trace.py` fails when one of them moves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final, Protocol

from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame

__all__ = [
    "HOOKS",
    "Literal",
    "TracingCodeGenerator",
    "expression",
    "literal",
    "number_sites",
    "only_text",
    "site_id",
]

HOOKS: Final = (
    "_make_finalize",
    "_output_child_post",
    "_output_child_pre",
    "_output_child_to_const",
    "_output_const_repr",
    "blockvisit",
    "buffer",
    "end_write",
    "start_write",
    "visit_Concat",
    "visit_For",
    "visit_Output",
    "visit_Template",
    "write_commons",
)
"""Methods of Jinja's code generator that this package overrides or relies on."""

_BUFFERED: Final = (nodes.CallBlock, nodes.FilterBlock)
_PREAMBLE: Final = "from guardedpersonalize.render.trace import expression, literal, only_text"


class Traced(Protocol):
    """A chunk of output: text with the site that wrote it."""

    sid: str


class Literal(str):
    """A run of the template's own words. `sid` names its site."""

    __slots__ = ("sid",)
    sid: str


def literal(text: str, sid: str) -> Literal:
    """Return *text* as a chunk of site *sid*."""
    made = Literal(text)
    made.sid = sid
    return made


def expression(sid: str) -> type[str]:
    """Return a `str` subclass whose instances are chunks of site *sid*."""
    return type("Expression", (str,), {"__slots__": (), "sid": sid})


def only_text(made: type[str]) -> Callable[[Any], Any]:
    """
    Return a function that turns text into *made* and lets anything else through.

    `{% call %}`, `{% filter %}` and recursive loops write what they get: Jinja then fails on
    anything but text (`{% filter length %}`), and so must we.
    """

    def convert(value: Any) -> Any:  # noqa: ANN401 - whatever a filter returns
        return made(value) if isinstance(value, str) else value

    return convert


def site_id(template: str | None, number: int) -> str:
    """Return the name of a site: unique within a set of templates and the same in every run."""
    return f"{template or ''}#{number}"


def number_sites(tree: nodes.Template) -> dict[int, int]:
    """
    Number everything in *tree* that can write output, in source order from 0.

    Returns:
        `id(node)` -> number, for each child of an output node, each call and filter block, and
        each recursive loop. The ids hold as long as *tree* lives.
    """
    return {id(node): number for number, node in enumerate(_sites(tree))}


def _sites(node: nodes.Node) -> Iterator[nodes.Node]:
    if isinstance(node, nodes.Output):
        yield from node.nodes
        return
    if isinstance(node, _BUFFERED) or (isinstance(node, nodes.For) and node.recursive):
        yield node
    for child in node.iter_child_nodes():
        if not isinstance(child, nodes.Expr):
            yield from _sites(child)


class _Folded(str):
    """Text that Jinja folded at load time, and the number of the node it came from."""

    __slots__ = ("number",)
    number: int


class TracingCodeGenerator(CodeGenerator):
    """Jinja's code generator with the hooks that name the site of each chunk."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Jinja's signature
        super().__init__(*args, **kwargs)
        self._numbers: dict[int, int] = {}
        self._literals: dict[int, str] = {}
        self._expressions: set[int] = set()
        self._passed: set[int] = set()
        self._wrapped: list[bool] = []

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:  # noqa: N802
        """Write the module, then the constants that its functions use."""
        self._numbers = number_sites(node)
        super().visit_Template(node, frame)
        self.writeline(_PREAMBLE, extra=1)
        for number, text in sorted(self._literals.items()):
            self.writeline(f"literal_{number} = literal({text!r}, {self._sid(number)!r})")
        for number in sorted(self._expressions):
            self.writeline(f"expression_{number} = expression({self._sid(number)!r})")
        for number in sorted(self._passed):
            self.writeline(f"passed_{number} = only_text(expression_{number})")

    def _sid(self, number: int) -> str:
        return site_id(self.name, number)

    def _output_child_to_const(
        self,
        node: nodes.Expr,
        frame: Frame,
        finalize: Any,  # noqa: ANN401 - private to Jinja
    ) -> str:
        folded = _Folded(super()._output_child_to_const(node, frame, finalize))
        folded.number = self._numbers[id(node)]
        return folded

    def _output_const_repr(self, group: Iterable[Any]) -> str:
        parts = list(group)
        number: int = parts[0].number
        self._literals[number] = "".join(parts)
        return f"literal_{number}"

    def _output_child_pre(
        self,
        node: nodes.Expr,
        frame: Frame,
        finalize: Any,  # noqa: ANN401 - private to Jinja
    ) -> None:
        number = self._numbers[id(node)]
        self._expressions.add(number)
        self.write(f"expression_{number}(")
        if not self._is_plain(frame, finalize):
            super()._output_child_pre(node, frame, finalize)

    def _output_child_post(
        self,
        node: nodes.Expr,
        frame: Frame,
        finalize: Any,  # noqa: ANN401 - private to Jinja
    ) -> None:
        if not self._is_plain(frame, finalize):
            super()._output_child_post(node, frame, finalize)
        self.write(")")

    def _is_plain(self, frame: Frame, finalize: Any) -> bool:  # noqa: ANN401 - private to Jinja
        """Whether Jinja would write `str(x)`: calling the subclass does the same in one step."""
        context = frame.eval_ctx
        return not (context.volatile or context.autoescape) and finalize.src is None

    def start_write(self, frame: Frame, node: nodes.Node | None = None) -> None:
        """Begin an output that does not go through an output node: call, filter, recursion."""
        super().start_write(frame, node)
        number = None if node is None else self._numbers.get(id(node))
        self._wrapped.append(number is not None)
        if number is not None:
            self._expressions.add(number)
            self._passed.add(number)
            self.write(f"passed_{number}(")

    def end_write(self, frame: Frame) -> None:
        """End what `start_write` began."""
        if self._wrapped.pop():
            self.write(")")
        super().end_write(frame)
