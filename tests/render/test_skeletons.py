"""The ways through a template: every branch, and no way that nothing can take."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest
from render_packs import compiled

from guardedpersonalize.errors import RenderError
from guardedpersonalize.render import Explored, Explorer
from guardedpersonalize.vocabulary import Channel

USUAL: Mapping[str, object] = {
    "name": "Ada",
    "city": "Leeds",
    "token": "t",
    "n": 3,
    "vip": True,
    "when": date(2026, 11, 1),
    "items": ["moss", "ferns"],
}


def explored(source: str, *, required: str = "", most: int = 64, **files: str) -> Explored:
    made = compiled(source, **files)
    return Explorer(made).explore(
        "main",
        USUAL,
        channel=Channel.EMAIL,
        purpose=None,
        required=frozenset(required.split()),
        most=most,
    )


def ways(source: str, **options: str) -> list[str]:
    """Return what the template says on all of its ways, sorted."""
    found = explored(source, **options)
    assert (found.is_whole, found.error) == (True, None)
    return sorted(draft.parts[0].text for draft in found.skeletons)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{% if name %}a{% else %}b{% endif %}", "a b"),
        ("{% if city == 'Bath' %}a{% elif n > 9 %}b{% else %}c{% endif %}", "a b c"),
        ("{{ 'a' if name else 'b' }}", "a b"),
        ("{{ name or 'b' }} {{ name|default('c', true) }}", "Ada_Ada b_c"),
        ("{{ vip and 'a' }}", "False a"),
        ("{% for i in items %}{{ i }};{% else %}b{% endfor %}", "b moss; moss;ferns;"),
        ("{% for i in items if i != 'moss' %}a{% else %}b{% endfor %}", "a aa b"),
        ("{% for i in [1, 2] %}{{ i }}{% endfor %}", "12"),
        ("{% for i in items|sort %}{% if i == 'x' %}a{% endif %}. {% endfor %}",
         " ._ ._._ ._a._ a._ a._._ a._a._"),
        ("{% if 'reeds' in items %}a{% endif %}{{ items|join }}", "amossfernsreeds mossferns"),
        ("{% if name %}{% if city %}a{% endif %}b{% endif %}", " ab b"),
        ("{% if name and not vip %}a{% else %}b{% endif %}", "a b"),
        ("{% if n is divisibleby 2 %}a{% else %}b{% endif %}", "a b"),
        ("{% if vip is true %}a{% elif vip is false %}b{% else %}c{% endif %}", "a b"),
        ("{% if city is eq 'Bath' %}a{% endif %}{% if when is defined %}b{% endif %}", "ab b"),
        ("{% if 3 < n <= 5 %}a{% else %}b{% endif %}", "a b"),
        ("{% if name|trim %}a{% else %}b{% endif %}{% if name|wordcount > 2 %}c{% endif %}",
         "a ac b"),
        ("{% if name == city %}a{% else %}b{% endif %}", "a b"),
        ("{% set x = name|upper %}{% if x %}a{% else %}b{% endif %}", "a b"),
        ("{% set x = n > 5 %}{% if x %}a{% else %}b{% endif %}", "a b"),
        ("{% set x = name if vip else '' %}{% if x %}a{% else %}b{% endif %}", "a b"),
        ("{% with x = name ~ city %}{% if x == 'k' %}a{% endif %}{% endwith %}", " a"),
        ("{% set x %}{% if vip %}a{% endif %}{% endset %}{{ x or 'b' }}", "a b"),
        ("{% macro m(x) %}{% if x %}a{% else %}b{% endif %}{% endmacro %}{{ m(name) }}{{ m('k') }}",
         "aa ba"),
        (("{% macro m() %}{{ caller() }}{% endmacro %}"
         "{% call m() %}{% if vip %}a{% endif %}{% endcall %}"), " a"),
        ("{% filter upper %}{% if vip %}a{% else %}b{% endif %}{% endfilter %}", "A B"),
        (("{% set o = namespace(x=0) %}{% if vip %}{% set o.x = 1 %}{% endif %}"
         "{% if o.x %}a{% endif %}"), " a"),
        ("{% if (name if vip else city) == 'Ayr' %}a{% else %}b{% endif %}", "a b"),
        ("{% if (name if vip else city) %}a{% else %}b{% endif %}", "a b"),
        ("{% if name|upper == 'X' %}a{% else %}b{% endif %}", "a b"),
        ("{% if n|string %}a{% else %}b{% endif %}", "a b"),
        ("plain", "plain"),
    ],
)  # fmt: skip
def test_every_way_is_found_once(source: str, expected: str) -> None:
    """Each kind of branch, with what is said there."""
    assert " ".join(way.replace(" ", "_") for way in ways(source)) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{% if name %}a{% endif %}{% if not name %}b{% endif %}", "a b"),
        ("{% if n > 5 %}a{% endif %}{% if n <= 5 %}b{% endif %}{% if n > 9 %}c{% endif %}",
         "a ac b"),
        ("{% if n > 5 %}a{% endif %}{% if n > 9 %}b{% endif %}{% if n > 99 %}c{% endif %}",
         " a ab abc"),
        ("{% if city == 'Bath' %}a{% endif %}{% if city != 'Bath' %}b{% endif %}", "a b"),
        ("{% if city in ['Bath', 'Ayr'] %}a{{ city }}{% endif %}{% if city == 'Ayr' %}b{% endif %}",
         " aAyrb aBath"),
        ("{% if city == 'Bath' %}{% if not city %}a{% endif %}{% endif %}b", "b"),
        ("{% for i in items %}a{% endfor %}{% if not items %}b{% endif %}", "a aa b"),
        ("{% if name|length > 9 %}a{% endif %}{% if not name|length > 9 %}b{% endif %}", "a b"),
        (("{% macro m(x) %}{% if x %}a{% endif %}{% endmacro %}"
         "{{ m(name) }}{% if name %}b{% endif %}"), " ab"),
    ],
)  # fmt: skip
def test_what_nothing_can_say_is_no_way(source: str, expected: str) -> None:
    """A question has one answer in one message, and the values of a slot agree with all of them."""
    assert " ".join(ways(source)) == expected


def test_what_is_required_is_never_empty() -> None:
    """Without it there is no message; a number may still be nought."""
    source = "{% if name %}a{% else %}b{% endif %}{% if n %}c{% else %}d{% endif %}"
    assert ways(source, required="name n") == ["ac", "ad"]


def test_branches_come_before_combinations() -> None:
    """With one way more than there are branches, each branch is among the ways."""
    slots = ("name", "city", "vip", "token", "n")
    source = " ".join(
        f"{{% if {each} %}}{each}{{% else %}}no-{each}{{% endif %}}" for each in slots
    )
    found = explored(source, most=len(slots) + 1)
    said = " ".join(draft.parts[0].text for draft in found.skeletons).split()
    assert (len(found.skeletons), found.is_whole) == (len(slots) + 1, False)
    assert set(said) == {*slots, *(f"no-{each}" for each in slots)}
    assert explored(source).is_whole


def test_of_very_many_questions_the_first_are_turned_round() -> None:
    """What is not tried is not claimed."""
    source = "{% for i in range(300) %}{% if n and n == 500 + i %}a{% endif %}{% endfor %}"
    assert not explored(source, most=8).is_whole


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("{% if vip %}{{ n // (n - 3) }}{% endif %}", "GP330"),
        ("{% if name|wordcount > 2 %}{{ n // (n - 3) }}{% endif %}", None),
        ("{% if name == 'a/b' %}https://a.example/{{ name|urlencode }}{% endif %}", None),
    ],
)
def test_a_way_that_fails_is_told_where_it_can_be_taken(source: str, code: str | None) -> None:
    """Not what no value leads to, and not what a value alone is at fault for."""
    found = explored(source)
    assert (found.error and found.error.code, len(found.skeletons)) == (code, 1)


def test_templates_too_deep_to_be_steered_are_an_error_of_ours(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """They are steered with a filter around each test, and Python nests only so far."""
    made = compiled("{% if name %}a{% endif %}")

    def too_deep(*_: object) -> None:
        raise RecursionError

    monkeypatch.setattr("guardedpersonalize.render.template.steered", too_deep)
    with pytest.raises(RenderError, match="nested too deeply") as caught:
        Explorer(made)
    assert caught.value.__context__ is None
