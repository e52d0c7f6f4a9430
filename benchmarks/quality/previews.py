"""
How much the rules in preview find: intrusive lines that were written without a look at them.

    python benchmarks/quality/previews.py

The lines, in previews.jsonl, are for measuring only: a rule that is written after one of them
measures nothing.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

from guardedpersonalize.check.context import CheckContext
from guardedpersonalize.check.parts import read_part
from guardedpersonalize.check.rules import RuleSet
from guardedpersonalize.render.draft import Chunk, Part, PartKind
from guardedpersonalize.vocabulary import Channel, Family

LINES = Path(__file__).with_suffix(".jsonl")


def is_found(rules: RuleSet, text: str, lang: str) -> bool:
    """Tell whether an intrusive rule speaks up."""
    read = read_part(Part("text", PartKind.TEXT, (Chunk(text),)))
    found = rules.find(read, CheckContext(channel=Channel.EMAIL, lang=lang))
    return any(finding.family is Family.INTRUSIVE for finding in found)


def main() -> None:
    """Print how many lines of each language are found."""
    rules = RuleSet.load()
    lines = [json.loads(line) for line in LINES.read_text(encoding="utf-8").splitlines()]
    asked = Counter(line["lang"] for line in lines)
    found = Counter(line["lang"] for line in lines if is_found(rules, line["text"], line["lang"]))
    for lang, count in asked.items():
        print(f"{lang}   {found[lang]} of {count}")
    print(f"all  {found.total()} of {asked.total()}")


if __name__ == "__main__":
    main()
