"""The engine: the one place that knows the order of the steps."""

from guardedpersonalize.engine.engine import Engine
from guardedpersonalize.engine.report import BatchReport, Doubt
from guardedpersonalize.engine.result import Message, Recipient, Result, Reviewed

__all__ = ["BatchReport", "Doubt", "Engine", "Message", "Recipient", "Result", "Reviewed"]
