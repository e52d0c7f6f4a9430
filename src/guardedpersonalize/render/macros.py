"""
Calls of macros, told apart: the union over one call's arguments, not over those of all calls.

In the body of a macro a parameter is a stand-in label; at each call the stand-ins in what the body
writes are replaced by the arguments given there. That holds as long as at most one call of the
macro is under way, so a macro that may run itself gets the union of all its calls instead; and so
does whatever outlives a call, in a namespace or under a name that other files see.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from jinja2 import nodes

from guardedpersonalize.render.cells import Cells, Scope, out_of
from guardedpersonalize.render.values import (
    MARKUP,
    NOTHING,
    STATE,
    Held,
    Value,
    argument_of,
    as_any_call,
    parameter,
)

__all__ = ["CALLER_TEXT", "SPECIAL", "Arguments", "Macro", "Macros"]

SPECIAL: Final = ("caller", "kwargs", "varargs")
"""Names that every macro binds."""

CALLER_TEXT: Final = "#caller"
"""Stand-in for what `caller()` writes in this call."""

_ARGUMENT: Final = "#argument "
_DEFAULT: Final = "#default "


@dataclass(slots=True)
class Macro:
    """A macro, a call block's body, or the body of a recursive loop: something to be called."""

    node: nodes.Macro | nodes.CallBlock | nodes.For
    parameters: tuple[str, ...]
    calls: Value = NOTHING


@dataclass(slots=True)
class Arguments:
    """The arguments of a call, by position and by name; *spread* may be any of them."""

    positional: list[Value]
    named: dict[str, Value]
    spread: Value = field(default=NOTHING)

    def all(self) -> Value:
        """Return the union of all arguments."""
        value = self.spread
        for each in (*self.positional, *self.named.values()):
            value |= each
        return value

    def bound_to(self, parameters: tuple[str, ...]) -> Iterator[tuple[str, Value]]:
        """Yield `(parameter, value)`; what is left over goes to `varargs` and `kwargs`."""
        yield from zip(parameters, self.positional, strict=False)
        for value in self.positional[len(parameters) :]:
            yield "varargs", value
        for name, value in self.named.items():
            yield (name if name in parameters or name == "caller" else "kwargs"), value
        if self.spread is not NOTHING:
            for name in (*parameters, *SPECIAL):
                yield name, self.spread


class Macros(Cells):
    """Knows the macros, and what one call of them writes."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self._macros: dict[int, Macro] = {}

    def _macro(
        self, node: nodes.Macro | nodes.CallBlock | nodes.For, parameters: Iterable[str]
    ) -> Macro:
        if id(node) not in self._macros:
            self._macros[id(node)] = Macro(node, tuple(parameters))
        return self._macros[id(node)]

    def _bind_parameters(self, macro: Macro, scope: Scope) -> None:
        """Bind the parameters of *macro* to stand-ins, which may hold all that they ever get."""
        key = id(macro.node)
        for name in (*macro.parameters, *SPECIAL):
            given = self._cells[key, _ARGUMENT + name] | self._cells[key, _DEFAULT + name]
            self._bind(scope, name, Value(parameter(key, name).shown, holds=given.holds))

    def _join_default(self, macro: Macro, name: str, value: Value) -> None:
        self._join((id(macro.node), _DEFAULT + name), value)

    def _run_macro(self, held: Held, arguments: Arguments) -> Value:
        """Return what a call of *held* with *arguments* writes."""
        macro = self._macros.get(held.key)
        if macro is None:
            return NOTHING
        calls = macro.calls | Value(control=self._control | self._effects)
        if held.kind == "loop":
            calls |= arguments.all()
        if calls != macro.calls:
            macro.calls = calls
            self._changed = True
        self._link(out_of(macro.node))
        given: dict[str, Value] = {}
        for name, value in arguments.bound_to(macro.parameters):
            given[name] = given.get(name, NOTHING) | value
            self._join((held.key, _ARGUMENT + name), value)
        written = self._cells[out_of(macro.node)]
        if held.kind == "loop" or self._runs_itself(out_of(macro.node)):
            return written.plus(MARKUP)
        return self._in_this_call(written, held.key, given).plus(MARKUP)

    def _in_this_call(self, written: Value, macro: int, given: dict[str, Value]) -> Value:
        """Replace the stand-ins of *macro* in *written* by what is given in this call."""

        def replace(label: str) -> Value:
            stand_in = argument_of(label)
            if stand_in is None or stand_in[0] != macro or not stand_in[2]:
                return Value(shown=frozenset({label}))
            name = stand_in[1]
            if name == CALLER_TEXT:
                return self._caller_text(given.get("caller", NOTHING))
            if name in given:
                return given[name]
            return as_any_call(self._cells[macro, _DEFAULT + name])

        return written.with_each(replace)

    def _caller_text(self, caller: Value) -> Value:
        """Return what calling *caller* may write."""
        text = caller.plain()
        for held in sorted_macros(caller):
            macro = self._macros.get(held.key)
            if macro is not None:
                text |= self._cells[out_of(macro.node)]
        return text

    def _caller_in_this_call(self, scope: Scope) -> Value | None:
        """Return the stand-in for what `caller()` writes, if it is for sure this call's caller."""
        at: Scope | None = scope
        while at is not None and "caller" not in at.definite:
            at = at.parent
        macro = self._macros.get(at.key) if at is not None else None
        if at is None or macro is None or isinstance(macro.node, nodes.For):
            return None
        given = self._cells[at.key, _ARGUMENT + "caller"].holds
        is_own = self._cells[at.key, "caller"].holds <= given | {STATE}
        if not is_own or self._runs_itself(out_of(macro.node)):
            return None
        return parameter(at.key, CALLER_TEXT)

    def _settle(self, value: Value) -> Value:
        """Return *value* with every stand-in replaced by all that it ever stood for."""
        shown: set[str] = set()
        control: set[str] = set()
        waiting = [(label, False) for label in value.shown]
        waiting += [(label, True) for label in value.control]
        seen: set[tuple[str, bool]] = set()
        while waiting:
            label, is_control = pair = waiting.pop()
            if pair in seen:
                continue
            seen.add(pair)
            stand_in = argument_of(label)
            if stand_in is None:
                (control if is_control else shown).add(label)
                continue
            behind = self._ever_given(stand_in[0], stand_in[1])
            waiting += [(each, is_control) for each in behind.shown]
            waiting += [(each, True) for each in behind.control]
        return Value(frozenset(shown), frozenset(control), value.holds)

    def _ever_given(self, macro: int, name: str) -> Value:
        if name == CALLER_TEXT:
            return self._caller_text(self._cells[macro, _ARGUMENT + "caller"])
        return self._cells[macro, _ARGUMENT + name] | self._cells[macro, _DEFAULT + name]


def sorted_macros(value: Value) -> list[Held]:
    """Return the macros and loops that *value* may be, in a fixed order within a run."""
    found = (held for held in value.holds if held.kind in {"loop", "macro"})
    return sorted(found, key=lambda held: held.key)
