"""
What origin tracing costs: one render with it against one of Jinja's immutable sandbox without.

    python benchmarks/trace_cost.py [--rounds N]

Prints ratios of lower quartiles; the two are timed in turn, in one process, so that a noisy
machine slows both. `traced` is the environment alone, `draft` is `TemplateSet.render`: limits,
strict context, and a draft whose parts know the origin of each chunk.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable, Mapping

from jinja2 import DictLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from guardedpersonalize.render import Entry, PartKind, TemplateSet, TracedSandbox
from guardedpersonalize.render.environment import is_html
from guardedpersonalize.vocabulary import Channel

PUSH = "{{ first_name }}, your {{ product }} is back in stock."
TEXT = """\
Dear {{ first_name }},

thank you for being with us for {{ tenure }}. {% if tier %}As a {{ tier }} member you
get {{ percent }} % off until {{ until }}.{% else %}Join our club.{% endif %}

In {{ region }} people like:
{% for item in picks %}- {{ item }} ({{ loop.index }})
{% endfor %}
{% if code %}Your code is {{ code }}.{% endif %}

Unsubscribe: https://shop.example/u/{{ token|urlencode }}
"""
MACROS = """\
{% macro button(path, label) %}<p><a class="b" href="https://shop.example/{{ path|urlencode }}">\
{{ label }}</a></p>{% endmacro %}
{% macro card(title, text) %}<div class="c"><h2>{{ title }}</h2>\
<p>{{ text }}</p></div>{% endmacro %}
"""
HTML = """\
{% from "macros.html.j2" import button, card %}
<html><body><h1>Dear {{ first_name }},</h1>
{% set thanks %}Thank you for <b>{{ tenure }}</b> with us.{% endset %}
<p>{{ thanks }}</p>
{% if tier %}{{ card("As a " ~ tier ~ " member", "You get " ~ percent ~ " % off") }}{% endif %}
<ul>{% for item in picks %}<li>{{ item }}</li>{% endfor %}</ul>
{% filter upper %}only in {{ region }} until {{ until }}{% endfilter %}
{{ button("offers", "See the offers") }}{{ button(code, "Use your code") }}
<p><a href="https://shop.example/u/{{ token|urlencode }}">Unsubscribe</a></p></body></html>
"""
VALUES: Mapping[str, object] = {
    "first_name": "Ada",
    "product": "fork & spade",
    "tenure": "three years",
    "tier": "gold",
    "percent": 10,
    "until": "Friday",
    "region": "the north",
    "picks": ["boots", "bulbs", "beans", "berries", "bark"],
    "code": "SPRING",
    "token": "t0k3n",
}
CASES = {
    "push, 2 slots": ({"main.j2": PUSH}, PartKind.TEXT, ["first_name", "product"]),
    "text mail, 9 slots, loop": (
        {"main.j2": TEXT},
        PartKind.TEXT,
        sorted(set(VALUES) - {"product"}),
    ),
    "HTML mail: macros, set, filter": (
        {"main.html.j2": HTML, "macros.html.j2": MACROS},
        PartKind.HTML,
        sorted(set(VALUES) - {"product"}),
    ),
}


def main() -> None:
    """Print one line of ratios a case."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=400)
    rounds = parser.parse_args().rounds
    print(f"{'case':32}{'stock us':>10}{'traced':>10}{'draft':>10}")
    for name, (sources, kind, slots) in CASES.items():
        stock, traced, draft = measured(sources, kind, slots, rounds)
        print(f"{name:32}{stock * 1e6:10.1f}{traced / stock:10.2f}{draft / stock:10.2f}")


def measured(
    sources: Mapping[str, str], kind: PartKind, slots: list[str], rounds: int
) -> list[float]:
    """Return seconds a render: stock, traced, draft."""
    main_name = next(iter(sources))
    values = {slot: VALUES[slot] for slot in slots}
    options = {
        "loader": DictLoader(sources),
        "undefined": StrictUndefined,
        "autoescape": is_html,
    }
    stock = ImmutableSandboxedEnvironment(**options).get_template(main_name)
    traced = TracedSandbox(**options).get_template(main_name)
    types = {slot: "list" if slot == "picks" else "text" for slot in slots}
    types |= {"percent": "int"} if "percent" in types else {}
    entry = Entry("main", (("part", kind, main_name),), slots=types)
    compiled = TemplateSet.compile(sources, entries={"main": entry})

    def render() -> str:
        draft = compiled.render("main", values, channel=Channel.EMAIL, purpose=None)
        return draft.parts[0].text

    functions = [lambda: stock.render(values), lambda: traced.render(values), render]
    if len({function() for function in functions}) != 1:
        raise SystemExit("the texts differ")
    return in_turn(functions, rounds)


def in_turn(functions: list[Callable[[], str]], rounds: int, calls: int = 20) -> list[float]:
    """Time *functions* in turn; return the lower quartile of seconds a call, for each."""
    times: list[list[float]] = [[] for _ in functions]
    for _ in range(rounds):
        for function, seen in zip(functions, times, strict=True):
            start = time.perf_counter()
            for _ in range(calls):
                function()
            seen.append((time.perf_counter() - start) / calls)
    return [statistics.quantiles(seen, n=4)[0] for seen in times]


if __name__ == "__main__":
    main()
