"""What the world sees of a render besides the message, and what of a person may not be in it."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Final

from guardedpersonalize.consent import Consent
from guardedpersonalize.engine import Engine, Recipient, Result
from guardedpersonalize.errors import GuardError
from guardedpersonalize.profile import Profile
from guardedpersonalize.render import Part

__all__ = ["error_shows", "log_records", "shown_by", "traces_of"]

# Shorter ones occur in any text: "Ada" is in "Adapter", 42 in a line number. House choice.
_LEAST_LETTERS: Final = 7
_LEAST_DIGITS: Final = 6

_PACKAGE: Final = str(Path(__file__).parents[1])


def traces_of(profile: Profile) -> tuple[str, ...]:
    """
    Return the texts by which values of *profile* would be known, sorted.

    Texts of 7 characters or more, numbers of 6 digits or more, dates as ISO 8601 writes them, and
    the recipient's id; shorter values occur by chance.
    """
    values = [profile.reveal(name) for name in profile.fields]
    found = [trace for value in (profile.recipient_id, *values) for trace in _traces(value)]
    return tuple(sorted(set(found)))


def _traces(value: object) -> Iterator[str]:
    if isinstance(value, tuple):
        for item in value:
            yield from _traces(item)
    elif isinstance(value, str):
        if len(value.strip()) >= _LEAST_LETTERS:
            yield value.strip()
    elif isinstance(value, datetime):
        yield f"{value:%Y-%m-%d %H:%M}"
        yield f"{value:%Y-%m-%dT%H:%M}"
    elif isinstance(value, date):
        yield value.isoformat()
    elif isinstance(value, int | float | Decimal) and _digits(value) >= _LEAST_DIGITS:
        yield str(value)


def _digits(value: float | Decimal) -> int:
    return sum(char.isdigit() for char in str(value))


def shown_by(
    engine: Engine, template: str, profile: Profile, consent: Consent, at: datetime
) -> Iterator[tuple[str, str]]:
    """
    Render a message, and calls that fail, and yield `(place, text)` of all that can be seen of it.

    Args:
        engine: The engine, with its pack.
        template: Name of a template.
        profile: The person.
        consent: What the person said.
        at: The moment.
    """
    with log_records() as logged:
        result = engine.render(template, profile, consent, at=at)
        failures = [error_shows(call) for call in _failing(engine, template, profile, consent, at)]
    yield from _of_result(result)
    for thing in (profile, consent, *consent.records, engine, engine.pack):
        yield from _prints(thing)
    yield from (("an error", text) for text in failures)
    yield from (("a log record", text) for text in logged)


def _of_result(result: Result) -> Iterator[tuple[str, str]]:
    for thing in _within(result):
        yield from _prints(thing)
    for finding in (*result.findings, *result.refused):
        yield f"a finding of {finding.rule}", str(asdict(finding))
    yield "the decision", str(asdict(result.decision))
    yield "the record", result.record.to_json()
    yield "the explanation", str(result.explanation)


def _prints(thing: object) -> Iterator[tuple[str, str]]:
    name = type(thing).__name__
    yield f"the repr of {name}", f"{thing!r} {[thing]!r}"
    yield f"the text of {name}", f"{thing!s} {thing:} {thing!a}"


def _within(thing: object) -> Iterator[object]:
    """Yield *thing* and every object of this package inside it, slots and chunks too."""
    if is_dataclass(thing):
        yield thing
        for each in fields(thing):
            yield from _within(getattr(thing, each.name))
    elif isinstance(thing, Part):
        yield thing
        yield from _within(thing.chunks)
    elif isinstance(thing, tuple | list):
        if hasattr(thing, "_fields"):
            yield thing
        for item in thing:
            yield from _within(item)
    elif isinstance(thing, Mapping):
        if type(thing).__module__.startswith("guardedpersonalize"):
            yield thing
        for item in thing.values():
            yield from _within(item)


def _failing(
    engine: Engine, template: str, profile: Profile, consent: Consent, at: datetime
) -> Iterator[Callable[[], object]]:
    """Yield calls that cannot succeed, each with the person at hand."""
    person = Recipient(profile, consent)
    stray = Profile(profile.recipient_id, {f"{name}_": "x" for name in profile.fields} | {"zz": 1})
    yield lambda: engine.render(f"{template}-not-there", profile, consent, at=at)
    yield lambda: engine.render(template, profile, consent, at=at.replace(tzinfo=None))
    yield lambda: engine.render(template, stray, consent, at=at)
    yield lambda: engine.render(template, profile, profile, at=at)  # type: ignore[arg-type]
    yield lambda: list(engine.render_many(template, [person, None], at=at))  # type: ignore[list-item]
    yield lambda: engine.check("x", channel="pigeon", profile=profile)
    yield lambda: profile.reveal("not_there")


def error_shows(call: Callable[[], object]) -> str:
    """
    Return all that the error of *call* shows: text, arguments, chain, and locals of our frames.

    Frames of the caller are left out: what they hold is the caller's.
    """
    try:
        call()
    except GuardError as err:
        shown = [str(err), repr(err), repr(err.args), repr(vars(err))]
        chain: BaseException | None = err
    except Exception as err:  # noqa: BLE001  # law 9 is another law
        shown, chain = [str(err), repr(err)], err
    else:
        return ""
    while chain is not None:
        report = traceback.TracebackException.from_exception(chain, capture_locals=True)
        shown += [str(chain), *(repr(f.locals) for f in report.stack if _is_ours(f.filename))]
        chain = chain.__cause__ or chain.__context__
    return "\n".join(shown)


def _is_ours(filename: str) -> bool:
    """Tell whether a frame is of this package: the code that dataclasses write counts too."""
    testing = str(Path(__file__).parent)
    return filename == "<string>" or (
        filename.startswith(_PACKAGE) and not filename.startswith(testing)
    )


@contextmanager
def log_records() -> Iterator[list[str]]:
    """Gather what every logger says, of any library, at every level, as text."""
    said: list[str] = []
    handler = _Listener(said)
    manager = logging.Logger.manager.loggerDict.values()
    loggers = [logging.getLogger(), *(each for each in manager if isinstance(each, logging.Logger))]
    levels = [(each, each.level) for each in loggers]
    for each in loggers:
        each.setLevel(logging.DEBUG)
        each.addHandler(handler)
    try:
        yield said
    finally:
        for each, level in levels:
            each.setLevel(level)
            each.removeHandler(handler)


class _Listener(logging.Handler):
    """Keeps the text and the arguments of each record."""

    def __init__(self, said: list[str]) -> None:
        super().__init__(logging.DEBUG)
        self.said = said

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(f"{record.getMessage()} {record.args!r} {record.exc_text}")
