"""Evidence: the record that is kept of a decision, and the words for the recipient."""

from guardedpersonalize.evidence.explain import Explanation, explain
from guardedpersonalize.evidence.record import DecisionRecord, make_record

__all__ = ["DecisionRecord", "Explanation", "explain", "make_record"]
