"""
For the tests of packs and of this package: strategies, laws, and packs made in memory.

`laws` and `make_pack` need nothing else. `guardedpersonalize.testing.strategies` needs Hypothesis:
install `guardedpersonalize[testing]`.
"""

from guardedpersonalize.testing.packs import SENDER, TemplateSource, make_pack

__all__ = ["SENDER", "TemplateSource", "make_pack"]
