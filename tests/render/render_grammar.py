"""Random packs: a main template, a partial, a library of macros and a base, over a few slots."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from hypothesis import strategies as st

WORDS = ("Hi ", " < ", "&", "\n", "  ", "word", ", ", '"', "'")
FILTERS = (
    *("upper", "lower", "title", "trim", "e", "default('d')", "default(b, true)", "capitalize"),
    *("truncate(5, true, '..')", "center(9)", "urlencode", "striptags", "string", "length", "int"),
    *("indent(2)", "wordwrap(4)", "forceescape", "list|join('-')", "first|default('')", "e|upper"),
    *("reverse|join", "batch(2)|list|length", "list|last|default('')", "replace('a', b)"),
)
TESTS = ("defined", "string", "none", "odd", "sameas a", "eq 'Ada'", "in items", "ne b")
CONSTANTS = ("'k'", "'<b>'", "1", "3", "true", "['p', a]", "{'k': b}.k")
LOOP_NAMES = ("i", "i", "loop.index", "loop.last", "loop.cycle(a, 'k')", "loop.changed(i)")
NAMES = ("a", "b", "c", "x", "flag", "n", "items", "y")
LIB = (
    "{% macro show(p, q='q') %}[{{ p }}|{{ q }}]{% endmacro %}"
    "{% macro wrap(p) %}<{% if p %}{{ caller() }}{% endif %}>{% endmacro %}"
    "{% macro each(l) %}{% for i in l %}{{ caller(i) }}{% endfor %}{% endmacro %}"
    "{% macro seen() %}{{ x|default('-') }}{% endmacro %}"
)
BASE = (
    "{% set x = x|default('base') %}top {% block head %}{{ a }}{% endblock %}"
    "{% if flag %}{% block body %}{{ b }}{% endblock %}{% endif %}"
    "{% for i in items %}{% block item scoped %}{{ i }}{% endblock %}{% endfor %}end"
)
NAMED = "{% set ns = namespace(v=0) %}{% set y = b %}"
LIBRARY = "{% import 'lib' as m %}"


@dataclass(frozen=True)
class Writer:
    """Writes templates by drawing; *names* are bound where it writes."""

    draw: st.DrawFn
    names: Sequence[str] = NAMES
    depth: int = 3

    def one(self, choices: Sequence[str]) -> str:
        return self.draw(st.sampled_from(choices))

    def deeper(self, *names: str) -> Writer:
        return replace(self, names=(*self.names, *names), depth=self.depth - 1)

    def atom(self) -> str:
        is_constant = self.draw(st.integers(0, 4)) == 0
        return self.one(CONSTANTS if is_constant else self.names)

    def expression(self, depth: int = 2) -> str:
        kinds: list[Callable[[int], str]] = [
            lambda _: self.atom(), lambda _: self.atom(), self.filtered, self.filtered,
            self.binary, self.choice, self.shown, self.special,
        ]  # fmt: skip
        if depth == 0:
            return self.atom()
        return self.draw(st.sampled_from(kinds))(depth - 1)

    def filtered(self, depth: int) -> str:
        return f"{self.expression(depth)}|{self.one(FILTERS)}"

    def binary(self, depth: int) -> str:
        operator = self.one(["~", "~", "==", "and", "or", "+", "*", "%", "in"])
        return f"({self.expression(depth)} {operator} {self.expression(depth)})"

    def choice(self, depth: int) -> str:
        test = f"{self.expression(depth)} is {self.one(TESTS)}"
        return f"({self.expression(depth)} if {test} else {self.atom()})"

    def shown(self, depth: int) -> str:
        call = self.one(["m.show({}, {})", "m.show({}, q={})", "m.show(*[{}, {}])"])
        return call.format(self.expression(depth), self.atom())

    def special(self, depth: int) -> str:
        return self.one(["ns.v", "m.seen()", "y", f"(not {self.atom()})", "(x is defined)"])

    def tag(self, text: str) -> str:
        before, after = self.one(["", "", "-", "+"]), self.one(["", "", "-"])
        return f"{{%{before} {text} {after}%}}"

    def output(self) -> str:
        return self.one(WORDS) if self.draw(st.booleans()) else f"{{{{ {self.expression()} }}}}"

    def body(self) -> str:
        count = self.draw(st.integers(1, 3 if self.depth else 2))
        return "".join(self.node() for _ in range(count))

    def node(self) -> str:
        kinds = (
            self.if_, self.for_, self.for_, self.recursive, self.set_, self.set_block, self.with_,
            self.filter_block, self.call_block, self.call_with_arguments, self.include,
            self.namespace, self.raw, self.macro,
        )  # fmt: skip
        if self.depth == 0 or self.draw(st.integers(0, 2)) == 0:
            return self.output()
        return self.draw(st.sampled_from(kinds))()

    def if_(self) -> str:
        middle = f"{{% elif {self.expression(1)} %}}" if self.draw(st.booleans()) else "{% else %}"
        inner = self.deeper()
        head = self.tag(f"if {self.expression(1)}")
        return head + inner.body() + middle + inner.body() + self.tag("endif")

    def for_(self) -> str:
        over = self.one(["items", "range(n)", "'pq'", "[a, b]", "items|map('upper')"])
        head = self.tag(f"for i in {over}{self.one(['', '', ' if i != a', ' if flag'])}")
        other = "{% else %}" + self.deeper().body() if self.draw(st.booleans()) else ""
        return head + self.deeper(*LOOP_NAMES).body() + other + "{% endfor %}"

    def recursive(self) -> str:
        return (
            "{% for i in [[1, [2]], a] recursive %}{% if i is string %}"
            + self.deeper("i").body()
            + "{% elif i is iterable %}({{ loop(i) }}){% else %}{{ b }}{% endif %}{% endfor %}"
        )

    def set_(self) -> str:
        return f"{{% set {self.one(['x', 'y'])} = {self.expression(1)} %}}"

    def set_block(self) -> str:
        head = f"{{% set y{self.one(['', '|upper', '|trim'])} %}}"
        return head + self.deeper().body() + "{% endset %}"

    def with_(self) -> str:
        head = f"{{% with w = {self.expression(1)}, x = a %}}"
        return head + self.deeper("w").body() + "{% endwith %}"

    def filter_block(self) -> str:
        head = f"{{% filter {self.one(['upper', 'trim', 'lower', 'indent(1)'])} %}}"
        return head + self.deeper().body() + "{% endfilter %}"

    def call_block(self) -> str:
        return f"{{% call m.wrap({self.expression(1)}) %}}{self.deeper().body()}{{% endcall %}}"

    def call_with_arguments(self) -> str:
        return f"{{% call(z) m.each(items) %}}{self.deeper('z').body()}{{% endcall %}}"

    def include(self) -> str:
        named = ["'part'", "['part', 'none']", "'none' ignore missing"]
        return f"{{% include {self.one(named)} %}}"

    def namespace(self) -> str:
        return f"{{% set ns.v = {self.expression(1)} %}}"

    def raw(self) -> str:
        return "{# " + self.one(["note", "{{ a }}"]) + " #}{% raw %}{{ b }}{% endraw %}"

    def macro(self) -> str:
        head = f"{{% macro f(p, r={self.expression(1)}) %}}"
        calls = f"{{{{ f({self.expression(1)}) }}}}{{{{ f(c, r={self.expression(1)}) }}}}"
        return head + self.deeper("p", "r").body() + "{% endmacro %}" + calls


@st.composite
def packs(draw: st.DrawFn) -> dict[str, str]:
    """Sources by name; the main template is `main`."""
    writer = Writer(draw)
    library = draw(st.sampled_from([LIBRARY, "{% import 'lib' as m with context %}"]))
    if draw(st.booleans()):
        main = "{% extends 'base' %}" + library + NAMED + "{% set x = 'start' %}"
        for name in draw(st.lists(st.sampled_from(["head", "body", "item"]), unique=True)):
            above = draw(st.sampled_from(["", "{{ super() }}"]))
            body = library + NAMED + above + writer.deeper().body()
            main += f"{{% block {name} %}}{body}{{% endblock %}}"
    else:
        main = library + NAMED + "{% set x = 'start' %}" + writer.body()
    part = library + NAMED + replace(writer, names=("a", "b", "c", "x", "flag"), depth=1).body()
    return {"main": main, "part": part, "lib": LIB, "base": BASE}
