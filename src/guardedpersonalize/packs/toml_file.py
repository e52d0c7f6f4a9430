"""TOML files read strictly: every problem of a file at once, each at its line."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from guardedpersonalize.errors import GuardError, Problem
from guardedpersonalize.vocabulary import did_you_mean

__all__ = ["TomlFile", "read_toml"]

M = TypeVar("M", bound=BaseModel)

_TABLE = re.compile(r"^\s*\[\[?\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?$")
_ONE = r"""(?:[\w-]+|"[^"]*"|'[^']*')"""
_KEY = re.compile(rf"^\s*({_ONE}(?:\s*\.\s*{_ONE})*)\s*=")
_NAME = re.compile(_ONE)
_PLACE = re.compile(r" \(at line (\d+), column \d+\)| \(at end of document\)")


class TomlFile:
    """
    A parsed TOML file that knows the line of each of its keys.

    Args:
        path: Path as it is shown in problems.
        source: The file's text.
        data: What it says.
    """

    def __init__(self, path: str, source: str, data: dict[str, object]) -> None:
        self.path = path
        self.source = source
        self.data = data
        self._lines = _key_lines(source)

    def line(self, *keys: str | int) -> int:
        """Return the line of the innermost of *keys* that has one; 1 where none has."""
        names = [str(key) for key in keys]
        for size in range(len(names), 0, -1):
            if line := self._lines.get(tuple(names[:size])):
                return line
        return 1

    def problem(self, code: str, message: str, *keys: str | int, remedy: str = "") -> Problem:
        """Return a problem at the line of *keys*."""
        return Problem(self.path, self.line(*keys), code, message, remedy)

    def problem_of(self, err: GuardError, *keys: str | int) -> Problem:
        """Return one of our errors as a problem at the line of *keys*."""
        return self.problem(err.code, err.message, *keys, remedy=err.remedy or "")

    def tables(self, problems: list[Problem], *keys: str) -> tuple[str, ...]:
        """Return the names of the tables below *keys*; add what is no table to *problems*."""
        top: object = self.data
        for key in keys:
            top = top.get(key) if isinstance(top, dict) else None
        if not isinstance(top, dict):
            name = ".".join(keys)
            problems.append(self.problem("GP103", f"the table [{name}] is missing."))
            return ()
        for other in self.data if keys else ():
            if other not in keys:
                message = f"the key {other!r} is not known here."
                remedy = did_you_mean(other, keys) or f"Known: {keys[0]}."
                problems.append(self.problem("GP102", message, other, remedy=remedy))
        return tuple(name for name in top)

    def read(self, model: type[M], problems: list[Problem], *keys: str | int) -> M | None:
        """
        Read the table at *keys* as *model*; add what is wrong to *problems* and return None.

        No value of the file is quoted: it may be a persona's.
        """
        table: object = self.data
        for key in keys:
            table = table[key] if isinstance(table, (dict, list)) else None  # type: ignore[index]
        try:
            return model.model_validate(table)
        except ValidationError as err:
            errors = err.errors(include_input=False, include_context=False, include_url=False)
        for error in errors:
            problems.append(self._problem_of_model(model, [*keys, *error["loc"]], error["type"]))
        return None

    def _problem_of_model(self, model: type[BaseModel], loc: list[str | int], kind: str) -> Problem:
        name = ".".join(map(str, loc)) or "the file"
        if kind == "extra_forbidden":
            remedy = did_you_mean(str(loc[-1]), _keys_of(model)) or f"Known: {_listed(model)}."
            message = f"the key {name!r} is not known here."
            return self.problem("GP102", message, *loc, remedy=remedy)
        if kind == "missing":
            return self.problem("GP103", f"the key {name!r} is missing.", *loc)
        expected = kind.replace("_", " ")
        return self.problem("GP104", f"{name!r} has a value that does not fit ({expected}).", *loc)


def _keys_of(model: type[BaseModel]) -> list[str]:
    """List every key that *model* or a model inside it knows."""
    keys = list(model.model_fields)
    for info in model.model_fields.values():
        keys += [key for inner in _models_in(info.annotation) for key in _keys_of(inner)]
    return keys


def _models_in(annotation: object) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [m for part in getattr(annotation, "__args__", ()) for m in _models_in(part)]


def _listed(model: type[BaseModel]) -> str:
    return ", ".join(sorted(model.model_fields))


def read_toml(path: Path, shown: str, problems: list[Problem]) -> TomlFile | None:
    """Read *path*, shown as *shown*; add what is wrong to *problems* and return None."""
    try:
        source = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as err:
        reason = err.strerror if isinstance(err, OSError) else "it is not UTF-8"
        problems.append(Problem(shown, 0, "GP101", f"cannot be read: {reason}."))
        return None
    try:
        data = tomllib.loads(source)
    except tomllib.TOMLDecodeError as err:
        text = str(err)
    else:
        return TomlFile(shown, source, data)
    found = _PLACE.search(text)
    line = int(found[1]) if found and found[1] else source.count("\n") + 1
    # The parser quotes single characters and keys of the file, which may be a persona's.
    what = re.sub(r"'[^']*'|\"[^\"]*\"", "…", _PLACE.sub("", text))
    message = f"is not valid TOML: {what}."
    problems.append(Problem(shown, line, "GP101", message, "Mend the syntax of this line."))
    return None


def _key_lines(source: str) -> dict[tuple[str, ...], int]:
    """Map the path of each table and key to its line; tables of an array count from 0."""
    lines: dict[tuple[str, ...], int] = {}
    counts: dict[tuple[str, ...], int] = {}
    table: tuple[str, ...] = ()
    for number, text in enumerate(source.splitlines(), 1):
        if found := _TABLE.match(text):
            table = _names(found[1])
            if text.lstrip().startswith("[["):
                index = counts[table] = counts.get(table, -1) + 1
                table = (*table, str(index))
            lines.setdefault(table, number)
        elif found := _KEY.match(text):
            lines.setdefault((*table, *_names(found[1])), number)
    return lines


def _names(dotted: str) -> tuple[str, ...]:
    return tuple(name.strip("\"'") for name in _NAME.findall(dotted))
