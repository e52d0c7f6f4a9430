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

from figures import add_options, settle
from phrases import Check, kept_for_reporting

from guardedpersonalize.vocabulary import Severity

HERE = Path(__file__).parent
STORED = HERE / "clean.json"
TOLERANCE = 0.01
"""How far the share that is left alone may fall before `--check` fails."""


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
    add_options(parser)
    options = parser.parse_args(argv)
    sources = {path.stem: of_lines(path) for path in kept_for_reporting()}
    if options.mail:
        sources["indico_rendered"] = of_mail(options.mail)
    check, now = Check(), {}
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
        print(f"{name}: {flagged} of {count} clean texts flagged, {flagged / count:.2%}")
        now[name] = {"left alone": round(1 - flagged / count, 4)}
    return settle(options, STORED, now, TOLERANCE)


if __name__ == "__main__":
    sys.exit(main())
