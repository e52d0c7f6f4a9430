"""What every match of an expression has, read off the expression as the parser of `re` sees it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, NamedTuple, Self

from guardedpersonalize.check.expressions import parsed

__all__ = ["AS_ASCII", "BLANKS", "PART", "STRANGE", "Needs", "needs_of"]

STRANGE: Final = "\uffff"
"""Stands in literals for any character that is not ASCII."""
BLANKS: Final = {ord(sign): " " for sign in map(chr, range(0x3001)) if sign.isspace()}
"""White space: in literals, all of it is a blank."""
AS_ASCII: Final = {0x130: "i", 0x131: "i", 0x17F: "s", 0x212A: "k", 0x2019: "'"}
"""What matches an ASCII letter in any case; and the apostrophe, which is written both ways."""
PART: Final = " ./-"
"""What may part the digits of a number."""

_RARE: Final = frozenset("#$%&*+<=>@[\\]^_{|}~" + STRANGE)
_PLAIN: Final = (*range(0x80), *BLANKS, *AS_ASCII)
_MOST_LITERALS: Final = 32
"""Literals that one expression is known by; with more, looking for them costs too much."""
_FEW_SIGNS: Final = 12
_LONGEST_RANGE: Final = 256
_REPEATS: Final = frozenset({"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"})
_NO_WIDTH: Final = frozenset({"AT", "ASSERT", "ASSERT_NOT"})


class Needs(NamedTuple):
    """
    What a text has that an expression matches in.

    Args:
        literals: One of these texts, in small letters; empty if none is known.
        digits: So many digits.
        joined: So many with nothing but `PART` between them.
        run: So many letters and digits in a row.
        chunk: So many characters without a blank in a row.
    """

    literals: tuple[str, ...] = ()
    digits: int = 0
    joined: int = 0
    run: int = 0
    chunk: int = 0


def needs_of(source: str, flags: int = 0) -> Needs:
    """Return what the expression *source* needs; nothing where it is not one that `re` reads."""
    try:
        expression = parsed(source, flags)
    except re.error:
        return Needs()
    return Needs(
        tuple(sorted(_shortest(_literals(expression).best or ()))),
        digits=_stretch(expression, _is_digit, {}).total,
        joined=_stretch(expression, _is_joined, {}).most,
        run=_stretch(expression, _is_alnum, {}).most,
        chunk=_stretch(expression, _is_no_blank, {}).most,
    )


class _Texts(NamedTuple):
    """
    Texts of an expression, in small letters.

    Args:
        exact: All that it matches; None where these are too many.
        best: Texts, one of which is in each match; None if there are none.
        last: Texts, with one of which each match ends, where `exact` is None.
    """

    exact: frozenset[str] | None = None
    best: frozenset[str] | None = None
    last: frozenset[str] = frozenset({""})


_ANY: Final = _Texts()
_EMPTY: Final = _Texts(frozenset({""}))


def _literals(expression: Any) -> _Texts:  # noqa: ANN401  # re tells no type
    """Return the texts of a sequence."""
    best: frozenset[str] | None = None
    last = frozenset({""})
    is_exact = True
    for operator, argument in expression:
        texts = _texts_of(str(operator), argument)
        best = _better(best, texts.best)
        if texts.exact is None:
            best = _better(best, last)
            last, is_exact = texts.last, False
        else:
            joint = _product(last, texts.exact)
            if joint is None:
                best = _better(best, last)
                is_exact = False
            last = joint or texts.exact
    return _Texts(last if is_exact else None, _better(best, last), last)


def _texts_of(operator: str, argument: Any) -> _Texts:  # noqa: ANN401  # re tells no type
    """Return the texts of one piece of an expression."""
    match operator:
        case "LITERAL":
            texts = _texts_of_class([("LITERAL", argument)])
        case "IN":
            texts = _texts_of_class(argument)
        case "SUBPATTERN":
            texts = _literals(argument[-1])
        case "ATOMIC_GROUP":
            texts = _literals(argument)
        case "BRANCH":
            texts = _texts_of_ways([_literals(way) for way in argument[1]])
        case "ASSERT":
            texts = _EMPTY._replace(best=_literals(argument[1]).best)
        case _ if operator in _REPEATS:
            texts = _repeated(*argument)
        case _:
            texts = _EMPTY if operator in _NO_WIDTH else _ANY
    return texts


def _texts_of_class(signs: Any) -> _Texts:  # noqa: ANN401  # re tells no type
    found: set[str] = set()
    for kind, sign in ((str(kind), sign) for kind, sign in signs):
        if kind == "LITERAL":
            found.add(_letter(sign))
        elif kind == "RANGE" and not any(sign[0] <= code <= sign[1] for code in _PLAIN):
            found.add(STRANGE)
        elif (kind, str(sign)) == ("CATEGORY", "CATEGORY_SPACE"):
            found.add(" ")
        else:
            return _ANY
    texts = frozenset(found)
    if len(texts) > _FEW_SIGNS:
        return _ANY
    return _Texts(best=texts) if STRANGE in texts else _Texts(texts, texts)


def _letter(code: int) -> str:
    """Return how a character of an expression shows in `Signs.letters`."""
    if code in AS_ASCII:
        return AS_ASCII[code]
    sign = chr(code)
    if sign.isspace():
        return " "
    return sign.lower() if sign.isascii() else STRANGE


def _texts_of_ways(ways: Sequence[_Texts]) -> _Texts:
    exact = _united([way.exact for way in ways])
    return _Texts(exact, _united([way.best or way.exact for way in ways]))


def _united(sets: Sequence[frozenset[str] | None]) -> frozenset[str] | None:
    if any(one is None for one in sets):
        return None
    texts = frozenset[str]().union(*filter(None, sets))
    return texts if len(texts) <= _MOST_LITERALS else None


def _repeated(least: int, most: int, inner: Any) -> _Texts:  # noqa: ANN401  # re tells no type
    once = _literals(inner)
    if not least:
        texts = once.exact if most == 1 else None
        return _Texts(texts | {""}) if texts else _ANY
    texts = once.exact
    for _ in range(least - 1):
        texts = _product(texts, once.exact) if texts and once.exact else None
    if texts and least == most:
        return _Texts(texts, texts)
    return _Texts(None, _better(texts, once.best), texts or once.last)


def _product(first: frozenset[str], second: frozenset[str]) -> frozenset[str] | None:
    """Return each of *first* followed by each of *second*; None if these are too many."""
    if len(first) * len(second) > _MOST_LITERALS:
        return None
    return frozenset(start + end for start in first for end in second)


def _better(first: frozenset[str] | None, second: frozenset[str] | None) -> frozenset[str] | None:
    """Return which of two sets of texts tells more; None where neither tells anything."""
    telling = [texts for texts in (first, second) if texts and all(map(_tells, texts))]
    return max(telling, key=_worth, default=None)


def _worth(texts: frozenset[str]) -> tuple[bool, int, int]:
    """Order sets of texts by how seldom one of them is in a text: signs are rarer than words."""
    has_signs = all(any(sign in _RARE for sign in text) for text in texts)
    return has_signs, min(map(len, texts)), -len(texts)


def _shortest(texts: Iterable[str]) -> list[str]:
    """Return *texts* without those that hold another of them."""
    found: list[str] = []
    for text in sorted(texts, key=len):
        if not any(other in text for other in found):
            found.append(text)
    return found


def _tells(text: str) -> bool:
    """Tell whether there are texts without *text*: a letter or a blank is in all."""
    return len(text) > 1 or not (text.isalnum() or text in {"", " "})


class _Stretch(NamedTuple):
    """
    How many characters of a kind each match of an expression has.

    Args:
        is_all: True where it is made of nothing else.
        total: How many in all.
        first: How many it starts with.
        last: How many it ends with.
        most: How many stand together somewhere.
    """

    is_all: bool = False
    total: int = 0
    first: int = 0
    last: int = 0
    most: int = 0

    @classmethod
    def of(cls, count: int) -> Self:
        """Return a stretch of *count* characters of the kind."""
        return cls(True, count, count, count, count)  # noqa: FBT003  # as the fields stand

    def then(self, other: Self) -> Self:
        """Return this one with *other* behind it."""
        return type(self)(
            self.is_all and other.is_all,
            self.total + other.total,
            self.total + other.first if self.is_all else self.first,
            self.last + other.total if other.is_all else other.last,
            max(self.most, other.most, self.last + other.first),
        )

    def times(self, least: int) -> _Stretch:
        """Return this one repeated, *least* times or more often."""
        if self.is_all:
            return self.of(self.total * least)
        if not least:
            return _Stretch()
        twice = self.then(self) if least > 1 else self
        return twice._replace(total=self.total * least)


Judge = Callable[[str, Any], int | None]
"""From the operator and the argument of one sign to how many it counts for; None to end a run."""


def _stretch(expression: Any, judge: Judge, groups: dict[int, _Stretch]) -> _Stretch:  # noqa: ANN401
    """Return what every match of a sequence has."""
    found = _Stretch.of(0)
    for operator, argument in expression:
        found = found.then(_stretch_of(str(operator), argument, judge, groups))
    return found


def _stretch_of(
    operator: str,
    argument: Any,  # noqa: ANN401  # re tells no type
    judge: Judge,
    groups: dict[int, _Stretch],
) -> _Stretch:
    """Return what every match of one piece of an expression has."""
    match operator:
        case "GROUPREF":
            found = groups.get(argument, _Stretch())
        case "SUBPATTERN":
            found = groups[argument[0]] = _stretch(argument[-1], judge, groups)
        case "ATOMIC_GROUP":
            found = _stretch(argument, judge, groups)
        case "BRANCH":
            ways = [_stretch(way, judge, groups) for way in argument[1]]
            found = _Stretch(all(way.is_all for way in ways), *map(min, *(way[1:] for way in ways)))
        case _ if operator in _NO_WIDTH:
            found = _Stretch.of(0)
        case _ if operator in _REPEATS:
            found = _stretch(argument[2], judge, groups).times(argument[0])
        case _:
            count = judge(operator, argument)
            found = _Stretch() if count is None else _Stretch.of(count)
    return found


def _made_of(
    operator: str,
    argument: Any,  # noqa: ANN401  # re tells no type
    suits: Callable[[str], bool],
    categories: frozenset[str],
    others: frozenset[str],
) -> bool:
    """
    Tell whether one sign of an expression can be nothing but characters of a kind.

    Args:
        operator: As `re` has it.
        argument: The same.
        suits: Whether a character is of the kind.
        categories: Those of `re` that lie within it.
        others: Those whose negation does.
    """
    if operator == "LITERAL":
        return suits(chr(argument))
    if operator != "IN":
        return False
    members = [(str(kind), sign) for kind, sign in argument]
    if members[0][0] == "NEGATE":
        return any(kind == "CATEGORY" and str(sign) in others for kind, sign in members)
    for kind, sign in members:
        if kind == "LITERAL":
            fits = suits(chr(sign))
        elif kind == "RANGE":
            codes = range(sign[0], sign[1] + 1)
            fits = len(codes) <= _LONGEST_RANGE and all(suits(chr(code)) for code in codes)
        else:
            fits = str(sign) in categories
        if not fits:
            return False
    return True


_DIGITS: Final = frozenset({"CATEGORY_DIGIT"})
_NOBLANKS: Final = frozenset({"CATEGORY_DIGIT", "CATEGORY_WORD", "CATEGORY_NOT_SPACE"})
_BLANK: Final = frozenset({"CATEGORY_SPACE", "CATEGORY_NOT_WORD"})
_NONE: Final = frozenset[str]()


def _is_digit(operator: str, argument: Any) -> int:  # noqa: ANN401  # re tells no type
    return _made_of(operator, argument, str.isdecimal, _DIGITS, _NONE)


def _is_joined(operator: str, argument: Any) -> int | None:  # noqa: ANN401  # re tells no type
    if _is_digit(operator, argument):
        return 1
    fits = _made_of(operator, argument, lambda c: c.isdecimal() or c in PART, _DIGITS, _NONE)
    return 0 if fits else None


def _is_alnum(operator: str, argument: Any) -> int | None:  # noqa: ANN401  # re tells no type
    if operator == "IN" and [(str(k), str(s)) for k, s in argument] == _NO_WORD_BUT_ALNUM:
        return 1
    return 1 if _made_of(operator, argument, str.isalnum, _DIGITS, _NONE) else None


def _is_no_blank(operator: str, argument: Any) -> int | None:  # noqa: ANN401  # re tells no type
    fits = _made_of(operator, argument, lambda c: not c.isspace(), _NOBLANKS, _BLANK)
    return 1 if fits else None


_NO_WORD_BUT_ALNUM: Final = [(str(k), str(s)) for k, s in parsed(r"[^\W_]")[0][1]]
"""How `re` has a class of letters and digits."""
