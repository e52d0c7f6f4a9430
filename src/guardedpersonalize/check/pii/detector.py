"""The pattern detector: everything that can be told by shape, checksum and the words beside."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from guardedpersonalize.check.context import Detection
from guardedpersonalize.check.gates import EVERYTHING, Signs
from guardedpersonalize.check.pii import births, emails, numbers, phones, places
from guardedpersonalize.check.pii.disguises import unmask
from guardedpersonalize.check.pii.entities import DECLARED, ENTITIES
from guardedpersonalize.check.pii.look_alikes import as_seen
from guardedpersonalize.check.pii.resolve import resolve
from guardedpersonalize.check.pii.rows import load_rows, rows_for
from guardedpersonalize.check.pii.windows import windows
from guardedpersonalize.errors import DetectorError, GuardError

__all__ = ["RECOGNISERS", "THRESHOLD", "PatternDetector", "Recogniser"]

THRESHOLD: Final = 0.4
"""
Lowest score that is reported.

Source: measured on Presidio 2.2.366, whose scores these sit beside: at 0 it reports order numbers
as licences, at 0.5 it loses every phone number that has no word beside it.
"""

_FOUND: Final = frozenset({"USER_NAME"})
"""Kinds that a pack may declare, and that are found without it beside a word."""


@dataclass(frozen=True, slots=True)
class Recogniser:
    """
    What finds one kind of identifier.

    Args:
        name: Its name, for errors and figures.
        may_find: From a text and its signs: False where there is nothing to find.
        find: From a text, its signs and the phone regions to hits of any score.
    """

    name: str
    may_find: Callable[[str, Signs], bool]
    find: Callable[[str, Signs, tuple[str, ...]], Iterator[Detection]]


def _has_digits(_: str, signs: Signs) -> bool:
    return signs.digits > 0


def _of(rule: numbers.NumberRule) -> Recogniser:
    return Recogniser(rule.entity, rule.may_find, lambda text, signs, _: rule.find(text, signs))


RECOGNISERS: Final = (
    Recogniser(
        "URL_CREDENTIALS",
        lambda text, _: "://" in text and "@" in text,
        lambda text, *_: emails.find_credentials(text),
    ),
    Recogniser(
        "EMAIL_ADDRESS",
        lambda _, signs: emails.may_hold_email(signs),
        lambda text, *_: emails.find_emails(text),
    ),
    Recogniser(
        "PHONE_NUMBER",
        lambda _, signs: signs.digits >= phones.SHORTEST_NUMBER,
        phones.find_phones,
    ),
    Recogniser(
        "DATE_OF_BIRTH",
        lambda _, signs: births.may_hold_birth(signs),
        lambda text, *_: births.find_births(text),
    ),
    Recogniser("AGE", _has_digits, lambda *read: births.find_ages(*read[:2])),
    Recogniser("STREET_ADDRESS", _has_digits, lambda *read: places.find_places(*read[:2])),
    Recogniser("UK_POSTCODE", _has_digits, lambda *read: places.find_postcodes(*read[:2])),
    *map(_of, numbers.NUMBERS),
)
"""The recognisers that are code; those that are data are in `rows`. The order does not matter."""


class PatternDetector:
    """
    Finds personal identifiers by shape, checksum and the words beside them; no model.

    Presidio's pattern recognisers, run without its engine, and rows of data do it. The words that
    are read beside a national number are those of its country and English; those beside a phone
    number or a date, and spelt-out dates, are English ones. Look-alike characters are read as what
    they look like, and usual disguises (digits as words, base64 ...) are undone.

    Args:
        threshold: Lowest score that is reported, from 0 to 1.
        prefilter: False to run every recogniser on every text; the findings are the same.
    """

    name = "patterns"
    words = ()

    def __init__(self, *, threshold: float = THRESHOLD, prefilter: bool = True) -> None:
        self._threshold = threshold
        self._prefilter = prefilter

    @property
    def entities(self) -> tuple[str, ...]:
        """Names of what it can find."""
        return tuple(key for key in ENTITIES if key not in DECLARED or key in _FOUND)

    def warm_up(self) -> None:
        """Load what is loaded on first use otherwise, which takes a second or two."""
        for recogniser in RECOGNISERS:
            for _ in recogniser.find("ann@example.org 12 +44 20 7946 0123", EVERYTHING, ()):
                pass
        for row in load_rows():
            for _ in row.find(""):
                pass

    def detect(self, text: str, *, lang: str, regions: Sequence[str]) -> list[Detection]:  # noqa: ARG002
        """
        Return what is in *text*, without overlaps, in order.

        Args:
            text: What is read; of any length.
            lang: Not used: what is told by shape is told in any language.
            regions: ISO 3166 regions whose national phone formats are known; empty for GB and US.

        Raises:
            DetectorError: GP401, if a recogniser fails or takes too long, or if there is no such
                region. It names the kind of fault, never the text.
        """
        try:
            return resolve(self._detections(text, tuple(regions)))
        except GuardError as err:
            error = err
        except Exception as err:  # noqa: BLE001 (whatever it is, the text was not read)
            error = DetectorError(
                "GP401",
                f"the pattern detector failed ({type(err).__name__}).",
                remedy="The message was not read and must not go out.",
            )
        # Raised out here, and without its frames: they hold the text.
        del text
        error.__traceback__ = error.__context__ = None
        raise error

    def _detections(self, text: str, regions: tuple[str, ...]) -> Iterator[Detection]:
        read, offsets = as_seen(text)
        for window in windows(len(read)):
            for detection in self._in_window(read[window.start : window.end], regions):
                start, end = window.start + detection.start, window.start + detection.end
                if not window.first <= start < window.last:
                    continue
                if offsets is not None:
                    start, end = offsets[start], offsets.stop(end - 1)
                yield Detection(detection.entity, start, end, detection.score)

    def _in_window(self, text: str, regions: tuple[str, ...]) -> Iterator[Detection]:
        signs = self._signs(text)
        yield from self._seen(text, signs, regions)
        unmasked = unmask(text, signs)
        if unmasked is None:
            return
        for detection in self._seen(unmasked.text, self._signs(unmasked.text), regions):
            if unmasked.counts(detection):
                start = unmasked.offsets[detection.start]
                end = unmasked.offsets.stop(detection.end - 1)
                yield Detection(detection.entity, start, end, detection.score)

    def _signs(self, text: str) -> Signs:
        return Signs(text) if self._prefilter else EVERYTHING

    def _seen(self, text: str, signs: Signs, regions: tuple[str, ...]) -> Iterator[Detection]:
        for recogniser in RECOGNISERS:
            if not self._prefilter or recogniser.may_find(text, signs):
                yield from self._reported(recogniser.find(text, signs, regions))
        for row in rows_for(signs) if self._prefilter else load_rows():
            yield from self._reported(row.find(text))

    def _reported(self, found: Iterator[Detection]) -> Iterator[Detection]:
        return (detection for detection in found if detection.score >= self._threshold)
