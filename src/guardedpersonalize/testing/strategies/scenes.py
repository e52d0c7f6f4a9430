"""Scenes: all that it takes to render one message, drawn together so that they fit."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from hypothesis import strategies as st
from hypothesis.vendor.pretty import RepresentationPrinter

from guardedpersonalize.consent import Consent, Grant, grant_for
from guardedpersonalize.decide import Policy
from guardedpersonalize.minimise import Context
from guardedpersonalize.packs import Pack
from guardedpersonalize.profile import Profile
from guardedpersonalize.testing.packs import make_pack
from guardedpersonalize.testing.strategies.consents import consents
from guardedpersonalize.testing.strategies.people import AT, PRODUCTS, catalogues, profiles
from guardedpersonalize.testing.strategies.templates import PARTIALS, templates
from guardedpersonalize.vocabulary import Channel, Severity

__all__ = ["TEMPLATE", "Scene", "packs", "scenes"]

TEMPLATE: Final = "hello"
"""The name of the one template of a generated pack."""

_CONTEXT: Final = Context(at=AT, products=PRODUCTS, currency="GBP", country="GB")
_POLICIES: Final = (
    Policy(),
    Policy(review_at=Severity.ERROR, review_score=None, block_score=None),
    Policy(review_at=Severity.INFO, block_at=Severity.WARN),
)


@dataclass(frozen=True, slots=True)
class Scene:
    """
    One message to be: a pack, one of its templates, a person, what they said, and when.

    Args:
        pack: A pack.
        template: Name of one of its templates.
        profile: An invented person.
        consent: What they said.
        at: The moment.
        sources: The pack's files, for `script`.
    """

    pack: Pack = field(repr=False)
    template: str
    profile: Profile
    consent: Consent
    at: datetime
    sources: Mapping[str, str] = field(repr=False, default_factory=dict)

    @property
    def context(self) -> Context:
        """What generalisers may know in this scene, apart from a pseudonym key."""
        chosen = self.pack.template(self.template)
        return replace(self.pack.context, at=self.at, locale=chosen.language)

    def grant(self, profile: Profile | None = None, consent: Consent | None = None) -> Grant:
        """Return what is allowed in this scene, or in one with another profile or consent."""
        chosen = self.pack.template(self.template)
        return grant_for(
            profile or self.profile,
            consent or self.consent,
            chosen.purpose,
            chosen.channel,
            self.at,
            catalogue=self.pack.catalogue,
            offers=chosen.offers,
        )

    def script(self) -> str:
        """
        Write the scene out, values and all.

        Hypothesis shows it for a failing example: a profile does not print, so the example would
        not tell what fails. The people of scenes are invented.
        """
        chosen = self.pack.template(self.template)
        lines = [f"{chosen.channel} {chosen.purpose.key} at {self.at.isoformat()}"]
        lines += [f"--- {name}\n{text}" for name, text in sorted(self.sources.items())]
        lines += [repr(spec) for spec in chosen.slots]
        lines += [json.dumps(self.profile.to_json()), json.dumps(self.consent.to_json())]
        return "\n".join(lines)

    def _repr_pretty_(self, printer: RepresentationPrinter, cycle: bool) -> None:  # noqa: ARG002, FBT001
        printer.text(self.script())


@st.composite
def packs(
    draw: st.DrawFn,
    *,
    channel: Channel | str | None = None,
    max_slots: int = 5,
    blemished: bool = False,
) -> Pack:
    """
    Return a strategy for packs of one template, made in memory; see `templates`.

    Args:
        draw: Given by Hypothesis.
        channel: The channel of the template; any if None.
        max_slots: Largest number of slots.
        blemished: True for words that rules object to, here and there.
    """
    return draw(_packs(channel, max_slots, blemished=blemished))[0]


@st.composite
def _packs(
    draw: st.DrawFn, channel: Channel | str | None, max_slots: int, *, blemished: bool
) -> tuple[Pack, Mapping[str, str]]:
    catalogue = draw(catalogues(including=["first_name"], max_fields=7))
    source = draw(templates(catalogue, channel=channel, max_slots=max_slots, blemished=blemished))
    policy = draw(st.sampled_from(_POLICIES))
    if "hardship" in catalogue and draw(st.booleans()):
        policy = replace(
            policy, vulnerable_fields=("hardship",), vulnerable_classes=frozenset({"marketing"})
        )
    pack = make_pack(
        catalogue.values(),
        {TEMPLATE: source},
        partials=PARTIALS,
        policy=policy,
        context=_CONTEXT,
    )
    generic = {f"generic/{file}": text for file, text in source.generic.items()}
    return pack, {**source.files, **generic}


@st.composite
def scenes(
    draw: st.DrawFn,
    *,
    channel: Channel | str | None = None,
    hostile: bool = False,
    willing: bool | None = None,
    max_slots: int = 5,
    blemished: bool = False,
) -> Scene:
    """
    Return a strategy for scenes.

    Args:
        draw: Given by Hypothesis.
        channel: The channel; any if None.
        hostile: True for values that try to leave their place.
        willing: True for people who allow all that can be allowed, with some refusals on top;
            None for either.
        max_slots: Largest number of slots.
        blemished: True for words that rules object to, here and there.
    """
    pack, sources = draw(_packs(channel, max_slots, blemished=blemished))
    chosen = pack.templates[TEMPLATE]
    profile = draw(profiles(pack.catalogue, hostile=hostile))
    is_willing = draw(st.booleans()) if willing is None else willing
    consent = draw(
        consents(
            pack.catalogue,
            profile.recipient_id,
            purpose=chosen.purpose,
            channel=chosen.channel,
            willing=is_willing,
        )
    )
    return Scene(pack, TEMPLATE, profile, consent, AT, sources)
