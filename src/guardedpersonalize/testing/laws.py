"""
The laws of the engine as functions, for whoever has a pack: each raises `AssertionError` if broken.

The messages of these errors name parts, fields, slots and rules, never a value. The tests of this
package run the laws over the strategies of `guardedpersonalize.testing.strategies`; run them over
your own packs, profiles and consents in the same way.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NoReturn

from guardedpersonalize.check import Finding
from guardedpersonalize.consent import Consent
from guardedpersonalize.engine import Engine, Recipient, Result
from guardedpersonalize.errors import CODES, GuardError
from guardedpersonalize.minimise import GENERALISERS, Context, Slots, generalise
from guardedpersonalize.profile import Profile
from guardedpersonalize.render import Draft
from guardedpersonalize.testing.agreement import must_agree
from guardedpersonalize.testing.both_readers import read_both_ways
from guardedpersonalize.testing.shape import shape_of
from guardedpersonalize.testing.silence import shown_by, traces_of
from guardedpersonalize.testing.stages import (
    as_written,
    context_of,
    drafted,
    fingerprint,
    grant_of,
    is_at_level,
    shown,
    tamed,
)
from guardedpersonalize.vocabulary import OMIT, Family

__all__ = [
    "containment",
    "context_of",
    "determinism",
    "fingerprint",
    "generalisation",
    "minimisation",
    "monotony_of_consent",
    "monotony_of_rules",
    "non_interference",
    "one_path",
    "only_own_errors",
    "silence",
    "two_readers",
]


def _broken(law: str, what: str) -> NoReturn:
    raise AssertionError(f"{law}: {what}.")


def non_interference(
    engine: Engine,
    template: str,
    profile: Profile,
    consent: Consent,
    at: datetime,
    *,
    other: Profile,
) -> None:
    """
    Law 1: profiles that agree on what is allowed get byte-identical messages.

    A value that is not allowed may only ever hold a message back (the echo of it was found, or it
    marks the reader as vulnerable); then the other one, if it is sent, is what was written.

    Args:
        engine: The engine, with its pack.
        template: Name of a template.
        profile: A profile.
        consent: What the person said.
        at: The moment.
        other: A profile of the same person that agrees with *profile* on what is allowed.

    Raises:
        UsageError: GP501, if the profiles do not agree; it names the fields.
    """
    law = "law 1, non-interference"
    one, two = (engine.render(template, who, consent, at=at) for who in (profile, other))
    must_agree(engine, template, (profile, other), (one.grant, two.grant))
    texts = [
        None if draft is None else [(part.name, part.text) for part in draft.parts]
        for _, draft in (
            as_written(engine, template, profile, one.grant),
            as_written(engine, template, other, two.grant),
        )
    ]
    if texts[0] != texts[1]:
        _broken(law, "the drafts as written differ")
    if one.message and two.message:
        _same_message(law, one, two)
    elif not _is_held_back(one) and not _is_held_back(two):
        _same_refusal(law, one, two)


def _same_message(law: str, one: Result, two: Result) -> None:
    first, second = (dict(result.message.parts) if result.message else {} for result in (one, two))
    differing = sorted(name for name in {*first, *second} if first.get(name) != second.get(name))
    if differing:
        _broken(law, f"the messages differ in {', '.join(differing)}")
    if one.decision.rung is not two.decision.rung or one.explanation != two.explanation:
        _broken(law, "the messages differ in rung or explanation")


def _is_held_back(result: Result) -> bool:
    """Tell whether a value that is not allowed is what keeps the message from being sent."""
    codes = {cause.code for cause in result.decision.causes}
    found = _echoes((*result.findings, *result.refused))
    return result.message is None and (found or "vulnerable" in codes)


def _echoes(findings: Sequence[Finding]) -> bool:
    return any(finding.family is Family.ECHO for finding in findings)


def _same_refusal(law: str, one: Result, two: Result) -> None:
    if one.decision.outcome is not two.decision.outcome:
        _broken(law, "the outcomes differ, and no echo is the reason")
    if one.findings != two.findings:
        _broken(law, "the findings differ, and no echo is the reason")


def monotony_of_consent(
    engine: Engine,
    template: str,
    profile: Profile,
    consent: Consent,
    at: datetime,
    *,
    lesser: Consent,
) -> None:
    """
    Law 2, first half: taking a permission away never adds text from any field.

    Nothing may be used that might not be used before, nor more finely; no slot is filled that was
    not; and as written, no slot is newly shown unless the template's own condition on a slot that
    was taken away brings it forward (`{% if first_name %}...{% else %}{{ city }}{% endif %}`).

    Args:
        engine: The engine, with its pack.
        template: Name of a template.
        profile: The person.
        consent: What the person said.
        at: The moment.
        lesser: The same with a permission taken away, or an objection added.
    """
    law = "law 2, monotony of consent"
    more, less = (grant_of(engine, template, profile, said, at) for said in (consent, lesser))
    if less.message.is_allowed and not more.message.is_allowed:
        _broken(law, "the message may be sent, and might not before")
    for name, granted in less.fields.items():
        before = more.fields[name]
        if granted.is_allowed and not (before.is_allowed and before.level == granted.level):
            _broken(law, f"field {name!r} may be used, and might not before")
    slots_before, draft_before = as_written(engine, template, profile, more)
    slots_after, draft_after = as_written(engine, template, profile, less)
    for slot in slots_after.filled:
        if not slots_before[slot.spec.name].is_filled:
            _broken(law, f"slot {slot.spec.name!r} is filled, and was not before")
    if draft_before and draft_after:
        _no_newly_shown(law, (slots_before, draft_before), (slots_after, draft_after))


def _no_newly_shown(law: str, before: tuple[Slots, Draft], after: tuple[Slots, Draft]) -> None:
    gone = {s.spec.name for s in before[0].filled} - {s.spec.name for s in after[0].filled}
    known = {name for name, _ in shown(*before)}
    for name, control in shown(*after):
        if name not in known and gone.isdisjoint(control):
            _broken(law, f"slot {name!r} is shown, and was not before")


def monotony_of_rules(
    engine: Engine,
    template: str,
    profile: Profile,
    consent: Consent,
    at: datetime,
    *,
    stricter: Engine,
) -> None:
    """
    Law 2, second half: adding a rule never turns block into send, nor makes any outcome milder.

    One thing is outside this law: where an echo in a lesser version holds a message back, another
    finding may have that version not tried.

    Args:
        engine: An engine.
        template: Name of a template.
        profile: The person.
        consent: What the person said.
        at: The moment.
        stricter: The same engine with more rules or detectors, or a stricter policy.
    """
    mild, strict = (
        reader.render(template, profile, consent, at=at) for reader in (engine, stricter)
    )
    if not mild.message and _echoes(mild.findings) and not _echoes(mild.refused):
        return
    before, after = mild.decision.outcome, strict.decision.outcome
    if after.rank < before.rank:
        _broken("law 2, monotony of rules", f"more rules turned {before} into {after}")


def generalisation(name: str, value: object, level: str, *, context: Context) -> None:
    """
    Law 3, for a value: generalising is idempotent and never more precise than asked.

    Args:
        name: A generaliser.
        value: A value as `Field.parse` returns it; anything at all.
        level: One of its levels.
        context: What generalisers may know.
    """
    law = f"law 3, minimisation by {name} to {level}"
    rungs = GENERALISERS[name].ladder
    coarse = generalise(name, value, level, context=context)
    if coarse is None:
        return
    if rungs.rank(coarse.level) < rungs.rank(level) or level == OMIT:
        _broken(law, "what comes out is finer than asked")
    for further in rungs.levels:
        again = generalise(name, coarse, further, context=context)
        if again is not None and rungs.rank(again.level) < rungs.rank(level):
            _broken(law, f"what was coarse is finer again at {further}")
        if rungs.rank(further) <= rungs.rank(level):
            if again != coarse:
                _broken(law, f"doing it twice, then at {further}, is not doing it once")
        elif again is not None:
            at_once = generalise(name, value, further, context=context)
            if at_once is not None and at_once != again:
                _broken(law, f"going on to {further} is not going there at once")


def minimisation(
    engine: Engine, template: str, profile: Profile, consent: Consent, at: datetime
) -> None:
    """
    Law 3, for a message: no slot is finer than its declaration and the grant ask, nor filled
    without either; and minimising twice gives the same slots.
    """
    law = "law 3, minimisation"
    grant = grant_of(engine, template, profile, consent, at)
    slots, _ = as_written(engine, template, profile, grant)
    for slot in slots.filled:
        name, granted = slot.spec.name, grant.fields[slot.field.name]
        rungs = GENERALISERS[slot.field.generaliser or "text"].ladder
        asked = slot.spec.level or slot.field.level
        if not granted.is_allowed:
            _broken(law, f"slot {name!r} is filled from a field that is not allowed")
        if rungs.rank(slot.level) < max(rungs.rank(asked), rungs.rank(granted.level)):
            _broken(law, f"slot {name!r} is finer than asked")
        if not is_at_level(slot, profile, context_of(engine, template, at)):
            _broken(law, f"slot {name!r} holds another value than its level gives")
    if as_written(engine, template, profile, grant)[0] != slots:
        _broken(law, "minimising twice gives other slots")


def one_path(engine: Engine, template: str, recipients: Sequence[Recipient], at: datetime) -> None:
    """
    Law 4: a batch of any order and size gives each recipient what a single send gives.

    Profiles and consents are also sent through pickle, as they are between processes.
    """
    law = "law 4, one path"
    single = [
        fingerprint(engine.render(template, each.profile, each.consent, at=at))
        for each in recipients
    ]
    ways = {
        "a batch": list(recipients),
        "a batch backwards": list(reversed(recipients)),
        "a batch that was pickled": pickle.loads(pickle.dumps(list(recipients))),  # noqa: S301
        "a batch of each twice": [each for each in recipients for _ in "12"],
    }
    wanted = {
        "a batch": single,
        "a batch backwards": single[::-1],
        "a batch that was pickled": single,
        "a batch of each twice": [each for each in single for _ in "12"],
    }
    for way, rows in ways.items():
        found = [fingerprint(result) for result in engine.render_many(template, rows, at=at)]
        if found != wanted[way]:
            _broken(law, f"{way} gives another result than single sends")


def two_readers(
    engine: Engine, template: str, recipients: Sequence[Recipient], at: datetime
) -> int:
    """
    Law 5: what is known of blocks gives the report that reading everything gives.

    Each draft on the way of each message is read both ways, by readers that remember the drafts
    before it.

    Returns:
        How many drafts the incremental reader answered for by itself.
    """
    answered, rules = read_both_ways(engine, template, recipients, at)
    if rules:
        _broken("law 5, two readers", f"they differ in {', '.join(sorted(rules))}")
    return answered


def silence(
    engine: Engine, template: str, profile: Profile, consent: Consent, at: datetime
) -> None:
    """
    Law 6: nothing but the message itself carries a value of the person.

    Looked for are the values of *profile* that are telling enough to be looked for (see
    `guardedpersonalize.testing.silence.traces_of`), so fill it with unlikely ones. Looked at are
    the reprs of everything that comes out, findings, reasons, record, explanation, log records of
    every logger, and what errors and their tracebacks show.
    """
    traces = traces_of(profile)
    for place, text in shown_by(engine, template, profile, consent, at):
        if any(trace in text for trace in traces):
            _broken("law 6, silence", f"{place} shows a value")


def determinism(
    engine: Engine, template: str, profile: Profile, consent: Consent, at: datetime
) -> None:
    """Law 7: the same input gives the same output, whatever was rendered in between."""
    first = fingerprint(engine.render(template, profile, consent, at=at))
    engine.render(template, Profile(profile.recipient_id, {}), Consent.none(), at=at)
    if fingerprint(engine.render(template, profile, consent, at=at)) != first:
        _broken("law 7, determinism", "the same input gave another output")


def containment(
    engine: Engine, template: str, profile: Profile, consent: Consent, at: datetime
) -> None:
    """
    Law 8: whatever a value holds, it stays text inside its slot.

    The message is laid out twice: with the values of *profile*, and with each free text replaced
    by a tame word. Elements, attributes, hosts of addresses and the depth of their paths, and the
    template's own words must be the same, and a header one line. A template that compares a free
    text with a word, or counts its letters to decide, is outside this law.
    """
    law = "law 8, containment"
    grant = grant_of(engine, template, profile, consent, at)
    slots, draft = as_written(engine, template, profile, grant)
    tame = drafted(engine, template, tamed(slots))
    if draft is None or tame is None:
        return
    for part, model in zip(draft.parts, tame.parts, strict=True):
        if shape_of(part) != shape_of(model):
            _broken(law, f"a value changes the shape of part {part.name!r}")


def only_own_errors(call: Callable[[], object]) -> GuardError | None:
    """
    Law 9: nothing but a `GuardError` leaves *call*; it is coded, documented and pickles.

    Returns:
        The error, or None where there was none.
    """
    law = "law 9, only our own errors"
    try:
        call()
    except GuardError as err:
        error = err
    except Exception as err:  # noqa: BLE001  # that is what is asked
        stranger = type(err).__name__
        _broken(law, f"{stranger} leaves")
    else:
        return None
    if error.code not in CODES:
        _broken(law, f"the code {error.code!r} is not documented")
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301  # our own bytes
    if (type(copy), str(copy)) != (type(error), str(error)):
        _broken(law, f"{error.code} does not pickle")
    return error
