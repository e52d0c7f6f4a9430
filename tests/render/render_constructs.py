"""Constructs that lose, move or hide the origin of a value; each is a template or a set of them."""

# ruff: noqa: E501 - a template reads best on one line
from __future__ import annotations

LIB = "{% macro show(x) %}<{{ x }}>{% endmacro %}{% macro held() %}{{ kept }}{% endmacro %}"

CONSTRUCTS: dict[str, str | dict[str, str]] = {
    "output": "Hi {{ a }}!",
    "filter": "{{ a|upper }} {{ b|default(c, true) }} {{ c|e }}",
    "filter arguments": "{{ 'x,y'|replace(',', a) }} {{ 'long words here'|truncate(n + 5, true, a[:2]) }}",
    "concatenation": "{{ a ~ b ~ '<' }} {{ a + b }}",
    "format": "{{ '%s of %s'|format(a, n) }} {{ '%s' % b }}",
    "format method": "{{ '{} {x}'.format(a, x=b) }}",
    "arithmetic": "{{ n * 2 + 1 }} {{ 'x' * n }}",
    "comparison": "{{ n > 1 }} {{ a == 'Ada' }} {{ not flag }}",
    "condition": "{% if flag %}yes{% else %}no{% endif %} always",
    "elif": "{% if n == 0 %}none{% elif flag %}flag{% elif a %}a{% else %}other{% endif %}",
    "nested if": "{% if flag %}{% if a == 'Ada' %}A{% endif %}B{% endif %}",
    "inline if": "{{ 'Dear' if flag else b }} {{ 'x' if no_such is defined }}",
    "and or": "{{ a or b }} {{ flag and c }}",
    "subscript": "{{ ['p', 'q', 'r'][n % 3] }} {{ a[0:n] }} {{ {'k': b}['k'] }}",
    "loop": "{% for i in items %}{{ i }},{% else %}nothing{% endfor %}",
    "loop variables": "{% for i in 'pq' %}{{ loop.index }}{% endfor %}"
    "{% for i in items %}{{ loop.length }}{{ loop.last }}{{ loop.revindex }}{% endfor %}",
    "loop neighbours": "{% for i in items %}{% if not loop.last %}{{ loop.nextitem }}"
    "{% endif %}{% endfor %}",
    "loop cycle": "{% for i in items %}{{ loop.cycle('odd', b) }}{% endfor %}",
    "loop changed": "{% for i in 'ppq' %}{% if loop.changed(i if flag else 'k') %}new"
    "{% endif %}{% endfor %}",
    "loop changed after a condition": "{% for i in 'ppp' %}{% if flag %}{% set d = loop.changed(i)"
    " %}{% endif %}{{ loop.changed(i) }}{% endfor %}",
    "loop filter": "{% for i in 'pqr' if i != a and flag %}{{ i }}{{ loop.index }}{% else %}-"
    "{% endfor %}",
    "loop over a range": "{% for i in range(n) %}*{% endfor %}",
    "recursive loop": "{% for i in [[1, [2]], a] recursive %}{% if i is string %}{{ i }}"
    "{% elif i is iterable %}[{{ loop(i) }}]{% else %}{{ b }}{% endif %}{% endfor %}",
    "recursive loop over something else": "{% for i in ['x'] recursive %}{{ i }}"
    "{% if loop.depth < 2 %}{{ loop(items) }}{% endif %}{% endfor %}",
    "set": "{% set x = a %}{{ x }}{% set x = b %}{{ x }}",
    "set under a condition": "{% set x = 'plain' %}{% if flag %}{% set x = 'other' %}{% endif %}"
    "{{ x }}",
    "slot set under a condition": "{% if not flag %}{% set a = 'k' %}{% endif %}{{ a }}",
    "set in a loop": "{% set x = a %}{% for i in items %}{% set x = i %}{{ x }}{% endfor %}{{ x }}",
    "set of several": "{% set x, y = a, b %}{{ y }}{{ x }}",
    "set block": "{% set x %}<b>{{ a }}</b>{% if flag %}!{% endif %}{% endset %}{{ x }}{{ x|length }}",
    "set block with a filter": "{% set x|upper %}{{ a }}{% endset %}{{ x }}",
    "namespace": "{% set ns = namespace(x='p') %}{% for i in items %}{% set ns.x = i %}{% endfor %}"
    "{{ ns.x }}",
    "namespace under another name": "{% set p = namespace(v=0) %}{% set q = p %}"
    "{% if flag %}{% set q.v = 1 %}{% endif %}{{ p.v }}",
    "namespace chosen": "{% set p = namespace(v=0) %}{% set q = namespace(v=0) %}"
    "{% set r = p if flag else q %}{% set r.v = 1 %}{{ p.v }}{{ q.v }}",
    "namespace in a macro": "{% set p = namespace(v=0) %}{% macro up() %}{% set p.v = 1 %}"
    "{% endmacro %}{% if flag %}{{ up() }}{% endif %}{{ p.v }}",
    "closure kept in a namespace": "{% set ns = namespace() %}{% macro f(x, k) %}{% macro g() %}"
    "{{ x }}{% endmacro %}{% if k %}{% set ns.g = g %}{% endif %}{{ ns.g() }}{% endmacro %}"
    "{{ f(a, true) }}{{ f(b, false) }}",
    "cycler": "{% set k = cycler('p', 'q') %}{% if flag %}{{ k.next() }}{% endif %}{{ k.next() }}",
    "cycler in a list": "{% set k = cycler('p', 'q') %}{% set l = [k] %}"
    "{% if flag %}{% set d = l[0].next() %}{% endif %}{{ k.current }}",
    "joiner": "{% set j = joiner(b) %}{% if flag %}{{ j() }}1{% endif %}{{ j() }}2",
    "generator": "{% set g = ['p', 'q']|map('upper') %}{% if flag %}{{ g|first }}{% endif %}"
    "{{ g|join }}",
    "generator in a loop": "{% set g = ['p', 'q', 'r', 's']|select %}{% for i in g %}"
    "{% if flag and loop.last %}{% endif %}{{ g|first|default('-') }}{% endfor %}",
    "generator peeked at": "{% set g = ['p', 'q', 'r']|select %}{% for i in g %}"
    "{% if flag %}{{ loop.length }}{% endif %}{% for k in g %}{{ k }}{% endfor %}{% endfor %}",
    "with": "{% with x = a, y = b %}{{ x }}{% with x = y %}{{ x }}{% endwith %}{% endwith %}",
    "macro": "{% macro f(x, y=b) %}{{ x }}{{ y }}{% endmacro %}{{ f(a) }}{{ f(c, y='k') }}",
    "macro closure": "{% macro f() %}{{ a }}{% endmacro %}{{ f() }}",
    "macro with a condition": "{% macro f(x) %}{% if x %}yes{% else %}no{% endif %}{% endmacro %}"
    "{{ f(flag) }}{{ f('k') }}",
    "macro varargs": "{% macro f() %}{{ varargs|join }}{{ kwargs.z }}{% endmacro %}{{ f(a, z=b) }}",
    "macro spread": "{% macro f(x, y) %}{{ x }}{{ y }}{% endmacro %}{{ f(*[a], **{'y': b}) }}",
    "macro as a value": "{% macro f(x) %}{{ x }}{% endmacro %}{% macro g(h) %}{{ h(a) }}{% endmacro %}"
    "{% set k = {'f': f} %}{{ g(f) }}{{ k.f(b) }}{{ k['f'](c) }}",
    "macro chosen": "{% macro f() %}1{% endmacro %}{% macro g() %}2{% endmacro %}"
    "{{ (f if flag else g)() }}{% set h = g if n else f %}{{ h() }}",
    "macro under a condition": "{% if flag %}{% macro f() %}1{% endmacro %}{% else %}"
    "{% macro f() %}2{% endmacro %}{% endif %}{{ f() }}",
    "macro that calls itself": "{% macro f(k) %}{{ a }}{% if k > 0 %}{{ f(k - 1) }}{% endif %}"
    "{% endmacro %}{{ f(n) }}",
    "macro in a filter": "{% macro f(x) %}{{ x }}{% endmacro %}{{ f(a)|upper }}{{ f(b) ~ 'k' }}",
    "nested macros": "{% macro f(x) %}{% macro g(y) %}{{ x }}{{ y }}{% endmacro %}{{ g(b) }}"
    "{% endmacro %}{{ f(a) }}{{ f('k') }}",
    "call block": "{% macro f() %}<{{ caller() }}>{% endmacro %}{% call f() %}{{ a }}{% endcall %}"
    "{% call f() %}plain{% endcall %}",
    "call block with arguments": "{% macro f(l) %}{% for i in l %}{{ caller(i) }}{% endfor %}"
    "{% endmacro %}{% call(x) f(items) %}{{ x }}{{ b }}{% endcall %}",
    "call block handed on": "{% macro g() %}{{ caller() }}{% endmacro %}{% macro f() %}"
    "{% set mine = caller %}{% call g() %}{{ mine() }}{% endcall %}{% endmacro %}"
    "{% call f() %}{{ a }}{% endcall %}",
    "filter block": "{% filter upper %}hi {{ a }}{% if flag %}!{% endif %}{% endfilter %}",
    "filter block with arguments": "{% filter replace('h', b) %}hi{% endfilter %}",
    "include": {"main": "{% include 'p' %} end", "p": "hi {{ a }}"},
    "include under a condition": {"main": "{% if flag %}{% include 'p' %}{% endif %}", "p": "hi"},
    "include in a loop": {
        "main": "{% for i in items %}{% include 'p' %}{% endfor %}",
        "p": "{{ i }}",
    },
    "include in a buffer": {
        "main": "{% set x %}{% include 'p' %}{% endset %}{{ x }}",
        "p": "hi {{ a }}{% if flag %}!{% endif %}",
    },
    "block in a buffer": {
        "main": "{% set x %}{% include 'p' %}{% endset %}{{ x }}",
        "p": "{% block k %}{{ a }}{% endblock %}",
    },
    "include chosen": {"main": "{% include ('p' if flag else 'q') %}", "p": "pp", "q": "qq"},
    "include by name": {"main": "{% include ['p', 'q'][n % 2] %}", "p": "pp", "q": "qq{{ b }}"},
    "include sees names": {
        "main": "{% set x = a %}{% with y = b %}{% include 'p' %}{% endwith %}",
        "p": "{{ x }}{{ y }}",
    },
    "include in a macro": {
        "main": "{% macro f(x) %}{% include 'p' %}{% endmacro %}{{ f(a) }}",
        "p": "{{ x }}",
    },
    "import": {"main": "{% import 'lib' as m %}{{ m.show(a) }}{{ m.show('k') }}", "lib": LIB},
    "import by subscript": {"main": "{% import 'lib' as m %}{{ m['sh' ~ 'ow'](a) }}", "lib": LIB},
    "from import": {"main": "{% from 'lib' import show as s %}{{ s(a) }}{{ s(b) }}", "lib": LIB},
    "import with context": {
        "main": "{% set kept = a %}{% import 'lib' as m with context %}{{ m.held() }}",
        "lib": LIB,
    },
    "import printed": {"main": "{% import 'p' as m with context %}{{ m }}", "p": "hi {{ a }}"},
    "import of values": {
        "main": "{% import 'p' as m with context %}{{ m.x }}{% from 'p' import y with context %}{{ y }}",
        "p": "{% set x = a %}{% if flag %}{% set y = 1 %}{% else %}{% set y = 2 %}{% endif %}",
    },
    "import chosen": {
        "main": "{% import ('p' if flag else 'q') as m %}{{ m.f() }}",
        "p": "{% macro f() %}1{% endmacro %}",
        "q": "{% macro f() %}2{% endmacro %}",
    },
    "import that keeps a generator": {
        "main": "{% import 'p' as m with context %}{% if flag %}{{ m.g|first }}{% endif %}"
        "{{ m.g|join }}",
        "p": "{% set g = ['p', 'q']|map('upper') %}",
    },
    "inheritance": {
        "main": "{% extends 'base' %}{% block body %}{{ a }}{% endblock %}",
        "base": "<{% block body %}{{ b }}{% endblock %}>",
    },
    "super": {
        "main": "{% extends 'base' %}{% block body %}{{ super() }}{{ a }}{% endblock %}",
        "base": "<{% block body %}{{ b }}{% if flag %}!{% endif %}{% endblock %}>",
    },
    "super twice": {
        "main": "{% extends 'mid' %}{% block body %}{{ super.super() }}{% endblock %}",
        "mid": "{% extends 'base' %}{% block body %}mid {{ super() }}{% endblock %}",
        "base": "<{% block body %}{{ b }}{% endblock %}>",
    },
    "self": "{% block t %}{{ a }}{% endblock %}{{ self.t() }}{{ self['t']() }}",
    "block in a condition": {
        "main": "{% extends 'base' %}{% block body %}hi{% endblock %}",
        "base": "{% if flag %}{% block body %}{% endblock %}{% endif %}",
    },
    "scoped block": {
        "main": "{% extends 'base' %}{% block one %}{{ i }}{% endblock %}",
        "base": "{% for i in items %}{% block one scoped %}{% endblock %}{% endfor %}",
    },
    "set in a child": {"main": "{% extends 'base' %}{% set x = a %}", "base": "{{ x }}"},
    "extends under a condition": {
        "main": "{% if flag %}{% extends 'base' %}{% endif %}own {{ b }}{% block t %}k{% endblock %}",
        "base": "base {% block t %}{% endblock %}",
    },
    "extends chosen": {
        "main": "{% extends 'base' if flag else 'other' %}{% block t %}{{ a }}{% endblock %}",
        "base": "1{% block t %}{% endblock %}",
        "other": "2{% block t %}{% endblock %}",
    },
    "autoescape": "{% autoescape true %}{{ c }}{% endautoescape %}{% autoescape false %}{{ c }}"
    "{% endautoescape %}",
    "volatile autoescape": "{% autoescape flag %}lit < {{ '<' }}{{ c }}{% set x %}<{% endset %}"
    "{{ x }}{% endautoescape %}",
    "volatile macro": "{% macro f() %}{% set x %}<{% endset %}{{ x }}{% endmacro %}"
    "{% autoescape flag %}{{ f() }}{% endautoescape %}",
    "raw and comment": "{% raw %}{{ a }}{% endraw %}{# {{ b }} #}{{ c }}",
    "white space control": "x  {%- if flag %} y {%- endif %}  {{- a -}}  z",
    "map and select": "{{ items|map('upper')|join(b) }}{{ items|select('equalto', a)|list }}"
    "{{ items|reject('in', [b])|first|default('') }}",
    "sort and join": "{{ ([a, b, c]|sort)[0] }}{{ [a, 'k']|join('-') }}{{ items|length }}",
    "tests": "{{ a is defined }}{{ n is odd }}{{ n is divisibleby 2 }}{{ b is sameas b }}",
    "name of a slot reused": "{% macro f(a) %}{{ a }}{% endmacro %}{{ f(b) }}"
    "{% for c in items %}{{ c }}{% endfor %}{{ c }}",
    "dict": "{% set d = {'x': a, b: 'y'} %}{{ d.x }}{% for k, v in d.items() %}{{ k }}{{ v }}"
    "{% endfor %}{{ d|dictsort }}",
    "lipsum-free globals": "{{ dict(x=a).x }}{{ range(n)|list }}",
}

WITH_LOOP_CONTROLS: dict[str, str] = {
    "break": "{% for i in 'pqr' %}{% if flag %}{% break %}{% endif %}{{ i }}{% endfor %}",
    "break on an item": "{% for i in items %}{% if i == 'y' %}{% break %}{% endif %}k{% endfor %}",
    "continue": "{% for i in 'pqr' %}{% if i == a[0] or flag %}{% continue %}{% endif %}{{ i }}"
    "{% endfor %}",
    "break off a generator": "{% set g = 'pqr'|select %}{% for i in g %}{% if flag %}{% break %}"
    "{% endif %}{% endfor %}{{ g|join }}",
}
