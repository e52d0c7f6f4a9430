"""Work for other processes, which have to be able to import it."""

from __future__ import annotations

import os
import time
from pathlib import Path


def deadly(items):
    """Die at 70 and at 300."""
    for item in items:
        if item in {70, 300}:
            os._exit(3)
    return list(items)


def deadly_once(items):
    """Die at 70, unless it stands alone."""
    if 70 in items and len(items) > 1:
        os._exit(3)
    return list(items)


def slow(items):
    """Say what was begun, in a folder, and take a while."""
    Path(os.environ["BEGUN"], str(items[0])).write_text(str(len(items)))
    time.sleep(0.2)
    return list(items)


def wrong(items):
    """Fail as a program does."""
    raise ValueError(len(items))


def hopeless(items):
    """Die whatever it is."""
    os._exit(3)
