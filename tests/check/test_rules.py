"""The catalogue and how it is read."""

import functools
import json
import re
import time
from pathlib import Path

import pytest

from guardedpersonalize.check.context import CheckContext, Identity
from guardedpersonalize.check.matchers import Element, Gap
from guardedpersonalize.check.parts import read_part
from guardedpersonalize.check.patterns import Pattern
from guardedpersonalize.check.reading import RegionKind
from guardedpersonalize.check.rule import RANGES
from guardedpersonalize.check.rules import (
    BLOCKS,
    FAMILIES,
    LANGUAGES,
    RULES_FOLDER,
    Rule,
    RuleSet,
    prove,
)
from guardedpersonalize.check.sentences import Sentence, SentenceReader
from guardedpersonalize.errors import ConfigError, PackError
from guardedpersonalize.render.draft import Chunk, Part, PartKind
from guardedpersonalize.vocabulary import Channel, Family, IntrusiveCategory, Severity

DATA = Path(__file__).parent / "data"
CATALOGUE = RuleSet.load()
PREVIEWS = tuple(lang for lang in LANGUAGES if lang != "en")
RULE = """\
id = "INT201"
name = "watched-you"
family = "intrusive"
category = "surveillance"
severity = "error"
status = "stable"
since = "0.1.0"
message = "states that the reader was watched"
rationale = "Nobody likes it."
sources = ["a study"]

[match]
kind = "tokens"
any = ["we saw you"]

[examples]
must_match = ["[[We saw you]] leave.", "[[We saw you]]."]
must_not_match = ["We saw it.", "You saw us."]
"""


def passage(text, channel=Channel.EMAIL, lang="en"):
    """What the whole catalogue finds in a passage: warnings and worse, hints in a preview."""
    read = read_part(Part("text", PartKind.TEXT, (Chunk(text),)))
    found = CATALOGUE.find(read, CheckContext(channel=channel, lang=lang))
    least = Severity.INFO if lang in PREVIEWS else Severity.WARN
    return [finding for finding in found if finding.severity.rank >= least.rank]


@pytest.mark.parametrize("rule", CATALOGUE.rules, ids=lambda rule: rule.id)
def test_every_rule_is_proved_by_its_examples(rule):
    """Its examples are found exactly where they are marked, and its near misses are not."""
    assert prove(rule) == []


def test_ids_are_the_stored_ones():
    """An id is never used twice, so a new rule is a new line here and no line ever goes."""
    stored = (DATA / "rule_ids.txt").read_text(encoding="utf-8").split()
    assert [rule.id for rule in CATALOGUE.rules] == stored


def test_there_are_rules_for_every_category_and_family():
    """All eleven ways to intrude are covered, most of them by several rules."""
    intrusive = [rule for rule in CATALOGUE.rules if rule.family is Family.INTRUSIVE]
    assert len(intrusive) >= 70
    assert {rule.category for rule in intrusive} == {c.value for c in IntrusiveCategory}
    assert {rule.family for rule in CATALOGUE.rules} == set(FAMILIES.values())
    assert set(RANGES) == set(IntrusiveCategory)


@pytest.mark.parametrize("lang", PREVIEWS)
def test_a_language_in_preview_has_rules_for_every_category(lang):
    """At least 25 of them; pressure, hygiene and required elements are covered as well."""
    rules = [rule for rule in CATALOGUE.rules if rule.lang == lang]
    intrusive = [rule for rule in rules if rule.family is Family.INTRUSIVE]
    assert len(intrusive) >= 25
    assert {rule.category for rule in intrusive} == {c.value for c in IntrusiveCategory}
    assert {rule.family for rule in rules} == {
        Family.INTRUSIVE,
        Family.ADS,
        Family.HYGIENE,
        Family.REQUIRED,
    }


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_language_is_in_preview_as_a_whole(lang):
    """Its word lists say so, and none of its rules is more than a hint."""
    assert CATALOGUE.covers(lang)
    assert CATALOGUE.is_preview(lang) is (lang in PREVIEWS)
    if lang in PREVIEWS:
        rules = [rule for rule in CATALOGUE.rules if rule.lang == lang]
        assert {rule.severity_on(Channel.EMAIL) for rule in rules} <= {Severity.INFO, None}


def test_the_same_digits_say_the_same_in_every_language():
    """A rule is called after its English twin, but for the block of its language."""
    names = {rule.id: (rule.name, rule.category) for rule in CATALOGUE.rules if rule.lang == "en"}
    for rule in CATALOGUE.rules:
        if rule.lang in PREVIEWS:
            twin = rule.id[:3] + rule.id[3 + len(BLOCKS[rule.lang]) :]
            assert (rule.name, rule.category) == names[twin]


def test_every_gap_of_knowledge_has_a_rule():
    """What the checker could not know can be explained."""
    gaps = {rule.match.gap for rule in CATALOGUE.rules if rule.match.kind == "unknown"}
    assert gaps == set(Gap)


def test_overlaps_are_known():
    """
    Which other rules fire on a rule's examples is stored, so that a change shows.

    After a wanted change write the table anew: `python tests/check/overlaps.py`.
    """
    stored = json.loads((DATA / "overlaps.json").read_text(encoding="utf-8"))
    assert overlaps() == stored


def overlaps():
    """Map each intrusive rule to the others that warn about its first examples."""
    found = {}
    for rule in CATALOGUE.rules:
        if rule.match.kind != "tokens":
            continue
        texts = [re.sub(r"\[\[|\]\]", "", e.text) for e in rule.examples.must_match]
        channel = rule.examples.must_match[0].channel
        read = [passage(text, channel, rule.lang) for text in texts if "{" not in text]
        others = {finding.rule for found in read for finding in found}
        found[rule.id] = sorted(others - {rule.id})
    return found


@functools.cache
def good_copy(lang="en"):
    """Ordinary copy, a line each."""
    name = "good_copy.txt" if lang == "en" else f"good_copy.{lang}.txt"
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_rule_warns_about_ordinary_copy(lang):
    """Offers, service facts and set phrases pass, whatever words they share with intrusion."""
    found = {line: [f.rule for f in passage(line, lang=lang)] for line in good_copy(lang)}
    assert {line: rules for line, rules in found.items() if rules} == {}


@pytest.mark.parametrize("lang", PREVIEWS)
def test_no_rule_of_a_preview_hints_at_what_its_near_misses_say(lang):
    """The near misses of one rule are near misses of the others as well."""
    found = {
        example.text: [f.rule for f in passage(example.text, example.channel, lang)]
        for rule in CATALOGUE.rules
        if rule.lang == lang and rule.match.kind in {"tokens", "phrase"}
        for example in rule.examples.must_not_match
    }
    assert {text: rules for text, rules in found.items() if rules} == {}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_word_of_a_pattern_can_occur(lang):
    """A word that the tokenizer writes otherwise would never match."""
    lists = CATALOGUE.lists[lang]
    reader = SentenceReader(lists, lang)
    dead = []
    for word in sorted(_words_of_patterns(lang)):
        behind = "ami" if word.endswith("'") else " zz"  # an elided word has one behind it
        text = re.sub("(?<=') ", "", word.replace(" 's", "'s"))
        line = "".join(sentence.line for sentence in reader.read(f"zz {text}{behind}"))
        expected = " ".join(["zz", *lists.pieces(word.lower()), behind.strip()])
        if re.sub("[\ue000-\uf8ff]", "", line) != f" {expected} ":
            dead.append(word)
    assert dead == []


def _words_of_patterns(lang):
    lists = CATALOGUE.lists[lang]
    words = {word for listed in lists.lists.values() for word in listed if "@" not in word}
    sources = [line for guard in lists.guards.values() for line in guard.any]
    for rule in CATALOGUE.rules:
        if rule.match.kind == "tokens" and rule.lang == lang:
            sources += [*rule.match.any, *rule.match.unless, *rule.match.also]
    for source in sources:
        for atom in re.findall(r"[^\s\[\]]+", source):
            if atom not in {"^", "~", "$", "*"} and not atom.startswith("..."):
                words |= {w.replace("_", " ") for w in atom.lstrip("!").split("|") if w}
    return {w for w in words if w[0].isalnum() and not set(w) & set("*#@<")}


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "we saw you " * 9_000),
        ("en", "you " * 25_000),
        ("en", "{{ " * 33_000),
        ("en", "your wife , " * 8_000),
        ("en", "%%a" * 33_000),
        ("de", "wir sehen , dass du dir " * 4_000),
        ("fr", "nous avons vu que vous t'avez " * 3_000),
        ("es", "vimos que te quedaste " * 4_500),
        ("ja", "お客様がご覧になったのを見ていました、" * 1_700),
        ("ja", "あなたの" * 8_000),
        ("id", "kami lihat kamu suamimu " * 4_000),
    ],
    ids=[
        *("claims", "you", "braces", "kin", "percent"),
        *("german", "french", "spanish", "japanese", "kana", "indonesian"),
    ],
)
def test_hostile_text_of_100_kb_is_read_in_seconds(lang, text):
    """Nothing in the catalogue is more than linear."""
    start = time.process_time()
    passage(text, lang=lang)
    assert time.process_time() - start < 20


def test_every_pattern_is_linear_on_its_own_words():
    """A sentence of 60 KB made of a pattern's own words is the worst that can come."""
    slow = []
    for rule in CATALOGUE.rules:
        for source in rule.match.any if rule.match.kind == "tokens" else ():
            pattern = Pattern.parse(source, CATALOGUE.lists[rule.lang])
            start = time.process_time()
            sum(1 for _ in pattern.finditer(_sentence_of(pattern)))
            if time.process_time() - start > 2:
                slow.append(source)
    assert slow == []


def _sentence_of(pattern):
    """A long sentence of the words that *pattern* asks for, without the tokenizer."""
    asked = [key for keys in (pattern.keys, *pattern.others) for key in sorted(keys)[:2]]
    words = " ".join(["you", *(key for key in asked if key.isalnum())])
    line = f" {words}" * (60_000 // (len(words) + 1)) + " "
    keys = frozenset(asked).union(pattern.keys, *pattern.others)
    return Sentence(line=line, places=(0,), spans=((0, 1),), quoted=(False,), keys=keys)


def test_every_expression_is_linear_on_hostile_text():
    """The same for the regular expressions of phrase and required rules."""
    hostile = [
        "{{" * 50_000,
        "[A_" * 33_000,
        "hi " * 33_000,
        "a " * 50_000,
        " " * 100_000,
        "%" * 100_000,
    ]
    hostile += ["newsletter " * 9_000, "no quiero " * 10_000, "設定を" * 33_000, "この" * 50_000]
    hostile += ["*|A" * 33_000, "\u200b" * 100_000, "written by a " * 8_000, "${" * 50_000]
    slow = []
    for rule in CATALOGUE.rules:
        if rule.match.kind not in {"phrase", "required"}:
            continue
        for source in rule.match.any:
            regex = re.compile(source, re.IGNORECASE)
            for text in hostile:
                start = time.process_time()
                sum(1 for _ in regex.finditer(text))
                if time.process_time() - start > 2:
                    slow.append((rule.id, source, text[:4]))
    assert slow == []


def test_findings_are_sorted_and_never_quote():
    """A finding says where and what, never the text."""
    found = passage("We noticed that you cried. Hi None, we know you.")
    assert [f.sort_key for f in found] == sorted(f.sort_key for f in found)
    assert len(found) > 2
    assert not any("cried" in repr(f) for f in found)


def test_a_rule_is_found_by_its_id():
    """And a slip is told by the nearest id."""
    assert CATALOGUE.get("INT201").name == "watched-you"
    with pytest.raises(ConfigError, match=r"GP105.*Did you mean 'INT2"):
        CATALOGUE.get("INT2O1")


def test_rules_of_a_language_read_that_language_only(read_as):
    """Rules about wording wait for their language; the others always run."""
    read = read_as("We noticed you. {{ name }}")
    english = CATALOGUE.find(read, CheckContext(channel=Channel.EMAIL, lang="en-GB"))
    french = CATALOGUE.find(read, CheckContext(channel=Channel.EMAIL, lang="fr"))
    assert {"INT201", "HYG101"} <= {f.rule for f in english}
    assert {f.rule for f in french} == {"HYG101"}
    assert CATALOGUE.covers("en_US")
    assert CATALOGUE.covers("fr-CA")
    assert not CATALOGUE.covers("et")
    assert not CATALOGUE.is_preview("et")


def test_an_ads_rule_is_silent_elsewhere(read_as):
    """What a platform forbids in ads may stand in a letter."""
    read = read_as("Are you trans?")
    found = {
        channel: {f.rule for f in CATALOGUE.find(read, CheckContext(channel=channel))}
        for channel in (Channel.AD, Channel.EMAIL)
    }
    assert "ADS101" in found[Channel.AD]
    assert "ADS101" not in found[Channel.EMAIL]


def test_a_gap_is_a_finding_of_its_own(context):
    """Not knowing is reported for a part or for the message as a whole."""
    finding = CATALOGUE.gap(Gap.DETECTOR, context, part="text", end=12)
    assert (finding.rule, finding.family, finding.severity) == (
        "UNK101",
        Family.UNKNOWN,
        Severity.ERROR,
    )
    assert (finding.part, finding.start, finding.end) == ("text", 0, 12)


def test_elements_of_a_message_are_known_to_the_score(read_as, context):
    """A reason line counts whether or not it is required."""
    (region,) = read_as("You are receiving this because you joined. Unsubscribe.").regions
    has = CATALOGUE.elements(CATALOGUE.present(region, context), context)
    assert {Element.REASON_LINE, Element.OPT_OUT} <= has
    assert not {Element.SENDER, Element.CONTROL_LINK, Element.AI_DISCLOSURE} & has


def test_missing_elements_are_found_in_whole_messages_only(read_as):
    """A passage is not a message."""
    reads = [read_as("New teas are in.")]
    whole = CheckContext(channel=Channel.EMAIL, complete=True, identity=Identity(name="Tea Shed"))
    assert "REQ101" in {f.rule for f in CATALOGUE.find_in_message(reads, whole)}
    assert CATALOGUE.find_in_message(reads, CheckContext(channel=Channel.EMAIL)) == []


def test_no_rules_find_nothing(read_as, context):
    """An empty set is a set."""
    empty = RuleSet([], {})
    assert empty.find(read_as("We noticed you."), context) == []
    assert empty.find_in_message([], context) == []
    assert empty.elements([], context) == frozenset()
    assert empty.gap(Gap.READING, context) == CATALOGUE.gap(Gap.READING, context)


def test_a_removed_rule_is_only_explained(make_rule, lists, read_as, context):
    """Its id stays taken; it finds nothing."""
    rules = RuleSet([make_rule(status="removed")], {"en": lists})
    assert rules.find(read_as("We saw you."), context) == []
    assert rules.get("INT201").is_active is False


def test_a_rule_in_preview_is_a_hint(make_rule, lists, read_as, context):
    """Whatever its severity says."""
    rules = RuleSet([make_rule(status="preview")], {"en": lists})
    (finding,) = rules.find(read_as("We saw you."), context)
    assert finding.severity is Severity.INFO


@pytest.mark.parametrize(
    ("channels", "email", "ad"),
    [
        ({}, Severity.ERROR, Severity.ERROR),
        ({"ad": "warn"}, Severity.ERROR, Severity.WARN),
        ({"ad": "warn", "others": "off"}, None, Severity.WARN),
        ({"others": "info"}, Severity.INFO, Severity.INFO),
    ],
)
def test_severity_may_differ_by_channel(make_rule, channels, email, ad):
    """A channel profile names channels; `others` stands for the rest."""
    rule = make_rule(channels=channels)
    assert rule.severity_on(Channel.EMAIL) is email
    assert rule.severity_on(Channel.AD) is ad


def test_a_rule_reads_its_regions_and_parts(make_rule):
    """Comments are not read by eye; a rule about subjects reads subjects."""
    rule = make_rule(parts=["subject"])
    assert rule.reads("subject", RegionKind.PLAIN)
    assert not rule.reads("text", RegionKind.PLAIN)
    assert not rule.reads("subject", RegionKind.COMMENT)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"id": "PII201"}, "letters of the family"),
        ({"category": "mood"}, "one of the categories"),
        ({"id": "INT301"}, "range of the category"),
        ({"replaced_by": "INT202"}, "only a deprecated"),
        ({"examples": None}, "proved by examples"),
        ({"match": {"kind": "unknown", "gap": "input"}}, "proved by examples"),
        ({"id": "INT1"}, "pattern"),
        ({"id": "INT1201"}, "block of the language"),
        ({"lang": "de"}, "block of the language"),
        ({"name": "Watched"}, "pattern"),
        ({"sources": []}, "at least 1"),
        ({"severity": "fatal"}, "info"),
    ],
)
def test_what_does_not_fit_together_is_refused(make_rule, given, why):
    """A rule is checked as a whole."""
    with pytest.raises(ValueError, match=why):
        make_rule(**given)


def write(folder, text, name="INT201-watched-you.toml"):
    """Write a rule file into an English folder."""
    path = folder / "en" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def problems(folder):
    """What is wrong with the rules in *folder*: (code, line, message) of each problem."""
    with pytest.raises(PackError) as caught:
        RuleSet.load(extra=[folder])
    return [(p.code, p.line, p.message + p.remedy) for p in caught.value.problems]


def test_own_rules_join_the_catalogue(tmp_path, read_as, context):
    """A file or a folder of them; the folder's name says the language."""
    text = RULE.replace("INT201", "INT289").replace("watched-you", "saw-you")
    path = write(
        tmp_path,
        text.replace("we saw you", "we spied you").replace("We saw you", "We spied you"),
        "INT289-saw-you.toml",
    )
    for extra in ([tmp_path], [path]):
        rules = RuleSet.load(extra=extra)
        assert len(rules.rules) == len(CATALOGUE.rules) + 1
        assert "INT289" in {f.rule for f in rules.find(read_as("We spied you."), context)}


@pytest.mark.parametrize(
    ("old", "new", "code", "line", "why"),
    [
        ("rationale", "rational", "GP102", 9, "Did you mean 'rationale'"),
        ("rationale =", "# =", "GP103", 0, "rationale"),
        ('"error"', '"fatal"', "GP104", 5, "severity"),
        ("any = [", "all = [", "GP102", 14, "match.all"),
        ("must_match = [", "must_mach = [", "GP102", 17, "Did you mean 'must_match'"),
        ('kind = "tokens"', 'kind = "tokns"', "GP104", 12, "match"),
        ("[match]", "[match", "GP101", 12, "TOML"),
        ("INT201", "INT298", "GP120", 0, "INT298-watched-you.toml"),
    ],
)
def test_a_slip_in_a_file_is_told_with_its_line(tmp_path, old, new, code, line, why):
    """Unknown keys come with the nearest known one."""
    write(tmp_path, RULE.replace(old, new, 1))
    assert any(c == code and n == line and why in text for c, n, text in problems(tmp_path))


def test_a_taken_id_is_an_error(tmp_path):
    """Ids are never used twice, not even by a pack."""
    write(tmp_path, RULE)
    assert "GP121" in {code for code, _, _ in problems(tmp_path)}


def test_an_unreadable_file_is_an_error(tmp_path):
    """As is one that is not UTF-8."""
    write(tmp_path, RULE).write_bytes(b"\xff\xfe")
    assert [(code, text) for code, _, text in problems(tmp_path)] == [
        ("GP101", "cannot be read: it is not UTF-8.")
    ]
    missing = tmp_path / "en" / "INT900-gone.toml"
    with pytest.raises(PackError, match=r"GP101.*cannot be read"):
        RuleSet.load(extra=[missing])


@pytest.mark.parametrize(
    ("match", "code"),
    [
        ({"kind": "tokens", "any": ["we [saw you"]}, "GP122"),
        ({"kind": "tokens", "any": ["we saw you"], "guards": ["nobody"]}, "GP105"),
        ({"kind": "tokens", "any": ["@nobody saw you"]}, "GP105"),
        ({"kind": "phrase", "any": ["(a+)+"]}, "GP124"),
        ({"kind": "phrase", "any": ["("]}, "GP122"),
        (
            {"kind": "required", "element": "opt_out", "channels": ["email"], "any": ["(a*)*b"]},
            "GP124",
        ),
    ],
)
def test_a_rule_that_cannot_run_is_refused(make_rule, lists, match, code):
    """Patterns are read when the set is made, not at the first message."""
    with pytest.raises(PackError, match=code):
        RuleSet([make_rule(match=match)], {"en": lists})


def test_a_language_needs_its_word_lists(make_rule):
    """Token rules speak of lists."""
    with pytest.raises(PackError, match=r"GP105.*'en'"):
        RuleSet([make_rule()], {})


def test_everything_wrong_is_told_at_once(tmp_path):
    """One run names all problems of all files."""
    write(tmp_path, RULE.replace("rationale", "rational", 1))
    write(tmp_path, RULE.replace('"error"', '"fatal"'), "INT202-other.toml")
    assert {code for code, _, _ in problems(tmp_path)} == {"GP102", "GP103", "GP104"}


def test_the_catalogue_lies_in_the_package():
    """Rules are data files that the wheel has to bring along."""
    assert (RULES_FOLDER / "lists.en.toml").is_file()
    assert len(list(RULES_FOLDER.glob("*/*/*.toml"))) == len(CATALOGUE.rules)


def test_a_rule_knows_its_kind(make_rule):
    """`match_as` hands out the table as the model that its matcher needs."""
    assert isinstance(make_rule(), Rule)
    with pytest.raises(AssertionError):
        make_rule().match_as(type(CATALOGUE.get("UNK101").match))
