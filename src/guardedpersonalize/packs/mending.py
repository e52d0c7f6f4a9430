"""Mends that have exactly one right form, so that no person need judge them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from guardedpersonalize.check import Finding, RuleSet
from guardedpersonalize.check.matchers import PhraseMatch
from guardedpersonalize.errors import Problem
from guardedpersonalize.packs.pack import Allowed, placed

__all__ = ["Mend", "mends", "without_table"]

_BOM: Final = "\ufeff"
_MASK: Final = "\ue000"  # neither a letter nor a space, so no rule reads across it
_TAGS: Final = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_NO_PROSE: Final = re.compile(
    r"""<!--.*?(?:-->|\Z)|<(style|script|pre|textarea)\b.*?(?:</\1\s*>|\Z)"""
    r"""|<(?:"[^"]*"|'[^']*'|[^>"'])*>|<[^>]*>""",
    re.DOTALL | re.IGNORECASE,
)
"""Elements whose spaces are no prose, whole; of the others, tags. A quoted `>` ends no tag."""
_HOLE: Final = re.compile(r"(?<=[^\s\"'<>])\{\{([-+]?)\s*([A-Za-z_]\w*)\s*(-?)\}\}")
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
        findings: Of its proof, without those that the pack accepts.
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
        _allowances(desk, unneeded)
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

    def put(self, path: str, text: str, code: str, message: str, *lines: int) -> None:
        """Keep *text* for the file, and say what was done at which lines."""
        if text != self.text(path):
            self.changed[path] = text
            self.done += [Mend(path, line, code, message) for line in dict.fromkeys(lines)]

    def unmark(self, path: str, code: str) -> None:
        """Take out the byte order mark at the start of the file, if there is one."""
        text = self.text(path)
        self.put(path, text.removeprefix(_BOM), code, "took out the byte order mark.", 1)


def _encode(desk: _Desk, problem: Problem) -> None:
    """Percent-encode every slot without a filter that stands in an address on the line named."""
    lines = desk.text(problem.path).splitlines(keepends=True)
    if not 0 < problem.line <= len(lines):
        return
    line = lines[problem.line - 1]
    hidden = _TAGS.sub(_hidden, line)

    def encode(hole: re.Match[str]) -> str:
        is_in_address = _ADDRESS.search(hidden[: hole.start()])
        before, name, after = hole.groups()
        return f"{{{{{before} {name}|urlencode {after}}}}}" if is_in_address else hole[0]

    lines[problem.line - 1] = _HOLE.sub(encode, line)
    desk.put(problem.path, "".join(lines), problem.code, "encoded the slot.", problem.line)


def _phrase(desk: _Desk, finding: Finding, instead: Callable[[re.Match[str]], str]) -> None:
    """Mend the matches of a rule in the literal text that the finding names."""
    path = finding.template
    for expression in _expressions(finding.rule):
        text = desk.text(path)
        start, end = _literal(text, finding.line)
        hidden = _NO_PROSE.sub(_hidden, _TAGS.sub(_hidden, text))
        found = [m for m in expression.finditer(hidden) if start <= m.start() and m.end() <= end]
        for match in reversed(found):
            text = text[: match.start()] + instead(match) + text[match.end() :]
        lines = [hidden.count("\n", 0, match.start()) + 1 for match in found]
        desk.put(path, text, finding.rule, "took out a space.", *lines)


def _literal(text: str, line: int) -> tuple[int, int]:
    """
    Return where the literal text stands that a finding at *line* may be in.

    A finding names the line at which its literal begins: after a tag that ends there, or with the
    file. The literal ends with the next tag.
    """
    start = 0
    for _ in range(line - 1):
        start = text.find("\n", start) + 1
        if not start:
            return 0, 0
    stop = text.find("\n", start)
    stop = len(text) if stop < 0 else stop
    tags = [(tag.start(), _end(text, tag)) for tag in _TAGS.finditer(text)]
    if line > 1:
        # What stands before that tag belongs to another line, whose findings may be accepted.
        start = next((end for _, end in tags if start <= end <= stop), start)
    return start, next((begin for begin, end in tags if end > stop), len(text))


def _end(text: str, tag: re.Match[str]) -> int:
    """Return where the literal after *tag* begins: a hyphen takes the white space with it."""
    is_trimmed = tag[0][-3] == "-"
    return len(text) - len(text[tag.end() :].lstrip()) if is_trimmed else tag.end()


def _hidden(tag: re.Match[str]) -> str:
    """Return as much as *tag* is long, its ends of lines kept."""
    return re.sub(r"[^\r\n]", _MASK, tag[0])


def _expressions(rule: str) -> list[re.Pattern[str]]:
    (found,) = (one for one in RuleSet.load().rules if one.id == rule)
    return [re.compile(one, re.IGNORECASE) for one in found.match_as(PhraseMatch).any]


def _allowances(desk: _Desk, unneeded: Sequence[Allowed]) -> None:
    """Take out the tables of *unneeded*, the last one first, so that the lines before it stay."""
    for one in sorted(unneeded, key=lambda one: -one.at):
        kept = without_table(desk.text("allow.toml"), one)
        desk.put("allow.toml", kept, "GP111", "took out an allowance.", one.at)


def without_table(text: str, one: Allowed) -> str:
    """
    Return the text of an allow.toml without the table of *one*, and the remarks above it.

    Where this cannot be done with all else kept as it is, *text* comes back.
    """
    lines = text.splitlines(keepends=True)
    heads = [n for n, line in enumerate(lines) if line.lstrip().startswith("[")]
    head = one.at - 1
    if head not in heads:
        return text
    tables = _tables(text) or []
    wanted = [
        tables[:n] + tables[n + 1 :]
        for n, table in enumerate(tables)
        if (table["rule"], placed(table["where"])) == (one.rule, (one.path, one.line))
    ]
    # What looks like a head may stand inside a string, so the result is read before it is kept.
    for end in [*(_remarks(lines, later) for later in heads if later > head), len(lines)]:
        kept = "".join(lines[: _remarks(lines, head)] + lines[end:])
        if _tables(kept) in wanted:
            return kept
    return text


def _tables(text: str) -> list[dict[str, Any]] | None:
    """Return the allowances in the text of an allow.toml; None where it is no TOML."""
    try:
        tables: list[dict[str, Any]] = tomllib.loads(text).get("allow", [])
    except tomllib.TOMLDecodeError:
        return None
    return tables


def _remarks(lines: Sequence[str], head: int) -> int:
    """Return the first of the comment lines that stand right above *head*."""
    while head and lines[head - 1].lstrip().startswith("#"):
        head -= 1
    return head
