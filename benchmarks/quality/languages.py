"""
How often the language of a text is told rightly, wrongly, or not at all.

    python benchmarks/quality/languages.py            # print the table
    python benchmarks/quality/languages.py --check    # fail if a text is taken for another language

The English texts are the lines that the reader model is made with; those of other languages are the
examples of their rules, which were written for the rules and not for this.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Sequence

from phrases import TRAINING

from guardedpersonalize.check import RuleSet
from guardedpersonalize.check.language import are_alike, language_of

MARKS = re.compile(r"\[\[|\]\]|\{[^|{}]*\||\}")
SHORT = 40
MOST_WRONG = 0.005
"""Share of texts that may be taken for another language."""


def texts() -> Iterator[tuple[str, str]]:
    """Yield language and text."""
    for path in sorted((TRAINING / "data").glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            yield "en", json.loads(line)["text"]
    for rule in RuleSet.load().rules:
        if rule.lang in {"any", "en"} or rule.examples is None:
            continue
        for example in (*rule.examples.must_match, *rule.examples.must_not_match):
            if example.text:
                yield rule.lang, MARKS.sub("", example.text)


def main(argv: Sequence[str] | None = None) -> int:
    """Print the table; return 1 where `--check` finds too many mistakes."""
    is_check = "--check" in (sys.argv[1:] if argv is None else argv)
    counts: dict[tuple[str, bool], list[int]] = {}
    for lang, text in texts():
        count = counts.setdefault((lang, len(text) < SHORT), [0, 0, 0])
        found = language_of(text)
        count[0] += 1
        count[1] += found is not None and are_alike(found, lang)
        count[2] += found is not None and not are_alike(found, lang)
    print("language  length       texts  told rightly  wrongly  not told")
    is_bad = False
    for (lang, is_short), (count, right, wrong) in sorted(counts.items()):
        length = f"under {SHORT}" if is_short else "longer"
        unsure = count - right - wrong
        print(f"{lang:9} {length:10} {count:7} {right:13} {wrong:8} {unsure:9}")
        is_bad = is_bad or wrong > max(1, MOST_WRONG * count)
    return int(is_check and is_bad)


if __name__ == "__main__":
    sys.exit(main())
