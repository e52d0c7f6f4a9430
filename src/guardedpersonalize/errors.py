"""
Every error this package raises: one tree, stable codes, no personal values.

    GuardError
    ├── ConfigError          a file or an option is wrong: mend it
    │   └── PackError        everything wrong with a pack, all at once
    ├── ProfileError         a profile cannot be read
    ├── ConsentError         a consent record cannot be read
    ├── RenderError          a template could not be rendered for this recipient
    ├── DetectorError        a detector or model is missing, broken or too slow
    ├── UsageError           the command line or an API call is wrong
    └── InternalError        a defect of ours, with its place and never its data

A blocked message is not an error: it is a `Decision`.
"""

from __future__ import annotations

import functools
import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, ParamSpec, TypeVar

__all__ = [
    "CODES",
    "ConfigError",
    "ConsentError",
    "DetectorError",
    "GuardError",
    "InternalError",
    "PackError",
    "Problem",
    "ProfileError",
    "RenderError",
    "UsageError",
    "sealed",
    "sealed_init",
]

CODES: Final[dict[str, str]] = {
    # 1xx: packs, rules and other configuration files
    "GP101": "A file could not be read or is not valid TOML or JSON.",
    "GP102": "A key is not known here.",
    "GP103": "A key is missing.",
    "GP104": "A value has the wrong type or is out of range.",
    "GP105": "A term is not in the vocabulary.",
    "GP106": "A file or folder of a pack has a name that nothing reads.",
    "GP107": "A file of a pack refers to something that is not there.",
    "GP108": "A pack has no template.",
    "GP109": "A template has a file that its channel has no part for.",
    "GP110": "A part that the channel needs is missing.",
    "GP111": "An accepted finding has run out, is no longer there, or cannot be accepted.",
    "GP120": "A rule file is not called after its id and name.",
    "GP121": "An id of a rule is taken.",
    "GP122": "A pattern of a rule cannot be read, or would match nearly any text.",
    "GP124": "An expression of a rule could take too long on hostile text.",
    # 2xx: profiles and consent
    "GP201": "A profile has a field that the catalogue does not declare.",
    "GP202": "A value of a profile does not fit its field's type.",
    "GP203": "A consent record cannot be read.",
    "GP204": "A date and time has no time zone.",
    "GP205": "A profile was asked for a field that it does not hold.",
    "GP206": "A field's name is not a plain name.",
    "GP207": "A recipient's id is missing or is not text.",
    "GP208": "A profile has the wrong shape.",
    "GP209": "A profile was about to be changed or taken apart.",
    "GP210": "A consent event is earlier than the one before it.",
    "GP211": "Two different consent records share an id.",
    "GP212": "A duration is not written as ISO 8601 asks.",
    "GP213": "A purpose, category or term of a consent record is not in the vocabulary.",
    "GP214": "A jurisdiction is not a code of ISO 3166.",
    "GP220": "A pseudonym key or domain is not usable.",
    "GP221": "An option of a context is not usable.",
    "GP222": "A slot's name is not usable or is declared twice.",
    "GP223": "A slot reads a field that the catalogue does not declare.",
    "GP224": "A slot asks for a level that its field does not have.",
    "GP225": "A slot is not of the type that its field has at the level asked for.",
    "GP226": "A slot's max_length is out of range.",
    "GP227": "A slot's fallback does not fit the slot.",
    "GP228": "A slot is required and has a fallback.",
    "GP229": "Slots were about to be made by other means than minimise().",
    "GP230": "A slot was asked for that the template does not declare.",
    # 3xx: templates
    "GP301": "A template has a syntax error.",
    "GP302": "A template reads a name that is not a declared slot.",
    "GP303": "A slot is declared and never used.",
    "GP304": "A template names a file that is not in the pack.",
    "GP305": "Templates include each other in a circle.",
    "GP306": "The name of a file to include is not written out.",
    "GP307": "A filter, test or function is not available in packs.",
    "GP308": "An attribute or method is not available in packs.",
    "GP309": "A method, function or generator is printed instead of its result.",
    "GP310": "A construct of Jinja is not available in packs.",
    "GP311": "An include without context stands where its output is collected.",
    "GP312": "A filter on a block does not keep the block's escaping.",
    "GP313": "A call block calls something that is not a macro.",
    "GP314": "An HTML template and a plain one are mixed.",
    "GP315": "Finished markup is changed after it was escaped.",
    "GP316": "A slot stands outside text and quoted attribute values.",
    "GP317": "A slot stands in an attribute or element that it may not fill.",
    "GP318": "A slot is a whole address, or a part of its host.",
    "GP319": "A slot in an address is not percent-encoded.",
    "GP320": "An address has a scheme that is not allowed.",
    "GP321": "Branches of a template end in different places of the HTML.",
    "GP322": "A template ends inside a tag, an attribute or a comment.",
    "GP323": "A header has a line break, or a control or direction mark.",
    "GP324": "A slot's name cannot be used in templates.",
    "GP325": "A file that is imported without context reads a slot.",
    "GP326": "A generator is kept under a name.",
    "GP327": "A part cannot be made from its file.",
    "GP328": "A file does not define what is imported from it.",
    "GP330": "A template failed while it was rendered.",
    "GP331": "A template passed a limit while it was rendered.",
    "GP332": "The values given do not fit the declared slots.",
    "GP333": "A rendered header has a line break, or a control or direction mark.",
    "GP334": "No template has this name.",
    "GP335": "A value would leave its place in an address.",
    # 4xx: checking
    "GP401": "A detector failed or is missing.",
    "GP402": "The reader model cannot be loaded.",
    # 5xx: use
    "GP501": "A command or call was used wrongly.",
    "GP502": "An input file could not be read.",
    "GP503": "An output file could not be written.",
    "GP504": "A recipient stands in the input twice.",
    "GP505": "A process of a batch died.",
    # 9xx: defects
    "GP901": "A defect in this package.",
}


class GuardError(Exception):
    """
    Base of every error of this package.

    Attributes:
        code: Stable code, a key of `CODES`, documented in `docs/reference/errors.md`.
        message: One sentence: what happened, naming fields, rules, types and counts only.
        where: `path:line` or another place, or None.
        remedy: What to do about it, or None.
    """

    def __init__(
        self, code: str, message: str, *, where: str | None = None, remedy: str | None = None
    ) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message
        self.where = where
        self.remedy = remedy

    def __str__(self) -> str:
        place = f" ({self.where})" if self.where else ""
        remedy = f" {self.remedy}" if self.remedy else ""
        return f"[{self.code}] {self.message}{place}{remedy}"

    def __reduce__(self) -> tuple[Callable[..., GuardError], tuple[object, ...]]:
        return _rebuild, (type(self), self.code, self.message, self.where, self.remedy)


def _rebuild(
    cls: type[GuardError], code: str, message: str, where: str | None, remedy: str | None
) -> GuardError:
    return cls(code, message, where=where, remedy=remedy)


class ConfigError(GuardError):
    """A file or an option is wrong."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """
    One thing wrong with a pack or a file.

    Args:
        path: The file, relative to the pack where there is one.
        line: Line from 1; 0 where the file as a whole is meant.
        code: Stable code, a key of `CODES`.
        message: What is wrong.
        remedy: What to do about it; may be empty.
    """

    path: str
    line: int
    code: str
    message: str
    remedy: str = ""

    @property
    def where(self) -> str:
        """`path:line`, or the path alone where the whole file is meant."""
        return f"{self.path}:{self.line}" if self.line else self.path

    def __str__(self) -> str:
        remedy = f" {self.remedy}" if self.remedy else ""
        return f"{self.where}: [{self.code}] {self.message}{remedy}"


class PackError(ConfigError):
    """
    Everything that is wrong with a pack, in the order of its files and lines.

    Attributes:
        problems: All of them, sorted; never empty.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        first = self.problems[0]
        count = len(self.problems)
        message = "\n".join(map(str, self.problems))
        super().__init__(first.code, f"{count} problem{'s' * (count != 1)}:\n{message}")

    def __reduce__(self) -> tuple[Callable[..., GuardError], tuple[object, ...]]:
        return PackError, (self.problems,)


class ProfileError(GuardError):
    """A profile cannot be read."""


class ConsentError(GuardError):
    """A consent record cannot be read."""


class RenderError(GuardError):
    """A template could not be rendered for this recipient."""


class DetectorError(GuardError):
    """A detector or a model is missing, broken or too slow."""


class UsageError(GuardError):
    """The command line or an API call is wrong."""


class InternalError(GuardError):
    """A defect of this package: it names the type of the fault and its place, never its data."""


P = ParamSpec("P")
R = TypeVar("R")
C = TypeVar("C", bound=type)


def sealed(function: Callable[P, R]) -> Callable[P, R]:
    """
    Let only our own errors out of *function*, without the frames that hold values.

    Anything else becomes an `InternalError` that names the type and the place of the fault. The
    error is raised outside the `except` block and the arguments are dropped first, so neither
    `__context__` nor the locals of a traceback show a person's data.
    """

    @functools.wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return function(*args, **kwargs)
        except GuardError as err:
            error = err
        except Exception as err:  # noqa: BLE001 (whatever it is, it becomes one of ours)
            error = _defect(err)
        del args, kwargs
        error.__traceback__ = error.__cause__ = error.__context__ = None
        raise error

    return call


def sealed_init(cls: C) -> C:
    """
    Seal the constructor of *cls*.

    A frame of a constructor holds every value that was given; trackers of errors show locals.
    """
    cls.__init__ = sealed(cls.__init__)  # type: ignore[misc]  # of the class, not of an instance
    return cls


def _defect(err: Exception) -> InternalError:
    frames = traceback.extract_tb(err.__traceback__)
    last = frames[-1]
    message = f"an unexpected {type(err).__name__} in {last.name}."
    return InternalError(
        "GP901",
        message,
        where=f"{Path(last.filename).name}:{last.lineno}",
        remedy="Please report this code and place; they hold no personal data.",
    )
