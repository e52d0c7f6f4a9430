"""Options that several commands share."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from guardedpersonalize.errors import UsageError
from guardedpersonalize.vocabulary import Severity

__all__ = ["At", "FailOn", "Format", "MinSeverity", "OutputFormat", "Pack", "moment"]


class OutputFormat(StrEnum):
    """How findings are written."""

    TEXT = "text"
    JSON = "json"
    JSONL = "jsonl"
    SARIF = "sarif"
    GITHUB = "github"


Pack = Annotated[Path, typer.Argument(help="Folder of the pack.", show_default=False)]
Format = Annotated[OutputFormat, typer.Option("--format", help="How findings are written.")]
FailOn = Annotated[
    Severity, typer.Option("--fail-on", help="End with status 1 at findings of this severity.")
]
MinSeverity = Annotated[
    Severity, typer.Option("--min-severity", help="Leave out findings below this severity.")
]
At = Annotated[
    str,
    typer.Option(
        "--at",
        help="The moment to decide for, ISO 8601 with a time zone; now unless given.",
        show_default=False,
    ),
]


def moment(text: str) -> datetime | None:
    """
    Return the moment that `--at` names, or None for "".

    Raises:
        UsageError: GP501, if it is no ISO 8601 time with a zone.
    """
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        remedy = "Write it like 2026-11-01T09:00:00Z."
        raise UsageError("GP501", "--at is no time with a time zone.", remedy=remedy)
    return at
