"""
What decides on the way through a template, asked and written down while it renders.

In a steered template (`steered`) each test, each `or`, and each loop is handed to a `Steering`. The
values of slots go through the template marked with the slot that they are of. So a question about
one slot ("is it filled?", "is it at least 5?") is answered by its value, and another value answers
it the other way. What no value can be found for (`name|wordcount > 2`) is answered as it comes out,
or as `begin` was told, the same way each time in one rendering.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from markupsafe import Markup

__all__ = [
    "ALIKE",
    "COMPARE",
    "DERIVED",
    "TRUTH",
    "TURNS",
    "Asked",
    "Question",
    "Steering",
    "values_for",
]

TRUTH: Final = "truth of a slot"
ALIKE: Final = "truth of what is as true as a slot"
COMPARE: Final = "comparison of a slot"
DERIVED: Final = "what is made of slots"
TURNS: Final = "turns over a slot"
"""Names of the filters that steer; no template can write them."""

_HOLDS: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "true": lambda value, _: bool(value),
    "long": lambda value, _: len(value) > 1,
    "eq": operator.eq,
    "gteq": operator.ge,
    "lteq": operator.le,
    "in": lambda value, known: value in known,
    "has": lambda value, item: item in value,
}
_MIRRORED: Final = {"eq": "eq", "gteq": "lteq", "lteq": "gteq", "in": "has"}


class Question(NamedTuple):
    """
    What is asked on the way.

    Args:
        slot: The slot whose value answers it; "" where no single value does.
        kind: A key of `_HOLDS`, or what is compared or made, in the words of Jinja's nodes.
        known: What the slot is compared with.
    """

    slot: str
    kind: str
    known: Any = None


@dataclass(slots=True)
class Asked:
    """A question, its answer in this rendering, and the places that asked it."""

    question: Question
    answer: bool
    sites: set[str] = field(default_factory=set)


class _Mark(NamedTuple):
    """What is known of a value: the slots that it is made of, and what it is called."""

    slots: frozenset[str]
    name: str
    is_whole: bool = False


class Steering:
    """Answers what a rendering asks, and keeps it in the order of asking. For one thread."""

    def __init__(self) -> None:
        self.asked: dict[tuple[Any, ...], Asked] = {}
        self._values: Mapping[str, Any] = {}
        self._forced: Mapping[tuple[Any, ...], bool] = {}
        self.filters: Mapping[str, Callable[..., Any]] = {
            ALIKE: self._alike,
            TRUTH: self._truth,
            COMPARE: self._compare,
            DERIVED: self._derived,
            TURNS: self._turns,
        }

    def begin(
        self, values: Mapping[str, Any], forced: Iterable[tuple[Question, bool]]
    ) -> dict[str, Any]:
        """
        Start a rendering.

        Args:
            values: Slot -> value.
            forced: Answers to questions that no value answers.

        Returns:
            The values, marked.
        """
        self.asked = {}
        self._values = values
        self._forced = {_key(question): answer for question, answer in forced}
        return {
            name: _marked(value, _Mark(frozenset([name]), name, is_whole=True))
            for name, value in values.items()
        }

    # -- called by generated code

    def _truth(self, value: Any, words: str, site: str, *near: Any) -> bool:  # noqa: ANN401
        mark, answer = _mark_of(value), bool(value)
        if mark is None:
            return self._free(answer, words, site, near)
        if mark.is_whole:
            return self._about(Question(mark.name, "true"), site)
        return self._free(answer, "true", site, [value])

    def _alike(
        self,
        value: Any,  # noqa: ANN401
        base: Any,  # noqa: ANN401
        words: str,
        site: str,
        *near: Any,  # noqa: ANN401
    ) -> bool:
        # Of a number it is not so: "0" is true.
        if isinstance(base, str | list) and bool(base) is bool(value):
            return self._truth(base, words, site, *near)
        return self._truth(value, words, site, *near)

    def _compare(
        self,
        left: Any,  # noqa: ANN401
        kind: str,
        right: Any,  # noqa: ANN401
        words: str,
        site: str,
        *near: Any,  # noqa: ANN401
    ) -> bool:
        one, other = _mark_of(left), _mark_of(right)
        if one and one.is_whole and not other:
            return self._about(Question(one.name, kind, right), site)
        if other and other.is_whole and not one:
            return self._about(Question(other.name, _MIRRORED[kind], left), site)
        answer = bool(_HOLDS[kind](left, right))
        if one or other:
            return self._free(answer, kind, site, [left, right])
        return self._free(answer, words, site, near)

    def _derived(self, value: Any, words: str, *near: Any) -> Any:  # noqa: ANN401
        mark = _mark_over(words, near)
        return value if mark is None or _mark_of(value) else _marked(value, mark)

    def _turns(self, value: Any, words: str, site: str, *near: Any) -> Any:  # noqa: ANN401
        mark = _mark_of(value) or _mark_over(words, near)
        if mark is None:
            return value
        for slot in sorted(mark.slots):
            if self._about(Question(slot, "true"), site) and isinstance(self._values[slot], list):
                self._about(Question(slot, "long"), site)
        return [
            item if _mark_of(item) else _marked(item, _Mark(mark.slots, f"{mark.name}[{number}]"))
            for number, item in enumerate(value)
        ]

    def _about(self, question: Question, site: str) -> bool:
        """Answer a question about one slot from its value."""
        value = self._values[question.slot]
        return self._note(question, bool(_HOLDS[question.kind](value, question.known)), site)

    def _free(self, answer: bool, kind: str, site: str, near: Sequence[Any]) -> bool:  # noqa: FBT001
        """Answer a question that no single value answers; empty slots leave nothing open."""
        mark = _mark_over(kind, near)
        if mark is None or not any(self._values[slot] for slot in mark.slots):
            return answer
        question = Question("", mark.name)
        return self._note(question, self._forced.get(_key(question), answer), site)

    def _note(self, question: Question, answer: bool, site: str) -> bool:  # noqa: FBT001
        asked = self.asked.setdefault(_key(question), Asked(question, answer))
        asked.sites.add(site)
        return answer


def _key(question: Question) -> tuple[Any, ...]:
    """Return what is the same for the same question; 1 is not true, and lists have no hash."""
    return (question.slot, question.kind, repr(question.known))


# -- marks


def _mark_of(value: object) -> _Mark | None:
    # What a method makes of a marked value may be of the same class, and has no mark.
    return vars(value).get("mark") if getattr(type(value), "is_marked", False) else None


def _mark_over(words: str, near: Sequence[object]) -> _Mark | None:
    """Return the mark of what *words* makes of *near*; None where no slot is in it."""
    marks = [_mark_of(value) for value in near]
    slots = frozenset().union(*(mark.slots for mark in marks if mark))
    if not slots:
        return None
    names = (mark.name if mark else repr(value) for mark, value in zip(marks, near, strict=True))
    return _Mark(slots, f"{words}({', '.join(names)})")


class _Truth(int):
    """A yes or no that can be marked."""

    def __str__(self) -> str:
        return str(bool(self))

    __repr__ = __str__


_MAKE: Final[Mapping[type, Callable[[Any, Any], Any]]] = {
    **dict.fromkeys((bool, str, int, float, list, tuple, Markup), operator.call),
    date: lambda made, value: made.fromordinal(value.toordinal()),
    datetime: lambda made, value: made.combine(value.date(), value.timetz()),
}
_KINDS: Final[Mapping[type, Any]] = {
    kind: type("Marked", (_Truth if kind is bool else kind,), {"is_marked": True}) for kind in _MAKE
}


def _marked(value: Any, mark: _Mark) -> Any:  # noqa: ANN401 - whatever a template has
    """Return *value* with *mark*; as it is where it is an answer, or nothing plain."""
    make = _MAKE.get(type(value))
    if make is None or (isinstance(value, bool) and not mark.is_whole):
        return value
    made = make(_KINDS[type(value)], value)
    made.mark = mark
    return made


# -- values that answer as wanted


def values_for(
    answers: Iterable[tuple[Question, bool]], usual: Mapping[str, Any], *, required: frozenset[str]
) -> dict[str, Any] | None:
    """
    Return a value for each slot with which the questions about slots come out so.

    Args:
        answers: The questions, and what they are to come out as.
        usual: Slot -> the value that it has where nothing else is asked for.
        required: Slots that are never empty.

    Returns:
        None where there are no such values.
    """
    wanted: dict[str, list[tuple[Question, bool]]] = {}
    for question, answer in answers:
        wanted.setdefault(question.slot, []).append((question, answer))
    values = dict(usual)
    for slot, about in wanted.items():
        if slot:
            known = [question for question, _ in about]
            tried = _candidates(usual[slot], known, is_required=slot in required)
            found = next((value for value in tried if _answers(value, about)), _NOTHING)
            if found is _NOTHING:
                return None
            values[slot] = found
    return values


_NOTHING: Final = object()


def _answers(value: object, about: Sequence[tuple[Question, bool]]) -> bool:
    try:
        return all(bool(_HOLDS[q.kind](value, q.known)) is answer for q, answer in about)
    except TypeError:
        return False


def _candidates(
    usual: Any,  # noqa: ANN401 - the value of a slot
    questions: Sequence[Question],
    *,
    is_required: bool,
) -> list[Any]:
    """Return values of the kind of *usual*, the likeliest first."""
    if isinstance(usual, bool):
        return [usual, not usual]
    empty = [[] if isinstance(usual, list) else ""] * (not is_required)
    known = [question.known for question in questions]
    for question in questions:
        if question.kind == "in" and isinstance(question.known, list | tuple):
            known += question.known
    if isinstance(usual, list):
        more = [*usual, *(item for item in _OTHERS if item not in usual)]
        wider = [[*usual, one] for one in known if isinstance(one, str)]
        return [usual, more[:2], more[:1], *wider, *empty]
    if isinstance(usual, int | float):
        numbers = [one for one in known if isinstance(one, int | float)]
        near = [each for one in numbers for each in (one, one + 1, one - 1)]
        return [usual, *near, *empty, 0]
    words = [one for one in known if isinstance(one, str) and one] if usual else []
    return [usual, *words, *(_OTHERS if isinstance(usual, str) else ()), *empty]


_OTHERS: Final = ("moss", "ferns", "reeds")
"""Words for values that differ from what they are compared with."""
