"""The one place that knows the order: grant, minimise, render, check, decide, and the ladder."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from guardedpersonalize.check import CheckContext, Checker, Detector, Identity, RuleSet
from guardedpersonalize.check.reader import SpacyDetector
from guardedpersonalize.consent import Consent, Grant, Law, grant_for
from guardedpersonalize.decide import Cause, Policy, decide
from guardedpersonalize.engine import batch
from guardedpersonalize.engine.known import values_known
from guardedpersonalize.engine.message import MessageRun, Workshop, recording
from guardedpersonalize.engine.result import Recipient, Result, Reviewed, Told
from guardedpersonalize.engine.skeletons import SkeletonReader
from guardedpersonalize.errors import UsageError, sealed
from guardedpersonalize.minimise import PseudonymKey
from guardedpersonalize.packs import Pack, PackTemplate, load_pack
from guardedpersonalize.profile import Profile
from guardedpersonalize.render import Draft, PartKind
from guardedpersonalize.vocabulary import Channel, channel

__all__ = ["Engine"]


def _public_key(pack: Pack | None) -> PseudonymKey:
    """Return the key of an engine that was given none: stable, and no secret."""
    return PseudonymKey("pack", hashlib.sha256((pack.digest if pack else "").encode()).digest())


def _now() -> datetime:
    return datetime.now(UTC)


class Engine:
    """
    Renders a pack's templates for recipients, and reads any text as they would.

    Make one and share it: what it keeps between messages holds no value and changes no result, and
    it may be used from many threads.

    Args:
        pack: What to render; None for an engine that only checks texts.
        rules: The rules to read with; the shipped catalogue unless given.
        detectors: Further finders of personal identifiers, beside the shipped ones.
        law: Thresholds of the law; the shipped ones unless given.
        clock: Returns the present time, aware of its zone.
        pseudonym_key: Key of the pseudonyms in records. Without one a key is made from the pack's
            files: it is stable, but no secret; give your own in production.
    """

    def __init__(
        self,
        pack: Pack | None = None,
        *,
        rules: RuleSet | None = None,
        detectors: Sequence[Detector] = (),
        law: Law | None = None,
        clock: Callable[[], datetime] = _now,
        pseudonym_key: PseudonymKey | None = None,
    ) -> None:
        if not isinstance(pack, Pack | None):
            message = "an engine is made with a pack, or with none."
            raise UsageError("GP501", message, remedy="Use Engine.from_pack for a folder.")
        self._pack = pack
        self._source: _Source | None = None
        identifiers = pack.identifiers if pack else ()
        models = pack.spacy_models if pack else {}
        plugged = [SpacyDetector(model, lang=lang) for lang, model in models.items()]
        self.checker = Checker(
            rules=rules, detectors=[*plugged, *detectors], identifiers=identifiers
        )
        for detector in plugged:
            _ = detector.fingerprint  # loads it: what is wrong with it is told here, once
        self._law = law or Law.default()
        self._clock = clock
        self.pseudonym_key = pseudonym_key or _public_key(pack)
        self.policy = pack.policy if pack else Policy()

    @classmethod
    @sealed
    def from_pack(cls, root: str | Path, **options: object) -> Engine:
        """
        Load the pack in the folder *root*; *options* are those of `Engine`.

        Raises:
            PackError: with everything that is wrong with the pack.
        """
        engine = cls(load_pack(root), **options)  # type: ignore[arg-type]
        engine._source = _Source(cls, Path(root).resolve(), engine.pack.digest, options)
        return engine

    def __reduce__(self) -> tuple[Callable[[_Source], Engine], tuple[_Source]]:
        if self._source is None:
            message = "an engine that was not made from a folder cannot go to another process."
            raise UsageError("GP501", message, remedy="Use Engine.from_pack.")
        return _load_again, (self._source,)

    @sealed
    def warm_up(self, *, ahead: bool = False) -> None:
        """
        Load what is loaded at the first message otherwise: rules, recognisers and the model.

        Args:
            ahead: True to read every way through the templates as well, which takes a second for a
                few of them, and spares the first messages that.
        """
        self.check("Hello Ann, your number 12 is +44 20 7946 0123.", lang="en")
        self.checker.warm_up()
        if ahead:
            reader = SkeletonReader(self.workshop, at=self._clock())
            for template in self.pack.templates.values():
                for is_generic in template.versions:
                    reader.read(template, is_generic=is_generic)

    @property
    def pack(self) -> Pack:
        """The pack. Raises `UsageError` GP501 if the engine was made without one."""
        if self._pack is None:
            raise UsageError("GP501", "this engine has no pack.", remedy="Use Engine.from_pack.")
        return self._pack

    @sealed
    def render(
        self, template: str, profile: Profile, consent: Consent, *, at: datetime | None = None
    ) -> Result:
        """
        Render *template* for one recipient, read it, and say what becomes of it.

        Args:
            template: Name of a template of the pack.
            profile: What is held of the recipient.
            consent: What the recipient said about its use.
            at: The moment to decide for, with a time zone; now by the engine's clock.

        Raises:
            UsageError: GP501, if there is no such template.
            ProfileError: GP201, if the profile has a field that the catalogue does not declare.
            ConsentError: GP204, if *at* has no time zone.
        """
        chosen = self.pack.template(template)
        self.pack.catalogue.check(profile)
        grant = self._grant(profile, consent, chosen, at or self._clock())
        return MessageRun(self.workshop, chosen, profile, grant).result()

    @sealed
    def hold(
        self,
        template: str,
        profile: Profile,
        consent: Consent,
        cause: Cause,
        *,
        at: datetime | None = None,
    ) -> Result:
        """
        Return the result of a message that is not made: blocked, for *cause*.

        A pipeline that cannot go on with a row has a record and an explanation of it all the same.

        Raises:
            As `render` does.
        """
        chosen = self.pack.template(template)
        self.pack.catalogue.check(profile)
        grant = self._grant(profile, consent, chosen, at or self._clock())
        return MessageRun(self.workshop, chosen, profile, grant).held(cause)

    def retold(self, template: str, row: Recipient, told: Told) -> Result:
        """Return the result that an engine of the same pack *told* of from another process."""
        make_record = recording(
            self.workshop,
            self.pack.template(template),
            row.profile.recipient_id,
            decision=told.decision,
            slots=told.slots,
            grant=told.grant,
            rules_hash=told.rules_hash,
        )
        return told.result(make_record)

    def render_many(
        self,
        template: str,
        recipients: Iterable[Recipient],
        *,
        at: datetime | None = None,
        workers: int = 1,
        progress: Callable[[int], object] | None = None,
    ) -> Iterator[Result]:
        """
        Yield one result a recipient, in their order; the same as `render` gives one by one.

        The moment is taken once, so that all rows of a batch are decided alike. No more rows are
        read than are needed. With several workers each is a process that loads the pack again, so
        the engine has to come from a folder, and a script that calls this must guard its own start
        with `if __name__ == "__main__"`. A row at which a process dies is blocked with the cause
        GP505; on Ctrl-C while results are waited for, what has been begun is yielded first.

        Args:
            template: Name of a template of the pack.
            recipients: The rows, of any number.
            at: The moment to decide for, with a time zone; now by the engine's clock.
            workers: How many processes; 1 is this one.
            progress: Called with the number of results so far, before each is yielded.

        Raises:
            UsageError: GP501, if a row is no `Recipient`, there are no workers, or the engine
                cannot be loaded again.
            GuardError: for a row that cannot be decided at all, as `render` does.
        """
        if not isinstance(workers, int) or workers < 1:
            raise UsageError("GP501", "a batch needs one worker or more.")
        job = batch.Job(self, template, at or self._clock())
        rows = _rows(recipients)
        # Nothing here has a name for the rows: a traceback would show what they hold.
        del recipients
        for number, result in enumerate(batch.results(job, rows, workers), 1):
            if progress is not None:
                progress(number)
            yield result

    @sealed
    def check(
        self,
        text: str = "",
        *,
        channel: Channel | str = Channel.EMAIL,
        subject: str | None = None,
        html: str | None = None,
        lang: str = "",
        profile: Profile | None = None,
        complete: bool = False,
    ) -> Reviewed:
        """
        Read a text that no template of ours made: a model's, a colleague's, another system's.

        Args:
            text: What the recipient reads.
            channel: Where.
            subject: Subject line or title, if any.
            html: HTML version, if any.
            lang: Language of the text, an ISO 639-1 code; found out unless given. One without
                rules is a finding.
            profile: Values of the recipient. Its names may appear in the text; its other values
                are looked for.
            complete: True for a whole message, whose required elements are judged too.

        Raises:
            ConfigError: GP105, if there is no such channel.
        """
        where = _channel(channel)
        given = (
            ("subject", PartKind.HEADER, subject),
            ("text", PartKind.TEXT, text),
            ("html", PartKind.HTML, html),
        )
        parts = [(name, kind, words) for name, kind, words in given if words is not None]
        allowed, withheld = values_known(profile, self._pack.catalogue if self._pack else None)
        context = CheckContext(
            channel=where,
            lang=lang,
            complete=complete,
            allowed=allowed,
            withheld=withheld,
            identity=self._pack.identity if self._pack else Identity(),
        )
        report = self.checker.check(Draft.of_text(parts, channel=where), context)
        return Reviewed(decide(report, self.policy).outcome, report)

    @functools.cached_property
    def workshop(self) -> Workshop:
        """What its messages are made with. Raises `UsageError` GP501 if it has no pack."""
        return Workshop(self.pack, self.checker, self.pseudonym_key)

    def _grant(
        self, profile: Profile, consent: Consent, template: PackTemplate, at: datetime
    ) -> Grant:
        return grant_for(
            profile,
            consent,
            template.purpose,
            template.channel,
            at,
            catalogue=self.pack.catalogue,
            law=self._law,
            offers=template.offers,
        )


_channel = channel


@sealed
def _rows(recipients: Iterable[Recipient]) -> Iterator[Recipient]:
    if not isinstance(recipients, Iterable):
        raise UsageError("GP501", "a batch is made of recipients.")
    return map(_recipient, recipients)


@sealed
def _recipient(row: Recipient) -> Recipient:
    if not isinstance(row, Recipient):
        raise UsageError("GP501", "a row of the batch is no Recipient.")
    return row


@dataclass(frozen=True, slots=True)
class _Source:
    """Where an engine came from, and what its pack was then."""

    kind: type[Engine]
    root: Path
    digest: str
    options: Mapping[str, object]


def _load_again(source: _Source) -> Engine:
    engine = source.kind.from_pack(source.root, **source.options)
    if engine.pack.digest != source.digest:
        raise UsageError("GP501", "the pack was changed while a batch of it was under way.")
    return engine
