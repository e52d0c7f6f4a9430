"""The shipped reader model: windows of text in, verdicts and names out."""

from guardedpersonalize.check.reader.detector import ENTITIES, LONGEST_TEXT, Reader
from guardedpersonalize.check.reader.model import MODEL_FOLDER, Mention, ReaderModel, Verdict
from guardedpersonalize.check.reader.plugged import SpacyDetector, is_installed
from guardedpersonalize.check.reader.windows import windows

__all__ = [
    "ENTITIES",
    "LONGEST_TEXT",
    "MODEL_FOLDER",
    "Mention",
    "Reader",
    "ReaderModel",
    "SpacyDetector",
    "Verdict",
    "is_installed",
    "windows",
]
