"""Templates: sources in Jinja over declared slots, in every construct that packs may use."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from typing import Final

from hypothesis import strategies as st

from guardedpersonalize.minimise import GENERALISERS, Kind, SlotSpec, check_spec
from guardedpersonalize.packs.layout import LAYOUTS, PartFile
from guardedpersonalize.profile import Catalogue, Field
from guardedpersonalize.render import PartKind
from guardedpersonalize.testing.packs import TemplateSource
from guardedpersonalize.testing.strategies.texts import literals
from guardedpersonalize.vocabulary import Channel, Purpose, channel, purpose

__all__ = ["PARTIALS", "USES", "slot_specs", "templates"]

USES: Final = (
    (Channel.EMAIL, "marketing.communications.email"),
    (Channel.EMAIL, "essential.service.notifications.email"),
    (Channel.PUSH, "marketing.communications.push"),
    (Channel.SMS, "marketing.communications.sms"),
    (Channel.WEB, "personalize.content.profiled"),
    (Channel.IN_APP, "marketing.communications.in_app"),
    (Channel.POST, "marketing.communications.post"),
    (Channel.AD, "marketing.advertising.first_party.targeted"),
    (Channel.AD, "marketing.advertising.first_party.contextual"),
)
"""Channels and purposes that go together."""

PARTIALS: Final = {
    "sign-off.j2": "With best wishes, Example Garden Club",
    "sign-off.html.j2": "<p>With best wishes, <i>Example Garden Club</i></p>",
}
"""Files that generated templates may include."""

# What the law and good practice want in a message, so that some of them may be sent.
_FOOTER: Final = (
    "You get this because you signed up on our website.\n"
    "Unsubscribe: https://example.org/unsubscribe\n"
    "Example Garden Club, 1 Sample Street, Exampleton EX1 1AA\n"
)
_HTML_FOOTER: Final = (
    "<p>You get this because you signed up on our website.</p>\n"
    '<p><a href="https://example.org/unsubscribe">Unsubscribe</a></p>\n'
    "<p>Example Garden Club, 1 Sample Street, Exampleton EX1 1AA</p>\n"
)
_STOP: Final = " Example Garden Club. Reply STOP to end."
_LONG: Final = frozenset({Channel.EMAIL, Channel.POST, Channel.WEB})

# What rules object to, each by another one: the sender watched, a stranger's address, pressure.
_BLEMISHES: Final = (
    "We noticed you looked at tulips",
    "Write to ann@elsewhere.example",
    "Ring +44 1632 960042",
    "Only 1 left, act now or miss out",
    "As a new mother you will like this",
    "Hello FIRST_NAME",
)

_KINDS: Final[tuple[Kind, ...]] = ("text", "int", "bool", "date", "list")
_FALLBACKS: Final[dict[Kind, str]] = {
    "text": "friend",
    "int": "3",
    "bool": "true",
    "date": "2026-05-01",
    "list": "gardens",
}


@st.composite
def slot_specs(
    draw: st.DrawFn, catalogue: Catalogue, *, max_slots: int = 5
) -> tuple[SlotSpec, ...]:
    """
    Return a strategy for the declarations of a template: slots of any type, level and fallback.

    Args:
        draw: Given by Hypothesis.
        catalogue: The fields to fill them from.
        max_slots: Largest number of slots.
    """
    names = draw(st.lists(st.sampled_from([*catalogue]), max_size=max_slots, unique=True))
    return tuple(draw(_spec(catalogue[name], catalogue)) for name in names)


@st.composite
def _spec(draw: st.DrawFn, field: Field, catalogue: Catalogue) -> SlotSpec:
    chosen = draw(st.sampled_from(_fitting(field, catalogue)))
    fate = draw(st.integers(0, 5))
    return SlotSpec(
        name=chosen.name,
        field=chosen.field,
        level=chosen.level,
        type=chosen.type,
        max_length=draw(st.sampled_from((60, 60, 12, 400))),
        fallback=_FALLBACKS[chosen.type] if fate in {1, 2, 3} else None,
        required=fate == 5,  # noqa: PLR2004  # one of six
    )


def _fitting(field: Field, catalogue: Catalogue) -> list[SlotSpec]:
    """Return a slot of *field* for each level and type that go together, the default first."""
    levels = ("", *GENERALISERS[field.generaliser or "text"].levels)
    every = [
        SlotSpec(field.name, field.name, level=level, type=kind)
        for level in levels
        for kind in _KINDS
    ]
    return [spec for spec in every if not check_spec(spec, catalogue)]


@st.composite
def templates(
    draw: st.DrawFn,
    catalogue: Catalogue,
    *,
    channel: Channel | str | None = None,
    purpose: str | None = None,
    max_slots: int = 5,
    blemished: bool = False,
) -> TemplateSource:
    """
    Return a strategy for templates that a pack accepts, for any channel.

    They print, filter, join and truncate slots, test them with if, elif and else, loop over lists,
    set names and blocks, call macros, include files, and stand in text, headers, elements,
    attributes and addresses. Conditions ask whether a slot is filled, so what a text says does not
    change the shape of a message.

    Args:
        draw: Given by Hypothesis.
        catalogue: The fields to fill slots from.
        channel: The channel; any if None.
        purpose: Key of the purpose; one that goes with the channel if None.
        max_slots: Largest number of slots.
        blemished: True for words that rules object to, here and there.
    """
    where, what = _use(draw, channel, purpose)
    words = _words_of(blemished=blemished)
    parts = [part for part in LAYOUTS[where].parts if part.required or draw(st.booleans())]
    drawn = draw(slot_specs(catalogue, max_slots=max_slots))
    files = {_file(part): draw(_part(part, where, drawn, words)) for part in parts}
    used = _words("".join(files.values()))
    specs = tuple(spec for spec in drawn if spec.name in used)
    generic: dict[str, str] = {}
    if draw(st.booleans()):
        impersonal = [s for s in specs if not catalogue[s.field].category.is_personal]
        generic = {_file(part): draw(_part(part, where, impersonal, words)) for part in parts}
    return TemplateSource(
        files=files,
        slots=specs,
        channel=where,
        purpose=what.key,
        generic=generic,
    )


_channel = channel
_purpose = purpose


def _use(draw: st.DrawFn, where: Channel | str | None, what: str | None) -> tuple[Channel, Purpose]:
    asked = None if where is None else _channel(where)
    fitting = [use for use in USES if asked in {None, use[0]} and what in {None, use[1]}]
    if fitting:
        found, key = draw(st.sampled_from(fitting))
        return found, _purpose(key)
    return asked or Channel.EMAIL, _purpose(what or USES[0][1])


def _file(part: PartFile) -> str:
    return part.file.replace("#", "1")


def _words(source: str) -> frozenset[str]:
    """Return the words inside the tags of *source*."""
    tags = re.findall(r"\{[{%].*?[%}]\}", source, re.DOTALL)
    return frozenset(re.findall(r"\w+", " ".join(tags)))


@st.composite
def _part(
    draw: st.DrawFn,
    part: PartFile,
    where: Channel,
    specs: Sequence[SlotSpec],
    words: st.SearchStrategy[str],
) -> str:
    drawn = draw(st.lists(_piece(part.kind, tuple(specs), words), min_size=1, max_size=4))
    pieces = _numbered("\0".join(drawn)).split("\0")
    opening = draw(literals())
    if part.kind is PartKind.HEADER:
        return f"{opening} {' '.join(pieces)}"
    if part.kind is PartKind.TEXT:
        footer = _FOOTER if where in _LONG else _STOP
        return f"{_TEXT_MACRO}{opening}\n" + "\n".join(pieces) + f"\n{footer}"
    return f"{_HTML_MACRO}<p>{opening.replace('&', 'and')}</p>\n" + "\n".join(pieces) + _HTML_FOOTER


def _numbered(source: str) -> str:
    """Give each set block of *source* a name of its own; blocks may stand in blocks."""
    names: list[str] = []
    count = itertools.count()
    made = []
    for piece in re.split(r"(\{% set held %\}|\{\{ held \}\})", source):
        if piece == "{% set held %}":
            names.append(f"held_{next(count)}")
            made.append(f"{{% set {names[-1]} %}}")
        else:
            made.append(f"{{{{ {names.pop()} }}}}" if piece == "{{ held }}" else piece)
    return "".join(made)


_TEXT_MACRO: Final = "{% macro quoted(x) %}«{{ x }}»{% endmacro %}"
_HTML_MACRO: Final = "{% macro quoted(x) %}<q>{{ x }}</q>{% endmacro %}"


def _words_of(*, blemished: bool) -> st.SearchStrategy[str]:
    words = literals().map(lambda text: text.replace("&", "and"))
    return words | st.sampled_from(_BLEMISHES) if blemished else words


def _piece(
    kind: PartKind, specs: tuple[SlotSpec, ...], words: st.SearchStrategy[str]
) -> st.SearchStrategy[str]:
    """Return a strategy for one piece of a part: words, a slot, or something around others."""
    leaves = [words, *(_shown(spec, kind) for spec in specs)]
    if kind is not PartKind.HEADER:
        suffix = ".html.j2" if kind is PartKind.HTML else ".j2"
        leaves.append(st.just(f"{{% include 'partials/sign-off{suffix}' %}}"))
    if not specs:
        return st.one_of(leaves)
    names = st.sampled_from([spec.name for spec in specs])
    return st.recursive(st.one_of(leaves), lambda inner: _around(inner, names, kind), max_leaves=3)


def _around(
    inner: st.SearchStrategy[str], names: st.SearchStrategy[str], kind: PartKind
) -> st.SearchStrategy[str]:
    shapes = [
        st.builds("{{% if {} %}}{}{{% endif %}}".format, names, inner),
        st.builds("{{% if {} %}}{}{{% else %}}{}{{% endif %}}".format, names, inner, inner),
        st.builds(
            "{{% if not {} %}}{}{{% elif {} %}}{}{{% endif %}}".format, names, inner, names, inner
        ),
        st.builds("{{% set held %}}{}{{% endset %}}{{{{ held }}}}".format, inner),
        st.builds("{}, {}".format, inner, inner),
    ]
    if kind is PartKind.HTML:
        shapes += [
            st.builds("<b>{}</b>".format, inner),
            st.builds('<div class="box">{}</div>'.format, inner),
        ]
    return st.one_of(shapes)


def _shown(spec: SlotSpec, kind: PartKind) -> st.SearchStrategy[str]:
    """Return a strategy for the ways to show the slot *spec*."""
    if spec.type == "list":
        ways = ["{{{{ {0}|join(', ') }}}}", _LOOP, "{{{{ {0}|length }}}} of them"]
    elif spec.type == "bool":
        ways = ["{{% if {0} %}}gladly{{% else %}}perhaps{{% endif %}}", "{{{{ 'oh' if {0} }}}}"]
    else:
        ways = list(_WAYS)
        if kind is not PartKind.HEADER:
            ways.append("{{{{ quoted({0}) }}}}")
        ways += _HTML_WAYS if kind is PartKind.HTML else ()
        ways += _TEXT_WAYS if kind is PartKind.TEXT else ()
    return st.sampled_from([way.format(spec.name) for way in ways])


_LOOP: Final = (
    "{{% for each in {0} %}}{{{{ each|title }}}}{{% if not loop.last %}}, {{% endif %}}"
    "{{% else %}}nothing yet{{% endfor %}}"
)
_WAYS: Final = (
    "{{{{ {0} }}}}",
    "Dear {{{{ {0}|title }}}}",
    "{{{{ {0}|upper|replace('A', 'E') }}}}",
    "{{{{ {0}|default('you', true) }}}}",
    "{{{{ {0}|string|truncate(9, true) }}}}",
    "{{{{ {0}|string|length }}}} letters",
    "{{{{ {0} ~ '!' }}}}",
    "{{% set kept = {0} %}}{{{{ kept|trim }}}}",
    "{{{{ '%s, hello'|format({0}) }}}}",
)
_HTML_WAYS: Final = (
    '<p title="{{{{ {0} }}}}">see</p>',
    '<img src="https://example.org/a.png" alt="{{{{ {0} }}}}">',
    '<a href="https://example.org/find?q={{{{ {0}|string|urlencode }}}}&amp;page=1">find</a>',
    "<h2>{{{{ {0} }}}}</h2>",
)
_TEXT_WAYS: Final = ("https://example.org/find?q={{{{ {0}|string|urlencode }}}}&page=1",)
