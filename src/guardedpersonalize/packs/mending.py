"""Mends that have exactly one right form, so that no person need judge them."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from guardedpersonalize.check import Finding, RuleSet
from guardedpersonalize.check.matchers import PhraseMatch
from guardedpersonalize.errors import Problem
from guardedpersonalize.packs.pack import Allowed

__all__ = ["Mend", "mends"]

_BOM: Final = "\ufeff"
_MASK: Final = "\ue000"  # neither a letter nor a space, so no rule reads across it
_TAGS: Final = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_ELEMENTS: Final = re.compile(r"<[^>]*>")
_HOLE: Final = re.compile(r"(?<=[^\s\"'<>])\{\{-?\s*([A-Za-z_]\w*)\s*-?\}\}")
_ADDRESS: Final = re.compile(r"https?://[^\s\"'<>]*$|mailto:[^\s\"'<>]*$")

_PHRASES: Final[dict[str, Callable[[re.Match[str]], str]]] = {
    "double-space": lambda _: " ",
    "space-before-mark": lambda found: found[0].lstrip(),
}
"""Name of a rule -> what stands in the place of a match of one of its expressions."""


@dataclass(frozen=True, slots=True)
class Mend:
    """
    One change to one file.

    Args:
        path: The file, relative to the pack.
        line: The line that is changed, from 1.
        code: Rule id or error code of what it mends.
        message: What was done.
    """

    path: str
    line: int
    code: str
    message: str


def mends(
    root: Path,
    problems: Sequence[Problem],
    findings: Sequence[Finding] = (),
    unneeded: Sequence[Allowed] = (),
) -> tuple[list[Mend], dict[str, str]]:
    """
    Return what can be mended in the pack in *root*, and the new text of each file concerned.

    - A byte order mark at the start of a file is taken out: nothing reads it.
    - A slot in an address is percent-encoded: without that it could leave its place.
    - Two spaces between words become one, and a space before a full stop goes, where they stand in
      the template's own words: only there is it sure that no empty slot left them behind.
    - An allowance that nothing needs is taken out: it accepts nothing.

    Args:
        root: The pack's folder.
        problems: What its loader or its proof found.
        findings: Of its proof.
        unneeded: Allowances that no finding needs.
    """
    desk = _Desk(root)
    names = {rule.id: rule.name for rule in RuleSet.load().rules} if findings else {}
    for problem in problems:
        if problem.code == "GP101" and desk.text(problem.path).startswith(_BOM):
            message = "took out the byte order mark."
            desk.put(problem.path, desk.text(problem.path)[1:], 1, problem.code, message)
        elif problem.code == "GP319":
            desk.line(problem.path, problem.line, problem.code, "encoded the slot.", _encoded)
    for finding in findings:
        if names.get(finding.rule) in _PHRASES and not finding.slots and finding.line:
            _phrase(desk, finding, names[finding.rule])
    if unneeded:
        _allowances(desk, {one.at for one in unneeded})
    return desk.done, desk.changed


class _Desk:
    """The files of a pack as they will be; nothing is written."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.changed: dict[str, str] = {}
        self.done: list[Mend] = []

    def text(self, path: str) -> str:
        """Return what the file says now; "" for one that cannot be read."""
        if path in self.changed:
            return self.changed[path]
        try:
            # As bytes, so that the ends of lines stay as they are.
            return (self.root / path).read_bytes().decode()
        except (OSError, UnicodeDecodeError):
            return ""

    def put(self, path: str, text: str, line: int, code: str, message: str) -> None:
        """Keep *text* for the file, and say what was done."""
        if text != self.text(path):
            self.changed[path] = text
            self.done.append(Mend(path, line, code, message))

    def line(
        self, path: str, number: int, code: str, message: str, change: Callable[[str], str]
    ) -> None:
        """Change one line of the file."""
        lines = self.text(path).splitlines(keepends=True)
        if 0 < number <= len(lines):
            lines[number - 1] = change(lines[number - 1])
            self.put(path, "".join(lines), number, code, message)


def _encoded(line: str) -> str:
    """Return *line*, every slot in an address percent-encoded that has no filter."""
    hidden = _TAGS.sub(_hidden, line)

    def encode(hole: re.Match[str]) -> str:
        is_in_address = _ADDRESS.search(hidden[: hole.start()])
        return f"{{{{ {hole[1]}|urlencode }}}}" if is_in_address else hole[0]

    return _HOLE.sub(encode, line)


def _phrase(desk: _Desk, finding: Finding, name: str) -> None:
    """Mend the matches of a rule in the own words of the line that the finding names."""
    path, number = finding.template, finding.line
    for expression in _expressions(finding.rule):
        hidden = _own_words(desk.text(path), is_html=path.endswith(".html.j2")).splitlines()
        spots = list(expression.finditer(hidden[number - 1])) if number <= len(hidden) else []

        def change(line: str, spots: Sequence[re.Match[str]] = spots) -> str:
            for found in reversed(spots):
                line = line[: found.start()] + _PHRASES[name](found) + line[found.end() :]
            return line

        desk.line(path, number, finding.rule, "took out a space.", change)


def _own_words(source: str, *, is_html: bool) -> str:
    """Return *source* with everything masked, character by character, that is no literal text."""
    masked = _TAGS.sub(_hidden, source)
    return _ELEMENTS.sub(_hidden, masked) if is_html else masked


def _hidden(tag: re.Match[str]) -> str:
    """Return as much as *tag* is long, its ends of lines kept."""
    return re.sub(r"[^\r\n]", _MASK, tag[0])


def _expressions(rule: str) -> list[re.Pattern[str]]:
    (found,) = (one for one in RuleSet.load().rules if one.id == rule)
    return [re.compile(one, re.IGNORECASE) for one in found.match_as(PhraseMatch).any]


def _allowances(desk: _Desk, starts: Collection[int]) -> None:
    """Take out the `[[allow]]` tables that begin at the lines *starts*, with their remarks."""
    lines = desk.text("allow.toml").splitlines(keepends=True)
    heads = [n for n, line in enumerate(lines) if line.lstrip().startswith("[")]
    for head in sorted(heads, reverse=True):
        if head + 1 not in starts or "[[" not in lines[head]:
            continue
        begin, end = _remarks(lines, head), len(lines)
        if later := [one for one in heads if one > head]:
            end = _remarks(lines, later[0])
        kept = "".join(lines[:begin] + lines[end:])
        desk.put("allow.toml", kept, head + 1, "GP111", "took out an allowance.")
        lines[begin:end] = []
        heads = [n for n, line in enumerate(lines) if line.lstrip().startswith("[")]


def _remarks(lines: Sequence[str], head: int) -> int:
    """Return the first of the comment lines that stand right above *head*."""
    while head and lines[head - 1].lstrip().startswith("#"):
        head -= 1
    return head
