"""How the tests of this folder hold a pack to its own examples."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from guardedpersonalize.engine import Engine


@pytest.fixture(scope="session")
def holds() -> Callable[[Engine, str], None]:
    """Return a function that asserts what an example of a pack claims."""

    def hold(engine: Engine, example: str) -> None:
        claim = engine.pack.examples[example]
        who = engine.pack.personas[claim.persona]
        result = engine.render(claim.template, who.profile, who.consent, at=who.at)
        assert result.decision.outcome is claim.outcome
        assert claim.rung in {None, result.decision.rung.value}
        assert set(claim.findings) <= {finding.rule for finding in result.findings}
        parts = result.message.parts if result.message else {}
        for part, texts in claim.contains.items():
            assert all(text in parts[part] for text in texts), part
        for part, texts in claim.absent.items():
            assert not any(text in parts.get(part, "") for text in texts), part

    return hold
