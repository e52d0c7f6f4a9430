from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from guardedpersonalize.errors import ConfigError
from guardedpersonalize.minimise import Context

Sent = Callable[[object], object]


def test_moment_needs_a_zone() -> None:
    """Ages and tenures are counted up to a known moment."""
    with pytest.raises(ConfigError, match="GP204"):
        Context(datetime(2026, 11, 20))  # noqa: DTZ001  # that is the point


@pytest.mark.parametrize(
    "option",
    [
        {"locale": "english please"},
        {"locale": None},
        {"country": "gb"},
        {"currency": "£"},
        {"hemisphere": "west"},
        {"pseudonym_domain": ""},
    ],
)
def test_options_are_checked(context: Context, option: dict[str, Any]) -> None:
    """A wrong option is found when the context is made."""
    with pytest.raises(ConfigError, match="GP221"):
        replace(context, **option)


def test_context_pickles_and_hides_its_secret(context: Context, sent: Sent) -> None:
    """It goes to other processes whole, and prints no secret."""
    assert sent(context) == context
    assert "kkk" not in repr(context)
