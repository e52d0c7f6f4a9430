r"""
Recognisers as data: files of `identifiers/`, one a country or a kind, each row with its proof.

    [[recogniser]]
    entity = "NL_BSN"
    country = "NL"
    title = "a Dutch citizen service number"
    group = "state"
    pattern = '\d{4}~\d{2}~\d{3}|\d{9}'
    checksum = "nl_bsn"
    strength = "checked"
    digits = 8
    words = ["bsn", "burgerservicenummer"]
    good = ["Uw BSN is [[111222333]]."]
    bad = ["Uw BSN is 111222334."]

In a pattern, `~` is a place where people write a blank, a hyphen, a dot or a slash, or nothing.
"""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from guardedpersonalize.check.context import Detection
from guardedpersonalize.check.gates import Gate, Gates, Signs
from guardedpersonalize.check.pii.hints import NUMBERED_ABROAD, NUMBERED_THINGS, Hints, weigh
from guardedpersonalize.check.pii.look_alikes import as_seen
from guardedpersonalize.check.pii.national import CHECKS
from guardedpersonalize.check.pii.presidio import passes

__all__ = [
    "GROUPS",
    "Group",
    "Row",
    "bounded_by",
    "load_rows",
    "one_of_words",
    "rows_for",
    "speaks_for_a_row",
]

Group = Literal[
    "account",
    "bank",
    "birth",
    "business",
    "contact",
    "device",
    "document",
    "health",
    "place",
    "secret",
    "state",
    "vehicle",
    "wallet",
]
GROUPS: Final = Group.__args__  # type: ignore[attr-defined]  # a Literal lists its values so

FOLDER: Final = Path(__file__).parent / "identifiers"

_SCORES: Final = {"certain": 1.0, "strong": 0.6, "checked": 0.3, "weak": 0.1}
"""
Score of a hit without a word beside it; 0.35 more with one, and at least 0.4 (as Presidio has it).

A certain hit has a shape or a check that chance does not make; a strong one is reported unless the
word beside it names another thing; a checked one passes a check that one number in ten or so
passes; a weak one has none. House choice, held by the near misses in the tests.
"""
_SURE: Final = 0.9
_ALONE: Final = 0.5
_REACH: Final = 60
"""Characters behind a hit in which its name may stand: "… on file as your numéro fiscal"."""
_SEPARATOR: Final = "[ ./-]?"
_BEFORE: Final = r"(?<![^\W_])(?<!\d[.,/-])"
_AFTER: Final = r"(?![^\W_])(?![.,/-]\d)"
_NOT_ALNUM: Final = re.compile(r"[^0-9A-Za-z]+")

Text = Annotated[str, Field(min_length=1)]
Texts = Annotated[tuple[Text, ...], Field(min_length=1)]


class Row(BaseModel):
    """
    One recogniser.

    Args:
        entity: The name that detections carry; Presidio's where it has one.
        country: ISO 3166 code, or several, parted by blanks; "" for any.
        title: What it is, for people.
        group: What kind of identifier it is; rules name groups.
        pattern: A regular expression with `~` for a separator; a group called `hit` is the hit.
        checksum: A name of `CHECKS`; "" for none.
        presidio: A class of Presidio whose check is used, its pattern being too narrow: most allow
            for no separators; "" for none.
        strength: How sure a hit is without a word beside it.
        words: Words beside a hit that speak for it, in small letters.
        needs: Texts, one of which stands in whatever holds a hit, in small letters unless case
            matters; empty for none.
        digits: Fewer digits in a text than this, and there is nothing to find.
        case: True where case matters.
        source: Where shape and check are laid down.
        good: Texts with `[[…]]` around the hit; the row's proof.
        bad: Texts in which the row finds nothing.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    entity: Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]+$")]
    country: Annotated[str, Field(pattern=r"^([A-Z]{2}( [A-Z]{2})*)?$")] = ""
    title: Text
    group: Group
    pattern: Text
    checksum: str = ""
    presidio: Annotated[str, Field(pattern=r"^([A-Z]\w+Recognizer)?$")] = ""
    strength: Literal["certain", "strong", "checked", "weak"]
    words: tuple[Annotated[str, Field(pattern=r"^[^A-Z]+$")], ...] = ()
    needs: tuple[str, ...] = ()
    digits: Annotated[int, Field(ge=0)] = 0
    case: bool = False
    source: str = ""
    good: Texts
    bad: Texts

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.checksum and self.checksum not in CHECKS:
            raise ValueError("there is no such checksum")
        if not self.words and self.strength in {"checked", "weak"}:
            raise ValueError("without words beside it nothing would ever be found")
        return self

    @functools.cached_property
    def gate(self) -> Gate:
        """What every hit has."""
        return Gate.of(self.expression, 0 if self.case else re.IGNORECASE)

    @property
    def expression(self) -> str:
        """The pattern as an expression of `re`."""
        return self.pattern.replace("~", _SEPARATOR)

    # Both are compiled when first needed, for there are many rows.
    @functools.cached_property
    def regex(self) -> re.Pattern[str]:
        """The pattern, compiled."""
        return bounded_by(self.expression, 0 if self.case else re.IGNORECASE)

    @functools.cached_property
    def hints(self) -> Hints:
        """The words beside a hit that speak for it or against it."""
        return Hints.of(one_of_words(self.words), f"{NUMBERED_THINGS}|{NUMBERED_ABROAD}")

    @functools.cached_property
    def _stems(self) -> tuple[str, ...]:
        """What a text must have for one of the words: each up to its first sign or blank."""
        words = [word.lower() for word in _as_seen(self.words)]
        return tuple(dict.fromkeys(re.split(r"[^\w]", word)[0] or word for word in words))

    def has_its_words(self, signs: Signs) -> bool:
        """Tell whether a text with *signs* has the digits and the words that a hit asks for."""
        if signs.digits < self.digits:
            return False
        shown = signs.text if self.case else signs.lower
        if self.needs and not any(need in shown for need in self.needs):
            return False
        if self.strength in {"certain", "strong"}:
            return True
        lower = signs.lower
        return any(stem in lower for stem in self._stems)

    def find(self, text: str) -> Iterator[Detection]:
        """Yield the hits in *text*, of any score."""
        has_group = "hit" in self.regex.groupindex
        for match in self.regex.finditer(text):
            start, end = match.span("hit") if has_group else match.span()
            if not self._fits(text[start:end]):
                continue
            base = score = _SCORES[self.strength]
            if base < _SURE:
                score = weigh(text, start, end, base, self.hints, reach=_REACH)
            # No word beside it, or one against it: a number like any other.
            if score > base or base > _ALONE:
                yield Detection(self.entity, start, end, score)

    def _fits(self, shown: str) -> bool:
        if not (self.checksum or self.presidio):
            return True
        if not shown.isascii():
            return False
        compact = _NOT_ALNUM.sub("", shown)
        if not self.case:
            compact = compact.upper()
        if self.presidio and not passes(self.presidio, compact):
            return False
        return not self.checksum or CHECKS[self.checksum](compact)


def _as_seen(words: tuple[str, ...]) -> list[str]:
    """Return *words* in small letters and capitals as a text looks in which they stand."""
    return list(dict.fromkeys(as_seen(form)[0] for word in words for form in (word, word.upper())))


def bounded_by(pattern: str, flags: int) -> re.Pattern[str]:
    """Compile *pattern* so that it matches no part of a longer word or number."""
    return re.compile(f"{_BEFORE}(?:{pattern}){_AFTER}", flags)


def one_of_words(words: tuple[str, ...]) -> str:
    """Return an alternation of *words*, whose blanks may be hyphens as well, or left out."""
    return "|".join(re.escape(word).replace(r"\ ", "[ -]?") for word in _as_seen(words))


def speaks_for_a_row(text: str) -> bool:
    """Tell whether *text* holds a word that speaks for a hit of some row beside it."""
    hints = (row.hints.speaks_for for row in load_rows())
    return any(regex is not None and regex.search(text) is not None for regex in hints)


def rows_for(signs: Signs) -> tuple[Row, ...]:
    """Return the rows that may find something in a text with these *signs*, in order."""
    rows = load_rows()
    likely = [rows[place] for place in _gates().open(signs)]
    return tuple([row for row in likely if row.has_its_words(signs)])


@functools.cache
def _gates() -> Gates:
    return Gates([row.gate for row in load_rows()])


@functools.cache
def load_rows() -> tuple[Row, ...]:
    """Read the rows of all files, in order of files and places."""
    rows: list[Row] = []
    for path in sorted(FOLDER.glob("*.toml")):
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        rows += [Row.model_validate(row) for row in data["recogniser"]]
    return tuple(rows)
