"""
The laws that every template of a pack is held to, with no test written by anybody.

Each is a function of a `Trial` that raises `LawBroken`, with somebody whose message breaks it, and
returns remarks for the report. `non_interference`, `monotony_of_consent` and `containment` search,
and need Hypothesis; the others go through the worst-case personas and the combinations of slots.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from guardedpersonalize.check import Finding
from guardedpersonalize.engine import Engine, Result
from guardedpersonalize.engine.proofread import is_of_value
from guardedpersonalize.errors import UsageError
from guardedpersonalize.packs import Persona
from guardedpersonalize.packs.layout import room_of
from guardedpersonalize.render import OutputSite
from guardedpersonalize.testing import laws
from guardedpersonalize.testing.copy_faults import faults_in
from guardedpersonalize.testing.permission import may_be_sent, may_be_used
from guardedpersonalize.testing.stages import slots_of
from guardedpersonalize.testing.trials import LEFT_OUT, LawBroken, Trial, cut_short
from guardedpersonalize.vocabulary import Outcome, Severity, did_you_mean

__all__ = ["LAWS", "Law", "hold"]

Law = Callable[[Trial], tuple[str, ...]]
"""Holds a trial to a law: returns remarks, or raises `LawBroken`."""

_AT_LEAST: Final = 6  # people whose messages are read however short the time is


def hold(engine: Engine, template: str, law: str, **options: object) -> tuple[str, ...]:
    """
    Hold a template to one law, and return remarks for the report.

    Args:
        engine: The engine, with its pack.
        template: Name of a template.
        law: Key of `LAWS`.
        options: `seed` and `budget_s` of `Trial`.

    Raises:
        LawBroken: with the smallest case that was found.
        UsageError: GP501, if there is no such template or law, or it needs Hypothesis.
    """
    if law not in LAWS:
        remedy = did_you_mean(law, LAWS) or f"Known: {', '.join(LAWS)}."
        raise UsageError("GP501", f"there is no law {law!r}.", remedy=remedy)
    trial = Trial(engine, engine.pack.template(template).name, **options)  # type: ignore[arg-type]
    return LAWS[law](trial)


def non_interference(trial: Trial) -> tuple[str, ...]:
    """Two people who differ only in what they did not allow get the same message."""
    return _search("non_interference")(trial)


def monotony_of_consent(trial: Trial) -> tuple[str, ...]:
    """Taking a permission away, or objecting, never adds anything to a message."""
    return _search("monotony_of_consent")(trial)


def containment(trial: Trial) -> tuple[str, ...]:
    """Whatever a value holds, it stays text inside its slot."""
    return _search("containment")(trial)


def _search(law: str) -> Law:
    """Return the function of `search` that holds a trial to *law*."""
    try:
        from guardedpersonalize.testing import search  # noqa: PLC0415 - needs Hypothesis
    except ModuleNotFoundError:
        remedy = "Install guardedpersonalize[testing]."
        raise UsageError("GP501", f"the law {law} needs Hypothesis.", remedy=remedy) from None
    found: Law = getattr(search, law)
    return found


def permission(trial: Trial) -> tuple[str, ...]:
    """What somebody does not allow is in no message to them, nor finer than they allow."""
    people = (*trial.combinations, *trial.worst_cases.values())
    for persona in people:
        grant = trial.grant(persona)
        if grant.message.is_allowed and not may_be_sent(trial.template, persona):
            raise LawBroken("A message may be sent to somebody who does not want it.", persona)
        profile = persona.profile
        for slot in slots_of(trial.engine, trial.name, profile, grant).filled:
            if not may_be_used(trial.template, persona, slot.field):
                what = f"Slot {slot.spec.name!r} is filled from the field {slot.field.name!r}"
                raise LawBroken(f"{what}, which this person does not allow.", persona)
        try:
            laws.minimisation(trial.engine, trial.name, profile, persona.consent, persona.at)
        except AssertionError as err:
            raise LawBroken(f"A slot holds more than it asks for: {err}", persona) from None
        if _is_spared(trial, persona) and trial.render(persona).message:
            raise LawBroken("A message goes to somebody whom the policy spares.", persona)
    return (f"{len(people)} people were asked",)


def _is_spared(trial: Trial, persona: Persona) -> bool:
    """Tell whether the pack's policy keeps such messages from somebody who is marked."""
    policy = trial.engine.pack.policy
    is_reached = trial.template.purpose.purpose_class in policy.vulnerable_classes
    values = (
        persona.profile.reveal(name) for name in policy.vulnerable_fields if name in persona.profile
    )
    return is_reached and policy.vulnerable_outcome is not Outcome.SEND and any(values)


def no_errors(trial: Trial) -> tuple[str, ...]:
    """No message has a finding of severity error, whatever is allowed."""
    end = time.monotonic() + trial.budget_s
    own = trial.engine.pack.personas.values()
    people = [*trial.combinations, *own, *trial.worst_cases.values()]
    usual = len(trial.combinations)
    for number, persona in enumerate(people):
        if number >= _AT_LEAST and time.monotonic() > end:
            return (cut_short(f"{number} of {len(people)} messages were read"),)
        for finding in _as_written(trial.render(persona)):
            # An odd value may speak for itself; a usual one may not.
            if finding.severity is Severity.ERROR and (number < usual or not is_of_value(finding)):
                raise LawBroken(_sentence(finding), persona)
    return (f"{len(people)} messages were read",)


def _as_written(result: Result) -> tuple[Finding, ...]:
    return result.refused or result.findings


def _sentence(finding: Finding) -> str:
    where = f"{finding.template}:{finding.line}" if finding.template else f"part {finding.part!r}"
    slots = f" (slot {', '.join(finding.slots)})" if finding.slots else ""
    return f"{where}{slots}: {finding.rule} {finding.message} {finding.fix}".rstrip()


def reads_well(trial: Trial) -> tuple[str, ...]:
    """Where a slot stays empty or takes its fallback, the copy shows no gap."""
    versions = 0
    for persona in trial.everybody:
        for version in trial.versions(persona):
            versions += 1
            parts, language = version.draft.parts, trial.template.language
            fault = next((fault for part in parts for fault in faults_in(part, language)), "")
            if fault and (version.name != LEFT_OUT or trial.is_sent(persona, version)):
                what = f"{fault} The message is that {version.name}."
                raise LawBroken(what, persona, version=version.name)
    return (f"{versions} versions were looked at",)


def fits(trial: Trial) -> tuple[str, ...]:
    """The longest values leave each part within the limits of its channel."""
    longest: dict[str, int] = {}
    for persona in trial.everybody:
        for version in trial.versions(persona):
            for part in version.draft.parts:
                room = room_of(trial.template.channel, part.name)
                length = len(part.text)
                longest[part.name] = max(longest.get(part.name, 0), length)
                if room is not None and length > room:
                    what = (
                        f"part {part.name!r} has {length} characters {version.name}; "
                        f"{trial.template.channel} has room for {room}. "
                        "Shorten the words, or give a slot a smaller max_length."
                    )
                    raise LawBroken(what, persona, version=version.name)
    return tuple(f"{name}: at most {length} characters" for name, length in longest.items())


def branches(trial: Trial) -> tuple[str, ...]:
    """Every branch of a template is reached by somebody."""
    seen: set[str] = set()
    for persona in trial.everybody:
        for _ in trial.versions(persona, seen=seen):
            pass
    wanted = {site.sid: site for site in _conditional(trial)}
    left = [site for sid, site in wanted.items() if sid not in seen]
    reached = len(wanted) - len(left)
    remark = f"branches: {reached} of {len(wanted)} places that hang on a slot are reached"
    if left:
        places = dict.fromkeys(_place(site) for site in left)
        listed = "\n".join(f"  {place}" for place in places)
        raise LawBroken(f"{remark}. Nobody reaches:\n{listed}")
    return (remark,)


def _conditional(trial: Trial) -> Iterator[OutputSite]:
    """Yield what is written on some slot's condition, in the template and its generic version."""
    for is_generic in trial.template.versions:
        entry = trial.template.entry(is_generic=is_generic)
        for part in trial.engine.pack.template_set.analysis(entry).parts:
            yield from _own(part.sites)


def _own(sites: tuple[OutputSite, ...]) -> Iterator[OutputSite]:
    before: OutputSite | None = None
    for site in sites:
        # Words beside a constant expression are joined to it when the template is compiled.
        is_joined = before is not None and not before.is_literal and not before.origin.slots
        if site.origin.control and not (is_joined and before and before.origin == site.origin):
            yield site
        before = site


def _place(site: OutputSite) -> str:
    slots = ", ".join(sorted(site.origin.control))
    text = " ".join(site.text.split())
    shown = f": {text[:50]}" if text else ""
    return f"{site.origin.template}:{site.origin.line} (hangs on {slots}){shown}"


LAWS: Final[Mapping[str, Law]] = MappingProxyType(
    {
        law.__name__: law
        for law in (
            non_interference,
            monotony_of_consent,
            containment,
            permission,
            no_errors,
            reads_well,
            fits,
            branches,
        )
    }
)
"""The laws by name, in the order in which they are tried; the docstring says what each claims."""
