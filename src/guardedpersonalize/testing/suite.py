"""What is tried of a pack when it is under test; the pytest plugin is a thin shell over this."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

from guardedpersonalize.engine import Engine, Result
from guardedpersonalize.errors import UsageError
from guardedpersonalize.packs import Pack, Persona
from guardedpersonalize.testing import pack_laws, snapshots
from guardedpersonalize.testing.examples import run_example
from guardedpersonalize.testing.personas import worst_cases
from guardedpersonalize.vocabulary import did_you_mean

__all__ = ["Bench", "Claim", "Clock", "Options"]


@dataclass(slots=True)
class Clock:
    """The present time, or a moment at which it stands still."""

    frozen: datetime | None = None

    def __call__(self) -> datetime:
        """Return the moment that it shows."""
        return self.frozen or datetime.now(UTC)

    def freeze(self, at: datetime | str) -> datetime:
        """
        Stop at *at*: a moment with a time zone, or its ISO 8601 text.

        Raises:
            UsageError: GP501, if it is neither.
        """
        try:
            moment = datetime.fromisoformat(at) if isinstance(at, str) else at
        except ValueError:
            moment = None
        if moment is None or moment.tzinfo is None:
            remedy = "Write it like 2026-11-01T09:00:00Z."
            raise UsageError("GP501", "that is no time with a time zone.", remedy=remedy)
        self.frozen = moment
        return moment


@dataclass(frozen=True, slots=True)
class Options:
    """
    How packs are tried.

    Args:
        laws: Names of the laws to hold templates to; all if empty.
        seed: Where chance begins.
        budget_s: Seconds for a template, shared by its laws.
    """

    laws: tuple[str, ...] = ()
    seed: int = 0
    budget_s: float = 40.0

    def __post_init__(self) -> None:
        for law in self.laws:
            if law not in pack_laws.LAWS:
                remedy = did_you_mean(law, pack_laws.LAWS) or f"Known: {', '.join(pack_laws.LAWS)}."
                raise UsageError("GP501", f"there is no law {law!r}.", remedy=remedy)
        if self.budget_s <= 0:
            raise UsageError("GP501", "the time for a template must be above 0 seconds.")

    @property
    def chosen(self) -> tuple[str, ...]:
        """The laws to hold templates to, in order."""
        return tuple(law for law in pack_laws.LAWS if not self.laws or law in self.laws)


@dataclass(frozen=True, slots=True)
class Claim:
    """
    One thing that is claimed of a pack, and can be tried.

    Args:
        name: The claim, for the report.
        run: Tries it: returns remarks, or raises an `AssertionError` for people to read.
        template: The template that it is about; "" for the pack.
        law: The law, or "".
    """

    name: str
    run: Callable[[], tuple[str, ...]] = field(repr=False)
    template: str = ""
    law: str = ""


class Bench:
    """
    A pack in a folder, an engine for it, and everything to try.

    Args:
        root: The pack's folder.
        options: How it is tried.

    Raises:
        PackError: with everything that is wrong with the pack.
    """

    def __init__(self, root: Path, options: Options | None = None) -> None:
        self.root = root
        self.options = options or Options()
        self.clock = Clock()
        self.engine = Engine.from_pack(root, clock=self.clock)

    @property
    def pack(self) -> Pack:
        """The pack."""
        return self.engine.pack

    @cached_property
    def personas(self) -> Mapping[str, Persona]:
        """The worst-case personas and the pack's own, which win where two share an id."""
        return {**worst_cases(self.pack), **self.pack.personas}

    def render(
        self, template: str, persona: Persona | str, *, at: datetime | None = None
    ) -> Result:
        """
        Render *template* for *persona*, at *at*, else at the frozen clock, else at its own moment.

        Raises:
            UsageError: GP501, if there is no such template or persona.
        """
        who = self._persona(persona) if isinstance(persona, str) else persona
        moment = at or self.clock.frozen or who.at
        return self.engine.render(template, who.profile, who.consent, at=moment)

    def _persona(self, id_: str) -> Persona:
        if id_ not in self.personas:
            remedy = did_you_mean(id_, self.personas)
            raise UsageError("GP501", f"there is no persona {id_!r}.", remedy=remedy)
        return self.personas[id_]

    def example(self, id_: str) -> Claim:
        """Return what the example *id_* claims."""
        claim = self.pack.examples[id_]

        def run() -> tuple[str, ...]:
            run_example(self.engine, id_)
            return ()

        return Claim(claim.claim, run, claim.template)

    def laws(self) -> Iterator[Claim]:
        """Yield a claim for each template and law."""
        for template in self.pack.templates:
            for law in self.options.chosen:
                yield Claim(f"{template}: {law}", self._law(template, law), template, law)

    def _law(self, template: str, law: str) -> Callable[[], tuple[str, ...]]:
        budget_s = self.options.budget_s / len(self.options.chosen)
        seed = self.options.seed
        return lambda: pack_laws.hold(self.engine, template, law, seed=seed, budget_s=budget_s)

    def snapshots(self) -> Iterator[Claim]:
        """Yield a claim for each template, where anything was approved."""
        if not (self.root / snapshots.FOLDER).is_dir():
            return
        for template in self.pack.templates:
            yield Claim(f"{template}: says what was approved", self._snapshot(template), template)
        if snapshots.stale(self.engine, self.root):
            yield Claim("every snapshot has its template", self._no_stale)

    def _snapshot(self, template: str) -> Callable[[], tuple[str, ...]]:
        def run() -> tuple[str, ...]:
            snapshots.check_snapshot(self.engine, self.root, template)
            return ()

        return run

    def _no_stale(self) -> tuple[str, ...]:
        names = ", ".join(path.name for path in snapshots.stale(self.engine, self.root))
        raise snapshots.SnapshotDiffers(f"no template goes with {names}.")
