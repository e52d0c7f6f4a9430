"""Progress on stderr, and files that are whole or absent."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, TextIO

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from guardedpersonalize.errors import UsageError

__all__ = ["is_typed", "progress", "progress_bytes", "whole_file", "write_whole"]


def is_typed() -> bool:
    """Tell whether a person is there to answer questions."""
    return sys.stdin.isatty()


@contextmanager
def progress(total: int | None, label: str) -> Iterator[Callable[[int], None]]:
    """Show a bar on stderr while the block runs; the block calls what it gets with each advance."""
    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=total)
        yield lambda count: bar.advance(task, count)


def progress_bytes(file: BinaryIO, total: int, label: str) -> Iterator[bytes]:
    """Yield the lines of *file* under a bar that counts bytes."""
    with progress(total, label) as advance:
        for line in file:
            yield line
            advance(len(line))


@contextmanager
def whole_file(path: Path | None) -> Iterator[TextIO | None]:
    """
    Write to a file beside *path* and put it in place at the end; after an error there is none.

    A device or a pipe is written to as it is, a link leads to its file, and a file that is there
    keeps its mode. None gives None.

    Raises:
        UsageError: GP503, if the disk is full or the place cannot be written.
    """
    if path is None:
        yield None
        return
    name, is_special = path.name, path.exists() and not path.is_file()
    path = path if is_special else Path(os.path.realpath(path))
    partial = path if is_special else path.with_name(f".{path.name}.{os.getpid()}.partial")
    done = False
    reason: str | None = None
    try:
        with partial.open("w", encoding="utf-8", errors="surrogatepass", newline="\n") as file:
            if path.is_file():
                shutil.copymode(path, partial)
            yield file
        if not is_special:
            partial.replace(path)
        done = True
    except OSError as err:
        reason = err.strerror or type(err).__name__
    finally:
        if not done and not is_special:
            partial.unlink(missing_ok=True)
    if reason is not None:
        message = f"the output cannot be written: {reason}; no part of it was kept."
        raise UsageError("GP503", message, where=name)


def write_whole(path: Path, text: str) -> None:
    """
    Write *text* as `whole_file` does.

    Raises:
        UsageError: GP503, if the disk is full or the place cannot be written.
    """
    with whole_file(path) as file:
        assert file is not None  # noqa: S101  # there is a path
        file.write(text)
