"""The incremental reader: of a draft it reads what is new."""

from guardedpersonalize.check.incremental.reader import DraftReader, IncrementalReader

__all__ = ["DraftReader", "IncrementalReader"]
