"""The ladders of the generalisers."""

from __future__ import annotations

import pytest

from guardedpersonalize.errors import ConfigError
from guardedpersonalize.vocabulary import EXACT, OMIT, categories, ladder, ladders
from guardedpersonalize.vocabulary.tables import table

FIELD_TYPES = {"text", "int", "decimal", "date", "datetime", "bool", "enum", "url", "list"}


@pytest.mark.parametrize("name", sorted(ladders()))
def test_every_ladder_goes_from_exact_to_omit(name: str) -> None:
    """Both ends are fixed, no level comes twice, and the default is one of them."""
    rungs = ladder(name)
    assert rungs.levels[0] == EXACT
    assert rungs.levels[-1] == OMIT
    assert len(set(rungs.levels)) == len(rungs.levels)
    assert rungs.default in rungs.levels[:-1]
    assert rungs.types <= FIELD_TYPES
    assert set(table("ladder")[name]) == {"levels", "default", "types"}


def test_ranks_grow_with_coarseness() -> None:
    """Exact is 0 and each level is one more."""
    rungs = ladder("place")
    assert [rungs.rank(level) for level in rungs.levels] == [0, 1, 2, 3, 4]


def test_every_field_type_has_a_ladder() -> None:
    """There is no type that cannot at least be left out."""
    assert ladder("text").types == FIELD_TYPES


def test_the_categories_use_every_ladder_but_text() -> None:
    """A ladder that no category uses would be forgotten."""
    used = {row.generaliser for row in categories().values()} - {None}
    assert used == set(ladders()) - {"text"}


def test_unknown_names_and_levels_give_the_nearest() -> None:
    """GP105 for both, with the cure."""
    with pytest.raises(ConfigError) as caught:
        ladder("birthdate")
    assert (caught.value.code, caught.value.remedy) == ("GP105", "Did you mean 'birth_date'?")
    with pytest.raises(ConfigError) as caught:
        ladder("birth_date").rank("month")
    assert (caught.value.code, caught.value.remedy) == ("GP105", "Did you mean 'birth_month'?")
    with pytest.raises(ConfigError):
        ladder(None)  # type: ignore[arg-type]
