"""The dry run: the same path as a send, with a reader instead of a mailbox."""

from guardedpersonalize.preview.terminal import legend, marked_part, preview_result, score_table

__all__ = ["legend", "marked_part", "preview_result", "score_table"]
