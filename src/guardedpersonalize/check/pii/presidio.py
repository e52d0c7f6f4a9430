"""Presidio's own recognisers, without its engine, its models, its logging and its silences."""

from __future__ import annotations

import logging
import re
import sys
import threading
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, Protocol

from guardedpersonalize.check.gates import Gate, Signs

if TYPE_CHECKING:
    from types import ModuleType

    from presidio_analyzer.predefined_recognizers import PhoneRecognizer

__all__ = ["hits", "passes", "phone_recogniser"]

_TIMEOUT_S: Final = 2.0
"""
Seconds that one pattern may take on one window.

Presidio's own limit is 60, after which it skips the pattern and reports nothing. Here a timeout is
an error; the patterns take milliseconds (house choice).
"""
_TRACE_LOGGER: Final = "decision_process"
_MORE_PATTERNS: Final = {
    # Presidio knows Mastercard's first series only (51 to 55).
    "CreditCardRecognizer": ((r"\b2[2-7]\d{2}[- ]?\d{4}[- ]?\d{4}[- ]?\d{4}\b", 0.3),),
}
_END_GROUPS: Final = {"IbanRecognizer": (2, 1)}
"""
Groups of a pattern with which a hit may end as well.

An IBAN pattern runs on into the words that follow; the longest that passes the check counts.
"""

_lock = threading.Lock()


class _Checks(Protocol):
    """What a Presidio recogniser knows besides its patterns."""

    def validate_result(self, pattern_text: str) -> bool | None: ...
    def invalidate_result(self, pattern_text: str) -> bool | None: ...


class _Regex(Protocol):
    """A compiled pattern of the `regex` package, which has no type stubs."""

    def finditer(self, text: str, *, timeout: float) -> Iterator[re.Match[str]]: ...


@dataclass(frozen=True, slots=True)
class _Runner:
    """A recogniser taken apart, to be run here: its own run hides timeouts."""

    checks: _Checks
    patterns: tuple[tuple[_Regex, Gate, float], ...]
    end_groups: tuple[int, ...]


def hits(recogniser: str, text: str, signs: Signs) -> Iterator[tuple[int, int, float]]:
    """
    Yield `(start, end, score)` for what *recogniser* finds in *text*, as its own `analyze` would.

    Args:
        recogniser: Name of a class in `presidio_analyzer.predefined_recognizers`.
        text: What is read.
        signs: What it has.

    Raises:
        TimeoutError: If a pattern takes too long.
    """
    runner = _runner(recogniser)
    for regex, gate, score in runner.patterns:
        if not gate.lets(signs):
            continue
        for match in regex.finditer(text, timeout=_TIMEOUT_S):
            start = match.start()
            for end in (match.end(), *(match.end(g) for g in runner.end_groups if match[g])):
                validated = _validated(runner.checks, text[start:end], score)
                if validated:
                    yield start, end, validated
                    break


def passes(recogniser: str, number: str) -> bool:
    """
    Tell whether *number* passes the check of *recogniser*, or is not refused where it has none.

    Args:
        recogniser: Name of a class in `presidio_analyzer.predefined_recognizers`.
        number: ASCII letters in capitals and digits, without anything between them.
    """
    checks = _checks(recogniser)
    if checks.invalidate_result(number):
        return False
    return checks.validate_result(number) is not False


@lru_cache(maxsize=64)
def _checks(name: str) -> _Checks:
    made: _Checks = getattr(_module(), name)()
    return made


def _validated(checks: _Checks, shown: str, score: float) -> float:
    # The validators count on ASCII, and one of them logs what it cannot read.
    if not shown.isascii():
        return 0.0
    shown = shown.upper()
    if checks.invalidate_result(shown):
        return 0.0
    is_valid = checks.validate_result(shown)
    return score if is_valid is None else float(bool(is_valid))


@lru_cache(maxsize=32)
def _runner(name: str) -> _Runner:
    made: Any = getattr(_module(), name)()
    regex = import_module("regex")
    flags = made.global_regex_flags | regex.IGNORECASE
    patterns = [(pattern.regex, pattern.score) for pattern in made.patterns]
    compiled = tuple(
        (regex.compile(pattern, flags=flags), Gate.of(pattern, re.IGNORECASE), score)
        for pattern, score in (*patterns, *_MORE_PATTERNS.get(name, ()))
    )
    return _Runner(made, compiled, _END_GROUPS.get(name, ()))


def phone_recogniser(regions: tuple[str, ...]) -> PhoneRecognizer:
    """Return Presidio's phone recogniser for the national formats of *regions*."""
    made: PhoneRecognizer = _module().PhoneRecognizer(supported_regions=regions)
    return made


def _module() -> ModuleType:
    """
    Import Presidio without what it does on import.

    It attaches a handler to the logger of its decision traces, which would print every token of a
    text, and third parties warn. Both are undone, unless the program has imported Presidio itself.
    """
    with _lock:
        is_first = "presidio_analyzer" not in sys.modules
        logger = logging.getLogger(_TRACE_LOGGER)
        handlers, level = list(logger.handlers), logger.level
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            module = import_module("presidio_analyzer.predefined_recognizers")
        if is_first:
            logger.handlers = handlers
            logger.setLevel(level)
        return module
