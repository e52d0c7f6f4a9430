"""The dry run: the same path as a send, with a reader instead of a mailbox."""

from guardedpersonalize.preview.cards import Shown
from guardedpersonalize.preview.page import page_of
from guardedpersonalize.preview.terminal import legend, marked_part, preview_result, score_table

__all__ = ["Shown", "legend", "marked_part", "page_of", "preview_result", "score_table"]
