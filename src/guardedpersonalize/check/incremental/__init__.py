"""The incremental reader: of a draft it reads what is new."""

from guardedpersonalize.check.incremental.reader import IncrementalReader

__all__ = ["IncrementalReader"]
