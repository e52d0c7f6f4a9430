"""Where in HTML a slot may stand, and what is refused when the pack is loaded."""

# ruff: noqa: E501 - a template reads best on one line
from __future__ import annotations

import pytest
from render_packs import compiled, html, problems, text

from guardedpersonalize.errors import RenderError
from guardedpersonalize.render import PartKind

ALLOWED = {
    "text": "<p>Hi {{ name }}</p>",
    "quoted value": "<p title=\"{{ name }}\" class='{{ city }}'>x</p>",
    "alt text": '<img src="https://a.example/x.png" alt="{{ name }}">',
    "aria and data": '<p aria-label="{{ name }}" data-name="x-{{ name }}">x</p>',
    "path segment": '<a href="https://a.example/u/{{ token|urlencode }}">x</a>',
    "two segments": '<a href="https://a.example/{{ city|urlencode }}/{{ token|urlencode }}">x</a>',
    "query value": '<a href="https://a.example?q={{ name|urlencode }}&amp;x=1">x</a>',
    "fragment": '<a href="https://a.example/p#{{ name|urlencode }}">x</a>',
    "port": '<a href="http://a.example:8080/{{ token|urlencode }}">x</a>',
    "mail subject": '<a href="mailto:us@a.example?subject={{ name|urlencode }}">x</a>',
    "address from a constant": '{% set base = "https://a.example/" %}'
    '<a href="{{ base }}{{ token|urlencode }}">x</a>',
    "address joined": '<a href="{{ "https://a.example/" ~ token|urlencode }}">x</a>',
    "address by a branch": '<a href="{% if vip %}https://a.example/v{% else %}'
    'https://b.example/{% endif %}{{ token|urlencode }}">x</a>',
    "address of the template's own making": '{% for u in ["https://a.example/"] %}'
    '<a href="{{ u }}">x</a>{% endfor %}',
    "title element": "<title>Hi {{ name }}</title>",
    "textarea": "<textarea>{{ name }} <b> </textarea>{{ city }}",
    "conditional comment": "<!--[if mso]><table><![endif]-->{{ name }}<!-- x -- y --!>{{ city }}",
    "short comments": "<!-->{{ name }}<!--->{{ city }}",
    "doctype": "<!doctype html><?xml version='1.0'?></ >{{ name }}",
    "less than": "1 < 2 <3 {{ name }}",
    "style without slots": "<style>a > b { color: {{ 'red' }} }</style>{{ name }}",
    "script without slots": "<script>if (1 < 2) {}</script >{{ name }}",
    "end tag of another element in a script": "<script></scripts></script>{{ name }}",
    "style attribute without slots": '<p style="color:{{ "red" }}">{{ name }}</p>',
    "attribute in a branch": "<option {% if vip %}selected {% endif %}>x</option>{{ name }}",
    "attribute at the end of a branch": "<option{% if vip %} selected{% endif %}>{{ name }}",
    "one of two attributes": "<p {% if vip %}hidden{% else %}inert{% endif %}>{{ name }}</p>",
    "value of a branch": '<p class="{% if vip %}a{% else %}b{% endif %}">{{ name }}</p>',
    "tag in a branch": "{% if vip %}<b>{{ name }}</b>{% else %}<i>x</i>{% endif %}",
    "loop": "<ul>{% for i in items %}<li>{{ i }}</li>{% else %}<li>-</li>{% endfor %}</ul>",
    "recursive loop": "{% for i in ['a', ['b']] recursive %}<li>{{ i if i is string }}"
    "{% if i is not string %}{{ loop(i) }}{% endif %}</li>{% endfor %}{{ name }}",
    "spaces about the equals sign": '<p class = "x" id\n=\n"{{ name }}" hidden / >x</p>',
    "empty value": "<p class=>{{ name }}</p>",
    "value without quotes, without slots": "<p class=a/b id=x>{{ name }}</p>",
    "escaped by hand": "{{ name|e }}",
    "inline if": "{{ name if vip else '<b>' }}{{ 'x' if vip }}",
    "or": "{{ name or city }}{{ name|default('x') }}",
    "set block": "{% set x %}<b>{{ name }}</b>{% endset %}<p>{{ x }}</p>",
    "set block in two branches": "{% if vip %}{% set x %}<b>{{ name }}</b>{% endset %}{% else %}"
    "{% set x %}<i>{{ city }}</i>{% endset %}{% endif %}{{ x }}",
    "set block in a value": '{% set x %}Hi {{ name }}{% endset %}<p title="{{ x }}">x</p>',
    "set block with a safe filter": "{% set x|upper %}<b>{{ name }}</b>{% endset %}{{ x }}",
    "with": "{% with x = name %}{{ x }}{% endwith %}",
    "filter block": "{% filter upper %}<b>{{ name }}</b>{% endfilter %}",
    "macro": "{% macro f(x, y='z') %}<b title=\"{{ y }}\">{{ x }}</b>{% endmacro %}{{ f(name) }}",
    "macro of a value": '{% macro f(x) %}Hi {{ x }}{% endmacro %}<p title="{{ f(name) }}">x</p>',
    "macro of an address": '{% macro f(u, x) %}<a href="{{ u }}">{{ x }}</a>{% endmacro %}'
    "{{ f('https://a.example/', name) }}",
    "macro that calls itself": "{% macro f(k) %}<b>{{ k }}{% if k > 0 %}{{ f(k - 1) }}{% endif %}</b>"
    "{% endmacro %}{{ f(3) }}{{ name }}",
    "call block": "{% macro f() %}<b>{{ caller() }}</b>{% endmacro %}"
    "{% call f() %}<i>{{ name }}</i>{% endcall %}",
    "call block in a value": '{% macro f() %}<b title="{{ caller() }}">x</b>{% endmacro %}'
    "{% call f() %}Hi {{ name }}{% endcall %}",
}

REFUSED = {
    "tag name": ("<{{ name }}>", "GP316"),
    "tag name of the template's own making": ("<{{ 'b' if n else items|length }}>", "GP316"),
    "end of a tag name": ("<a{{ name }}>x</a>", "GP316"),
    "attribute name": ("<p {{ name }}>x</p>", "GP316"),
    "end of an attribute name": ("<p x{{ name }}>x</p>", "GP316"),
    "value without quotes": ("<p class={{ name }}>x</p>", "GP316"),
    "rest of a value without quotes": ("<p class=x{{ name }}>x</p>", "GP316"),
    "begun comment": ("<!--{{ name }}-->", "GP316"),
    "comment": ("<!-- {{ name }} -->", "GP317"),
    "declaration": ("<!doctype {{ name }}>", "GP317"),
    "script": ("<script>x = '{{ name }}'</script>", "GP317"),
    "style": ("<style>a { color: {{ name }} }</style>", "GP317"),
    "style attribute": ('<p style="color: {{ name }}">x</p>', "GP317"),
    "event": ('<p onclick="{{ name }}">x</p>', "GP317"),
    "srcset": ('<img srcset="https://a.example/{{ name|urlencode }} 2x">', "GP317"),
    "srcdoc": ('<p srcdoc="{{ name }}">x</p>', "GP317"),
    "meta": ('<meta content="{{ name }}">', "GP317"),
    "link": ('<link href="https://a.example/{{ name|urlencode }}">', "GP317"),
    "form": ('<form action="https://a.example/{{ name|urlencode }}"></form>', "GP317"),
    "base": ('<base href="https://a.example/{{ name|urlencode }}">', "GP317"),
    "svg": ("<svg><title>x</title></svg>{{ name }}", "GP317"),
    "iframe": ("<iframe></iframe>{{ name }}", "GP317"),
    "comment in a script": ("<script><!-- x --></script>{{ name }}", "GP317"),
    "whole address": ('<a href="{{ name }}">x</a>', "GP318"),
    "whole address, encoded": ('<a href="{{ name|urlencode }}">x</a>', "GP318"),
    "host": ('<a href="https://{{ name|urlencode }}/">x</a>', "GP318"),
    "end of a host": ('<a href="https://a.{{ name|urlencode }}/">x</a>', "GP318"),
    "user of a host": ('<a href="https://u@{{ name|urlencode }}/">x</a>', "GP318"),
    "after a user": ('<a href="https://u@a.example/{{ name|urlencode }}">x</a>', "GP318"),
    "scheme": ('<a href="{{ name|urlencode }}://a.example/">x</a>', "GP318"),
    "relative": ('<a href="/u/{{ name|urlencode }}">x</a>', "GP318"),
    "mail address": ('<a href="mailto:{{ name|urlencode }}">x</a>', "GP318"),
    "phone": ('<a href="tel:{{ name|urlencode }}">x</a>', "GP318"),
    "after an address that is worked out": (
        (
            '{% for u in ["https://a.example/"] %}<a href="{{ u }}{{ name|urlencode }}">x</a>'
            "{% endfor %}"
        ),
        "GP318",
    ),
    "after two hosts": (
        '<a href="https://{% if vip %}a{% else %}b{% endif %}.example/{{ name|urlencode }}">x</a>',
        "GP318",
    ),
    "not encoded": ('<a href="https://a.example/{{ name }}">x</a>', "GP319"),
    "encoded too early": ('<a href="https://a.example/{{ name|urlencode|upper }}">x</a>', "GP319"),
    "picture": ('<img src="https://a.example/{{ name }}.png">', "GP319"),
    "javascript": ('<a href="javascript:alert(1)">x</a>{{ name }}', "GP320"),
    "javascript in disguise": ('<a href=" java\nscript&#58;alert(1)">x</a>', "GP320"),
    "slot behind another scheme": ('<a href="ftp://a.example/{{ name|urlencode }}">x</a>', "GP320"),
    "data": ('<img src="data:image/png;base64,x">', "GP320"),
    "javascript before a number": ('<a href="javascript:{{ range(3)|length }}">x</a>', "GP320"),
    "tag that one branch leaves open": ("{% if vip %}<p {% endif %}>{{ name }}", "GP321"),
    "quote that one branch leaves open": ('<p class="{% if vip %}"{% endif %}>{{ name }}', "GP321"),
    "element that one branch opens": ("{% if vip %}<title>{% endif %}{{ name }}", "GP321"),
    "loop that does not end where it began": ("{% for i in items %}<p {% endfor %}>", "GP321"),
    "name that goes on": ("<p {% if vip %}hid{% endif %}den>x</p>", "GP321"),
    "value for one of two attributes": (
        '<p {% if vip %}title{% else %}style{% endif %} ="{{ name }}">x</p>',
        "GP321",
    ),
    "inline if": ("<{{ 'b>' if vip else name }}", "GP316"),
    "open tag": ("<p", "GP322"),
    "open tag at the end": ("{{ name }} <", "GP322"),
    "open value": ('<p title="', "GP322"),
    "open comment": ("<!-- x", "GP322"),
    "open style": ("<style>a", "GP322"),
    "open title": ("<title>a", "GP322"),
    "markup changed": (
        "{% set x %}<b>{{ name }}</b>{% endset %}{{ x|replace('b', 'i') }}",
        "GP315",
    ),
    "markup cut": ("{% set x %}<b>{{ name }}</b>{% endset %}{{ x[1:] }}", "GP315"),
    "escaped text changed": ("{{ name|e|upper }}", "GP315"),
    "macro's result changed": ("{% macro f() %}<b>{% endmacro %}{{ f()|lower }}", "GP315"),
    "markup in a list": ("{% set x %}<b>{% endset %}{{ [x]|first }}", "GP315"),
    "filter on a block": ("{% filter striptags %}{{ name }}{% endfilter %}", "GP312"),
    "filter on a set block": ("{% set x|striptags %}{{ name }}{% endset %}{{ x }}", "GP312"),
    "filters on a block": (
        "{% filter upper|replace('a', 'b') %}{{ name }}{% endfilter %}",
        "GP312",
    ),
    "call block on a method": ("{% call name.upper() %}x{% endcall %}", "GP313"),
    "call block on a function": ("{% call range(3) %}x{% endcall %}", "GP313"),
    "call block on an item": (
        "{% macro f() %}{% endmacro %}{% set d = {'f': f} %}{% call d.get('f', name) %}x{% endcall %}",
        "GP313",
    ),
    "raw text": ("{{ name|safe }}", "GP307"),
    "escaping switched off": ("{% autoescape false %}{{ name }}{% endautoescape %}", "GP310"),
    "macro in a tag": ("{% macro f() %}{{ name }}{% endmacro %}<p {{ f() }}>x</p>", "GP316"),
    "macro in a style": (
        "{% macro f(x) %}{{ x }}{% endmacro %}<style>{{ f(name) }}</style>",
        "GP317",
    ),
    "set block in a tag": ("{% set x %}{{ name }}{% endset %}<p {{ x }}>x</p>", "GP316"),
    "set block with quotes in a value": (
        '{% set x %}"{{ name }}{% endset %}<p title="{{ x }}">x</p>',
        "GP316",
    ),
    "call block in a script": (
        (
            "{% macro f() %}<script>{{ caller() }}</script>{% endmacro %}"
            "{% call f() %}{{ name }}{% endcall %}"
        ),
        "GP317",
    ),
}


@pytest.mark.parametrize("case", ALLOWED)
def test_a_slot_may_stand_where_its_place_is_clear(case: str) -> None:
    """Text, quoted values of text attributes, path segments and query values."""
    assert html(ALLOWED[case]) == []


@pytest.mark.parametrize("case", REFUSED)
def test_a_slot_is_refused_where_it_could_leave_its_place(case: str) -> None:
    """Each refusal has its own code."""
    source, code = REFUSED[case]
    assert code in html(source)


def test_places_are_followed_through_includes_blocks_and_imports() -> None:
    """A tag opened in one file may be closed in another, and a slot inside it is seen."""
    files = {
        "head_html": "<html><body class=",
        "base_html": '{% include "head.html.j2" %}"x">{% block b %}{% endblock %}</body></html>',
        "lib_html": '{% macro link(u) %}<a href="https://a.example/{{ u|urlencode }}">{% endmacro %}',
    }
    main = (
        '{% extends "base.html.j2" %}{% import "lib.html.j2" as lib %}'
        "{% block b %}{{ super() }}{{ lib.link(token) }}{{ name }}</a>{% endblock %}"
    )
    assert html(main, **files) == []
    broken = files | {"head_html": "<html><body class='"}
    assert "GP322" in html(main, **broken)


def test_a_problem_names_the_file_and_line_of_the_slot() -> None:
    """Also where the file is an include, and the words before it span lines."""
    (problem,) = problems(
        '<p>\n{% include "part.html.j2" %}', PartKind.HTML, part_html="\n<p\nstyle='\n{{ name }}'>"
    )
    assert problem.where == "part.html.j2:4"


def test_a_problem_in_words_names_its_own_line() -> None:
    """The line is counted inside the run of words."""
    (problem,) = problems("{{ name }}\n<p>\n<a href='x:y'>\n</a>", PartKind.HTML)
    assert problem.where == "main.html.j2:3"


@pytest.mark.parametrize("value", ["..", ".", "a/b", "/", "../x"])
def test_a_value_that_leaves_its_path_segment_fails(value: str) -> None:
    """`urlencode` keeps slashes and dots; such a value is refused when it is rendered."""
    made = compiled(ALLOWED["path segment"], PartKind.HTML)
    with pytest.raises(RenderError) as caught:
        text(made, token=value)
    assert caught.value.code == "GP335"
    assert caught.value.where == "main.html.j2:1"


def test_other_values_fill_a_path_segment_as_in_jinja() -> None:
    """Everything else is percent-encoded by Jinja's own filter."""
    made = compiled(ALLOWED["path segment"], PartKind.HTML)
    assert '/u/a%20%3F%23%22%3C%C3%A9"' in text(made, token='a ?#"<é')  # noqa: S106


@pytest.mark.parametrize("value", ["/../x", "?a=b&c", "#"])
def test_a_query_value_may_be_anything(value: str) -> None:
    """Behind the question mark nothing is resolved, and what separates is encoded."""
    made = compiled(ALLOWED["query value"], PartKind.HTML)
    assert text(made, name=value).count("&amp;") == 1


@pytest.mark.parametrize("case", ALLOWED)
def test_a_hostile_value_opens_no_tag(case: str) -> None:
    """Containment: markup in a value never makes a tag or ends a quoted value."""
    made = compiled(ALLOWED[case], PartKind.HTML)
    harmless = dict.fromkeys(["name", "city", "token"], "x")
    hostile = dict.fromkeys(harmless, "'\"><script>alert(1)</script><!--")
    marks = {}
    for kind, values in {"harmless": harmless, "hostile": hostile}.items():
        try:
            rendered = text(made, vip=True, n=1, items=list(values.values()), **values)
        except RenderError as err:
            assert err.code == "GP335"  # noqa: PT017 - a slash in a path segment
            return
        marks[kind] = [character for character in rendered if character in "<>\"'"]
    assert marks["harmless"] == marks["hostile"]
