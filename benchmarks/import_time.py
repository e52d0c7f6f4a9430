"""
What `import guardedpersonalize` costs, beside a bare import of the two libraries it stands on.

Each import is timed inside a fresh process; the two kinds take turns, so that a busy machine slows
both alike. Prints the medians, and PASS or FAIL for what the design asks.
"""

from __future__ import annotations

import statistics
import subprocess
import sys

ROUNDS = 7
LIMIT_S = 0.25
HEAVY = (
    "hypothesis",
    "numpy",
    "onnxruntime",
    "phonenumbers",
    "presidio_analyzer",
    "py3langid",
    "pyarrow",
    "rich",
    "spacy",
    "starlette",
    "tokenizers",
    "typer",
    "uvicorn",
    "watchfiles",
)
TIMED = "import sys, time; a = time.perf_counter(); {}; b = time.perf_counter(); print(b - a); "
LOADED = "print(*sorted(n for n in " + repr(HEAVY) + " if n in sys.modules))"

OURS = "import guardedpersonalize"
USED = "from guardedpersonalize import Engine"
BARE = "import jinja2.sandbox, pydantic; pydantic.BaseModel"


def timed(statement: str) -> tuple[float, list[str]]:
    """Return the seconds that *statement* takes in a fresh process, and what it loads of HEAVY."""
    code = TIMED.format(statement) + LOADED
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    seconds, _, loaded = done.stdout.partition("\n")
    return float(seconds), loaded.split()


def main() -> int:
    """Print the medians and the verdicts; return 1 if one fails."""
    statements = (OURS, USED, BARE)
    for statement in statements:
        timed(statement)  # once unmeasured: it writes the bytecode
    rounds = [[timed(statement) for statement in statements] for _ in range(ROUNDS)]
    ours, used, bare = (statistics.median(row[i][0] for row in rounds) for i in range(3))
    loaded = sorted({name for row in rounds for _, names in row for name in names})
    print(f"{OURS:40}{ours:.3f} s  (median of {ROUNDS})")
    print(f"{USED:40}{used:.3f} s")
    print(f"{'import jinja2 and pydantic':40}{bare:.3f} s")
    is_fast = ours < LIMIT_S
    print(f"{'PASS' if is_fast else 'FAIL'}  the first is under {LIMIT_S} s")
    print(f"{'FAIL' if loaded else 'PASS'}  none loads {', '.join(HEAVY)} {' '.join(loaded)}")
    return int(not is_fast or bool(loaded))


if __name__ == "__main__":
    raise SystemExit(main())
