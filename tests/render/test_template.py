"""Rendering: drafts with origins, and errors that say nothing of a value."""

from __future__ import annotations

import pickle
import traceback
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pytest
from jinja2 import Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup
from render_packs import compiled, draft, text

from guardedpersonalize.errors import ConfigError, RenderError
from guardedpersonalize.render import Entry, Origin, PartKind, TemplateSet
from guardedpersonalize.vocabulary import Channel

CANARY = "Zebedee-4711"


def render_error(source: str, kind: PartKind = PartKind.TEXT, **values: object) -> RenderError:
    made = compiled(source, kind)
    with pytest.raises(RenderError) as caught:
        draft(made, **values)
    return caught.value


def test_a_draft_knows_where_each_character_came_from() -> None:
    """Words of the template and values of slots, with file and line."""
    made = compiled("Hi {{ name }},\n{% if vip %}dear{% endif %} member", PartKind.TEXT)
    (part,) = draft(made, name="Ada", vip=True).parts
    main = "main.txt.j2"
    vip = frozenset({"vip"})
    assert [(chunk.text, chunk.origin) for chunk in part.chunks] == [
        ("Hi ", Origin(template=main, line=1)),
        ("Ada", Origin(frozenset({"name"}), template=main, line=1)),
        (",\n", Origin(template=main, line=1)),
        ("dear", Origin(control=vip, template=main, line=2)),
        (" member", Origin(template=main, line=2)),
    ]


def test_chunks_are_plain_text_and_never_empty() -> None:
    """No subclass of ours or of Jinja's leaves the room."""
    made = compiled("<p>{{ name }}</p>{{ city }}", PartKind.HTML)
    chunks = draft(made, name="<").parts[0].chunks
    assert [chunk.text for chunk in chunks] == ["<p>", "&lt;", "</p>"]
    assert {type(chunk.text) for chunk in chunks} == {str}


def test_parts_come_in_the_order_of_the_entry() -> None:
    """With name, kind, channel and purpose as given."""
    sources = {"s.j2": "S {{ name }}", "t.j2": "T", "h.html.j2": "<p>{{ name }}</p>"}
    parts = (
        ("subject", PartKind.HEADER, "s.j2"),
        ("text", PartKind.TEXT, "t.j2"),
        ("html", PartKind.HTML, "h.html.j2"),
    )
    entry = Entry("spring", parts, slots={"name": "text"})
    made = TemplateSet.compile(sources, entries={"spring": entry})
    result = made.render("spring", {"name": "&"}, channel=Channel.EMAIL, purpose=None)
    assert (result.template, result.channel, result.purpose) == ("spring", Channel.EMAIL, None)
    assert [(part.name, part.kind, part.text) for part in result.parts] == [
        ("subject", PartKind.HEADER, "S &"),
        ("text", PartKind.TEXT, "T"),
        ("html", PartKind.HTML, "<p>&amp;</p>"),
    ]


def test_the_path_tells_which_way_was_taken() -> None:
    """The same path for the same way, another for another, whatever the values."""
    made = compiled("{% if vip %}{{ name }}{% else %}x{% endif %}")
    ways = [draft(made, vip=vip, name=name).parts[0] for vip, name in [(True, "a"), (True, "b")]]
    assert ways[0].path == ways[1].path == ("main.txt.j2#0",)
    assert draft(made, vip=False).parts[0].path == ("main.txt.j2#1",)


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("{{ name + 1 }}", "TypeError"),
        ("{{ 1 // n }}", "ZeroDivisionError"),
        ("{{ items[7] }}", "UndefinedError"),
        ("{{ name.year }}", "UndefinedError"),
        ("{% set x = city if false %}{{ {}.x }}", "UndefinedError"),
        ("{{ name|round }}", "TypeError"),
        ("{% call f() %}{% endcall %}{% macro f() %}{% endmacro %}", "UndefinedError"),
        ("{% for a, b in items %}{% endfor %}", "ValueError"),
    ],
)
def test_a_failing_template_names_place_and_type_only(source: str, fault: str) -> None:
    """The fault's type, file and line; never its message, which may quote a value."""
    err = render_error(f"\n{source}", name=CANARY, n=0, items=[CANARY])
    assert (err.code, err.where) == ("GP330", "main.txt.j2:2")
    assert err.message == f"part 'part' fails with {fault}."


def test_a_filter_that_gives_no_text_fails_as_in_jinja() -> None:
    """Jinja joins the chunks; so the file is known, and no line."""
    err = render_error("{% filter length %}x{% endfilter %}")
    assert (err.message, err.where) == ("part 'part' fails with TypeError.", "main.txt.j2")


def test_a_failure_in_an_include_names_the_include() -> None:
    """The innermost template on the stack."""
    made = compiled("\n\n{% include 'part.txt.j2' %}", part_txt="\n{{ name + 1 }}")
    with pytest.raises(RenderError) as caught:
        draft(made, name=CANARY)
    assert caught.value.where == "part.txt.j2:2"


@pytest.mark.parametrize(
    ("source", "kind", "values"),
    [
        ("{{ name + 1 }}", PartKind.TEXT, {"name": CANARY}),
        ("{{ name }}", PartKind.HEADER, {"name": CANARY + "\n"}),
        ("{{ name * 10**9 }}", PartKind.TEXT, {"name": CANARY}),
        ("{{ name }}", PartKind.TEXT, {"name": [CANARY]}),
        ("https://a.example/{{ name|urlencode }}", PartKind.TEXT, {"name": CANARY + "/"}),
    ],
)
def test_an_error_carries_no_value(
    source: str, kind: PartKind, values: Mapping[str, object]
) -> None:
    """Not in its text, its arguments, its context, nor the locals of its traceback."""
    err = render_error(source, kind, **values)
    assert err.__context__ is None
    assert err.__cause__ is None
    shown = "".join(traceback.TracebackException.from_exception(err, capture_locals=True).format())
    frames = [
        line for line in shown.split("  File ") if "/guardedpersonalize/" in line.split("\n")[0]
    ]
    assert frames
    assert CANARY not in "".join(frames)
    assert CANARY not in repr(err) + str(err) + repr(vars(err))
    assert str(pickle.loads(pickle.dumps(err))) == str(err)  # noqa: S301


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({}, "1 missing (name), 0 not declared"),
        ({"name": "x", CANARY: "x"}, "0 missing (), 1 not declared"),
        ({"name": 1}, "slot 'name' is of type text, and has a value of type int"),
        ({"name": None}, "type NoneType"),
        ({"name": Markup("<b>")}, "type Markup"),
        ({"name": Undefined()}, "type Undefined"),
        ({"name": ["x"]}, "type list"),
        ({"name": object()}, "type object"),
    ],
)
def test_values_must_fit_the_slots(values: Mapping[str, object], said: str) -> None:
    """Exactly the declared names, exactly plain types; the message quotes no value."""
    made = compiled("{{ name }}", slots={"name": "text"})
    with pytest.raises(RenderError) as caught:
        made.render("main", values, channel=Channel.SMS, purpose=None)
    assert caught.value.code == "GP332"
    assert said in caught.value.message
    assert CANARY not in str(caught.value)


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        ("text", "x", "x"),
        ("int", 3, "3"),
        ("int", "a few", "a few"),
        ("bool", True, "True"),
        ("date", date(2026, 3, 1), "2026-03-01"),
        ("date", datetime(2026, 3, 1, 9, tzinfo=UTC), "2026-03-01 09:00:00+00:00"),
        ("date", "", ""),
        ("list", ["a", 1], "['a', 1]"),
        ("list", ("a",), "('a',)"),
        ("list", "some", "some"),
    ],
)
def test_plain_values_render_as_in_jinja(kind: PartKind, value: str, shown: str) -> None:
    """Any slot may also hold its fallback, which is text."""
    made = compiled("{{ name }}", slots={"name": kind})
    assert text(made, name=value) == shown


@pytest.mark.parametrize("items", [[["x"]], [None], [object()], [Markup("x")], ({},)])
def test_lists_are_flat_and_plain(items: list[object]) -> None:
    """A list of anything but plain values is refused."""
    assert render_error("{{ items }}", items=items).code == "GP332"


def test_an_unknown_entry_names_the_nearest() -> None:
    """For rendering and for the analysis alike."""
    made = compiled("{{ name }}")
    with pytest.raises(ConfigError, match=r"GP334.*Did you mean 'main'\?"):
        made.render("mian", {}, channel=Channel.SMS, purpose=None)
    with pytest.raises(ConfigError, match="GP334"):
        made.analysis("xyz")


def test_a_list_is_the_same_after_a_render() -> None:
    """Jinja's own `indent` adds to the list that it is given, in the immutable sandbox too."""
    items = ["a"]
    jinja = ImmutableSandboxedEnvironment().from_string("{{ items|indent }}")
    with pytest.raises(AttributeError):
        jinja.render(items=items)
    assert items == ["a", "\n"]  # if this fails, Jinja has mended it
    assert render_error("{{ items|indent }}", items=items).code == "GP330"
    assert items == ["a", "\n"]


def test_nothing_outlives_a_render() -> None:
    """A module that keeps a generator or a namespace starts afresh in each message."""
    lib = (
        "{% set ns = namespace(v=0) %}{% macro up() %}{% set ns.v = ns.v + 1 %}{{ ns.v }}"
        "{% endmacro %}"
    )
    source = "{% import 'lib.txt.j2' as m %}{{ m.up() }}{{ m.up() }}{% import 'lib.txt.j2' as k %}"
    made = compiled(source + "{{ k.up() }}", lib_txt=lib)
    assert [text(made) for _ in range(3)] == ["123"] * 3


def test_a_module_of_macros_is_made_once() -> None:
    """It holds nothing that could differ, and messages stay cheap."""
    lib = "words {% macro f() %}x{% endmacro %}{% set y = 1 %}{% from 'b.txt.j2' import g %}"
    made = compiled(
        "{% import 'lib.txt.j2' as m %}{{ m.f() }}",
        lib_txt=lib,
        b_txt="{% macro g() %}{% endmacro %}",
    )
    assert text(made) == text(made) == "x"
    loaded = made._parts["main"][0].template.environment.get_template("lib.txt.j2")
    assert loaded._module is not None


def test_a_set_is_safe_to_share_between_threads() -> None:
    """Counters and modules belong to one render."""
    made = compiled(
        "{% for i in items %}{% for k in range(90) %}{{ i }}{% endfor %}{% endfor %}",
    )
    items = [str(number) for number in range(100)]
    with ThreadPoolExecutor(4) as pool:
        texts = set(pool.map(lambda _: text(made, items=items), range(12)))
    assert len(texts) == 1


def test_the_same_values_give_the_same_draft() -> None:
    """Equal, and equally hashed and pickled."""
    made = compiled("Hi {{ name }}{% for i in items %}{{ i }}{% endfor %}")
    one, other = (draft(made, name="Ada", items=["a", "b"]) for _ in range(2))
    assert one == other
    assert hash(one) == hash(other)
    back = pickle.loads(pickle.dumps(one))  # noqa: S301
    assert back == one
    assert back.parts[0].path == one.parts[0].path
