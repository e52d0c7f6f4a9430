"""
The rule catalogue: rules as data, prepared to be run.

    rules = RuleSet.load()
    findings = rules.find(read_part(part), context, detections)

The numbers of intrusive rules say their category, see `RANGES`.
"""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from guardedpersonalize.check.finding import Finding
from guardedpersonalize.check.language import base_language
from guardedpersonalize.check.matchers import (
    Detections,
    EchoMatcher,
    Element,
    EntityMatcher,
    Gap,
    ModelMatcher,
    PartMatcher,
    PhraseMatcher,
    RequiredMatcher,
    SlotMatcher,
    TokensMatcher,
    UnknownMatch,
    agreed,
)
from guardedpersonalize.check.matchers.base import finding_at
from guardedpersonalize.check.proof import prove
from guardedpersonalize.check.rule import (
    ANY_LANGUAGE,
    BLOCKS,
    FAMILIES,
    RANGES,
    Example,
    Examples,
    Rule,
)
from guardedpersonalize.check.rule_files import find_files, read_lists, read_rule
from guardedpersonalize.check.wordlists import RULES_FOLDER, WordLists
from guardedpersonalize.errors import GuardError, PackError, Problem, sealed
from guardedpersonalize.vocabulary import unknown_term

if TYPE_CHECKING:
    from guardedpersonalize.check.context import CheckContext
    from guardedpersonalize.check.echo import Echo
    from guardedpersonalize.check.reading import ReadPart, Region
    from guardedpersonalize.render.draft import Part

__all__ = [
    "ANY_LANGUAGE",
    "BLOCKS",
    "FAMILIES",
    "LANGUAGES",
    "RANGES",
    "RULES_FOLDER",
    "Example",
    "Examples",
    "Rule",
    "RuleSet",
    "prove",
]

LANGUAGES: Final = tuple(BLOCKS)
"""The languages that the catalogue has rules for."""

_NOTHING: Final[Detections] = {}


class RuleSet:
    """
    Rules, prepared. It keeps nothing of what it reads, so threads may share it.

    Args:
        rules: The rules; their ids differ.
        lists: Language -> word lists, for every language of a token rule.
        is_proven: True for rules whose own examples were run: the patterns of a language are
            prepared when it is first read.

    Raises:
        PackError: with everything that is wrong: GP121 an id that is there twice, GP122 and GP124
            patterns, GP105 lists and guards.
    """

    def __init__(
        self, rules: Iterable[Rule], lists: Mapping[str, WordLists], *, is_proven: bool = False
    ) -> None:
        self._rules = {rule.id: rule for rule in sorted(rules, key=lambda rule: rule.sort_key)}
        self._lists = dict(lists)
        self.is_proven = is_proven
        active = [rule for rule in self._rules.values() if rule.is_active]
        groups: dict[str, dict[str, list[Rule]]] = defaultdict(lambda: defaultdict(list))
        for rule in active:
            groups[rule.match.kind][rule.lang].append(rule)
        try:
            self._tokens = _ByLanguage(groups["tokens"], self._lists)
            if not is_proven:
                self._tokens.prepare()
            self._phrases = {lang: PhraseMatcher(group) for lang, group in groups["phrase"].items()}
            self._required = {
                lang: RequiredMatcher(group) for lang, group in groups["required"].items()
            }
        except (GuardError, LookupError) as err:  # one is wrong: tell of all that are
            raise PackError(_problems(active, self._lists)) from err
        self._echo = EchoMatcher(_all(groups["echo"]))
        self._always: tuple[PartMatcher, ...] = (
            EntityMatcher(_all(groups["entity"])),
            SlotMatcher(_all(groups["slot"])),
            ModelMatcher(_all(groups["model"])),
        )
        self._gaps = {
            rule.match.gap: rule for rule in active if isinstance(rule.match, UnknownMatch)
        }

    @classmethod
    @sealed
    def load(cls, langs: Sequence[str] = LANGUAGES, *, extra: Sequence[Path] = ()) -> RuleSet:
        """
        Read the shipped catalogue.

        Args:
            langs: Languages whose rules are wanted, all unless given; rules for any language
                always come along.
            extra: More rule files, or folders of them.

        Raises:
            PackError: with everything that is wrong with the files.
        """
        return _load(tuple(langs), tuple(extra))

    @property
    def lists(self) -> Mapping[str, WordLists]:
        """The word lists by language."""
        return MappingProxyType(self._lists)

    @property
    def rules(self) -> tuple[Rule, ...]:
        """All rules by id, the removed ones too."""
        return tuple(self._rules.values())

    @sealed
    def get(self, rule_id: str) -> Rule:
        """
        Return the rule *rule_id*.

        Raises:
            ConfigError: GP105, with the nearest known id.
        """
        if rule_id not in self._rules:
            raise unknown_term("rule", rule_id, self._rules)
        return self._rules[rule_id]

    def covers(self, lang: str) -> bool:
        """Tell whether there are rules about the wording of *lang* ("en", "en-GB")."""
        return base_language(lang) in self._tokens

    def is_preview(self, lang: str) -> bool:
        """Tell whether the rules about the wording of *lang* are in preview: they only hint."""
        return self.covers(lang) and self._lists[base_language(lang)].preview

    def find(
        self,
        read: ReadPart,
        context: CheckContext,
        detections: Detections = _NOTHING,
        *,
        echoes: Sequence[Echo] | None = None,
    ) -> list[Finding]:
        """
        Return what all rules but those of required elements find in one part, sorted.

        Args:
            read: The part, as read.
            context: What is known besides the text; its channel and language choose the rules.
            detections: Region index -> what detectors saw there.
            echoes: The echoes of the part where they are known already; found here otherwise.
        """
        lang = base_language(context.lang)
        findings: list[Finding] = []
        matchers: list[PartMatcher | None] = [
            self._tokens.get(ANY_LANGUAGE),
            self._tokens.get(lang),
        ]
        matchers += [self._phrases.get(ANY_LANGUAGE), self._phrases.get(lang)]
        for matcher in matchers:
            if matcher is not None:
                findings += matcher.find(read, context, detections)
        for always in self._always:
            findings += always.find(read, context, detections)
        if echoes is None:
            findings += self._echo.find(read, context, detections)
        else:
            findings += self._echo.judge(read, context, echoes)
        together = agreed(findings, read, detections, self._rules)
        return _sorted(together)

    def judge(
        self, read: ReadPart, context: CheckContext, echoes: Sequence[Echo]
    ) -> Iterator[Finding]:
        """Yield what the echo rules make of *echoes*, found in *read*."""
        return self._echo.judge(read, context, echoes)

    def find_in_message(self, reads: Sequence[ReadPart], context: CheckContext) -> list[Finding]:
        """Return which required elements a whole message lacks, sorted; none for a passage."""
        found = (one.find_in_message(reads, context) for one in self._required_in(context))
        return _sorted(chain.from_iterable(found))

    def present(self, region: Region, context: CheckContext) -> frozenset[str]:
        """Return the ids of the rules of required elements whose element stands in *region*."""
        found = (one.present(region, context) for one in self._required_in(context))
        return frozenset[str]().union(*found)

    def lacking(
        self, parts: Sequence[tuple[Part, Collection[str]]], context: CheckContext
    ) -> list[Finding]:
        """As `find_in_message`, of parts whose elements are known: the ids of `present`."""
        found = (one.lacking(parts, context) for one in self._required_in(context))
        return _sorted(chain.from_iterable(found))

    def elements(self, present: Collection[str], context: CheckContext) -> frozenset[Element]:
        """Return which elements a message has, required of it or not; *present* as of `present`."""
        found = (one.elements(present) for one in self._required_in(context))
        return frozenset[Element]().union(*found)

    def _required_in(self, context: CheckContext) -> list[RequiredMatcher]:
        langs = (ANY_LANGUAGE, base_language(context.lang))
        return [self._required[lang] for lang in langs if lang in self._required]

    def gap(self, gap: Gap, context: CheckContext, *, part: str = "", end: int = 0) -> Finding:
        """
        Return the finding that says what could not be known.

        Args:
            gap: What.
            context: Its channel may change the severity.
            part: Name of the part that was being read; "" for the message as a whole.
            end: Characters of that part.
        """
        if gap not in self._gaps:  # a set of one's own may lack the rule that tells it
            return RuleSet.load().gap(gap, context, part=part, end=end)
        rule = self._gaps[gap]
        severity = rule.severity_on(context.channel) or rule.severity
        return finding_at(rule, severity, part, 0, end)


class _ByLanguage:
    """The matchers of token rules by language, each made when it is first asked for."""

    def __init__(
        self, groups: Mapping[str, Sequence[Rule]], lists: Mapping[str, WordLists]
    ) -> None:
        self._groups = dict(groups)
        self._lists = lists
        self._made: dict[str, TokensMatcher] = {}

    def prepare(self) -> None:
        """Make them all."""
        for lang in self._groups:
            self.get(lang)

    def get(self, lang: str) -> TokensMatcher | None:
        """Return the matcher of *lang*; None where there are no rules."""
        if lang in self._groups and lang not in self._made:
            self._made[lang] = TokensMatcher(self._groups[lang], self._lists[lang], lang)
        return self._made.get(lang)

    def __contains__(self, lang: str) -> bool:
        return lang in self._groups


def _sorted(findings: Iterable[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda finding: finding.sort_key)


def _all(groups: Mapping[str, Sequence[Rule]]) -> list[Rule]:
    return [rule for lang in sorted(groups) for rule in groups[lang]]


@functools.lru_cache(maxsize=8)
def _load(langs: tuple[str, ...], extra: tuple[Path, ...]) -> RuleSet:
    problems: list[Problem] = []
    list_files, rule_files = find_files(langs, extra)
    lists = {lang: read_lists(path, problems) for lang, path in list_files.items()}
    rules = [read_rule(path, lang, problems) for path, lang in rule_files]
    ids = [rule.id for rule in rules if rule is not None]
    problems += [
        Problem(path.name, 0, "GP121", f"the id {rule.id} is taken.", "Ids are never used twice.")
        for (path, _), rule in zip(rule_files, rules, strict=True)
        if rule is not None and ids.count(rule.id) > 1
    ]
    _raise_if_any(problems)
    known = {lang: found for lang, found in lists.items() if found is not None}
    return RuleSet([rule for rule in rules if rule is not None], known, is_proven=not extra)


def _raise_if_any(problems: Sequence[Problem]) -> None:
    if problems:
        raise PackError(problems)


def _problems(rules: Sequence[Rule], lists: Mapping[str, WordLists]) -> list[Problem]:
    """Prepare each rule for itself, and return what is wrong with them."""
    problems = []
    for rule in rules:
        try:
            _prepare(rule, lists)
        except GuardError as err:
            where = f"{rule.id}-{rule.name}.toml"
            problems.append(Problem(where, 0, err.code, err.message, err.remedy or ""))
    return problems


def _prepare(rule: Rule, lists: Mapping[str, WordLists]) -> None:
    if rule.match.kind == "tokens":
        if rule.lang not in lists:
            raise unknown_term("language with word lists", rule.lang, lists)
        TokensMatcher([rule], lists[rule.lang], rule.lang)
    elif rule.match.kind == "phrase":
        PhraseMatcher([rule])
    elif rule.match.kind == "required":
        RequiredMatcher([rule])
