"""
Checks every figure that is kept here and needs no data from elsewhere.

    python benchmarks/quality

Returns 1 if one of them has got worse.
"""

from __future__ import annotations

import sys

import clean
import identifiers
import languages
import phrases

if __name__ == "__main__":
    codes = [script.main(["--check"]) for script in (phrases, clean, identifiers, languages)]
    sys.exit(max(codes))
