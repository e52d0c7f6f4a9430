"""One template of a pack under trial: its drafts for many people, and what breaks a law."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from guardedpersonalize.consent import Grant
from guardedpersonalize.engine import Engine, Result
from guardedpersonalize.engine.message import MessageRun
from guardedpersonalize.errors import RenderError
from guardedpersonalize.minimise import Slots
from guardedpersonalize.packs import PackTemplate, Persona
from guardedpersonalize.render import Draft
from guardedpersonalize.testing.persona_file import persona_toml
from guardedpersonalize.testing.personas import combinations, worst_cases
from guardedpersonalize.testing.stages import grant_of, slots_of
from guardedpersonalize.vocabulary import Outcome

__all__ = ["LEFT_OUT", "LawBroken", "Trial", "Version", "cut_short"]

LEFT_OUT: Final = "with slots left out"
"""Name of the version that the engine comes to by itself, and may hold back without loss."""
_AS_WRITTEN: Final = "as written"


class LawBroken(AssertionError):  # noqa: N818 - a broken law is no error of a program
    """
    A template breaks a law. Its text is for whoever wrote the template, persona included.

    Args:
        what: What went wrong, in a sentence or more.
        persona: Who would meet it; None where it does not hang on anybody.
        other: The same person with other values, where two messages were compared.
        version: The name of the `Version` that it is about.
    """

    def __init__(
        self,
        what: str,
        persona: Persona | None = None,
        other: Persona | None = None,
        version: str = _AS_WRITTEN,
    ) -> None:
        super().__init__(what, persona, other, version)
        self.what = what
        self.persona = persona
        self.other = other
        self.version = version

    def __str__(self) -> str:
        lines = [self.what]
        if self.persona and self.other and self.persona.profile != self.other.profile:
            lines += ["", "The two differ in:", *_differences(self.persona, self.other)]
        if self.persona:
            lines += ["", self._heading, "", persona_toml(self.persona)]
        if self.persona and self.other and self.persona.consent != self.other.consent:
            lines += ["The other one says less:", "", persona_toml(self.other)]
        return "\n".join(lines)

    @property
    def _heading(self) -> str:
        if self.version == _AS_WRITTEN:
            return "To see it, save this as personas/counter-example.toml:"
        return f"It is the message {self.version}, which no preview of this persona need show:"


def cut_short(remark: str) -> str:
    """Return *remark* as one about what there was no time for; the plugin shows it to everybody."""
    return f"cut short: {remark} in the time that was given"


def _differences(one: Persona, other: Persona) -> Iterator[str]:
    mine, yours = _values(one), _values(other)
    for name in sorted({*mine, *yours}):
        if mine.get(name) != yours.get(name):
            yield f"  {name} = {mine.get(name)!r} or {yours.get(name)!r}"
        elif one.profile.observed_at(name) != other.profile.observed_at(name):
            yield f"  when {name} was observed"


def _values(persona: Persona) -> dict[str, object]:
    return {name: persona.profile.reveal(name) for name in persona.profile.fields}


@dataclass(frozen=True, slots=True)
class Version:
    """
    One version of a message that the ladder may come to.

    Args:
        name: What it is called: "as written", "with slots left out" or "generic".
        draft: Its draft.
        slots: What it was made of.
    """

    name: str
    draft: Draft
    slots: Slots


@dataclass(frozen=True)
class Trial:
    """
    One template of an engine's pack, put on trial.

    Args:
        engine: The engine, with its pack.
        name: Name of the template.
        seed: Where chance begins: the same seed tries the same things.
        budget_s: Seconds for each law that searches; what is left out then passes.
    """

    engine: Engine
    name: str
    seed: int = 0
    budget_s: float = 10.0

    @property
    def template(self) -> PackTemplate:
        """The template."""
        return self.engine.pack.template(self.name)

    @cached_property
    def worst_cases(self) -> Mapping[str, Persona]:
        """The worst-case personas of this template."""
        return worst_cases(self.engine.pack, template=self.name)

    @cached_property
    def combinations(self) -> tuple[Persona, ...]:
        """The personas that fill its slots in other combinations."""
        return tuple(combinations(self.engine.pack, self.name))

    @property
    def everybody(self) -> tuple[Persona, ...]:
        """Combinations, worst cases and the pack's own personas, in this order."""
        own = self.engine.pack.personas.values()
        return (*self.combinations, *self.worst_cases.values(), *own)

    def grant(self, persona: Persona) -> Grant:
        """Return what *persona* allows."""
        return grant_of(self.engine, self.name, persona.profile, persona.consent, persona.at)

    def render(self, persona: Persona) -> Result:
        """Return what *persona* gets."""
        return self.engine.render(self.name, persona.profile, persona.consent, at=persona.at)

    def versions(self, persona: Persona, *, seen: set[str] | None = None) -> Iterator[Version]:
        """
        Yield the versions that *persona* may get; none where no message may be sent at all.

        Args:
            persona: Somebody.
            seen: Takes the `sid` of each site that writes.
        """
        grant = self.grant(persona)
        if not grant.message.is_allowed:
            return
        # What has a fallback is left empty on one rung of the ladder, and not on the next.
        spare = frozenset(spec.name for spec in self.template.slots if spec.fallback is not None)
        omitted = {_AS_WRITTEN: frozenset[str](), LEFT_OUT: spare}
        for name, omit in omitted.items():
            slots = slots_of(self.engine, self.name, persona.profile, grant, omit=omit)
            is_new = name == _AS_WRITTEN or spare
            if is_new and not slots.missing:
                yield self._version(name, slots, persona, seen)
        if self.template.has_generic:
            slots = slots_of(self.engine, self.name, persona.profile, grant)
            yield self._version("generic", slots, persona, seen)

    def is_sent(self, persona: Persona, version: Version) -> bool:
        """Tell whether the check and the policy let *version* go to *persona*."""
        run = MessageRun(self.engine.workshop, self.template, persona.profile, self.grant(persona))
        judged = run.judged(version.slots, version.draft)
        return judged.judgement.outcome is Outcome.SEND

    def _version(self, name: str, slots: Slots, persona: Persona, seen: set[str] | None) -> Version:
        is_generic = name == "generic"
        try:
            draft = self.engine.pack.render(
                self.template, slots.context(), is_generic=is_generic, seen=seen
            )
        except RenderError as err:
            what = f"The message {name} cannot be made: {err.message} ({err.where})"
        else:
            if seen is not None:
                seen.update(site for part in draft.parts for site in part.path)
            return Version(name, draft, slots)
        raise LawBroken(what, persona, version=name)
