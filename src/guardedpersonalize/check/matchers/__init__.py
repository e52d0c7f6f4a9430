"""The kinds of matchers: a closed set, one file each."""

from typing import Annotated

from pydantic import Field

from guardedpersonalize.check.matchers.base import Detections, MessageMatcher, PartMatcher
from guardedpersonalize.check.matchers.echo import EchoMatch, EchoMatcher
from guardedpersonalize.check.matchers.entity import EntityMatch, EntityMatcher
from guardedpersonalize.check.matchers.model import ModelMatch, ModelMatcher, agreed
from guardedpersonalize.check.matchers.phrase import PhraseMatch, PhraseMatcher
from guardedpersonalize.check.matchers.required import Element, RequiredMatch, RequiredMatcher
from guardedpersonalize.check.matchers.slot import SlotMatch, SlotMatcher
from guardedpersonalize.check.matchers.tokens import TokensMatch, TokensMatcher
from guardedpersonalize.check.matchers.unknown import Gap, UnknownMatch

__all__ = [
    "Detections",
    "EchoMatch",
    "EchoMatcher",
    "Element",
    "EntityMatch",
    "EntityMatcher",
    "Gap",
    "Match",
    "MessageMatcher",
    "ModelMatch",
    "ModelMatcher",
    "PartMatcher",
    "PhraseMatch",
    "PhraseMatcher",
    "RequiredMatch",
    "RequiredMatcher",
    "SlotMatch",
    "SlotMatcher",
    "TokensMatch",
    "TokensMatcher",
    "UnknownMatch",
    "agreed",
]

Match = Annotated[
    EchoMatch
    | EntityMatch
    | ModelMatch
    | PhraseMatch
    | RequiredMatch
    | SlotMatch
    | TokensMatch
    | UnknownMatch,
    Field(discriminator="kind"),
]
"""The `[match]` table of a rule: one model per kind, told apart by `kind`."""
