"""Approved snapshots: what each template says to each persona of its pack, in a file to review."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from guardedpersonalize.check import RegionKind, read_part
from guardedpersonalize.engine import Engine, Result
from guardedpersonalize.errors import UsageError
from guardedpersonalize.render import Part, PartKind
from guardedpersonalize.testing.personas import worst_cases

__all__ = ["FOLDER", "SnapshotDiffers", "accept", "check_snapshot", "snapshot_of", "stale"]

FOLDER: Final = "snapshots"
_SHOWN: Final = frozenset({RegionKind.PREHEADER, RegionKind.VISIBLE, RegionKind.LINK})
_USUAL: Final = ("everything-allowed", "nothing-allowed")


class SnapshotDiffers(AssertionError):  # noqa: N818 - a change of words is no program error
    """A template says something else than what was approved. Its text is the difference."""


def snapshot_of(engine: Engine, template: str) -> str:
    """
    Return what *template* says to each persona, for people to read: HTML as its words and links.

    Personas who get the same are named together. A pack without personas gets two invented ones.

    Raises:
        UsageError: GP501, if there is no such template.
    """
    made = worst_cases(engine.pack, template=template)
    people = engine.pack.personas or {id_: made[id_] for id_ in _USUAL}
    same: dict[str, list[str]] = {}
    for persona in people.values():
        result = engine.render(template, persona.profile, persona.consent, at=persona.at)
        same.setdefault(_told(result), []).append(persona.id)
    sections = [f"=== {', '.join(ids)}\n{told}" for told, ids in same.items()]
    return "\n".join([f"{template}, as approved", *sections])


def _told(result: Result) -> str:
    decision = result.decision
    lines = [f"{decision.outcome} ({decision.rung.value})"]
    lines += [f"because {cause.code}: {cause.message}" for cause in decision.causes]
    if result.message and result.draft:
        for part in result.draft.parts:
            lines += ["", f"--- {part.name}", *_read(part)]
    return "\n".join(lines) + "\n"


def _read(part: Part) -> Iterator[str]:
    if part.kind is not PartKind.HTML:
        yield from part.text.splitlines()
        return
    for region in read_part(part).regions:
        mark = "link: " if region.kind is RegionKind.LINK else ""
        if region.kind in _SHOWN:
            yield from (f"{mark}{line}" for line in region.text.splitlines() if line.strip())


def check_snapshot(engine: Engine, root: Path, template: str) -> None:
    """
    Compare what *template* says with what was approved in the pack's folder *root*.

    Raises:
        SnapshotDiffers: where it says something else, or nothing was approved.
        UsageError: GP502, if the file is not UTF-8.
    """
    path = _path(root, template)
    if not path.exists():
        name = f"{FOLDER}/{path.name}"
        raise SnapshotDiffers(f"{name} is missing: nobody has approved what {template!r} says.")
    difference = _difference(path, snapshot_of(engine, template))
    if difference:
        raise SnapshotDiffers(f"{template!r} says something else than approved.\n{difference}")


def stale(engine: Engine, root: Path) -> list[Path]:
    """Return the snapshots in *root* of templates that are no more."""
    known = {_path(root, template) for template in engine.pack.templates}
    return [path for path in sorted((root / FOLDER).glob("*.txt")) if path not in known]


def accept(
    engine: Engine, root: Path, wants: Callable[[str], bool] = lambda _: True
) -> Iterator[tuple[str, str]]:
    """
    Write what each template says into the pack's folder *root*, and drop what is stale.

    Args:
        engine: The engine, with its pack.
        root: The pack's folder.
        wants: Tells by the name of a template whether it is meant.

    Yields:
        `(file, difference)` for each file that changes.
    """
    (root / FOLDER).mkdir(exist_ok=True)
    for path in (path for path in stale(engine, root) if wants(path.stem)):
        yield f"{FOLDER}/{path.name}", "the template is no more"
        path.unlink()
    for template in filter(wants, engine.pack.templates):
        path, now = _path(root, template), snapshot_of(engine, template)
        try:
            difference = _difference(path, now)
        except UsageError as err:
            difference = err.message
        if difference:
            path.write_text(now, encoding="utf-8", newline="\n")
            yield f"{FOLDER}/{path.name}", difference


def _path(root: Path, template: str) -> Path:
    return root / FOLDER / f"{template}.txt"


def _difference(path: Path, now: str) -> str:
    """Return the difference as a unified diff of lines; "" for none."""
    try:
        before = path.read_text(encoding="utf-8") if path.exists() else ""
    except UnicodeDecodeError:
        where, remedy = f"{FOLDER}/{path.name}", "Approve it again with `test --accept`."
        message = "the snapshot is not UTF-8."
        raise UsageError("GP502", message, where=where, remedy=remedy) from None
    lines = difflib.unified_diff(
        before.splitlines(), now.splitlines(), "approved", "now", lineterm="", n=2
    )
    return "\n".join(lines)
