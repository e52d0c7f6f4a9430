"""Mends: only where there is exactly one right form, and never in what a slot wrote."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from guardedpersonalize.check import Finding
from guardedpersonalize.errors import Problem
from guardedpersonalize.packs.mending import mends
from guardedpersonalize.packs.pack import Allowed
from guardedpersonalize.vocabulary import Family, Severity

TEXT = "templates/news/body.txt.j2"
HTML = "templates/news/body.html.j2"


def write(root: Path, name: str, text: str) -> None:
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_bytes(text.encode())


def finding(rule: str, template: str, line: int, *slots: str) -> Finding:
    return Finding(
        rule, Family.HYGIENE, "", Severity.WARN, "text", 0, 1, "is odd.",
        slots=slots, template=template, line=line,
    )  # fmt: skip


def mended(root: Path, path: str, problem: Problem | None = None, *found: Finding) -> str | None:
    """Return the new text of the file, or None where it stays as it is."""
    _, changed = mends(root, [problem] if problem else [], found)
    return changed.get(path)


@pytest.mark.parametrize(
    ("rule", "path", "before", "after"),
    [
        ("HYG109", TEXT, "a  new   list\r\n", "a new list\r\n"),
        ("HYG109", TEXT, "{{ x }}\r\na  list\n{{ y }}\nb  c", "{{ x }}\r\na list\n{{ y }}\nb  c"),
        ("HYG108", TEXT, "a list , and more !\n", "a list, and more!\n"),
        ("HYG2108", TEXT, "une liste\u00a0, voilà !\n", "une liste, voilà !\n"),
        ("HYG109", HTML, '<p class="a  b">a  list</p>\n', '<p class="a  b">a list</p>\n'),
        ("HYG108", HTML, '<p title="x > y , z">a , b</p>', '<p title="x > y , z">a, b</p>'),
        (
            "HYG108",
            HTML,
            "<style>p { content: 'a , b' }</style><!-- > a , b --><p>a , b",
            "<style>p { content: 'a , b' }</style><!-- > a , b --><p>a, b",
        ),
    ],
)
def test_a_space_too_many_goes(
    tmp_path: Path, rule: str, path: str, before: str, after: str
) -> None:
    """What the language of the rule allows, attributes and the ends of lines stay."""
    write(tmp_path, path, before)
    assert mended(tmp_path, path, None, finding(rule, path, 1)) == after


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("a{% if x %}  b{% endif %} .\n", finding("HYG109", TEXT, 1)),
        ('{{ "a  b" }} {# c  d #}\n', finding("HYG109", TEXT, 1)),
        ("a  list\n", finding("HYG109", TEXT, 1, "name")),
        ("a  list\n", finding("HYG101", TEXT, 1)),
        ("a  list\n", finding("HYG109", TEXT, 0)),
        ("a  list\n", finding("HYG109", TEXT, 7)),
        ("a  list\n", finding("HYG109", HTML, 1)),
    ],
)
def test_what_may_come_from_a_slot_or_is_not_there_stays(
    tmp_path: Path, source: str, found: Finding
) -> None:
    """Beside a tag, in a tag, in a slot's span, of another rule, or at no such line."""
    write(tmp_path, TEXT, source)
    assert mends(tmp_path, [], [found]) == ([], {})


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("{{ a }} https://x.example/{{ a }}", "{{ a }} https://x.example/{{ a|urlencode }}"),
        (
            '<a href="https://x.example/?a={{ a }}&b={{ b }}">',
            '<a href="https://x.example/?a={{ a|urlencode }}&b={{ b|urlencode }}">',
        ),
        ("https://x.example/{{- a -}}\n", "https://x.example/{{- a|urlencode -}}\n"),
        ("https://x.example/{{ a|urlencode }} {{ a }}", None),
        ("https://x.example/{{ a|lower }}", None),
    ],
)
def test_a_slot_in_an_address_is_encoded(tmp_path: Path, before: str, after: str | None) -> None:
    """Every plain one in an address, and none outside it."""
    write(tmp_path, TEXT, before)
    problem = Problem(TEXT, 1, "GP319", "a slot in an address is not encoded.")
    assert mended(tmp_path, TEXT, problem) == after


def test_a_byte_order_mark_is_taken_out(tmp_path: Path) -> None:
    """Editors put it there and TOML does not read it; other syntax errors are a person's."""
    write(tmp_path, "pack.toml", '\ufeffname = "x"\n')
    write(tmp_path, "fields.toml", "name = \n")
    problems = [Problem(name, 1, "GP101", "x") for name in ("pack.toml", "fields.toml", "none")]
    done, changed = mends(tmp_path, problems)
    assert changed == {"pack.toml": 'name = "x"\n'}
    assert [(mend.path, mend.line, mend.code) for mend in done] == [("pack.toml", 1, "GP101")]


def test_a_byte_order_mark_in_a_template_is_taken_out(tmp_path: Path) -> None:
    """Other characters without width stay: they may belong to a script."""
    write(tmp_path, TEXT, "\ufeffa\u200db\n")
    assert mended(tmp_path, TEXT, None, finding("HYG111", TEXT, 1)) == "a\u200db\n"
    write(tmp_path, TEXT, "a\u200db\n")
    assert mended(tmp_path, TEXT, None, finding("HYG111", TEXT, 1)) is None


def test_a_line_that_is_not_there_is_not_mended(tmp_path: Path) -> None:
    """The file may have changed since."""
    write(tmp_path, TEXT, "https://x.example/{{ a }}")
    assert mended(tmp_path, TEXT, Problem(TEXT, 3, "GP319", "x")) is None


def test_an_unneeded_allowance_goes_with_its_remark(tmp_path: Path) -> None:
    """The others stay as they are, with theirs."""
    tables = [f'# about {n}\n[[allow]]\nrule = "R{n}"\nwhere = "x"\n' for n in range(3)]
    write(tmp_path, "allow.toml", "\n".join(tables))
    day = date(2026, 11, 1)
    spare = [Allowed(f"R{n}", "x", 0, "", day, at) for n, at in ((0, 2), (2, 12), (9, 1))]
    done, changed = mends(tmp_path, [], (), spare)
    assert changed["allow.toml"].strip() == tables[1].strip()
    assert {mend.line for mend in done} == {2, 12}


def test_a_string_that_looks_like_a_table_is_not_cut(tmp_path: Path) -> None:
    """The table goes whole, or not at all where its place is not sure."""
    odd = '[[allow]]\nrule = "R0"\nwhere = "x"\nbecause = """\n[see]\n[[allow]]\n"""\n'
    plain = '[[allow]]\nrule = "R1"\nwhere = "x"\n'
    write(tmp_path, "allow.toml", odd + plain)
    day = date(2026, 11, 1)
    _, changed = mends(tmp_path, [], (), [Allowed("R0", "x", 0, "", day, 1)])
    assert changed == {"allow.toml": plain}
    # Whoever counts lines that look like heads takes this place for that of R1.
    assert mends(tmp_path, [], (), [Allowed("R1", "x", 0, "", day, 6)]) == ([], {})


def test_each_line_that_is_mended_is_told(tmp_path: Path) -> None:
    """One literal may hold several."""
    write(tmp_path, TEXT, "a , b\nc\nd , e\n")
    done, _ = mends(tmp_path, [], [finding("HYG108", TEXT, 1)])
    assert [mend.line for mend in done] == [1, 3]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a , b\nc , d {{ x }} e , f\n", "a , b\nc , d {{ x }} e, f\n"),
        ("a , b {{ x -}}\nc , d {{ y }}", "a , b {{ x -}}\nc, d {{ y }}"),
    ],
)
def test_a_literal_that_began_on_an_earlier_line_stays(
    tmp_path: Path, before: str, after: str
) -> None:
    """Its findings name that line, and may be accepted."""
    write(tmp_path, TEXT, before)
    assert mended(tmp_path, TEXT, None, finding("HYG108", TEXT, 2)) == after
