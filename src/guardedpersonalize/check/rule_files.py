"""Reading rule files strictly: every problem of every file at once, each at its line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ValidationError

from guardedpersonalize.check.matchers import (
    EchoMatch,
    EntityMatch,
    PhraseMatch,
    RequiredMatch,
    SlotMatch,
    TokensMatch,
    UnknownMatch,
)
from guardedpersonalize.check.rule import ANY_LANGUAGE, Example, Examples, Rule, Sender
from guardedpersonalize.check.wordlists import RULES_FOLDER, WordLists
from guardedpersonalize.errors import Problem
from guardedpersonalize.vocabulary import did_you_mean

__all__ = ["find_files", "read_lists", "read_rule"]

M = TypeVar("M", bound=BaseModel)

_LISTS: Final = re.compile(r"lists\.([a-z]{2,3})\.toml")
_PLACE: Final = re.compile(r" \(at line (\d+), column \d+\)| \(at end of document\)")
_MODELS: Final[tuple[type[BaseModel], ...]] = (
    Rule,
    Examples,
    Example,
    Sender,
    EchoMatch,
    EntityMatch,
    PhraseMatch,
    RequiredMatch,
    SlotMatch,
    TokensMatch,
    UnknownMatch,
)
_KEYS: Final = tuple(sorted({key for model in _MODELS for key in model.model_fields} - {"lang"}))


def find_files(
    langs: Sequence[str], extra: Sequence[Path] = ()
) -> tuple[dict[str, Path], list[tuple[Path, str]]]:
    """
    Return the word lists by language, and the rule files with theirs, in order of their names.

    A rule file of the catalogue lies in `<family>/<language>/`, the language `any` standing for
    all; one of *extra* may lie in a folder named after its language, and is for any otherwise.
    """
    lists = {
        found[1]: path
        for path in sorted(RULES_FOLDER.glob("lists.*.toml"))
        if (found := _LISTS.fullmatch(path.name)) and found[1] in langs
    }
    wanted = {ANY_LANGUAGE, *langs}
    files = [
        (path, path.parent.name)
        for path in sorted(RULES_FOLDER.glob("*/*/*.toml"))
        if path.parent.name in wanted
    ]
    for given in extra:
        for path in sorted(given.rglob("*.toml")) if given.is_dir() else [given]:
            lang = path.parent.name if path.parent.name in wanted else ANY_LANGUAGE
            files.append((path, lang))
    return lists, files


def read_lists(path: Path, problems: list[Problem]) -> WordLists | None:
    """Read a file of word lists; add what is wrong to *problems* and return None."""
    return _read(path, WordLists, {}, problems)


def read_rule(path: Path, lang: str, problems: list[Problem]) -> Rule | None:
    """
    Read a rule file; add what is wrong to *problems* and return None.

    Codes: GP101 the file, GP102 an unknown key, GP103 a missing one, GP104 a value, GP120 the
    file's name.
    """
    rule = _read(path, Rule, {"lang": lang}, problems)
    if rule is None:
        return None
    expected = f"{rule.id}-{rule.name}.toml"
    if path.name != expected:
        message = f"the file should be called {expected!r}, after its id and name."
        problems.append(Problem(_shown(path), 0, "GP120", message))
    return rule


def _read(path: Path, model: type[M], more: dict[str, Any], problems: list[Problem]) -> M | None:
    try:
        source = path.read_text(encoding="utf-8")
        data = tomllib.loads(source)
    except tomllib.TOMLDecodeError as err:
        found = _PLACE.search(str(err))
        line = int(found[1]) if found and found[1] else 0
        what = _PLACE.sub("", str(err))
        problems.append(Problem(_shown(path), line, "GP101", f"is not valid TOML: {what}."))
        return None
    except (OSError, UnicodeDecodeError) as err:
        reason = err.strerror if isinstance(err, OSError) else "it is not UTF-8"
        problems.append(Problem(_shown(path), 0, "GP101", f"cannot be read: {reason}."))
        return None
    try:
        return model.model_validate({**data, **more})
    except ValidationError as err:
        errors = err.errors(include_input=False, include_context=False, include_url=False)
    for error in errors:
        problems.append(_problem(path, source, error["loc"], error["type"], error["msg"]))
    return None


def _problem(path: Path, source: str, loc: Sequence[int | str], kind: str, what: str) -> Problem:
    """Turn an error of the model into a problem at its line."""
    keys = [str(key) for key in loc if str(key) not in _KINDS]
    name = ".".join(keys) or "the file"
    where = _shown(path), _line_of(source, keys)
    if kind == "extra_forbidden":
        remedy = did_you_mean(keys[-1], _KEYS)
        return Problem(*where, "GP102", f"the key {name!r} is not known here.", remedy)
    if kind == "missing":
        return Problem(*where, "GP103", f"the key {name!r} is missing.")
    return Problem(*where, "GP104", f"{name!r} does not fit: {what}.")


_KINDS: Final = frozenset(
    {"echo", "entity", "phrase", "required", "slot", "tokens", "unknown", "function-before"}
)
"""What pydantic puts into the place of an error for the branch of a union."""


def _line_of(source: str, keys: Iterable[str]) -> int:
    """Return the line of the innermost of *keys* that starts a line; 0 if none does."""
    found = 0
    for key in keys:
        pattern = rf"^\s*(?:\[+[\w.\s]*\b)?{re.escape(key)}\b\s*[\]=]"
        match = re.search(pattern, source, re.MULTILINE)
        if match is not None:
            found = source.count("\n", 0, match.end()) + 1
    return found


def _shown(path: Path) -> str:
    """Return *path* below the catalogue, or as it was given."""
    inside = path.is_relative_to(RULES_FOLDER)
    return path.relative_to(RULES_FOLDER.parent).as_posix() if inside else path.as_posix()
