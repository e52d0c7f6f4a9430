"""
How often ordinary text is flagged: real transactional mail, and the fine halves of the lines.

    python benchmarks/quality/clean.py --mail FOLDER      # real mail, and the lines
    python benchmarks/quality/clean.py                    # the lines alone
    python benchmarks/quality/clean.py --mail FOLDER --store | --check

FOLDER holds `indico_rendered.jsonl`: mail as rendered by the templates of Indico, an open-source
product (https://github.com/indico/indico, MIT); one JSON object a line with `id`, `subject` and
`body`.
Every false alarm is listed with its rule and its words.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from phrases import Check, kept_for_reporting

from guardedpersonalize.vocabulary import Severity

HERE = Path(__file__).parent
STORED = HERE / "clean.json"
MOST = 0.02
"""Share of clean texts that may be flagged; more fails `--check`."""


def of_mail(folder: Path) -> Iterator[tuple[str, str, str]]:
    """Yield id, channel and text of each mail; HTML is left to the tests of the reader."""
    for line in (folder / "indico_rendered.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        yield f"{row['id']} (subject)", "subject", row["subject"]
        yield row["id"], "email", row["body"]


def of_lines(path: Path) -> Iterator[tuple[str, str, str]]:
    """Yield id, channel and text of the fine lines of a file."""
    for row in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
        if not row["intrusive"]:
            yield row["id"], row["channel"], row["text"]


def main(argv: Sequence[str] | None = None) -> int:
    """Print what is flagged; return 1 where `--check` finds too much or more than before."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    parser.add_argument("--mail", type=Path, help="folder with the mail")
    parser.add_argument("--store", action="store_true", help="keep the figures in clean.json")
    parser.add_argument("--check", action="store_true", help="fail if more is flagged")
    options = parser.parse_args(argv)
    sources = {path.stem: of_lines(path) for path in kept_for_reporting()}
    if options.mail:
        sources["indico_rendered"] = of_mail(options.mail)
    stored = json.loads(STORED.read_text(encoding="utf-8")) if STORED.exists() else {}
    check, failures = Check(), []
    for name, texts in sources.items():
        count = flagged = 0
        for number, channel, text in texts:
            found = [
                finding
                for finding in check.read(text, channel)[0]["both"]
                if finding.severity.rank >= Severity.WARN.rank
            ]
            count += 1
            flagged += bool(found)
            for finding in found:
                words = text[finding.start : finding.end]
                print(f"  {number}: {finding.rule} {finding.severity} {words!r}")
        share = round(flagged / count, 4)
        print(f"{name}: {flagged} of {count} clean texts flagged, {share:.2%}")
        if options.check and share > max(MOST, stored.get(name, 1.0)):
            failures.append(f"{name}: {share:.2%}")
        stored[name] = share
    if options.store:
        STORED.write_text(json.dumps(stored, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    for failure in failures:
        print("too many:", failure)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
