from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardedpersonalize.minimise.names import first_name


@pytest.mark.parametrize(
    ("full", "first"),
    [
        ("Ada Lovelace", "Ada"),
        ("  Ada   King  Lovelace ", "Ada"),
        ("Ada", "Ada"),
        ("Lovelace, Ada", "Ada"),
        ("Lovelace, Dr. Ada King", "Ada"),
        ("Ada Lovelace, PhD", "Ada"),
        ("Lovelace, Ada, M.D.", "Ada"),
        ("Dr Ada Lovelace", "Ada"),
        ("Prof. Dr. Ada Lovelace", "Ada"),
        ("Mr. Bo Lind", "Bo"),
        ("Sir Bo", "Bo"),
        ("dame Ada", "Ada"),
        ("Frau Änne Müller", "Änne"),
        ("Mary-Jane O'Neil", "Mary-Jane"),
        ("D\u2019Angelo Reed", "D\u2019Angelo"),
        ("Ludwig van Beethoven", "Ludwig"),
        ("Van Dyke Parks", "Van"),
        ("de la Cruz, María", "María"),
        ("Abdul Rahman Khan", "Abdul Rahman"),
        ("Abdul", "Abdul"),
        ("Zoë\u0308 Poe", "Zoë\u0308"),
        ("प्रिया शर्मा", "प्रिया"),
        ("Ελένη Παππά", "Ελένη"),
        ("山田太郎", "山田太郎"),
        ("山田 太郎", "太郎"),
        ("山田　太郎", "太郎"),
        ("홍 길동", "길동"),
        ("홍길동", "홍길동"),
        ("エイダ・ラブレス", "エイダ"),
        ("エイダ ラブレス", "エイダ"),
        ("佐々木 花", "花"),
        ("山田 エイダ", "エイダ"),
        ("x" * 60, "x" * 60),
    ],
)
def test_first_names_are_told(full: str, first: str) -> None:
    """Titles, order, marks and scripts are coped with."""
    assert first_name(full) == first
    assert first_name(first) == first


@pytest.mark.parametrize(
    "full",
    [
        "",
        "  ",
        "Mrs Lovelace",
        "Dr. Lovelace, PhD",
        "Dr",
        "Sir",
        "Mr and Mrs Lovelace",
        "Mr & Mrs Lovelace",
        "van Gogh",
        "J. R. Hartley",
        "J.R. Hartley",
        "J Hartley",
        "Lovelace,",
        "Lovelace, Ada, King",
        "ada@example.org",
        "Ada1 Lovelace",
        "(Ada) Lovelace",
        "<b>Ada</b>",
        "{{ ada }}",
        "山田 花 子",
        "\N{SPARKLES}",
        "-",
        "x" * 61,
        None,
        7,
    ],
)
def test_what_has_no_first_name_is_omitted(full: object) -> None:
    """Rather no name than a wrong one."""
    assert first_name(full) is None


@given(st.text())
def test_first_name_is_a_part_of_the_name(full: str) -> None:
    """Nothing is made up: each word of the first name is a word of the name."""
    first = first_name(full)
    assert first is None or set(first.split()) <= set(
        full.replace(",", " ").replace("・", " ").split()
    )


@given(st.lists(st.sampled_from(["Ada", "Bo", "de", "Dr.", "太郎", "カ", ",", "PhD", "Abu"])))
def test_first_name_of_a_first_name_is_itself(words: list[str]) -> None:
    """Doing it twice is doing it once."""
    first = first_name(" ".join(words))
    assert first is None or first_name(first) == first
