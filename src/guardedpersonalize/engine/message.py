"""One message on its way: refused, rendered, read, judged, and taken down the ladder."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Final, NamedTuple

from guardedpersonalize._version import __version__
from guardedpersonalize.check import (
    CheckContext,
    Checker,
    FilledSlot,
    Finding,
    Kept,
    KnownValue,
    MessageReader,
    Report,
)
from guardedpersonalize.consent import Answers, Grant
from guardedpersonalize.decide import Cause, Decision, Rung, decide
from guardedpersonalize.decide import Verdict as Judgement
from guardedpersonalize.engine.ladder import (
    AS_WRITTEN,
    Candidate,
    below,
    is_withheld_only,
    suspects_of,
)
from guardedpersonalize.engine.obligations import obligations_for
from guardedpersonalize.engine.result import Result
from guardedpersonalize.errors import GuardError, RenderError
from guardedpersonalize.evidence import DecisionRecord, make_record
from guardedpersonalize.minimise import Context, Handled, PseudonymKey, Slots, minimise
from guardedpersonalize.packs import Pack, PackTemplate
from guardedpersonalize.packs.allowances import accept
from guardedpersonalize.profile import FieldType, Profile
from guardedpersonalize.render import Draft
from guardedpersonalize.vocabulary import Outcome

__all__ = ["MessageRun", "Workshop", "context_of", "recording"]

_NOTHING_READ: Final = Report()

_MOST: Final = 4_096
"""Reports whose judgement is kept, ways to handle slots, and ways to consent."""


class _Judged(NamedTuple):
    """
    What a policy makes of a report.

    Args:
        read: The report, as it was read: its id is in the key, so it has to live.
        report: The same, less what is accepted on purpose.
        judgement: What the policy says of it.
        decision: On a message as it was written.
    """

    read: Report
    report: Report
    judgement: Judgement
    decision: Decision


class Workshop:
    """
    What every message of an engine is made with. Threads may share it.

    Args:
        pack: The templates, their catalogue and policy.
        checker: The reader.
        key: Key of the pseudonyms in records.
    """

    def __init__(self, pack: Pack, checker: Checker, key: PseudonymKey) -> None:
        self.pack = pack
        self.checker = checker
        self.key = key
        self._contexts: dict[str, Context] = {}
        self._readers: Kept[MessageReader] = Kept(_MOST)
        self._judged: Kept[_Judged] = Kept(_MOST)
        self._hidden: Kept[tuple[tuple[str, FieldType], ...]] = Kept(_MOST)

    def context(self, template: PackTemplate, at: datetime) -> Context:
        """Return what generalisers may know of a message of *template* besides a value."""
        found = self._contexts.get(template.name)
        if found is None or found.at != at:
            found = self._contexts[template.name] = replace(
                self.pack.context, at=at, locale=template.language, pseudonym_key=self.key
            )
        return found

    def reader(self, template: PackTemplate, handled: Handled) -> MessageReader:
        """Return what reads messages of *template* whose slots are *handled* alike."""
        key = (template.name, handled)
        found = self._readers.get(key)
        if found is None:
            context = context_of(self.pack, template, handled.filled)
            found = self._readers.put(key, self.checker.reader_of(context))
        return found

    def hidden(self, answers: Answers) -> tuple[tuple[str, FieldType], ...]:
        """Return the fields, and their types, that may not be shown exactly as they are held."""
        found = self._hidden.get(answers)
        if found is None:
            found = tuple(
                (name, field.type)
                for name, field in self.pack.catalogue.items()
                if not answers.allows_exactly(name)
            )
            found = self._hidden.put(answers, found)
        return found

    def judged(self, read: Report, template: PackTemplate, day: date) -> _Judged:
        """
        Return what the policy makes of what was *read*, less what is accepted on purpose.

        The check gives one report for all messages that it cannot tell apart.
        """
        key = (id(read), template.name, day)
        return self._judged.get(key) or self._judged.put(key, self._judge(read, template, day))

    def _judge(self, read: Report, template: PackTemplate, day: date) -> _Judged:
        report = replace(read, findings=accept(read.findings, self.pack.allowed, day))
        is_scored = template.purpose.purpose_class != "service"
        judgement = decide(report, self.pack.policy, is_scored=is_scored)
        decision = _decision(template, Rung.AS_WRITTEN, judgement, report)
        return _Judged(read, report, judgement, decision)


def context_of(
    pack: Pack, template: PackTemplate, slots: Mapping[str, FilledSlot] | None = None
) -> CheckContext:
    """Return what the check may know of messages of *template*, with these *slots* filled."""
    return CheckContext(
        channel=template.channel,
        purpose=template.purpose,
        lang=template.language,
        complete=True,
        identity=pack.identity,
        slots=slots or {},
        written_by_ai=template.written_by_ai,
        required_off=frozenset(template.required_off),
    )


def _decision(template: PackTemplate, rung: Rung, judgement: Judgement, report: Report) -> Decision:
    sends = judgement.outcome is Outcome.SEND
    return Decision(
        outcome=judgement.outcome,
        rung=rung,
        causes=judgement.causes,
        findings=report.findings,
        score=report.score,
        obligations=obligations_for(template) if sends else (),
    )


class _Attempt(NamedTuple):
    """
    One version of a message, read and judged.

    Args:
        rung: What it is called.
        judgement: What the policy says of it.
        slots: What its slots hold; None where nothing was rendered.
        draft: The same, rendered.
        report: What is found in it.
        refused: What was found in the message as written, if it is another.
        decision: On it as it was written, where that was worked out before.
    """

    rung: Rung
    judgement: Judgement
    slots: Slots | None = None
    draft: Draft | None = None
    report: Report = _NOTHING_READ
    refused: tuple[Finding, ...] = ()
    decision: Decision | None = None


class MessageRun:
    """The way of one message through the engine, and down the ladder."""

    def __init__(
        self,
        workshop: Workshop,
        template: PackTemplate,
        profile: Profile,
        grant: Grant,
    ) -> None:
        self.workshop = workshop
        self.pack = workshop.pack
        self.template = template
        self.profile = profile
        self.grant = grant
        self.policy = workshop.pack.policy

    def result(self) -> Result:
        """Return what becomes of the message."""
        refusal = self._refusal()
        attempt = refusal or self._best()
        return self._result(attempt)

    def held(self, cause: Cause) -> Result:
        """Return the result of a message that is not made, for *cause* or a graver one."""
        refusal = self._refusal()
        return self._result(refusal or _Attempt(Rung.BLOCK, Judgement(Outcome.BLOCK, (cause,))))

    def _refusal(self) -> _Attempt | None:
        """Return the end of a message that may not be sent at all, before anything is rendered."""
        message = self.grant.answers.message
        if not message.is_allowed:
            cause = Cause(message.reason.value, message.reason.sentence)
            return _Attempt(Rung.BLOCK, Judgement(Outcome.BLOCK, (cause,)))
        if self._is_vulnerable():
            outcome = self.policy.vulnerable_outcome
            cause = Cause("vulnerable", "the reader is marked as vulnerable.")
            if outcome is not Outcome.SEND:
                return _Attempt(Rung(outcome.value), Judgement(outcome, (cause,)))
        return None

    def _is_vulnerable(self) -> bool:
        """
        Return True if a yes-or-no field of the policy is true, or cannot be read.

        The flag protects its owner, so it is read whether or not its use in a message is allowed.
        """
        if self.template.purpose.purpose_class not in self.policy.vulnerable_classes:
            return False
        for name in self.policy.vulnerable_fields:
            if name not in self.profile:
                continue
            try:
                is_marked = self.pack.catalogue[name].parse(self.profile.reveal(name))
            except GuardError:
                is_marked = True
            if is_marked:
                return True
        return False

    def _best(self) -> _Attempt:
        """Return the first version that may be sent, else the mildest refusal."""
        first = self._attempt(AS_WRITTEN)
        if first.judgement.outcome is Outcome.SEND:
            return first
        attempts = [first]
        for candidate in self._lesser(first):
            attempt = self._attempt(candidate)
            if attempt.judgement.outcome is Outcome.SEND:
                judgement = Judgement(Outcome.SEND, first.judgement.causes)
                return attempt._replace(judgement=judgement, refused=first.report.findings)
            attempts.append(attempt)
            if is_withheld_only(self._serious(attempt)):
                # To go on would let the bytes depend on a value that was not allowed.
                attempts = [attempt]
                break
        # min keeps the first of equals: what a person reviews is closest to what was written.
        best = min(attempts, key=lambda a: a.judgement.outcome.rank)
        rung = Rung(best.judgement.outcome.value)
        return best._replace(rung=rung, refused=first.report.findings)

    def _lesser(self, first: _Attempt) -> Iterator[Candidate]:
        serious = self._serious(first)
        if is_withheld_only(serious):
            return iter(())
        personal, others = _filled(first)
        suspects = suspects_of(serious, first.draft, [*personal, *others])
        return below(personal, suspects, has_generic=self.template.has_generic)

    def _serious(self, attempt: _Attempt) -> list[Finding]:
        """Return the findings that alone keep a version from being sent."""
        return [
            finding
            for finding in attempt.report.findings
            if self.policy.outcome_of(finding) is not Outcome.SEND
        ]

    def _attempt(self, candidate: Candidate) -> _Attempt:
        slots = minimise(
            self.profile,
            self.template.plan,
            self.grant,
            catalogue=self.pack.catalogue,
            context=self.workshop.context(self.template, self.grant.at),
            omit=candidate.omit,
            fall_back=candidate.fall_back,
        )
        if slots.missing and not candidate.is_generic:
            causes = tuple(
                Cause("required_slot", f"the slot {name!r} could not be filled.", (name,))
                for name in slots.missing
            )
            return _Attempt(candidate.rung, Judgement(Outcome.BLOCK, causes), slots)
        try:
            draft = self.pack.render(
                self.template, slots.context(), is_generic=candidate.is_generic
            )
        except RenderError as err:
            cause = Cause(err.code, err.message)
            return _Attempt(candidate.rung, Judgement(Outcome.BLOCK, (cause,)), slots)
        judged = self.judged(slots, draft)
        decision = judged.decision if candidate is AS_WRITTEN else None
        return _Attempt(
            candidate.rung, judged.judgement, slots, draft, judged.report, decision=decision
        )

    def judged(self, slots: Slots, draft: Draft) -> _Judged:
        """Return what is found in a version of the message, and what the policy makes of it."""
        reader = self.workshop.reader(self.template, slots.handled)
        read = reader.check(draft, self._withheld())
        return self.workshop.judged(read, self.template, self.grant.at.date())

    def _withheld(self) -> list[KnownValue]:
        """Return the values that may not appear: those not allowed exactly as they are held."""
        profile, held = self.profile, self.profile.held
        return [
            KnownValue(name, kind, profile.reveal(name))
            for name, kind in self.workshop.hidden(self.grant.answers)
            if name in held
        ]

    def _result(self, attempt: _Attempt) -> Result:
        decision = attempt.decision
        if decision is None or attempt.rung is not decision.rung:
            decision = _decision(self.template, attempt.rung, attempt.judgement, attempt.report)
        return Result(
            decision=decision,
            draft=attempt.draft,
            slots=attempt.slots,
            grant=self.grant,
            make_record=self._recording(decision, attempt.slots),
            refused=attempt.refused,
        )

    def _recording(self, decision: Decision, slots: Slots | None) -> Callable[[], DecisionRecord]:
        return recording(
            self.workshop,
            self.template,
            self.profile.recipient_id,
            decision=decision,
            slots=slots,
            grant=self.grant,
            rules_hash=self.workshop.checker.rules_digest,
        )


def recording(
    workshop: Workshop,
    template: PackTemplate,
    recipient_id: str,
    *,
    decision: Decision,
    slots: Slots | None,
    grant: Grant,
    rules_hash: str,
) -> Callable[[], DecisionRecord]:
    """Return what makes the record; it holds nothing of the profile but whose it is."""
    return functools.partial(
        make_record,
        decision,
        pack=workshop.pack,
        template=template,
        grant=grant,
        slots=slots,
        recipient_id=recipient_id,
        key=workshop.key,
        engine_version=__version__,
        rules_hash=rules_hash,
    )


def _filled(attempt: _Attempt) -> tuple[list[str], list[str]]:
    """Return the filled slots: the personal ones, heaviest in the score first, and the others."""
    filled = attempt.slots.filled if attempt.slots else ()
    weights: Counter[str] = Counter()
    for addend in attempt.report.score.addends:
        weights[addend.subject] += addend.value  # type: ignore[assignment]
    personal = [slot.spec.name for slot in filled if slot.field.category.is_personal]
    others = [slot.spec.name for slot in filled if not slot.field.category.is_personal]
    return sorted(personal, key=lambda name: -weights[name]), others
