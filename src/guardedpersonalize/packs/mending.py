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
_UNSEEN: Final = "zero-width-characters"
"""Name of the rule that sees a byte order mark in a template."""


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
        if problem.code == "GP101":
            desk.unmark(problem.path, problem.code)
        elif problem.code == "GP319":
            _encode(desk, problem)
    for finding in findings:
        name = names.get(finding.rule, "")
        if name == _UNSEEN:
            desk.unmark(finding.template, finding.rule)
        elif name in _PHRASES and not finding.slots and finding.line:
            _phrase(desk, finding, _PHRASES[name])
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

    def unmark(self, path: str, code: str) -> None:
        """Take out the byte order mark at the start of the file, if there is one."""
        text = self.text(path)
        self.put(path, text.removeprefix(_BOM), 1, code, "took out the byte order mark.")


def _encode(desk: _Desk, problem: Problem) -> None:
    """Percent-encode every slot without a filter that stands in an address on the line named."""
    lines = desk.text(problem.path).splitlines(keepends=True)
    if not 0 < problem.line <= len(lines):
        return
    line = lines[problem.line - 1]
    hidden = _TAGS.sub(_hidden, line)

    def encode(hole: re.Match[str]) -> str:
        is_in_address = _ADDRESS.search(hidden[: hole.start()])
        return f"{{{{ {hole[1]}|urlencode }}}}" if is_in_address else hole[0]

    lines[problem.line - 1] = _HOLE.sub(encode, line)
    desk.put(problem.path, "".join(lines), problem.line, problem.code, "encoded the slot.")


def _phrase(desk: _Desk, finding: Finding, instead: Callable[[re.Match[str]], str]) -> None:
    """Mend the matches of a rule in the literal text that the finding names."""
    path = finding.template
    for expression in _expressions(finding.rule):
        text = desk.text(path)
        start, end = _literal(text, finding.line)
        hidden = _own_words(text, is_html=path.endswith(".html.j2"))
        found = [m for m in expression.finditer(hidden) if start <= m.start() and m.end() <= end]
        for match in reversed(found):
            text = text[: match.start()] + instead(match) + text[match.end() :]
        if found:
            line = text.count("\n", 0, found[0].start()) + 1
            desk.put(path, text, line, finding.rule, "took out a space.")


def _literal(text: str, line: int) -> tuple[int, int]:
    """
    Return where the literal text stands that a finding at *line* may be in.

    A finding names the line at which its literal begins; the literal ends with the next tag.
    """
    start = 0
    for _ in range(line - 1):
        start = text.find("\n", start) + 1
        if not start:
            return 0, 0
    tag = _TAGS.search(text, max(text.find("\n", start), start))
    return start, tag.start() if tag else len(text)


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
