"""
Read what `guardedpersonalize render` wrote, and look for values that should not be there.

    python examples/verify_output.py recipients.jsonl out.jsonl records.jsonl

This is an audit from outside: it shares no code with the package and uses the standard library
alone. It reads the raw recipients, forms its own judgement of what each of them allowed, and then
looks for every value in every message and every decision record.

What may appear. A message needs a record in force that is the recipient's own, names the purpose of
the template and gives the right to send on its channel. A field may appear if such a record names
its category (or the field), no objection, age or staleness speaks against it, and the template
declares a slot for it; and it may appear only as coarsely as the slot asks and marketing allows:
the month of a birth date, the category of a product, the region of a postcode. Everything else may
not.

How it looks. Messages are read with entities and percent-encoding undone, tags taken out, invisible
characters and accents dropped and case folded. Each value is looked for in every form that it may
take: dates in a dozen spellings, telephone numbers by their digits, e-mail addresses also as MD5,
SHA-1 and SHA-256, notes by any three words in a row. Words that belong to one recipient alone are
also looked for in everybody else's message.

How it deals with chance. A denied name "Rose" in a letter about roses is no leak. So a form counts
as found only if it occurs more often than in the template's own copy (all of its branches and
partials, or its generic version, whichever has more), and not as part of something that may appear
("May", the birth month, inside "14 May" would not excuse "14 May"). A word of a record is taken for
the record's own wording if at least one in a hundred records of people without that value has it.
The price: one leak of a word that the copy uses in a branch not taken would be missed. How many
values the copy itself uses is printed, so that the size of this blind spot is known.

It prints counts, and places by line and field, never a value. The exit status is 0 if nothing was
found, 1 if something was, if the files are out of step or if there was nothing to check, and 2 if a
file cannot be read.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import zip_longest
from pathlib import Path
from typing import Any, Final

from audit_consent import ORDER, Judge, Pack, Recipient, moment
from audit_text import Levels, plain, readings, spans, words_of

PACK: Final = Path(__file__).parent / "packs" / "garden-club"
DEFAULT_AT: Final = "2026-11-01T09:00:00Z"

# One in so many records of other people must have a word for it to count as the record's wording.
WORDING_SHARE: Final = 0.01
# A word that is shorter may well belong to more people than the file holds.
LEAST_LETTERS: Final = 6
LEAST_LETTERS_ELSEWHERE: Final = 3
SHOWN_PLACES: Final = 10

ONE_LINE: Final = frozenset({"preheader", "subject", "title"})
_HEX: Final = re.compile(r"[0-9a-f]{16,}")
# What must never come out, whatever a value holds. Line feeds are judged by the part.
_HARMFUL: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
# Some values carry this sum as template code; its result must not come out.
_SUM: Final = "31337 * 3"
_RESULT: Final = "94011"

# What is counted, and whether anything but 0 fails the audit.
FAULTS: Final = {
    "not_allowed": "values not allowed found in messages",
    "foreign": "other recipients' values found in messages",
    "broke_out": "values that broke out of their slot",
    "unpermitted": "messages to people who may not be written to",
    "in_records": "values found in records",
    "out_of_step": "lines whose ids or outcomes do not match",
}


@dataclass
class Tally:
    """Counts and places. Places name lines and fields, never values."""

    counts: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    places: list[str] = field(default_factory=list)

    def fault(self, kind: str, line: int, what: str) -> None:
        """Count one fault of a *kind* and keep its place."""
        self.counts[kind] += 1
        if len(self.places) < SHOWN_PLACES:
            self.places.append(f"line {line}: {FAULTS[kind]}: {what}")

    @property
    def is_fine(self) -> bool:
        """True if something was checked, what was allowed was seen, and nothing was found."""
        saw = self.counts["allowed_seen"] > 0 or self.counts["allowed"] == 0
        return self.counts["messages"] > 0 and saw and not any(self.counts[kind] for kind in FAULTS)

    def report(self) -> Iterator[str]:
        """Yield the lines of the report."""
        yield f"lines read: {self.counts['lines']}"
        yield f"messages checked: {self.counts['messages']}"
        for name, count in sorted(self.outcomes.items()):
            yield f"  {name}: {count}"
        yield f"forms of values looked for: {self.counts['forms']}"
        yield f"  of these, in the template's own copy: {self.counts['in_copy']}"
        yield f"fields allowed in messages: {self.counts['allowed']}"
        yield f"  of these, seen there (so the audit can see): {self.counts['allowed_seen']}"
        for kind, sentence in FAULTS.items():
            yield f"{sentence}: {self.counts[kind]}"
        yield from self.places


class Wording:
    """Which words belong to one recipient alone, and which to the records themselves."""

    def __init__(self) -> None:
        self.owners: dict[str, int] = {}
        self.seen: Counter[str] = Counter()
        self.seen_by_holder: Counter[str] = Counter()
        self.holders: Counter[str] = Counter()
        self.lines = 0

    def learn(self, line: int, values: set[str], record: set[str]) -> None:
        """Take in the words of one recipient's values and of their record."""
        self.lines += 1
        for word in values:
            if _is_telling(word):
                self.owners[word] = line if self.owners.get(word, line) == line else 0
        words = {word for word in record if not _HEX.fullmatch(word)}
        self.seen.update(words)
        self.seen_by_holder.update(words & values)
        self.holders.update(word for word in values if word in self.seen)

    def owner(self, word: str) -> int:
        """Return the line of the one recipient with *word*; 0 where there is none or more."""
        return self.owners.get(word, 0)

    def is_of_records(self, form: str) -> bool:
        """Tell whether every word of *form* is common in records of people without it."""
        return all(map(self._is_common, words_of([form])))

    def _is_common(self, word: str) -> bool:
        others = self.lines - self.holders[word]
        return (
            others > 0 and (self.seen[word] - self.seen_by_holder[word]) / others >= WORDING_SHARE
        )


def _is_telling(word: str) -> bool:
    if word.isascii():
        return len(word) >= LEAST_LETTERS and not word.isdigit()
    return len(word) >= LEAST_LETTERS_ELSEWHERE


@dataclass(frozen=True)
class Forms:
    """The forms of one recipient's values: those that may appear, and those that may not."""

    shown: dict[str, list[str]]
    barred: dict[str, list[str]]
    campaign: list[str]

    @property
    def excused(self) -> list[str]:
        """What may stand in the message."""
        return [form for forms in self.shown.values() for form in forms] + self.campaign


class Audit:
    """Reads the three files side by side and counts what should not be there."""

    def __init__(self, pack: Pack, at: datetime | None = None) -> None:
        self.pack = pack
        self.at = at  # None judges each message at the moment that its record names
        self.tally = Tally()
        self.wording = Wording()
        self.judges: dict[tuple[str, datetime], Judge] = {}

    def run(self, recipients: Path, out: Path, records: Path) -> Tally:
        """Read the files twice: once for whose words are whose, once to look for them."""
        for line, (row, _, record) in enumerate(_side_by_side(recipients, out, records), 1):
            if row and record:
                own = words_of(_folded([row["profile"], row["recipient_id"]]))
                self.wording.learn(line, own, words_of(_folded(record)))
        for line, (row, message, record) in enumerate(_side_by_side(recipients, out, records), 1):
            self.tally.counts["lines"] += 1
            if row and message and record:
                self._line(line, Recipient.read(row), message, record)
            else:
                self.tally.fault("out_of_step", line, "a file ends before the others")
        return self.tally

    def _line(
        self, line: int, person: Recipient, out: dict[str, Any], record: dict[str, Any]
    ) -> None:
        for what in _mismatches(person, out, record):
            self.tally.fault("out_of_step", line, what)
        self.tally.outcomes[f"{out.get('outcome')}, {out.get('rung')}"] += 1
        judge = self._judge(str(out["template"]), self.at or moment(record.get("at", DEFAULT_AT)))
        forms = self._forms(judge, person)
        if out.get("message"):
            self.tally.counts["messages"] += 1
            if not judge.may_send(person):
                self.tally.fault("unpermitted", line, judge.template)
            self._message(line, judge.template, person, forms, out)
        self._record(line, person, forms, record)

    def _judge(self, template: str, at: datetime) -> Judge:
        if (template, at) not in self.judges:
            self.judges[template, at] = Judge(self.pack, template, at)
        return self.judges[template, at]

    def _forms(self, judge: Judge, person: Recipient) -> Forms:
        allowed = judge.allowed(person)
        found = Forms({}, {}, [])
        for name, raw in person.values.items():
            levels = self.pack.levels(name, raw)
            if not self.pack.is_personal(name):
                found.campaign.extend(_of(levels, finest="exact"))
                continue
            finest = allowed.get(name)
            found.shown[name] = _of(levels, finest=finest) if finest else []
            found.barred[name] = _of(levels, below=finest)
        return found

    # --- messages ---------------------------------------------------------------------------------

    def _message(
        self, line: int, template: str, person: Recipient, forms: Forms, out: dict[str, Any]
    ) -> None:
        parts: dict[str, str] = out["message"]
        texts = readings("\n".join(parts.values()))
        words = words_of(texts)
        excused = forms.excused
        for name, barred in forms.barred.items():
            found = [f for f in barred if self._is_in_message(template, f, texts, words, excused)]
            if found:
                self.tally.fault("not_allowed", line, name)
        self._seen(forms, texts)
        self._foreign(line, template, words | words_of(readings(_rest(out))), excused)
        for what in _break_outs(person, parts):
            self.tally.fault("broke_out", line, what)

    def _is_in_message(
        self, template: str, form: str, texts: Sequence[str], words: set[str], excused: list[str]
    ) -> bool:
        if not _is_long_enough(form):
            return False
        self.tally.counts["forms"] += 1
        if not _may_contain(words, form):
            return False
        usual = self.pack.in_copy(template, form)
        self.tally.counts["in_copy"] += usual > 0
        return any(_count(form, text, excused) > usual for text in texts)

    def _seen(self, forms: Forms, texts: Sequence[str]) -> None:
        for shown in forms.shown.values():
            self.tally.counts["allowed"] += bool(shown)
            self.tally.counts["allowed_seen"] += any(f in text for f in shown for text in texts)

    def _foreign(self, line: int, template: str, words: set[str], excused: list[str]) -> None:
        """Look for words that belong to one recipient: another one, or this one and denied."""
        for word in sorted(words - self.pack.copy_words(template) - words_of(excused)):
            owner = self.wording.owner(word)
            if owner == line:
                self.tally.fault("not_allowed", line, "a word of the recipient's own")
            elif owner:
                self.tally.fault("foreign", line, f"a word of line {owner}")

    # --- records ----------------------------------------------------------------------------------

    def _record(self, line: int, person: Recipient, forms: Forms, record: dict[str, Any]) -> None:
        texts = readings(json.dumps(record, ensure_ascii=False))
        words = words_of(texts)
        values = {n: [*forms.shown.get(n, ()), *forms.barred.get(n, ())] for n in forms.barred}
        values["recipient_id"] = [plain(person.id)]
        for name, found in values.items():
            if any(self._is_in_record(form, texts, words) for form in found):
                self.tally.fault("in_records", line, name)
        if any(self.wording.owner(w) and not self.wording.is_of_records(w) for w in words):
            self.tally.fault("in_records", line, "a word of one recipient")

    def _is_in_record(self, form: str, texts: Sequence[str], words: set[str]) -> bool:
        if not _is_long_enough(form) or not _may_contain(words, form):
            return False
        self.tally.counts["forms"] += 1
        return any(_count(form, t, ()) for t in texts) and not self.wording.is_of_records(form)


def _of(levels: Levels, *, finest: str | None = None, below: str | None = None) -> list[str]:
    """Return the forms from level *finest* on, or those finer than *below* (all where None)."""
    if finest:
        return [f for level, forms in levels if _rank(level) >= _rank(finest) for f in forms]
    return [f for level, forms in levels if not below or _rank(level) < _rank(below) for f in forms]


def _rank(level: str) -> int:
    return ORDER.index(level)


def _is_long_enough(form: str) -> bool:
    """Tell whether a form can be told from chance: two letters, or one of a script of signs."""
    return len(form) > 1 or not form.isascii()


def _may_contain(words: set[str], form: str) -> bool:
    """Rule out quickly that a text of these *words* has *form*; scripts of signs have no words."""
    return not form.isascii() or words_of([form]) <= words


def _count(form: str, text: str, excused: Iterable[str]) -> int:
    """Count *form* in *text*, but for where it is part of something that is excused."""
    found = list(spans(form, text))
    if not found:
        return 0
    covers = [span for other in excused if form in other for span in spans(other, text)]
    return sum(1 for a, b in found if not any(c <= a and b <= d for c, d in covers))


def _break_outs(person: Recipient, parts: dict[str, str]) -> Iterator[str]:
    """Yield where a value did more than stand in its place."""
    has_sum = _SUM in str(person.values)
    for name, text in parts.items():
        if _HARMFUL.search(text) or (name in ONE_LINE and "\n" in text):
            yield f"a control character or line break in {name}"
        if has_sum and _RESULT in text:
            yield f"template code of a value was run in {name}"
    markup = parts.get("html", "")
    for name, raw in person.values.items():
        texts = raw if isinstance(raw, list) else [raw]
        if any(isinstance(t, str) and re.search('[<>"&]', t) and t in markup for t in texts):
            yield f"{name} is not escaped in html"


def _mismatches(person: Recipient, out: dict[str, Any], record: dict[str, Any]) -> Iterator[str]:
    if out.get("id") != person.id:
        yield "the recipient"
    for key in ("message_id", "outcome", "template"):
        if out.get(key) is None or out.get(key) != record.get(key):
            yield key
    if bool(out.get("message")) != (out.get("outcome") == "send"):
        yield "a message without leave to send, or leave without a message"


def _rest(out: dict[str, Any]) -> str:
    """Return what else stands in an output line, as text."""
    kept = {key: value for key, value in out.items() if key not in {"id", "message", "message_id"}}
    return json.dumps(kept, ensure_ascii=False)


def _folded(value: object) -> list[str]:
    """Return the folded texts in a JSON value, keys included."""
    if isinstance(value, dict):
        return [text for pair in value.items() for each in pair for text in _folded(each)]
    if isinstance(value, list):
        return [text for each in value for text in _folded(each)]
    return [] if value is None or isinstance(value, bool) else [plain(str(value))]


def _side_by_side(*paths: Path) -> Iterator[tuple[dict[str, Any] | None, ...]]:
    yield from zip_longest(*map(_rows, paths))


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        for number, text in enumerate(file, 1):
            try:
                row = json.loads(text)
            except ValueError:
                row = None
            if not isinstance(row, dict):
                raise UnreadableError(f"{path.name}:{number}: not a JSON object")
            yield row


class UnreadableError(Exception):
    """A file that cannot be read."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Audit three files and print what was found."""
    parser = argparse.ArgumentParser(
        description="Look for values that should not be in the output."
    )
    parser.add_argument("recipients", type=Path, help="the raw recipients, JSON lines")
    parser.add_argument("out", type=Path, help="the messages, JSON lines")
    parser.add_argument("records", type=Path, help="the decision records, JSON lines")
    parser.add_argument("--pack", type=Path, default=PACK, help="default: the garden-club pack")
    parser.add_argument("--at", type=moment, help="default: the moment that each record names")
    options = parser.parse_args(arguments)
    try:
        audit = Audit(Pack(options.pack), options.at)
        tally = audit.run(options.recipients, options.out, options.records)
    except (OSError, UnreadableError) as err:
        print(f"cannot be read: {err}", file=sys.stderr)
        return 2
    print("\n".join(tally.report()))
    return 0 if tally.is_fine else 1


if __name__ == "__main__":
    sys.exit(main())
