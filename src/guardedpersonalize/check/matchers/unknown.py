"""Kind `unknown`: not knowing. The checker reports it; the rule is here to be explained."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from guardedpersonalize.check.matchers.base import MatchModel

__all__ = ["Gap", "UnknownMatch"]


class Gap(StrEnum):
    """What the checker could not know."""

    DETECTOR = "detector"
    """A detector failed, is missing or took too long."""
    LANGUAGE = "language"
    """There are no rules for the language of the text."""
    PREVIEW = "preview"
    """The rules for the language of the text are in preview."""
    MISMATCH = "mismatch"
    """The text reads as another language than the one it is said to be in."""
    LENGTH = "length"
    """The text is longer than what is read."""
    INPUT = "input"
    """A line of input cannot be read as a message."""
    READING = "reading"
    """A rule or the reader of markup failed."""
    MODEL = "model"
    """A reader model failed or is missing."""


class UnknownMatch(MatchModel):
    """
    `[match]` of kind `unknown`.

    Args:
        gap: What was not known; one rule for each.
    """

    kind: Literal["unknown"]
    gap: Gap
