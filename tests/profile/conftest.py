"""What the tests of the profile room share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import pytest

from guardedpersonalize.profile import Field, FieldType
from guardedpersonalize.vocabulary import Provenance, Source, category

if TYPE_CHECKING:
    from collections.abc import Callable


class FieldMaker(Protocol):
    """Makes a field of which a test names only what matters to it."""

    def __call__(
        self,
        name: str = "note",
        kind: FieldType = FieldType.TEXT,
        key: str = "user",
        **more: object,
    ) -> Field:
        """Return the field."""


@pytest.fixture
def field() -> Callable[..., Field]:
    """Make a provided, first-party field."""

    def make(
        name: str = "note", kind: FieldType = FieldType.TEXT, key: str = "user", **more: object
    ) -> Field:
        if kind is FieldType.ENUM:
            more.setdefault("values", ("bronze", "silver"))
        return Field(
            name,
            kind,
            category(key),
            Provenance.PROVIDED,
            Source.DATA_SUBJECT,
            **more,  # type: ignore[arg-type]
        )

    return make
