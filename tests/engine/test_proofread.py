"""A pack's own words are read on every way through its templates, before there is any data."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from small_pack import FILES, MakeEngine

from guardedpersonalize.check import Checker
from guardedpersonalize.engine.proofread import Proof, proofread
from guardedpersonalize.engine.skeletons import SkeletonReader
from guardedpersonalize.errors import RenderError
from guardedpersonalize.vocabulary import Severity

TODAY = date(2026, 11, 1)
BODY = "templates/note/body.txt.j2"
BAD = "We noticed that you looked at books again. "
FOOT = """
Books on {{ likes|join(" and ") or "all" }}, {{ tier }} {{ visits }} {{ city }} {{ first_name }}.
Unsubscribe: https://pebble.example/u/{{ token|urlencode }}
Pebble Ltd, 1 Quay Street, Port Example
"""
MORE = {
    "templates/note/template.toml": FILES["templates/note/template.toml"]
    + """
[slots.tier]
field = "tier"
required = true
[slots.likes]
field = "likes"
type = "list"
[slots.visits]
field = "visits"
type = "int"
""",
    "fields.toml": FILES["fields.toml"]
    + """
[fields.tier]
type = "enum"
category = "user.account.loyalty_tier"
provenance = "provided"
source = "data_subject"
values = ["Oak", "Birch"]
[fields.likes]
type = "list"
category = "user.behavior.purchase_history"
provenance = "provided"
source = "data_subject"
generaliser = "text"
[fields.visits]
type = "int"
category = "system.operations"
provenance = "provided"
source = "controller"
""",
}


@pytest.fixture(scope="module")
def reader() -> Checker:
    """Return one checker for all packs: what it knows of the footer it need not read again."""
    return Checker()


def proof_of(make_engine: MakeEngine, reader: Checker, body: str, **others: str) -> Proof:
    """Proofread the small pack with this text, and with *others* as its partials."""
    partials = {f"partials/{name}.txt.j2": text for name, text in others.items()}
    engine = make_engine(MORE | partials | {BODY: body + FOOT})
    engine.checker = reader
    return proofread(engine, today=TODAY)


def places(proof: Proof, rule: str = "INT201") -> list[tuple[str, int]]:
    """Return where rules whose ids begin so found something, each place once."""
    found = [
        f for f in proof.findings if f.rule.startswith(rule) and f.severity is not Severity.INFO
    ]
    return sorted({(f.template, f.line) for f in found})


MACRO = "{% macro note(x) %}\n{% if x == 'Birch' %}{{ caller() }}{% endif %}{% endmacro %}"


@pytest.mark.parametrize(
    "branch",
    [
        "{% if tier == 'Birch' %}BAD{% endif %}",
        "{% if tier == 'Oak' %}x{% elif visits and visits > 9 %}BAD{% endif %}",
        "{% if tier in ['Oak', 'Birch'] %}x{% elif not visits %}{% else %}BAD{% endif %}",
        "{{ 'BAD' if tier == 'Birch' else 'x' }}",
        "{% for each in likes %}BAD{% else %}x{% endfor %}",
        "{% for each in likes %}{% if each == 'reeds' %}BAD{% endif %}{% endfor %}",
        "{% if city %}{% if not likes %}x{% elif tier != 'Oak' %}BAD{% endif %}{% endif %}",
        "{% macro say(x) %}{% if x == 'Birch' %}BAD{% endif %}{% endmacro %}{{ say(tier) }}",
        "{% from 'partials/m.txt.j2' import m %}{% call m(tier) %}BAD{% endcall %}",
        "{% set is_birch = tier == 'Birch' %}{% if is_birch %}BAD{% endif %}",
        "{% if not visits or visits is odd %}x{% else %}BAD{% endif %}",
    ],
)
def test_a_sentence_in_any_branch_is_found(
    make_engine: MakeEngine, reader: Checker, branch: str
) -> None:
    """No persona and no empty slot leads there; the finding names the branch's line."""
    macros = "{% macro m(x) %}{% if x == 'Birch' %}{{ caller() }}{% endif %}{% endmacro %}"
    body = f"Hello,\n\n{branch.replace('BAD', BAD)}"
    proof = proof_of(make_engine, reader, body, m=macros)
    assert (places(proof), proof.problems, proof.partly) == ([(BODY, 3)], (), ())


def test_a_sentence_in_another_file_is_found_there(
    make_engine: MakeEngine, reader: Checker
) -> None:
    """In an include, and in a block that a template puts in the place of its parent's."""
    frame = "Hello,\n{% block top %}{% endblock %}\n{% include 'partials/end.txt.j2' %}"
    end = "\n\n{% if tier == 'Birch' %}" + BAD + "{% endif %}" + FOOT
    body = (
        "{% extends 'partials/frame.txt.j2' %}\n"
        "{% block top %}{% if tier == 'Birch' %}" + BAD + "{% endif %}{% endblock %}"
    )
    proof = proof_of(make_engine, reader, body, frame=frame, end=end)
    assert places(proof) == [("partials/end.txt.j2", 3), (BODY, 2)]


def test_a_skeleton_knows_what_its_slots_hold(make_engine: MakeEngine, reader: Checker) -> None:
    """A claim beside a value that was observed is one before there is any value; said once."""
    body = "Hello,\n{% if city %}\nThe {{ city }} you left is lonely.{% endif %}"
    proof = proof_of(make_engine, reader, body)
    assert places(proof, "INT291") == [(BODY, 2)]
    found = [(f.rule, f.line) for f in proof.findings if f.template == BODY]
    assert len(found) == len(set(found))


def test_a_slot_that_no_usual_value_fits_is_filled_all_the_same(
    make_engine: MakeEngine, reader: Checker
) -> None:
    """The town of the usual value is too long for it; its branch is read with another word."""
    manifest = MORE["templates/note/template.toml"]
    short = manifest.replace('field = "city"', 'field = "city"\nmax_length = 2')
    body = "{% if city %}" + BAD + "{% endif %}"
    engine = make_engine(
        MORE | {"templates/note/template.toml": short, BODY: f"Hello,\n{body}{FOOT}"}
    )
    engine.checker = reader
    assert places(proofread(engine, today=TODAY)) == [(BODY, 2)]


def test_what_a_value_alone_gives_rise_to_is_not_the_templates(
    make_engine: MakeEngine, reader: Checker
) -> None:
    """A town beside a name may be where the reader lives; with other values it is not."""
    engine = make_engine(MORE | {BODY: "Hello," + FOOT})
    engine.checker = reader
    skeletons = SkeletonReader(engine.workshop, at=datetime(2026, 11, 1, tzinfo=UTC))
    found = skeletons.read(engine.pack.template("note"))
    assert {f.slots for f in found.findings if f.rule == "PII113" and f.slots} != set()
    assert {f.slots for f in proofread(engine, today=TODAY).findings} == {()}


def test_an_allowance_for_a_branch_is_needed(make_engine: MakeEngine, reader: Checker) -> None:
    """It accepts what is found there, and is idle no more than one for the first line."""
    allow = '[[allow]]\nrule = "INT201"\nwhere = "{}:{}"\nbecause = "x"\nuntil = 2999-01-01\n'
    body = "Hello,\n{% if tier == 'Birch' %}" + BAD + "{% endif %}"
    files = {"allow.toml": allow.format(BODY, 2) + allow.format(BODY, 1), BODY: body + FOOT}
    engine = make_engine(MORE | files)
    engine.checker = reader
    proof = proofread(engine, today=TODAY)
    assert places(proof, "INT201") == []
    assert [one.line for one in proof.unneeded] == [1]


def test_a_limit_that_is_reached_is_said(make_engine: MakeEngine, reader: Checker) -> None:
    """All branches are read; which combinations are not is counted nowhere."""
    body = "".join(f"{{% if visits and visits > {n} %}}\nNo. {n}{{% endif %}}" for n in range(70))
    proof = proof_of(make_engine, reader, f"{body}{{% if tier == 'Birch' %}}{BAD}{{% endif %}}")
    assert proof.partly == (("note", 64),)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("{{ 1 // visits }}", "while its slots are empty"),
        ("{% if visits %}{{ 1 // (visits - 3) }}{% endif %}", "on one of its ways"),
    ],
)
def test_a_template_that_fails_is_a_problem(
    make_engine: MakeEngine, reader: Checker, body: str, says: str
) -> None:
    """With file and line, whether it fails always or only on a way; no value is quoted."""
    proof = proof_of(make_engine, reader, f"Hello,\n{body}")
    assert [(p.code, p.path, p.line) for p in proof.problems] == [("GP330", BODY, 2)]
    assert says in proof.problems[0].message


def test_templates_that_cannot_be_steered_are_a_problem(
    make_engine: MakeEngine, reader: Checker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is known of them all the same is told."""

    def too_deep(*_: object) -> None:
        raise RenderError("GP330", "the templates are nested too deeply to be steered.")

    monkeypatch.setattr("guardedpersonalize.engine.skeletons.Explorer", too_deep)
    proof = proof_of(make_engine, reader, BAD)
    assert ["on all ways" in problem.message for problem in proof.problems] == [True, True]
    assert places(proof) == [(BODY, 1)]
