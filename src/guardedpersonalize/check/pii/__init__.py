"""Personal identifiers in a text, found without a model; nothing heavy is loaded before its use."""

from guardedpersonalize.check.pii.declared import DeclaredDetector, Identifier, Shape
from guardedpersonalize.check.pii.detector import THRESHOLD, PatternDetector
from guardedpersonalize.check.pii.entities import ENTITIES, Entity
from guardedpersonalize.check.pii.known import is_recipients_own, is_senders_link, is_senders_own
from guardedpersonalize.check.pii.resolve import resolve
from guardedpersonalize.check.pii.rows import Group

__all__ = [
    "ENTITIES",
    "THRESHOLD",
    "DeclaredDetector",
    "Entity",
    "Group",
    "Identifier",
    "PatternDetector",
    "Shape",
    "is_recipients_own",
    "is_senders_link",
    "is_senders_own",
    "resolve",
]
