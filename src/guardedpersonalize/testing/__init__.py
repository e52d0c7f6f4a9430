"""
For the tests of packs and of this package: strategies, laws, personas, and packs made in memory.

`laws`, `make_pack` and `worst_cases` need nothing else. `guardedpersonalize.testing.strategies`
needs Hypothesis: install `guardedpersonalize[testing]`.
"""

from guardedpersonalize.testing.packs import SENDER, TemplateSource, make_pack
from guardedpersonalize.testing.personas import worst_cases

__all__ = ["SENDER", "TemplateSource", "make_pack", "worst_cases"]
