"""What a pack's templates may not do, with file and line, all at once."""

from __future__ import annotations

import pytest
from render_packs import SLOTS, codes, compiled, html, problems

from guardedpersonalize.errors import CODES, PackError, Problem
from guardedpersonalize.render import Entry, PartKind, TemplateSet

FILES = {
    "part_txt": "part",
    "lib_txt": "{% macro f(x) %}{{ x }}{% endmacro %}",
    "stuck_txt": "{% macro f() %}{{ name }}{% endmacro %}{% set city = 'x' %}{{ city }}",
}
REFUSED = {
    "syntax": ("{% if %}", "GP301"),
    "unknown tag": ("{% do x %}", "GP301"),
    "nested too deeply": ("{{ " + "(" * 3000 + "1" + ")" * 3000 + " }}", "GP301"),
    "too many loops": ("{% for i in items %}" * 25 + "{% endfor %}" * 25, "GP301"),
    "a block twice": ("{% block a %}{% endblock %}{% block a %}{% endblock %}", "GP301"),
    "undeclared": ("{{ nmae }}", "GP302"),
    "undeclared in a test": ("{% if nmae %}x{% endif %}", "GP302"),
    "undeclared in a branch never taken": ("{% if false %}{{ nmae }}{% endif %}", "GP302"),
    "undeclared in a macro never called": ("{% macro f() %}{{ nmae }}{% endmacro %}", "GP302"),
    "no such file": ("{% include 'prat.txt.j2' %}", "GP304"),
    "no such file, ignored": ("{% include 'prat.txt.j2' ignore missing %}", "GP304"),
    "no such file in a list": ("{% include ['prat.txt.j2', 'part.txt.j2'] %}", "GP304"),
    "no such module": ("{% import 'lib.j2' as m %}", "GP304"),
    "no such parent": ("{% extends 'base.j2' %}", "GP304"),
    "outside the pack": ("{% include '../secret.j2' %}", "GP304"),
    "itself": ("{% include 'main.txt.j2' %}", "GP305"),
    "a file chosen by a slot": ("{% include name %}", "GP306"),
    "a file put together": ("{% include 'part' ~ '.txt.j2' %}", "GP306"),
    "a file chosen by a branch": ("{% include 'part.txt.j2' if vip else 'lib.txt.j2' %}", "GP306"),
    "an empty list": ("{% include [] %}", "GP306"),
    "a number": ("{% include 3 %}", "GP304"),
    "random": ("{{ items|random }}", "GP307"),
    "attr": ("{{ name|attr('upper') }}", "GP307"),
    "pprint": ("{{ name|pprint }}", "GP307"),
    "safe": ("{{ name|safe }}", "GP307"),
    "urlize": ("{{ name|urlize }}", "GP307"),
    "tojson": ("{{ name|tojson }}", "GP307"),
    "unknown filter": ("{{ name|uper }}", "GP307"),
    "unknown filter in a branch": ("{% if vip %}{{ name|uper }}{% endif %}", "GP307"),
    "unknown test": ("{{ name is uper }}", "GP307"),
    "sameas": ("{{ name is sameas city }}", "GP307"),
    "lipsum": ("{{ lipsum() }}", "GP307"),
    "cycler": ("{% set k = cycler('a') %}", "GP307"),
    "joiner": ("{% set k = joiner() %}", "GP307"),
    "filter by name": ("{{ items|map(name)|join }}", "GP307"),
    "refused filter by name": ("{{ items|map('attr', 'x')|join }}", "GP307"),
    "filter of filters": ("{{ items|map('map', 'upper')|join }}", "GP307"),
    "test by name": ("{{ items|select(name)|join }}", "GP307"),
    "refused test by name": ("{{ items|selectattr('a', 'sameas', 1)|join }}", "GP307"),
    "spread arguments": ("{{ name|replace(*items) }}", "GP307"),
    "private attribute": ("{{ name.__class__ }}", "GP308"),
    "private attribute of a call": ("{{ name.__class__() }}", "GP308"),
    "private subscript": ("{{ name['__class__'] }}", "GP308"),
    "private attribute in a filter": ("{{ items|map(attribute='__class__')|join }}", "GP308"),
    "private attribute behind a dot": ("{{ items|sum('a.__class__') }}", "GP308"),
    "attribute by name": ("{{ items|map(attribute=name)|join }}", "GP308"),
    "attribute by name, in order": ("{{ items|sort(false, false, name)|join }}", "GP308"),
    "attribute by name, first": ("{{ items|selectattr(name)|join }}", "GP308"),
    "format": ("{{ '{}'.format(name) }}", "GP308"),
    "format_map": ("{{ '{a}'.format_map({'a': name}) }}", "GP308"),
    "center": ("{{ name.center(9) }}", "GP308"),
    "encode": ("{{ name.encode() }}", "GP308"),
    "mro": ("{{ name.mro() }}", "GP308"),
    "unknown method of a loop": ("{% for i in items %}{{ loop.x() }}{% endfor %}", "GP308"),
    "unknown method of super": (
        "{% block a %}{{ super.upper() }}{% endblock %}",
        "GP308",
    ),
    "call of an item": ("{{ items[0]() }}", "GP308"),
    "call of a choice": ("{{ (name if vip else city)() }}", "GP308"),
    "method not called": ("{{ name.upper }}", "GP309"),
    "method of a dict not called": ("{% for k in {'a': 1}.items %}{{ k }}{% endfor %}", "GP309"),
    "method of a loop not called": ("{% for i in items %}{{ loop.cycle }}{% endfor %}", "GP309"),
    "macro not called": ("{% macro f() %}{% endmacro %}{{ f }}", "GP309"),
    "function printed": ("{{ range }}", "GP309"),
    "class printed": ("{{ dict|string }}", "GP309"),
    "generator printed": ("{{ items|map('upper') }}", "GP309"),
    "generator in a list": ("{{ [items|select] }}", "GP309"),
    "generator joined to text": ("{{ 'x' ~ items|batch(2) }}", "GP309"),
    "self": ("{% block a %}{% endblock %}{{ self.a() }}", "GP310"),
    "autoescape": ("{% autoescape true %}{% endautoescape %}", "GP310"),
    "a function's name bound": ("{% set range = 1 %}", "GP310"),
    "a name of Jinja's own bound": ("{% set super = name %}", "GP310"),
    "a refused name bound": ("{% for cycler in items %}{% endfor %}", "GP310"),
    "a parameter of such a name": ("{% macro f(caller=1) %}{% endmacro %}", "GP310"),
    "a macro of such a name": ("{% macro namespace() %}{% endmacro %}", "GP310"),
    "a module of such a name": ("{% import 'lib.txt.j2' as loop %}", "GP310"),
    "an import of such a name": ("{% from 'lib.txt.j2' import f as self %}", "GP310"),
    "extends under a condition": ("{% if vip %}{% extends 'part.txt.j2' %}{% endif %}", "GP310"),
    "extends twice": ("{% extends 'part.txt.j2' %}{% extends 'lib.txt.j2' %}", "GP310"),
    "include without context in a macro": (
        "{% macro f() %}{% include 'part.txt.j2' without context %}{% endmacro %}",
        "GP311",
    ),
    "include without context in a set block": (
        "{% set x %}{% include 'part.txt.j2' without context %}{% endset %}",
        "GP311",
    ),
    "include without context in a filter": (
        "{% filter upper %}{% include 'part.txt.j2' without context %}{% endfilter %}",
        "GP311",
    ),
    "include without context in a recursive loop": (
        "{% for i in items recursive %}{% include 'part.txt.j2' without context %}{% endfor %}",
        "GP311",
    ),
    "call block on no macro": ("{% call name() %}x{% endcall %}", "GP313"),
    "import of what is not there": ("{% from 'lib.txt.j2' import g %}", "GP328"),
    "import of what is not there by another name": (
        "{% from 'lib.txt.j2' import f, g as h %}",
        "GP328",
    ),
    "module without the macro": ("{% import 'lib.txt.j2' as m %}{{ m.g(name) }}", "GP328"),
    "module without the name": ("{% import 'lib.txt.j2' as m %}{{ m.x }}", "GP328"),
    "slot in a module": ("{% import 'stuck.txt.j2' as m %}{{ m.f() }}", "GP325"),
    "slot in a file without context": ("{% include 'stuck.txt.j2' without context %}", "GP325"),
    "generator kept": ("{% set g = items|map('upper') %}{{ g|join }}", "GP326"),
    "generator kept in a list": ("{% set g = [items|select] %}", "GP326"),
    "generator kept by with": ("{% with g = items|reverse %}{% endwith %}", "GP326"),
    "generator handed over": ("{% macro f(x) %}{% endmacro %}{{ f(items|unique) }}", "GP326"),
    "generator handed over by name": (
        "{% macro f(x) %}{% endmacro %}{{ f(x=items|unique) }}{{ f(*items|unique) }}",
        "GP326",
    ),
    "generator by default": ("{% macro f(x=[1]|map('string')) %}{% endmacro %}", "GP326"),
}
ALLOWED = {
    "filters": "{{ name|upper|default('x')|truncate(5) }}{{ items|join(', ')|replace('a', 'b') }}",
    "tests": "{{ n is odd }}{{ name is defined and name is not none }}{{ 1 is divisibleby 2 }}",
    "dates": "{{ when.strftime('%d %B').lstrip('0') }}{{ when.year }}{{ when.isoformat() }}",
    "methods": "{{ name.split()[0].title() }}{{ {'a': n}.get('a') }}",
    "items": "{% for k, v in {'a': n}.items() %}{{ k }}{{ v }}{% endfor %}{{ {'a': n}.a }}"
    "{{ {'a': n}['a'] }}{{ items[0] }}{{ items[1:n] }}",
    "generators used up": "{{ items|map('upper')|join }}{{ items|select('ne', 'a')|list }}"
    "{% for i in items|batch(2) %}{{ i|join }}{% endfor %}{{ items|reject('eq', 'a')|map('upper')"
    "|first }}{{ 'A' in items|map('upper') }}{{ items|unique|list|length }}"
    "{{ [{'a': 1}]|map(attribute='a')|sum }}{{ [{'a': 1}]|selectattr('a')|list|length }}"
    "{{ items|sort(reverse=true)|join }}",
    "loops": "{% for i in items %}{{ loop.index }}{{ loop.cycle('a', 'b') }}{{ loop.changed(i) }}"
    "{% set outer = loop %}{% for k in 'ab' %}{{ outer.index }}{% endfor %}{% endfor %}",
    "namespaces": "{% set ns = namespace(count=0) %}{% for i in items %}"
    "{% set ns.count = ns.count + 1 %}{% endfor %}{{ ns.count }}",
    "globals called": "{% for i in range(3) %}{{ i }}{% endfor %}{{ dict(a=n).a }}",
    "includes": "{% include 'part.txt.j2' %}{% include ['part.txt.j2', 'lib.txt.j2'] %}"
    "{% include 'part.txt.j2' without context %}{% include 'part.txt.j2' ignore missing %}",
    "include in a macro": "{% macro f() %}{% include 'part.txt.j2' %}{% endmacro %}{{ f() }}",
    "imports": "{% import 'lib.txt.j2' as m %}{% from 'lib.txt.j2' import f as g with context %}"
    "{{ m.f(name) }}{{ g(city) }}",
    "import with context": "{% import 'stuck.txt.j2' as m with context %}{{ m.f() }}{{ m.city }}",
    "inheritance": "{% extends 'part.txt.j2' %}{% block a %}{{ super() }}{{ name }}{% endblock %}",
    "super of super": "{% block a %}{{ super.super() if false }}{{ name }}{% endblock %}",
    "raw": "{% raw %}{{ undeclared }}{% endraw %}{# {{ undeclared }} #}{{ name }}",
    "call block": "{% macro f() %}{{ caller('x') }}{% endmacro %}{% call(y) f() %}{{ y }}{{ name }}"
    "{% endcall %}",
    "spread to a macro": "{% macro f(x) %}{{ x }}{% endmacro %}{{ f(*items) }}{{ f(**{'x': n}) }}",
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_not_both_equal_and_contained_is_refused(case: str) -> None:
    """Each with its own code."""
    source, code = REFUSED[case]
    assert code in codes(source, **FILES)


@pytest.mark.parametrize("case", ALLOWED)
def test_what_a_message_needs_is_allowed(case: str) -> None:
    """Nothing is refused without need."""
    assert problems(ALLOWED[case], **FILES) == ()


def test_every_code_is_documented() -> None:
    """A code is a key of `CODES`, which is what the reference is made from."""
    assert {code for _, code in REFUSED.values()} <= CODES.keys()


def test_an_undeclared_name_names_the_nearest_slot() -> None:
    """With file and line."""
    (problem,) = problems("Hi\n\n{{ nmae }}")
    assert problem == Problem(
        "main.txt.j2",
        3,
        "GP302",
        "'nmae' is not a declared slot of 'main'.",
        "Did you mean 'name'?",
    )


def test_all_problems_of_all_files_are_told_at_once() -> None:
    """Sorted by file and line."""
    found = problems(
        "{{ nmae }}\n{{ name|uper }}{% include 'part.txt.j2' %}", part_txt="{{ x.y() }}"
    )
    assert [(problem.where, problem.code) for problem in found] == [
        ("main.txt.j2:1", "GP302"),
        ("main.txt.j2:2", "GP307"),
        ("part.txt.j2:1", "GP302"),
        ("part.txt.j2:1", "GP308"),
    ]


def test_files_that_no_part_uses_are_checked_too() -> None:
    """As far as their syntax tells."""
    assert codes("{{ name }}", unused_txt="{% if %}", other_txt="{{ name|safe }}") == [
        "GP307",
        "GP301",
    ]


def test_circles_are_found_through_other_files() -> None:
    """Each file of the circle is named, and nothing hangs."""
    found = problems(
        "{% include 'a.txt.j2' %}",
        a_txt="{% include 'b.txt.j2' %}",
        b_txt="x{% extends 'a.txt.j2' %}",
    )
    assert [(problem.path, problem.code) for problem in found] == [
        ("a.txt.j2", "GP305"),
        ("b.txt.j2", "GP305"),
    ]


def test_html_and_plain_templates_do_not_mix() -> None:
    """What is escaped in one place would not be in the other."""
    assert html("{% include 'a.txt.j2' %}", a_txt="{{ name }}") == ["GP314"]
    assert codes("{% include 'a.html.j2' %}", a_html="{{ name }}") == ["GP314"]


def entry_codes(**changes: object) -> list[str]:
    """Return the codes of what is wrong with an entry."""
    options = {
        "name": "main",
        "parts": (("text", PartKind.TEXT, "a.j2"),),
        "slots": {"name": "text"},
    }
    entry = Entry(**(options | {"manifest": "t.toml"} | changes))
    try:
        TemplateSet.compile({"a.j2": "{{ name }}", "b.html.j2": "x"}, entries={"main": entry})
    except PackError as err:
        return [problem.code for problem in err.problems]
    return []


def test_a_declared_slot_must_be_used() -> None:
    """The problem stands in the manifest; a generic version may leave slots out."""
    assert entry_codes(slots={"name": "text", "city": "text"}) == ["GP303"]
    assert entry_codes(slots={"name": "text", "city": "text"}, may_leave_unused=True) == []


def test_a_problem_with_a_slot_names_its_line_in_the_manifest() -> None:
    """Where the manifest is read with lines."""
    entry = Entry("main", (), slots={"name": "text"}, manifest="t.toml", slot_lines={"name": 7})
    with pytest.raises(PackError) as caught:
        TemplateSet.compile({}, entries={"main": entry})
    assert caught.value.problems[0].where == "t.toml:7"


@pytest.mark.parametrize(
    "slot", ["loop", "range", "self", "_x", "a-b", "1a", "not", "namespace", "é"]
)
def test_a_slot_has_a_name_that_templates_can_use(slot: str) -> None:
    """No word of the template language, no function, and no private name."""
    assert "GP324" in entry_codes(slots={"name": "text", slot: "text"}, may_leave_unused=True)


def test_a_slot_has_a_known_type() -> None:
    """Anything else is a fault of the manifest."""
    assert entry_codes(slots={"name": "txt"}) == ["GP104"]


def test_parts_have_files_of_their_kind() -> None:
    """The file exists, its name says whether it is HTML, and no part is there twice."""
    assert entry_codes(parts=(("text", PartKind.TEXT, "c.j2"),)) == ["GP327"]
    assert entry_codes(parts=(("html", PartKind.HTML, "a.j2"),)) == ["GP327"]
    assert "GP327" in entry_codes(parts=(("text", PartKind.TEXT, "b.html.j2"),))
    assert entry_codes(parts=(("text", PartKind.TEXT, "a.j2"),) * 2) == ["GP327"]


def test_a_pack_without_problems_compiles() -> None:
    """And knows its entries."""
    made = compiled("{{ name }}")
    assert list(made.entries) == ["main"]
    assert made.entries["main"].slots == SLOTS
